import { createEffect, createSignal, lazy, Show } from 'solid-js'
import { Popover } from '../components/popover.tsx'
import { ChartIcon } from './chart-icons.tsx'
import type { ChartMenuProps } from './chart-menu-items.tsx'

const ChartMenuItems = lazy(async () => ({
  default: (await import('./chart-menu-items.tsx')).ChartMenuItems,
}))

const FigureDialog = lazy(async () => ({
  default: (await import('./figure/figure-dialog.tsx')).FigureDialog,
}))

/** "More": what can be set or taken from this one chart. */
export function ChartMenu(props: ChartMenuProps) {
  // comes with the first picture, and is there when whoever served the page has gone
  createEffect(() => props.model.drawn() && void ChartMenuItems.preload())
  const [figure, setFigure] = createSignal(false)
  return (
    <>
      <Popover label="More" title="More" class="chart-tool" role="menu" button={<ChartIcon name="more" />}>
        <ChartMenuItems {...props} onFigure={() => setFigure(true)} />
      </Popover>
      <Show when={figure()}>
        <FigureDialog
          view={props.model.view}
          metric={props.model.metric()}
          onClose={() => setFigure(false)}
        />
      </Show>
    </>
  )
}

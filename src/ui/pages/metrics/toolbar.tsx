import { lazy, Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import { Popover } from '../../components/popover.tsx'
import { createWidth } from '../../components/width.ts'
import {
  ColumnsControl,
  MetricSearch,
  RangeControl,
  ResetZoom,
  SmoothingControl,
  XControl,
  YScaleControl,
} from './controls.tsx'

const ToolbarMore = lazy(async () => ({ default: (await import('./toolbar-more.tsx')).ToolbarMore }))

/** Bar widths below which a control moves into "More"; Search, Smoothing and X always stay. */
const FITS = { columns: 940, range: 760, y: 590, x: 470 }
const TIGHT = 1120

/** Controls of the Metrics page, in one row. */
export function Toolbar(props: { onFold(fold: boolean): void }) {
  const { view, location } = useApp()
  const zoom = location.field('zoom')
  const [width, takeBar] = createWidth(2000)
  let bar: HTMLElement | undefined
  return (
    <div
      class="toolbar"
      classList={{ tight: width() < TIGHT }}
      role="toolbar"
      aria-label="Metrics"
      ref={(element) => {
        bar = element
        takeBar(element)
      }}
    >
      <MetricSearch />
      <SmoothingControl />
      <Show when={width() >= FITS.x}>
        <XControl />
      </Show>
      <Show when={width() >= FITS.y}>
        <YScaleControl />
      </Show>
      <Show when={width() >= FITS.range}>
        <RangeControl />
      </Show>
      <Show when={width() >= FITS.columns}>
        <ColumnsControl />
      </Show>
      <span class="gap" />
      <Show when={zoom()}>
        <Show
          when={width() >= TIGHT + 100}
          fallback={
            <button
              type="button"
              class="icon-button"
              aria-label="Reset zoom"
              title="Reset zoom (0)"
              onClick={() => view.setZoom(undefined)}
            >
              <Icon name="reset" />
            </button>
          }
        >
          <ResetZoom />
        </Show>
      </Show>
      <Popover label="More controls" class="icon-button" title="More" button={<Icon name="more" />}>
        <ToolbarMore width={width()} fits={FITS} bar={() => bar} onFold={props.onFold} />
      </Popover>
    </div>
  )
}

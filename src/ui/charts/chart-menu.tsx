import { createEffect, lazy } from 'solid-js'
import { Popover } from '../components/popover.tsx'
import { ChartIcon } from './chart-icons.tsx'
import type { ChartModel } from './chart-model.ts'

const ChartMenuItems = lazy(async () => ({ default: (await import('./chart-menu-items.tsx')).ChartMenuItems }))

export interface ChartMenuProps {
  model: ChartModel
  onLimits(): void
  onError(message: string): void
}

/** "More": what can be set or taken from this one chart. */
export function ChartMenu(props: ChartMenuProps) {
  // comes with the first picture, and is there when whoever served the page has gone
  createEffect(() => props.model.drawn() && void ChartMenuItems.preload())
  return (
    <Popover label="More" title="More" class="chart-tool" role="menu" button={<ChartIcon name="more" />}>
      <ChartMenuItems {...props} />
    </Popover>
  )
}

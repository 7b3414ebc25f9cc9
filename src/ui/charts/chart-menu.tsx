import { lazy } from 'solid-js'
import { Popover } from '../components/popover.tsx'
import { ChartIcon } from './chart-icons.tsx'
import type { ChartModel } from './chart-model.ts'

// opened seldom
const ChartMenuItems = lazy(async () => ({ default: (await import('./chart-menu-items.tsx')).ChartMenuItems }))

export interface ChartMenuProps {
  model: ChartModel
  onLimits(): void
  onError(message: string): void
}

/** "More": what can be set or taken from this one chart. */
export function ChartMenu(props: ChartMenuProps) {
  return (
    <Popover label="More" title="More" class="chart-tool" role="menu" button={<ChartIcon name="more" />}>
      <ChartMenuItems {...props} />
    </Popover>
  )
}

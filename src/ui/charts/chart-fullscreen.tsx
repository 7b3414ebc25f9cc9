import { lazy, Show, Suspense } from 'solid-js'
import type { ChartView } from '../../state/chart-view.ts'

export interface ChartFullscreenProps {
  view: ChartView
  /** In page order: the arrows walk them. */
  metrics: string[]
  /** The card that the full screen came from is not in the page any more: brings it there, with the focus. */
  onLost(metric: string): void
}

// Not part of what the first chart needs.
const ChartDialog = lazy(async () => ({ default: (await import('./chart-dialog.tsx')).ChartDialog }))

/** The dialog with one chart alone; nothing while no metric is chosen. */
export function ChartFullscreen(props: ChartFullscreenProps) {
  return (
    <Show when={props.view.fullscreen() !== undefined}>
      <Suspense>
        <ChartDialog view={props.view} metrics={props.metrics} onLost={props.onLost} />
      </Suspense>
    </Show>
  )
}

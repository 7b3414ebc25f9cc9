import { lazy, Show, Suspense } from 'solid-js'
import type { ChartFullscreenProps } from './chart-dialog.tsx'

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

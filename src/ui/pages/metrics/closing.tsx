import '../../styles/closing.css'
import { Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { useApp } from '../../../state/app.ts'
import { Besides } from '../../common/besides.tsx'

/** Below the last chart: what is not among them. */
export function SheetClosing() {
  const { metrics, sideCounts } = useApp()
  return (
    <div class="closing">
      <Show when={metrics.empty() > 0}>
        <p>
          {`${formatPlural(metrics.empty(), 'metric')} ${metrics.empty() === 1 ? 'has' : 'have'} no points in the shown runs. `}
          <button type="button" class="link-button" onClick={() => metrics.setShowEmpty(true)}>
            Show
          </button>
        </p>
      </Show>
      <Show when={metrics.showEmpty()}>
        <p>
          <button type="button" class="link-button" onClick={() => metrics.setShowEmpty(false)}>
            Hide metrics without points in the shown runs
          </button>
        </p>
      </Show>
      <Show when={metrics.others() > 0 || sideCounts().length > 0}>
        <p>
          <Besides />
        </p>
      </Show>
    </div>
  )
}

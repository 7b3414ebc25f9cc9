import { createEffect, createSignal, Show } from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import type { ChartModel } from './chart-model.ts'

/** No shown run has a point. */
export function Empty(props: { model: ChartModel }) {
  const { view, metric } = props.model
  const hidden = () => view.hiddenWith(metric())
  return (
    <div class="chart-state">
      <b>No visible run logged this metric</b>
      <Show when={hidden() > 0}>
        <span>{hidden() === 1 ? '1 hidden run did.' : `${formatCount(hidden())} hidden runs did.`}</span>
        <span class="chart-acts">
          <button type="button" class="chart-link" onClick={() => view.showHidden(metric())}>
            {hidden() === 1 ? 'Show that one' : `Show those ${formatCount(hidden())}`}
          </button>
        </span>
      </Show>
    </div>
  )
}

/** The metric could not be read. */
export function Failure(props: { model: ChartModel; error: Error }) {
  const [copied, setCopied] = createSignal('Copy details')
  createEffect(() => {
    void props.error
    setCopied('Copy details')
  })
  async function copy(): Promise<void> {
    const { metric, view } = props.model
    try {
      await navigator.clipboard.writeText(
        `${view.project()}\n${metric()}\n${props.error.name}: ${props.error.message}\n${props.error.stack ?? ''}`,
      )
      setCopied('Copied')
    } catch (error) {
      setCopied(`Not copied: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return (
    <div class="chart-state" role="alert">
      <b class="chart-error">Could not read this metric</b>
      <code class="chart-error-cause">{props.error.message}</code>
      <span>Other metrics are not affected.</span>
      <span class="chart-acts">
        <button type="button" class="chart-link" onClick={() => props.model.retry()}>
          Retry
        </button>
        <button type="button" class="chart-link" onClick={() => void copy()}>
          {copied()}
        </button>
      </span>
    </div>
  )
}

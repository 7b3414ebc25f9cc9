import { createEffect, createSignal, lazy, Match, onCleanup, Show, Suspense, Switch } from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import type { ChartModel } from './chart-model.ts'
import { ChartPlot } from './chart-plot.tsx'

const ChartOutside = lazy(async () => ({ default: (await import('./chart-outside.tsx')).ChartOutside }))
const ChartTable = lazy(async () => ({ default: (await import('./chart-table.tsx')).ChartTable }))

export interface ChartBodyProps {
  model: ChartModel
  table: boolean
  width: number
  height: number
  ratio: number
  active: boolean
  onFullscreen?(): void
  onTable(on: boolean): void
}

/** Below the caption: the picture, the table, or why there is none. */
export function ChartBody(props: ChartBodyProps) {
  const { model } = props
  const failure = () => {
    const status = model.status()
    return status.kind === 'failed' ? status.error : undefined
  }
  return (
    <>
      <Show when={model.state() === 'loading'}>
        <Progress text={model.view.readingText()} />
      </Show>
      <Switch
        fallback={
          <>
            <ChartPlot
              model={model}
              width={props.width}
              height={props.height}
              ratio={props.ratio}
              active={props.active}
              onFullscreen={props.onFullscreen}
              onTable={() => props.onTable(true)}
            />
            {/* over the picture, which goes on taking wheel and keys: whoever zoomed too far zooms back */}
            <Show when={model.outside()}>{(scene) => <ChartOutside scene={scene()} onFull={() => model.view.setZoom(undefined)} />}</Show>
          </>
        }
      >
        <Match when={props.table && model.state() !== 'error'}>
          <Suspense>
            <ChartTable model={model} onClose={() => props.onTable(false)} />
          </Suspense>
        </Match>
        <Match when={model.state() === 'empty' && !model.outside()}>
          <Empty model={model} />
        </Match>
        <Match when={failure()}>{(error) => <Failure model={model} error={error()} />}</Match>
      </Switch>
    </>
  )
}

/** A 2 px bar, after 150 ms: quick answers show none. */
function Progress(props: { text: string }) {
  const [late, setLate] = createSignal(false)
  const timer = setTimeout(() => setLate(true), 150)
  onCleanup(() => clearTimeout(timer))
  const share = () => {
    const found = /([\d.,]+) of ([\d.,]+)/.exec(props.text)
    const done = Number(found?.[1]?.replaceAll(',', '')) / Number(found?.[2]?.replaceAll(',', ''))
    return Number.isFinite(done) ? Math.max(0, Math.min(1, done)) : undefined
  }
  return (
    <div
      class="chart-progress"
      classList={{ 'chart-progress-late': late() }}
      role="progressbar"
      aria-label="Reading"
      aria-valuetext={props.text || 'reading'}
      aria-valuemin="0"
      aria-valuemax="1"
      aria-valuenow={share()}
    >
      <i style={{ width: `${(share() ?? 0.3) * 100}%` }} />
    </div>
  )
}

function Empty(props: { model: ChartModel }) {
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

function Failure(props: { model: ChartModel; error: Error }) {
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

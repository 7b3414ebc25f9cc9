import { createSignal, lazy, Match, onCleanup, Show, Suspense, Switch } from 'solid-js'
import type { ChartModel } from './chart-model.ts'
import { ChartPlot } from './chart-plot.tsx'

const ChartOutside = lazy(async () => ({ default: (await import('./chart-outside.tsx')).ChartOutside }))
// each comes with the first chart and is not in its way
const Empty = lazy(async () => ({ default: (await import('./chart-states.tsx')).Empty }))
const Failure = lazy(async () => ({ default: (await import('./chart-states.tsx')).Failure }))
const GroupTable = lazy(async () => ({ default: (await import('./group-table.tsx')).GroupTable }))
const ChartTable = lazy(async () => ({ default: (await import('./chart-table.tsx')).ChartTable }))

export interface ChartBodyProps {
  model: ChartModel
  table: boolean
  width: number
  height: number
  ratio: number
  active: boolean
  onFullscreen?: (() => void) | undefined
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
            <Show when={model.outside()}>
              {(scene) => <ChartOutside scene={scene()} onFull={() => model.view.setZoom(undefined)} />}
            </Show>
          </>
        }
      >
        <Match when={props.table && model.state() !== 'error'}>
          <Suspense>
            <Show
              when={model.scene()?.query.groups}
              fallback={<ChartTable model={model} onClose={() => props.onTable(false)} />}
            >
              <GroupTable model={model} onClose={() => props.onTable(false)} />
            </Show>
          </Suspense>
        </Match>
        <Match when={model.state() === 'empty' && !model.outside()}>
          <Suspense>
            <Empty model={model} />
          </Suspense>
        </Match>
        <Match when={failure()}>
          {(error) => (
            <Suspense>
              <Failure model={model} error={error()} />
            </Suspense>
          )}
        </Match>
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

import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import type { Catalogue } from '../../../model/catalogue.ts'
import { noticeOf } from '../../../model/errors.ts'
import { type Notice, tracesOf } from '../../../model/source.ts'
import { useApp } from '../../../state/app.ts'
import { createLatest } from '../../../state/base/latest.ts'
import type { ChartView } from '../../../state/view/chart-context.ts'
import { ChartCard } from '../../charts/chart-card.tsx'
import { ChartFullscreen } from '../../charts/chart-fullscreen.tsx'
import { createWidth } from '../../components/width.ts'
import type { TracesModel } from './model.ts'
import { Failed, Reading } from './states.tsx'

const HEIGHT = 236
/** A chart is no narrower, where there is room for several. */
const NARROWEST = 320

/** Numbers of the traces by step as charts like those of the metrics; a step that is pinned lists its traces. */
export function Charts(props: { model: TracesModel }) {
  const { model } = props
  const { ask, view, downloads, runs } = useApp()
  const [catalogue, setCatalogue] = createSignal<Catalogue>()
  const [failure, setFailure] = createSignal<Notice>()
  const [version, setVersion] = createSignal(0)
  const [width, takeSheet] = createWidth()
  let sheet: HTMLElement | undefined
  const latest = createLatest<Catalogue>({
    ask: (project, signal) => ask('traceSeries', { project }, { signal }),
    answered(found) {
      setFailure(undefined)
      setCatalogue(found)
      setVersion((now) => now + 1)
    },
    failed: (error, project) => setFailure(noticeOf(error, project)),
  })
  createEffect(
    on([model.project, model.list], ([project, list]) => {
      // numbers of a step of which some traces are yet to come would be others
      if (project !== undefined && list && !list.first) latest.ask(project)
    }),
  )
  const project = () => tracesOf(model.project() ?? '')
  const lines = createMemo(() => view.runs())
  const x = () => {
    const wanted = view.x()
    return wanted.kind === 'metric' ? ({ kind: 'step' } as const) : wanted
  }
  const own: ChartView = {
    ...view,
    project,
    runs: lines,
    lines,
    isSeveral: () => false,
    editSeveral: undefined,
    groups: () => undefined,
    envelope: () => false,
    hotLine: () => undefined,
    x,
    xScale: () => 'linear',
    zoom: () => (view.x().kind === 'metric' ? undefined : view.zoom()),
    hiddenWith: () => 0,
    alerts: () => [],
    under: () => undefined,
    dataVersion: version,
    integer: (metric) => catalogue()?.metrics.find(({ name }) => name === metric)?.integer ?? false,
    unit: (metric) => (/latency_p\d+$/.test(metric) ? 's' : /cost_mean$/.test(metric) ? '$' : ''),
    setCursor(cursor) {
      view.setCursor(cursor)
      // the list beside the charts then has the traces of that step
      if (cursor?.pinned && x().kind === 'step') {
        const step = nearest(model.list()?.step ?? new Float64Array(0), cursor.x)
        if (step !== undefined) model.set({ step: String(step) })
      }
    },
    table: (metric, from, count, how) =>
      view.tableOf({ project: project(), metric, runs: lines().map(({ key }) => key), from, count }, how),
    downloadCsv: (metric) =>
      downloads.csv(
        project(),
        view.projectName(),
        metric,
        lines().map(({ key }) => key),
      ),
  }
  const metrics = createMemo(() => {
    const rank = (name: string): number => {
      const at = FIRST.indexOf(name.replace('traces/', ''))
      return at < 0 ? FIRST.length : at
    }
    return (catalogue()?.metrics ?? [])
      .map(({ name }) => name)
      .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  })
  const columns = () => Math.max(1, Math.min(3, Math.floor(width() / NARROWEST)))
  return (
    <section
      class="trace-charts"
      aria-label="Numbers of the traces"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reached by keys
      tabIndex={0}
      ref={(element) => {
        sheet = element
        takeSheet(element)
      }}
    >
      <p class="charts-note">
        {`By run and step; "mean" is that of the traces of a step. A click on a step lists its traces. ${
          runs.shownCount() < runs.all().length
            ? `${formatCount(runs.shownCount())} of ${formatCount(runs.all().length)} runs are shown.`
            : ''
        }`}
        <Show when={(model.list()?.moreScores ?? 0) > 0}>
          {` ${formatCount(model.list()?.moreScores ?? 0)} further numbers of their metadata stand in the traces alone.`}
        </Show>
      </p>
      <Show when={failure()}>
        {(notice) => (
          <Failed
            what="numbers of the traces"
            cause={`${notice().subject}: ${notice().text}`}
            onRetry={() => latest.ask(model.project() ?? '')}
          />
        )}
      </Show>
      <Show when={catalogue()} fallback={<Reading count={model.list()?.run.length ?? 0} />}>
        <div class="chart-grid" style={{ '--n': columns() }}>
          <Show when={width() > 0}>
            <For each={metrics()}>
              {(metric) => (
                <div style={{ height: `${HEIGHT}px` }}>
                  <ChartCard
                    metric={metric}
                    title={metric}
                    view={own}
                    width={Math.floor(width() / columns())}
                    height={HEIGHT}
                    sectionHidden
                    legend={false}
                  />
                </div>
              )}
            </For>
          </Show>
        </div>
      </Show>
      <Show when={view.fullscreen() !== undefined && metrics().includes(view.fullscreen() ?? '')}>
        <ChartFullscreen view={own} metrics={metrics()} onLost={() => sheet?.focus()} />
      </Show>
    </section>
  )
}

function nearest(steps: Float64Array, to: number): number | undefined {
  let found: number | undefined
  for (const step of steps)
    if (found === undefined || Math.abs(step - to) < Math.abs(found - to))
      found = Number.isNaN(step) ? found : step
  return found
}

/** Those that nearly everybody asks for, in their order. */
const FIRST = [
  ...['tool_error_share', 'latency_p50', 'latency_p95', 'tokens_mean', 'turns_mean', 'cost_mean'],
  ...['error_share', 'count'],
]

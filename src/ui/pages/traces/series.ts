import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { Catalogue } from '../../../model/catalogue.ts'
import { noticeOf } from '../../../model/errors.ts'
import { type Notice, type ProjectId, tracesOf } from '../../../model/source.ts'
import type { TraceRows } from '../../../model/trace.ts'
import { useApp } from '../../../state/app.ts'
import { createLatest } from '../../../state/base/latest.ts'
import type { ChartView } from '../../../state/view/chart-context.ts'
import { derivedView } from '../../../state/view/derived-view.ts'
import { type TracePoint, tracePoint } from './trace-point.ts'

export interface TraceSeriesOptions {
  project: Accessor<ProjectId | undefined>
  list: Accessor<TraceRows | undefined>
  /** A point was pressed. True: it leads elsewhere, and no crosshair stays where it was. */
  open(point: TracePoint): boolean
  /** What the page has in place of its view. */
  own?: Partial<ChartView>
}

export interface TraceSeries {
  /** Undefined until they are there. */
  metrics: Accessor<readonly string[] | undefined>
  view: ChartView
  failure: Accessor<Notice | undefined>
  /** A press opens traces: on an axis of steps, which they are told by. */
  opens: Accessor<boolean>
  retry(): void
}

/** Numbers of the traces by step, as the metrics of charts like all others; what was read of them decides. */
export function createTraceSeries(options: TraceSeriesOptions): TraceSeries {
  const { project, list } = options
  const { ask, view, downloads } = useApp()
  const [catalogue, setCatalogue] = createSignal<Catalogue>()
  const [failure, setFailure] = createSignal<Notice>()
  const [version, setVersion] = createSignal(0)
  const latest = createLatest<Catalogue>({
    ask: (id, signal) => ask('traceSeries', { project: id }, { signal }),
    answered(found) {
      setFailure(undefined)
      setCatalogue(found)
      setVersion((now) => now + 1)
    },
    failed: (error, id) => setFailure(noticeOf(error, id)),
  })
  createEffect(
    on(
      project,
      () => {
        latest.abort()
        setCatalogue(undefined)
        setFailure(undefined)
      },
      { defer: true },
    ),
  )
  createEffect(
    on([project, list], ([id, rows]) => {
      // numbers of a step of which some traces are yet to come would be others
      if (id !== undefined && rows && !rows.first) latest.ask(id)
    }),
  )
  const own = () => tracesOf(project() ?? '')
  const lines = createMemo(() => view.runs())
  const keys = () => lines().map(({ key }) => key)
  const x = () => {
    const wanted = view.x()
    return wanted.kind === 'metric' ? ({ kind: 'step' } as const) : wanted
  }
  const opens = () => x().kind === 'step'
  const metrics = createMemo(() =>
    catalogue()
      ?.metrics.map(({ name }) => name)
      .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)),
  )
  const charts: ChartView = {
    ...derivedView(view),
    project: own,
    runs: lines,
    lines,
    x,
    zoom: () => (view.x().kind === 'metric' ? undefined : view.zoom()),
    hiddenWith: () => 0,
    dataVersion: version,
    integer: (metric) => catalogue()?.metrics.find(({ name }) => name === metric)?.integer ?? false,
    unit: (metric) => (/latency_p\d+$/.test(metric) ? 's' : /cost_mean$/.test(metric) ? '$' : ''),
    // they are no metrics of the project, which alone are pinned
    isPinned: () => false,
    setPinned: () => {},
    setCursor(cursor) {
      const rows = list()
      const point =
        cursor?.pinned && opens() && rows ? tracePoint(rows, cursor.x, view.highlight()) : undefined
      view.setCursor(point && options.open(point) ? undefined : cursor)
    },
    table: (metric, from, count, how) =>
      view.tableOf({ project: own(), metric, runs: keys(), from, count }, how),
    downloadCsv: (metric) => downloads.csv(own(), view.projectName(), metric, keys()),
    ...options.own,
  }
  return {
    metrics,
    view: charts,
    failure,
    opens,
    retry: () => latest.ask(project() ?? ''),
  }
}

/** Those that nearly everybody asks for, in their order. */
const FIRST = [
  ...['tool_error_share', 'latency_p50', 'latency_p95', 'tokens_mean', 'turns_mean', 'cost_mean'],
  ...['error_share', 'count'],
]

function rank(metric: string): number {
  const at = FIRST.indexOf(metric.replace('traces/', ''))
  return at < 0 ? FIRST.length : at
}

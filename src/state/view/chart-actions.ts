import { type Accessor, createMemo, createSignal, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { formatBytesOf } from '../../compute/format.ts'
import { formatCount } from '../../compute/number.ts'
import type { Query } from '../../model/questions.ts'
import type { Fidelity, Frame, RangeMode, Scale, TablePage, XAxis, Zoom } from '../../model/view.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Preferences } from '../address/preferences.ts'
import type { Arrangement } from '../data/arrangement.ts'
import type { ProjectData } from '../data/catalogue.ts'
import type { Downloads } from '../data/downloads.ts'
import type { Settled } from '../data/readiness.ts'
import type { Runs, StyledRun } from '../runs/runs.ts'
import type { AlertMark, ChartView, UnderChart } from './chart-context.ts'
import type { Metrics } from './metric-list.ts'

/** Steps that `[` can go back. */
const HISTORY = 60

/** What the page does with the charts' view, beside what the charts do with it. */
export interface View extends ChartView {
  runs(): StyledRun[]
  /** Rows of any project as a table, as `table` gives those of the page's own. */
  tableOf(
    query: Omit<Query<'table'>, 'part'>,
    how: { part: boolean; signal: AbortSignal },
  ): Promise<TablePage>
  zoomBack(): void
  zoomForward(): void
  /** How faithful the charts in sight are, by their own names. */
  fidelity(): ReadonlyMap<string, Fidelity>
}

export interface ViewOptions {
  engine: EngineApi
  location: ViewLocation
  preferences: Preferences
  data: ProjectData
  project: Accessor<string | undefined>
  projectName: Accessor<string | undefined>
  runs: Runs
  metrics: Metrics
  arrangement: Arrangement
  settled: Settled
  theme: Accessor<'light' | 'dark'>
  downloads: Downloads
  alerts: Accessor<readonly AlertMark[]>
  under: Accessor<UnderChart | undefined>
  /** Takes the reading of what is on screen up again. */
  readOn(): Promise<void>
}

/** Joins the view's state with the engine, in the words of a chart. */
export function createView(options: ViewOptions): View {
  const { engine, location, data, runs, metrics, settled } = options
  const smoothing = location.field('smoothing')
  const asked = location.field('x')
  const xScale = location.field('xScale')
  const yScale = location.field('yScale')
  const pageRange = location.field('range')
  const zoom = location.field('zoom')
  const raw = location.field('raw')
  const fullscreen = location.field('fullscreen')
  const range = createMemo((): RangeMode => ({ kind: pageRange() }))
  const [yScales, setYScales] = createSignal<ReadonlyMap<string, Scale>>(new Map())
  const [ranges, setRanges] = createSignal<ReadonlyMap<string, RangeMode>>(new Map())
  const [highlight, setHighlight] = createSignal<string>()
  const [cursor, setCursor] = createSignal<ReturnType<ChartView['cursor']>>()
  const [fidelity, setFidelity] = createSignal<ReadonlyMap<string, Fidelity>>(new Map())
  const projectName = () => options.projectName() ?? ''
  const back: (Zoom | undefined)[] = []
  const forward: (Zoom | undefined)[] = []

  // a metric that the project does not have cannot be an axis; said in the page's notices
  const x = createMemo((): XAxis => {
    const axis = asked()
    return axis.kind === 'metric' && data.exact() && !metrics.info(axis.name) ? { kind: 'step' } : axis
  })
  const readingText = createMemo(() => {
    const reading = data.reading()
    if (reading?.state !== 'reading') return ''
    return reading.totalBytes > 0
      ? `reading ${formatBytesOf(reading.bytes, reading.totalBytes)}`
      : `reading ${formatCount(reading.rows)} rows`
  })

  const tableOf: View['tableOf'] = (query, { part, signal }) =>
    engine.ask('table', { ...query, part }, { signal })

  return {
    project: () => options.project() ?? '',
    projectName,
    runs: runs.shown,
    smoothing,
    x,
    xScale,
    yScale: (metric) => yScales().get(metric) ?? yScale(),
    setYScale(metric, scale) {
      setYScales(changed(yScales(), metric, scale))
      settled.poke()
    },
    range: (metric) => ranges().get(metric) ?? range(),
    setRange(metric, mode) {
      setRanges(changed(ranges(), metric, mode))
      settled.poke()
    },
    zoom,
    setZoom(next, replace = false) {
      if (!replace) back.push(zoom())
      if (back.length > HISTORY) back.shift()
      forward.length = 0
      location.patch({ zoom: next })
    },
    zoomBack() {
      if (back.length === 0) return
      forward.push(zoom())
      location.patch({ zoom: back.pop() })
    },
    zoomForward() {
      if (forward.length === 0) return
      back.push(zoom())
      location.patch({ zoom: forward.pop() })
    },
    highlight,
    setHighlight,
    cursor,
    setCursor,
    hiddenWith: (metric) => metrics.hiddenWith(metric).length,
    showHidden: (metric) => runs.set(metrics.hiddenWith(metric), true),
    showRaw: raw,
    under: options.under,
    alerts: options.alerts,
    alertMarks: () => options.preferences.value().alertMarks,
    setAlertMarks: (alertMarks) => options.preferences.set({ alertMarks }),
    theme: options.theme,
    dataVersion: data.version,
    exact: data.exact,
    readingText,
    integer: (metric) => metrics.info(metric)?.integer ?? false,
    timeZone: () => options.preferences.value().timeZone,
    frame: (query, signal, version) =>
      version === undefined
        ? engine.ask('frame', query, { signal })
        : engine.ask('newFrame', { frame: query, version }, { signal }),
    probe: (query, signal) => engine.ask('probe', query, { signal }),
    table: (metric, from, count, how) =>
      tableOf(
        {
          project: options.project() ?? '',
          metric,
          runs: runs.shown().map(({ key }) => key),
          from,
          count,
        },
        how,
      ),
    tableOf,
    readOn: options.readOn,
    downloadCsv: (metric) =>
      options.downloads.csv(
        options.project() ?? '',
        options.projectName() ?? '',
        metric,
        runs.shown().map(({ key }) => key),
      ),
    setBusy: (chart, busy) => settled.setBusy(`chart:${chart}`, busy),
    setShown(chart, frame) {
      const now = untrack(fidelity)
      if (frame) {
        const next = fidelityOf(frame)
        if (!sameFidelity(now.get(chart), next)) setFidelity(changed(now, chart, next))
      } else if (now.has(chart)) setFidelity(changed(now, chart, undefined))
    },
    isPinned: options.arrangement.isPinned,
    setPinned: options.arrangement.setPinned,
    fullscreen,
    setFullscreen: (metric) => location.patch({ fullscreen: metric }),
    fidelity,
  }
}

function changed<T>(map: ReadonlyMap<string, T>, key: string, value: T | undefined): ReadonlyMap<string, T> {
  const next = new Map(map)
  if (value === undefined) next.delete(key)
  else next.set(key, value)
  return next
}

/** Points without a place on the axis are drawn as marks. */
function fidelityOf({ fidelity: { rows, drawn, kind }, nonFinite, nonPositive }: Frame): Fidelity {
  return { rows, drawn: Math.min(rows, drawn + nonFinite + nonPositive), kind }
}

function sameFidelity(a: Fidelity | undefined, b: Fidelity): boolean {
  return a?.rows === b.rows && a.drawn === b.drawn && a.kind === b.kind
}

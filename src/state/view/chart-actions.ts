import { type Accessor, createEffect, createMemo, createSignal, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { formatBytesOf } from '../../compute/format.ts'
import { formatCount } from '../../compute/number.ts'
import { runOf } from '../../model/line-key.ts'
import type { Query } from '../../model/questions.ts'
import type { Notice } from '../../model/source.ts'
import type { Fidelity, Frame, RangeMode, TablePage, XAxis } from '../../model/view.ts'
import type { OwnAxis } from '../address/link.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Preferences } from '../address/preferences.ts'
import { together } from '../base/together.ts'
import type { Arrangement } from '../data/arrangement.ts'
import type { ProjectData } from '../data/catalogue.ts'
import type { Downloads } from '../data/downloads.ts'
import type { Settled } from '../data/readiness.ts'
import type { Runs, StyledRun } from '../runs/runs.ts'
import type { AlertMark, ChartGroups, ChartView, Cursor, ShownRun, UnderChart } from './chart-context.ts'
import type { LatePanels } from './late-panels.ts'
import type { Metrics } from './metric-list.ts'
import { makeZoom } from './zoom.ts'

/** What the page does with the charts' view, beside what the charts do with it. */
export interface View extends ChartView {
  editSeveral(chart: string | undefined): void
  runs(): StyledRun[]
  /** Rows of any project as a table, as `table` gives those of the page's own. */
  tableOf(
    query: Omit<Query<'table'>, 'part'>,
    how: { part: boolean; signal: AbortSignal },
  ): Promise<TablePage>
  /** Another x axis: a zoom becomes the part of it that has the same rows. */
  setX(axis: XAxis): void
  /** The chart of several metrics that is being made or changed: its title, or the metric that it begins with. */
  edited(): string | undefined
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
  panels: LatePanels
  groups(x: Accessor<XAxis>): Accessor<ChartGroups | 'waits' | undefined>
  tell(notice: Notice): void
  dismiss(notice: Notice): void
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
  const ownAxes = location.field('ownAxes')
  const [highlight, setHighlight] = createSignal<string>()
  const [cursor, setCursor] = createSignal<Cursor>()
  const [editing, setEditing] = createSignal<string>()
  const [fidelity, setFidelity] = createSignal<ReadonlyMap<string, Fidelity>>(new Map())
  const projectName = () => options.projectName() ?? ''

  // a metric that the project does not have cannot be an axis; said in the page's notices
  const x = createMemo((): XAxis => {
    const axis = asked()
    return axis.kind === 'metric' && data.exact() && !metrics.info(axis.name) ? { kind: 'step' } : axis
  })
  const { panels } = options
  const lines = (chart: string): ShownRun[] => panels.all()?.lines(chart) ?? runs.shown()
  const zooming = makeZoom({
    ...{ location, x, settled },
    convert: (zoom, from, to, signal) =>
      engine.ask(
        'zoomOn',
        { project: options.project() ?? '', runs: runs.shown().map(({ key }) => key), from, to, zoom },
        { signal },
      ),
    tell: options.tell,
    dismiss: options.dismiss,
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
  const groups = options.groups(x)
  createEffect(() => settled.setBusy('group lines', groups() === 'waits'))

  /** What is as on the other charts follows them. */
  function setAxis(chart: string, change: OwnAxis): void {
    const { [chart]: before, ...others } = ownAxes()
    const { scale, range } = { ...before, ...change }
    const next = { ...(scale && { scale }), ...(range && { range }) }
    location.patch({ ownAxes: scale || range ? { ...others, [chart]: next } : others })
  }

  return {
    project: () => options.project() ?? '',
    projectName,
    runs: runs.shown,
    lines,
    isSeveral: (chart) => panels.all()?.find(chart) !== undefined,
    editSeveral: setEditing,
    removeSeveral: (chart) => panels.all()?.remove(chart),
    edited: editing,
    groups: (chart) => (chart !== undefined && panels.all()?.find(chart) ? undefined : groups()),
    envelope: location.field('envelope'),
    smoothing,
    x,
    xScale,
    yScale: (metric) => ownAxes()[metric]?.scale ?? yScale(),
    setYScale: (metric, scale) => setAxis(metric, { scale: scale === yScale() ? undefined : scale }),
    range: (metric) => ownAxes()[metric]?.range ?? range(),
    setRange: (metric, mode) => setAxis(metric, { range: mode?.kind === pageRange() ? undefined : mode }),
    hasOwnAxis: (metric) => ownAxes()[metric] !== undefined,
    zoom,
    ...zooming,
    setX(axis) {
      setCursor(undefined)
      zooming.setX(axis)
    },
    highlight: () => {
      const key = highlight()
      return key === undefined ? undefined : runOf(key)
    },
    hotLine: highlight,
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
    integer(chart) {
      const members = panels.all()?.members(chart) ?? []
      return members.length > 0
        ? members.every(({ metric }) => metrics.info(metric)?.integer)
        : (metrics.info(chart)?.integer ?? false)
    },
    timeZone: () => options.preferences.value().timeZone,
    frame: (query, signal, version) =>
      version === undefined
        ? engine.ask('frame', query, { signal })
        : engine.ask('newFrame', { frame: query, version }, { signal }),
    // all charts follow the pointer
    probe: together((queries, signal) => engine.ask('probes', queries, { signal })),
    table: (metric, from, count, how) =>
      tableOf(
        {
          project: options.project() ?? '',
          metric,
          runs: lines(metric).map(({ key }) => key),
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
        lines(metric).map(({ key }) => key),
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

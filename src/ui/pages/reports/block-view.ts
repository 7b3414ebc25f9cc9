import { type Accessor, createMemo, createSignal } from 'solid-js'
import type { ChartBlock } from '../../../compute/chart-block.ts'
import { groupBy, makeGroupValue, seedlessOf } from '../../../compute/group.ts'
import { type Member, membersOf, titleOf } from '../../../compute/panel.ts'
import { patternOf, pickNames } from '../../../compute/pick-names.ts'
import { resolveMetrics } from '../../../compute/resolve-metrics.ts'
import type { RunKey } from '../../../model/run.ts'
import type { Frame, RangeMode, Scale, XAxis, Zoom } from '../../../model/view.ts'
import { DEFAULT_VIEW } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { type GroupInfo, groupInfo, type StyledRun } from '../../../state/runs/runs.ts'
import type { ChartView, Cursor, ShownRun } from '../../../state/view/chart-context.ts'
import { createChartGroups } from '../../../state/view/chart-groups.ts'
import { derivedView } from '../../../state/view/derived-view.ts'
import { linesOf } from '../../../state/view/panels.ts'
import { drawnTheme, forPaper } from './printing.ts'

export interface BlockView {
  view: ChartView
  /** What the chart is called, as its figure and files have it. */
  chart: Accessor<string>
  metrics: Accessor<readonly string[]>
  runs: Accessor<readonly StyledRun[]>
  /** What it cannot be drawn for; undefined where it can. */
  problem: Accessor<string | undefined>
  /** What of it is not in the project, of what is drawn without it. */
  missing: Accessor<string>
  /** The frame on screen. */
  frame: Accessor<Frame | undefined>
}

interface Found<T> {
  found: T[]
  missing: string[]
}

/** A chart of a report as a chart of the page: the same questions, with what its block says in place of the page's view. */
export function createBlockView(block: ChartBlock, own: Accessor<RunKey>): BlockView {
  const { view, runs, metrics, data, patterns, ask, location, downloads, theme } = useApp()
  const [zoom, setZoom] = createSignal<Zoom | undefined>(zoomOf(block))
  const [yScale, setYScale] = createSignal<Scale>(block.y)
  const [range, setRange] = createSignal<RangeMode>(block.range)
  const [cursor, setCursor] = createSignal<Cursor>()
  const [fullscreen, setFullscreen] = createSignal<string>()
  const [frame, setFrame] = createSignal<Frame>()

  const named = createMemo<Found<string>>(
    (before) =>
      patterns.attempt(
        () => metricsOf(block.metrics, metrics.names()),
        () => before,
      ),
    { found: [], missing: [] },
  )
  const picked = createMemo<Found<StyledRun>>(
    (before) =>
      patterns.attempt(
        () => runsOf(block.runs ?? ['shown']),
        () => before,
      ),
    { found: [], missing: [] },
  )
  const several = createMemo(() => named().found.length > 1)
  const members = createMemo((): readonly Member[] => membersOf({ metrics: named().found }, metrics.names()))
  const chart = createMemo(() =>
    several() ? block.title || titleOf({ metrics: named().found }) : (named().found[0] ?? block.title),
  )
  const shown = createMemo(() => picked().found.map(forPaper))
  const lines = createMemo((): ShownRun[] =>
    several() ? linesOf(members(), shown(), drawnTheme(theme())) : shown(),
  )
  const x = createMemo((): XAxis => block.x)

  function runsOf(wanted: readonly string[]): Found<StyledRun> {
    const all = runs.all()
    const names = all.map(({ name }) => name)
    const keys = new Set<RunKey>()
    const missing: string[] = []
    for (const one of wanted) {
      const found = keysOf(one, names)
      for (const key of found) keys.add(key)
      if (found.length === 0 && one !== 'shown') missing.push(one)
    }
    // in the order of the page, whatever the order here: the newest lies on top
    return { found: all.flatMap(({ key }) => (keys.has(key) ? (runs.styled(key) ?? []) : [])), missing }
  }

  function keysOf(wanted: string, names: readonly string[]): RunKey[] {
    const all = runs.all()
    const exact = all.filter(({ name, key, id }) => name === wanted || key === wanted || id === wanted)
    if (exact.length > 0) return exact.map(({ key }) => key)
    if (wanted === 'this') return [own()]
    if (wanted === 'all') return all.map(({ key }) => key)
    if (wanted === 'shown') return runs.shown().map(({ key }) => key)
    const found = new Set(pickNames(wanted, names) ?? [])
    return all.flatMap(({ name, key }) => (found.has(name) ? [key] : []))
  }

  const problem = createMemo(() => {
    // rows that are still read may bring what is named
    if (!data.catalogue() || !data.ended()) return undefined
    const far = data.exact() ? '' : ', of the rows read so far'
    const called = (what: string, names: readonly string[]): string =>
      `no ${what} of the project is called ${names.map(withWhy).join(', ')}${far}`
    if (block.group && several()) return 'lines of groups are of one metric, and it names several'
    if (named().found.length === 0) return called('metric', named().missing)
    if (block.x.kind === 'metric' && !metrics.info(block.x.name)) return called('metric', [block.x.name])
    if (block.runs && picked().found.length === 0 && picked().missing.length > 0)
      return called('run', picked().missing)
    return undefined
  })
  /** A pattern that is not tried says why. */
  function withWhy(name: string): string {
    const why = patterns.refused(patternOf(name) ?? '')
    return why === undefined ? name : `${name}, which ${why}`
  }
  const missing = createMemo(() => {
    if (!data.ended()) return ''
    const parts = [
      ...named().missing.map((name) => `no metric ${name}`),
      ...picked().missing.map((name) => `no run ${name}`),
    ]
    return parts.join(', ')
  })

  const groups = block.group && groupsOf(block.group)
  function groupsOf(key: NonNullable<ChartBlock['group']>) {
    const grouping = createMemo(() => ({
      ...location.view(),
      ...{ group: key, draw: 'groups' as const, statistic: block.statistic, band: DEFAULT_VIEW.band },
      ...{ base: undefined, differences: [] },
    }))
    const allGroups = createMemo<(GroupInfo & { id: string })[]>(
      (before) =>
        patterns.attempt(
          () => {
            const value = makeGroupValue(key, key.kind === 'seeds' ? seedlessOf(runs.configKeys()) : [])
            return groupBy(runs.all(), value).map(groupInfo)
          },
          () => before,
        ),
      [],
    )
    return createChartGroups({
      engine: { ask },
      location: {
        view: grouping,
        field: (name) => createMemo(() => grouping()[name]),
        patch: () => {},
      },
      runs: {
        ...{ all: runs.all, byKey: runs.byKey, configKeys: runs.configKeys },
        ...{ shown, allGroups },
      },
      ...{ project: view.project, projectName: view.projectName, x, ready: () => true, downloads },
    })
  }

  const keys = () => lines().map(({ key }) => key)
  const charts: ChartView = {
    ...derivedView(view),
    runs: shown,
    lines,
    isSeveral: several,
    groups: () => (several() ? undefined : groups),
    x,
    smoothing: () => block.smoothing ?? DEFAULT_VIEW.smoothing,
    ...{ zoom, setZoom: (next) => setZoom(next ?? zoomOf(block)) },
    zoomBack: () => setZoom(zoomOf(block)),
    zoomForward: () => {},
    yScale,
    setYScale: (_, scale) => setYScale(scale ?? block.y),
    range,
    setRange: (_, next) => setRange(next ?? block.range),
    hasOwnAxis: () => yScale() !== block.y || range() !== block.range,
    ...{ cursor, setCursor, fullscreen, setFullscreen },
    hiddenWith: () => 0,
    // a chart of the text is pinned nowhere
    isPinned: () => false,
    setPinned: () => {},
    theme: () => drawnTheme(theme()),
    setShown(id, next) {
      if (next) setFrame(next)
      view.setShown(id, next)
    },
    table: (metric, from, count, how) =>
      view.tableOf({ project: view.project(), metric, runs: keys(), from, count }, how),
    downloadCsv: (metric) => downloads.csv(view.project(), view.projectName(), metric, keys()),
  }
  return { view: charts, chart, metrics: () => named().found, runs: shown, problem, missing, frame }
}

/** Metrics by their names, with `*`, by `/a pattern/`, or as links name them. */
function metricsOf(wanted: readonly string[], names: readonly string[]): Found<string> {
  const found = new Set<string>()
  const missing: string[] = []
  for (const one of wanted) {
    const hits = pickNames(one, names) ?? resolveMetrics(one, names).metrics
    for (const name of hits) found.add(name)
    if (hits.length === 0) missing.push(one)
  }
  return { found: [...found], missing }
}

function zoomOf({ from, to }: ChartBlock): Zoom | undefined {
  return from === undefined && to === undefined ? undefined : { min: from, max: to }
}

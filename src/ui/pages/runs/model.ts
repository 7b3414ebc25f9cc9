import { type Accessor, batch, createMemo, createSignal } from 'solid-js'
import { directionOf } from '../../../compute/metric-words.ts'
import {
  type ColumnSpec,
  columnId,
  type Delta,
  formatColumns,
  isMeasure,
  parseColumn,
  parseColumns,
  type Statistic,
} from '../../../compute/run-columns.ts'
import type { RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { formatList } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import { NO_SPARKS } from '../../../state/runs/more-ranks.ts'
import { RUNS } from '../ids.ts'
import { createBaseline } from './baseline.ts'
import { createColumns } from './columns.ts'
import { createBrushes } from './filter-subjects.ts'
import { createGroups } from './groups.ts'
import { createJudgement } from './judgement.ts'
import { createLines, type Line } from './lines.ts'
import { createOffers } from './offers.ts'
import { createSelection } from './selection.ts'
import { createSets } from './sets.ts'
import { createSorting, formatSort, sortId } from './sorting.ts'
import { type SparkScale, scaleOf } from './spark.ts'

/** The ways to look at the runs. */
export const VIEWS = ['table', 'scatter', 'parallel'] as const
export type RunsView = (typeof VIEWS)[number]

export type RunsModel = ReturnType<typeof createRunsModel>

/** The table of runs: its columns, its lines in their order, and what the numbers are held against. */
export function createRunsModel() {
  const { location, runs, ranks, metrics, data, sources } = useApp()
  const own = createMemo((): Own => location.view().own[RUNS] ?? {})
  const all = runs.all
  const placeOf = createMemo(() => new Map(all().map(({ key }, i) => [key, i])))
  /** Places of the runs that pass the filter. */
  const listed = createMemo(() => runs.listed().flatMap((key) => placeOf().get(key) ?? []))

  const { groups, further, whole } = createGroups(own, placeOf)
  const baseline = createBaseline(placeOf, whole)
  const columns = createColumns(own, baseline)
  const sorting = createSorting(own, columns)
  const { lines, opened } = createLines({ own, all, listed, groups, sorting })
  const judgement = createJudgement(columns, baseline, listed, groups)
  /** Runs that somebody picked in a plot or in the table. */
  const selection = createSelection(all)

  const scales = new Map<string, Accessor<SparkScale>>()
  const setFilter = (filter: string) =>
    batch(() => {
      setDraft(undefined)
      location.patch({ filter })
    })

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [RUNS]: { ...before[RUNS], ...change } } })
  }

  const filterText = location.field('filter')
  /** While a brush moves: the filter it will leave behind, and how many runs that lets by. */
  const [draft, setDraft] = createSignal<{ text: string; count: number }>()

  /** Where a plot puts its controls, in the toolbar. */
  const [slot, setSlot] = createSignal<HTMLElement>()

  const setColumns = (next: readonly ColumnSpec[]) => set({ cols: formatColumns(next) })
  const pins = () => parseColumns(own().pin ?? '').map(columnId)
  const setPins = (next: readonly string[]) =>
    set({ pin: formatColumns(next.flatMap((id) => parseColumn(id) ?? [])) })

  /** Puts a column before another one (after all without one); a pinned one stays among the pinned. */
  function moveColumn(id: string, before: string | undefined): void {
    const moved = columns.specs().find((spec) => columnId(spec) === id)
    if (!moved || id === before) return
    const rest = columns.specs().filter((spec) => spec !== moved)
    const at = rest.findIndex((spec) => columnId(spec) === before)
    rest.splice(at < 0 ? rest.length : at, 0, moved)
    setColumns(rest)
  }

  return {
    all,
    view: createMemo((): RunsView => VIEWS.find((one) => one === own().view) ?? 'table'),
    setView: (view: RunsView) => set({ view: view === 'table' ? '' : view }),
    /** The page's own parameters, as they stand in the link. */
    own,
    set,
    names: createMemo(() => (data.catalogue()?.metrics ?? []).map(({ name }) => name)),
    varying: createMemo(() => runs.configKeys().filter(({ distinct }) => distinct > 1)),
    sameInAll: createMemo(() => runs.configKeys().filter(({ distinct }) => distinct <= 1)),
    listed,
    columns: columns.shown,
    pinned: columns.pinned,
    columnOf: columns.of,
    logged: columns.logged,
    /** Columns of what was logged beside numbers, and percentiles of histograms, that there could be. */
    ...createOffers(),
    specs: columns.specs,
    lines,
    groups,
    /** Keys that are grouped by within groups. */
    further,
    setFurther: (paths: readonly string[]) => set({ within: formatList(paths), open: '' }),
    baseline,
    ...judgement,
    selection,
    sorting: sorting.keys,
    /** How a column is sorted by, and the how manieth; undefined where it is not. */
    sortKey(spec: ColumnSpec | 'name'): { descending: boolean; place: number } | undefined {
      const place = sorting.keys().findIndex((key) => sortId(key.spec) === sortId(spec))
      const key = sorting.keys()[place]
      return key && { descending: key.descending, place }
    },
    projectName: () => sources.project()?.name ?? '',
    sections: metrics.listed,
    setColumns,
    isStandard: () => !own().cols,
    resetColumns: () => set({ cols: '' }),
    addColumn: (spec: ColumnSpec) => {
      if (!columns.specs().some((one) => columnId(one) === columnId(spec)))
        setColumns([...columns.specs(), spec])
    },
    moveColumn,
    /** Changes places with its neighbour. */
    shiftColumn(id: string, by: -1 | 1) {
      const order = columns.shown().map(({ chosen }) => chosen)
      const at = order.indexOf(id)
      const before = by < 0 ? order[at - 1] : order[at + 2]
      if (at >= 0 && (by > 0 ? at < order.length - 1 : at > 0)) moveColumn(id, before)
    },
    isPinned: (id: string) => pins().includes(id),
    togglePin: (id: string) =>
      setPins(pins().includes(id) ? pins().filter((one) => one !== id) : [...pins(), id]),
    holdOrder: sorting.hold,
    /** The statistic that all metrics are shown by, where it is one and the same; else ''. */
    statistic: createMemo(() => {
      const found = new Set(
        columns
          .specs()
          .flatMap((spec) =>
            spec.kind !== 'metric' || isMeasure(spec)
              ? []
              : spec.by === bestOf(spec.metric)
                ? ['best']
                : [spec.by],
          ),
      )
      const [one = ''] = found
      return found.size === 1 ? one : ''
    }),
    setStatistic: (by: 'best' | 'last' | 'tail') =>
      setColumns(
        columns
          .specs()
          .map((spec) =>
            spec.kind !== 'metric' || isMeasure(spec)
              ? spec
              : { ...spec, by: by === 'best' ? bestOf(spec.metric) : by },
          ),
      ),
    against: (): '' | Delta => columns.against() ?? '',
    setAgainst: (show: '' | Delta) => set({ show }),
    replaceColumn: (id: string, by: ColumnSpec) =>
      setColumns(columns.specs().map((spec) => (columnId(spec) === id ? by : spec))),
    removeColumn: (id: string) => setColumns(columns.specs().filter((spec) => columnId(spec) !== id)),
    sortBy: (spec: ColumnSpec, descending: boolean) => set({ sort: formatSort([{ spec, descending }]) }),
    sort: (spec: ColumnSpec | 'name', more: boolean) => set({ sort: sorting.afterClick(spec, more) }),
    toggleGroup(id: string) {
      const next = new Set(opened())
      if (!next.delete(id)) next.add(id)
      set({ open: [...next].join('\n') })
    },
    setBaseline: (line: Line | undefined) => location.patch({ base: line && baseText(line) }),
    isBaseline: (line: Line) => location.view().base === baseText(line),
    sets: createSets(own, set, columns.specs),
    /** Limits of the small lines of a metric. */
    sparkScale(metric: string): SparkScale {
      const known = scales.get(metric)
      if (known) return known()
      const memo = columns.lasting(() => createMemo(() => scaleOf(ranks.sparks(metric) ?? NO_SPARKS)))
      scales.set(metric, memo)
      return memo()
    },
    brushes: createBrushes(filterText, setFilter),
    filter: () => draft()?.text ?? filterText(),
    setFilter,
    setDraft,
    found: () => draft()?.count ?? listed().length,
    /** Place in the order of each run. */
    rankOf: sorting.rank,
    slot,
    setSlot,
  }

  function baseText(line: Line): string {
    return line.kind === 'group' ? `group:${line.id.slice(2)}` : `run:${all()[line.run]?.key}`
  }
}

function bestOf(metric: string): Statistic {
  return directionOf(metric) ?? 'last'
}

export function keysOf(model: RunsModel, line: Line): RunKey[] {
  const places = line.kind === 'run' ? [line.run] : line.runs
  return places.flatMap((place) => model.all()[place]?.key ?? [])
}

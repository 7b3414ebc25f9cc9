import { createMemo } from 'solid-js'
import { type ColumnSpec, columnId, formatColumns } from '../../../compute/run-columns.ts'
import type { RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { RUNS } from '../ids.ts'
import { createBaseline } from './baseline.ts'
import { createColumns } from './columns.ts'
import { createGroups } from './groups.ts'
import { createJudgement } from './judgement.ts'
import { createLines, type Line } from './lines.ts'
import { createSelection } from './selection.ts'
import { createSorting, sortId } from './sorting.ts'

/** The ways to look at the runs. */
export const VIEWS = ['table', 'scatter', 'parallel'] as const
export type RunsView = (typeof VIEWS)[number]

export type RunsModel = ReturnType<typeof createRunsModel>

/** The table of runs: its columns, its lines in their order, and what the numbers are held against. */
export function createRunsModel() {
  const { location, runs, metrics, data, sources } = useApp()
  const own = createMemo((): Own => location.view().own[RUNS] ?? {})
  const all = runs.all
  const placeOf = createMemo(() => new Map(all().map(({ key }, i) => [key, i])))
  /** Places of the runs that pass the filter. */
  const listed = createMemo(() => runs.listed().flatMap((key) => placeOf().get(key) ?? []))

  const groups = createGroups(placeOf)
  const baseline = createBaseline(own, placeOf, groups)
  const columns = createColumns(own, baseline)
  const sorting = createSorting(own, columns)
  const { lines, opened } = createLines({ own, all, listed, groups, sorting })
  const judgement = createJudgement(columns, baseline, listed, groups)
  /** Runs that somebody picked in a plot or in the table. */
  const selection = createSelection(all)

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [RUNS]: { ...before[RUNS], ...change } } })
  }

  const setColumns = (next: readonly ColumnSpec[]) => set({ cols: formatColumns(next) })

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
    columnOf: columns.of,
    specs: columns.specs,
    lines,
    groups,
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
    removeColumn: (id: string) => setColumns(columns.specs().filter((spec) => columnId(spec) !== id)),
    sort: (spec: ColumnSpec | 'name', more: boolean) => set({ sort: sorting.afterClick(spec, more) }),
    toggleGroup(id: string) {
      const next = new Set(opened())
      if (!next.delete(id)) next.add(id)
      set({ open: [...next].join('\n') })
    },
    setBaseline: (line: Line | undefined) => set({ base: line ? baseText(line) : '' }),
    isBaseline: (line: Line) => own().base === baseText(line),
    filter: location.field('filter'),
    setFilter: (filter: string) => location.patch({ filter }),
  }

  function baseText(line: Line): string {
    return line.kind === 'group' ? `group:${line.id.slice(2)}` : `run:${all()[line.run]?.key}`
  }
}

export function keysOf(model: RunsModel, line: Line): RunKey[] {
  const places = line.kind === 'run' ? [line.run] : line.runs
  return places.flatMap((place) => model.all()[place]?.key ?? [])
}

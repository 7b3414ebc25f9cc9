import { type Accessor, batch, createMemo, createRoot, createSignal, getOwner, onCleanup } from 'solid-js'
import { type Summary, summaryOf } from '../../../compute/column-summary.ts'
import { seedlessKeys } from '../../../compute/group.ts'
import { type Spread, seedNoise, spreadOf } from '../../../compute/interval.ts'
import { directionOf } from '../../../compute/metric-words.ts'
import {
  type Column,
  type ColumnSpec,
  columnId,
  configColumn,
  factColumn,
  formatColumns,
  orderBy,
  parseColumn,
  parseColumns,
  type Statistic,
} from '../../../compute/run-columns.ts'
import { sharedName } from '../../../compute/shared-name.ts'
import type { Run, RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { pick } from '../../../state/runs/ranks.ts'
import { RUNS } from '../ids.ts'
import { createSelection } from './selection.ts'

/** A line of the table: a run, or the head of a group, by its value's id. */
export type Line = { kind: 'run'; id: string; run: number; inside: boolean } | GroupLine

export interface GroupLine {
  kind: 'group'
  id: string
  label: string
  /** Places of its runs among all. */
  runs: number[]
  open: boolean
}

/** One column as it is on screen. */
export interface TableColumn {
  id: string
  spec: ColumnSpec
  label: string
  section: string
  /** Undefined while it is still computed. */
  data: Accessor<Column | undefined>
  summary: Accessor<{ summary: Summary; binOf: Int8Array } | undefined>
  /** Which end is the good one. */
  direction: 'min' | 'max' | undefined
}

export interface SortKey {
  spec: ColumnSpec | 'name'
  descending: boolean
}

/** What the baseline is: a run, or a group. */
export interface Baseline {
  label: string
  /** Places of its runs. */
  runs: number[]
  isGroup: boolean
}

/** Columns that are chosen of config and metrics while nobody has. */
const CONFIG_AT_FIRST = 6
const METRICS_AT_FIRST = 4

/** The ways to look at the runs. */
export const VIEWS = ['table', 'scatter', 'parallel'] as const
export type RunsView = (typeof VIEWS)[number]

export type RunsModel = ReturnType<typeof createRunsModel>

/** The table of runs: its columns, its lines in their order, and what the numbers are held against. */
export function createRunsModel() {
  const { location, runs, ranks, metrics, data, sources } = useApp()
  const groupKey = location.field('group')
  const own = createMemo((): Own => location.view().own[RUNS] ?? {})
  const all = runs.all
  const placeOf = createMemo(() => new Map(all().map(({ key }, i) => [key, i])))
  /** Places of the runs that pass the filter. */
  const listed = createMemo(() => runs.listed().flatMap((key) => placeOf().get(key) ?? []))
  const names = createMemo(() => (data.catalogue()?.metrics ?? []).map(({ name }) => name))

  const varying = createMemo(() => runs.configKeys().filter(({ distinct }) => distinct > 1))
  const sameInAll = createMemo(() => runs.configKeys().filter(({ distinct }) => distinct <= 1))

  const standard = createMemo((): ColumnSpec[] => {
    const rank = runs.rank()
    const results = names().filter((name) => directionOf(name) !== undefined)
    const chosen = [...(rank ? [rank.metric] : []), ...results, ...names()]
    const first = [...new Set(chosen)].slice(0, METRICS_AT_FIRST)
    return [
      { kind: 'fact', fact: 'state' },
      { kind: 'fact', fact: 'started' },
      { kind: 'fact', fact: 'duration' },
      { kind: 'fact', fact: 'steps' },
      ...seedlessKeys(all())
        .slice(0, CONFIG_AT_FIRST)
        .map((path): ColumnSpec => ({ kind: 'config', path })),
      ...first.map((metric): ColumnSpec => ({ kind: 'metric', metric, by: directionOf(metric) ?? 'last' })),
    ]
  })
  const specs = createMemo(() => (own().cols ? parseColumns(own().cols ?? '') : standard()))
  const ids = createMemo(() => specs().map(columnId), undefined, { equals: sameItems })

  /** Each column once, however often it comes and goes: sorting asks for columns that are not on screen. */
  const kept = new Map<string, TableColumn>()
  const owner = getOwner()
  const disposers: (() => void)[] = []
  onCleanup(() => {
    for (const dispose of disposers) dispose()
  })
  /** Memos that are made when somebody asks first, and end with the page. */
  function lasting<T>(make: () => T): T {
    return createRoot((dispose) => {
      disposers.push(dispose)
      return make()
    }, owner)
  }
  function columnOf(spec: ColumnSpec): TableColumn {
    const id = columnId(spec)
    const known = kept.get(id)
    if (known) return known
    return lasting(() => {
      const values = createMemo(() => valuesOf(spec))
      const column: TableColumn = {
        id,
        spec,
        label: labelOf(spec),
        section: sectionOf(spec),
        data: values,
        summary: createMemo(() => {
          const found = values()
          return found && summaryOf(found)
        }),
        direction: directionOfColumn(spec),
      }
      kept.set(id, column)
      return column
    })
  }
  const columns = createMemo(() =>
    ids()
      .flatMap((id) => parseColumn(id) ?? [])
      .map(columnOf),
  )

  function valuesOf(spec: ColumnSpec): Column | undefined {
    if (spec.kind === 'fact')
      return factColumn(all(), spec.fact, ({ key }) => (runs.isLive(key) ? 'live' : 'ended'))
    if (spec.kind === 'config') return configColumn(all(), spec.path)
    const known = ranks.values(spec.metric)
    if (!known) return undefined
    const values = new Float64Array(all().length).fill(Number.NaN)
    const has = new Uint8Array(all().length)
    all().forEach(({ key }, i) => {
      const found = known.get(key)
      if (!found) return
      values[i] = pick(found, spec.by)
      has[i] = 1
    })
    const column: Column = { kind: 'number', values, has }
    if (!spec.delta) return column
    const base = baseline()
    const reference = base ? spreadOf(base.runs.map((run) => values[run] ?? Number.NaN)).mean : Number.NaN
    return { kind: 'number', values: values.map((value) => value - reference), has }
  }

  const baseline = createMemo((): Baseline | undefined => {
    const text = own().base
    if (text === undefined) return undefined
    const place = placeOf().get(text.replace(/^run:/, ''))
    if (text.startsWith('run:') && place !== undefined)
      return { label: all()[place]?.name ?? '', runs: [place], isGroup: false }
    const group = groups()?.find(({ id }) => `group:${id}` === text)
    return group && { label: group.label, runs: group.runs, isGroup: true }
  })

  // sorting

  const sorting = createMemo((): SortKey[] => {
    const text = own().sort
    if (text !== undefined && text !== '') return parseSort(text)
    const first = specs().find((spec) => directionOfColumn(spec) !== undefined)
    if (first?.kind === 'metric') return [{ spec: first, descending: directionOfColumn(first) === 'max' }]
    return [{ spec: { kind: 'fact', fact: 'started' }, descending: true }]
  })
  const nameColumn = createMemo((): Column => ({ kind: 'text', values: all().map(({ name }) => name) }))
  const keysOfSort = createMemo(() =>
    sorting().flatMap(({ spec, descending }) => {
      const column = spec === 'name' ? nameColumn() : columnOf(spec).data()
      return column ? [{ column, descending }] : []
    }),
  )
  /** Place in the order of each run. */
  const rankOf = createMemo(() => {
    const order = orderBy(all().length, keysOfSort())
    const rank = new Uint32Array(order.length)
    order.forEach((run, at) => {
      rank[run] = at
    })
    return rank
  })
  const sorted = createMemo(() => {
    const rank = rankOf()
    return [...listed()].sort((a, b) => rank[a]! - rank[b]!)
  })

  // groups

  const groups = createMemo(() => {
    const found: { id: string; label: string; runs: number[] }[] = []
    const bySeeds = groupKey().kind === 'seeds'
    for (const row of runs.rows()) {
      if (!row.startsWith('g:')) continue
      const info = runs.group(row)
      if (info)
        found.push({
          id: row.slice(2),
          // repetitions of one configuration are told apart by less than all its values
          label:
            (bySeeds && sharedName(info.keys.flatMap((key) => runs.byKey().get(key)?.name ?? []))) ||
            info.label,
          runs: info.keys.flatMap((key) => placeOf().get(key) ?? []),
        })
    }
    return found.length > 0 ? found : undefined
  })
  const opened = createMemo(() => new Set((own().open ?? '').split('\n').filter((id) => id !== '')))

  const lines = createMemo((): Line[] => {
    const grouped = groups()
    if (!grouped)
      return sorted().map((run) => ({ kind: 'run', id: `r:${all()[run]?.key}`, run, inside: false }))
    const rank = rankOf()
    const [first] = keysOfSort()
    const at = (members: readonly number[]): number => {
      if (!first || first.column.kind === 'text') return Math.min(...members.map((run) => rank[run]!))
      const { values } = first.column
      const { mean } = spreadOf(members.map((run) => values[run]!))
      return Number.isNaN(mean) ? Infinity : first.descending ? -mean : mean
    }
    return grouped
      .map((group) => ({ ...group, at: at(group.runs) }))
      .sort((a, b) => a.at - b.at || 0)
      .flatMap(({ id, label, runs: members }): Line[] => {
        const open = opened().has(id)
        const inside = open ? [...members].sort((a, b) => rank[a]! - rank[b]!) : []
        return [
          { kind: 'group', id: `g:${id}`, label, runs: members, open },
          ...inside.map((run): Line => ({ kind: 'run', id: `r:${all()[run]?.key}`, run, inside: true })),
        ]
      })
  })

  /** Mean, interval and number of a group's values; undefined while they are computed, and of texts. */
  function spread(column: TableColumn, members: readonly number[]): Spread | undefined {
    const found = column.data()
    return found && found.kind !== 'text' ? spreadOf(members.map((run) => found.values[run]!)) : undefined
  }

  /** Least difference that is more than the noise of the baseline's seeds; NaN where nothing can be said. */
  function noise(column: TableColumn, members: number): number {
    const base = baseline()
    const spec = column.spec
    if (!base || spec.kind !== 'metric') return Number.NaN
    const found = spread(columnOf(plain(spec)), base.runs)
    return found ? seedNoise(found, members) : Number.NaN
  }

  /** The best value of a column among runs, or among groups; undefined where no end is the good one. */
  const bests = new Map<string, Accessor<{ run: number | undefined; group: string | undefined }>>()
  function best(column: TableColumn): { run: number | undefined; group: string | undefined } {
    let memo = bests.get(column.id)
    if (!memo) {
      memo = lasting(() => createMemo(() => bestOf(column)))
      bests.set(column.id, memo)
    }
    return memo()
  }
  function bestOf(column: TableColumn): { run: number | undefined; group: string | undefined } {
    const found = column.data()
    const { direction } = column
    if (!found || found.kind === 'text' || !direction) return { run: undefined, group: undefined }
    const sign = direction === 'max' ? -1 : 1
    let run: number | undefined
    for (const place of listed()) {
      const value = found.values[place]!
      if (Number.isFinite(value) && (run === undefined || sign * value < sign * found.values[run]!))
        run = place
    }
    let group: string | undefined
    let least = Infinity
    for (const { id, runs: members } of groups() ?? []) {
      const { mean } = spreadOf(members.map((place) => found.values[place]!))
      if (sign * mean < least) {
        least = sign * mean
        group = `g:${id}`
      }
    }
    return { run, group }
  }

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

  return {
    all,
    view: createMemo((): RunsView => VIEWS.find((one) => one === own().view) ?? 'table'),
    setView: (view: RunsView) => set({ view: view === 'table' ? '' : view }),
    /** The page's own parameters, as they stand in the link. */
    own,
    set,
    selection: createSelection(all),
    names,
    varying,
    sameInAll,
    listed,
    columns,
    columnOf,
    lines,
    groups,
    baseline,
    spread,
    noise,
    best,
    sorting,
    /** How a column is sorted by, and the how manieth; undefined where it is not. */
    sortKey(spec: ColumnSpec | 'name'): { descending: boolean; place: number } | undefined {
      const place = sorting().findIndex((key) => sortId(key.spec) === sortId(spec))
      const key = sorting()[place]
      return key && { descending: key.descending, place }
    },
    specs,
    projectName: () => sources.project()?.name ?? '',
    sections: metrics.listed,
    setColumns,
    isStandard: () => !own().cols,
    resetColumns: () => set({ cols: '' }),
    addColumn: (spec: ColumnSpec) => {
      if (!ids().includes(columnId(spec))) setColumns([...specs(), spec])
    },
    removeColumn: (id: string) => setColumns(specs().filter((spec) => columnId(spec) !== id)),
    /** By a head that was clicked: best first, the other way round the second time. `more`: after the others. */
    sort(spec: ColumnSpec | 'name', more: boolean) {
      const id = sortId(spec)
      const before = sorting()
      const known = before.find((key) => sortId(key.spec) === id)
      const descending = known
        ? !known.descending
        : spec !== 'name' && (directionOfColumn(spec) === 'max' || isTime(spec))
      const key = { spec, descending }
      const others = more ? before.filter((one) => sortId(one.spec) !== id) : []
      const keys =
        more && known ? before.map((one) => (sortId(one.spec) === id ? key : one)) : [...others, key]
      set({ sort: formatSort(keys) })
    },
    toggleGroup(id: string) {
      const next = new Set(opened())
      if (!next.delete(id)) next.add(id)
      set({ open: [...next].join('\n') })
    },
    setBaseline: (line: Line | undefined) => set({ base: line ? baseText(line) : '' }),
    isBaseline: (line: Line) => own().base === baseText(line),
    filter: () => draft()?.text ?? filterText(),
    setFilter: (filter: string) =>
      batch(() => {
        setDraft(undefined)
        location.patch({ filter })
      }),
    setDraft,
    found: () => draft()?.count ?? listed().length,
    rankOf,
    slot,
    setSlot,
  }

  function baseText(line: Line): string {
    return line.kind === 'group' ? `group:${line.id.slice(2)}` : `run:${all()[line.run]?.key}`
  }
}

export function runOf(model: RunsModel, line: Line): Run | undefined {
  return line.kind === 'run' ? model.all()[line.run] : undefined
}

export function keysOf(model: RunsModel, line: Line): RunKey[] {
  const places = line.kind === 'run' ? [line.run] : line.runs
  return places.flatMap((place) => model.all()[place]?.key ?? [])
}

const FACT_LABELS = {
  group: 'Group',
  state: 'State',
  started: 'Started',
  duration: 'Duration',
  steps: 'Steps',
  rows: 'Rows',
  user: 'User',
} as const

export const STATISTIC_WORDS: Record<Statistic, string> = {
  last: 'last',
  first: 'first',
  min: 'min',
  max: 'max',
  mean: 'mean',
  tail: 'mean of last tenth',
  count: 'points',
  nonfinite: 'not finite',
}

export function labelOf(spec: ColumnSpec): string {
  if (spec.kind === 'fact') return FACT_LABELS[spec.fact]
  if (spec.kind === 'config') return spec.path
  const name = spec.metric.slice(spec.metric.lastIndexOf('/') + 1) || spec.metric
  return `${spec.delta ? 'Δ ' : ''}${name}, ${STATISTIC_WORDS[spec.by]}`
}

/** What stands over neighbours that have it in common. */
function sectionOf(spec: ColumnSpec): string {
  if (spec.kind === 'fact') return ''
  if (spec.kind === 'config') return 'Config'
  const slash = spec.metric.lastIndexOf('/')
  return slash > 0 ? spec.metric.slice(0, slash) : 'Metrics'
}

/** Of counts, and of how much is not finite, neither end is good. */
function directionOfColumn(spec: ColumnSpec): 'min' | 'max' | undefined {
  if (spec.kind !== 'metric' || spec.by === 'count' || spec.by === 'nonfinite') return undefined
  return directionOf(spec.metric)
}

function isTime(spec: ColumnSpec): boolean {
  return spec.kind === 'fact' && spec.fact === 'started'
}

function plain(spec: ColumnSpec & { kind: 'metric' }): ColumnSpec {
  return { kind: 'metric', metric: spec.metric, by: spec.by }
}

function sortId(spec: ColumnSpec | 'name'): string {
  return spec === 'name' ? 'name' : columnId(spec)
}

function formatSort(keys: readonly SortKey[]): string {
  return keys
    .map(
      ({ spec, descending }) => `${descending ? '-' : ''}${spec === 'name' ? 'name' : formatColumns([spec])}`,
    )
    .join(',')
}

function parseSort(text: string): SortKey[] {
  return text.split(',').flatMap((part): SortKey[] => {
    const descending = part.startsWith('-')
    const rest = descending ? part.slice(1) : part
    if (rest === 'name') return [{ spec: 'name', descending }]
    const [spec] = parseColumns(rest)
    return spec ? [{ spec, descending }] : []
  })
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

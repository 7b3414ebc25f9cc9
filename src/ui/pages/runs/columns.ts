import { type Accessor, createMemo, createSignal } from 'solid-js'
import { type Summary, summaryOf } from '../../../compute/column-summary.ts'
import { seedlessOf } from '../../../compute/group.ts'
import { spreadOf } from '../../../compute/interval.ts'
import { directionOf } from '../../../compute/metric-words.ts'
import {
  type Column,
  type ColumnSpec,
  columnId,
  configColumn,
  type Delta,
  factColumn,
  isMeasure,
  parseColumn,
  parseColumns,
} from '../../../compute/run-columns.ts'
import { noticeOf } from '../../../model/errors.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createLate } from '../../../state/base/late.ts'
import { pick } from '../../../state/runs/ranks.ts'
import { createLasting } from '../../common/lasting.ts'
import type { Baseline } from './baseline.ts'
import { directionOfColumn, labelOf, sectionOf } from './labels.ts'
import type { LoggedColumns } from './logged-columns.tsx'

/** One column as it is on screen. */
export interface TableColumn {
  id: string
  /** The id it was chosen by, where it shows what was chosen as a difference. */
  chosen: string
  spec: ColumnSpec
  label: string
  section: string
  /** Undefined while it is still computed. */
  data: Accessor<Column | undefined>
  /** Why its values could not be read. */
  failed: Accessor<string | undefined>
  /** Reads them again where that failed; absent where nothing is read. */
  retry?(): void
  summary: Accessor<{ summary: Summary; binOf: Int8Array } | undefined>
  /** Which end is the good one. */
  direction: 'min' | 'max' | undefined
}

/** Whether values of a column are on their way; what somebody tells has none of its own. */
export function isAwaited(column: TableColumn): boolean {
  return column.spec.kind !== 'told' && column.data() === undefined && column.failed() === undefined
}

/** Columns that are chosen of config and metrics while nobody has. */
const CONFIG_AT_FIRST = 6
const METRICS_AT_FIRST = 4

export interface Columns {
  /** Those chosen, in their order. */
  specs: Accessor<ColumnSpec[]>
  /** As they stand in the table: pinned ones first. */
  shown: Accessor<TableColumn[]>
  /** They show differences to the baseline. */
  against: Accessor<Delta | undefined>
  /** How many of these are pinned. */
  pinned: Accessor<number>
  /** Any column, chosen or not. */
  of(spec: ColumnSpec): TableColumn
  /** What runs logged beside numbers, once a column of it was looked at. */
  logged: Accessor<LoggedColumns | undefined>
  /** Memos that are made when somebody asks first, and end with the page. */
  lasting<T>(make: () => T): T
}

/** The columns of the table: which, and their values, worked out when a column is asked for first. */
export function createColumns(own: Accessor<Own>, baseline: Accessor<Baseline | undefined>): Columns {
  const { runs, ranks, marks, data } = useApp()
  const { all } = runs
  const names = createMemo(() => (data.catalogue()?.metrics ?? []).map(({ name }) => name))

  /** Made only where nobody chose: which keys vary takes its time to tell. */
  function standard(): ColumnSpec[] {
    const rank = runs.rank()
    const results = names().filter((name) => directionOf(name) !== undefined)
    const chosen = [...(rank ? [rank.metric] : []), ...results, ...names()]
    const first = [...new Set(chosen)].slice(0, METRICS_AT_FIRST)
    return [
      { kind: 'fact', fact: 'state' },
      { kind: 'fact', fact: 'started' },
      { kind: 'fact', fact: 'duration' },
      { kind: 'fact', fact: 'steps' },
      ...seedlessOf(runs.configKeys())
        .slice(0, CONFIG_AT_FIRST)
        .map((path): ColumnSpec => ({ kind: 'config', path })),
      ...first.map((metric): ColumnSpec => ({ kind: 'metric', metric, by: directionOf(metric) ?? 'last' })),
    ]
  }
  const specs = createMemo(() => (own().cols ? parseColumns(own().cols ?? '') : standard()))
  /** Ids, as chosen. */
  const pins = createMemo(() => new Set(parseColumns(own().pin ?? '').map(columnId)))
  const order = createMemo(
    () => {
      const all = specs().map(columnId)
      return [...all.filter((id) => pins().has(id)), ...all.filter((id) => !pins().has(id))]
    },
    undefined,
    { equals: sameItems },
  )
  const pinned = createMemo(() => order().filter((id) => pins().has(id)).length)
  /** Every value of a metric less that of the baseline, where the link says so and there is one. */
  const against = createMemo((): Delta | undefined => {
    const { show } = own()
    return (show === 'value' || show === 'percent') && baseline() ? show : undefined
  })

  /** Its code comes with the first column of its kind. */
  const [wanted, setWanted] = createSignal(false)
  const [unfetched, setUnfetched] = createSignal<string>()
  const logged = createLate(
    wanted,
    async () => {
      const { createLoggedColumns } = await import('./logged-columns.tsx')
      return () => createLoggedColumns(all)
    },
    (error) => setUnfetched(noticeOf(error, 'columns').text),
  )

  /** Each column once, however often it comes and goes: sorting asks for columns that are not on screen. */
  const kept = new Map<string, TableColumn>()
  const lasting = createLasting()
  function columnOf(spec: ColumnSpec): TableColumn {
    const id = columnId(spec)
    const known = kept.get(id)
    if (known) return known
    const data = whenSeen(() => valuesOf(spec))
    const column: TableColumn = {
      id,
      chosen: id,
      spec,
      label: labelOf(spec),
      section: sectionOf(spec),
      data,
      failed: () => (spec.kind === 'logged' ? (unfetched() ?? logged()?.failed(spec)) : undefined),
      retry() {
        if (spec.kind !== 'logged') return
        if (unfetched() === undefined) return logged()?.retry(spec)
        setUnfetched(undefined)
        setWanted(false)
        setWanted(true)
      },
      summary: whenSeen(() => {
        const found = data()
        return found && summaryOf(found)
      }),
      direction: directionOfColumn(spec),
    }
    kept.set(id, column)
    return column
  }

  /** A memo from when somebody looks: of hundreds of columns only those in sight are worked out. */
  function whenSeen<T>(make: () => T): Accessor<T> {
    let memo: Accessor<T> | undefined
    return () => {
      memo ??= lasting(() => createMemo(make))
      return memo()
    }
  }
  const shown = createMemo(() =>
    order().flatMap((id) => {
      const spec = parseColumn(id)
      if (!spec) return []
      const delta = against()
      return delta && spec.kind === 'metric' && !spec.delta
        ? { ...columnOf({ ...spec, delta }), chosen: id }
        : columnOf(spec)
    }),
  )

  function valuesOf(spec: ColumnSpec): Column | undefined {
    if (spec.kind === 'fact')
      return factColumn(all(), spec.fact, {
        state: ({ key }) => (runs.isLive(key) ? 'live' : 'ended'),
        tags: ({ key }) => marks.of(key)?.tags?.join(', '),
        note: ({ key }) => marks.of(key)?.note,
      })
    if (spec.kind === 'config') return configColumn(all(), spec.path)
    // whoever tells it has its values
    if (spec.kind === 'told') return undefined
    if (spec.kind === 'logged') {
      // it is a memo that asks: what it reads is written after it
      queueMicrotask(() => setWanted(true))
      return logged()?.column(spec)
    }
    const of = numberOf(spec)
    if (!of) return undefined
    const values = new Float64Array(all().length).fill(Number.NaN)
    const has = new Uint8Array(all().length)
    all().forEach(({ key }, i) => {
      const found = of(key)
      if (found === undefined) return
      values[i] = found
      has[i] = 1
    })
    if (spec.kind === 'spark' || !spec.delta) return { kind: 'number', values, has }
    const base = baseline()
    const reference = base ? spreadOf(base.runs.map((run) => values[run] ?? Number.NaN)).mean : Number.NaN
    // without a baseline nothing is known, which is not the same as a NaN that was logged
    if (Number.isNaN(reference)) return { kind: 'number', values: values.fill(Number.NaN), has: has.fill(0) }
    const scale = spec.delta === 'percent' ? 100 / Math.abs(reference) : 1
    return { kind: 'number', values: values.map((value) => (value - reference) * scale), has }
  }

  /** The number of a run; undefined while they are not known. */
  function numberOf(
    spec: ColumnSpec & { kind: 'metric' | 'spark' },
  ): ((key: string) => number | undefined) | undefined {
    if (spec.kind === 'metric' && isMeasure(spec)) {
      const known = ranks.measured(spec.metric, spec)
      return known && ((key) => known.get(key))
    }
    const known = ranks.values(spec.metric)
    const by = spec.kind === 'spark' ? 'last' : spec.by
    return (
      known &&
      ((key) => {
        const found = known.get(key)
        return found && pick(found, by)
      })
    )
  }

  return { specs, shown, pinned, against, of: columnOf, lasting, logged }
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

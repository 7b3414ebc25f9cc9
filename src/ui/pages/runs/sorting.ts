import { type Accessor, createEffect, createMemo, createSignal, createUniqueId, onCleanup } from 'solid-js'
import {
  type Column,
  type ColumnSpec,
  columnId,
  formatColumns,
  orderBy,
  parseColumns,
} from '../../../compute/run-columns.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { type Columns, isAwaited } from './columns.ts'
import { directionOfColumn } from './labels.ts'

export interface SortKey {
  spec: ColumnSpec | 'name'
  descending: boolean
}

/** An order, by what, and of how many columns whose values were there. */
export interface Ordered {
  by: string
  known: number
  places: Uint32Array
  runs: Uint32Array
}

export interface Sorting {
  keys: Accessor<SortKey[]>
  /** Values of the first key, as far as they are there. */
  first: Accessor<{ column: Column; descending: boolean } | undefined>
  /** Place in the order of each run, and the runs in it. */
  rank: Accessor<Uint32Array>
  order: Accessor<Uint32Array>
  /**
   * While it is held (the pointer is in the table), values that change move no line; what a person changes
   * does.
   */
  hold(on: boolean): void
  held: Accessor<boolean>
  /** What it is sorted by, as text. */
  by: Accessor<string>
  /** What the address says once a head was clicked. */
  afterClick(spec: ColumnSpec | 'name', more: boolean): string
}

/** The order of the runs: as the address says, else best first, else newest first. */
export function createSorting(own: Accessor<Own>, columns: Columns): Sorting {
  const { runs: data, settled } = useApp()
  const { all } = data
  const keys = createMemo((): SortKey[] => {
    const text = own().sort
    if (text !== undefined && text !== '') return parseSort(text)
    const first = columns.specs().find((spec) => directionOfColumn(spec) !== undefined)
    if (first?.kind === 'metric') return [{ spec: first, descending: directionOfColumn(first) === 'max' }]
    return [{ spec: { kind: 'fact', fact: 'started' }, descending: true }]
  })
  const nameColumn = createMemo((): Column => ({ kind: 'text', values: all().map(({ name }) => name) }))
  const values = createMemo(() =>
    keys().flatMap(({ spec, descending }) => {
      const column = spec === 'name' ? nameColumn() : columns.of(spec).data()
      return column ? [{ column, descending }] : []
    }),
  )
  // a column that is sorted by need not be in sight; the order is not the one that is asked for before it came
  const id = createUniqueId()
  createEffect(() =>
    settled.setBusy(
      id,
      keys().some(({ spec }) => spec !== 'name' && isAwaited(columns.of(spec))),
    ),
  )
  onCleanup(() => settled.setBusy(id, false))
  const [held, setHeld] = createSignal(false)
  const by = createMemo(() => formatSort(keys()))
  const ordered = createMemo<Ordered | undefined>((before) =>
    nextOrder(before, { by: by(), keys: values(), count: all().length, held: held() }),
  )
  const rank = () => ordered()?.places ?? NO_ORDER
  return {
    keys,
    first: () => values()[0],
    rank,
    order: () => ordered()?.runs ?? NO_ORDER,
    by,
    held,
    hold: setHeld,
    /** Best first, the other way round the second time. `more`: after the others. */
    afterClick(spec, more) {
      const id = sortId(spec)
      const before = keys()
      const known = before.find((key) => sortId(key.spec) === id)
      const descending = known
        ? !known.descending
        : spec !== 'name' && (directionOfColumn(spec) === 'max' || isTime(spec))
      const key = { spec, descending }
      const others = more ? before.filter((one) => sortId(one.spec) !== id) : []
      return formatSort(
        more && known ? before.map((one) => (sortId(one.spec) === id ? key : one)) : [...others, key],
      )
    },
  }
}

const NO_ORDER = new Uint32Array(0)

/**
 * The order of `count` runs by some columns. While it is held, that before it, with what is new at its end, as
 * long as it is by the same columns, and none of them has come since.
 */
export function nextOrder(
  before: Ordered | undefined,
  now: {
    by: string
    keys: readonly { column: Column; descending: boolean }[]
    count: number
    held: boolean
  },
): Ordered {
  const { by, count } = now
  const known = now.keys.length
  const stays = now.held && before?.by === by && before.known === known && before.runs.length <= count
  if (stays && before.runs.length === count) return before
  const runs = stays ? appended(before.runs, count) : orderBy(count, now.keys)
  const places = new Uint32Array(count)
  runs.forEach((run, at) => {
    places[run] = at
  })
  return { by, known, places, runs }
}

function appended(runs: Uint32Array, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, at) => runs[at] ?? at)
}

export function sortId(spec: ColumnSpec | 'name'): string {
  return spec === 'name' ? 'name' : columnId(spec)
}

function isTime(spec: ColumnSpec): boolean {
  return spec.kind === 'fact' && spec.fact === 'started'
}

export function formatSort(keys: readonly SortKey[]): string {
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

import { type Accessor, createMemo } from 'solid-js'
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
import type { Columns } from './columns.ts'
import { directionOfColumn } from './labels.ts'

export interface SortKey {
  spec: ColumnSpec | 'name'
  descending: boolean
}

export interface Sorting {
  keys: Accessor<SortKey[]>
  /** Values of the first key, as far as they are there. */
  first: Accessor<{ column: Column; descending: boolean } | undefined>
  /** Place in the order of each run. */
  rank: Accessor<Uint32Array>
  /** What the address says once a head was clicked. */
  afterClick(spec: ColumnSpec | 'name', more: boolean): string
}

/** The order of the runs: as the address says, else best first, else newest first. */
export function createSorting(own: Accessor<Own>, columns: Columns): Sorting {
  const { runs } = useApp()
  const { all } = runs
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
  const rank = createMemo(() => {
    const order = orderBy(all().length, values())
    const places = new Uint32Array(order.length)
    order.forEach((run, at) => {
      places[run] = at
    })
    return places
  })
  return {
    keys,
    first: () => values()[0],
    rank,
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

export function sortId(spec: ColumnSpec | 'name'): string {
  return spec === 'name' ? 'name' : columnId(spec)
}

function isTime(spec: ColumnSpec): boolean {
  return spec.kind === 'fact' && spec.fact === 'started'
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

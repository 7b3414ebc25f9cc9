import type { OtherKey } from '../../../model/metric.ts'
import { type KeyTable, keyOf, kindNumber } from '../../columns/scan.ts'
import { pushTyped, sortTyped, type TypedPlaces } from '../../columns/typed-places.ts'
import type { Keys } from './key-structure.ts'
import { eachKindOf, type Kinds, typeLeafOf } from './kinds.ts'
import { NO_RUN } from './parquet-runs.ts'
import type { Column, Table } from './parquet-table.ts'
import type { Limits } from './plan.ts'
import type { RowTable } from './row-table.ts'

/** Kinds of values without a `_type`. */
const PLAIN = ['string', 'bool', 'list', 'dict']

/**
 * Where the values with a `_type` stand, by the `_type` of each row alone: the values themselves (tables,
 * texts) may be the largest part of the file.
 */
export interface TypedColumns {
  /** Makes the columns that hold such kinds ready, each once; whether any was new. */
  load(kinds: readonly string[] | undefined): Promise<boolean>
}

export function makeTypedColumns(
  table: Table,
  { others }: Keys,
  kinds: Kinds,
  names: KeyTable,
  rows: RowTable,
  limits: Limits,
): TypedColumns {
  const loaded = new Map<Column, Promise<void>>()
  const byName = new Map(kinds.others.map((key) => [key.name, key]))
  return {
    async load(wanted) {
      const fresh = others.filter((column) => !loaded.has(column) && mayHold(column.name, wanted))
      for (const column of fresh) {
        const loading = read(column)
        loaded.set(column, loading)
        loading.catch(() => loaded.delete(column))
      }
      await Promise.all(others.flatMap((column) => loaded.get(column) ?? []))
      return fresh.length > 0
    },
  }

  function mayHold(name: string, wanted: readonly string[] | undefined): boolean {
    if (kinds.estimated.includes(name)) return true
    const known: OtherKey['kinds'] = byName.get(name)?.kinds ?? {}
    return Object.keys(known).some((kind) => (wanted ? wanted.includes(kind) : !PLAIN.includes(kind)))
  }

  async function read(column: Column): Promise<void> {
    const leaf = typeLeafOf(column)
    if (!leaf) return
    const key = keyOf(names, column.name)
    /** By run: its rows met so far. */
    const met = new Uint32Array(rows.runs.length)
    const found = new Map<TypedPlaces, [row: number, kind: string][]>()
    await eachKindOf(table, column, leaf, rows.runOf.length, limits, (kinds, group, from) => {
      const runOf = rows.runOf[group]
      for (const [i, kind] of kinds.entries()) {
        const number = runOf?.[from + i] ?? NO_RUN
        const run = rows.runs[number]
        if (!run) continue
        const at = met[number] as number
        met[number] = at + 1
        if (kind === undefined || PLAIN.includes(kind)) continue
        const places = found.get(run.columns.typed) ?? []
        places.push([run.places?.[at] ?? at, kind])
        found.set(run.columns.typed, places)
      }
    })
    // only now: of a column that cannot be read to its end nothing is told
    for (const [typed, places] of found) {
      for (const [row, kind] of places) pushTyped(typed, row, key, kindNumber(names, kind))
      sortTyped(typed)
    }
  }
}

import { parquetRead } from 'hyparquet'
import { isAbort, TrackioError } from '../../../model/errors.ts'
import { decodeText } from '../../columns/json.ts'
import type { KeyTable } from '../../columns/scan.ts'
import type { StoredRange, StoredRow } from '../dataset.ts'
import { numbersOf, numberText, storedRow } from '../stored-row.ts'
import { bytesOfCell } from './cell-values.ts'
import { asyncBuffer } from './fetch.ts'
import type { Keys } from './key-structure.ts'
import { checkedBytes, compressorsFor } from './pages.ts'
import type { RunRows } from './parquet-runs.ts'
import type { Column, Group, Table } from './parquet-table.ts'
import { jsonOf } from './parquet-table-rows.ts'
import type { Limits } from './plan.ts'
import type { RowTable } from './row-table.ts'

/*
 * Rows as they were logged, put together again from the columns of the file. Numbers are in the store, where
 * charts have them from; texts, lists and the like are read a row group at a time, when somebody looks.
 */

/** Values of columns that are kept: a screen of rows is asked for again and again beside the last one. */
const KEEP = 4_000_000

export interface StoredRows {
  /** Names among `keys` whose numbers have to be loaded into the runs' columns first. */
  numbers(keys: readonly string[]): string[]
  read(run: RunRows, range: StoredRange, signal: AbortSignal | undefined): Promise<StoredRow[]>
}

/** For the rows as they were read; `names` numbers the metrics of the runs' columns. */
export function makeStoredRows(
  table: Table,
  keys: Keys,
  names: KeyTable,
  rows: RowTable,
  limits: Limits,
): StoredRows {
  const cells = new Map<string, { rows: number; values: Promise<unknown[]> }>()
  const numbers = new Set(keys.numbers.filter(({ mixed }) => !mixed).map(({ name }) => name))
  const others = new Map(keys.others.map((column) => [column.name, column]))
  const startOf = startsOf(table.groups)
  let known: { run: RunRows; of: Uint32Array } | undefined
  return { numbers: (wanted) => wanted.filter((key) => numbers.has(key)), read }

  async function read(
    run: RunRows,
    { rows: own, keys: wanted }: StoredRange,
    signal: AbortSignal | undefined,
  ): Promise<StoredRow[]> {
    if (known?.run !== run || known.of.length !== run.rows) known = { run, of: fileRowsOf(rows, run) }
    const all = known.of
    const places = own.map((row) => all[row] as number)
    const times = await valuesAt(keys.structure.time, places, signal)
    const stamps = times.map((value) => textOf(value))
    if (keys.payload) {
      const texts = await valuesAt(keys.payload, places, signal)
      return texts.map((text, i) => storedRow(stamps[i] ?? '', textOf(text)))
    }
    const logged = wanted.filter((key) => numbers.has(key))
    const found = Array.from(own, (row) => numbersOf(names, run.columns, logged, row))
    // integers beyond what a double holds stand in the file with all their digits
    const exact = keys.numbers.filter(
      ({ name, integer }, key) =>
        integer && logged.includes(name) && (run.columns.metrics[key]?.beyondSafe ?? 0) > 0,
    )
    const columns = [
      ...wanted.flatMap((key) => others.get(key) ?? []),
      ...exact.flatMap(({ leaf }) => table.columns.find(({ leaves }) => leaves.includes(leaf)) ?? []),
    ]
    for (const column of columns) {
      const values = await valuesAt(column, places, signal)
      values.forEach((value, i) => {
        const text = jsonTextOf(value)
        if (text !== undefined) found[i]?.set(column.name, text)
      })
    }
    return found.map((members, i) => ({ timestamp: stamps[i] ?? '', members }))
  }

  async function valuesAt(
    column: Column | undefined,
    places: Uint32Array,
    signal: AbortSignal | undefined,
  ): Promise<unknown[]> {
    if (!column) return Array.from(places, () => undefined)
    const values: unknown[] = []
    for (const place of places) {
      signal?.throwIfAborted()
      const g = groupAt(startOf, place)
      values.push((await groupValues(column, g))[place - (startOf[g] as number)])
    }
    return values
  }

  function groupValues(column: Column, g: number): Promise<unknown[]> {
    const id = `${g} ${column.name}`
    const group = table.groups[g] as Group
    const found = cells.get(id) ?? { rows: group.rows, values: readGroup(column, g) }
    cells.delete(id) // moves it to the young end
    cells.set(id, found)
    found.values.catch(() => cells.delete(id))
    let kept = 0
    for (const { rows: count } of cells.values()) kept += count
    for (const [old, { rows: count }] of cells) {
      if (kept <= KEEP || old === id) break
      cells.delete(old)
      kept -= count
    }
    return found.values
  }

  async function readGroup(column: Column, g: number): Promise<unknown[]> {
    const group = table.groups[g] as Group
    const start = startOf[g] as number
    try {
      const part: Table = { ...table, groups: [group] }
      const compressors = await compressorsFor(
        table.path,
        column.leaves.flatMap((leaf) => group.chunks[leaf.index] ?? []),
      )
      const bytes = await checkedBytes(part, [column.name], compressors, limits)
      const values: unknown[] = new Array(group.rows)
      await parquetRead({
        file: asyncBuffer(table.path, bytes, limits),
        metadata: table.metadata,
        columns: [column.name],
        rowStart: start,
        rowEnd: start + group.rows,
        ...(compressors ? { compressors } : {}),
        onChunk({ columnData, rowStart }) {
          for (let i = 0; i < columnData.length; i++) values[rowStart - start + i] = columnData[i]
        },
      })
      return values
    } catch (cause) {
      if (isAbort(cause) || cause instanceof TrackioError) throw cause
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new TrackioError(table.path, `${column.name} cannot be read: ${why}`, 'Copy the file again.')
    }
  }
}

/** By row of a run in its order: the row of the file. */
function fileRowsOf({ runs, runOf }: RowTable, run: RunRows): Uint32Array {
  const number = runs.indexOf(run)
  const found = new Uint32Array(run.rows)
  let [row, at] = [0, 0]
  for (const group of runOf)
    for (const of of group) {
      if (of === number) {
        found[run.places?.[at] ?? at] = row
        at++
      }
      row++
    }
  return found
}

/** First row of each group. */
function startsOf(groups: readonly Group[]): number[] {
  let row = 0
  return groups.map((group) => {
    row += group.rows
    return row - group.rows
  })
}

function groupAt(starts: readonly number[], row: number): number {
  let g = 0
  while (g + 1 < starts.length && (starts[g + 1] as number) <= row) g++
  return g
}

function textOf(value: unknown): string {
  const bytes = bytesOfCell(value)
  return bytes ? decodeText(bytes) : ''
}

/** Undefined for null: the row did not log it. */
function jsonTextOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return numberText(value)
  return JSON.stringify(jsonOf(value))
}

import { nextTurn } from '../../bridge/turn.ts'
import { spelledNumber } from '../../compute/spelled-number.ts'
import type { Damage } from '../formats/sqlite/btree.ts'
import type { Pages } from '../formats/sqlite/database-image.ts'
import { lengthOf, numberOf, type RecordCursor, textOf } from '../formats/sqlite/record.ts'
import { readRows } from '../formats/sqlite/schema.ts'
import type { Table } from '../formats/sqlite/sqlite-table.ts'
import { parseValue, type Value } from './export-values.ts'

/**
 * A row as exports see it: cells in the order of the table's columns, integers as bigint; blobs are text,
 * which is all that trackio puts into them.
 */
export interface TableRow {
  cells: Value[]
  /** The JSON column's members; undefined when it is not a JSON object. */
  payload: Map<string, Value> | undefined
  /** Bytes of the JSON column. */
  bytes: number
}

export interface TableQuery {
  table: Table
  /** Column whose members become columns; its own cell is null. */
  json: string | undefined
  /** Of a file with several projects (`project_name`, before 0.0.20): the one that is wanted. */
  project: string
}

/** Other work gets its turn after so many ms. */
const SLICE_MS = 12

/**
 * Rows of a table in row order. Throws AbortError, or what reading the bytes threw; what is damaged is passed
 * over.
 */
export async function eachRow(
  pages: Pages,
  { table, json, project }: TableQuery,
  onRow: (row: TableRow) => void,
  damage: Damage[],
  options: { signal?: AbortSignal | undefined; onPause?: () => void } = {},
): Promise<void> {
  const { columns } = table
  const jsonColumn = json === undefined ? -1 : columns.findIndex((c) => c.toLowerCase() === json)
  const projectColumn = columns.findIndex((c) => c.toLowerCase() === 'project_name')
  let sliceEnds = performance.now() + SLICE_MS
  await readRows(
    pages,
    table.root,
    (row) => {
      if (projectColumn >= 0 && textOf(row, projectColumn) !== project) return
      const cells: Value[] = new Array(columns.length)
      for (let c = 0; c < columns.length; c++) cells[c] = c === jsonColumn ? null : cellAt(row, table, c)
      const value = jsonColumn < 0 ? undefined : parseValue(textOf(row, jsonColumn) ?? '')
      onRow({
        cells,
        payload: value instanceof Map ? decoded(value) : undefined,
        bytes: Math.max(0, lengthOf(row, jsonColumn)),
      })
    },
    damage,
    undefined,
    {
      pauseDue: () => performance.now() > sliceEnds,
      pause: async () => {
        options.onPause?.()
        await nextTurn()
        options.signal?.throwIfAborted()
        sliceEnds = performance.now() + SLICE_MS
      },
    },
  )
}

/**
 * trackio writes non-finite numbers as these three strings, and takes them for numbers at the top level only.
 */
function decoded(payload: Map<string, Value>): Map<string, Value> {
  for (const [key, value] of payload) {
    const number = typeof value === 'string' ? spelledNumber(value) : undefined
    if (number !== undefined) payload.set(key, number)
  }
  return payload
}

function cellAt(row: RecordCursor, table: Table, column: number): Value {
  const name = table.columns[column] as string
  if (column >= row.count) {
    const value = table.defaults?.get(name)
    return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : (value ?? null)
  }
  const type = row.serial[column] as number
  if (type === 0) return column === table.rowidColumn ? BigInt(row.rowid) : null
  if (type === 7) return numberOf(row, column)
  if (type >= 12) return textOf(row, column)
  // eight bytes may hold more than a double does
  return type === 6 ? row.view.getBigInt64(row.offset[column] as number) : BigInt(numberOf(row, column))
}

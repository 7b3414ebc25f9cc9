import { parquetReadObjects } from 'hyparquet'
import { isAbort, TrackioError } from '../../../model/errors.ts'
import type { Json } from '../../../model/run.ts'
import { decodeText, parseLoose } from '../../columns/json.ts'
import { addRow, emptyRows, type RowTableName, type TableRows } from '../table-rows.ts'
import { asyncBuffer } from './fetch.ts'
import { checkedBytes, compressorsFor } from './pages.ts'
import type { Table } from './parquet-table.ts'
import type { Limits } from './plan.ts'

/*
 * The small tables beside the metrics. They have a row for each run or link, so they are read whole, as
 * objects.
 */

type Cells = Record<string, unknown>

/**
 * Rows of a small table as objects; only these columns, where they are named and exist. Throws TrackioError.
 */
async function readRows(table: Table, limits: Limits, names?: readonly string[]): Promise<Cells[]> {
  const columns = table.columns.filter(({ name }) => !names || names.includes(name)).map(({ name }) => name)
  if (columns.length === 0) return Array.from({ length: table.rows }, () => ({}))
  try {
    const chunks = table.groups.flatMap((group) => group.chunks)
    const compressors = await compressorsFor(table.path, chunks)
    const file = asyncBuffer(table.path, await checkedBytes(table, columns, compressors, limits), limits)
    return await parquetReadObjects({
      file,
      metadata: table.metadata,
      columns,
      ...(compressors ? { compressors } : {}),
    })
  } catch (cause) {
    if (isAbort(cause) || cause instanceof TrackioError) throw cause
    throw new TrackioError(
      table.path,
      `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Copy or export it again.',
    )
  }
}

/** Tables with one column for each key of any row: a null means that the row did not set it. */
const FLAT: { [name in RowTableName]?: { column: string; others: string[] } } = {
  configs: { column: 'config', others: ['id', 'run_id', 'run_name', 'created_at'] },
  system_metrics: {
    column: 'metrics',
    others: ['id', 'run_id', 'timestamp', 'run_name', 'log_id', 'space_id'],
  },
}

/** These columns of a small table; the keys of one that is flat are the object of a column again. */
export async function readTableRows(
  table: Table,
  name: RowTableName,
  columns: readonly string[],
  limits: Limits,
): Promise<TableRows> {
  const found = emptyRows(columns)
  const flat = FLAT[name]
  if (!flat) {
    for (const row of await readRows(table, limits, columns)) addRow(found, (column) => textOf(row[column]))
    return found
  }
  const keys = table.columns.map(({ name }) => name).filter((name) => !flat.others.includes(name))
  const asText = keys.length === 1 && keys[0] === flat.column
  for (const row of await readRows(table, limits)) {
    const whole = asText ? jsonOf(row[flat.column]) : undefined
    // by the schema's columns: null structs and lists are left out of the object
    const object = (): Json =>
      Object.fromEntries(
        keys.map((key) => [key, jsonOf(row[key])] as const).filter(([, value]) => value !== null),
      )
    addRow(found, (column) => {
      if (column === flat.column) return isObject(whole) ? whole : object()
      return flat.others.includes(column) ? textOf(row[column]) : null
    })
  }
  return found
}

/** A static export's `runs.json`; undefined where it is no list of runs with names. Ids are null before 0.24. */
export function parseRuns(text: string): TableRows | undefined {
  const list = parseLoose(text)
  if (!Array.isArray(list)) return undefined
  const found = emptyRows(['id', 'name', 'created_at'])
  for (const entry of list) {
    if (!isObject(entry) || typeof entry.name !== 'string') return undefined
    addRow(found, (column) => (typeof entry[column] === 'string' ? entry[column] : null))
  }
  return found
}

/**
 * As JSON has it: integers as the nearest double; members without a value left out, at any depth; JSON text
 * of a foreign exporter parsed.
 */
export function jsonOf(value: unknown): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Uint8Array) return decodeText(value)
  if (typeof value === 'string') {
    const parsed = /^[[{]/.test(value) ? parseLoose(value) : undefined
    return parsed === undefined ? value : parsed
  }
  if (Array.isArray(value)) return value.map(jsonOf)
  if (ArrayBuffer.isView(value)) return Array.from(Object.values(value), jsonOf)
  if (typeof value !== 'object') return String(value)
  const members = Object.entries(value).map(([key, member]) => [key, jsonOf(member)] as const)
  return Object.fromEntries(members.filter(([, member]) => member !== null))
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  const json = jsonOf(value)
  return typeof json === 'object' ? JSON.stringify(json) : String(json)
}

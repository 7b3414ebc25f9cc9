import { parquetReadObjects } from 'hyparquet'
import { isAbort, TrackioError } from '../../../model/errors.ts'
import type { Json, Run } from '../../../model/run.ts'
import { decodeText, parseLoose } from '../../columns/json.ts'
import { addConfig, type LinkRow, runWithoutRows, type Side } from '../sidecar.ts'
import { addRow, emptyRows, ROW_TABLES, type RowTableName, type TableRows } from '../table-rows.ts'
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

const CONFIG_COLUMNS = ['id', 'run_id', 'run_name', 'created_at']

/** One column for each key of any run: a null means that the run did not set it. */
export async function readConfigs(side: Side, table: Table, limits: Limits): Promise<void> {
  const keys = table.columns.map(({ name }) => name).filter((name) => !CONFIG_COLUMNS.includes(name))
  const asText = keys.length === 1 && keys[0] === 'config'
  for (const row of await readRows(table, limits)) {
    const whole = asText ? jsonOf(row.config) : undefined
    // by the schema's columns: null structs and lists are left out of the object
    const flat = Object.fromEntries(
      keys.map((key) => [key, jsonOf(row[key])] as const).filter(([, value]) => value !== null),
    )
    addConfig(side, {
      project: null,
      id: textOf(row.run_id),
      name: textOf(row.run_name),
      config: isObject(whole) ? whole : flat,
    })
  }
}

/** Rows of a table as texts, those of `aux/alerts.parquet`. */
export async function readTexts(table: Table, name: RowTableName, limits: Limits): Promise<TableRows> {
  const found = emptyRows(name)
  for (const row of await readRows(table, limits, ROW_TABLES[name]))
    addRow(found, (column) => textOf(row[column]))
  return found
}

/** `project`: the column that says whose run it is; '' where the table has none. */
export async function readLinks(
  into: LinkRow[],
  table: Table,
  project: string,
  limits: Limits,
): Promise<void> {
  for (const row of await readRows(table, limits, ['run_id', 'run_name', 'created_at', project])) {
    const name = textOf(row.run_name)
    if (name !== null)
      into.push({
        id: textOf(row.run_id),
        name,
        project: textOf(row[project]),
        created: textOf(row.created_at) ?? '',
      })
  }
}

/** What a static export's `runs.json` says of a run. */
export interface ListedRun {
  /** Undefined before 0.24. */
  id: string | undefined
  name: string
  created: string
}

/** Undefined where it is no list of runs. */
export function parseRuns(text: string): ListedRun[] | undefined {
  const list = parseLoose(text)
  if (!Array.isArray(list)) return undefined
  const runs: ListedRun[] = []
  for (const entry of list) {
    if (!isObject(entry) || typeof entry.name !== 'string') return undefined
    runs.push({
      id: typeof entry.id === 'string' ? entry.id : undefined,
      name: entry.name,
      created: typeof entry.created_at === 'string' ? entry.created_at : '',
    })
  }
  return runs
}

/** Runs of `runs.json` that are not among the known ones: by id where both have one, else by name. */
export function missingRuns(
  side: Side,
  listed: readonly ListedRun[],
  known: readonly { id: string | null; name: string }[],
  hasIds: boolean,
): Run[] {
  return listed
    .filter(
      ({ id, name }) =>
        !known.some((run) =>
          hasIds && id !== undefined && run.id !== null ? run.id === id : run.name === name,
        ),
    )
    .map(({ id, name, created }) =>
      runWithoutRows(side, { id: (hasIds ? id : undefined) ?? null, name, created }, hasIds),
    )
}

/**
 * As JSON has it: integers as the nearest double; members without a value left out, at any depth; JSON text
 * of a foreign exporter parsed.
 */
function jsonOf(value: unknown): Json {
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

import { TrackioError } from '../../../model/errors.ts'
import type { WaitOptions } from '../../../storage/tree.ts'
import { columnsOf } from '../sqlite/schema.ts'

/*
 * What is asked of a server, as SQL. `query_project` is its one way to logged values that neither samples them nor turns NaN into null:
 * payloads go through as the text they are. It takes one statement without parameters, so nothing stands in these but numbers, and names of
 * tables and columns that are written here. Names are short: every answer repeats the statement, and its columns in each row.
 */

/** Asks a project's database; rows as the server gives them. */
export type Query = (sql: string, options?: WaitOptions) => Promise<Row[]>
export type Row = { [column: string]: unknown }

/** Columns by table, both in lower case; and the length of all definitions together, which differs once a table is made or altered. */
export interface Tables {
  columns: Map<string, string[]>
  schema: number
}

/** Tables whose rows are read here. */
const READ = ['metrics', 'configs', 'run_artifact_links', 'external_run_artifact_links'] as const
export type ReadTable = (typeof READ)[number]
export type LinkTable = 'run_artifact_links' | 'external_run_artifact_links'

/**
 * How a project's database stands, of one moment. Ids of rows only ever rise (trackio's tables never give one again, and a rename writes its
 * rows anew), so rows and highest id of a table tell what was added; and, with the rows already known, whether any went away.
 */
export interface Head {
  /** As in Tables. */
  schema: number
  /** Rows and highest id, 0 and 0 where the table is missing or empty. */
  tables: Record<ReadTable, [rows: number, highest: number]>
}

export const SCHEMA_SQL = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"

export function tablesOf(rows: Row[]): Tables {
  const tables: Tables = { columns: new Map(), schema: 0 }
  for (const { name, sql } of rows) {
    if (typeof name !== 'string' || typeof sql !== 'string') continue
    const columns = columnsOf(sql).columns.map((column) => column.toLowerCase())
    tables.columns.set(name.toLowerCase(), columns)
    tables.schema += [...sql].length // in characters, as SQLite counts
  }
  return tables
}

export function headSql(tables: Tables): string {
  const parts = READ.flatMap((table, i) =>
    tables.columns.has(table) ? [`(SELECT COUNT(*) FROM ${table}) AS n${i}`, `(SELECT MAX(rowid) FROM ${table}) AS i${i}`] : [],
  )
  return `SELECT ${[...parts, "(SELECT SUM(LENGTH(sql)) FROM sqlite_master WHERE type = 'table') AS s"].join(', ')}`
}

export function headOf(row: Row | undefined): Head {
  const number = (name: string): number => {
    const value = row?.[name]
    return typeof value === 'number' ? value : 0
  }
  return makeHead(
    number('s'),
    READ.flatMap((_, i) => [number(`n${i}`), number(`i${i}`)]),
  )
}

/** A head as the stamp of a unit, and back. A project whose database the server itself cannot read has `!` and the reason as its stamp. */
export function stampOf(head: Head): string {
  return [head.schema, ...READ.flatMap((table) => head.tables[table])].join(' ')
}

/** Throws TrackioError for the stamp of a project that the server could not read. */
export function headOfStamp(project: string, stamp: string): Head {
  if (stamp.startsWith('!'))
    throw new TrackioError(project, stamp.slice(1), 'The server itself cannot read this project: look at its .db file.')
  const [schema = 0, ...numbers] = stamp.split(' ').map(Number)
  return makeHead(schema, numbers)
}

function makeHead(schema: number, [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0]: number[]): Head {
  return { schema, tables: { metrics: [a, b], configs: [c, d], run_artifact_links: [e, f], external_run_artifact_links: [g, h] } }
}

/**
 * Which rows of a table: ids from `from` to `to`, both included, the first `limit` of them; or those with the ids in `ids`. Of a row that is
 * `known` the payload is left out.
 */
export type Range = { from: number; to: number; limit: number; known?: number } | { ids: number[] }

/** Rows of metrics in order of id: i id, p project, r run id, n run name, t timestamp, s step, m payload as text, or as hexadecimal digits. */
export function metricsSql(tables: Tables, range: Range, payload: 'text' | 'hex'): string {
  const words = payload === 'text' ? 'CAST(metrics AS TEXT)' : 'HEX(metrics)'
  const known = 'known' in range && range.known !== undefined ? range.known : undefined
  return select('metrics', range, [
    ...some(tables, 'metrics', { project_name: 'p', run_id: 'r', run_name: 'n', timestamp: 't' }),
    ...(has(tables, 'metrics', 'step') ? ['step AS s'] : []),
    known === undefined ? `${words} AS m` : `CASE WHEN rowid <> ${whole(known)} THEN ${words} END AS m`,
  ])
}

/** Rows of configs: i id, p project, r run id, n run name, c config. */
export function configsSql(tables: Tables, range: Range): string {
  return select('configs', range, some(tables, 'configs', { project_name: 'p', run_id: 'r', run_name: 'n', config: 'c' }))
}

/** Rows of a table of links: i id, r run id, n run name, p the run's project, t time. */
export function linksSql(tables: Tables, table: LinkTable, range: Range): string {
  return select(table, range, some(tables, table, { run_id: 'r', run_name: 'n', run_project: 'p', created_at: 't' }))
}

export function has(tables: Tables, table: ReadTable, column: string): boolean {
  return tables.columns.get(table)?.includes(column) ?? false
}

/** Those of the columns that the table has, as text. */
function some(tables: Tables, table: ReadTable, names: Record<string, string>): string[] {
  return Object.entries(names).flatMap(([column, as]) => (has(tables, table, column) ? [`CAST(${column} AS TEXT) AS ${as}`] : []))
}

function select(table: ReadTable, range: Range, columns: string[]): string {
  const where =
    'ids' in range ? `rowid IN (${range.ids.map(whole).join(',')})` : `rowid BETWEEN ${whole(range.from)} AND ${whole(range.to)}`
  const limit = 'ids' in range ? '' : ` LIMIT ${whole(range.limit)}`
  return `SELECT ${['rowid AS i', ...columns].join(', ')} FROM ${table} WHERE ${where} ORDER BY rowid${limit}`
}

function whole(n: number): string {
  if (!Number.isSafeInteger(n)) throw new RangeError(`row id ${n}: not a whole number`)
  return String(n)
}

export function idOf(row: Row): number {
  return typeof row.i === 'number' ? row.i : Number.NaN
}

/** A value of a row as text; null where it is NULL or the table has no such column. */
export function textAt(row: Row, column: string): string | null {
  const value = row[column]
  return value === null || value === undefined ? null : String(value)
}

/** Ids of `places` stretches of `length` rows each, spread evenly over the ids 1 to `highest`; ascending, some may not exist. */
export function spreadIds(highest: number, places: number, length: number): number[] {
  const ids: number[] = []
  for (let place = 0; place < places; place++) {
    const from = 1 + Math.floor(((highest - length) * place) / Math.max(1, places - 1))
    for (let id = Math.max(from, (ids.at(-1) ?? 0) + 1); id < from + length && id <= highest; id++) ids.push(id)
  }
  return ids
}

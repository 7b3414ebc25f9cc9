import { TrackioError } from '../../../model/errors.ts'
import type { WaitOptions } from '../../../storage/tree.ts'
import { columnsOf } from '../sqlite/schema.ts'
import { RUN_TABLES, type RunTableName } from '../table-rows.ts'

/*
 * What is asked of a server, as SQL. `query_project` is its one way to logged values that neither samples
 * them nor turns NaN into null: payloads go through as the text they are. It takes one statement without
 * parameters, so nothing stands in these but numbers, and names of tables and columns that are written here.
 * Names are short: every answer repeats the statement, and its columns in each row.
 */

/** Asks a project's database; rows as the server gives them. */
export type Query = (sql: string, options?: WaitOptions) => Promise<Row[]>
export type Row = { [column: string]: unknown }

/**
 * Columns by table, both in lower case; and the length of all definitions together, which differs once a
 * table is made or altered.
 */
export interface Tables {
  columns: Map<string, string[]>
  /**
   * The `id` of metrics is a column like any other, which rows may lack (tables that pandas rebuilt): it
   * ranks rows of one time.
   */
  ranked: boolean
  schema: number
}

/** Tables beside the metrics that are looked at each time. */
export const BESIDE = ['configs', 'run_artifact_links', 'external_run_artifact_links'] as const

/**
 * How a project's database stands, of one moment. Ids of rows only ever rise (trackio's tables never give one
 * again, and a rename writes its rows anew), so the highest tells what was added, and the gaps below it
 * whether anything went away.
 */
export interface Head {
  /** As in Tables. */
  schema: number
  /** Highest row id of metrics, 0 where there is none. */
  highest: number
  /**
   * Ids up to it that no row has, as of the last time that rows were counted: counting two million takes a
   * tenth of a second, the rest nothing.
   */
  gaps: number
  /** Rows and highest id, 0 and 0 where the table is missing or empty. */
  beside: Record<RunTableName, [rows: number, highest: number]>
}

export const SCHEMA_SQL = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"

export function tablesOf(rows: Row[]): Tables {
  const tables: Tables = { columns: new Map(), ranked: false, schema: 0 }
  for (const { name, sql } of rows) {
    if (typeof name !== 'string' || typeof sql !== 'string') continue
    const made = columnsOf(sql)
    const columns = made.columns.map((column) => column.toLowerCase())
    tables.columns.set(name.toLowerCase(), columns)
    if (name.toLowerCase() === 'metrics')
      tables.ranked = columns.includes('id') && columns[made.rowidColumn] !== 'id'
    tables.schema += [...sql].length // in characters, as SQLite counts
  }
  return tables
}

/** `counted`: with the number of rows, for the gaps. */
export function headSql(tables: Tables, counted: boolean): string {
  const has = (table: string): boolean => tables.columns.has(table)
  const parts = [
    ...(has('metrics') ? ['(SELECT MAX(rowid) FROM metrics) AS i'] : []),
    ...(has('metrics') && counted ? ['(SELECT COUNT(*) FROM metrics) AS n'] : []),
    ...BESIDE.flatMap((table, t) =>
      has(table)
        ? [`(SELECT COUNT(*) FROM ${table}) AS n${t}`, `(SELECT MAX(rowid) FROM ${table}) AS i${t}`]
        : [],
    ),
    "(SELECT SUM(LENGTH(sql)) FROM sqlite_master WHERE type = 'table') AS s",
  ]
  return `SELECT ${parts.join(', ')}`
}

export function headOf(row: Row | undefined, before?: Head): Head {
  const number = (name: string): number => {
    const value = row?.[name]
    return typeof value === 'number' ? value : 0
  }
  const gaps = row && 'n' in row ? number('i') - number('n') : (before?.gaps ?? 0)
  const beside = BESIDE.flatMap((_, t) => [number(`n${t}`), number(`i${t}`)])
  return makeHead([number('s'), number('i'), gaps, ...beside])
}

/**
 * A head as the stamp of a unit, and back. A project whose database the server itself cannot read has `!` and
 * the reason as its stamp.
 */
export function stampOf({ schema, highest, gaps, beside }: Head): string {
  return [schema, highest, gaps, ...BESIDE.flatMap((table) => beside[table])].join(' ')
}

/** Throws TrackioError for the stamp of a project that the server could not read. */
export function headOfStamp(project: string, stamp: string): Head {
  if (!stamp.startsWith('!')) return makeHead(stamp.split(' ').map(Number))
  throw new TrackioError(
    project,
    stamp.slice(1),
    'The server itself cannot read this project: look at its .db file.',
  )
}

function makeHead([
  schema = 0,
  highest = 0,
  gaps = 0,
  a = 0,
  b = 0,
  c = 0,
  d = 0,
  e = 0,
  f = 0,
]: number[]): Head {
  return {
    schema,
    highest,
    gaps,
    beside: { configs: [a, b], run_artifact_links: [c, d], external_run_artifact_links: [e, f] },
  }
}

/**
 * Rows of metrics with ids up to this one, as `n`. Counting what came behind is cheap, and all of them at
 * once is what SQLite has a short way for.
 */
export function countSql(upTo: number): string {
  return `SELECT (SELECT COUNT(*) FROM metrics) - (SELECT COUNT(*) FROM metrics WHERE rowid > ${whole(upTo)}) AS n`
}

/**
 * Which rows of a table: ids from `from` to `to`, both included, the first `limit` of them; or those with the
 * ids in `ids`. Of a row that is `known` the payload is left out.
 */
export type Range =
  | { from: number; to: number; limit: number; known?: number | undefined }
  | { ids: number[] }

/**
 * Rows of metrics in order of id: i id, p project, r run id, n run name, t timestamp, s step, o rank, m
 * payload as text, or as hexadecimal digits.
 */
export function metricsSql(tables: Tables, range: Range, payload: 'text' | 'hex'): string {
  const words = payload === 'text' ? 'CAST(metrics AS TEXT)' : 'HEX(metrics)'
  const known = 'known' in range && range.known !== undefined ? range.known : undefined
  return select('metrics', range, [
    ...some(tables, 'metrics', { project_name: 'p', run_id: 'r', run_name: 'n', timestamp: 't' }),
    ...(has(tables, 'metrics', 'step') ? ['step AS s'] : []),
    ...(tables.ranked ? ['id AS o'] : []),
    known === undefined ? `${words} AS m` : `CASE WHEN rowid <> ${whole(known)} THEN ${words} END AS m`,
  ])
}

/** Rows of a table that says something of runs, their columns by the letters of `letterOf`; i is the id. */
export function runTableSql(tables: Tables, table: RunTableName, range: Range): string {
  const columns = RUN_TABLES[table].map((column, place) => [column, letterOf(place)])
  return select(table, range, some(tables, table, Object.fromEntries(columns)))
}

/** What stands for the column at a place among those that are asked for: a, b, …. */
export function letterOf(place: number): string {
  return String.fromCharCode(97 + place)
}

/**
 * Rows of another table with ids from `from` on, `limit` of them, all as text under the names of their
 * columns; i is the id.
 */
export function tableSql(
  tables: Tables,
  table: string,
  columns: readonly string[],
  from: number,
  limit: number,
): string {
  const there = columns.filter((column) => tables.columns.get(table)?.includes(column))
  const texts = there.map((column) => `CAST("${column}" AS TEXT) AS "${column}"`)
  return `SELECT ${['rowid AS i', ...texts].join(', ')} FROM ${table} WHERE rowid >= ${whole(from)} ORDER BY rowid LIMIT ${whole(limit)}`
}

export function has(tables: Tables, table: 'metrics' | RunTableName, column: string): boolean {
  return tables.columns.get(table)?.includes(column) ?? false
}

/** Those of the columns that the table has, as text. */
function some(tables: Tables, table: 'metrics' | RunTableName, names: Record<string, string>): string[] {
  return Object.entries(names).flatMap(([column, as]) =>
    has(tables, table, column) ? [`CAST(${column} AS TEXT) AS ${as}`] : [],
  )
}

function select(table: 'metrics' | RunTableName, range: Range, columns: string[]): string {
  const where =
    'ids' in range
      ? `rowid IN (${range.ids.map(whole).join(',')})`
      : `rowid BETWEEN ${whole(range.from)} AND ${whole(range.to)}`
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

/**
 * Ids of `places` stretches of `length` rows each, spread evenly over the ids 1 to `highest`; ascending, some
 * may not exist.
 */
export function spreadIds(highest: number, places: number, length: number): number[] {
  const ids: number[] = []
  for (let place = 0; place < places; place++) {
    const from = 1 + Math.floor(((highest - length) * place) / Math.max(1, places - 1))
    for (let id = Math.max(from, (ids.at(-1) ?? 0) + 1); id < from + length && id <= highest; id++)
      ids.push(id)
  }
  return ids
}

import { nextTurn } from '../../bridge/turn.ts'
import { formatPlural } from '../../compute/format.ts'
import { TrackioError } from '../../model/errors.ts'
import type { Json } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'
import { memoryFile } from '../../storage/opfs/sync-file.ts'
import type { LoggedRun, ProjectReader } from '../formats/dataset.ts'
import type { SqlFile } from '../formats/sqlite/sql-file.ts'
import { addFile, dropFiles, newName, startSqlite } from '../formats/sqlite/sqlite.ts'
import { ROW_TABLES, type RowTableName, type TableRows } from '../formats/table-rows.ts'

/*
 * The tables of a project as its reader shows them, as a database, where no file of the source is one (Parquet, a
 * server, log fragments) or shows all of it: those that a statement names with their rows, the others empty.
 */

const METRICS = ['id', 'run_id', 'timestamp', 'run_name', 'step', 'metrics'] as const
const TABLES: Record<string, readonly string[]> = { metrics: METRICS, ...ROW_TABLES }

/** All other columns hold text. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...['id', 'step', 'trace_index', 'version', 'size_bytes', 'next_version', 'collection_version'],
  ...['artifact_id', 'artifact_version_id', 'collection_id', 'link_id'],
  ...['source_version', 'source_version_id', 'source_size_bytes'],
])

/** Rows of metrics that are copied; more take minutes, and memory that a page does not get. */
const MOST_ROWS = 2_000_000
/** Rows that are asked for at once. */
const AT_ONCE = 512
/** Other work gets its turn after so many ms. */
const SLICE_MS = 12

interface Copying {
  signal?: AbortSignal | undefined
  /** Rows copied so far, of how many, where that is known. */
  onRows?: ((table: string, rows: number, of: number) => void) | undefined
}

/** Names of tables that stand in a statement as words. */
export function tablesIn(text: string): string[] {
  const words = new Set(text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]*/gu))
  return Object.keys(TABLES).filter((name) => words.has(name))
}

/** More rows of metrics than a copy takes. */
export function isTooLong(reader: ProjectReader): boolean {
  return rowsOf(reader) > MOST_ROWS
}

/**
 * Makes the database of these tables. `notices`: what of them cannot be read, or is not there. Throws AbortError,
 * TrackioError where there are too many rows, or reading failed.
 */
export async function copyTables(
  path: string,
  reader: ProjectReader,
  tables: readonly string[],
  { signal, onRows }: Copying = {},
): Promise<{ file: SqlFile; notices: Notice[] }> {
  const { open } = await startSqlite()
  const name = newName()
  const file = memoryFile()
  const notices: Notice[] = []
  addFile(name, file)
  try {
    const db = open(name, '', 'c')
    let sliceEnds = performance.now() + SLICE_MS
    const breathe = async (): Promise<void> => {
      if (performance.now() <= sliceEnds) return
      await nextTurn()
      signal?.throwIfAborted()
      sliceEnds = performance.now() + SLICE_MS
    }
    try {
      db.exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN')
      for (const [table, columns] of Object.entries(TABLES)) db.exec(createTable(table, columns))
      for (const table of tables) {
        const columns = TABLES[table] ?? []
        const insert = db.prepare(`INSERT INTO "${table}" VALUES (${columns.map(() => '?').join(', ')})`)
        const add = (row: readonly (string | number | null)[]): void => {
          insert.bind([...row]).stepReset()
        }
        try {
          if (table === 'metrics') await copyMetrics(reader, add, breathe, { signal, onRows }, path)
          else {
            const named = table as RowTableName
            const found = await copyTable(reader, named, columns, add, breathe, { signal, onRows })
            notices.push(...(found ?? [lacking(path, table)]))
          }
        } finally {
          insert.finalize()
        }
      }
      db.exec('COMMIT')
    } finally {
      db.close()
    }
    const bytes = new Uint8Array(file.size)
    file.read(bytes, 0)
    return { file: { path, db: new Blob([bytes]), wal: undefined }, notices }
  } finally {
    dropFiles(name)
  }
}

function createTable(table: string, columns: readonly string[]): string {
  // the one id that is a text
  const isNumber = (column: string): boolean =>
    NUMBERS.has(column) && !(table === 'traces' && column === 'id')
  return `CREATE TABLE "${table}" (${columns.map((column) => `"${column}" ${isNumber(column) ? 'INTEGER' : 'TEXT'}`).join(', ')})`
}

type Add = (row: readonly (string | number | null)[]) => void

async function copyMetrics(
  reader: ProjectReader,
  add: Add,
  breathe: () => Promise<void>,
  { signal, onRows }: Copying,
  path: string,
): Promise<void> {
  const runs = reader.runs()
  const total = rowsOf(reader)
  if (isTooLong(reader))
    throw new TrackioError(
      path,
      `${formatPlural(total, 'row')} are too many for a copy in this page, which SQL needs of a source that is no database (${MOST_ROWS.toLocaleString('en')} at most)`,
      'Open its .db file, which is asked as it lies; or ask about other tables.',
    )
  const keys = [...new Set([...reader.keys().names, ...(reader.others?.() ?? []).map(({ name }) => name)])]
  let id = 0
  for (const run of runs) {
    for (let from = 0; from < run.rows; from += AT_ONCE) {
      signal?.throwIfAborted()
      onRows?.('metrics', id, total)
      const rows = Uint32Array.from({ length: Math.min(AT_ONCE, run.rows - from) }, (_, i) => from + i)
      const stored = (await reader.storedRows?.(run, { rows, keys }, signal)) ?? []
      for (const [i, row] of rows.entries()) {
        const found = stored[i]
        if (!found)
          throw new TrackioError(
            path,
            `row ${row + 1} of ${run.name} is not found there any more`,
            'Look at the source again.',
          )
        const { members, timestamp, unreadable } = found
        const payload =
          unreadable ?? `{${[...members].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`
        add([++id, run.id ?? run.name, timestamp, run.name, stepOf(run, row), payload])
      }
      await breathe()
    }
  }
  onRows?.('metrics', id, total)
}

function rowsOf(reader: ProjectReader): number {
  return reader.runs().reduce((sum, { rows }) => sum + rows, 0)
}

/** 0 rows would look as if nothing was logged. */
function lacking(path: string, table: string): Notice {
  return { level: 'info', subject: path, text: `has no table ${table}: it was asked as one without rows` }
}

/** What of it cannot be read; undefined where there is no such table. */
async function copyTable(
  reader: ProjectReader,
  table: RowTableName,
  columns: readonly string[],
  add: Add,
  breathe: () => Promise<void>,
  { signal, onRows }: Copying,
): Promise<Notice[] | undefined> {
  let rows = 0
  const parts: TableRows[] = []
  const last = await reader.tableRows?.(table, signal, (part) => void parts.push(part), columns)
  if (last) parts.push(last)
  for (const part of parts) {
    for (let row = 0; row < part.rows; row++) {
      add(columns.map((column) => cellOf(part.columns[column]?.[row] ?? null)))
      rows++
      if ((row & 255) === 0) await breathe()
    }
    onRows?.(table, rows, 0)
  }
  return parts.length > 0 ? parts.flatMap(({ notices }) => notices) : undefined
}

function stepOf(run: LoggedRun, row: number): number | null {
  const step = run.columns.steps.data[row] as number
  return Number.isNaN(step) ? null : step
}

function cellOf(value: Json): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  // as trackio spells them
  return JSON.stringify(value, (_, member) =>
    typeof member === 'number' && !Number.isFinite(member) ? String(member) : member,
  )
}

import { setCell } from '../../compute/logged-table/columns.ts'
import { isAbort, TrackioError } from '../../model/errors.ts'
import type { FileHeader } from '../../model/file.ts'
import { type Bytes, memoryBytes } from '../../storage/bytes.ts'
import { type Database, openDatabase } from '../formats/sqlite/database.ts'
import { parseHeader } from '../formats/sqlite/database-header.ts'
import { makeImage } from '../formats/sqlite/database-image.ts'
import { takeFailure } from '../formats/sqlite/sqlite.ts'
import { readWal } from '../formats/sqlite/wal.ts'
import { cellValue } from './cell-values.ts'
import type { OpenFile } from './open-file.ts'
import { addColumn, type RowReader } from './row-reader.ts'

/** Rows that are read at once; behind a network SQLite waits for each page. */
const NEAR = 2000
const FAR = 200
/** What a row is taken to cost, bytes: of a database nobody knows before it is read. */
const NEAR_ROW = 128
const FAR_ROW = 8192
/** A database behind a network that is read whole before its rows are. */
const WHOLE = 64 << 20
/**
 * Steps of SQLite for one piece of rows, some seconds: a view may have no end, and nobody else is answered while SQLite
 * looks for it.
 */
const MOST_STEPS = 3e8
/** Databases that stay open in SQLite. */
const KEEP = 4

interface Opened {
  db: Database
  notes: string[]
}

const opened = new Map<OpenFile, Promise<Opened>>()

/** A database of the project's files, as its last commit left it: a log beside it is taken in. */
export function openTables(file: OpenFile, signal: AbortSignal | undefined): Promise<Opened> {
  const known = opened.get(file)
  opened.delete(file) // moves it to the young end
  const now = known ?? open(file, signal)
  opened.set(file, now)
  if (!known) now.catch(() => opened.get(file) === now && opened.delete(file))
  for (const [old, one] of opened) {
    if (opened.size <= KEEP) break
    opened.delete(old)
    void one.then(
      ({ db }) => db.close(),
      () => undefined,
    )
  }
  return now
}

async function open(file: OpenFile, signal: AbortSignal | undefined): Promise<Opened> {
  const header = parseHeader(await file.bytes.load(0, 100))
  if (!header)
    throw new TrackioError(file.ref.path, 'no SQLite database that can be read', 'Copy the file again.')
  const log = await file.beside(`${file.ref.path}-wal`, signal)
  const wal = log && log.size > 0 ? log : undefined
  const index = wal && (await readWal(wal))
  const image = makeImage(header, file.bytes, wal, index)
  const notes = image.wal ? ['with the rows of its write-ahead log'] : []
  if (header.damage) notes.push(header.damage)
  return { db: await openDatabase(image), notes }
}

export async function sqliteHeader(
  file: OpenFile,
  signal: AbortSignal | undefined,
): Promise<Extract<FileHeader, { kind: 'sqlite' }>> {
  const { db, notes } = await openTables(file, signal)
  const rows = asked(file, () =>
    db.rows("SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY rowid"),
  )
  return {
    kind: 'sqlite',
    tables: rows.map(([type, name, sql]) => ({
      name: String(name),
      view: type === 'view',
      sql: typeof sql === 'string' ? sql : '',
    })),
    notes,
  }
}

/** Rows of a table or view, in the order of their ids where they have some. */
export async function sqliteRows(
  file: OpenFile,
  table: string,
  signal: AbortSignal | undefined,
  mostSteps = MOST_STEPS,
): Promise<RowReader> {
  const { db, notes } = await openTables(file, signal)
  const name = `"${table.replaceAll('"', '""')}"`
  const columns = asked(file, () =>
    // as `*` has them: with those that are computed, without the hidden ones of virtual tables
    db.rows('SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1', [table]),
  ).map(([column]) => String(column))
  if (columns.length === 0)
    throw new TrackioError(`${file.name}: ${table}`, 'no table or view of this name', 'Choose another one.')
  const ordered = hasRowIds(db, table, name, columns)
  let last: number | bigint | undefined
  let taken = 0
  return {
    async more(into, wanted) {
      wanted?.throwIfAborted()
      for (const column of columns) if (!into.byName.has(column)) addColumn(into, column)
      const count = file.far ? FAR : NEAR
      // an integer beyond 2^53 goes into SQL as it is: it comes from SQLite itself
      const query = ordered
        ? `SELECT _rowid_, * FROM ${name}${last === undefined ? '' : ` WHERE _rowid_ > ${last}`} ORDER BY _rowid_ LIMIT ${count}`
        : `SELECT NULL, * FROM ${name} LIMIT ${count} OFFSET ${taken}`
      const rows = asked(file, () => db.rows(query, [], mostSteps))
      for (const [id, ...cells] of rows) {
        const at = into.rows++
        for (const [i, cell] of cells.entries()) {
          const column = into.columns[i]
          if (column) setCell(column, at, cellValue(cell))
        }
        last = id as number | bigint
      }
      taken += rows.length
      return rows.length === count
    },
    cost: () => taken * (file.far ? FAR_ROW : NEAR_ROW),
    notes: () => notes,
  }
}

/** Reads all of a smaller database at once, before SQLite asks for it page by page. */
export async function takeWhole(file: OpenFile): Promise<void> {
  if (!file.far || file.size > WHOLE) return
  const whole: Bytes = memoryBytes(await file.bytes.load(0, file.size))
  file.bytes.read = whole.read
}

function hasRowIds(db: Database, table: string, name: string, columns: readonly string[]): boolean {
  if (columns.some((column) => column.toLowerCase() === '_rowid_')) return false
  try {
    const [kind] = db.rows("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", [table])
    if (!kind) return false
    db.rows(`SELECT _rowid_ FROM ${name} LIMIT 0`)
    return true
  } catch {
    // WITHOUT ROWID
    return false
  }
}

function asked<T>(file: OpenFile, ask: () => T): T {
  try {
    return ask()
  } catch (cause) {
    const failure = takeFailure()
    if (isAbort(cause)) throw cause
    if (failure instanceof TrackioError) throw failure
    const why = cause instanceof Error ? cause.message : String(cause)
    if (/SQLITE_INTERRUPT|interrupted/i.test(why))
      throw new TrackioError(
        file.ref.path,
        'its rows take longer than some seconds to find, or for ever',
        'Download it, and look at it with SQLite itself.',
      )
    throw new TrackioError(
      file.ref.path,
      `SQLite: ${why}`,
      'Copy the file again, or look at it with SQLite itself.',
    )
  }
}

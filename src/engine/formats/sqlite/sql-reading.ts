import { nextTurn } from '../../../bridge/turn.ts'
import { TrackioError } from '../../../model/errors.ts'
import type { SqlAnswer } from '../../../model/sql.ts'
import type { SqlValue } from '../../../model/tracking.ts'
import { decodeStrictly } from '../../columns/json.ts'
import { addFile, dropFiles, newName, type Sqlite, type SqliteDatabase, startSqlite } from './sqlite.ts'
import type { ImageFile } from './vfs.ts'

/*
 * A person's SQL over a database, read only three times over: the file layer refuses to write, the connection is
 * opened read only, and the engine asks for each thing that a statement would do.
 */

export interface SqlReading {
  /**
   * Rows of one statement. `onRows` hears of them a few times a second. Throws TrackioError, in SQLite's words and with
   * the place in the text; AbortError, between two rows.
   */
  ask(asked: SqlAsked, signal?: AbortSignal | undefined, onRows?: (rows: number) => void): Promise<Answered>
  close(): void
}

export interface SqlAsked {
  text: string
  bind: readonly SqlValue[]
  most: number
}

export type Answered = Pick<SqlAnswer, 'columns' | 'rows' | 'truncated' | 'took'>

/** Bytes of a pointer in SQLite's memory. */
const POINTER = 4
/** An answer of more than this would not find room in a page. */
const MOST_BYTES = 256 << 20
/** Other work gets its turn after so many ms. */
const SLICE_MS = 12
const TELL_MS = 250

/** Opens an image or a file for reading. SQLite itself is loaded at the first call. */
export async function openReading(file: ImageFile): Promise<SqlReading> {
  const sqlite = await startSqlite()
  const name = newName()
  addFile(name, file)
  let db: SqliteDatabase
  try {
    db = sqlite.open(name, '&immutable=1', 'r')
  } catch (cause) {
    dropFiles(name)
    throw cause
  }
  const refused = guard(sqlite, db)
  return {
    ask: (asked, signal, onRows) => ask(sqlite, db, refused, asked, signal, onRows),
    close() {
      db.close()
      dropFiles(name)
    },
  }
}

/** What SQLite asked to do last, and was not let: words for a person. */
type Refused = () => string | undefined

/** Pragmas that tell of the schema; with a value (but the name of a table) any of them could change something. */
const PRAGMAS = [
  ...['table_info', 'table_xinfo', 'table_list', 'index_list', 'index_info', 'index_xinfo'],
  ...['foreign_key_list', 'database_list'],
]

function guard({ sqlite3 }: Sqlite, db: SqliteDatabase): Refused {
  const { capi } = sqlite3
  let refused: string | undefined
  const words = new Map<number, string>([
    [capi.SQLITE_INSERT, 'INSERT'],
    [capi.SQLITE_UPDATE, 'UPDATE'],
    [capi.SQLITE_DELETE, 'DELETE'],
    [capi.SQLITE_ATTACH, 'ATTACH'],
    [capi.SQLITE_DETACH, 'DETACH'],
    [capi.SQLITE_TRANSACTION, 'a transaction'],
    [capi.SQLITE_SAVEPOINT, 'a savepoint'],
    [capi.SQLITE_PRAGMA, 'PRAGMA'],
    [capi.SQLITE_ALTER_TABLE, 'ALTER TABLE'],
    [capi.SQLITE_REINDEX, 'REINDEX'],
    [capi.SQLITE_ANALYZE, 'ANALYZE'],
  ])
  const code = capi.sqlite3_set_authorizer(
    db,
    (_context, action, first, second) => {
      const allowed =
        action === capi.SQLITE_SELECT ||
        action === capi.SQLITE_READ ||
        action === capi.SQLITE_RECURSIVE ||
        (action === capi.SQLITE_FUNCTION && String(second).toLowerCase() !== 'load_extension') ||
        (action === capi.SQLITE_PRAGMA && isOfSchema(String(first).toLowerCase(), second))
      if (allowed) return capi.SQLITE_OK
      refused ??= [words.get(action) ?? 'what it would do', first].filter(Boolean).join(' ')
      return capi.SQLITE_DENY
    },
    0,
  )
  if (code !== 0) throw new Error(`sqlite: statements cannot be kept from writing (${code})`)
  return () => {
    const was = refused
    refused = undefined
    return was
  }
}

function isOfSchema(pragma: string, value: string | 0): boolean {
  return PRAGMAS.includes(pragma) || (pragma === 'user_version' && !value)
}

async function ask(
  sqlite: Sqlite,
  db: SqliteDatabase,
  refused: Refused,
  { text, bind, most }: SqlAsked,
  signal: AbortSignal | undefined,
  onRows: ((rows: number) => void) | undefined,
): Promise<Answered> {
  refused()
  const { capi } = sqlite.sqlite3
  const fail = (cause?: unknown): TrackioError => failureOf(sqlite, db, text, refused(), cause)
  checkSingle(sqlite, db, text, fail)
  const started = performance.now()
  let statement: ReturnType<SqliteDatabase['prepare']>
  try {
    statement = db.prepare(text)
  } catch (cause) {
    throw fail(cause)
  }
  try {
    if (bind.length > 0) statement.bind([...bind])
    const columns = statement.getColumnNames()
    const rows: SqlValue[][] = []
    let [bytes, truncated] = [0, false]
    let [sliceEnds, tellAt] = [started + SLICE_MS, started + TELL_MS]
    // a step that takes long says that it goes on
    capi.sqlite3_progress_handler(
      db,
      1_000_000,
      () => {
        const now = performance.now()
        if (now > tellAt) {
          tellAt = now + TELL_MS
          onRows?.(rows.length)
        }
        return 0
      },
      0,
    )
    while (statement.step()) {
      if (rows.length === most || bytes > MOST_BYTES) {
        truncated = true
        break
      }
      const row = statement.get([]).map(cellOf)
      for (const value of row)
        bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8
      rows.push(row)
      const now = performance.now()
      if (now <= sliceEnds) continue
      if (now > tellAt) {
        tellAt = now + TELL_MS
        onRows?.(rows.length)
      }
      await nextTurn()
      signal?.throwIfAborted()
      sliceEnds = performance.now() + SLICE_MS
    }
    return { columns, rows, truncated, took: performance.now() - started }
  } catch (cause) {
    throw cause instanceof DOMException || cause instanceof TrackioError ? cause : fail(cause)
  } finally {
    capi.sqlite3_progress_handler(db, 0, 0, 0)
    statement.finalize()
  }
}

/** Throws where a text has no statement, or something behind the first. */
function checkSingle(
  { sqlite3 }: Sqlite,
  db: SqliteDatabase,
  text: string,
  fail: (cause?: unknown) => TrackioError,
): void {
  const { capi, wasm } = sqlite3
  const bytes = new TextEncoder().encode(text)
  const start = Number(wasm.alloc(bytes.length + 1 + 2 * POINTER))
  const [statementAt, tailAt] = [start + bytes.length + 1, start + bytes.length + 1 + POINTER]
  const end = start + bytes.length
  const pointerAt = (at: number): number => new DataView(wasm.heap8u().buffer).getUint32(at, true)
  /** Where the next statement from there ends, if there is one. */
  function next(from: number): { found: boolean; tail: number; code: number } {
    const code = capi.sqlite3_prepare_v3(db, from, -1, 0, statementAt, tailAt)
    const statement = pointerAt(statementAt)
    if (statement) capi.sqlite3_finalize(statement)
    return { found: statement !== 0, tail: pointerAt(tailAt), code }
  }
  try {
    wasm.heap8u().set([...bytes, 0], start)
    const first = next(start)
    if (first.code !== 0) throw fail()
    if (!first.found)
      throw new TrackioError('SQL', 'no statement in the text', 'Type one that begins with SELECT.')
    for (let at = first.tail; at < end; ) {
      const { found, tail, code } = next(at)
      if (found || code !== 0) {
        const before = new TextDecoder().decode(bytes.subarray(0, at - start)).length
        const place = placeOf(
          text,
          before + (text.slice(before).length - text.slice(before).trimStart().length),
        )
        throw new TrackioError('SQL', `one statement at a time: another begins ${place}`, 'Ask it by itself.')
      }
      at = tail
    }
  } finally {
    wasm.dealloc(start)
  }
}

/** What SQLite said, with where in the text. */
function failureOf(
  { sqlite3 }: Sqlite,
  db: SqliteDatabase,
  text: string,
  refused: string | undefined,
  cause: unknown,
): TrackioError {
  if (refused !== undefined)
    return new TrackioError('SQL', `only reading is allowed here, not ${refused}`, 'Ask with SELECT.')
  const offset = sqlite3.capi.sqlite3_error_offset(db)
  const said = sqlite3.capi.sqlite3_errmsg(db)
  const words = said === 'not an error' && cause instanceof Error ? cause.message : said
  const before =
    offset < 0 ? undefined : new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, offset))
  return new TrackioError('SQL', before === undefined ? words : `${words}, ${placeOf(text, before.length)}`)
}

/** `at line 2, letter 7 (FORM metrics …)` */
function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n')
  const rest = text.slice(at).trimStart().split('\n')[0] ?? ''
  const near = rest === '' ? 'its end' : rest.length > 24 ? `${rest.slice(0, 24)}…` : rest
  return `at line ${lines.length}, letter ${(lines.at(-1) ?? '').length + 1} (${near})`
}

/** Payloads are stored as bytes: text for whoever asks. */
function cellOf(value: unknown): SqlValue {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint8Array) return decodeStrictly(value) ?? value
  return typeof value === 'string' || typeof value === 'number' ? value : null
}

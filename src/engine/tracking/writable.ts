import type { SqlValue } from '../../model/tracking.ts'
import { gatherWrites } from '../../storage/opfs/gather.ts'
import type { SyncFile } from '../../storage/opfs/sync-file.ts'
import type { Database } from '../formats/sqlite/database.ts'
import {
  addFile,
  dropFiles,
  newName,
  type SqliteDatabase,
  startSqlite,
  takeFailure,
} from '../formats/sqlite/sqlite.ts'

/** A database that is written: this connection owns its files, so nobody else has them open. */
export interface WritableDatabase extends Database {
  /** Statements without values: tables, pragmas, transactions. */
  exec(sql: string): void
  /** One statement with bound parameters; how many rows it changed. */
  run(sql: string, bind?: (string | number | Uint8Array | null)[]): number
  prepare(sql: string): Statement
  /** A person's query, with the names of its columns. Throws for a statement that would change anything. */
  ask(sql: string, bind: readonly SqlValue[]): { columns: string[]; rows: SqlValue[][] }
  /** Puts bytes where statements can bind them without another copy (`bytesAt`), until the next call. */
  lend(block: Uint8Array): void
  /**
   * Runs `work` in a transaction: all of it, or nothing when it throws. Afterwards it is with the system: it
   * outlasts the end of this process.
   */
  transaction<T>(work: () => T): T
  /** Writes the WAL back into the database and empties it, in an order that outlasts a loss of power. */
  checkpoint(): void
}

/**
 * A statement that runs many times. What is bound stays bound from one run to the next. Parameters count from
 * 1.
 */
export interface Statement {
  text(index: number, value: string | null): void
  /** A whole number as INTEGER, any other as REAL. */
  number(index: number, value: number): void
  /** A range of the lent block, as text or as a blob. */
  bytesAt(index: number, offset: number, length: number, as: 'text' | 'blob'): void
  /** True when a row was inserted (false where a unique index ignored it). */
  run(): boolean
  close(): void
}

/** What SQLite said, with what the file below it said as `cause`. */
export class DatabaseError extends Error {
  override name = 'DatabaseError'
  constructor(
    message: string,
    /** There is no room left where the file lies; nothing was changed. */
    readonly full: boolean,
    cause: unknown,
  ) {
    super(message, { cause })
  }
}

/**
 * Opens a database to write it, with its write-ahead log; both may be empty. Without a log it is a copy that
 * nobody reads until it is closed: what is rolled back is kept in memory. The files stay the caller's to
 * close. One connection with exclusive locking, so the WAL needs no shared memory
 * (https://sqlite.org/wal.html#noshm); other journals and temporary files are in memory.
 */
export async function openWritable(main: SyncFile, wal?: SyncFile): Promise<WritableDatabase> {
  const { sqlite3, open } = await startSqlite()
  const { capi, wasm } = sqlite3
  const name = newName()
  const lazyWal = wal && syncedLazily(wal)
  const strictly = lazyWal?.strictly ?? ((work: () => void) => work())
  // nothing syncs a copy, which is what would bring gathered writes into it
  addFile(name, lazyWal ? gatherWrites(main) : main)
  if (lazyWal) addFile(`${name}-wal`, lazyWal)
  let db: SqliteDatabase
  try {
    db = open(name, '', 'c')
  } catch (cause) {
    dropFiles(name)
    throw failed(cause, 'opening')
  }
  /** The lent block in SQLite's memory, and how many bytes fit. */
  let block = 0
  let room = 0
  const raw: RawApi = wasm.exports

  function failed(cause: unknown, sql: string): DatabaseError {
    const below = takeFailure()
    const code: unknown = cause instanceof Error ? Reflect.get(cause, 'resultCode') : undefined
    const why = below instanceof Error ? ` (${below.name}: ${below.message})` : ''
    return new DatabaseError(
      `${cause instanceof Error ? cause.message : String(cause)}${why} in: ${sql}`,
      code === capi.SQLITE_FULL,
      cause,
    )
  }
  function guarded<T>(sql: string, work: () => T): T {
    takeFailure()
    try {
      return work()
    } catch (cause) {
      throw failed(cause, sql)
    }
  }

  const writable: WritableDatabase = {
    rows: (sql, bind) => guarded(sql, () => db.selectArrays(sql, bind)),
    exec: (sql) => guarded(sql, () => void db.exec(sql)),
    run: (sql, bind) =>
      guarded(sql, () => {
        db.exec(bind ? { sql, bind } : { sql })
        return db.changes()
      }),
    ask: (sql, bind) =>
      guarded(sql, () => {
        const statement = db.prepare(sql)
        try {
          // a pragma or an ATTACH would count as reading, too
          if (
            !/^\s*(select|with|values|explain)\b/i.test(sql) ||
            !capi.sqlite3_stmt_readonly(Number(statement.pointer))
          )
            throw new Error('only SELECT is allowed')
          if (bind.length > 0) statement.bind([...bind])
          const rows: SqlValue[][] = []
          while (statement.step()) rows.push(statement.get([]).map(sqlValue))
          return { columns: statement.getColumnNames(), rows }
        } finally {
          statement.finalize()
        }
      }),
    prepare(sql) {
      const statement = guarded(sql, () => db.prepare(sql))
      const pointer = Number(statement.pointer)
      const check = (code: number): void => {
        if (code !== 0)
          throw failed(Object.assign(new Error(capi.sqlite3_errmsg(db)), { resultCode: code & 0xff }), sql)
      }
      return {
        text: (index, value) => void guarded(sql, () => statement.bind(index, value)),
        number: (index, value) =>
          // beyond ±2^53 a double is no exact count, so it stays a double
          check(
            Number.isSafeInteger(value) && !Object.is(value, -0)
              ? raw.sqlite3_bind_int64(pointer, index, BigInt(value))
              : raw.sqlite3_bind_double(pointer, index, value),
          ),
        bytesAt: (index, offset, length, as) =>
          check(
            (as === 'text' ? raw.sqlite3_bind_text : raw.sqlite3_bind_blob)(
              pointer,
              index,
              block + offset,
              length,
              0,
            ),
          ),
        run() {
          const code = raw.sqlite3_step(pointer)
          if (code !== capi.SQLITE_DONE) {
            raw.sqlite3_reset(pointer)
            check(code)
          }
          const changed = raw.sqlite3_changes(Number(db.pointer)) > 0
          check(raw.sqlite3_reset(pointer))
          return changed
        },
        close: () => void statement.finalize(),
      }
    },
    lend(bytes) {
      if (bytes.length > room) {
        if (block) wasm.dealloc(block)
        block = 0 // stays so if there is no memory for more
        room = 0
        block = Number(wasm.alloc(bytes.length))
        room = bytes.length
      }
      wasm.heap8u().set(bytes, block)
    },
    transaction(work) {
      writable.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        writable.exec('COMMIT')
        return result
      } catch (cause) {
        // SQLite has rolled back by itself after some failures (a full disk)
        if (!capi.sqlite3_get_autocommit(db)) db.exec('ROLLBACK')
        throw cause
      }
    },
    checkpoint: () => strictly(() => writable.exec('PRAGMA wal_checkpoint(TRUNCATE)')),
    close() {
      if (block) wasm.dealloc(block)
      try {
        guarded('closing', () => strictly(() => db.close()))
      } finally {
        dropFiles(name)
      }
    },
  }
  if (!lazyWal) {
    writable.exec('PRAGMA trusted_schema=OFF; PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF')
    writable.exec('PRAGMA temp_store=MEMORY; PRAGMA cache_size=-20000')
    return writable
  }
  try {
    // the page size and cache are trackio's; it counts only for a new file. Locking comes before the WAL, as
    // that has no shared memory here. FULL: every commit syncs the WAL, which is where it is written (see
    // syncedLazily).
    writable.exec(
      'PRAGMA page_size=4096; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL',
    )
    writable.exec('PRAGMA temp_store=MEMORY; PRAGMA cache_size=-20000; PRAGMA wal_autocheckpoint=0')
  } catch (cause) {
    writable.close()
    throw cause
  }
  return writable
}

/** Bytes of a WAL that has no pages yet (https://sqlite.org/fileformat2.html#walformat). */
const WAL_HEADER = 32

/**
 * A WAL whose commits reach the system, but wait for no disk: SQLite's sync of a commit writes what was
 * gathered, where a failure still undoes the transaction. The disk is waited for only where SQLite would with
 * `synchronous=NORMAL`: when the WAL begins anew, and in `strictly`, before its pages go into the database.
 */
function syncedLazily(wal: SyncFile): SyncFile & { strictly(work: () => void): void } {
  const gathered = gatherWrites(wal)
  let strict = false
  return {
    get size() {
      return gathered.size
    },
    read: gathered.read,
    write: gathered.write,
    truncate: gathered.truncate,
    close: gathered.close,
    flush: () => (strict || gathered.size <= WAL_HEADER ? gathered.flush() : gathered.settle()),
    strictly(work) {
      strict = true
      try {
        work()
      } finally {
        strict = false
      }
    },
  }
}

/** Integers beyond 2^53 come as BigInt, and are shown as the nearest double, as everywhere here. */
function sqlValue(value: unknown): SqlValue {
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array ? value : null
}

/** The calls that are made for every row, without the package's conversions: 0.05 µs each instead of 1. */
interface RawApi {
  sqlite3_bind_text(
    statement: number,
    index: number,
    pointer: number,
    length: number,
    destructor: number,
  ): number
  sqlite3_bind_blob(
    statement: number,
    index: number,
    pointer: number,
    length: number,
    destructor: number,
  ): number
  sqlite3_bind_int64(statement: number, index: number, value: bigint): number
  sqlite3_bind_double(statement: number, index: number, value: number): number
  sqlite3_step(statement: number): number
  sqlite3_reset(statement: number): number
  sqlite3_changes(db: number): number
}

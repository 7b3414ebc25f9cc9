import type { Sqlite3Static, Database as SqliteDatabase } from '@sqlite.org/sqlite-wasm'
import type { SqlValue } from '../bridge/writer-api.ts'
import { type GatheredFile, gatherWrites, memoryFile, type SyncFile } from '../storage/sync-file.ts'
import type { Image } from './formats/sqlite/image.ts'
import { type ImageFile, imageFile } from './formats/sqlite/vfs.ts'

/** A database opened by SQLite itself, read only. */
export interface Database {
  /** Rows of a query with bound parameters, as arrays in column order. Throws with the query in the message. */
  rows(sql: string, bind?: (string | number | null)[]): unknown[][]
  close(): void
}

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
  /** Runs `work` in a transaction: all of it, or nothing when it throws. Afterwards it is with the system: it outlasts the end of this process. */
  transaction<T>(work: () => T): T
  /** Puts the log into the database and empties it, in an order that outlasts a loss of power. */
  fold(): void
}

/** A statement that runs many times. What is bound stays bound from one run to the next. Parameters count from 1. */
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

const VFS = 'files'
const files = new Map<string, ImageFile | SyncFile>()
let opened = 0
let starting: Promise<Sqlite3Static> | undefined
/** Why the last write failed: SQLite's own words are only a number. */
let failure: unknown

/** Opens an image. SQLite itself is loaded at the first call. */
export async function openDatabase(image: Image): Promise<Database> {
  starting ??= start()
  const sqlite3 = await starting
  const name = `/${++opened}.db`
  files.set(name, imageFile(image))
  let db: SqliteDatabase
  try {
    db = new sqlite3.oo1.DB(`file:${name}?vfs=${VFS}&immutable=1`, 'r')
  } catch (cause) {
    files.delete(name)
    throw cause
  }
  return {
    rows(sql, bind) {
      try {
        return db.selectArrays(sql, bind)
      } catch (cause) {
        throw new Error(`${cause instanceof Error ? cause.message : String(cause)} in: ${sql}`, { cause })
      }
    },
    close() {
      db.close()
      files.delete(name)
    },
  }
}

/**
 * Opens a database to write it, with its write-ahead log; both may be empty. The files stay the caller's to close. One connection with exclusive locking, so
 * the log needs no shared memory (https://sqlite.org/wal.html#noshm); other journals and temporary files are in memory.
 */
export async function openWritable(main: SyncFile, wal: SyncFile): Promise<WritableDatabase> {
  starting ??= start()
  const sqlite3 = await starting
  const { capi, wasm } = sqlite3
  const name = `/${++opened}.db`
  const pages = gatherWrites(main)
  const log = commitLog(wal)
  files.set(name, pages)
  files.set(`${name}-wal`, log)
  const forget = (): void => {
    for (const suffix of ['', '-wal', '-journal']) files.delete(name + suffix)
  }
  let db: SqliteDatabase
  try {
    db = new sqlite3.oo1.DB(`file:${name}?vfs=${VFS}`, 'c')
  } catch (cause) {
    forget()
    throw failed(cause, 'opening')
  }
  /** The lent block in SQLite's memory, and how many bytes fit. */
  let block = 0
  let room = 0
  const raw: RawApi = wasm.exports

  function failed(cause: unknown, sql: string): DatabaseError {
    const below = failure
    failure = undefined
    const code: unknown = cause instanceof Error ? Reflect.get(cause, 'resultCode') : undefined
    const why = below instanceof Error ? ` (${below.name}: ${below.message})` : ''
    return new DatabaseError(`${cause instanceof Error ? cause.message : String(cause)}${why} in: ${sql}`, code === capi.SQLITE_FULL, cause)
  }
  function guarded<T>(sql: string, work: () => T): T {
    failure = undefined
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
        db.exec({ sql, bind })
        return db.changes()
      }),
    ask: (sql, bind) =>
      guarded(sql, () => {
        const statement = db.prepare(sql)
        try {
          // a pragma or an ATTACH would count as reading, too
          if (!/^\s*(select|with|values|explain)\b/i.test(sql) || !capi.sqlite3_stmt_readonly(Number(statement.pointer)))
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
        if (code !== 0) throw failed(Object.assign(new Error(capi.sqlite3_errmsg(db)), { resultCode: code & 0xff }), sql)
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
          check((as === 'text' ? raw.sqlite3_bind_text : raw.sqlite3_bind_blob)(pointer, index, block + offset, length, 0)),
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
    fold: () => log.ordered(() => writable.exec('PRAGMA wal_checkpoint(TRUNCATE)')),
    close() {
      if (block) wasm.dealloc(block)
      try {
        guarded('closing', () => log.ordered(() => db.close()))
      } finally {
        forget()
      }
    },
  }
  try {
    // the page size and cache are trackio's; it counts only for a new file. Locking comes before the log, as that has no shared memory here.
    // FULL: every commit syncs the log, which is where it is written (see commitLog).
    writable.exec('PRAGMA page_size=4096; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL')
    writable.exec('PRAGMA temp_store=MEMORY; PRAGMA cache_size=-20000; PRAGMA wal_autocheckpoint=0')
  } catch (cause) {
    writable.close()
    throw cause
  }
  return writable
}

/** Bytes of a log that has no pages yet (https://sqlite.org/fileformat2.html#walformat). */
const LOG_HEADER = 32

/**
 * A log whose commits reach the system, but wait for no disk: SQLite's sync of a commit writes what was gathered, where a failure still undoes the transaction.
 * The disk is waited for only where SQLite would with `synchronous=NORMAL`: when the log begins anew, and in `ordered`, before its pages go into the database.
 */
function commitLog(wal: SyncFile): GatheredFile & { ordered(work: () => void): void } {
  const gathered = gatherWrites(wal)
  let strict = false
  return {
    get size() {
      return gathered.size
    },
    read: gathered.read,
    write: gathered.write,
    truncate: gathered.truncate,
    settle: gathered.settle,
    close: gathered.close,
    flush: () => (strict || gathered.size <= LOG_HEADER ? gathered.flush() : gathered.settle()),
    ordered(work) {
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
  sqlite3_bind_text(statement: number, index: number, pointer: number, length: number, destructor: number): number
  sqlite3_bind_blob(statement: number, index: number, pointer: number, length: number, destructor: number): number
  sqlite3_bind_int64(statement: number, index: number, value: bigint): number
  sqlite3_bind_double(statement: number, index: number, value: number): number
  sqlite3_step(statement: number): number
  sqlite3_reset(statement: number): number
  sqlite3_changes(db: number): number
}

/** Gives SQLite's wasm where it cannot be fetched from beside this file (the package has it within itself). Before anything is opened. */
export function useWasm(bytes: ArrayBuffer): void {
  wasmBinary = bytes
}
let wasmBinary: ArrayBuffer | undefined

async function start(): Promise<Sqlite3Static> {
  // 280 kB with its wasm 1.1 MB: most files are read without it (see btree.ts)
  const { default: init } = await import('@sqlite.org/sqlite-wasm')
  // the package's types leave out that it takes emscripten's settings
  const sqlite3: Sqlite3Static = await Reflect.apply(init, undefined, wasmBinary ? [{ wasmBinary }] : [])
  installVfs(sqlite3)
  return sqlite3
}

/**
 * A file layer over files of this thread: images, which are read only, and files that are written by one connection. Nobody else has them open, so
 * locks are no-ops.
 */
function installVfs(sqlite3: Sqlite3Static): void {
  const { capi, wasm } = sqlite3
  const open = new Map<number, ImageFile | SyncFile>()
  const io = new capi.sqlite3_io_methods()
  const vfs = new capi.sqlite3_vfs()
  const base = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null))
  vfs.$iVersion = 1
  const sample = new capi.sqlite3_file()
  vfs.$szOsFile = sample.structInfo.sizeof
  sample.dispose()
  vfs.$mxPathname = 512
  // the package's types leave the `$` off some members
  for (const name of ['$xRandomness', '$xSleep']) Reflect.set(vfs, name, Reflect.get(base, name))
  Reflect.set(io, '$iVersion', 1)
  const put64 = (pointer: number, value: number): void => void wasm.poke(pointer, value, 'i64')
  /** Does what changes a file. A full disk is told apart: SQLite then rolls back, and the rows can be tried again. */
  const change = (file: number, work: (file: SyncFile) => void): number => {
    const found = open.get(file)
    if (!found || !('write' in found)) return capi.SQLITE_READONLY
    try {
      work(found)
      return capi.SQLITE_OK
    } catch (cause) {
      failure = cause
      return cause instanceof Error && cause.name === 'QuotaExceededError' ? capi.SQLITE_FULL : capi.SQLITE_IOERR_WRITE
    }
  }
  // applied loosely: the package types plain sizes and flags as result codes
  const layer = {
    io: {
      struct: io,
      methods: {
        xClose: (file: number) => {
          open.delete(file)
          return capi.SQLITE_OK
        },
        xRead: (file: number, target: number, n: number, offset: bigint | number) => {
          const found = open.get(file)
          if (!found) return capi.SQLITE_IOERR_READ
          try {
            return found.read(wasm.heap8u().subarray(target, target + n), Number(offset)) ? capi.SQLITE_OK : capi.SQLITE_IOERR_SHORT_READ
          } catch (cause) {
            // the bytes changed or vanished; the reader of rows meets the same error and says it
            failure = cause
            return capi.SQLITE_IOERR_READ
          }
        },
        xWrite: (file: number, source: number, n: number, offset: bigint | number) =>
          change(file, (found) => found.write(wasm.heap8u().subarray(source, source + n), Number(offset))),
        xTruncate: (file: number, size: bigint | number) => change(file, (found) => found.truncate(Number(size))),
        xSync: (file: number) => {
          const found = open.get(file)
          return found && 'flush' in found ? change(file, (one) => one.flush()) : capi.SQLITE_OK
        },
        xFileSize: (file: number, pointer: number) => {
          put64(pointer, open.get(file)?.size ?? 0)
          return capi.SQLITE_OK
        },
        xLock: () => capi.SQLITE_OK,
        xUnlock: () => capi.SQLITE_OK,
        xCheckReservedLock: (_file: number, pointer: number) => {
          wasm.poke(pointer, 0, 'i32')
          return capi.SQLITE_OK
        },
        xFileControl: () => capi.SQLITE_NOTFOUND,
        xSectorSize: () => 4096,
        xDeviceCharacteristics: (file: number) => {
          const found = open.get(file)
          // as on any file system of today, bytes beside those written stay as they are: frames of the log need no padding
          return found && 'write' in found ? capi.SQLITE_IOCAP_POWERSAFE_OVERWRITE : capi.SQLITE_IOCAP_IMMUTABLE
        },
      },
    },
    vfs: {
      struct: vfs,
      name: VFS,
      methods: {
        xOpen: (_vfs: number, name: number, file: number, flags: number, outFlags: number) => {
          const path = name ? (wasm.cstrToJs(name) ?? '') : ''
          const create = (flags & capi.SQLITE_OPEN_CREATE) !== 0
          // an image has no other files; beside a database that is written there is a journal until it has its log, and what has no name is temporary
          const found = files.get(path) ?? (create && (path === '' || path.endsWith('-journal')) ? memoryFile() : undefined)
          if (!found) return capi.SQLITE_CANTOPEN
          const handle = new capi.sqlite3_file(file)
          handle.$pMethods = io.pointer
          handle.dispose()
          open.set(file, found)
          if (outFlags) wasm.poke(outFlags, flags, 'i32')
          return capi.SQLITE_OK
        },
        xDelete: (_vfs: number, name: number) => {
          const found = files.get(wasm.cstrToJs(name) ?? '')
          if (!found) return capi.SQLITE_OK // a journal in memory
          if (!('write' in found)) return capi.SQLITE_READONLY
          try {
            found.truncate(0)
            return capi.SQLITE_OK
          } catch (cause) {
            failure = cause
            return capi.SQLITE_IOERR_DELETE
          }
        },
        xAccess: (_vfs: number, name: number, _flags: number, pointer: number) => {
          const found = files.get(wasm.cstrToJs(name) ?? '')
          // an empty file is as good as none: SQLite asks this of the log, and of a journal
          wasm.poke(pointer, found && found.size > 0 ? 1 : 0, 'i32')
          return capi.SQLITE_OK
        },
        xFullPathname: (_vfs: number, name: number, n: number, target: number) => {
          return wasm.cstrncpy(target, name, n) < n ? capi.SQLITE_OK : capi.SQLITE_CANTOPEN
        },
      },
    },
  }
  Reflect.apply(sqlite3.vfs.installVfs, sqlite3.vfs, [layer])
}

import type { Sqlite3Static, Database as SqliteDatabase } from '@sqlite.org/sqlite-wasm'
import { memoryFile, type SyncFile } from '../../../storage/opfs/sync-file.ts'
import type { ImageFile } from './vfs.ts'

export type { SqliteDatabase }

/** SQLite, with a file layer over files of this thread. */
export interface Sqlite {
  sqlite3: Sqlite3Static
  /** Opens the file that was put under this name (`addFile`); `flags` as SQLite's `oo1` has them. */
  open(name: string, parameters: string, flags: string): SqliteDatabase
}

const VFS = 'files'
const files = new Map<string, ImageFile | SyncFile>()
let named = 0
let starting: Promise<Sqlite> | undefined
let wasmBinary: ArrayBuffer | undefined
/** Why the last write failed: SQLite's own words are only a number. */
let failure: unknown

/**
 * Gives SQLite's wasm where it cannot be fetched from beside this file (the package has it within itself).
 * Before anything is opened.
 */
export function useWasm(bytes: ArrayBuffer): void {
  wasmBinary = bytes
}

/** What was given, for another thread that is started the same way. */
export function givenWasm(): ArrayBuffer | undefined {
  return wasmBinary
}

/** SQLite, loaded at the first call. */
export function startSqlite(): Promise<Sqlite> {
  starting ??= start()
  return starting
}

/** Bytes of its memory; 0 where it was not started. */
export async function heapBytes(): Promise<number> {
  const sqlite = await starting?.catch(() => undefined)
  return sqlite?.sqlite3.wasm.heap8u().byteLength ?? 0
}

/** A name that no file has yet. */
export function newName(): string {
  return `/${++named}.db`
}

export function addFile(name: string, file: ImageFile | SyncFile): void {
  files.set(name, file)
}

/** Takes the file with its log and journal out again. */
export function dropFiles(name: string): void {
  for (const suffix of ['', '-wal', '-journal']) files.delete(name + suffix)
}

/** Why the last write failed, if one did since this was asked. */
export function takeFailure(): unknown {
  const was = failure
  failure = undefined
  return was
}

async function start(): Promise<Sqlite> {
  // 280 kB with its wasm 1.1 MB: most files are read without it (see btree.ts)
  const { default: init } = await import('@sqlite.org/sqlite-wasm')
  // the package's types leave out that it takes emscripten's settings
  const sqlite3: Sqlite3Static = await Reflect.apply(init, undefined, wasmBinary ? [{ wasmBinary }] : [])
  installVfs(sqlite3)
  return {
    sqlite3,
    open: (name, parameters, flags) => new sqlite3.oo1.DB(`file:${name}?vfs=${VFS}${parameters}`, flags),
  }
}

/**
 * A file layer over files of this thread: images, which are read only, and files that are written by one
 * connection. Nobody else has them open, so locks are no-ops.
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
  /**
   * Does what changes a file. A full disk is told apart: SQLite then rolls back, and the rows can be tried
   * again.
   */
  const change = (file: number, work: (file: SyncFile) => void): number => {
    const found = open.get(file)
    if (!found || !('write' in found)) return capi.SQLITE_READONLY
    try {
      work(found)
      return capi.SQLITE_OK
    } catch (cause) {
      failure = cause
      return cause instanceof Error && cause.name === 'QuotaExceededError'
        ? capi.SQLITE_FULL
        : capi.SQLITE_IOERR_WRITE
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
            return found.read(wasm.heap8u().subarray(target, target + n), Number(offset))
              ? capi.SQLITE_OK
              : capi.SQLITE_IOERR_SHORT_READ
          } catch (cause) {
            // the bytes changed or vanished; the reader of rows meets the same error and says it
            failure = cause
            return capi.SQLITE_IOERR_READ
          }
        },
        xWrite: (file: number, source: number, n: number, offset: bigint | number) =>
          change(file, (found) => found.write(wasm.heap8u().subarray(source, source + n), Number(offset))),
        xTruncate: (file: number, size: bigint | number) =>
          change(file, (found) => found.truncate(Number(size))),
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
          // as on any file system of today, bytes beside those written stay as they are: frames of the log
          // need no padding
          return found && 'write' in found
            ? capi.SQLITE_IOCAP_POWERSAFE_OVERWRITE
            : capi.SQLITE_IOCAP_IMMUTABLE
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
          // an image has no other files; beside a database that is written there is a journal until it has
          // its log, and what has no name is temporary
          const found =
            files.get(path) ??
            (create && (path === '' || path.endsWith('-journal')) ? memoryFile() : undefined)
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

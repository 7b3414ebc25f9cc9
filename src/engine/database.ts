import type { Sqlite3Static, Database as SqliteDatabase } from '@sqlite.org/sqlite-wasm'
import type { Image } from './formats/sqlite/image.ts'
import { type ImageFile, imageFile } from './formats/sqlite/vfs.ts'

/** A database opened by SQLite itself, read only. */
export interface Database {
  /** Rows of a query with bound parameters, as arrays in column order. Throws with the query in the message. */
  rows(sql: string, bind?: (string | number | null)[]): unknown[][]
  close(): void
}

const VFS = 'image'
const files = new Map<string, ImageFile>()
let opened = 0
let starting: Promise<Sqlite3Static> | undefined

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

async function start(): Promise<Sqlite3Static> {
  // 280 kB with its wasm 1.1 MB: most files are read without it (see btree.ts)
  const { default: init } = await import('@sqlite.org/sqlite-wasm')
  const sqlite3 = await init()
  installVfs(sqlite3)
  return sqlite3
}

/** A file layer whose files are images in memory of this thread; everything is read-only, so locks and syncs are no-ops. */
function installVfs(sqlite3: Sqlite3Static): void {
  const { capi, wasm } = sqlite3
  const open = new Map<number, ImageFile>()
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
          } catch {
            // the bytes changed or vanished; the reader of rows meets the same error and says it
            return capi.SQLITE_IOERR_READ
          }
        },
        xWrite: () => capi.SQLITE_READONLY,
        xTruncate: () => capi.SQLITE_READONLY,
        xSync: () => capi.SQLITE_OK,
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
        xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE,
      },
    },
    vfs: {
      struct: vfs,
      name: VFS,
      methods: {
        xOpen: (_vfs: number, name: number, file: number, flags: number, outFlags: number) => {
          const image = files.get(wasm.cstrToJs(name) ?? '')
          if (!image) return capi.SQLITE_CANTOPEN
          const handle = new capi.sqlite3_file(file)
          handle.$pMethods = io.pointer
          handle.dispose()
          open.set(file, image)
          if (outFlags) wasm.poke(outFlags, flags, 'i32')
          return capi.SQLITE_OK
        },
        xDelete: () => capi.SQLITE_READONLY,
        xAccess: (_vfs: number, _name: number, _flags: number, pointer: number) => {
          wasm.poke(pointer, 0, 'i32')
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

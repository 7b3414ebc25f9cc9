import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'

/**
 * Gives SQLite one file of the disk, written and read synchronously: the WASM memory could not hold 2 GB.
 * Locks do nothing and nothing is synced, because one process writes the file once. Returns the closer of the
 * file.
 */
export function installFileVfs(sqlite3, name, path) {
  const { capi, wasm } = sqlite3
  const fd = openSync(path, 'w+')
  const put32 = (to, value) => {
    wasm.poke32(to, value)
    return 0
  }
  const put64 = (to, value) => {
    wasm.poke(to, value, 'i64')
    return 0
  }
  const io = new capi.sqlite3_io_methods()
  const vfs = new capi.sqlite3_vfs()
  const borrowed = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null))
  vfs.$iVersion = 1
  vfs.$szOsFile = capi.sqlite3_file.structInfo.sizeof
  vfs.$mxPathname = 64
  vfs.$xRandomness = borrowed.$xRandomness
  vfs.$xSleep = borrowed.$xSleep
  io.$iVersion = 1
  // one function each: SQLite's glue gives a function the signature of the first place it is installed in
  const one = () => (_a) => 0
  const two = () => (_a, _b) => 0
  sqlite3.vfs.installVfs({
    io: {
      struct: io,
      methods: {
        xClose: one(),
        xRead(_file, to, count, offset) {
          const target = wasm.heap8u().subarray(to, to + count)
          const got = readSync(fd, target, 0, count, Number(offset))
          if (got === count) return 0
          target.fill(0, got)
          return capi.SQLITE_IOERR_SHORT_READ
        },
        xWrite(_file, from, count, offset) {
          writeSync(fd, wasm.heap8u().subarray(from, from + count), 0, count, Number(offset))
          return 0
        },
        xTruncate: (_file, size) => {
          ftruncateSync(fd, Number(size))
          return 0
        },
        xSync: two(),
        xFileSize: (_file, to) => put64(to, BigInt(fstatSync(fd).size)),
        xLock: two(),
        xUnlock: two(),
        xCheckReservedLock: (_file, to) => put32(to, 0),
        xFileControl: (_file, _op, _arg) => capi.SQLITE_NOTFOUND,
        xSectorSize: (_file) => 4096,
        xDeviceCharacteristics: (_file) => 0,
      },
    },
    vfs: {
      struct: vfs,
      name,
      methods: {
        xOpen(_vfs, _name, file, flags, outFlags) {
          const struct = new capi.sqlite3_file(file)
          struct.$pMethods = io.pointer
          struct.dispose()
          if (outFlags) wasm.poke32(outFlags, flags)
          return 0
        },
        xDelete: (_vfs, _name, _sync) => 0,
        xAccess: (_vfs, _name, _flags, to) => put32(to, 0),
        xFullPathname: (_vfs, from, room, to) =>
          wasm.cstrncpy(to, from, room) < room ? 0 : capi.SQLITE_CANTOPEN,
        xGetLastError: (_vfs, _room, _to) => 0,
      },
    },
  })
  return () => closeSync(fd)
}

// SQLite over a File through a plain file system with 4 MiB blocks, 24 of them kept: the least that can open
// 2 GB in a browser.
import sqlite3InitModule from '/modules/@sqlite.org/sqlite-wasm/dist/index.mjs'

const BLOCK = 4 << 20
const KEPT = 24
const ready = sqlite3InitModule()

self.onmessage = async ({ data: file }) => {
  try {
    const sqlite3 = await ready
    source = { file, blocks: new Map(), reader: new FileReaderSync() }
    install(sqlite3)
    const opened = performance.now()
    const db = new sqlite3.oo1.DB('file:/x.db?vfs=file&mode=ro&immutable=1', 'r', 'file')
    db.selectValue('SELECT count(*) FROM sqlite_master')
    const start = performance.now()
    const bytes = db.selectValue('SELECT sum(length(metrics)) FROM metrics NOT INDEXED')
    const ms = performance.now() - start
    db.close()
    self.postMessage({ ms, bytes, open: start - opened })
  } catch (error) {
    self.postMessage({ error: String(error) })
  }
}

let source
let installed = false

function install(sqlite3) {
  if (installed) return
  installed = true
  const { capi, wasm } = sqlite3
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
  sqlite3.vfs.installVfs({
    io: {
      struct: io,
      methods: {
        xClose: (_file) => 0,
        xRead(_file, to, count, offset) {
          const target = wasm.heap8u().subarray(to, to + count)
          const got = read(target, Number(offset))
          // the header as if the file had no write-ahead log: its only reader is here
          if (Number(offset) === 0 && count >= 20) target.fill(1, 18, 20)
          if (got === count) return 0
          target.fill(0, got)
          return capi.SQLITE_IOERR_SHORT_READ
        },
        xWrite: (_file, _from, _count, _offset) => capi.SQLITE_READONLY,
        xTruncate: (_file, _size) => capi.SQLITE_READONLY,
        xSync: (_file, _flags) => 0,
        xFileSize: (_file, to) => put64(to, BigInt(source.file.size)),
        xLock: (_file, _kind) => 0,
        xUnlock: (_file, _kind) => 0,
        xCheckReservedLock: (_file, to) => put32(to, 0),
        xFileControl: (_file, _op, _arg) => capi.SQLITE_NOTFOUND,
        xSectorSize: (_file) => 4096,
        xDeviceCharacteristics: (_file) => capi.SQLITE_IOCAP_IMMUTABLE,
      },
    },
    vfs: {
      struct: vfs,
      name: 'file',
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
}

function read(target, offset) {
  let done = 0
  while (done < target.length && offset + done < source.file.size) {
    const index = Math.floor((offset + done) / BLOCK)
    const from = offset + done - index * BLOCK
    const bytes = block(index)
    const part = bytes.subarray(from, Math.min(bytes.length, from + target.length - done))
    target.set(part, done)
    done += part.length
  }
  return done
}

function block(index) {
  const { blocks, file, reader } = source
  const known = blocks.get(index)
  if (known) {
    blocks.delete(index)
    blocks.set(index, known)
    return known
  }
  if (blocks.size >= KEPT) blocks.delete(blocks.keys().next().value)
  const bytes = new Uint8Array(reader.readAsArrayBuffer(file.slice(index * BLOCK, (index + 1) * BLOCK)))
  blocks.set(index, bytes)
  return bytes
}

import { type Bytes, memoryBytes } from '../../../storage/bytes.ts'

/** The committed part of a write-ahead log: for each page its newest content. */
export interface WalIndex {
  /** Page number (from 1) → offset of the page's bytes in the log. */
  pages: Map<number, number>
  /** Size of the database in pages after the last commit. */
  pageCount: number
  pageSize: number
  frames: number
  /**
   * What follows holds commits of the same log, behind a frame that makes no sense: SQLite reads no further,
   * so these rows are lost.
   */
  broken?: true
  /** Bytes up to and including the last commit; what follows is unfinished or torn and does not count. */
  committedBytes: number
}

/** A log as far as it was committed, and where reading it goes on when more was appended. */
export interface Log {
  index: WalIndex
  /** Its committed part, in memory: whoever writes on cannot change what was read. */
  bytes: Bytes
  /** Its first 32 bytes. They change when it is begun anew; what was committed before that stays as it is. */
  head: Uint8Array
  /** The checksum after the last commit. */
  sum: [number, number]
  /** Holds `bytes`, with room for more behind them; undefined for a log too large to be kept. */
  room: Uint8Array<ArrayBuffer> | undefined
}

const HEADER = 32
const FRAME = 24
/** The only version of the format that there is. */
const VERSION = 3007000
/**
 * Read first; doubled with every piece up to CHUNK. A log is not cut when it is begun anew, so much of it may
 * be of older generations.
 */
const FIRST = 128 << 10
const CHUNK = 8 << 20
/**
 * trackio's logs have 4 MB, as SQLite moves them into the database then. One that is larger than this is read
 * in place.
 */
const KEPT = 256 << 20

/** The committed part of a log; see `readLog`. */
export async function readWal(bytes: Bytes): Promise<WalIndex | undefined> {
  return (await readLog(bytes))?.index
}

/**
 * Reads a write-ahead log as SQLite's recovery does (the WAL format, https://sqlite.org/walformat.html):
 * frames count while their salts and the running checksum agree, and only up to the last frame that ends a
 * commit. `before`: the same log when it was read last; only what came since is read then. Undefined where
 * the log is empty, belongs to another generation of the database or holds no commit.
 */
export async function readLog(bytes: Bytes, before?: Log): Promise<Log | undefined> {
  if (bytes.size < HEADER + FRAME) return undefined
  const head = (await bytes.load(0, HEADER)).slice()
  const start = view(head)
  const magic = start.getUint32(0)
  if ((magic !== 0x377f0682 && magic !== 0x377f0683) || start.getUint32(4) !== VERSION) return undefined
  const little = magic === 0x377f0682
  const pageSize = start.getUint32(8)
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) return undefined
  const salt1 = start.getUint32(16)
  const salt2 = start.getUint32(20)
  let sum = checksum(start, 0, 24, little, 0, 0)
  if (sum[0] !== start.getUint32(24) || sum[1] !== start.getUint32(28)) return undefined

  const kept = bytes.size <= KEPT
  const same =
    before && before.index.committedBytes <= bytes.size && head.every((byte, i) => byte === before.head[i])
  const known = same && kept === (before.room !== undefined) ? before : undefined
  const index: WalIndex = known
    ? { ...known.index, pages: new Map(known.index.pages) }
    : { pages: new Map(), pageCount: 0, pageSize, frames: 0, committedBytes: 0 }
  let committedSum = known?.sum ?? sum
  sum = committedSum
  const room = makeRoom(known?.room, kept)
  if (!known) room.put(0, head)
  let pending: [number, number][] = []
  const size = FRAME + pageSize
  let piece = FIRST
  let ended = false
  for (
    let at = known?.index.committedBytes ?? HEADER;
    at + size <= bytes.size;
    piece = Math.min(CHUNK, piece * 2)
  ) {
    const data = await bytes.load(at, Math.min(Math.max(1, Math.floor(piece / size)) * size, bytes.size - at))
    room.put(at, data)
    const chunk = view(data)
    for (let f = 0; f + size <= chunk.byteLength; f += size) {
      if (chunk.getUint32(f + 8) !== salt1 || chunk.getUint32(f + 12) !== salt2) return done()
      if (ended) {
        if (chunk.getUint32(f + 4) > 0) {
          index.broken = true
          return done()
        }
        continue
      }
      sum = checksum(chunk, f, 8, little, sum[0], sum[1])
      sum = checksum(chunk, f + FRAME, pageSize, little, sum[0], sum[1])
      if (
        chunk.getUint32(f) === 0 ||
        sum[0] !== chunk.getUint32(f + 16) ||
        sum[1] !== chunk.getUint32(f + 20)
      ) {
        // as SQLite does, nothing from here on counts; whether commits are lost by it is looked at
        ended = true
        continue
      }
      pending.push([chunk.getUint32(f), at + f + FRAME])
      const after = chunk.getUint32(f + 4)
      if (after === 0) continue
      for (const [page, offset] of pending) index.pages.set(page, offset)
      index.frames += pending.length
      pending = []
      index.pageCount = after
      index.committedBytes = at + f + size
      committedSum = sum
    }
    if (chunk.byteLength < size) break // a file that was cut since it was opened
    at += Math.floor(chunk.byteLength / size) * size
  }
  return done()

  function done(): Log | undefined {
    if (index.pageCount === 0) return undefined
    const all = room.all()
    return {
      index,
      bytes: all ? memoryBytes(all.subarray(0, index.committedBytes)) : bytes,
      head,
      sum: committedSum,
      room: all,
    }
  }
}

/**
 * Memory that grows by doubling. What lies before the end of the last commit is never written again, so older
 * logs may share it.
 */
function makeRoom(
  before: Uint8Array<ArrayBuffer> | undefined,
  kept: boolean,
): { put(at: number, data: Uint8Array): void; all(): Uint8Array<ArrayBuffer> | undefined } {
  let room = kept ? (before ?? new Uint8Array(FIRST)) : undefined
  return {
    put(at, data) {
      if (!room) return
      if (at + data.length > room.length) {
        const larger = new Uint8Array(Math.max(2 * room.length, at + data.length))
        larger.set(room.subarray(0, at))
        room = larger
      }
      room.set(data, at)
    },
    all: () => room,
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function checksum(
  data: DataView,
  from: number,
  length: number,
  little: boolean,
  s1: number,
  s2: number,
): [number, number] {
  let a = s1
  let b = s2
  for (let i = from; i < from + length; i += 8) {
    a = (a + data.getUint32(i, little) + b) >>> 0
    b = (b + data.getUint32(i + 4, little) + a) >>> 0
  }
  return [a, b]
}

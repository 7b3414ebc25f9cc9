import type { Bytes } from '../../../storage/bytes.ts'

/** The committed part of a write-ahead log: for each page its newest content. */
export interface WalIndex {
  /** Page number (from 1) → offset of the page's bytes in the log. */
  pages: Map<number, number>
  /** Size of the database in pages after the last commit. */
  pageCount: number
  pageSize: number
  frames: number
  /** Bytes up to and including the last commit; what follows is unfinished or torn and does not count. */
  committedBytes: number
}

const HEADER = 32
const FRAME = 24
const CHUNK = 8 << 20

/**
 * Reads a write-ahead log as SQLite's recovery does (the WAL format, https://sqlite.org/walformat.html): frames count while their salts and the running
 * checksum agree, and only up to the last frame that ends a commit. Undefined where the log is empty, belongs to another
 * generation of the database or holds no commit.
 */
export async function readWal(bytes: Bytes): Promise<WalIndex | undefined> {
  if (bytes.size < HEADER + FRAME) return undefined
  const head = view(await bytes.load(0, HEADER))
  const magic = head.getUint32(0)
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return undefined
  const little = magic === 0x377f0682
  const pageSize = head.getUint32(8)
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) return undefined
  const salt1 = head.getUint32(16)
  const salt2 = head.getUint32(20)
  let sum = checksum(head, 0, 24, little, 0, 0)
  if (sum[0] !== head.getUint32(24) || sum[1] !== head.getUint32(28)) return undefined

  const pages = new Map<number, number>()
  let pending: [number, number][] = []
  let pageCount = 0
  let frames = 0
  let committedBytes = 0
  const size = FRAME + pageSize
  const perChunk = Math.max(1, Math.floor(CHUNK / size))
  for (let at = HEADER; at + size <= bytes.size; at += perChunk * size) {
    const chunk = view(await bytes.load(at, Math.min(perChunk * size, bytes.size - at)))
    for (let f = 0; f + size <= chunk.byteLength; f += size) {
      if (chunk.getUint32(f + 8) !== salt1 || chunk.getUint32(f + 12) !== salt2) return done()
      sum = checksum(chunk, f, 8, little, sum[0], sum[1])
      sum = checksum(chunk, f + FRAME, pageSize, little, sum[0], sum[1])
      if (sum[0] !== chunk.getUint32(f + 16) || sum[1] !== chunk.getUint32(f + 20)) return done()
      pending.push([chunk.getUint32(f), at + f + FRAME])
      const after = chunk.getUint32(f + 4)
      if (after === 0) continue
      for (const [page, offset] of pending) pages.set(page, offset)
      frames += pending.length
      pending = []
      pageCount = after
      committedBytes = at + f + size
    }
  }
  return done()

  function done(): WalIndex | undefined {
    return pageCount > 0 ? { pages, pageCount, pageSize, frames, committedBytes } : undefined
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function checksum(data: DataView, from: number, length: number, little: boolean, s1: number, s2: number): [number, number] {
  let a = s1
  let b = s2
  for (let i = from; i < from + length; i += 8) {
    a = (a + data.getUint32(i, little) + b) >>> 0
    b = (b + data.getUint32(i + 4, little) + a) >>> 0
  }
  return [a, b]
}

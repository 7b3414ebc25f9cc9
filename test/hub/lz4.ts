const MAGIC = 0x184d2204

/**
 * Unpacks one LZ4 frame (github.com/lz4/lz4, doc/lz4_Frame_format.md), the form in which Xet's chunks are
 * compressed (client: utils/createXorbs.ts, writeChunk). `size` is that of the unpacked bytes. Checksums are
 * skipped: Xet's own hashes tell whether the bytes are right. Throws for what is no such frame.
 */
export function unlz4(frame: Buffer, size: number): Buffer {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw new Error('lz4: not a frame')
  const flags = frame.readUInt8(4)
  if (flags >> 6 !== 1) throw new Error(`lz4: unknown version ${flags >> 6}`)
  const [blockSums, contentSize, dictionary] = [flags & 0x10, flags & 0x08, flags & 0x01]
  if (dictionary) throw new Error('lz4: frames with a dictionary are not read')
  const out = Buffer.alloc(size)
  let done = 0
  for (let at = 7 + (contentSize ? 8 : 0); ; ) {
    const head = frame.readUInt32LE(at)
    at += 4
    if (head === 0) break
    const length = head & 0x7fffffff
    if (at + length > frame.length) throw new Error(`lz4: a block of ${length} bytes ends after the frame`)
    const block = frame.subarray(at, at + length)
    done = head >>> 31 ? done + block.copy(out, done) : unpackBlock(block, out, done)
    at += length + (blockSums ? 4 : 0)
  }
  if (done !== size) throw new Error(`lz4: ${done} bytes instead of ${size}`)
  return out
}

/** Unpacks one block (doc/lz4_Block_format.md) to `out` from `start` on and gives where it ended. */
function unpackBlock(block: Buffer, out: Buffer, start: number): number {
  let from = 0
  let to = start
  const more = (length: number) => {
    if (length < 15) return length
    for (let byte = 255; byte === 255; length += byte) byte = block.readUInt8(from++)
    return length
  }
  while (from < block.length) {
    const token = block.readUInt8(from++)
    const literals = more(token >> 4)
    if (from + literals > block.length || to + literals > out.length)
      throw new Error('lz4: literals beyond the end')
    block.copy(out, to, from, from + literals)
    from += literals
    to += literals
    if (from >= block.length) break // the last sequence has literals only
    const distance = block.readUInt16LE(from)
    from += 2
    const length = more(token & 15) + 4
    if (distance === 0 || distance > to || to + length > out.length)
      throw new Error(`lz4: no match ${distance} bytes back at ${to}`)
    // a match may overlap what it writes, so byte by byte
    for (let end = to + length; to < end; to++) out[to] = out[to - distance] ?? 0
  }
  return to
}

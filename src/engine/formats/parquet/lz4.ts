/*
 * LZ4 blocks that end where they promise to (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md):
 * the package fills its output with whatever comes, and leaves the rest zero.
 */

/**
 * A block of `length` bytes, unpacked. Throws where it is longer or shorter, or refers to what is not there.
 */
export function unpackLz4(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length)
  if (unpackInto(input, output, 0) !== length)
    throw new Error(`lz4: not the ${length} bytes that are promised`)
  return output
}

/** The same as Hadoop frames it, blocks after their lengths; plain blocks go under the same name too. */
export function unpackHadoopLz4(input: Uint8Array, length: number): Uint8Array {
  const blocks = blocksOf(input, length)
  if (!blocks) return unpackLz4(input, length)
  const output = new Uint8Array(length)
  let filled = 0
  for (const { bytes, size } of blocks) {
    const end = unpackInto(bytes, output, filled)
    if (end !== filled + size) throw new Error(`lz4: a block of ${end - filled} bytes instead of ${size}`)
    filled = end
  }
  if (filled !== length) throw new Error(`lz4: ${filled} bytes instead of ${length}`)
  return output
}

/** Undefined where the lengths do not add up, as they hardly do by accident. */
function blocksOf(input: Uint8Array, length: number): { bytes: Uint8Array; size: number }[] | undefined {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const blocks: { bytes: Uint8Array; size: number }[] = []
  let total = 0
  for (let at = 0; at < input.length; ) {
    if (at + 8 > input.length) return undefined
    const [size, packed] = [view.getUint32(at), view.getUint32(at + 4)]
    at += 8
    total += size
    if (at + packed > input.length || total > length) return undefined
    blocks.push({ bytes: input.subarray(at, at + packed), size })
    at += packed
  }
  return blocks
}

function unpackInto(input: Uint8Array, output: Uint8Array, from: number): number {
  let to = from
  for (let at = 0; at < input.length; ) {
    const token = input[at++] as number
    const long = (short: number): number => {
      let count = short
      for (let byte = short === 15 ? 255 : 0; byte === 255; count += byte) {
        if (at >= input.length) throw new Error('lz4: cut off')
        byte = input[at++] as number
      }
      return count
    }
    const literals = long(token >> 4)
    if (at + literals > input.length || to + literals > output.length)
      throw new Error('lz4: goes on behind its end')
    output.set(input.subarray(at, at + literals), to)
    at += literals
    to += literals
    // the last bytes are literals
    if (at === input.length) return to
    if (at + 2 > input.length) throw new Error('lz4: cut off')
    const offset = (input[at] as number) | ((input[at + 1] as number) << 8)
    at += 2
    const count = long(token & 15) + 4
    if (offset === 0 || offset > to || to + count > output.length)
      throw new Error('lz4: refers to what is not there')
    // byte by byte: a copy may repeat what it writes
    for (let i = 0; i < count; i++, to++) output[to] = output[to - offset] as number
  }
  return to
}

/// <reference path="./brotli-bits.d.ts" />
import type { Compressors } from 'hyparquet'
import { compressors as all } from 'hyparquet-compressors'
import { BrotliBitReader } from 'hyparquet-compressors/src/brotli.bitreader.js'
import { crc32 } from './crc32.ts'
import { unpackHadoopLz4, unpackLz4 } from './lz4.ts'

// a file of its own, so that what is fetched when first needed has a name that says what it is

const { BROTLI, GZIP, ZSTD } = all

/** What reads the bits of the brotli that is being unpacked: the package keeps it to itself. */
let bits: BrotliBitReader | undefined
const { reset } = BrotliBitReader.prototype
BrotliBitReader.prototype.reset = function (this: BrotliBitReader): boolean {
  bits = this
  return reset.call(this)
}

/**
 * Brotli has no checksum. But the bits behind its end, up to the next byte, are zeros
 * (https://datatracker.ietf.org/doc/html/rfc7932#section-9.3): who comes out in the middle of something else
 * read damage. The package does not look.
 */
function endsInZeros(): boolean {
  const { val_: next, bit_pos_: at } = bits as BrotliBitReader
  return ((next >>> at) & (0xff >>> (at & 7 || 8))) === 0
}

/**
 * What the package has, where damage would come as other bytes: with the checks that the formats allow.
 * Snappy is left to hyparquet itself.
 */
export const compressors: Compressors = {
  BROTLI(input, length) {
    // the package does not tell how much it wrote: what is still as it was differs between two buffers that
    // began otherwise
    const [one, other] = [0, 1].map((filler) => {
      const buffer = new ArrayBuffer(length)
      new Uint8Array(buffer).fill(filler)
      // it makes an array of whatever it is given for the length: of a buffer, a view
      return BROTLI?.(input, buffer as unknown as number)
    })
    if (!one || !other) throw new Error('brotli: nothing to read it with')
    if (one.some((byte, i) => byte !== other[i]))
      throw new Error(`brotli: less than the ${length} bytes that are promised`)
    if (!endsInZeros()) throw new Error('brotli: its last byte is not filled up with zeros')
    return one
  },
  GZIP(input, length) {
    const output = GZIP?.(input, length)
    if (!output) throw new Error('gzip: nothing to read it with')
    // raw deflate has no header and no checksum
    if (input[0] !== 31 || input[1] !== 139) return output
    if (input.length < 18) throw new Error('gzip: cut off')
    const end = new DataView(input.buffer, input.byteOffset + input.length - 8, 8)
    const size = end.getUint32(4, true)
    // of several parts one after the other, the end speaks of the last one
    if (size > output.length || end.getInt32(0, true) !== crc32(output.subarray(output.length - size)))
      throw new Error('gzip: the checksum is wrong')
    return output
  },
  ZSTD(input, length) {
    const output = ZSTD?.(withoutSize(input, length), length)
    if (!output) throw new Error('zstd: nothing to read it with')
    return output
  },
  LZ4: unpackHadoopLz4,
  LZ4_RAW: unpackLz4,
}

/**
 * A frame of zstd that does not say how long its content is
 * (https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1.1): told the length, the package cuts or fills
 * what comes to it, and damage would not show. Anything but a frame without a dictionary is left as it is.
 */
function withoutSize(input: Uint8Array, length: number): Uint8Array {
  const flags = input[4] as number
  if (
    input.length < 6 ||
    new DataView(input.buffer, input.byteOffset, 4).getUint32(0, true) !== 0xfd2fb528 ||
    (flags & 3) !== 0
  )
    return input
  const single = (flags >> 5) & 1
  const sizeBytes = flags >> 6 ? 1 << (flags >> 6) : single
  const header = 6 - single + sizeBytes
  // a window that holds all of it: 2^(10 + n) bytes
  const window = Math.max(0, Math.ceil(Math.log2(Math.max(1, length))) - 10)
  const frame = new Uint8Array(6 + input.length - header)
  frame.set(input.subarray(0, 4))
  frame[4] = flags & 0b100
  frame[5] = single ? window << 3 : (input[5] as number)
  frame.set(input.subarray(header), 6)
  return frame
}

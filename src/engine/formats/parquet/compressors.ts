import type { Compressors } from 'hyparquet'
import { compressors as all } from 'hyparquet-compressors'
import { crc32 } from './crc32.ts'

// a file of its own, so that what is fetched when first needed has a name that says what it is

/** What the package has, with a GZIP that looks at the checksum behind its bytes. */
export const compressors: Compressors = {
  ...all,
  GZIP(input, length) {
    const output = all.GZIP?.(input, length)
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
}

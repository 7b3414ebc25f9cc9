/**
 * What reads the bits of brotli in the package, of which only the index has types: what `compressors.ts`
 * looks at of it.
 */
declare module 'hyparquet-compressors/src/brotli.bitreader.js' {
  export class BrotliBitReader {
    /** The next bits of the input, lowest first. */
    val_: number
    /** How many of them were read already, at most 32. */
    bit_pos_: number
    /** Called where reading begins, and behind a part that is not compressed. */
    reset(): boolean
  }
}

/**
 * Where bytes are: a file, an address, memory. Ranges beyond the end come back shorter, never padded. Both
 * ways throw ChangedOnDiskError when the bytes are no longer what was opened.
 */
export interface Bytes {
  readonly size: number
  /** At once; for random access to a few kilobytes (SQLite's own reads). */
  read(offset: number, length: number): Uint8Array
  /** In the background; for reading through a file in large pieces. */
  load(offset: number, length: number): Promise<Uint8Array>
}

/** Bytes that are already in memory; ranges are views, not copies. */
export function memoryBytes(data: Uint8Array): Bytes {
  return {
    size: data.byteLength,
    read: (offset, length) => data.subarray(offset, offset + length),
    load: async (offset, length) => data.subarray(offset, offset + length),
  }
}

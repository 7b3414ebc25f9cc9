import type { SyncFile } from './sync-file.ts'

export interface GatheredFile extends SyncFile {
  /** Writes what was gathered. */
  settle(): void
}

/** Bytes: 63 pages of a log. */
const GATHER = 256 << 10

/**
 * Puts writes together that follow on one another: each call into the browser costs 13 µs whatever its size,
 * and SQLite makes two for a page of its log. They reach the file before anything else happens to it, and at
 * `settle` and `flush`. What could not be written then is dropped.
 */
export function gatherWrites(file: SyncFile): GatheredFile {
  const gathered = new Uint8Array(GATHER)
  let start = 0
  let length = 0

  function settle(): void {
    const count = length
    length = 0
    if (count > 0) file.write(gathered.subarray(0, count), start)
  }

  return {
    get size() {
      return length > 0 ? Math.max(file.size, start + length) : file.size
    },
    read(target, offset) {
      settle()
      return file.read(target, offset)
    },
    write(source, offset) {
      if (length > 0 && (offset !== start + length || length + source.length > GATHER)) settle()
      if (source.length > GATHER) return file.write(source, offset)
      if (length === 0) start = offset
      gathered.set(source, length)
      length += source.length
    },
    truncate(size) {
      settle()
      file.truncate(size)
    },
    settle,
    flush() {
      settle()
      file.flush()
    },
    close() {
      settle()
      file.close()
    },
  }
}

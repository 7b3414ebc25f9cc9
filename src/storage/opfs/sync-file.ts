/**
 * A file that one thread owns and changes at once, as SQLite needs it. Ways that change it throw what the
 * place says (QuotaExceededError when it is full).
 */
export interface SyncFile {
  /** Bytes. */
  readonly size: number
  /** Fills `target` from `offset`; bytes that are not there are zero. False when some were missing. */
  read(target: Uint8Array, offset: number): boolean
  /** Writes all of `source` at `offset`; a gap before it is zero. */
  write(source: Uint8Array, offset: number): void
  truncate(size: number): void
  /** Returns once the bytes would outlast a loss of power, as far as the place can tell. */
  flush(): void
  close(): void
}

/** A file in memory. It grows by halves, so appending costs no copy each time. */
export function memoryFile(): SyncFile {
  let data = new Uint8Array(0)
  let size = 0
  return {
    get size() {
      return size
    },
    read(target, offset) {
      const have = data.subarray(Math.min(offset, size), Math.min(offset + target.length, size))
      target.set(have)
      target.fill(0, have.length)
      return have.length === target.length
    },
    write(source, offset) {
      const end = offset + source.length
      if (end > data.length) {
        const grown = new Uint8Array(Math.max(end, Math.ceil(data.length * 1.5), 4096))
        grown.set(data.subarray(0, size))
        data = grown
      }
      // what a truncation left behind must not show in a gap
      if (offset > size) data.fill(0, size, offset)
      data.set(source, offset)
      size = Math.max(size, end)
    },
    truncate(to) {
      if (to > size) data.length >= to ? data.fill(0, size, to) : this.write(new Uint8Array(0), to)
      size = to
    },
    flush() {},
    close() {},
  }
}

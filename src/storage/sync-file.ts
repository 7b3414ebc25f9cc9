/** A file that one thread owns and changes at once, as SQLite needs it. Ways that change it throw what the place says (QuotaExceededError when it is full). */
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

export interface GatheredFile extends SyncFile {
  /** Writes what was gathered. */
  settle(): void
}

/** Bytes; twice as many gain nothing. */
const GATHER = 256 << 10

/**
 * Puts writes together that follow on one another: each call into the browser costs 13 µs whatever its size, and SQLite makes two for a page of its log.
 * They reach the file before anything else happens to it, and at `settle` and `flush`. What could not be written then is dropped.
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

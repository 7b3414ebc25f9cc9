import type { Bytes } from '../../../storage/bytes.ts'
import type { Header } from './database-header.ts'
import type { WalIndex } from './wal.ts'

/**
 * A database as its last commit left it: pages of the file, with those of the write-ahead log laid over them.
 * Both SQLite (vfs.ts) and the row reader (btree.ts) look at the same image, so they cannot disagree about
 * what is committed.
 */
export interface Image {
  header: Header
  pageCount: number
  pageSize: number
  db: Bytes
  wal: Bytes | undefined
  /** Page number → offset in `wal`. */
  overlay: Map<number, number>
  /** The log holds commits behind a frame that cannot be read. */
  broken: boolean
  /** Bytes of file and log together. */
  size: number
}

export function makeImage(header: Header, db: Bytes, wal?: Bytes, index?: WalIndex): Image {
  // a log of another page size belongs to another file
  const use = index && index.pageSize === header.pageSize ? index : undefined
  const inFile = Math.ceil(db.size / header.pageSize)
  return {
    header,
    pageSize: header.pageSize,
    // a file that was cut off keeps the size it should have: what is missing reads as damage, page by page
    pageCount: use?.pageCount ?? Math.max(inFile, plausible(header, inFile)),
    db,
    wal: use ? wal : undefined,
    overlay: use?.pages ?? new Map(),
    broken: use?.broken === true,
    size: db.size + (use ? (wal?.size ?? 0) : 0),
  }
}

/** A garbled header must not promise terabytes: a size over 64 times the file's is not believed. */
function plausible(header: Header, inFile: number): number {
  return header.pageCount <= inFile * 64 + 64 ? header.pageCount : 0
}

/** Pages by number, through a cache of blocks: least recently used first to go. */
export interface Pages {
  readonly image: Image
  /** After `true`, `bytes` and `at` hold the page; false when it is not in memory. Never reads. */
  peek(page: number): boolean
  /** Reads at once. False when the page lies outside of the file. */
  get(page: number): boolean
  /**
   * Starts to read in the background and leaves `bytes` and `at` alone. Who comes to the page is told of a
   * failure.
   */
  start(page: number): void
  /** Reads in the background, with the blocks that follow. False when the page lies outside of the file. */
  load(page: number): Promise<boolean>
  bytes: Uint8Array
  /** Offset of the page in `bytes`. */
  at: number
  /** Bytes read from the source so far. */
  bytesRead: number
  readonly blocks: Blocks
}

/** Blocks of a file by their number, the least recently used first. */
export type Blocks = Map<number, Uint8Array>

export interface PagesOptions {
  /** Bytes of a block: 64 KiB for random access (1 ms a read), some MiB for reading through. */
  block: number
  /** Blocks kept. */
  keep: number
  /** Blocks that `load` starts to read ahead of the one asked for. */
  ahead: number
}

/**
 * For looking things up: 1 ms a read up to 64 KiB (browser-platform measurements), so small blocks.
 */
export const LOOK_UP: PagesOptions = { block: 64 << 10, keep: 256, ahead: 0 }

/**
 * `blocks`: those of the same database file that were read before, of the same size; what is read is kept
 * there.
 */
export function makePages(image: Image, options: PagesOptions, blocks: Blocks = new Map()): Pages {
  const size = image.pageSize
  const block = Math.max(options.block, size)
  const loading = new Map<number, Promise<Uint8Array>>()
  const walPages = new Map<number, Uint8Array>()
  let lastBlock = -1
  let lastBytes: Uint8Array = new Uint8Array(0)

  const pages: Pages = {
    image,
    peek,
    get,
    start,
    load,
    bytes: new Uint8Array(0),
    at: 0,
    bytesRead: 0,
    blocks,
  }
  return pages

  function peek(page: number): boolean {
    if (image.overlay.size > 0 && image.overlay.has(page)) {
      const found = walPages.get(page)
      return found ? place(found, 0) : false
    }
    const offset = (page - 1) * size
    const number = Math.floor(offset / block)
    if (number !== lastBlock) {
      const found = blocks.get(number)
      if (!found) return false
      blocks.delete(number) // moves it to the young end
      blocks.set(number, found)
      lastBlock = number
      lastBytes = found
    }
    return place(lastBytes, offset - number * block)
  }

  function place(bytes: Uint8Array, at: number): boolean {
    if (at + size > bytes.length) return false
    pages.bytes = bytes
    pages.at = at
    return true
  }

  function get(page: number): boolean {
    if (!inside(page)) return false
    if (peek(page)) return true
    const inWal = image.overlay.get(page)
    if (inWal !== undefined && image.wal) {
      keepWal(page, count(image.wal.read(inWal, size)))
    } else {
      const number = Math.floor(((page - 1) * size) / block)
      keep(number, count(image.db.read(number * block, block)))
    }
    return peek(page)
  }

  function start(page: number): void {
    // a log is in memory, or near
    if (!inside(page) || image.overlay.has(page)) return
    const number = Math.floor(((page - 1) * size) / block)
    if (!blocks.has(number) && !loading.has(number)) startBlock(number)
  }

  async function load(page: number): Promise<boolean> {
    if (!inside(page)) return false
    const inWal = image.overlay.get(page)
    if (inWal !== undefined && image.wal) {
      if (!walPages.has(page)) keepWal(page, count(await image.wal.load(inWal, size)))
      return peek(page)
    }
    const number = Math.floor(((page - 1) * size) / block)
    const last = Math.floor((image.db.size - 1) / block)
    for (let n = number; n <= Math.min(last, number + options.ahead); n++)
      if (!blocks.has(n) && !loading.has(n)) startBlock(n)
    // before waiting: a block read ahead may push this one out
    if (peek(page)) return true
    const bytes = await loading.get(number)
    if (bytes && !blocks.has(number)) keep(number, bytes)
    return peek(page)
  }

  function startBlock(number: number): void {
    const promise = image.db.load(number * block, block).then((bytes) => {
      keep(number, count(bytes))
      return bytes
    })
    loading.set(number, promise)
    const forget = (): void => void loading.delete(number)
    // a failure is seen by whoever awaits the block; a block read ahead that nobody asks for must not be an
    // unhandled rejection
    promise.then(forget, forget)
  }

  function inside(page: number): boolean {
    return page >= 1 && (image.overlay.has(page) || page * size <= image.db.size)
  }

  function count(bytes: Uint8Array): Uint8Array {
    pages.bytesRead += bytes.length
    return bytes
  }

  function keep(number: number, bytes: Uint8Array): void {
    blocks.set(number, bytes)
    for (const old of blocks.keys()) {
      if (blocks.size <= options.keep) break
      if (old !== number) blocks.delete(old)
    }
  }

  function keepWal(page: number, bytes: Uint8Array): void {
    walPages.set(page, bytes)
    for (const old of walPages.keys()) {
      if (walPages.size * size <= 8 << 20 || walPages.size <= 1) break
      if (old !== page) walPages.delete(old)
    }
  }
}

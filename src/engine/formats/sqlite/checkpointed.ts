import type { Bytes } from '../../../storage/bytes.ts'
import type { Image } from './database-image.ts'

export interface CopyOptions {
  signal?: AbortSignal | undefined
  onProgress?: ((bytes: number, totalBytes: number) => void) | undefined
}

/** Bytes a piece; four pieces are read side by side, so 16 MiB are in memory at a time. */
const PIECE = 4 << 20
const AHEAD = 3
const WAL_BLOCK = 1 << 20
const WAL_BLOCKS = 16

/**
 * Size of the copy in bytes: whole pages up to the last one that there is. A file that was cut off stays as
 * short as it is.
 */
export function copySize(image: Image): number {
  const inFile = Math.min(image.pageCount, Math.ceil(image.db.size / image.pageSize))
  let last = inFile
  for (const page of image.overlay.keys()) if (page <= image.pageCount && page > last) last = page
  return last * image.pageSize
}

/**
 * The database as its last commit left it, as one complete file: pages of the write-ahead log stand where
 * they belong, and bytes 18 and 19 of the header are 1, so that no reader looks for a log. Pieces come in
 * order; one may be a view of bytes that belong to somebody else, so it is not to be written to. Throws
 * AbortError, or what reading threw.
 */
export async function* imageChunks(
  image: Image,
  { signal, onProgress }: CopyOptions = {},
): AsyncGenerator<Uint8Array> {
  const { pageSize, overlay } = image
  const total = copySize(image)
  const step = Math.max(1, Math.floor(PIECE / pageSize)) * pageSize
  const fromWal = image.wal && overlay.size > 0 ? walReader(image.wal, pageSize) : undefined
  const coming: Promise<Uint8Array>[] = []
  let asked = 0
  for (let at = 0; at < total; at += step) {
    signal?.throwIfAborted()
    for (; asked < total && coming.length <= AHEAD; asked += step) {
      const piece = image.db.load(asked, Math.min(step, total - asked))
      // whoever awaits it sees the failure; when the copy ends before, it must not be an unhandled rejection
      piece.catch(() => {})
      coming.push(piece)
    }
    const length = Math.min(step, total - at)
    let piece = (await coming.shift()) ?? new Uint8Array(0)
    let own = false
    const write = (bytes: Uint8Array, to: number): void => {
      if (!own) {
        const whole = new Uint8Array(length)
        whole.set(piece)
        piece = whole
        own = true
      }
      piece.set(bytes, to)
    }
    // the log reaches beyond the file, or its last page is cut
    if (piece.length < length) write(new Uint8Array(0), 0)
    if (fromWal) {
      for (let offset = 0; offset < length; offset += pageSize) {
        const inWal = overlay.get((at + offset) / pageSize + 1)
        if (inWal !== undefined) write(await fromWal(inWal), offset)
      }
    }
    if (at === 0) write(Uint8Array.of(1, 1), 18)
    yield piece
    onProgress?.(Math.min(total, at + step), total)
  }
}

/** Pages of the log through blocks of 1 MiB: a page by itself would cost a read (1 ms) each. */
function walReader(wal: Bytes, pageSize: number): (offset: number) => Promise<Uint8Array> {
  const blocks = new Map<number, Uint8Array>()
  const block = async (number: number): Promise<Uint8Array> => {
    const found = blocks.get(number) ?? (await wal.load(number * WAL_BLOCK, WAL_BLOCK))
    blocks.delete(number)
    blocks.set(number, found)
    for (const old of blocks.keys()) {
      if (blocks.size <= WAL_BLOCKS) break
      blocks.delete(old)
    }
    return found
  }
  return async (offset) => {
    const number = Math.floor(offset / WAL_BLOCK)
    const from = offset - number * WAL_BLOCK
    const first = await block(number)
    if (from + pageSize <= first.length) return first.subarray(from, from + pageSize)
    const page = new Uint8Array(pageSize)
    page.set(first.subarray(from))
    page.set((await block(number + 1)).subarray(0, pageSize - (first.length - from)), first.length - from)
    return page
  }
}

import type { Image, Pages } from './database-image.ts'
import { makePages } from './database-image.ts'

/*
 * An image of a database as a read-only file for SQLite's file layer. The log is already laid over the pages,
 * so the header is shown as that of a rollback-journal database (bytes 18 and 19 are 1) and SQLite opens it
 * as immutable.
 */

export interface ImageFile {
  size: number
  /** Fills `target` from `offset`; bytes that are not there are zero. False when some were missing. */
  read(target: Uint8Array, offset: number): boolean
}

export function imageFile(image: Image): ImageFile {
  // 64 KiB blocks: SQLite looks things up here and there; reading through is the row reader's work
  const pages: Pages = makePages(image, { block: 64 << 10, keep: 256, ahead: 0 })
  const size = image.pageSize
  return {
    size: image.pageCount * size,
    read(target, offset) {
      let whole = true
      for (let done = 0; done < target.length; ) {
        const at = offset + done
        const page = Math.floor(at / size) + 1
        const within = at - (page - 1) * size
        const take = Math.min(size - within, target.length - done)
        if (pages.get(page))
          target.set(pages.bytes.subarray(pages.at + within, pages.at + within + take), done)
        else {
          target.fill(0, done, done + take)
          if (page > image.pageCount) whole = false
        }
        done += take
      }
      for (const at of [18, 19]) if (at >= offset && at < offset + target.length) target[at - offset] = 1
      return whole
    },
  }
}

import { cellCount, u16, u32 } from './btree.ts'
import type { Pages } from './database-image.ts'

const INTERIOR_INDEX = 2
const LEAF_INDEX = 10

/**
 * How many entries an index has, by the headers of its pages: as many as the table has rows, so that rows
 * which fell out of the table show. Only pages that are in memory are looked at, as all of a file of up to 64
 * MB are once it was read; undefined where others would have to be read, or the index itself is garbled.
 */
export async function countIndex(pages: Pages, root: number): Promise<number | undefined> {
  const { image } = pages
  const seen = new Set<number>()
  const open = [root]
  let entries = 0
  for (let page = open.pop(); page !== undefined; page = open.pop()) {
    if (seen.has(page)) return undefined
    seen.add(page)
    // a log is in memory
    if (!pages.peek(page) && !(image.overlay.has(page) && (await pages.load(page)))) return undefined
    const { bytes, at } = pages
    const cells = cellCount(bytes, at, page)
    entries += cells
    if (bytes[at] === LEAF_INDEX) continue
    if (bytes[at] !== INTERIOR_INDEX || 12 + cells * 2 > image.pageSize) return undefined
    for (let i = 0; i < cells; i++) {
      const cell = u16(bytes, at + 12 + i * 2)
      if (cell + 4 > image.pageSize) return undefined
      open.push(u32(bytes, at + cell))
    }
    open.push(u32(bytes, at + 8))
  }
  return entries
}

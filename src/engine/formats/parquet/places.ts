import type { Page, Paged } from './page-index.ts'

/**
 * A page of a sample, by its place among the chunks and the chunk's pages. `marks`: where in it rows are
 * wanted, as shares of its bytes; mostly one.
 */
export interface Place {
  chunk: number
  page: number
  marks: number[]
}

/** Its multiples fall evenly between 0 and 1, however many there are. */
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * `count` marks in the pages of a column, spread over its bytes: so stretches where it was not logged, of
 * which pages of nulls tell in a few bytes, get none. Not at equal distances: of runs of one length that
 * follow each other, all would be seen at the same step. Pages that need a dictionary are left out where most
 * rows are plain ones: it has up to 1 MB a chunk. In file order; undefined chunks have no pages.
 */
export function choosePlaces(chunks: readonly (Paged | undefined)[], count: number): Place[] {
  const all = chunks.flatMap((paged, chunk) =>
    paged ? eligible(paged).map(({ page, at }) => ({ chunk, page: at, bytes: sizeOf(page) })) : [],
  )
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0)
  const chosen: Place[] = []
  let before = 0
  let next = 0
  for (const { chunk, page, bytes } of all) {
    const end = before + bytes
    const marks: number[] = []
    for (; next < count && mark(next) < end; next++) marks.push((mark(next) - before) / bytes)
    if (marks.length > 0) chosen.push({ chunk, page, marks })
    before = end
  }
  return chosen

  function mark(k: number): number {
    return ((k + (((k + 1) * GOLDEN) % 1)) / count) * total
  }
}

function eligible({ pages, coded, chunk }: Paged): { page: Page; at: number }[] {
  const all = pages.map((page, at) => ({ page, at }))
  const firstPlain = pages[coded]
  // less than half of the rows lie before the first plain page
  return firstPlain && firstPlain.row * 2 < chunk.rows ? all.slice(coded) : all
}

function sizeOf({ start, end }: Page): number {
  return end - start
}

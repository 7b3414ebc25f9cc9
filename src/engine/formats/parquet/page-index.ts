import { readOffsetIndex } from 'hyparquet/src/indexes.js'
import { makeFetcher } from './fetch.ts'
import type { Chunk, Table } from './parquet-table.ts'
import type { Limits, Span } from './plan.ts'

/** A data page: its bytes with the header, and its rows, counted within the row group. */
export interface Page extends Span {
  row: number
  rows: number
}

/** A chunk whose pages can be read one by one. */
export interface Paged {
  chunk: Chunk
  pages: Page[]
  /** Bytes of the page with the dictionary; undefined where there is none. */
  dictionary: Span | undefined
  /** So many pages, from the first, refer to the dictionary; the others are plain. */
  coded: number
}

/**
 * Whether it can be told where a chunk's pages are: by its index, or because there is only one (for which not
 * every writer makes an index).
 */
export function isPaged(chunk: Chunk): boolean {
  return chunk.index !== undefined || pagesIn(chunk) === 1
}

/** Where the pages of these chunks are; undefined for one whose index is missing or makes no sense. */
export async function readPageIndex(
  table: Table,
  chunks: readonly Chunk[],
  limits: Limits,
): Promise<(Paged | undefined)[]> {
  const known = chunks.flatMap((chunk, i) => (chunk.index ? [{ i, span: chunk.index }] : []))
  const spans = known.map(({ span }) => span)
  const fetcher = makeFetcher(table.path, table.bytes, spans, limits)
  const found = chunks.map((chunk) => (chunk.index ? undefined : onlyPage(chunk)))
  for (const [k, { i }] of known.entries()) found[i] = parse(chunks[i] as Chunk, await fetcher.take(k))
  return found
}

/** Data pages, as the footer counts them; undefined where it does not. */
function pagesIn({ meta }: Chunk, kind: (encoding: string) => boolean = () => true): number | undefined {
  return meta.encoding_stats
    ?.filter(({ page_type, encoding }) => page_type.startsWith('DATA_PAGE') && kind(encoding))
    .reduce((sum, { count }) => sum + count, 0)
}

function onlyPage(chunk: Chunk): Paged | undefined {
  const start = Number(chunk.meta.data_page_offset)
  if (pagesIn(chunk) !== 1 || start < chunk.start || start >= chunk.end) return undefined
  return pagedOf(chunk, [{ start, end: chunk.end, row: 0, rows: chunk.rows }])
}

function parse(chunk: Chunk, bytes: Uint8Array): Paged | undefined {
  let places: Page[]
  try {
    const { page_locations } = readOffsetIndex({
      view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      offset: 0,
    })
    places = page_locations.map(({ offset, compressed_page_size, first_row_index }) => {
      const start = Number(offset)
      return { start, end: start + compressed_page_size, row: Number(first_row_index), rows: 0 }
    })
  } catch {
    // no index that can be read: the chunk is read as one without
    return undefined
  }
  const [first] = places
  if (first?.row !== 0 || first.start < chunk.start) return undefined
  for (const [p, page] of places.entries()) {
    const next = places[p + 1]
    page.rows = (next?.row ?? chunk.rows) - page.row
    if (page.rows <= 0 || page.end <= page.start || page.end > (next?.start ?? chunk.end)) return undefined
  }
  return pagedOf(chunk, places)
}

function pagedOf(chunk: Chunk, pages: Page[]): Paged {
  const [first] = pages
  const dictionary = first && first.start > chunk.start ? { start: chunk.start, end: first.start } : undefined
  // a writer begins with the dictionary and gives it up for good when it grows too large: the footer counts
  // the pages of either kind
  const plain = pagesIn(chunk, (encoding) => !encoding.endsWith('DICTIONARY')) ?? 0
  return { chunk, pages, dictionary, coded: dictionary ? Math.max(0, pages.length - plain) : 0 }
}

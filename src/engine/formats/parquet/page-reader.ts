import type { DecodedArray } from 'hyparquet'
import { makeFetcher } from './fetch.ts'
import { type Page, type Paged, readPageIndex } from './page-index.ts'
import { compressorsFor, dictionaryOf, onePage, type TextsAs } from './pages.ts'
import type { Chunk, Leaf, Table } from './parquet-table.ts'
import type { Limits, Span } from './plan.ts'
import { prefixBytes, readPrefix } from './prefix.ts'

/** A page of a leaf in a row group. */
export interface PageOf {
  leaf: Leaf
  group: number
  page: Page
}

/** Single pages of a file, wherever they lie. Nothing that was read is kept but the dictionaries. */
export interface PageReader {
  /** By row group: the pages of a leaf; undefined where the file does not say where they are. */
  pagesOf(leaf: Leaf): Promise<(Paged | undefined)[]>
  /** Calls `use` with the cells of each of the pages, in any order; all requests are made at once. */
  whole<P extends PageOf>(
    pages: readonly P[],
    texts: TextsAs,
    use: (page: P, cells: DecodedArray) => void,
  ): Promise<void>
  /** The same with their first `rows`, or fewer, by as few bytes as tell. */
  first<P extends PageOf>(
    pages: readonly P[],
    rows: number,
    use: (page: P, cells: ArrayLike<unknown>) => void,
  ): Promise<void>
}

export function makePageReader(table: Table, limits: Limits): PageReader {
  const known = new Map<Leaf, Promise<(Paged | undefined)[]>>()
  const dictionaries = new Map<Chunk, Promise<DecodedArray>>()
  return { pagesOf, whole, first }

  function pagesOf(leaf: Leaf): Promise<(Paged | undefined)[]> {
    let found = known.get(leaf)
    if (!found) {
      const chunks = table.groups.map((group) => group.chunks[leaf.index] as Chunk)
      found = readPageIndex(table, chunks, limits)
      known.set(leaf, found)
      // what failed for want of a network is asked for again next time
      found.catch(() => known.delete(leaf))
    }
    return found
  }

  async function whole<P extends PageOf>(
    pages: readonly P[],
    texts: TextsAs,
    use: (page: P, cells: DecodedArray) => void,
  ): Promise<void> {
    const places = await Promise.all(pages.map(placeOf))
    const chunks = places.map(({ chunk }) => chunk)
    const options = { compressors: await compressorsFor(table.path, chunks), texts }
    const fetcher = fetcherOf(pages.map(({ page }) => page))
    const coded = places.map(async (paged, i) => {
      const refers = paged.pages.indexOf((pages[i] as PageOf).page) < paged.coded
      return refers && paged.dictionary ? await dictionary(paged, paged.dictionary, texts) : undefined
    })
    await Promise.all(
      pages.map(async (one, i) => {
        const [bytes, words] = await Promise.all([fetcher.take(i), coded[i]])
        use(one, onePage(table.path, chunks[i] as Chunk, bytes, words, options))
      }),
    )
  }

  async function first<P extends PageOf>(
    pages: readonly P[],
    rows: number,
    use: (page: P, cells: ArrayLike<unknown>) => void,
  ): Promise<void> {
    const places = await Promise.all(pages.map(placeOf))
    const spans: Span[] = []
    const short: number[] = []
    const long: P[] = []
    for (const [i, one] of pages.entries()) {
      const { chunk, pages: all, coded } = places[i] as Paged
      const bytes = all.indexOf(one.page) < coded ? undefined : prefixBytes(chunk, one.page, rows)
      if (bytes === undefined) long.push(one)
      else {
        spans.push({ start: one.page.start, end: one.page.start + bytes })
        short.push(i)
      }
    }
    const fetcher = fetcherOf(spans)
    const odd: P[] = []
    await Promise.all(
      short.map(async (i, s) => {
        const one = pages[i] as P
        const cells = readPrefix((places[i] as Paged).chunk, one.page, await fetcher.take(s), rows)
        if (cells && cells.length > 0) use(one, cells)
        else odd.push(one)
      }),
    )
    await whole([...long, ...odd], 'text', use)
  }

  async function placeOf({ leaf, group }: PageOf): Promise<Paged> {
    const paged = (await pagesOf(leaf))[group]
    if (!paged) throw new Error(`no pages of row group ${group} are known`)
    return paged
  }

  function dictionary({ chunk }: Paged, span: Span, texts: TextsAs): Promise<DecodedArray> {
    let found = dictionaries.get(chunk)
    if (!found) {
      found = Promise.all([fetcherOf([span]).take(0), compressorsFor(table.path, [chunk])]).then(
        ([bytes, compressors]) => dictionaryOf(table.path, chunk, bytes, { compressors, texts }),
      )
      dictionaries.set(chunk, found)
      found.catch(() => dictionaries.delete(chunk))
    }
    return found
  }

  function fetcherOf(spans: readonly Span[]) {
    return makeFetcher(table.path, table.bytes, spans, limits)
  }
}

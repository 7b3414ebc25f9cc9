import { decodeText } from '../../columns/json.ts'
import { parseTime } from '../../columns/time.ts'
import { bytesOfCell, numberOfCell } from './cell-values.ts'
import { makeFetcher } from './fetch.ts'
import { chunksOf, type Keys, presentIn } from './key-structure.ts'
import { isPaged, type Page, type Paged } from './page-index.ts'
import { makePageReader, type PageOf } from './page-reader.ts'
import { compressorsFor, eachPage, makeBreath } from './pages.ts'
import { keepStamp, makeRunNumbers, type RunRows } from './parquet-runs.ts'
import type { Chunk, Group, Leaf, Table } from './parquet-table.ts'
import { choosePlaces } from './places.ts'
import type { Limits } from './plan.ts'
import { prefixBytes } from './prefix.ts'
import { makeSampleColumns, type Patch, type Range } from './sample-columns.ts'

/*
 * A first picture of a large file behind a network: rows from all over it, of each metric those at the
 * beginning of some of its pages. Which bytes those are is said by the index of pages, which pyarrow (since
 * trackio asks for it) and our own exports write.
 */

/** Pages of a metric that are looked into, and rows from the beginning of each: 6 kB of plain doubles. */
const PLACES = { most: 48, least: 16 }
const ROWS = 768
/** Steps and times have to be read by whole pages: where those are large, places are fewer. */
const ROW_BYTES = 4 << 20

export interface Sampler {
  /**
   * Finds out which rows are whose, and when and at which step some of them were logged. False where the
   * index of pages makes no sense.
   */
  read(signal: AbortSignal): Promise<boolean>
  /**
   * Adds values of metrics, by key. Of several, the others are read in the rows of the first, so that it can
   * be drawn over them.
   */
  load(keys: readonly number[]): Promise<void>
  /** Runs with the rows of the sample, in file order; `rows` are all that they have. */
  runs(): RunRows[]
}

/** A page of a metric, and where in it rows are wanted. */
interface SamplePage extends PageOf {
  marks: number[]
}

/**
 * Undefined where a file cannot be sampled: pages without an index, rows without steps, payloads as text,
 * names that are written out in every row.
 */
export function makeSampler(
  table: Table,
  { structure, numbers, payload }: Keys,
  limits: Limits,
): Sampler | undefined {
  const { groups } = table
  const leafOf = (column: { leaves: Leaf[] } | undefined): Leaf | undefined => column?.leaves[0]
  const [name, id, time, step] = [structure.runName, structure.runId, structure.time, structure.step].map(
    leafOf,
  )
  const rowLeaves = [step, time].filter((leaf) => leaf !== undefined)
  const [first] = numbers
  if (
    !name ||
    !step ||
    payload ||
    !first ||
    ![...rowLeaves, ...numbers.map(({ leaf }) => leaf)].every(isIndexed)
  )
    return undefined
  const runLeaves = [...(id ? [id] : []), name]
  if (
    runLeaves.flatMap((leaf) => chunksOf(table, leaf)).reduce((sum, { start, end }) => sum + end - start, 0) >
    ROW_BYTES
  )
    return undefined
  const pages = makePageReader(table, limits)
  const runs: RunRows[] = []
  /** By group: the run of each row. */
  const runOf: Uint32Array[] = []
  /** By run: its first row, as group and row. */
  const firstRows: Range[] = []
  const ranges: Range[] = []
  /** By metric. */
  const patches = new Map<number, Patch[]>()
  const columns = makeSampleColumns(runs, runOf, numbers, {
    steps: (range) => numbersIn(step, range),
    times: time && ((range) => numbersIn(time, range)),
  })
  /** Pages that were read whole: steps, times in ms since 1970, and metrics that others are drawn over. */
  const whole = new Map<Page, ArrayLike<unknown>>()
  /** Stamps at either end of the pages of times that were read. */
  const stamps: { group: number; row: number; text: string }[] = []
  let places = PLACES.most
  const index = new Map<Leaf, readonly (Paged | undefined)[]>()
  const readings = new Map<string, Promise<void>>()
  const breathe = makeBreath()
  return {
    read,
    load,
    runs() {
      columns.build(ranges, patches)
      return runs
    },
  }

  function isIndexed(leaf: Leaf): boolean {
    return groups.every((group) => {
      const chunk = group.chunks[leaf.index] as Chunk
      return isPaged(chunk) || presentIn(chunk) === 0
    })
  }

  async function read(signal: AbortSignal): Promise<boolean> {
    await once('runs', () => readRuns(signal))
    const paged = await Promise.all(rowLeaves.map(pages.pagesOf))
    if (paged.flat().some((one) => one === undefined) || !first) return false
    while (places > PLACES.least && bytesOfPages(paged, places) > ROW_BYTES) places--
    // in most files the pages of the other metrics begin at the same rows
    const found = await placesOf(first.leaf)
    await addRanges(found.flatMap((place) => windowsOf(place, isShort(place), () => true)))
    return true
  }

  async function load(keys: readonly number[]): Promise<void> {
    const [main, ...others] = keys
    if (main === undefined) return
    await once(String(main), () => readOwn(main))
    for (const other of others) await once(`${other} in ${main}`, () => readInRowsOf(main, other))
  }

  /** Which run each row is of: two columns of a few kB, as each run stands in the dictionary once. */
  async function readRuns(signal: AbortSignal): Promise<void> {
    const chunks = groups.flatMap((group) => runLeaves.map((leaf) => group.chunks[leaf.index] as Chunk))
    const fetcher = makeFetcher(table.path, table.bytes, chunks, limits, () => !signal.aborted)
    const options = {
      compressors: await compressorsFor(table.path, chunks),
      texts: 'bytes' as const,
      breathe,
    }
    const all = await Promise.all(chunks.map((_, i) => fetcher.take(i)))
    signal.throwIfAborted()
    // nothing of a reading that failed
    runs.length = 0
    const found = makeRunNumbers(id, name, runs)
    for (const [g, group] of groups.entries()) {
      const of = await found.read(group.rows, async (leaf, use) => {
        if (!leaf) return
        const at = g * runLeaves.length + runLeaves.indexOf(leaf)
        await eachPage(table.path, chunks[at] as Chunk, all[at] as Uint8Array, options, use)
      })
      runOf[g] = of
      of.forEach((r, row) => {
        const run = runs[r]
        if (!run) return
        if (run.rows++ === 0) firstRows[r] = { group: g, from: row, to: row + 1 }
      })
    }
  }

  async function placesOf(leaf: Leaf): Promise<SamplePage[]> {
    const paged = await pages.pagesOf(leaf)
    return choosePlaces(paged, places).map(({ chunk, page, marks }) => {
      return { leaf, group: chunk, page: (paged[chunk] as Paged).pages[page] as Page, marks }
    })
  }

  /** The page's first rows cost less than all of it. */
  function isShort({ leaf, group, page }: SamplePage): boolean {
    return prefixBytes((groups[group] as Group).chunks[leaf.index] as Chunk, page, ROWS) !== undefined
  }

  /** One reading for all who ask. */
  function once(what: string, read: () => Promise<void>): Promise<void> {
    let reading = readings.get(what)
    if (!reading) {
      reading = read()
      readings.set(what, reading)
      reading.catch(() => readings.delete(what))
    }
    return reading
  }

  async function readOwn(key: number): Promise<void> {
    const leaf = numbers[key]?.leaf
    if (!leaf) return
    const found: Patch[] = []
    await pages.first(await placesOf(leaf), ROWS, (place, cells) => {
      const { row, rows } = place.page
      const isValue = (at: number): boolean => cells[at - row] !== null && cells[at - row] !== undefined
      for (const { group, from, to } of windowsOf(place, cells.length < rows, isValue)) {
        const end = Math.min(to, row + cells.length)
        found.push({ group, from, to: end, cells: slice(cells, from - row, end - row) })
      }
    })
    await addPatches(key, found)
  }

  async function readInRowsOf(main: number, other: number): Promise<void> {
    const leaf = numbers[other]?.leaf
    const wanted = patches.get(main) ?? []
    if (!leaf || main === other) return
    await readCovering(leaf, wanted, (cells) => cells)
    const paged = await pages.pagesOf(leaf)
    await addPatches(
      other,
      wanted.flatMap((range) => coveringOf(paged, range).map((page) => partOf(page, range))),
    )
  }

  /** The part of a page, read whole, that lies in a range. */
  function partOf(page: Page, { group, from, to }: Range): Patch {
    const start = Math.max(from, page.row)
    const end = Math.min(to, page.row + page.rows)
    return {
      group,
      from: start,
      to: end,
      cells: slice(whole.get(page) ?? [], start - page.row, end - page.row),
    }
  }

  async function addPatches(key: number, found: readonly Patch[]): Promise<void> {
    await addRanges(found)
    patches.set(key, [...(patches.get(key) ?? []), ...found])
  }

  /** Reads the steps and times of more rows. */
  async function addRanges(found: readonly Range[]): Promise<void> {
    const fresh = found.filter(
      (one) =>
        !ranges.some((range) => range.group === one.group && range.from <= one.from && one.to <= range.to),
    )
    if (fresh.length === 0) return
    await Promise.all(
      rowLeaves.map((leaf) =>
        readCovering(leaf, fresh, (cells, group, page) =>
          leaf === time ? timesOf(cells, group, page) : stepsOf(cells, group, page),
        ),
      ),
    )
    ranges.push(...fresh)
    for (const [r, run] of runs.entries())
      if (run.stampLength < 0) run.firstTime = nearestStamp(firstRows[r] as Range)
  }

  async function readCovering(
    leaf: Leaf,
    wanted: readonly Range[],
    keep: (cells: ArrayLike<unknown>, group: number, page: Page) => ArrayLike<unknown>,
  ): Promise<void> {
    const paged = await pages.pagesOf(leaf)
    index.set(leaf, paged)
    const missing = new Map<Page, PageOf>()
    for (const range of wanted)
      for (const page of coveringOf(paged, range))
        if (!whole.has(page)) missing.set(page, { leaf, group: range.group, page })
    await pages.whole([...missing.values()], leaf === time ? 'bytes' : 'text', ({ group, page }, cells) => {
      if (!whole.has(page)) whole.set(page, keep(cells, group, page))
    })
  }

  /** Times in ms; on the way, the runs' least and greatest stamps. */
  function timesOf(cells: ArrayLike<unknown>, group: number, { row }: Page): Float64Array {
    const times = new Float64Array(cells.length)
    let [last, when]: [unknown, number] = [undefined, Number.NaN]
    let bytes: Uint8Array = NO_BYTES
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]
      if (cell !== last || i === 0) {
        bytes = bytesOfCell(cell) ?? NO_BYTES
        when = parseTime(bytes, 0, bytes.length)
        last = cell
      }
      times[i] = when
      const run = runs[(runOf[group] as Uint32Array)[row + i] as number]
      if (run) keepStamp(run, bytes)
      if (i === 0 || i === cells.length - 1) stamps.push({ group, row: row + i, text: decodeText(bytes) })
    }
    return times
  }

  function stepsOf(cells: ArrayLike<unknown>, group: number, { row }: Page): Float64Array {
    const steps = new Float64Array(cells.length)
    for (let i = 0; i < cells.length; i++) {
      const at = numberOfCell(cells[i])
      steps[i] = at
      const run = runs[(runOf[group] as Uint32Array)[row + i] as number]
      if (!run || at !== at) continue
      if (!(run.firstStep <= at)) run.firstStep = at
      if (!(run.lastStep >= at)) run.lastStep = at
    }
    return steps
  }

  /**
   * Of a run of which no page was read: rows stand in the order of their times, so its neighbours say when it
   * began, about.
   */
  function nearestStamp({ group, from }: Range): string {
    const away = (one: { group: number; row: number }): number =>
      Math.abs(one.group - group) * 2 ** 32 + Math.abs(one.row - from)
    return stamps.reduce<{ text: string; away: number }>(
      (best, one) => (away(one) < best.away ? { text: one.text, away: away(one) } : best),
      { text: '', away: Number.POSITIVE_INFINITY },
    ).text
  }

  /** What was read of a column of steps or times, in the rows of a range. */
  function numbersIn(leaf: Leaf, range: Range): Float64Array {
    const found = new Float64Array(range.to - range.from).fill(Number.NaN)
    for (const page of coveringOf(index.get(leaf) ?? [], range)) {
      const { from, cells } = partOf(page, range)
      for (let i = 0; i < cells.length; i++) found[from - range.from + i] = cells[i] as number
    }
    return found
  }
}

const NO_BYTES = new Uint8Array(0)

/**
 * Rows of a page that are taken: the first where no more are at hand (`short`), else some from each mark on,
 * beginning with one that has a value: of a metric that is logged now and then, a page may hold a hundred
 * thousand rows.
 */
function windowsOf(
  { group, page, marks }: SamplePage,
  short: boolean,
  isValue: (row: number) => boolean,
): Range[] {
  const end = page.row + page.rows
  const starts = short ? [page.row] : marks.map((mark) => page.row + Math.floor(mark * page.rows))
  return starts.flatMap((start) => {
    let from = start
    while (from < end && !isValue(from)) from++
    return from < end ? [{ group, from, to: Math.min(end, from + ROWS) }] : []
  })
}

/** What a page at each of so many places costs, of several columns. */
function bytesOfPages(columns: readonly (readonly (Paged | undefined)[])[], places: number): number {
  return columns.reduce((sum, paged) => {
    const sizes = paged.flatMap((one) => one?.pages.map(({ start, end }) => end - start) ?? [])
    const whole = sizes.reduce((total, size) => total + size, 0)
    return sum + Math.min(whole, (whole / Math.max(1, sizes.length)) * places)
  }, 0)
}

/** Pages that hold rows of a range, in order. */
function coveringOf(paged: readonly (Paged | undefined)[], { group, from, to }: Range): Page[] {
  return paged[group]?.pages.filter(({ row, rows }) => row < to && row + rows > from) ?? []
}

function slice(cells: ArrayLike<unknown>, from: number, to: number): ArrayLike<unknown> {
  return ArrayBuffer.isView(cells)
    ? Array.prototype.slice.call(cells, from, to)
    : Array.from({ length: to - from }, (_, i) => cells[from + i])
}

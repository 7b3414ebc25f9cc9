import { spelledNumber } from '../../../compute/spelled-number.ts'
import {
  type MetricColumn,
  makeMetricColumn,
  pushValue,
  replace,
  trimMetric,
} from '../../columns/series-store.ts'
import { orAborted } from '../or-aborted.ts'
import { decimalOf, unscaledOf } from './cell-values.ts'
import { makeFetcher } from './fetch.ts'
import { type NumberColumn, presentIn } from './key-structure.ts'
import { compressorsFor, eachPage, makeBreath } from './pages.ts'
import { NO_RUN, type RunRows } from './parquet-runs.ts'
import type { Chunk, Group, Table } from './parquet-table.ts'
import type { Limits } from './plan.ts'
import type { RowTable } from './row-table.ts'

/** Metric columns that come when somebody asks. */
export interface MetricLoader {
  /**
   * Makes these ready in the runs' columns. Those that are ready, or on their way for somebody else, cost
   * nothing more. Where one is damaged, the others are ready all the same when it throws. An abort lets go at
   * once; what nobody waits for any more is given up at the next page.
   */
  load(keys: readonly number[], signal: AbortSignal | undefined): Promise<void>
  isLoaded(key: number): boolean
  /** Whoever still waits is turned away, and nothing is put into the runs any more. */
  close(): void
}

/**
 * A column with chunks from this size on is read by itself: its neighbours' would not fit into the same
 * requests, and so it is ready before they begin.
 */
const ALONE_FROM = 1 << 20

/** A column on its way: one reading for all who wait. */
interface Loading {
  key: number
  done: Promise<void>
  settle(failure?: { cause: unknown }): void
  settled: boolean
  waiting: number
  givenUp: boolean
  /** By run: the metric as far as it was read, and the row that comes next. */
  columns: (MetricColumn | undefined)[]
  next: Uint32Array
}

/** For the rows as they were read; more rows need a new loader. `numbers[key]` is the column of a key. */
export function makeMetricLoader(
  table: Table,
  groups: readonly Group[],
  numbers: readonly NumberColumn[],
  rows: RowTable,
  limits: Limits,
  onLoaded: () => void,
): MetricLoader {
  const loaded = new Set<number>()
  const loading = new Map<number, Loading>()
  const queue: Loading[] = []
  let reading = false
  const breathe = makeBreath()
  return {
    load,
    isLoaded: (key) => loaded.has(key),
    close() {
      for (const one of loading.values())
        one.settle({ cause: new DOMException('there is more to read by now', 'AbortError') })
    },
  }

  async function load(keys: readonly number[], signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const wanted = [...new Set(keys)].filter((key) => numbers[key] && !loaded.has(key))
    const fresh = wanted.filter((key) => !loading.has(key)).map((key) => makeLoading(key, rows.runs.length))
    for (const one of fresh) loading.set(one.key, one)
    const mine = wanted.map((key) => loading.get(key)).filter((one) => one !== undefined)
    for (const one of mine) one.waiting++
    queue.push(...fresh)
    void readQueue()
    try {
      const results = await orAborted(Promise.allSettled(mine.map(({ done }) => done)), signal)
      const failed = results.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    } finally {
      for (const one of mine) {
        one.waiting--
        if (one.waiting > 0) continue
        one.givenUp = true
        one.settle({ cause: new DOMException('nobody waits any more', 'AbortError') })
        if (loading.get(one.key) === one) loading.delete(one.key)
      }
    }
  }

  /**
   * One batch after the other, in the order they were asked for: side by side, the first picture would come
   * no sooner than the last. Never throws.
   */
  async function readQueue(): Promise<void> {
    if (reading) return
    reading = true
    for (;;) {
      const open = queue.splice(0).filter((one) => !one.settled)
      if (open.length === 0) break
      const alone = open.findIndex((one) => isLarge(one.key))
      const batch = open.splice(0, alone === 0 ? 1 : alone < 0 ? open.length : alone)
      queue.unshift(...open)
      // of a batch that was given up, the last answer is not waited for
      await Promise.race([readColumns(batch), Promise.allSettled(batch.map(({ done }) => done))])
    }
    reading = false
  }

  function isLarge(key: number): boolean {
    return groups.some((group) => chunkOf(group, key).end - chunkOf(group, key).start >= ALONE_FROM)
  }

  /**
   * Never throws: each column tells those who wait for it. Columns asked for together share requests, as
   * their chunks lie near each other.
   */
  async function readColumns(batch: readonly Loading[]): Promise<void> {
    const parts = groups.slice(0, rows.runOf.length).flatMap((group, g) => {
      const inGroup = batch.map((one) => ({ one, g, chunk: chunkOf(group, one.key) }))
      return inGroup.sort((a, b) => a.chunk.start - b.chunk.start)
    })
    // rows that all lack the value are known from the footer, and need no reading
    const full = parts.filter(({ chunk }) => presentIn(chunk) !== 0)
    const chunks = full.map(({ chunk }) => chunk)
    const isOpen = (one: Loading): boolean => !one.settled && !one.givenUp
    try {
      const compressors = await compressorsFor(table.path, chunks)
      const fetcher = makeFetcher(table.path, table.bytes, chunks, limits, (i) =>
        isOpen((full[i] as { one: Loading }).one),
      )
      const placeOf = new Map(full.map((part, i) => [part, i]))
      for (const part of parts) {
        const { one, g, chunk } = part
        if (!isOpen(one)) continue
        const runOf = rows.runOf[g] as Uint32Array
        const place = placeOf.get(part)
        if (place === undefined) skipRows(one, runOf)
        else {
          const number = numbers[one.key] as NumberColumn
          const pause = (): Promise<void> | undefined => {
            if (one.givenUp) throw new DOMException('nobody waits any more', 'AbortError')
            return breathe()
          }
          try {
            await eachPage(
              table.path,
              chunk,
              await fetcher.take(place),
              { compressors, texts: 'text', breathe: pause },
              (values, row) => {
                pushPage(one, number, runOf, values, row)
              },
            )
          } catch (cause) {
            // its own failure, or that nobody waits for it: the others go on
            one.settle({ cause })
          }
        }
        if (g === rows.runOf.length - 1 && isOpen(one)) publish(one)
      }
      // a table without rows
      for (const one of batch) if (isOpen(one)) publish(one)
    } catch (cause) {
      for (const one of batch) one.settle({ cause })
    }
  }

  function chunkOf(group: Group, key: number): Chunk {
    return group.chunks[(numbers[key] as NumberColumn).leaf.index] as Chunk
  }

  function publish(one: Loading): void {
    one.columns.forEach((column, r) => {
      const run = rows.runs[r] as RunRows
      if (!column) return
      if (run.places) replace(column, run.places)
      trimMetric(column)
      const { metrics } = run.columns
      while (metrics.length <= one.key) metrics.push(undefined) // no holes: sparse arrays are slow
      metrics[one.key] = column
    })
    loaded.add(one.key)
    loading.delete(one.key)
    onLoaded()
    one.settle()
  }
}

function makeLoading(key: number, runs: number): Loading {
  let resolve = (): void => {}
  let reject = (_cause: unknown): void => {}
  const done = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  // those who wait are told; a column that was given up has nobody to tell
  done.catch((_told) => undefined)
  const one: Loading = {
    key,
    done,
    settle(failure) {
      one.settled = true
      if (failure) reject(failure.cause)
      else resolve()
    },
    settled: false,
    waiting: 0,
    givenUp: false,
    columns: new Array<MetricColumn | undefined>(runs).fill(undefined),
    next: new Uint32Array(runs),
  }
  return one
}

function skipRows(one: Loading, runOf: Uint32Array): void {
  const { next } = one
  for (let i = 0; i < runOf.length; i++) {
    const run = runOf[i] as number
    if (run !== NO_RUN) next[run] = (next[run] as number) + 1
  }
}

function pushPage(
  one: Loading,
  number: NumberColumn,
  runOf: Uint32Array,
  values: ArrayLike<unknown>,
  row: number,
): void {
  const { next, columns } = one
  for (let i = 0; i < values.length; i++) {
    const run = runOf[row + i] as number
    if (run === NO_RUN) continue
    const at = next[run] as number
    next[run] = at + 1
    columns[run] = pushCell(columns[run], number, at, values[i])
  }
}

/**
 * Adds a cell as hyparquet gives it to a run's column, which is made when there is a first number; null is no
 * value.
 */
export function pushCell(
  column: MetricColumn | undefined,
  { integer, scale, mixed }: NumberColumn,
  row: number,
  cell: unknown,
): MetricColumn | undefined {
  const value = mixed ? numberAmong(cell) : cell
  if (value === null || value === undefined) return column
  const number = typeof value === 'number' && scale === 0 ? value : numberOf(value, scale)
  const grown = column ?? { ...makeMetricColumn(), integer }
  pushValue(grown, row, number)
  if (integer && (number > Number.MAX_SAFE_INTEGER || number < Number.MIN_SAFE_INTEGER)) grown.beyondSafe++
  return grown
}

/** A value of a column of JSON where it is a number, or one of the words for those that JSON has none for. */
export function numberAmong(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? spelledNumber(value) : undefined
}

function numberOf(value: unknown, scale: number): number {
  if (typeof value === 'bigint') return scale === 0 ? Number(value) : decimalOf(value, scale)
  if (typeof value === 'number') return decimalOf(value, scale)
  return value instanceof Uint8Array ? decimalOf(unscaledOf(value), scale) : Number.NaN
}

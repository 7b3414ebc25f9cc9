import type { Series } from '../../model/metric.ts'
import { makeTypedPlaces, replaceTyped, type TypedPlaces, trimTyped } from './typed-places.ts'

/*
 * Logged data in columns, the only copy of it. Rows of a run share their step and time; a metric holds its
 * values, and the rows they stand in only where it was not logged in every row. So a value costs 8 bytes, not
 * 24.
 */

/** Values that a column has room for when it is made. */
const [LEAST_ROOM, MOST_ROOM] = [16, 1024]

/** A number column that grows. */
export interface Column {
  data: Float64Array
  length: number
}

/** `data` and `length` (from Column) are the values. */
export interface MetricColumn extends Column {
  /** Row of the first value; later ones follow row by row while `rows` is undefined. */
  first: number
  /** Row of each value, once a row was left out. */
  rows: Uint32Array | undefined
  /** Every value was written without a fraction or exponent. */
  integer: boolean
  beyondSafe: number
  nonFinite: number
  /** Grows by itself with each change, so that derived arrays know when they are old. */
  version: number
}

export interface RunColumns {
  steps: Column
  /** ms since 1970. */
  times: Column
  /** By metric number (see SeriesStore.metrics); holes where the run has none. */
  metrics: (MetricColumn | undefined)[]
  /** Where its values with a `_type` stand. */
  typed: TypedPlaces
  /** Rows in time order as they came; false once a row had an earlier time than the one before. */
  ordered: boolean
  /** All rows so far are known to have non-decreasing steps. */
  monotone: boolean
  /** Another run, until all rows are read: what is as long there has that room at once, as growing copies. */
  like: RunColumns | undefined
}

/** `like`: a run that may have as many rows, as the one before it in a file. */
export function makeRunColumns(like?: RunColumns): RunColumns {
  return {
    like,
    steps: makeColumn(roomOf(like?.steps)),
    times: makeColumn(roomOf(like?.times)),
    metrics: [],
    typed: makeTypedPlaces(),
    ordered: true,
    monotone: true,
  }
}

/** Room for as many values as another column has, within limits. */
export function roomOf(like: Column | undefined): number {
  return Math.min(Math.max(like?.length ?? 0, LEAST_ROOM), MOST_ROOM)
}

export function makeColumn(capacity = LEAST_ROOM): Column {
  return { data: new Float64Array(capacity), length: 0 }
}

export function push(column: Column, value: number): void {
  if (column.length === column.data.length) grow(column)
  column.data[column.length++] = value
}

function grow(column: Column): void {
  const wider = new Float64Array(column.data.length * 2)
  wider.set(column.data)
  column.data = wider
}

export function makeMetricColumn(capacity = LEAST_ROOM): MetricColumn {
  return {
    data: new Float64Array(capacity),
    length: 0,
    first: 0,
    rows: undefined,
    integer: true,
    beyondSafe: 0,
    nonFinite: 0,
    version: 0,
  }
}

/**
 * Adds the value that row `row` logged. A key that stands twice in one payload keeps its last value, as
 * JSON.parse does.
 */
export function pushValue(column: MetricColumn, row: number, value: number): void {
  const n = column.length
  if (n === 0) column.first = row
  else {
    const last = column.rows ? (column.rows[n - 1] as number) : column.first + n - 1
    if (last === row) {
      column.data[n - 1] = value
      return
    }
    if (!column.rows && row !== last + 1) leaveRows(column)
  }
  if (n === column.data.length) grow(column)
  column.data[n] = value
  column.length = n + 1
  if (column.rows) {
    if (n >= column.rows.length) growRows(column)
    column.rows[n] = row
  }
  // true of NaN and both infinities only
  if (value - value !== 0) column.nonFinite++
}

/** From here on the rows are listed: one was left out. */
function leaveRows(column: MetricColumn): void {
  const rows = new Uint32Array(Math.max(16, column.data.length))
  for (let i = 0; i < column.length; i++) rows[i] = column.first + i
  column.rows = rows
}

function growRows(column: MetricColumn): void {
  const wider = new Uint32Array(column.data.length)
  if (column.rows) wider.set(column.rows)
  column.rows = wider
}

/** Gives back the memory that growing left unused. */
export function trim(run: RunColumns): void {
  run.like = undefined
  for (const column of [run.steps, run.times]) trimColumn(column)
  for (const metric of run.metrics) if (metric) trimMetric(metric)
  trimTyped(run.typed)
}

export function trimMetric(metric: MetricColumn): void {
  trimColumn(metric)
  if (metric.rows && metric.rows.length > metric.length * 1.2)
    metric.rows = metric.rows.slice(0, metric.length)
}

function trimColumn(column: Column): void {
  if (column.data.length > Math.max(16, column.length * 1.2))
    column.data = column.data.slice(0, column.length)
}

/** Puts rows into another order: `order[i]` is the present row that becomes row i. */
export function reorder(run: RunColumns, order: Uint32Array): void {
  const n = order.length
  const place = new Uint32Array(n)
  for (let i = 0; i < n; i++) place[order[i] as number] = i
  run.steps.data = gather(run.steps.data, order, n)
  run.times.data = gather(run.times.data, order, n)
  for (const metric of run.metrics) if (metric) replace(metric, place)
  replaceTyped(run.typed, place)
  run.ordered = true
  run.monotone = isMonotone(run.steps.data, run.steps.length)
}

/** Puts rows in the order of their times, those without one first; rows of one time stay as they came. */
export function sortByTime(run: RunColumns): void {
  const { data, length } = run.times
  const at = (row: number): number => {
    const time = data[row] as number
    return time === time ? time : Number.NEGATIVE_INFINITY
  }
  let sorted = true
  for (let row = 1; row < length && sorted; row++) sorted = at(row) >= at(row - 1)
  if (sorted) run.ordered = true
  else
    reorder(
      run,
      Uint32Array.from({ length }, (_, row) => row).sort((a, b) => at(a) - at(b) || a - b),
    )
}

/** Puts a metric's values into another order of rows: `places[row]` is where a row goes. */
export function replace(metric: MetricColumn, places: Uint32Array): void {
  const count = metric.length
  const rows = new Uint32Array(count)
  for (let i = 0; i < count; i++)
    rows[i] = places[metric.rows ? (metric.rows[i] as number) : metric.first + i] as number
  const by = new Uint32Array(count).map((_, i) => i).sort((a, b) => (rows[a] as number) - (rows[b] as number))
  metric.data = gather(metric.data, by, count)
  metric.rows = Uint32Array.from(by, (i) => rows[i] as number)
  metric.version++
}

/** Numbers the rows 0, 1, 2 …: the steps of a table that stores none. */
export function restep(run: RunColumns): void {
  for (let i = 0; i < run.steps.length; i++) run.steps.data[i] = i
  run.monotone = true
}

function gather(from: Float64Array, order: Uint32Array, n: number): Float64Array {
  const to = new Float64Array(n)
  for (let i = 0; i < n; i++) to[i] = from[order[i] as number] as number
  return to
}

export function isMonotone(data: Float64Array, n: number): boolean {
  for (let i = 1; i < n; i++) if (!((data[i] as number) >= (data[i - 1] as number))) return false
  return true
}

/**
 * A metric of a run as the points that were logged. Steps and times are views of the run's rows where every
 * row logged it.
 */
export function seriesOf(run: RunColumns, column: MetricColumn): Series {
  const n = column.length
  const values = column.data.subarray(0, n)
  const { first, rows } = column
  if (!rows)
    return {
      values,
      steps: run.steps.data.subarray(first, first + n),
      times: run.times.data.subarray(first, first + n),
    }
  const steps = new Float64Array(n)
  const times = new Float64Array(n)
  const allSteps = run.steps.data
  const allTimes = run.times.data
  for (let i = 0; i < n; i++) {
    const row = rows[i] as number
    steps[i] = allSteps[row] as number
    times[i] = allTimes[row] as number
  }
  return { values, steps, times }
}

/** What row `row` logged; undefined where it logged no number. */
export function valueAt(column: MetricColumn, row: number): number | undefined {
  const { first, rows, length } = column
  if (!rows) return row >= first && row < first + length ? column.data[row - first] : undefined
  let [from, to] = [0, length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((rows[middle] as number) < row) from = middle + 1
    else to = middle
  }
  return from < length && rows[from] === row ? column.data[from] : undefined
}

/** Bytes held by a run's columns. */
export function bytesOf(run: RunColumns): number {
  let bytes = run.steps.data.byteLength + run.times.data.byteLength + run.typed.rows.byteLength * 3
  for (const metric of run.metrics)
    if (metric) bytes += metric.data.byteLength + (metric.rows?.byteLength ?? 0)
  return bytes
}

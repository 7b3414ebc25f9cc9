import { yLimits } from '../compute/domain.ts'
import { smoothTail } from '../compute/smooth.ts'
import { type Columns, lowerBound } from '../compute/thin.ts'
import type { Frame, FrameQuery, LineEnd, Lines, Probe, ProbeQuery, Smoothing, XAxis } from '../model/view.ts'
import { frameVersionOf } from './frame-version.ts'
import type { Project, ProjectRun, RunSeries } from './project.ts'
import { forgetThinned, type Line, rangeOf, thinAll } from './thinned.ts'

/** Answers a chart's question from the rows read so far. */
export function frameOf(project: Project, query: FrameQuery): Frame {
  const lines = collect(project, query)
  const xFull = xExtent(lines, query.xScale === 'log')
  const x = visibleRange(query, xFull)
  const columns: Columns = { min: x[0], max: x[1], width: Math.max(1, query.width), log: query.xScale === 'log' }
  const logY = query.yScale === 'log'
  const smoothed = query.smoothing.width > 0
  const smoothing = JSON.stringify(query.smoothing)
  const main = thinAll(lines, 'drawn', smoothing, columns, logY)
  const raw = smoothed && query.raw ? thinAll(lines, 'values', smoothing, columns, logY) : undefined
  // what is counted is what was logged; where only smoothed values are drawn, they stand for it
  const counted = raw ?? main
  const y = yLimits(inView(x, main.lines, raw?.lines), lines.map(lastFinite), query.range, query.yScale)
  const outside = (line: number): boolean => (counted.lows[line] as number) < y[0] || (counted.highs[line] as number) > y[1]
  // of smoothed lines alone, one that leaves the picture says that logged points of any may
  const clipped = lines.some((_, i) => outside(i)) ? lines.filter((_, i) => (smoothed && !raw) || outside(i)) : []
  const [above, below] = outsideOf(clipped, x, y, logY)
  return {
    version: frameVersionOf(project, query),
    x,
    y,
    xFull,
    main: main.lines,
    raw: raw?.lines ?? { xs: new Float64Array(0), ys: new Float64Array(0), starts: new Uint32Array(1) },
    ends: lines.map((line, i) => endOf(line, main.rows[i] as number)),
    marks: counted.marks,
    above,
    below,
    nonPositive: counted.nonPositive,
    nonFinite: counted.nonFinite,
    single: lines.length > 0 && lines.every((line) => line.values.length < 2),
    fidelity: {
      rows: counted.rows.reduce((sum, n) => sum + n, 0) + counted.nonFinite,
      drawn: main.drawn,
      kind: project.exact() ? 'exact' : 'preview',
    },
  }
}

/** The drawn values that choose the y axis: those in the x range. Where none is, the line just crosses it, and its ends count. */
function inView([min, max]: [number, number], main: Lines, raw: Lines | undefined): Float64Array {
  const values = new Float64Array(main.ys.length + (raw?.ys.length ?? 0))
  let n = 0
  for (const part of raw ? [main, raw] : [main]) {
    const { xs, ys } = part
    for (let i = 0; i < ys.length; i++) if ((xs[i] as number) >= min && (xs[i] as number) <= max) values[n++] = ys[i] as number
  }
  return n > 0 ? values.subarray(0, n) : main.ys
}

/** Logged points in view above and below the limits. */
function outsideOf(lines: readonly Line[], x: [number, number], y: [number, number], logY: boolean): [number, number] {
  let above = 0
  let below = 0
  for (const line of lines) {
    const { xs, values } = line
    const [from, to] = rangeOf(line, x)
    for (let j = from; j < to; j++) {
      const v = values[j] as number
      if (!(v > y[1] || v < y[0]) || v - v !== 0) continue
      if (!((xs[j] as number) >= x[0] && (xs[j] as number) <= x[1])) continue
      if (v > y[1]) above++
      else if (!(logY && v <= 0)) below++
    }
  }
  return [above, below]
}

function endOf({ run, xs, values, drawn }: Line, rowsInView: number): LineEnd {
  let last = xs.length - 1
  while (last > 0 && !Number.isFinite(xs[last])) last--
  return {
    run,
    x: xs[last] ?? Number.NaN,
    drawn: drawn[last] ?? Number.NaN,
    logged: values[last] ?? Number.NaN,
    rows: values.length,
    rowsInView,
  }
}

/** Values of the runs at an x: for each the last logged point at or before it, within reach. */
export function probeOf(project: Project, query: ProbeQuery): Probe {
  const n = query.runs.length
  const nan = (): Float64Array => new Float64Array(n).fill(Number.NaN)
  const probe: Probe = { index: new Int32Array(n).fill(-1), x: nan(), steps: nan(), times: nan(), drawn: nan(), logged: nan() }
  query.runs.forEach((key, r) => {
    const run = project.run(key)
    const series = run && project.series(run, query.metric)
    if (!run || !series) return
    const xs = xOf(project, run.key, series, query.metric, query.x)
    const i = pointAt(xs, query.at, query.reach, isRising(series, query.x, xs))
    if (i < 0) return
    probe.index[r] = i
    probe.x[r] = xs[i] as number
    probe.steps[r] = series.steps[i] as number
    probe.times[r] = series.times[i] as number
    probe.logged[r] = series.values[i] as number
    probe.drawn[r] = smoothedOf(series, query.smoothing)[i] as number
  })
  return probe
}

/** Last point at or before `at` (of rising xs the last; else the one with the largest x). −1 when it is further away than `reach` and than twice the local spacing. */
function pointAt(xs: Float64Array, at: number, reach: number, rising: boolean): number {
  let found = -1
  if (rising) found = lowerBound(xs, at, true) - 1
  else
    for (let i = 0; i < xs.length; i++) if ((xs[i] as number) <= at && (found < 0 || (xs[i] as number) >= (xs[found] as number))) found = i
  // the pointer may stand half a pixel left of the first point
  if (found < 0) {
    const next = rising ? 0 : -1
    return next === 0 && xs.length > 0 && (xs[0] as number) - at <= reach ? 0 : -1
  }
  const away = at - (xs[found] as number)
  if (away <= reach) return found
  const before = found > 0 ? (xs[found] as number) - (xs[found - 1] as number) : 0
  const after = found + 1 < xs.length ? (xs[found + 1] as number) - (xs[found] as number) : 0
  return away <= Math.max(before, after) ? found : -1
}

function collect(project: Project, query: FrameQuery): Line[] {
  const lines: Line[] = []
  query.runs.forEach((key, run) => {
    const found = project.run(key)
    const series = found && project.series(found, query.metric)
    if (!series || series.values.length === 0) return
    const xs = xOf(project, key, series, query.metric, query.x)
    const line = {
      run,
      identity: series.identity,
      version: `${series.version} ${xVersionOf(project, found, query.x)}`,
      xs,
      values: series.values,
      drawn: smoothedOf(series, query.smoothing),
      monotone: isRising(series, query.x, xs),
    }
    lines.push(query.x.kind === 'metric' && !line.monotone ? byX(line) : line)
  })
  return lines
}

/** Differs whenever the same row may have another x. */
function xVersionOf(project: Project, run: ProjectRun, x: XAxis): string {
  return x.kind === 'metric' ? `${x.name} ${project.version(run, x.name)}` : x.kind
}

/** Points in the order of a metric that serves as x; ties keep their row order. */
function byX(line: Line): Line {
  const order = Uint32Array.from(line.xs, (_, i) => i)
    .filter((i) => Number.isFinite(line.xs[i]))
    .sort((a, b) => (line.xs[a] as number) - (line.xs[b] as number) || a - b)
  const take = (from: Float64Array): Float64Array => Float64Array.from(order, (i) => from[i] as number)
  const values = take(line.values)
  const drawn = line.drawn === line.values ? values : take(line.drawn)
  return { ...line, xs: take(line.xs), values, drawn, monotone: true }
}

function isRising(series: RunSeries, x: XAxis, xs: Float64Array): boolean {
  if (x.kind === 'step') return series.monotone
  // an infinite x of a metric has no place on the axis, though it rises
  if (!Number.isFinite(xs[0] ?? 0) || !Number.isFinite(xs[xs.length - 1] ?? 0)) return false
  for (let i = 1; i < xs.length; i++) if (!((xs[i] as number) >= (xs[i - 1] as number))) return false
  return true
}

function xOf(project: Project, key: string, series: RunSeries, metric: string, x: XAxis): Float64Array {
  switch (x.kind) {
    case 'step':
      return series.steps
    case 'wall':
      return hasTimes(series) ? series.times : series.steps
    case 'relative':
      return hasTimes(series) ? relativeOf(series) : series.steps
    case 'metric': {
      if (x.name === metric) return series.values
      const run = project.run(key)
      const other = run && project.series(run, x.name)
      return derived(series, `x:${x.name}:${series.version}:${other?.version}`, () => sameRows(project, key, metric, x.name, series))
    }
  }
}

/** Imports may carry no times at all: the step is the time axis then. */
function hasTimes(series: RunSeries): boolean {
  return series.start === series.start
}

/** The x metric's value of each row that logged `metric`, NaN where the row did not log it. */
function sameRows(project: Project, key: string, metric: string, x: string, series: RunSeries): Float64Array {
  const out = new Float64Array(series.values.length).fill(Number.NaN)
  const run = project.run(key)
  const of = run && project.column(run, metric)
  const from = run && project.column(run, x)
  if (!of || !from) return out
  const rowOf = (column: typeof of, i: number): number => (column.rows ? (column.rows[i] as number) : column.first + i)
  for (let i = 0, j = 0; i < of.length && i < out.length; i++) {
    const row = rowOf(of, i)
    while (j < from.length && rowOf(from, j) < row) j++
    if (j < from.length && rowOf(from, j) === row) out[i] = from.data[j] as number
  }
  return out
}

function smoothedOf(series: RunSeries, smoothing: Smoothing): Float64Array {
  const { values, times } = series
  if (smoothing.width === 0) return values
  const what = `smooth:${smoothing.kind}:${smoothing.width}:${smoothing.factor}`
  return growing(series, what, (known) => smoothTail(values, times, smoothing, known))
}

/** Seconds since the run's first row. */
function relativeOf(series: RunSeries): Float64Array {
  const { times, start } = series
  return growing(series, `relative:${start}`, (from) => ({ from, values: times.subarray(from).map((time) => (time - start) / 1000) }))
}

/*
 * Derived arrays (smoothed values, relative times) are kept for the series they were last asked for, so that zooming and
 * hovering do not compute them again; one of each sort a series, and 192 MB in all, oldest out.
 */
interface Derived {
  key: string
  data: Float64Array
  /** What it is, of a series that only grew since. */
  base?: string
}
const cache = new Map<object, Map<string, Derived>>()
let cached = 0
const CACHE_BYTES = 192 << 20

/** Derived values that are worked out only for what was appended; `tail` gives those from where they differ, `known` being how many there were. */
function growing(series: RunSeries, what: string, tail: (known: number) => { from: number; values: Float64Array }): Float64Array {
  const base = series.base && `${what}:${series.base}`
  return derived(
    series,
    `${what}:${series.version}`,
    (before) => {
      const data = before && base && before.base === base && before.data.length <= series.values.length ? before.data : undefined
      const { from, values } = tail(data?.length ?? 0)
      return data && from > 0 ? extended(data, from, values) : values
    },
    base,
  )
}

/** A longer view of the same memory where there is room, with new values from an index on. */
function extended(data: Float64Array, from: number, tail: Float64Array): Float64Array {
  const length = from + tail.length
  let room = new Float64Array(data.buffer)
  if (room.length < length) {
    room = new Float64Array(Math.ceil(length * 1.25))
    room.set(data.subarray(0, from))
  }
  room.set(tail, from)
  return room.subarray(0, length)
}

function derived(series: RunSeries, key: string, make: (before: Derived | undefined) => Float64Array, base?: string): Float64Array {
  const sort = key.slice(0, key.indexOf(':'))
  let slots = cache.get(series.identity)
  const found = slots?.get(sort)
  if (found?.key === key) return found.data
  const bytes = found?.data.buffer.byteLength ?? 0
  const data = make(found)
  if (!slots) slots = new Map()
  cache.delete(series.identity) // to the young end
  cache.set(series.identity, slots)
  cached += data.buffer.byteLength - bytes
  slots.set(sort, { key, data, base })
  for (const [identity, old] of cache) {
    if (cached <= CACHE_BYTES || identity === series.identity) break
    for (const { data } of old.values()) cached -= data.buffer.byteLength
    cache.delete(identity)
  }
  return data
}

/** Forgets what was derived from closed data. */
export function forgetDerived(): void {
  cache.clear()
  forgetThinned()
  cached = 0
}

function xExtent(lines: Line[], log: boolean): [number, number] {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  const look = (x: number): void => {
    if (x - x !== 0 || (log && x <= 0)) return
    if (x < min) min = x
    if (x > max) max = x
  }
  for (const { xs, monotone } of lines) {
    if (monotone && !log) {
      look(xs[0] as number)
      look(xs[xs.length - 1] as number)
    } else for (const x of xs) look(x)
  }
  if (min > max) return log ? [1, 10] : [0, 1]
  if (min === max) return log ? [min / 2, max * 2] : [min - 0.5, max + 0.5]
  return [min, max]
}

function visibleRange(query: FrameQuery, full: [number, number]): [number, number] {
  const min = query.zoom?.min ?? full[0]
  const max = query.zoom?.max ?? full[1]
  if (query.xScale === 'log' && min <= 0) return max > full[0] ? [full[0], max] : full
  if (min < max) return [min, max]
  // open at one end and beyond all points: as long as they reach, so that it shows what it is, a range without any
  const reach = full[1] > full[0] ? full[1] - full[0] : 1
  if (query.zoom?.max === undefined && query.zoom?.min !== undefined) return [min, min + reach]
  if (query.zoom?.min === undefined && query.zoom?.max !== undefined) return [query.xScale === 'log' ? max / 10 : max - reach, max]
  return full
}

function lastFinite(line: Line): number {
  for (let i = line.drawn.length - 1; i >= 0; i--) if (Number.isFinite(line.drawn[i])) return line.drawn[i] as number
  return Number.NaN
}

import type { Area } from '../model/view.ts'
import type { Columns } from './thin.ts'

/** A line as far as an area needs it: points [from, to) hold all that are in view. */
export interface Points {
  xs: Float64Array
  ys: Float64Array
  from: number
  to: number
}

/**
 * Of one line, among its finite points in view: extremes with where they stand (index −1: none), how many
 * there are, how many are not finite, and how many are ≤ 0 (counted with `positiveOnly`).
 */
export interface Extremes {
  lowAt: number
  highAt: number
  rows: number
  nonFinite: number
  nonPositive: number
}

/** Points of one line by column. */
export interface Bins {
  low: Float64Array
  high: Float64Array
  /** Of the x of the points, and how many there are. */
  sum: Float64Array
  count: Uint32Array
  extremes: Extremes
}

/**
 * The least and greatest finite value of all lines, column by column, and each line's own. There are as many
 * columns as the longest line has points in view, at most the pixels, so that lines of few points give a band
 * and not a comb; a column stands at the mean x of its points. Columns without a point are left out, as are
 * values ≤ 0 with `positiveOnly`. `binsOf` is `binLine`, or what it gave before.
 */
export function envelopeOf(
  lines: readonly Points[],
  columns: Columns,
  positiveOnly: boolean,
  binsOf = (line: number, columns: Columns): Bins => binLine(lines[line] as Points, columns, positiveOnly),
): { area: Area; extremes: Extremes[] } {
  let width = 1
  for (const { from, to } of lines) width = Math.max(width, to - from)
  const coarse = { ...columns, width: Math.min(columns.width, width) }
  const bins = lines.map((_, line) => binsOf(line, coarse))
  return { area: united(bins, coarse.width), extremes: bins.map(({ extremes }) => extremes) }
}

/** One line by column. */
export function binLine(
  { xs, ys, from, to }: Points,
  { min, max, width, log }: Columns,
  positiveOnly: boolean,
): Bins {
  const base = log ? Math.log10(min) : min
  const scale = width / ((log ? Math.log10(max) : max) - base || 1)
  const low = new Float64Array(width).fill(Number.POSITIVE_INFINITY)
  const high = new Float64Array(width).fill(Number.NEGATIVE_INFINITY)
  const sum = new Float64Array(width)
  const count = new Uint32Array(width)
  let [lowAt, highAt, rows, nonFinite, nonPositive] = [-1, -1, 0, 0, 0]
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = from; i < to; i++) {
    const x = xs[i] as number
    const y = ys[i] as number
    if (!(x >= min && x <= max) || (log && x <= 0)) continue
    if (y - y !== 0) {
      nonFinite++
      continue
    }
    rows++
    if (y < least) {
      least = y
      lowAt = i
    }
    if (y > greatest) {
      greatest = y
      highAt = i
    }
    if (positiveOnly && y <= 0) {
      nonPositive++
      continue
    }
    const at = Math.min(width - 1, Math.floor(((log ? Math.log10(x) : x) - base) * scale))
    if (y < (low[at] as number)) low[at] = y
    if (y > (high[at] as number)) high[at] = y
    sum[at] = (sum[at] as number) + x
    count[at] = (count[at] as number) + 1
  }
  return { low, high, sum, count, extremes: { lowAt, highAt, rows, nonFinite, nonPositive } }
}

function united(bins: readonly Bins[], width: number): Area {
  const xs = new Float64Array(width)
  const low = new Float64Array(width).fill(Number.POSITIVE_INFINITY)
  const high = new Float64Array(width).fill(Number.NEGATIVE_INFINITY)
  const count = new Uint32Array(width)
  for (const one of bins) {
    for (let at = 0; at < width; at++) {
      const points = one.count[at] as number
      if (points === 0) continue
      if ((one.low[at] as number) < (low[at] as number)) low[at] = one.low[at] as number
      if ((one.high[at] as number) > (high[at] as number)) high[at] = one.high[at] as number
      xs[at] = (xs[at] as number) + (one.sum[at] as number)
      count[at] = (count[at] as number) + points
    }
  }
  let n = 0
  for (let at = 0; at < width; at++) {
    if (count[at] === 0) continue
    xs[n] = (xs[at] as number) / (count[at] as number)
    low[n] = low[at] as number
    high[n++] = high[at] as number
  }
  return { xs: xs.slice(0, n), low: low.slice(0, n), high: high.slice(0, n) }
}

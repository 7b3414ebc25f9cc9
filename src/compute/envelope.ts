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

/**
 * The least and greatest finite value of all lines, column by column, and each line's own. There are as many
 * columns as the longest line has points in view, at most the pixels, so that lines of few points give a band
 * and not a comb; a column stands at the mean x of its points. Columns without a point are left out, as are
 * values ≤ 0 with `positiveOnly`.
 */
export function envelopeOf(
  lines: readonly Points[],
  columns: Columns,
  positiveOnly: boolean,
): { area: Area; extremes: Extremes[] } {
  const { min, max, log } = columns
  let most = 1
  for (const { from, to } of lines) most = Math.max(most, to - from)
  const width = Math.min(columns.width, most)
  const place = log ? Math.log10 : (x: number): number => x
  const base = place(min)
  const scale = width / (place(max) - base || 1)
  const low = new Float64Array(width).fill(Number.POSITIVE_INFINITY)
  const high = new Float64Array(width).fill(Number.NEGATIVE_INFINITY)
  const sum = new Float64Array(width)
  const count = new Uint32Array(width)
  const extremes = lines.map(({ xs, ys, from, to }): Extremes => {
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
    return { lowAt, highAt, rows, nonFinite, nonPositive }
  })
  const filled = [...count.keys()].filter((at) => (count[at] as number) > 0)
  const take = (of: (at: number) => number): Float64Array => Float64Array.from(filled, of)
  const area = {
    xs: take((at) => (sum[at] as number) / (count[at] as number)),
    low: take((at) => low[at] as number),
    high: take((at) => high[at] as number),
  }
  return { area, extremes }
}

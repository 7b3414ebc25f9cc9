import type { Columns } from '../../compute/thin.ts'
import type { Bands } from '../../model/groups.ts'
import type { ThinnedLines } from '../projects/downsample-cache.ts'

/** A band at rising places. */
export interface Band {
  bandXs: Float64Array
  low: Float64Array
  high: Float64Array
}

/**
 * Bands of all lines in one set of arrays; the first `without` lines have none. Of more places than pixels every
 * column keeps its least low and greatest high end. On a log axis an end at or below 0 lies below every other.
 */
export function joinBands(without: number, bands: readonly Band[], columns: Columns, logY: boolean): Bands {
  const kept = bands.map((band) => inColumns(band, columns))
  const starts = new Uint32Array(without + bands.length + 1)
  kept.forEach(({ bandXs }, i) => {
    starts[without + i + 1] = (starts[without + i] ?? 0) + bandXs.length
  })
  const join = (of: (band: Band) => Float64Array): Float64Array => {
    const out = new Float64Array(starts[starts.length - 1] ?? 0)
    for (const [i, band] of kept.entries()) out.set(of(band), starts[without + i])
    return out
  }
  const above = (values: Float64Array): Float64Array =>
    logY ? values.map((v) => (v <= 0 ? Number.MIN_VALUE : v)) : values
  return {
    starts,
    xs: join(({ bandXs }) => bandXs),
    low: join(({ low }) => above(low)),
    high: join(({ high }) => above(high)),
  }
}

function inColumns(band: Band, { min, max, width, log }: Columns): Band {
  const { bandXs, low, high } = band
  if (bandXs.length <= width) return band
  const f = log ? Math.log10 : (x: number): number => x
  const scale = width / (f(max) - f(min) || 1)
  const out: { x: number[]; low: number[]; high: number[] } = { x: [], low: [], high: [] }
  let column = Number.NaN
  for (let i = 0; i < bandXs.length; i++) {
    const at = Math.floor((f(bandXs[i]!) - f(min)) * scale)
    const last = out.x.length - 1
    const gap = low[i] !== low[i]
    // where a band ends and begins again its gap is a column's too
    if (at === column && gap === (out.low[last] !== out.low[last])) {
      out.low[last] = Math.min(out.low[last]!, low[i]!)
      out.high[last] = Math.max(out.high[last]!, high[i]!)
      continue
    }
    column = at
    out.x.push(bandXs[i]!)
    out.low.push(low[i]!)
    out.high.push(high[i]!)
  }
  return {
    bandXs: Float64Array.from(out.x),
    low: Float64Array.from(out.low),
    high: Float64Array.from(out.high),
  }
}

/** Both edges of each band as one line, in no order of x: for looking at how far they reach. */
export function bandLines(
  starts: Uint32Array,
  xs: Float64Array,
  low: Float64Array,
  high: Float64Array,
): ThinnedLines {
  const [outX, outY] = [new Float64Array(2 * xs.length), new Float64Array(2 * xs.length)]
  const pieces: ThinnedLines['pieces'] = []
  for (let line = 0; line + 1 < starts.length; line++) {
    const [from, to] = [starts[line]!, starts[line + 1]!]
    outX.set(xs.subarray(from, to), 2 * from)
    outX.set(xs.subarray(from, to), from + to)
    outY.set(low.subarray(from, to), 2 * from)
    outY.set(high.subarray(from, to), from + to)
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let i = from; i < to; i++) {
      // what a log axis has no place for does not stretch it
      if (low[i]! < least && low[i] !== Number.MIN_VALUE) least = low[i]!
      if (high[i]! > greatest) greatest = high[i]!
    }
    pieces.push({
      rows: 0,
      drawn: 0,
      nonFinite: 0,
      nonPositive: 0,
      low: least,
      high: greatest,
      marks: { x: [], kind: [] },
    })
  }
  return { lines: { xs: outX, ys: outY, starts: starts.map((at) => 2 * at) }, pieces }
}

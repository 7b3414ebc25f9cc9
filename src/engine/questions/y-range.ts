import { extentOf, yLimits } from '../../compute/domain.ts'
import type { Direction } from '../../compute/metric-words.ts'
import type { Area, FrameQuery, LineEnd, Lines } from '../../model/view.ts'
import { type Line, type Piece, rangeOf, type ThinnedLines } from '../projects/downsample-cache.ts'

/** Under this many points of a line there is no telling which are far out: a robust axis holds them all. */
const FEW_POINTS = 20

/** What stands in a picture: the drawn lines, and logged ones or their area behind them. */
export interface Drawn {
  main: ThinnedLines
  raw: ThinnedLines | undefined
  area: Area | undefined
}

/** Limits of the y axis over the x range `x`, in the mode asked for. `ends`: one for each line. */
export function yRangeOf(
  query: FrameQuery,
  x: [number, number],
  { main, raw, area }: Drawn,
  ends: readonly LineEnd[],
  direction: Direction,
): [number, number] {
  // what led to a NaN says nothing of where lines mostly are, unless all of them do
  const sound = ends.some(({ ending }) => ending - ending === 0)
    ? (line: number) => Number.isFinite(ends[line]?.ending)
    : undefined
  const parts = [main, ...(raw ? [raw] : [])]
  return yLimits(
    {
      all: extentIn(
        parts.flatMap(({ pieces }) => pieces),
        main.lines,
        area,
        query.yScale === 'log',
      ),
      usual: () =>
        usualIn(
          usualPart(x, query.xScale === 'log'),
          parts.map(({ lines }) => lines),
          sound,
        ),
      hold: ends.flatMap((end) => heldOf(end, direction)),
      short: ends.every(({ rowsInView }) => rowsInView < FEW_POINTS),
    },
    query.range,
    query.yScale,
  )
}

/** The last 80 % of the axis: what comes before is the start, and steep. */
function usualPart([min, max]: [number, number], log: boolean): [number, number] {
  if (!log) return [min + 0.2 * (max - min), max]
  return [10 ** (Math.log10(min) + 0.2 * (Math.log10(max) - Math.log10(min))), max]
}

/**
 * Least and greatest value of what is drawn. Where no point is in view, lines just cross it, and their ends
 * count.
 */
function extentIn(
  pieces: readonly (Piece | undefined)[],
  lines: Lines,
  area: Area | undefined,
  logY: boolean,
): [number, number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const look = (low: number, high: number): void => {
    if (low < least) least = low
    if (high > greatest) greatest = high
  }
  for (const piece of pieces) if (piece) look(piece.low, piece.high)
  if (least > greatest) return extentOf(lines.ys.filter((y) => y - y === 0 && !(logY && y <= 0)))
  if (area) look(...extentOf(area.low))
  if (area) look(...extentOf(area.high))
  return [least, greatest]
}

/** Values from which quantiles look the same on an axis as those of all. */
const ENOUGH = 1 << 15

/**
 * Finite values of an x range, of all lines or some; of more than 65,536 drawn ones some, evenly spaced.
 * Where none is in it, the lines just cross it, and their ends count.
 */
function usualIn(
  [min, max]: [number, number],
  parts: Lines[],
  counts?: (line: number) => boolean,
): Float64Array {
  const size = parts.reduce((sum, { ys }) => sum + ys.length, 0)
  const lines = parts.reduce((sum, { starts }) => sum + starts.length, 0)
  // odd, as thinned columns have up to four points each: every fourth might always be the greatest
  const step = size > 2 * ENOUGH ? Math.floor(size / ENOUGH) | 1 : 1
  const values = new Float64Array(Math.ceil(size / step) + lines)
  let n = 0
  let i = 0
  for (const { xs, ys, starts } of parts) {
    for (let line = 0; line + 1 < starts.length; line++) {
      const end = starts[line + 1] as number
      if (counts && !counts(line)) {
        i = end
        continue
      }
      for (; i < end; i += step) {
        const [x, y] = [xs[i] as number, ys[i] as number]
        if (x >= min && x <= max && y - y === 0) values[n++] = y
      }
    }
    i -= ys.length
  }
  return n === 0 ? (parts[0] as Lines).ys : values.subarray(0, n)
}

/** Logged points in view above and below the limits. */
export function outsideOf(
  lines: readonly Line[],
  x: [number, number],
  y: [number, number],
  logY: boolean,
): [number, number] {
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

/**
 * What a robust axis holds of a line: its last and its best value, and all of a line too short to tell what
 * is far out.
 */
function heldOf({ ending, seen, least, greatest, rowsInView }: LineEnd, direction: Direction): number[] {
  const best = direction === 'min' ? least : direction === 'max' ? greatest : Number.NaN
  // what led to a NaN is no result: it may leave at the edge, with its mark and a count
  if (ending - ending !== 0) return [best]
  return rowsInView < FEW_POINTS ? [least, greatest] : [seen, best]
}

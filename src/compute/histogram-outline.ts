import type { Bins } from '../model/histogram.ts'
import { sumOf } from './histogram.ts'
import { joinBins, makeCells } from './histogram-cells.ts'
import type { ValueScale } from './value-scale.ts'

/**
 * One histogram as a line of steps. Heights are densities on the axis as it is drawn: the share of all values that
 * each hundredth of the axis holds there. So the area under a line is the share of values in view, and histograms
 * whose bins differ in width can be laid over each other.
 */
export interface Outline {
  /** n + 1 pixels that never fall, and the height between each two of them. */
  at: Float64Array
  heights: Float64Array
  total: number
  /** Counts beyond the axis. */
  outside: number
  highest: number
}

/** An axis has so many places for edges, whatever its pixels: a height is that of the bin, not of its rounding. */
const PLACES = 10_000
const HUNDREDTH = PLACES / 100

export function outlineOf(bins: Bins, scale: ValueScale, size: number): Outline {
  const place = (value: number): number => scale.share(value) * PLACES
  // what is narrower than a hundredth is joined: no hundredth holds more than all values
  const cells = joinBins(bins, [scale.low, scale.high], place, PLACES, makeCells(), HUNDREDTH)
  const total = sumOf(bins.counts)
  const at: number[] = []
  const heights: number[] = []
  let highest = 0
  for (let i = 0; i < cells.length; i++) {
    const [from, to] = [cells.from[i] as number, cells.to[i] as number]
    const height = total > 0 ? ((cells.counts[i] as number) / total) * (HUNDREDTH / (to - from)) : 0
    const end = at[at.length - 1]
    if (end !== undefined && end < from) {
      heights.push(0)
      at.push(from)
    }
    if (at.length === 0) at.push(from)
    at.push(to)
    heights.push(height)
    if (height > highest) highest = height
  }
  return {
    at: Float64Array.from(at, (one) => (one / PLACES) * size),
    heights: Float64Array.from(heights),
    total,
    outside: cells.below + cells.above,
    highest,
  }
}

/** The steps of an outline as points x, y, from the ground and back to it; `high` pixels stand for `highest`. */
export function stepPath(
  { at, heights }: Outline,
  ground: number,
  high: number,
  highest: number,
): Float64Array {
  const n = heights.length
  if (n === 0) return new Float64Array(0)
  const points = new Float64Array(4 * n + 4)
  let k = 0
  const put = (x: number, y: number): void => {
    points[k++] = x
    points[k++] = y
  }
  put(at[0] as number, ground)
  for (let i = 0; i < n; i++) {
    const y = ground - (highest > 0 ? ((heights[i] as number) / highest) * high : 0)
    put(at[i] as number, y)
    put(at[i + 1] as number, y)
  }
  put(at[n] as number, ground)
  return points
}

/** Lines of a ridge, at most. */
export const RIDGE_LINES = 24

/** Places of at most `most` of `count` things at even distances, the first and the last among them. */
export function evenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i)
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)))
}

/**
 * Grounds of the lines of a ridge from the top to the bottom, in a box of `height`: the highest of a line reaches
 * over those before it, as far as the box begins.
 */
export function ridgeGrounds(lines: number, height: number): { grounds: Float64Array; high: number } {
  if (lines <= 1) return { grounds: new Float64Array(lines).fill(height), high: height * 0.9 }
  const high = Math.min(height * 0.5, Math.max(height / 5, (3.5 * height) / lines))
  const step = (height - high) / (lines - 1)
  return { grounds: Float64Array.from({ length: lines }, (_, i) => high + i * step), high }
}

import type { Bins, Histograms } from '../model/histogram.ts'
import { type Cells, joinBins, makeCells } from './histogram-cells.ts'
import { mixOklab } from './oklab.ts'
import type { ValueScale } from './value-scale.ts'

/** The bins of an entry. */
export function binsAt(
  { starts, edges, counts }: Pick<Histograms, 'starts' | 'edges' | 'counts'>,
  e: number,
): Bins {
  const [from, to] = [starts[e] as number, starts[e + 1] as number]
  return { edges: edges.subarray(from + e, to + e + 1), counts: counts.subarray(from, to) }
}

/** Where the entries of a strip stand along x, each as far as the middle to its neighbours. */
export interface StripColumns {
  /** Entries in order of x; those without an x are left out. */
  entries: Uint32Array
  /** Ends of each in units of x: entry i lies in [from[i], to[i]]. */
  from: Float64Array
  to: Float64Array
}

/** A distance of more than so many usual ones is a gap: a histogram was left out there. */
const GAP = 1.5

/**
 * Columns of entries [first, end) at `xs`. One reaches as far as half way to the next, and no further than half of
 * what is usual around it, so that a step without a histogram is a gap. Entries at one x (a step that was logged
 * again, rows that were sent with one time) share their column, the later ones behind the earlier in the list.
 */
export function stripColumns(xs: ArrayLike<number>, first: number, end: number): StripColumns {
  const entries: number[] = []
  for (let e = first; e < end; e++) if (Number.isFinite(xs[e])) entries.push(e)
  entries.sort((a, b) => (xs[a] as number) - (xs[b] as number) || a - b)
  const from = new Float64Array(entries.length)
  const to = new Float64Array(entries.length)
  const places = [...new Set(entries.map((e) => xs[e] as number))]
  const usual = usualDistances(places)
  const at = (i: number): number => places[i] ?? (i < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
  let place = 0
  entries.forEach((e, i) => {
    if (xs[e] !== at(place)) place++
    const half = (usual[place] as number) / 2
    const [before, after] = [at(place) - at(place - 1), at(place + 1) - at(place)]
    from[i] = at(place) - (before > GAP * 2 * half ? half : before / 2)
    to[i] = at(place) + (after > GAP * 2 * half ? half : after / 2)
  })
  return { entries: Uint32Array.from(entries), from, to }
}

/** Of each place the median of the eight distances around it: a run may log more often from some step on. */
function usualDistances(xs: readonly number[]): number[] {
  const distances = xs.slice(1).map((x, i) => x - (xs[i] as number))
  return xs.map((_, i) => {
    const near = distances.slice(Math.max(0, i - 4), i + 4).sort((a, b) => a - b)
    return near[(near.length - 1) >> 1] ?? 1
  })
}

/** Counts by pixel, row 0 at the top: 0 where nothing was counted, NaN where there is no histogram. */
export interface StripPixels {
  width: number
  height: number
  counts: Float64Array
  /** Counts of the entries in view, and how much of them lies outside of the axis. */
  total: number
  outside: number
  /** Entries in view; those without a count among them. */
  entries: number
  empty: number
  /** Most entries that one pixel column stands for: it then has the greatest count of each. */
  together: number
  /** Some cell stands for several bins. */
  joined: boolean
}

/**
 * The pixels of a strip. `pixelOf` gives the pixel of an x, a rising function. Where several entries fall into one
 * pixel column the greatest count of them is drawn, so that what stands out at one step is in the picture.
 */
export function stripPixels(
  data: Pick<Histograms, 'starts' | 'edges' | 'counts'>,
  { entries, from, to }: StripColumns,
  scale: ValueScale,
  pixelOf: (x: number) => number,
  width: number,
  height: number,
): StripPixels {
  const counts = new Float64Array(width * height).fill(Number.NaN)
  const seen = new Uint32Array(width)
  const found: StripPixels = {
    ...{ width, height, counts, total: 0, outside: 0, entries: 0, empty: 0, together: 0, joined: false },
  }
  const cells: Cells = makeCells(512)
  const range = [scale.low, scale.high] as const
  const place = (value: number): number => scale.share(value) * height
  for (let i = 0; i < entries.length; i++) {
    const left = Math.round(pixelOf(from[i] as number))
    const right = Math.max(left + 1, Math.round(pixelOf(to[i] as number)))
    if (right <= 0 || left >= width) continue
    const bins = binsAt(data, entries[i] as number)
    const {
      length,
      first,
      end,
      from: bottoms,
      to: tops,
      counts: sums,
      below,
      above,
    } = joinBins(...([bins, range, place, height, cells] as const))
    found.entries++
    found.outside += below + above
    let sum = below + above
    const [a, b] = [Math.max(0, left), Math.min(width, right)]
    for (let x = a; x < b; x++) {
      seen[x]!++
      for (let y = x; y < counts.length; y += width) if (counts[y] !== counts[y]) counts[y] = 0
    }
    for (let c = 0; c < length; c++) {
      const count = sums[c] as number
      sum += count
      if ((end[c] as number) - (first[c] as number) > 1) found.joined = true
      if (count === 0) continue
      for (let y = bottoms[c] as number; y < (tops[c] as number); y++) {
        const row = (height - 1 - y) * width
        for (let x = a; x < b; x++) if (count > (counts[row + x] as number)) counts[row + x] = count
      }
    }
    found.total += sum
    if (sum === 0) found.empty++
  }
  for (const n of seen) if (n > found.together) found.together = n
  return found
}

/** Steps of a ramp of counts; the first is of the least count above 0, and differs from the paper. */
export const COUNT_STEPS = 256
/** Where the ramp begins, as a share of the way from the paper. */
const FIRST = 0.06
/** Share of the way at which the run's own colour stands, and how far it then goes on to the ink. */
const OWN = 0.62

/** Colours of counts as 0xRRGGBB: from the paper over a run's colour towards the ink. All `#rrggbb`. */
export function countRamp(paper: string, color: string, ink: string): Uint32Array {
  const hex = (rgb: readonly number[]): number => (rgb[0]! << 16) | (rgb[1]! << 8) | rgb[2]!
  const text = (rgb: readonly number[]): string => `#${hex(rgb).toString(16).padStart(6, '0')}`
  const dark = text(mixOklab(color, ink, OWN))
  return Uint32Array.from({ length: COUNT_STEPS }, (_, i) => {
    const share = FIRST + (1 - FIRST) * (i / (COUNT_STEPS - 1))
    return hex(
      share < OWN ? mixOklab(paper, color, share / OWN) : mixOklab(color, dark, (share - OWN) / (1 - OWN)),
    )
  })
}

/** The step of a count above 0 on a ramp from the least to the greatest one, even in logarithms. */
export function countStep(count: number, [least, most]: readonly [number, number]): number {
  if (!(most > least)) return COUNT_STEPS - 1
  const share = Math.log(count / least) / Math.log(most / least)
  return Math.round(Math.max(0, Math.min(1, share)) * (COUNT_STEPS - 1))
}

import type { HistogramFacts, Histograms } from '../model/histogram.ts'
import { RANGE_SHARES } from '../model/histogram.ts'

/** Places that counts are put into to learn where most of them lie: of each sign, even in their logarithms. */
const PLACES = 4096
/** Of the greatest edge: what is nearer to 0 shares a place. */
const NEAREST = 1e-12

type Columns = Pick<Histograms, 'starts' | 'edges' | 'counts'>

/**
 * What histograms have in common. The ranges keep at least their shares, and every bin that is not left out as a
 * whole; what is left out is told apart to a place (0.7 % of a value), so that an axis needs no sorting of millions
 * of edges.
 */
export function histogramFacts({ starts, edges, counts }: Columns): HistogramFacts {
  const n = starts.length - 1
  let [low, high, least, most] = [Infinity, -Infinity, Infinity, 0]
  let empty = 0
  for (let e = 0; e < n; e++) {
    const [from, to] = [starts[e] as number, starts[e + 1] as number]
    let any = false
    for (let i = from; i < to; i++) {
      const count = counts[i] as number
      if (count === 0) continue
      any = true
      if (count < least) least = count
      if (count > most) most = count
      const [a, b] = [edges[i + e] as number, edges[i + e + 1] as number]
      if (a > -Infinity && a < low) low = a
      if (b < -Infinity || (b > -Infinity && b < low)) low = b
      if (b < Infinity && b > high) high = b
      if (a < Infinity && a > high) high = a
    }
    if (!any) empty++
  }
  const none: [number, number] = [Number.NaN, Number.NaN]
  if (!(low <= high))
    return {
      ...{ entries: n, empty, full: none, kept: RANGE_SHARES.map(() => none), typical: 0 },
      counts: most > 0 ? [least, most] : [0, 0],
    }
  const reach = Math.max(Math.abs(low), Math.abs(high))
  const nearest = reach * NEAREST
  const span = Math.log(reach / nearest)
  /** 0 … PLACES for −reach … 0, to 2 PLACES for reach. */
  const placeOf = (value: number): number => {
    const size = Math.abs(value)
    const far = size <= nearest ? 0 : Math.min(PLACES, (Math.log(size / nearest) / span) * PLACES)
    return value < 0 ? PLACES - far : PLACES + far
  }
  const sizeAt = (place: number): number => {
    const far = Math.abs(place - PLACES)
    const size = far === 0 ? 0 : nearest * Math.exp((far / PLACES) * span)
    return place < PLACES ? -size : size
  }
  // by the outer ends of bins, and by their middles
  const lows = new Float64Array(2 * PLACES + 1)
  const highs = new Float64Array(2 * PLACES + 1)
  const sizes = new Float64Array(PLACES + 1)
  let total = 0
  /** Bins that hold something, open ends closed. */
  const eachBin = (see: (a: number, b: number, count: number) => void): void => {
    for (let e = 0; e < n; e++) {
      const [from, to] = [starts[e] as number, starts[e + 1] as number]
      for (let i = from; i < to; i++) {
        const count = counts[i] as number
        if (count > 0)
          see(Math.max(low, edges[i + e] as number), Math.min(high, edges[i + e + 1] as number), count)
      }
    }
  }
  eachBin((a, b, count) => {
    total += count
    lows[Math.floor(placeOf(a))]! += count
    highs[Math.ceil(placeOf(b))]! += count
    sizes[Math.abs(Math.round(placeOf(a / 2 + b / 2)) - PLACES)]! += count
  })
  // a bin is left out by its inner end: whoever is, lies wholly beyond
  const places = RANGE_SHARES.map((share): [number, number] => {
    const out = (total * (1 - share)) / 2
    let [from, below] = [0, 0]
    while (from < 2 * PLACES && below + (highs[from] as number) <= out) below += highs[from++] as number
    let [to, above] = [2 * PLACES, 0]
    while (to > 0 && above + (lows[to] as number) <= out) above += lows[to--] as number
    return [from, to]
  })
  // and one that is not is in the range as a whole
  const kept = RANGE_SHARES.map((): [number, number] => [Infinity, -Infinity])
  eachBin((a, b) => {
    const [first, last] = [Math.floor(placeOf(a)), Math.ceil(placeOf(b))]
    kept.forEach((range, k) => {
      const [from, to] = places[k] as [number, number]
      if (last < from || first > to) return
      if (a < range[0]) range[0] = a
      if (b > range[1]) range[1] = b
    })
  })
  let [middle, inner] = [0, sizes[0] as number]
  while (middle < PLACES && inner < total / 2) inner += sizes[++middle] as number
  return {
    ...{ entries: n, empty, full: [low, high], kept },
    typical: middle === 0 ? 0 : sizeAt(PLACES + middle),
    counts: [least, most],
  }
}

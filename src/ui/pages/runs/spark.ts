import type { Sparks } from '../../../model/measure.ts'

/** The values that lie at the foot and at the top of a small line. */
export interface SparkScale {
  low: number
  high: number
}

/** Of so many values the limits are found, whatever there are. */
const LOOKED_AT = 20_000
/** A share of the values may lie beyond each limit, so that a run that diverged flattens no other. */
const BEYOND = 0.02

/** Limits for all lines of a metric, without its most extreme values. */
export function scaleOf({ low, high }: Sparks): SparkScale {
  const step = Math.max(1, Math.floor((low.length * 2) / LOOKED_AT))
  const found: number[] = []
  for (let i = 0; i < low.length; i += step) {
    if (low[i]! === low[i]!) found.push(low[i]!, high[i]!)
  }
  const sorted = Float64Array.from(found).sort()
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN
  const [least, most] = [at(BEYOND), at(1 - BEYOND)]
  return least < most ? { low: least, high: most } : { low: at(0), high: at(1) }
}

/**
 * A path through the least and the greatest value of each column of a run; of several runs through the means of
 * the middles. `places`: the runs' among the sparks.
 */
export function sparkPath(
  { width, low, high }: Sparks,
  places: readonly number[],
  scale: SparkScale,
  pixels: number,
  height: number,
): string {
  const span = scale.high - scale.low || 1
  const y = (value: number): string => {
    const share = Math.max(0, Math.min(1, (value - scale.low) / span))
    return (height - 2 - share * (height - 4)).toFixed(1)
  }
  const parts: string[] = []
  for (let x = 0; x < width; x++) {
    let [sum, n] = [0, 0]
    for (const place of places) {
      const middle = (low[place * width + x]! + high[place * width + x]!) / 2
      if (middle === middle) {
        sum += middle
        n++
      }
    }
    if (n === 0) continue
    const at = (((x + 0.5) / width) * pixels).toFixed(1)
    const only = places.length === 1 ? places[0]! * width + x : undefined
    const ends =
      only === undefined ? [sum / n] : low[only] === high[only] ? [low[only]!] : [high[only]!, low[only]!]
    for (const value of ends) parts.push(`${parts.length === 0 ? 'M' : 'L'}${at} ${y(value)}`)
  }
  // a point alone is a dot
  if (parts.length === 1) parts.push('h0.1')
  return parts.join('')
}

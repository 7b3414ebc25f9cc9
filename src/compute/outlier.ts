/** A modified z-score beyond this is an outlier: Iglewicz and Hoaglin (1993). */
const BEYOND = 3.5
/** Of fewer values none is told apart. */
const LEAST = 4

/**
 * The value that stands furthest from the others: its modified z-score, 0.6745 (x − median) / MAD, is beyond
 * 3.5. −1 where none does, and where more than half are the same.
 */
export function outlierOf(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite)
  if (finite.length < LEAST) return -1
  const middle = medianOf(finite)
  const spread = medianOf(finite.map((value) => Math.abs(value - middle)))
  let found = -1
  let most = (BEYOND * spread) / 0.6745
  if (spread === 0) return -1
  values.forEach((value, i) => {
    const away = Math.abs(value - middle)
    if (away > most) {
      most = away
      found = i
    }
  })
  return found
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

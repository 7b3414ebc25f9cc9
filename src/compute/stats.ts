/*
 * Single numbers of a line: what a list of runs shows, sorts and filters by. Finite values alone are compared
 * and averaged; the first and the last value are as they were logged, NaN and infinities included.
 */

/** What is known of the first `count` values of a line. Indices are −1 where no value is finite. */
export interface Stats {
  count: number
  /** How many are NaN or infinite. */
  nonFinite: number
  /** Where the least and the greatest finite value stand: the first of equal ones, as numpy's argmin. */
  minAt: number
  maxAt: number
  /** Sum of the finite values, and what rounding lost of it: Neumaier's (1974) compensated sum. */
  sum: number
  lost: number
}

export function makeStats(): Stats {
  return { count: 0, nonFinite: 0, minAt: -1, maxAt: -1, sum: 0, lost: 0 }
}

/**
 * Goes on from the values that `stats` knows to all of `values`, which begin with the same ones: one pass over
 * the new ones, and the same numbers, bit for bit, however they came in pieces. Gives `stats` back.
 */
export function addStats(stats: Stats, values: Float64Array): Stats {
  let { nonFinite, minAt, maxAt, sum, lost } = stats
  let min = minAt < 0 ? Number.POSITIVE_INFINITY : values[minAt]!
  let max = maxAt < 0 ? Number.NEGATIVE_INFINITY : values[maxAt]!
  for (let i = stats.count; i < values.length; i++) {
    const value = values[i]!
    // true of NaN and both infinities only
    if (value - value !== 0) {
      nonFinite++
      continue
    }
    if (value < min) {
      min = value
      minAt = i
    }
    if (value > max) {
      max = value
      maxAt = i
    }
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return Object.assign(stats, { count: values.length, nonFinite, minAt, maxAt, sum, lost })
}

/**
 * Mean of the finite ones among `values`, all of which `stats` knows; NaN where there is none. Of a million
 * values within 10⁻¹² of the exact mean, relatively, also where their sizes add up to 10¹² times their sum.
 * Costs nothing but where the sum leaves the doubles: then one pass over all values.
 */
export function meanOf({ count, nonFinite, sum, lost }: Stats, values: Float64Array): number {
  const n = count - nonFinite
  const mean = (sum + lost) / n
  if (n === 0 || Number.isFinite(mean)) return mean
  // which the mean of doubles never does
  let whole = 0
  for (const value of values) if (value - value === 0) whole += value / n
  return whole
}

/**
 * Mean of the last tenth: of the last ⌈n / 10⌉ of all n values, the finite ones; NaN where none of these is
 * finite. One pass over that tenth, whatever was known before: its first value moves on with each new one.
 */
export function tailMean(values: Float64Array): number {
  const tail = values.subarray(values.length - Math.ceil(values.length / 10))
  return meanOf(addStats(makeStats(), tail), tail)
}

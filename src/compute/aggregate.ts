import type { GroupBand, GroupStatistic } from '../model/groups.ts'
import { bootstrapInterval } from './bootstrap.ts'
import { student95, welch95 } from './interval.ts'

/*
 * One number for the values of several runs, and how they spread. All take values that are sorted, of which
 * the first `n` count.
 */

/** Low and high end of a band; NaN where there is none. */
export type Ends = [low: number, high: number]
const NONE: Ends = [Number.NaN, Number.NaN]

/**
 * Mean; median (of an even number the mean of the middle two); or interquartile mean: the mean after ⌊n / 4⌋
 * values were left out at each end, as rliable's `aggregate_iqm` (scipy's `trim_mean` with 0.25).
 */
export function statisticOf(sorted: Float64Array, n: number, statistic: GroupStatistic): number {
  switch (statistic) {
    case 'mean':
      return meanOf(sorted, 0, n)
    case 'median':
      return n === 0 ? Number.NaN : (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2
    case 'iqm':
      return meanOf(sorted, Math.floor(n / 4), n - Math.floor(n / 4))
  }
}

function meanOf(values: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += values[i]!
  return sum / (to - from)
}

/** The band of one group's values. `t95`, `sem` and `std` are of the mean, whatever the line is. */
export function bandOf(sorted: Float64Array, n: number, statistic: GroupStatistic, band: GroupBand): Ends {
  switch (band) {
    case 'none':
      return NONE
    case 'range':
      return [sorted[0]!, sorted[n - 1]!]
    case 'quartiles':
      return [quantileOf(sorted, n, 0.25), quantileOf(sorted, n, 0.75)]
    case 'bootstrap':
      return bootstrapInterval(sorted, n, statistic)
    case 'std':
    case 'sem':
    case 't95': {
      const mean = meanOf(sorted, 0, n)
      const sd = Math.sqrt(squaresOf(sorted, n, mean) / (n - 1))
      const half = band === 'std' ? sd : (sd / Math.sqrt(n)) * (band === 't95' ? student95(n - 1) : 1)
      return [mean - half, mean + half]
    }
  }
}

/**
 * The band of a difference between two groups whose runs do not pair. `t95` is Welch's interval of the
 * difference of means; `bootstrap` resamples each group by itself (strata); `sem` and `std` add as variances;
 * `quartiles` and `range` are of the differences of all pairs.
 */
export function differenceBand(
  a: Float64Array,
  n: number,
  b: Float64Array,
  m: number,
  statistic: GroupStatistic,
  band: GroupBand,
): Ends {
  switch (band) {
    case 'none':
      return NONE
    case 'range':
      return [a[0]! - b[m - 1]!, a[n - 1]! - b[0]!]
    case 'quartiles': {
      const pairs = new Float64Array(n * m)
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) pairs[i * m + j] = a[i]! - b[j]!
      pairs.sort()
      return [quantileOf(pairs, n * m, 0.25), quantileOf(pairs, n * m, 0.75)]
    }
    case 'bootstrap':
      return bootstrapInterval(a, n, statistic, { values: b, n: m })
    case 'std':
    case 'sem':
    case 't95': {
      const [p, q] = [meanOf(a, 0, n), meanOf(b, 0, m)]
      const [va, vb] = [squaresOf(a, n, p) / (n - 1), squaresOf(b, m, q) / (m - 1)]
      const half =
        band === 'std'
          ? Math.sqrt(va + vb)
          : band === 'sem'
            ? Math.sqrt(va / n + vb / m)
            : welch95(va / n, n, vb / m, m)
      return [p - q - half, p - q + half]
    }
  }
}

/** Bands that cost so much that they are worked out at one place a pixel column at most. */
export function isCostly(band: GroupBand, pairless: boolean): boolean {
  return band === 'bootstrap' || (pairless && (band === 't95' || band === 'quartiles'))
}

function squaresOf(values: Float64Array, n: number, mean: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += (values[i]! - mean) ** 2
  return sum
}

/** Between the neighbours, as numpy's `percentile` does by itself. */
function quantileOf(sorted: Float64Array, n: number, share: number): number {
  const at = share * (n - 1)
  const low = Math.floor(at)
  const high = Math.min(n - 1, low + 1)
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!)
}

/** Sorts the first `n` values in place: insertion, as groups are small and mostly in order from x to x. */
export function sortFirst(values: Float64Array, n: number): void {
  if (n > 64) {
    values.subarray(0, n).sort()
    return
  }
  for (let i = 1; i < n; i++) {
    const v = values[i]!
    let j = i - 1
    for (; j >= 0 && values[j]! > v; j--) values[j + 1] = values[j]!
    values[j + 1] = v
  }
}

/**
 * How many pairs of a value of `a` and one of `b` there are in which the first is greater; a half where they
 * are equal: Mann and Whitney's U. Divided by all pairs it is rliable's probability of improvement, of a metric
 * whose greatest value is best. Neither has to be sorted.
 */
export function pairsAbove(a: ArrayLike<number>, n: number, b: ArrayLike<number>, m: number): number {
  let above = 0
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) above += a[i]! > b[j]! ? 1 : a[i] === b[j] ? 0.5 : 0
  return above
}

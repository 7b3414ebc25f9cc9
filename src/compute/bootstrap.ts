import type { GroupStatistic } from '../model/groups.ts'
import { select } from './domain.ts'

/*
 * The bootstrap over runs, as rliable does it (Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of
 * the Statistical Precipice"): runs are drawn with replacement within their group (the stratum), the statistic
 * is taken of what was drawn, and the 2.5 % and 97.5 % points of all of these are the interval.
 *
 * Each of the statistics is a weighted sum of sorted values, and which weights a draw gives depends on the ranks
 * that it drew alone. So the draws of n runs are made once, as weights; a place on the axis costs one product
 * with its sorted values. The seed is fixed: the same runs have the same band, today and tomorrow.
 */

export const RESAMPLES = 2000
const SEEDS = [20, 21] as const

/** Weights of the ranks, `draw * n + rank`; the statistic of a draw is their sum over values, by `divisor`. */
interface Weights {
  of: Uint16Array
  divisor: number
}

const kept = new Map<string, Weights>()
/** Sizes of groups are few: more than so many are those of a page long gone. */
const KEPT = 40

/**
 * 95 % interval of a statistic of the first `n` sorted values; of its difference to the statistic of other
 * values, which are drawn by themselves, where `minus` is given.
 */
export function bootstrapInterval(
  sorted: Float64Array,
  n: number,
  statistic: GroupStatistic,
  minus?: { values: Float64Array; n: number },
): [number, number] {
  const draws = new Float64Array(RESAMPLES)
  add(draws, sorted, weightsOf(n, statistic, 0), n, 1)
  if (minus) add(draws, minus.values, weightsOf(minus.n, statistic, 1), minus.n, -1)
  return [pointOf(draws, 0.025), pointOf(draws, 0.975)]
}

function add(
  draws: Float64Array,
  values: Float64Array,
  { of, divisor }: Weights,
  n: number,
  sign: number,
): void {
  for (let k = 0, w = 0; k < RESAMPLES; k++) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += of[w++]! * values[i]!
    draws[k] = draws[k]! + (sign * sum) / divisor
  }
}

/** Between the neighbours, as numpy's `percentile`. Reorders `draws`. */
function pointOf(draws: Float64Array, share: number): number {
  const at = share * (draws.length - 1)
  const k = Math.floor(at)
  const low = select(draws, k)
  // what is behind the k-th smallest is no smaller
  let high = draws[k + 1] ?? low
  for (let i = k + 2; i < draws.length; i++) if (draws[i]! < high) high = draws[i]!
  return low + (at - k) * (high - low)
}

function weightsOf(n: number, statistic: GroupStatistic, stream: 0 | 1): Weights {
  const key = `${n} ${statistic} ${stream}`
  const known = kept.get(key)
  if (known) return known
  const made = drawWeights(n, statistic, SEEDS[stream])
  if (kept.size >= KEPT) kept.clear()
  kept.set(key, made)
  return made
}

/** Ranks from `skip` to `n - skip` of a draw count, all but the middle one or two of a median. */
function drawWeights(n: number, statistic: GroupStatistic, seed: number): Weights {
  const skip = statistic === 'mean' ? 0 : statistic === 'iqm' ? Math.floor(n / 4) : (n - 1) >> 1
  const of = new Uint16Array(RESAMPLES * n)
  const next = mulberry(seed)
  const counts = new Uint16Array(n)
  for (let k = 0; k < RESAMPLES; k++) {
    counts.fill(0)
    for (let i = 0; i < n; i++) counts[Math.floor(next() * n)]!++
    // places [before, before + count) of the sorted draw hold this rank
    let before = 0
    for (let rank = 0; rank < n; rank++) {
      const after = before + counts[rank]!
      of[k * n + rank] = Math.max(0, Math.min(after, n - skip) - Math.max(before, skip))
      before = after
    }
  }
  return { of, divisor: n - 2 * skip }
}

/** Numbers in [0, 1) from a seed, the same on every machine (mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

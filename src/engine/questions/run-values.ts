import { nextTurn } from '../../bridge/turn.ts'
import type { RunValues } from '../../model/metric.ts'
import type { RunKey } from '../../model/run.ts'
import type { Project, RunSeries } from '../projects/project.ts'

/** Values looked at between two looks whether they are still asked for: 4 ms of work. */
const A_TURN = 2_000_000

/** What is known of the first `length` values of a series. */
interface Sums {
  version: string
  base: string | undefined
  length: number
  min: number
  max: number
  /** Of the finite values, with what rounding lost of it (Neumaier's sum). */
  sum: number
  lost: number
  nonFinite: number
}

/** By the series' identity, so that only rows that came since are looked at again. */
const known = new WeakMap<object, Sums>()

/**
 * Last, least, greatest and mean logged value of each run, from all logged rows, in one pass over those that
 * are new. Entry i belongs to runs[i]. Gives the thread back between runs; throws AbortError once `signal`
 * fired.
 */
export async function runValuesOf(
  project: Project,
  metric: string,
  runs: readonly RunKey[],
  signal?: AbortSignal | undefined,
): Promise<RunValues> {
  const nan = (): Float64Array => new Float64Array(runs.length).fill(Number.NaN)
  const [last, min, max, mean] = [nan(), nan(), nan(), nan()]
  const [count, nonFinite] = [new Uint32Array(runs.length), new Uint32Array(runs.length)]
  let looked = 0
  for (const [r, key] of runs.entries()) {
    const run = project.run(key)
    const series = run && project.series(run, metric)
    if (!series || series.values.length === 0) continue
    const { sums, added } = sumsOf(series)
    const n = sums.length - sums.nonFinite
    last[r] = series.values[sums.length - 1] as number
    count[r] = sums.length
    nonFinite[r] = sums.nonFinite
    if (n > 0) {
      min[r] = sums.min
      max[r] = sums.max
      mean[r] = meanOf(series.values, sums, n)
    }
    looked += added
    if (looked < A_TURN) continue
    looked = 0
    await nextTurn()
    signal?.throwIfAborted()
  }
  return { last, min, max, mean, count, nonFinite, exact: project.exact() }
}

function sumsOf(series: RunSeries): { sums: Sums; added: number } {
  const { values, version, base, identity } = series
  const before = known.get(identity)
  if (before?.version === version) return { sums: before, added: 0 }
  const grown = before && base !== undefined && before.base === base && before.length <= values.length
  const sums: Sums = grown
    ? { ...before, version }
    : { version, base, length: 0, min: Infinity, max: -Infinity, sum: 0, lost: 0, nonFinite: 0 }
  const from = sums.length
  add(sums, values)
  known.set(identity, sums)
  return { sums, added: values.length - from }
}

function add(sums: Sums, values: Float64Array): void {
  let { min, max, sum, lost, nonFinite } = sums
  for (let i = sums.length; i < values.length; i++) {
    const value = values[i]!
    // true of NaN and both infinities only
    if (value - value !== 0) {
      nonFinite++
      continue
    }
    if (value < min) min = value
    if (value > max) max = value
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  sums.length = values.length
  Object.assign(sums, { min, max, sum, lost, nonFinite })
}

function meanOf(values: Float64Array, { sum, lost }: Sums, n: number): number {
  const mean = (sum + lost) / n
  if (Number.isFinite(mean)) return mean
  // the sum left the doubles, which the mean of doubles never does
  let whole = 0
  for (const value of values) if (value - value === 0) whole += value / n
  return whole
}

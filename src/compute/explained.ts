import type { Column } from './run-columns.ts'

/**
 * Share of a metric's variance that a key alone explains, 0 to 1: one-way, over all runs that have both, with as
 * many groups as the key has values. ε² = 1 − (SSw / (n − k)) / (SSt / (n − 1)) (Kelley 1935), never below 0: of
 * k groups of pure noise η² is (k − 1) / (n − 1) on average, which ε² takes off. Undefined where nothing can be
 * said: fewer than two values, one run for each of them, or a metric that is the same everywhere.
 */
export function shareExplained(key: Column, metric: Float64Array): number | undefined {
  const groups = new Map<string | number, { n: number; sum: number; squares: number }>()
  // from the first value, so that large numbers that differ little keep their digits
  let shift = Number.NaN
  let [n, sum, squares] = [0, 0, 0]
  for (let i = 0; i < metric.length; i++) {
    const value = key.kind === 'text' ? key.values[i] : key.has[i] ? key.values[i] : undefined
    if (value === undefined || !Number.isFinite(metric[i]!)) continue
    if (Number.isNaN(shift)) shift = metric[i]!
    const y = metric[i]! - shift
    const group = groups.get(value) ?? { n: 0, sum: 0, squares: 0 }
    group.n++
    group.sum += y
    group.squares += y * y
    groups.set(value, group)
    n++
    sum += y
    squares += y * y
  }
  const k = groups.size
  const total = squares - (sum * sum) / n
  if (k < 2 || n <= k || !(total > 0)) return undefined
  let within = 0
  for (const group of groups.values())
    within += Math.max(0, group.squares - (group.sum * group.sum) / group.n)
  return Math.max(0, 1 - within / (n - k) / (total / (n - 1)))
}

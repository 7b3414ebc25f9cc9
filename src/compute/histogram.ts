import type { Bins } from '../model/histogram.ts'
import type { Json } from '../model/run.ts'
import { spelledNumber } from './spelled-number.ts'

/** A logged histogram, or what is wrong with it: `64 edges for 64 counts`. */
export type ReadBins = { bins: Bins } | { why: string }

/**
 * Reads what was logged: trackio's form (`bins`: n + 1 edges as numpy gives them, equal or not, `values`: n
 * counts; both empty of nothing finite), and bins of one size (`packedBins`: {min, size, count}), as wandb writes
 * them.
 */
export function readBins(logged: Json | undefined): ReadBins {
  if (typeof logged !== 'object' || logged === null || Array.isArray(logged))
    return { why: `${JSON.stringify(logged) ?? 'nothing'} is no histogram` }
  const { bins, values, packedBins } = logged
  if (!Array.isArray(values)) return { why: 'it has no list `values`' }
  const edges = Array.isArray(bins) ? numbersOf(bins) : evenEdges(packedBins)
  if (!edges) return { why: 'it has neither `bins` nor `packedBins`' }
  const counts = numbersOf(values)
  const n = counts.length
  if (n === 0 && edges.length <= 1) return { bins: { edges: new Float64Array(0), counts } }
  if (edges.length !== n + 1)
    return { why: `${edges.length} edges for ${n} counts: there should be ${n + 1}` }
  for (let i = 0; i <= n; i++) {
    const edge = edges[i] as number
    const open =
      (i === 0 && edge === Number.NEGATIVE_INFINITY) || (i === n && edge === Number.POSITIVE_INFINITY)
    if (!open && edge - edge !== 0)
      return { why: `edge ${i} is ${wordOf(Array.isArray(bins) ? bins[i] : edge)}` }
    if (i > 0 && edge < (edges[i - 1] as number))
      return { why: `edge ${i}, ${edge}, lies below the one before, ${edges[i - 1]}` }
  }
  for (let i = 0; i < n; i++) {
    const count = counts[i] as number
    if (!(count >= 0 && count < Number.POSITIVE_INFINITY))
      return { why: `count ${i} is ${wordOf(values[i])}` }
  }
  return { bins: { edges, counts } }
}

function evenEdges(packed: Json | undefined): Float64Array | undefined {
  if (typeof packed !== 'object' || packed === null || Array.isArray(packed)) return undefined
  const [min, size, count] = [packed.min, packed.size, packed.count].map(numberOf) as [number, number, number]
  if (!(Number.isInteger(count) && count >= 0 && count < 1e7)) return undefined
  return Float64Array.from({ length: count === 0 ? 0 : count + 1 }, (_, i) => min + i * size)
}

function numbersOf(values: readonly Json[]): Float64Array {
  const numbers = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) numbers[i] = numberOf(values[i])
  return numbers
}

function numberOf(value: Json | undefined): number {
  if (typeof value === 'number') return value
  return (typeof value === 'string' ? spelledNumber(value) : undefined) ?? Number.NaN
}

function wordOf(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

export function sumOf(counts: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += counts[i] as number
  return sum
}

/**
 * The q quantile (0 < q < 1) of what was counted, its values spread evenly over their bins: the least v at which
 * the piecewise linear cumulative count reaches q of the whole. That is numpy's
 * `interp(q * n, concatenate([[0], cumsum(counts)]), edges)` where every bin has a count, and what `ppf` of
 * scipy's `rv_histogram` and Prometheus' `histogram_quantile` give. It lies within a bin's width of the same
 * quantile of the values themselves. ±Infinity where it lies in a bin with an open end; NaN of no count.
 */
export function binnedQuantile({ edges, counts }: Bins, q: number, total = sumOf(counts)): number {
  if (!(total > 0)) return Number.NaN
  const wanted = q * total
  let below = 0
  let last = -1
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number
    if (count === 0) continue
    last = i
    if (below + count >= wanted)
      return within(edges[i] as number, edges[i + 1] as number, (wanted - below) / count)
    below += count
  }
  // only by rounding of counts that are no whole numbers
  return edges[last + 1] as number
}

function within(low: number, high: number, share: number): number {
  if (low === Number.NEGATIVE_INFINITY) return share === 1 ? high : low
  if (high === Number.POSITIVE_INFINITY) return share === 0 ? low : high
  const width = high - low
  // numpy's lerp, whose ends are exact; doubles far apart have a width beyond them
  if (width === Number.POSITIVE_INFINITY) return low * (1 - share) + high * share
  return share < 0.5 ? low + width * share : high - width * (1 - share)
}

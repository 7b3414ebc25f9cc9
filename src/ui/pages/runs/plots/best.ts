import type { Brush } from '../../../../compute/brush.ts'

/**
 * The brush that keeps the best share (0 to 1) of the finite values, at least one, and those equal to the last.
 */
export function bestBrush(values: Float64Array, good: 'min' | 'max', share: number): Brush | undefined {
  if (share >= 1) return undefined
  const finite = values.filter(Number.isFinite).sort()
  const count = Math.max(1, Math.round(share * finite.length))
  const limit = good === 'min' ? finite[count - 1] : finite[finite.length - count]
  if (limit === undefined) return undefined
  const [low, high] = good === 'min' ? [-Infinity, limit] : [limit, Infinity]
  return { intervals: [{ low, high, withLow: true, withHigh: true }], texts: undefined }
}

/** The share of the finite values that a brush keeps; 1 of one that is no limit at the worse end alone. */
export function bestShare(values: Float64Array, good: 'min' | 'max', brush: Brush | undefined): number {
  const [only, more] = brush?.intervals ?? []
  if (!only || more || (good === 'min' ? only.low !== -Infinity : only.high !== Infinity)) return 1
  const finite = values.filter(Number.isFinite)
  const kept = finite.filter((value) =>
    good === 'min'
      ? value < only.high || (only.withHigh && value === only.high)
      : value > only.low || (only.withLow && value === only.low),
  )
  return finite.length === 0 ? 1 : kept.length / finite.length
}

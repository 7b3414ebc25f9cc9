import type { RangeMode, Scale } from '../model/view.ts'

/**
 * Limits of the y axis for drawn values (finite ones are looked at; on a log axis only those above 0). `ends` are the
 * runs' last values. Robust: if the extent is wider than three times the distance d between the 5 % and 95 % quantiles,
 * [q05 − d/4, q95 + d/4] cut to the data, then widened by at most d/2 to hold each last value; else full. Full: the extent,
 * padded by 6 %. Zero: full with 0 in it. All in the displayed scale. Without any value: [0, 1], or [1, 10] on a log axis.
 */
export function yLimits(values: Float64Array, ends: number[], mode: RangeMode, scale: Scale): [number, number] {
  // a log axis has no place for limits at or below 0
  if (mode.kind === 'manual' && (scale === 'linear' || mode.min > 0)) return [mode.min, mode.max]
  const log = scale === 'log'
  const shown = new Float64Array(values.length)
  let n = 0
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value - value !== 0 || (log && value <= 0)) continue
    const v = log ? Math.log10(value) : value
    shown[n++] = v
    if (v < low) low = v
    if (v > high) high = v
  }
  if (n === 0) return log ? [1, 10] : [0, 1]
  let [min, max] = [low, high]
  let robust = false
  if (mode.kind === 'robust' && n > 4) {
    const part = everyNth(shown.subarray(0, n))
    const q05 = select(part, Math.floor(0.05 * (part.length - 1)))
    const q95 = select(part, Math.ceil(0.95 * (part.length - 1)))
    const d = q95 - q05
    if (d > 0 && high - low > 3 * d) {
      robust = true
      min = Math.max(low, q05 - d / 4)
      max = Math.min(high, q95 + d / 4)
      for (const end of ends) {
        if (end - end !== 0 || (log && end <= 0)) continue
        const v = log ? Math.log10(end) : end
        if (v < min) min = Math.max(v, min - d / 2, low)
        if (v > max) max = Math.min(v, max + d / 2, high)
      }
    }
  }
  if (mode.kind === 'zero' && !log) {
    min = Math.min(0, min)
    max = Math.max(0, max)
  }
  if (!robust) {
    const pad = max > min ? (max - min) * 0.06 : log ? 0.5 : Math.abs(max) * 0.06 || 0.5
    // an axis that starts at 0 on purpose, or because nothing is below, keeps its 0
    const onZero = mode.kind === 'zero' && !log && max > min
    const [atMin, atMax] = [onZero && min === 0, onZero && max === 0]
    if (!atMin) min -= pad
    if (!atMax) max += pad
  }
  if (!log) return [Math.max(min, -Number.MAX_VALUE), Math.min(max, Number.MAX_VALUE)]
  return [Math.max(10 ** min, Number.MIN_VALUE), Math.min(10 ** max, Number.MAX_VALUE)]
}

const ENOUGH = 1 << 15

/** At most 65,536 of the values, evenly spaced: quantiles of more look the same on an axis, and would cost as much as all else. */
function everyNth(values: Float64Array): Float64Array {
  const step = Math.floor(values.length / ENOUGH)
  if (step < 2) return values
  const some = new Float64Array(Math.floor(values.length / step))
  for (let i = 0; i < some.length; i++) some[i] = values[i * step] as number
  return some
}

/** The k-th smallest value (from 0); reorders `values`. Quickselect (Hoare 1961). */
export function select(values: Float64Array, k: number): number {
  let left = 0
  let right = values.length - 1
  while (left < right) {
    const pivot = values[(left + right) >> 1] as number
    let i = left
    let j = right
    while (i <= j) {
      while ((values[i] as number) < pivot) i++
      while ((values[j] as number) > pivot) j--
      if (i <= j) {
        const swap = values[i] as number
        values[i++] = values[j] as number
        values[j--] = swap
      }
    }
    if (k <= j) right = j
    else if (k >= i) left = i
    else break
  }
  return values[k] as number
}

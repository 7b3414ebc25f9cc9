import type { RangeMode, Scale } from '../model/view.ts'
import { isFlat } from './facts.ts'

/** What chooses a y axis. */
export interface Extents {
  /**
   * Least and greatest finite value in view, on a log axis of those above 0; Infinity and −Infinity where
   * there is none.
   */
  all: [number, number]
  /**
   * Values that say where lines mostly are (the last 80 % of x); only finite ones are looked at, on a log
   * axis only those above 0. Asked for where they count.
   */
  usual(): Float64Array
  /**
   * Values that a robust axis holds: each run's last and best, all of a short line. NaN where there is none.
   */
  hold: readonly number[]
  /** All lines are too short for quantiles: a robust axis is then the extent of what it holds. */
  short: boolean
}

/**
 * Limits of the y axis. Robust: if the extent is wider than three times the distance d between the 5 % and 95
 * % quantiles of the usual values, [q05 − d/4, q95 + d/4] cut to the data, then widened to the values that it
 * holds; else full. Full: the extent, padded by 6 %. Zero: full with 0 in it. All in the displayed scale. An
 * extent below 10⁻⁹ of its values is a constant, in the middle of its axis. Without any value: [0, 1], or [1,
 * 10] on a log axis.
 */
export function yLimits(extents: Extents, mode: RangeMode, scale: Scale): [number, number] {
  // a log axis has no place for limits at or below 0
  if (mode.kind === 'manual' && (scale === 'linear' || mode.min > 0)) return [mode.min, mode.max]
  const log = scale === 'log'
  if (!(extents.all[0] <= extents.all[1])) return log ? [1, 10] : [0, 1]
  let [low, high] = log ? [Math.log10(extents.all[0]), Math.log10(extents.all[1])] : extents.all
  let pads: [boolean, boolean] = [true, true]
  const held = shownOf(Float64Array.from(mode.kind === 'robust' ? extents.hold : []), log)
  const robust =
    mode.kind === 'robust' && !extents.short ? robustOf(shownOf(extents.usual(), log), low, high) : undefined
  if (mode.kind === 'robust' && extents.short && held.length > 0) [low, high] = extentOf(held)
  else if (robust) {
    const [least, greatest] = held.length > 0 ? extentOf(held) : robust
    // what is held at the edge needs room for its dot; data that goes on leaves at the edge itself
    pads = [least < robust[0], greatest > robust[1]]
    low = Math.min(robust[0], Math.max(low, least))
    high = Math.max(robust[1], Math.min(high, greatest))
  }
  if (mode.kind === 'zero' && !log) {
    // an axis that starts at 0 on purpose, or because nothing is below, keeps its 0
    if (low < high) pads = [low < 0, high > 0]
    low = Math.min(0, low)
    high = Math.max(0, high)
  }
  const flat = log ? high - low < 1e-9 : isFlat(low, high)
  const pad = flat ? (log ? 0.5 : Math.abs(high) * 0.06 || 0.5) : (high - low) * 0.06
  if (pads[0] || flat) low -= pad
  if (pads[1] || flat) high += pad
  if (!log) return [Math.max(low, -Number.MAX_VALUE), Math.min(high, Number.MAX_VALUE)]
  return [Math.max(10 ** low, Number.MIN_VALUE), Math.min(10 ** high, Number.MAX_VALUE)]
}

/** The values that have a place on the axis, in its own scale. */
function shownOf(values: Float64Array, log: boolean): Float64Array {
  const shown = new Float64Array(values.length)
  let n = 0
  for (const value of values)
    if (value - value === 0 && !(log && value <= 0)) shown[n++] = log ? Math.log10(value) : value
  return shown.subarray(0, n)
}

/** Infinity and −Infinity of no values; NaNs are passed by. */
export function extentOf(values: Float64Array): [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const v of values) {
    if (v < low) low = v
    if (v > high) high = v
  }
  return [low, high]
}

/** Where the lines mostly are, cut to the data; undefined where nothing lies far out. Reorders `usual`. */
function robustOf(usual: Float64Array, low: number, high: number): [number, number] | undefined {
  if (usual.length < 5) return undefined
  const q05 = select(usual, Math.floor(0.05 * (usual.length - 1)))
  const q95 = select(usual, Math.ceil(0.95 * (usual.length - 1)))
  const d = q95 - q05
  if (!(d > 0 && high - low > 3 * d) || isFlat(q05, q95)) return undefined
  return [Math.max(low, q05 - d / 4), Math.min(high, q95 + d / 4)]
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

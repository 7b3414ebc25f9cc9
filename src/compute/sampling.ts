/*
 * Samples of a machine come by the clock. Where it stopped (a process that hung, a node that was lost) nothing
 * is known of what was between, so lines break there and nothing is summed over it.
 */

/** A pause of more than so many usual intervals is a gap: two samples were missed. */
const GAP = 3
/** Samples to each side whose intervals say what is usual there, where the clock changed its pace. */
const AROUND = 4

/**
 * Where samples begin anew after a gap: indices i whose time follows that of i − 1 by more than three times
 * the median interval, of all samples and of the eight around. `times` rise, ms; NaN never makes a gap.
 */
export function gapsIn(times: Float64Array): Uint32Array {
  const n = times.length
  if (n < 4) return new Uint32Array(0)
  const limit = GAP * medianInterval(times)
  const found: number[] = []
  for (let i = 1; i < n; i++) {
    const interval = (times[i] as number) - (times[i - 1] as number)
    if (!(interval > limit)) continue
    const near: number[] = []
    for (let k = Math.max(1, i - AROUND); k <= Math.min(n - 1, i + AROUND); k++) {
      const other = (times[k] as number) - (times[k - 1] as number)
      if (k !== i && other > 0) near.push(other)
    }
    near.sort((a, b) => a - b)
    const usual = near[near.length >> 1] ?? 0
    if (interval > GAP * usual) found.push(i)
  }
  return Uint32Array.from(found)
}

/** Intervals that are looked at to learn the usual one. */
const LOOKED_AT = 4096

/** Median of the intervals above 0, ms; of many samples of some, evenly spaced. 0 where there is none. */
export function medianInterval(times: Float64Array): number {
  const step = Math.max(1, Math.floor(times.length / LOOKED_AT))
  const intervals: number[] = []
  for (let i = 1; i < times.length; i += step) {
    const interval = (times[i] as number) - (times[i - 1] as number)
    if (interval > 0) intervals.push(interval)
  }
  intervals.sort((a, b) => a - b)
  return intervals[intervals.length >> 1] ?? 0
}

/**
 * For each time the step of the last row at or before it, NaN before the first: rows are given in the order
 * they count in, which is that of their times. Rows without a step leave the one before them. Both times
 * rise, ms.
 */
export function stepsAt(
  times: Float64Array,
  rowTimes: Float64Array,
  rowSteps: Float64Array,
  into: Float64Array = new Float64Array(times.length),
): Float64Array {
  let row = 0
  let step = Number.NaN
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number
    for (; row < rowTimes.length && !((rowTimes[row] as number) > time); row++) {
      const logged = rowSteps[row] as number
      // a row without a time has no place; it sorts first, and says nothing of when its step was
      if (logged === logged && rowTimes[row] === rowTimes[row]) step = logged
    }
    into[i] = time === time ? step : Number.NaN
  }
  return into
}

/** Integral of values over time, ms in, seconds out, by trapezoids; gaps and values that are no numbers add nothing. */
export function integralOf(
  times: Float64Array,
  values: Float64Array,
  gaps: Uint32Array,
  from = 0,
  to = times.length,
): { sum: number; seconds: number } {
  let sum = 0
  let seconds = 0
  let gap = 0
  while (gap < gaps.length && (gaps[gap] as number) <= from) gap++
  for (let i = from + 1; i < to; i++) {
    if (gaps[gap] === i) {
      gap++
      continue
    }
    const interval = ((times[i] as number) - (times[i - 1] as number)) / 1000
    const mean = ((values[i] as number) + (values[i - 1] as number)) / 2
    if (!(interval > 0) || mean - mean !== 0) continue
    sum += mean * interval
    seconds += interval
  }
  return { sum, seconds }
}

/*
 * Numbers of a line that a table of runs has as columns. Lines are in row order; steps may go back where a run
 * was resumed.
 */

/**
 * Index of the point that stands at a step: that of the greatest step at or before it, of equal steps the one
 * logged last. −1 where there is none. `rising`: steps never go back.
 */
export function indexAt(steps: Float64Array, step: number, rising: boolean): number {
  if (!rising) {
    let found = -1
    for (let i = 0; i < steps.length; i++)
      if (steps[i]! <= step && (found < 0 || steps[i]! >= steps[found]!)) found = i
    return found
  }
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (steps[middle]! <= step) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Index of the first value that is at most (`min`) or at least (`max`) `limit`; −1 where none is. */
export function firstReach(values: Float64Array, limit: number, end: 'min' | 'max'): number {
  return end === 'min'
    ? values.findIndex((value) => value <= limit)
    : values.findIndex((value) => value >= limit)
}

/** Index of the least or greatest finite value, of equal ones the first; −1 where none is finite. */
export function bestIndex(values: Float64Array, end: 'min' | 'max'): number {
  const sign = end === 'min' ? 1 : -1
  let found = -1
  values.forEach((value, i) => {
    if (value - value === 0 && (found < 0 || sign * value < sign * values[found]!)) found = i
  })
  return found
}

/**
 * Area under a line over its steps by the trapezoidal rule (numpy's `trapezoid`), of the finite points in the
 * order of their steps, of equal steps the one logged last. NaN of fewer than two.
 */
export function areaOf(steps: Float64Array, values: Float64Array, rising: boolean): number {
  const order = rising ? undefined : Uint32Array.from(steps, (_, i) => i)
  order?.sort((a, b) => steps[a]! - steps[b]! || a - b)
  let [area, n, x, y] = [0, 0, Number.NaN, Number.NaN]
  // of the points of one step, only the last one counts: `x`, `y` wait for the next step
  let [lastX, lastY] = [Number.NaN, Number.NaN]
  for (let at = 0; at < steps.length; at++) {
    const i = order ? order[at]! : at
    if (values[i]! - values[i]! !== 0 || steps[i]! - steps[i]! !== 0) continue
    if (steps[i] !== x) {
      if (n > 1) area += ((lastY + y) / 2) * (x - lastX)
      ;[lastX, lastY] = [x, y]
      n++
    }
    ;[x, y] = [steps[i]!, values[i]!]
  }
  if (n < 2) return Number.NaN
  return area + ((lastY + y) / 2) * (x - lastX)
}

/**
 * Least and greatest finite value of a line in each of `low.length` columns of equal width over the steps from
 * `from` to `to`; columns without a point stay as they are.
 */
export function sparkInto(
  low: Float32Array,
  high: Float32Array,
  steps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
): void {
  const width = low.length
  const scale = to > from ? width / (to - from) : 0
  for (let i = 0; i < steps.length; i++) {
    const value = values[i]!
    if (value - value !== 0) continue
    const x = Math.min(width - 1, Math.max(0, Math.floor((steps[i]! - from) * scale)))
    if (!(low[x]! <= value)) low[x] = value
    if (!(high[x]! >= value)) high[x] = value
  }
}

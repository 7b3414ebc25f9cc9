/** Which end of an axis is the good one. */
export type Good = 'min' | 'max'

/** The runs that no other one is better than: least or greatest of two values. */
export interface Frontier {
  /** Places of the runs on it, from the best x to the worst; runs with the same two values side by side. */
  runs: number[]
  /** 1 for each run on it. */
  on: Uint8Array
  /** How many of them have both values in common with another one. */
  ties: number
  /** How many runs had two finite values. */
  of: number
}

/**
 * Pareto frontier: a run is off it if another one is at least as good in both values and better in one of them;
 * runs with the same two values are on it together. Values that are not finite take no part. O(n log n).
 */
export function paretoFrontier(
  x: Float64Array,
  y: Float64Array,
  goodX: Good,
  goodY: Good,
  among?: ArrayLike<number>,
): Frontier {
  const [sx, sy] = [goodX === 'min' ? 1 : -1, goodY === 'min' ? 1 : -1]
  const places = Array.from(among ?? x.keys()).filter((i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!))
  // the better y first where x is the same, so that the others come after it
  places.sort((a, b) => sx * (x[a]! - x[b]!) || sy * (y[a]! - y[b]!) || a - b)
  const on = new Uint8Array(x.length)
  const runs: number[] = []
  let ties = 0
  let pairs = false
  for (const i of places) {
    const last = runs.at(-1)
    const same = last !== undefined && x[last] === x[i] && y[last] === y[i]
    if (last !== undefined && !same && sy * (y[i]! - y[last]!) >= 0) continue
    runs.push(i)
    on[i] = 1
    if (same) ties += pairs ? 1 : 2
    pairs = same
  }
  return { runs, on, ties, of: places.length }
}

/** How many runs are at least as good as one in both values and better in one of them. O(n). */
export function betterRuns(x: Float64Array, y: Float64Array, goodX: Good, goodY: Good, run: number): number {
  const [sx, sy] = [goodX === 'min' ? 1 : -1, goodY === 'min' ? 1 : -1]
  const [atX, atY] = [sx * x[run]!, sy * y[run]!]
  let count = 0
  for (let i = 0; i < x.length; i++) {
    const [ax, ay] = [sx * x[i]!, sy * y[i]!]
    // a comparison with NaN is false; infinities take no part
    if (ax <= atX && ay <= atY && (ax < atX || ay < atY) && Number.isFinite(ax) && Number.isFinite(ay))
      count++
  }
  return count
}

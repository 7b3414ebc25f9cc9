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

/**
 * How many of some runs are at least as good as each of them in both values and better in one: 0 on the
 * frontier, −1 of runs that take no part. O(n log n): runs by x, those so far counted by the rank of their y in a
 * binary indexed tree (Fenwick 1994).
 */
export function runsBehind(
  x: Float64Array,
  y: Float64Array,
  goodX: Good,
  goodY: Good,
  among?: ArrayLike<number>,
): Int32Array {
  const [sx, sy] = [goodX === 'min' ? 1 : -1, goodY === 'min' ? 1 : -1]
  const places = Array.from(among ?? x.keys()).filter((i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!))
  const ranks = new Map(
    [...new Set(places.map((i) => sy * y[i]!))].sort((a, b) => a - b).map((v, i) => [v, i + 1]),
  )
  const rankOf = (run: number): number => ranks.get(sy * y[run]!) ?? 0
  places.sort((a, b) => sx * (x[a]! - x[b]!) || rankOf(a) - rankOf(b))
  const tree = new Int32Array(ranks.size + 1)
  const behind = new Int32Array(x.length).fill(-1)
  for (let from = 0; from < places.length; ) {
    let end = from
    while (end < places.length && x[places[end]!] === x[places[from]!]) end++
    const column = places.slice(from, end)
    for (const run of column) for (let i = rankOf(run); i < tree.length; i += i & -i) tree[i]!++
    const same = new Map<number, number>()
    for (const run of column) same.set(rankOf(run), (same.get(rankOf(run)) ?? 0) + 1)
    for (const run of column) {
      let count = 0
      for (let i = rankOf(run); i > 0; i -= i & -i) count += tree[i]!
      // itself, and those that are the same in both values, do not beat it
      behind[run] = count - (same.get(rankOf(run)) ?? 0)
    }
    from = end
  }
  return behind
}

/**
 * The q quantile of numbers, linear between the two that are nearest: numpy's default (Hyndman and Fan 1996,
 * type 7). NaN of none. Puts `values`, which are all finite, into another order: only as far as it takes to
 * find them (Hoare's quickselect, 1961).
 */
export function quantile(values: Float64Array, q: number): number {
  const n = values.length
  if (n === 0) return Number.NaN
  const place = (n - 1) * q
  const low = Math.floor(place)
  const first = select(values, low, 0, n - 1)
  if (place === low) return first
  let second = Number.POSITIVE_INFINITY
  // all behind the place are as great at least
  for (let i = low + 1; i < n; i++) if ((values[i] as number) < second) second = values[i] as number
  const share = place - low
  // numpy's lerp, whose ends are exact
  return share < 0.5 ? first + (second - first) * share : second - (second - first) * (1 - share)
}

/** The number that would stand at place k if [from, to] were sorted; what is less stands before it then. */
function select(values: Float64Array, k: number, from: number, to: number): number {
  let [left, right] = [from, to]
  while (left < right) {
    const middle = median(values[left]!, values[(left + right) >> 1]!, values[right]!)
    let [i, j] = [left, right]
    while (i <= j) {
      while (values[i]! < middle) i++
      while (values[j]! > middle) j--
      if (i > j) break
      const one = values[i]!
      values[i++] = values[j]!
      values[j--] = one
    }
    if (k <= j) right = j
    else if (k >= i) left = i
    else break
  }
  return values[k]!
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

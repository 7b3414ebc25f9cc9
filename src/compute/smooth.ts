import type { Smoothing } from '../model/view.ts'

/*
 * Smoothing of one run's logged points, in row order, before any thinning. All kinds share three rules: the
 * result has the length of the input; a non-finite value stays where it is, as it is (a gap in the line); and
 * it takes no part in any other point's value.
 */

/** Where a line's points stand among the rows of its run. */
export interface Places {
  /** Row of each point, rising; undefined where every row has one. */
  rows: Uint32Array | undefined
  /** Rows of the run, those without the metric included. */
  total: number
}

/** Half windows of the mean and the median: rows to each side, and at most so many points of the line. */
export interface Reach {
  rows: number
  points: number
}

/**
 * Under this many points to each reached point a line is too short for the whole window, where nobody asked
 * for one.
 */
const POINTS_A_SIDE = 20

/**
 * Smooths `values` (any unit); `times` (ms) are used by 'time-ema' only. Width 0 gives the values themselves
 * (not a copy). Without `places` the line has a point in every row.
 */
export function smooth(
  values: Float64Array,
  times: Float64Array,
  smoothing: Smoothing,
  places: Places = { rows: undefined, total: values.length },
): Float64Array {
  const s = smoothing.width * smoothing.factor
  if (!(s > 0) || values.length < 2) return values
  const reach = reachOf(smoothing, values.length, places.total)
  switch (smoothing.kind) {
    case 'mean':
      return reach.points === 0 ? values : mean(values, reach.rows, places.rows, reach.points)
    case 'median':
      return reach.points === 0 ? values : median(values, reach.rows, places.rows, reach.points)
    case 'gaussian':
      return gaussian(values, (s / 2) * Math.min(1, values.length / 200))
    case 'ema':
      return ema(values, s / (s + 1))
    case 'time-ema':
      return timeEma(values, times, s / (s + 1))
  }
}

/**
 * The smoothed values that are new or other than before, after values were appended to the first `known`:
 * those from index `from` on. The ones before stay, bit for bit, as `smooth` gives them. For the kinds in
 * which each value goes into all that follow, or changes the scale of all, that is everything.
 */
export function smoothTail(
  values: Float64Array,
  times: Float64Array,
  smoothing: Smoothing,
  known: number,
  places: Places = { rows: undefined, total: values.length },
): { from: number; values: Float64Array } {
  const s = smoothing.width * smoothing.factor
  const whole = (): { from: number; values: Float64Array } => ({
    from: 0,
    values: smooth(values, times, smoothing, places),
  })
  if (!(s > 0) || known < 2) return whole()
  switch (smoothing.kind) {
    case 'mean':
    case 'median': {
      const [then, now] = [reachOf(smoothing, known, known), reachOf(smoothing, values.length, places.total)]
      // a short line's window grew with it
      if (then.rows !== now.rows || then.points !== now.points || now.points === 0) return whole()
      // windows of values before this one held nothing but what was known
      const from = Math.max(0, known - now.points)
      const kernel = smoothing.kind === 'mean' ? mean : median
      return { from, values: kernel(values, now.rows, places.rows, now.points, from) }
    }
    case 'gaussian': {
      // of short series the width grows with the length
      if (known < 200) return whole()
      const half = Math.floor((3 * s) / 2)
      const from = Math.max(0, known - half)
      const start = Math.max(0, from - half)
      return { from, values: gaussian(values.subarray(start), s / 2).subarray(from - start) }
    }
    case 'ema':
    case 'time-ema':
      return whole()
  }
}

/**
 * trackio's window for slider value s: max(3, min(s, rows of the run)) rows, half of it to each side: 1, 2
 * and 3 are the same, and 10 averages 11 rows. Where nobody set a width (`auto`), at most a twentieth of the
 * line's own n points to each side: under 20 points lines stand as logged.
 */
export function reachOf({ kind, width, factor, auto }: Smoothing, n: number, total: number): Reach {
  const rows = Math.floor(Math.max(3, Math.min(width * factor, total)) / 2)
  return { rows, points: auto && kind === 'mean' ? Math.min(rows, Math.floor(n / POINTS_A_SIDE)) : rows }
}

/**
 * Relative error of a sum from which it is worked out anew: rounding that a spike of 10¹⁰ times the values
 * left behind.
 */
const LOSSY = 1e-7

/**
 * Centred moving mean: output i is the mean of the finite values in rows r−half … r+half around its own row
 * r, and of at most `most` points to each side. From index `from` on.
 *
 * The sums are differences of the sums from the start, as trackio's `smoothData`
 * (frontend/src/lib/dataProcessing.js) takes them, so that its curve comes out to the last bit. Rounding may
 * put such a difference beside the least and greatest of its window: then it is those. Where a spike took the
 * digits of all sums after it, the window is added up by itself.
 */
export function mean(
  values: Float64Array,
  half: number,
  rows?: Uint32Array,
  most = half,
  from = 0,
): Float64Array {
  const n = values.length
  const out = new Float64Array(n - from)
  let low = 0
  let high = 0
  let count = 0
  // of all values before `high` and before `low`
  let lead = 0
  let lag = 0
  // points that are not above, and not below, the last mean
  let below = -1
  let above = -1
  for (let i = from; i < n; i++) {
    const end = rows ? endOf(i, n, half, rows, most, high) : Math.min(n, i + most + 1)
    const start = rows ? startOf(i, half, rows, most, low) : i - most
    for (; high < end; high++) {
      const v = values[high] as number
      if (v - v === 0) {
        lead += v
        count++
      }
    }
    for (; low < start; low++) {
      const v = values[low] as number
      if (v - v === 0) {
        lag += v
        count--
      }
    }
    const v = values[i] as number
    if (v - v !== 0 || count < 2) {
      out[i - from] = v
      continue
    }
    let m = (lead - lag) / count
    const noise = (Math.abs(lead) + Math.abs(lag)) * Number.EPSILON
    if (!(noise <= LOSSY * Math.abs(m)) && !(noise <= LOSSY * Math.abs(v)))
      m = carefully(values, low, high, count, noise, m)
    // between two values of its window a mean is held already, and these mostly stay so for some windows
    if (!(below >= low && above >= low && values[below]! <= m && values[above]! >= m)) {
      below = above = -1
      let least = v
      let greatest = v
      // those that came last stay longest
      for (let j = high - 1; j >= low && (below < 0 || above < 0); j--) {
        const w = values[j]!
        if (w - w !== 0) continue
        if (below < 0 && w <= m) below = j
        if (above < 0 && w >= m) above = j
        if (w < least) least = w
        if (w > greatest) greatest = w
      }
      if (m !== m) m = v
      else if (below < 0) m = least
      else if (above < 0) m = greatest
    }
    out[i - from] = m
  }
  return out
}

/** End of the window around point i; those of earlier points were at or before `known`. */
function endOf(
  i: number,
  n: number,
  half: number,
  rows: Uint32Array | undefined,
  most: number,
  known: number,
): number {
  const furthest = Math.min(n, i + most + 1)
  if (!rows) return furthest
  const last = (rows[i] as number) + half
  let end = Math.max(i + 1, known)
  while (end < furthest && (rows[end] as number) <= last) end++
  return end
}

/** Start of the window around point i; those of earlier points were at or before `known`. */
function startOf(
  i: number,
  half: number,
  rows: Uint32Array | undefined,
  most: number,
  known: number,
): number {
  let start = Math.max(known, i - most)
  if (!rows) return start
  const first = (rows[i] as number) - half
  while ((rows[start] as number) < first) start++
  return start
}

/**
 * The mean of a window by itself, where the difference of two sums has lost digits that its values still
 * have.
 */
function carefully(
  values: Float64Array,
  low: number,
  high: number,
  count: number,
  noise: number,
  m: number,
): number {
  let sum = 0
  let largest = 0
  for (let i = low; i < high; i++) {
    const v = values[i] as number
    if (v - v !== 0) continue
    sum += v
    largest = Math.max(largest, Math.abs(v))
  }
  return noise <= LOSSY * largest ? m : sum / count
}

/** Median of the same window as `mean`; of an even number of values the mean of the middle two. */
export function median(
  values: Float64Array,
  half: number,
  rows?: Uint32Array,
  most = half,
  from = 0,
): Float64Array {
  const n = values.length
  const out = new Float64Array(n - from)
  // kept sorted; the next values come in before the oldest leave
  const window = new Float64Array(2 * most + 2)
  let size = 0
  let [low, high] = [0, 0]
  if (from > 0) low = high = startOf(from, half, rows, most, 0)
  for (let i = from; i < n; i++) {
    // those that leave go first: the window has room for one only
    for (const start = startOf(i, half, rows, most, low); low < start; low++)
      if (low < high) remove(values[low] as number)
    high = Math.max(high, low)
    for (const end = endOf(i, n, half, rows, most, high); high < end; high++) insert(values[high] as number)
    const v = values[i] as number
    out[i - from] = finite(v)
      ? (((window[(size - 1) >> 1] as number) + (window[size >> 1] as number)) as number) / 2
      : v
  }
  return out

  function insert(v: number): void {
    if (!finite(v)) return
    const at = place(v)
    window.copyWithin(at + 1, at, size++)
    window[at] = v
  }
  function remove(v: number): void {
    if (!finite(v)) return
    const at = place(v)
    window.copyWithin(at, at + 1, size--)
  }
  function place(v: number): number {
    let low = 0
    let high = size
    while (low < high) {
      const middle = (low + high) >> 1
      if ((window[middle] as number) < v) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * Gaussian weights of standard deviation `sigma` points, cut at 3 sigma, renormalised at the ends and around
 * gaps.
 */
export function gaussian(values: Float64Array, sigma: number): Float64Array {
  const n = values.length
  const reach = Math.floor(3 * sigma)
  const out = new Float64Array(n)
  const weights = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)))
  for (let i = 0; i < n; i++) {
    const v = values[i] as number
    if (!finite(v)) {
      out[i] = v
      continue
    }
    let sum = 0
    let total = 0
    for (let j = Math.max(0, i - reach); j <= Math.min(n - 1, i + reach); j++) {
      const u = values[j] as number
      if (!finite(u)) continue
      const weight = weights[j < i ? i - j : j - i] as number
      sum += weight * u
      total += weight
    }
    out[i] = sum / total
  }
  return out
}

/**
 * Exponential moving average, debiased: a ← w·a + (1−w)·v, output a / (1 − wᵏ) at the k-th finite value. It
 * is TensorBoard's "classic" smoothing (tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts), which
 * takes the same bias correction as Adam (Kingma & Ba 2015, §3).
 */
export function ema(values: Float64Array, weight: number): Float64Array {
  const out = new Float64Array(values.length)
  let average = 0
  let decay = 1
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number
    if (!finite(v)) {
      out[i] = v
      continue
    }
    average = average * weight + (1 - weight) * v
    decay *= weight
    out[i] = average / (1 - decay)
  }
  return out
}

/**
 * The same with the weight of the past taken by time: w^(Δt / mean Δt), so that points logged close together
 * count less each. Where times are missing or do not advance, a step counts as the mean distance.
 */
export function timeEma(values: Float64Array, times: Float64Array, weight: number): Float64Array {
  const n = values.length
  const spacing = meanDistance(values, times)
  const out = new Float64Array(n)
  let average = 0
  let total = 0
  let before = Number.NaN
  for (let i = 0; i < n; i++) {
    const v = values[i] as number
    if (!finite(v)) {
      out[i] = v
      continue
    }
    const gap = ((times[i] as number) - before) / spacing
    const keep = weight ** (gap >= 0 ? gap : 1)
    before = times[i] as number
    average = average * keep + (1 - weight) * v
    total = total * keep + (1 - weight)
    out[i] = average / total
  }
  return out
}

/** Mean time between neighbouring finite values; NaN where their times do not advance. */
function meanDistance(values: Float64Array, times: Float64Array): number {
  let count = 0
  let first = Number.NaN
  let last = Number.NaN
  for (let i = 0; i < values.length; i++) {
    if (!finite(values[i] as number)) continue
    if (count++ === 0) first = times[i] as number
    last = times[i] as number
  }
  return last > first ? (last - first) / (count - 1) : Number.NaN
}

function finite(v: number): boolean {
  return v - v === 0
}

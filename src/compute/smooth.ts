import type { Smoothing } from '../model/view.ts'

/*
 * Smoothing of one run's logged points, in row order, before any thinning. All kinds share three rules: the result has the length of the input; a
 * non-finite value stays where it is, as it is (a gap in the line); and it takes no part in any other point's value.
 */

/**
 * Smooths `values` (any unit); `times` (ms) are used by 'time-ema' only. Width 0 gives the values themselves (not a copy).
 */
export function smooth(values: Float64Array, times: Float64Array, smoothing: Smoothing): Float64Array {
  const s = smoothing.width * smoothing.factor
  if (!(s > 0) || values.length < 2) return values
  switch (smoothing.kind) {
    case 'mean':
      return mean(values, meanHalf(s))
    case 'median':
      return median(values, meanHalf(s))
    case 'gaussian':
      return gaussian(values, (s / 2) * Math.min(1, values.length / 200))
    case 'ema':
      return ema(values, s / (s + 1))
    case 'time-ema':
      return timeEma(values, times, s / (s + 1))
  }
}

/**
 * The smoothed values that are new or other than before, after values were appended to the first `known`: those from index `from` on. The ones before stay, bit
 * for bit, as `smooth` gives them. For the kinds in which each value goes into all that follow, or changes the scale of all, that is everything.
 */
export function smoothTail(
  values: Float64Array,
  times: Float64Array,
  smoothing: Smoothing,
  known: number,
): { from: number; values: Float64Array } {
  const s = smoothing.width * smoothing.factor
  const tail = (half: number, align: number, kernel: (part: Float64Array) => Float64Array): { from: number; values: Float64Array } => {
    // windows of values before this one held nothing but what was known
    const from = Math.max(0, known - half)
    const start = Math.floor(Math.max(0, from - half) / align) * align
    return { from, values: kernel(values.subarray(start)).subarray(from - start) }
  }
  const whole = (): { from: number; values: Float64Array } => ({ from: 0, values: smooth(values, times, smoothing) })
  if (!(s > 0) || known < 2) return whole()
  switch (smoothing.kind) {
    case 'mean': {
      const half = meanHalf(s)
      // sums are made of blocks, counted from the start
      return tail(half, 2 * half + 1, (part) => mean(part, half))
    }
    case 'median': {
      const half = meanHalf(s)
      return tail(half, 1, (part) => median(part, half))
    }
    case 'gaussian': {
      // of short series the width grows with the length
      if (known < 200) return whole()
      return tail(Math.floor((3 * s) / 2), 1, (part) => gaussian(part, s / 2))
    }
    case 'ema':
    case 'time-ema':
      return whole()
  }
}

/** Half window of trackio's moving mean for slider value s: floor(max(3, s) / 2); so 1, 2 and 3 are the same, and 10 averages 11 points. */
export function meanHalf(s: number): number {
  return Math.floor(Math.max(3, s) / 2)
}

/**
 * Centred moving mean: output i is the mean of the finite values among i−half … i+half, cut at the ends (trackio's `smoothData`, over the metric's own points).
 *
 * Sums come from block prefix and suffix sums (van Herk 1992, with + for max): a window of w points spans at most two
 * blocks of w, so nothing is ever subtracted. A running sum would keep the rounding error of every spike it ever held.
 */
export function mean(values: Float64Array, half: number): Float64Array {
  const n = values.length
  const w = 2 * half + 1
  const padded = n + 2 * half
  const prefix = new Float64Array(padded)
  let gaps = false
  for (let i = 0; i < n; i++) {
    const v = values[i] as number
    if (v - v === 0) prefix[i + half] = v
    else gaps = true
  }
  // suffix sums within blocks, from the right; then prefix sums in place, from the left
  const suffix = new Float64Array(padded)
  for (let i = padded - 1, sum = 0; i >= 0; i--) {
    if ((i + 1) % w === 0) sum = 0
    sum += prefix[i] as number
    suffix[i] = sum
  }
  for (let i = 0, sum = 0, at = 0; i < padded; i++, at++) {
    if (at === w) {
      sum = 0
      at = 0
    }
    sum += prefix[i] as number
    prefix[i] = sum
  }
  const out = new Float64Array(n)
  for (let i = 0, block = 0; i < n; i++) {
    // padded window i … i+w−1; where it is a whole block, its sum stands in the prefix alone
    const total = block === 0 ? (prefix[i + w - 1] as number) : (suffix[i] as number) + (prefix[i + w - 1] as number)
    out[i] = total / (Math.min(n - 1, i + half) - Math.max(0, i - half) + 1)
    if (++block === w) block = 0
  }
  if (gaps) spareGaps(values, out, half)
  return out
}

/** Corrects the means near non-finite values: those do not count, and stay as they are. */
function spareGaps(values: Float64Array, out: Float64Array, half: number): void {
  const n = values.length
  let inWindow = 0
  for (let i = 0; i < Math.min(half, n); i++) if (finite(values[i] as number)) inWindow++
  for (let i = 0; i < n; i++) {
    if (i + half < n && finite(values[i + half] as number)) inWindow++
    if (i - half - 1 >= 0 && finite(values[i - half - 1] as number)) inWindow--
    const v = values[i] as number
    if (!finite(v)) out[i] = v
    else {
      const whole = Math.min(n - 1, i + half) - Math.max(0, i - half) + 1
      if (inWindow !== whole) out[i] = ((out[i] as number) * whole) / inWindow
    }
  }
}

/** Median of the same window as `mean`; of an even number of values the mean of the middle two. */
export function median(values: Float64Array, half: number): Float64Array {
  const n = values.length
  const out = new Float64Array(n)
  const window = new Float64Array(2 * half + 2) // kept sorted; the next value comes in before the oldest leaves
  let size = 0
  for (let i = 0; i < Math.min(half, n); i++) insert(values[i] as number)
  for (let i = 0; i < n; i++) {
    if (i + half < n) insert(values[i + half] as number)
    if (i - half - 1 >= 0) remove(values[i - half - 1] as number)
    const v = values[i] as number
    out[i] = finite(v) ? (((window[(size - 1) >> 1] as number) + (window[size >> 1] as number)) as number) / 2 : v
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

/** Gaussian weights of standard deviation `sigma` points, cut at 3 sigma, renormalised at the ends and around gaps. */
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
 * Exponential moving average, debiased: a ← w·a + (1−w)·v, output a / (1 − wᵏ) at the k-th finite value. It is TensorBoard's
 * "classic" smoothing (tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts), which takes the same bias correction as Adam (Kingma & Ba 2015, §3).
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
 * The same with the weight of the past taken by time: w^(Δt / mean Δt), so that points logged close together count less
 * each. Where times are missing or do not advance, a step counts as the mean distance.
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

import { lowerBound } from './thin.ts'

/*
 * Runs seldom log at the same x. A run's line is what stands between its logged points, so at an x between two
 * of them it has the value on the straight line; before its first point and after its last it has none, and none
 * beside a value that is not finite.
 */

/** A line as a function of x: rising xs, none twice. */
export interface Curve {
  xs: Float64Array
  ys: Float64Array
}

/**
 * A line in row order as a function: sorted by x where it goes back, and of several values at one x the one that
 * was logged last. Points without a finite x have no place. Gives the same arrays where nothing is to be done.
 */
export function curveOf(xs: Float64Array, ys: Float64Array): Curve {
  let rising = xs.length === 0 || Number.isFinite(xs[0])
  for (let i = 1; rising && i < xs.length; i++) rising = xs[i]! > xs[i - 1]!
  if (rising && !(xs[xs.length - 1]! - xs[xs.length - 1]! !== 0)) return { xs, ys }
  const order = Uint32Array.from(xs.keys())
    .filter((i) => Number.isFinite(xs[i]))
    .sort((a, b) => xs[a]! - xs[b]! || a - b)
  const last = order.filter((i, k) => xs[order[k + 1] ?? -1] !== xs[i])
  return { xs: Float64Array.from(last, (i) => xs[i]!), ys: Float64Array.from(last, (i) => ys[i]!) }
}

/** All x in [min, max] that one of the curves has, and its neighbours outside: rising. */
export function unionOf(curves: readonly Curve[], min: number, max: number): Float64Array {
  let all: Float64Array | undefined
  // the longest first: others often begin as it does, and end sooner
  const parts = curves
    .map(({ xs }) => xs.subarray(Math.max(0, lowerBound(xs, min) - 1), lowerBound(xs, max, true) + 1))
    .sort((a, b) => b.length - a.length)
  for (const part of parts) all = all === undefined || all.length === 0 ? part : merged(all, part)
  return all ?? new Float64Array(0)
}

function merged(a: Float64Array, b: Float64Array): Float64Array {
  if (isWithin(b, a)) return a
  const out = new Float64Array(a.length + b.length)
  let [i, j, n] = [0, 0, 0]
  while (i < a.length || j < b.length) {
    const [p, q] = [a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY]
    out[n++] = p < q ? p : q
    if (p <= q) i++
    if (q <= p) j++
  }
  return out.subarray(0, n)
}

/** Every x of `b` is one of `a`. */
function isWithin(b: Float64Array, a: Float64Array): boolean {
  if (b.length === 0) return true
  let i = lowerBound(a, b[0]!)
  for (const x of b) {
    while (i < a.length && a[i]! < x) i++
    if (a[i] !== x) return false
  }
  return true
}

/** Some of many places, evenly spaced, the first and the last among them. */
export function spread(places: Float64Array, most: number): Float64Array {
  if (places.length <= most) return places
  const n = Math.max(2, Math.floor(most))
  const step = (places.length - 1) / (n - 1)
  return Float64Array.from({ length: n }, (_, i) => places[Math.round(i * step)]!)
}

/**
 * The first place of each of `width` pixel columns, and the last place of all: as many as can be told apart on
 * an axis from `min` to `max`.
 */
export function onePerColumn(
  places: Float64Array,
  { min, max, width, log }: { min: number; max: number; width: number; log: boolean },
): Float64Array {
  if (places.length <= width) return places
  const f = log ? Math.log10 : (x: number): number => x
  const scale = width / (f(max) - f(min) || 1)
  let before = Number.NEGATIVE_INFINITY
  return places.filter((x, i) => {
    const column = Math.floor((f(x) - f(min)) * scale)
    const first = column > before
    before = column
    return first || i === places.length - 1
  })
}

/** Reads curves at rising places: each call goes on from where the one before ended. */
export interface Reader {
  /** Values of all curves at x, in their order; NaN of those that have none there. */
  at(x: number, out: Float64Array): void
}

export function makeReader(curves: readonly Curve[], from: number): Reader {
  const next = Uint32Array.from(curves, ({ xs }) => lowerBound(xs, from))
  return {
    at(x, out) {
      for (let c = 0; c < curves.length; c++) {
        const { xs, ys } = curves[c]!
        let i = next[c]!
        while (i < xs.length && xs[i]! < x) i++
        next[c] = i
        out[c] =
          xs[i] === x ? finite(ys[i]!) : i > 0 && i < xs.length ? between(xs, ys, i - 1, x) : Number.NaN
      }
    },
  }
}

function between(xs: Float64Array, ys: Float64Array, i: number, x: number): number {
  const y = ys[i]! + (ys[i + 1]! - ys[i]!) * ((x - xs[i]!) / (xs[i + 1]! - xs[i]!))
  return finite(y)
}

function finite(y: number): number {
  return y - y === 0 ? y : Number.NaN
}

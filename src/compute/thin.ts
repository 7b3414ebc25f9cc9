/*
 * Thinning: of all points that fall into one pixel column the first, the last, the smallest and the largest
 * are kept, in their order. The drawn picture is then the picture of all points: each column reaches from its
 * true minimum to its true maximum, and neighbours are joined at their true ends (the M4 aggregation: Jugel,
 * Jerzak, Hackenbroich, Markl, VLDB 2014). A column with up to four points keeps them all.
 */

/** Points of many lines, appended one line after the other. */
export interface PointSink {
  xs: Float64Array
  ys: Float64Array
  length: number
}

export function makeSink(capacity = 4096): PointSink {
  return { xs: new Float64Array(capacity), ys: new Float64Array(capacity), length: 0 }
}

/**
 * The visible range as pixel columns: `min`, `max` in x units, `log` for a log10 axis (values ≤ 0 lie left of
 * it).
 */
export interface Columns {
  min: number
  max: number
  width: number
  log: boolean
}

export interface Thinned {
  /** Finite points in the visible range, and how many of them went to the sink. */
  rows: number
  drawn: number
  /** Smallest and largest finite y in the visible range; Infinity and −Infinity when there is none. */
  low: number
  high: number
  nonFinite: number
}

/**
 * Appends one line to the sink. Points are in row order; [from, to) is the range to look at. One point on
 * each side of the visible range is kept, so that the line leaves the picture in the right direction. A NaN
 * in the sink's ys breaks the line: at non-finite values (reported to `onGap` with the index of each
 * stretch's first), and where x goes back (a resumed run logs old steps again: two strokes, not a zigzag).
 * With `positiveOnly`, values ≤ 0 have no place on the y axis: they break the line and are reported to
 * `onNonPositive`.
 */
export function thinLine(
  sink: PointSink,
  xs: Float64Array,
  ys: Float64Array,
  from: number,
  to: number,
  columns: Columns,
  positiveOnly: boolean,
  onGap: (index: number) => void,
  onNonPositive: (index: number) => void,
): Thinned {
  const start = sink.length
  const out: Thinned = {
    rows: 0,
    drawn: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    nonFinite: 0,
  }
  const { min, max, width, log } = columns
  const base = log ? Math.log10(min) : min
  const span = (log ? Math.log10(max) : max) - base || 1
  const scale = width / span
  // a row adds at most itself and a break; two more for the neighbours outside
  reserve(sink, 2 * (to - from) + 4)
  const { xs: outX, ys: outY } = sink
  let n = start
  let previousX = Number.NEGATIVE_INFINITY
  let inGap = false
  let outside = -1 // nearest point left of the range, drawn once the line enters
  let i = from
  while (i < to) {
    const x = xs[i] as number
    const y = ys[i] as number
    if (x - x !== 0 || (log && x <= 0)) {
      i++ // no place on the x axis
      continue
    }
    if (x < previousX) {
      if (outside >= 0) n = put(outX, outY, n, xs, ys, outside)
      outside = -1
      n = breakAt(outX, outY, start, n)
    }
    previousX = x
    if (y - y !== 0 || (positiveOnly && y <= 0)) {
      outside = -1
      n = breakAt(outX, outY, start, n)
      if (x >= min && x <= max) {
        if (y - y !== 0) {
          out.nonFinite++
          if (!inGap) onGap(i)
        } else {
          out.rows++
          onNonPositive(i)
        }
      }
      inGap = y - y !== 0
      i++
      continue
    }
    inGap = false
    if (x < min) {
      outside = i++
      continue
    }
    if (x > max) {
      if (outside >= 0 || (n > start && !Number.isNaN(outY[n - 1]))) {
        if (outside >= 0) n = put(outX, outY, n, xs, ys, outside)
        outside = -1
        n = breakAt(outX, outY, start, put(outX, outY, n, xs, ys, i))
      }
      // with x rising nothing more of this stroke is in view; a later stroke may be, so the loop goes on
      i++
      continue
    }
    if (outside >= 0) n = put(outX, outY, n, xs, ys, outside)
    outside = -1
    // a pixel column: everything up to its right edge, as long as the line goes on
    let column = Math.floor(((log ? Math.log10(x) : x) - base) * scale) + 1
    let edge = rightEdge(columns, column, base, scale)
    // rounding may put the edge on the point itself: then a thousand rows at this x would be a thousand
    // columns
    if (edge <= x) edge = rightEdge(columns, ++column, base, scale)
    let low = i
    let high = i
    let least = y
    let most = y
    let last = i
    let j = i + 1
    for (; j < to; j++) {
      const nextX = xs[j] as number
      const nextY = ys[j] as number
      if (!(nextX >= previousX && (nextX < edge || (nextX === max && column >= width)))) break
      if (nextY < least) {
        if (nextY === Number.NEGATIVE_INFINITY || (positiveOnly && nextY <= 0)) break
        least = nextY
        low = j
      } else if (nextY > most) {
        if (nextY === Number.POSITIVE_INFINITY) break
        most = nextY
        high = j
      } else if (nextY !== nextY) break
      previousX = nextX
      last = j
    }
    out.rows += j - i
    if (least < out.low) out.low = least
    if (most > out.high) out.high = most
    const before = n
    n = put(outX, outY, n, xs, ys, i)
    if (j - i <= 4) for (let k = i + 1; k < j; k++) n = put(outX, outY, n, xs, ys, k)
    else {
      const a = low < high ? low : high
      const b = low < high ? high : low
      if (a > i) n = put(outX, outY, n, xs, ys, a)
      if (b > a && b > i) n = put(outX, outY, n, xs, ys, b)
      if (last > b) n = put(outX, outY, n, xs, ys, last)
    }
    out.drawn += n - before
    i = j
  }
  while (n > start && Number.isNaN(outY[n - 1])) n--
  sink.length = n
  return out
}

/** Appends a line that was thinned before. */
export function append(sink: PointSink, xs: Float64Array, ys: Float64Array): void {
  reserve(sink, xs.length)
  sink.xs.set(xs, sink.length)
  sink.ys.set(ys, sink.length)
  sink.length += xs.length
}

/** What comes next in the sink begins a stroke of its own. */
export function breakLine(sink: PointSink): void {
  reserve(sink, 1)
  sink.length = breakAt(sink.xs, sink.ys, 0, sink.length)
}

function rightEdge({ max, width, log }: Columns, column: number, base: number, scale: number): number {
  if (column >= width) return max
  return log ? 10 ** (base + column / scale) : base + column / scale
}

function put(
  outX: Float64Array,
  outY: Float64Array,
  n: number,
  xs: Float64Array,
  ys: Float64Array,
  i: number,
): number {
  outX[n] = xs[i] as number
  outY[n] = ys[i] as number
  return n + 1
}

function breakAt(outX: Float64Array, outY: Float64Array, start: number, n: number): number {
  if (n === start || Number.isNaN(outY[n - 1])) return n
  outX[n] = outX[n - 1] as number
  outY[n] = Number.NaN
  return n + 1
}

function reserve(sink: PointSink, more: number): void {
  if (sink.length + more <= sink.xs.length) return
  const capacity = Math.max(sink.xs.length * 2, sink.length + more)
  const xs = new Float64Array(capacity)
  const ys = new Float64Array(capacity)
  xs.set(sink.xs.subarray(0, sink.length))
  ys.set(sink.ys.subarray(0, sink.length))
  sink.xs = xs
  sink.ys = ys
}

/** First index whose x is ≥ `value` (or > it, with `after`) in rising xs. */
export function lowerBound(xs: ArrayLike<number>, value: number, after = false): number {
  let low = 0
  let high = xs.length
  while (low < high) {
    const middle = (low + high) >> 1
    const x = xs[middle] as number
    if (after ? x <= value : x < value) low = middle + 1
    else high = middle
  }
  return low
}

/*
 * Thinning: of all points that fall into one pixel column the first, the last, the smallest and the largest are kept, in
 * their order. The drawn picture is then the picture of all points: each column reaches from its true minimum to its true
 * maximum, and neighbours are joined at their true ends (the M4 aggregation: Jugel, Jerzak, Hackenbroich, Markl, VLDB 2014).
 * A column with up to four points keeps them all.
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

/** The visible range as pixel columns: `min`, `max` in x units, `log` for a log10 axis (values ≤ 0 lie left of it). */
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
 * Appends one line to the sink. Points are in row order; [from, to) is the range to look at. One point on each side of the visible range is
 * kept, so that the line leaves the picture in the right direction. A NaN in the sink's ys breaks the line: at non-finite
 * values (reported to `onGap` with the index of each stretch's first), and where x goes back (a resumed run logs old
 * steps again: two strokes, not a zigzag). With `positiveOnly`, values ≤ 0 have no place on the y axis: they break the line
 * and are reported to `onNonPositive`.
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
  const out: Thinned = { rows: 0, drawn: 0, low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, nonFinite: 0 }
  const { min, max, log } = columns
  const base = log ? Math.log10(min) : min
  const scale = columns.width / ((log ? Math.log10(max) : max) - base || 1)
  let column = Number.NaN
  let first = -1
  let low = -1
  let high = -1
  let last = -1
  let previousX = Number.NEGATIVE_INFINITY
  let inGap = false
  let outside = -1 // nearest point left of the range, drawn once the line enters
  for (let i = from; i < to; i++) {
    const x = xs[i] as number
    const y = ys[i] as number
    if (x - x !== 0 || (log && x <= 0)) continue // no place on the x axis
    if (x < previousX) {
      flush()
      leave(outside)
      outside = -1
      breakLine()
    }
    previousX = x
    if (y - y !== 0 || (positiveOnly && y <= 0)) {
      flush()
      if (outside >= 0) outside = -1
      breakLine()
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
      continue
    }
    inGap = false
    if (x < min) {
      flush()
      outside = i
      continue
    }
    if (x > max) {
      flush()
      if (outside >= 0 || (sink.length > start && !Number.isNaN(sink.ys[sink.length - 1]))) {
        leave(outside)
        outside = -1
        emit(i)
        breakLine()
      }
      // with x rising nothing more of this stroke is in view; a later stroke may be, so the loop goes on
      continue
    }
    leave(outside)
    outside = -1
    out.rows++
    const at = Math.floor(((log ? Math.log10(x) : x) - base) * scale)
    if (at !== column || first < 0) {
      flush()
      column = at
      first = low = high = last = i
    } else {
      last = i
      if (y < (ys[low] as number)) low = i
      if (y > (ys[high] as number)) high = i
    }
  }
  flush()
  while (sink.length > start && Number.isNaN(sink.ys[sink.length - 1])) sink.length--
  return out

  function flush(): void {
    if (first < 0) return
    const a = low < high ? low : high
    const b = low < high ? high : low
    put(first)
    if (a > first) put(a)
    if (b > a && b > first) put(b)
    if (last > b && last > first) put(last)
    if ((ys[low] as number) < out.low) out.low = ys[low] as number
    if ((ys[high] as number) > out.high) out.high = ys[high] as number
    first = -1
  }
  function put(i: number): void {
    out.drawn++
    emit(i)
  }
  function emit(i: number): void {
    if (sink.length === sink.xs.length) growSink(sink)
    sink.xs[sink.length] = xs[i] as number
    sink.ys[sink.length++] = ys[i] as number
  }
  function leave(i: number): void {
    if (i >= 0) emit(i)
  }
  function breakLine(): void {
    if (sink.length === start || Number.isNaN(sink.ys[sink.length - 1])) return
    if (sink.length === sink.xs.length) growSink(sink)
    sink.xs[sink.length] = sink.xs[sink.length - 1] as number
    sink.ys[sink.length++] = Number.NaN
  }
}

function growSink(sink: PointSink): void {
  const xs = new Float64Array(sink.xs.length * 2)
  const ys = new Float64Array(sink.xs.length * 2)
  xs.set(sink.xs)
  ys.set(sink.ys)
  sink.xs = xs
  sink.ys = ys
}

/** First index whose x is ≥ `value` (or > it, with `after`) in rising xs. */
export function lowerBound(xs: Float64Array, value: number, after = false): number {
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

import { extentOf, yLimits } from '../../compute/domain.ts'
import type { Extremes } from '../../compute/envelope.ts'
import { type Direction, directionOf } from '../../compute/metric-words.ts'
import type { Columns } from '../../compute/thin.ts'
import type { Area, Frame, FrameQuery, LineEnd, Lines, Marks } from '../../model/view.ts'
import { type Line, type Piece, rangeOf, thinAll } from '../projects/downsample-cache.ts'
import type { Project } from '../projects/project.ts'
import { areaOf, type Counted, countedOf } from './area.ts'
import { frameVersionOf } from './frame-version.ts'
import { sameValues, smoothedOf, type TreatedLine, treatmentOf, windowOf } from './smoothed.ts'
import { type Carried, carriedOf, isRising, xOf, xVersionOf } from './x-values.ts'

/** Under this many points of a line there is no telling which are far out: a robust axis holds them all. */
const FEW_POINTS = 20

/** A line as it is collected. */
type Collected = TreatedLine & Carried

/** Answers a chart's question from the rows read so far. */
export function frameOf(project: Project, query: FrameQuery): Frame {
  const lines = collect(project, query)
  const xFull = xExtent(lines, query.xScale === 'log')
  const x = visibleRange(query, xFull)
  const columns: Columns = {
    min: x[0],
    max: x[1],
    width: Math.max(1, query.width),
    log: query.xScale === 'log',
  }
  const logY = query.yScale === 'log'
  const smoothing = JSON.stringify(query.smoothing)
  const smoothed = lines.some((line) => line.drawn !== line.values)
  const main = thinAll(lines, 'drawn', smoothing, columns, logY)
  const raw =
    smoothed && query.raw && !query.area ? thinAll(lines, 'values', smoothing, columns, logY) : undefined
  const wide = query.area ? areaOf(project, query, lines, columns, logY) : undefined
  // what is counted is what was logged; where it is neither drawn nor in an area, the smoothed values stand
  // for it
  const counted = lines.map((line, i): Counted => {
    const own = line.drawn === line.values ? main.pieces[i] : raw?.pieces[i]
    return own ?? (wide ? countedOf(line, wide.extremes[i] as Extremes) : (main.pieces[i] as Piece))
  })
  // of its own: arrays of a frame are moved to the page
  const area = smoothed && wide ? copyOf(wide.area) : undefined
  const direction = directionOf(query.metric)
  const ends = lines.map((line, i) => endOf(line, counted[i] as Counted, x, wide?.extremes[i], direction))
  // what led to a NaN says nothing of where lines mostly are, unless all of them do
  const sound = ends.some(({ ending }) => ending - ending === 0)
    ? (line: number) => Number.isFinite(ends[line]?.ending)
    : undefined
  const y = yLimits(
    {
      all: extentIn([...main.pieces, ...(raw?.pieces ?? [])], main.lines, area, logY),
      usual: () => usualIn(usualPart(x, columns.log), [main.lines, ...(raw ? [raw.lines] : [])], sound),
      hold: ends.flatMap((end) => heldOf(end, direction)),
      short: ends.every(({ rowsInView }) => rowsInView < FEW_POINTS),
    },
    query.range,
    query.yScale,
  )
  const [above, below] = outsideOf(
    lines.filter((_, i) => (counted[i] as Counted).low < y[0] || (counted[i] as Counted).high > y[1]),
    x,
    y,
    logY,
  )
  const sum = (of: (one: Counted) => number): number => counted.reduce((total, one) => total + of(one), 0)
  return {
    version: frameVersionOf(project, query),
    x,
    y,
    xFull,
    main: main.lines,
    raw: raw?.lines ?? { xs: new Float64Array(0), ys: new Float64Array(0), starts: new Uint32Array(1) },
    ...(area && { area }),
    treatment: treatmentOf(lines, ends),
    best: direction,
    ends,
    marks: marksOf(lines, (i) => raw?.pieces[i] ?? (main.pieces[i] as Piece)),
    above,
    below,
    nonPositive: sum(({ nonPositive }) => nonPositive),
    nonFinite: sum(({ nonFinite }) => nonFinite),
    decades: Math.max(
      0,
      ...ends.map(({ least, greatest }) => (least > 0 ? Math.log10(greatest / least) : 0)),
    ),
    carried: lines.reduce((total, { carried }) => total + carried, 0),
    leftOut: lines.reduce((total, { leftOut }) => total + leftOut, 0),
    single: lines.length > 0 && lines.every((line) => line.values.length < 2),
    fidelity: {
      rows: sum(({ rows, nonFinite }) => rows + nonFinite),
      drawn: main.pieces.reduce((total, piece) => total + (piece as Piece).drawn, 0),
      kind: project.exact() ? 'exact' : 'preview',
    },
  }
}

function collect(project: Project, query: FrameQuery): Collected[] {
  const lines: Collected[] = []
  query.runs.forEach((key, run) => {
    const found = project.run(key)
    const series = found && project.series(found, query.metric)
    if (!series || series.values.length === 0) return
    const xs = xOf(project, key, series, query.metric, query.x)
    const drawn = smoothedOf(series, query.smoothing)
    const same = drawn === series.values || sameValues(drawn, series.values)
    const line = {
      run,
      identity: series.identity,
      version: `${series.version} ${xVersionOf(project, found, query.x)}`,
      xs,
      values: series.values,
      drawn: same ? series.values : drawn,
      monotone: isRising(series, query.x, xs),
      window: same ? undefined : windowOf(series, query.smoothing),
      ...carriedOf(xs),
    }
    lines.push(query.x.kind === 'metric' && !line.monotone ? byX(line) : line)
  })
  return lines
}

/** Points in the order of a metric that serves as x; ties keep their row order. */
function byX(line: Collected): Collected {
  const order = Uint32Array.from(line.xs, (_, i) => i)
    .filter((i) => Number.isFinite(line.xs[i]))
    .sort((a, b) => (line.xs[a] as number) - (line.xs[b] as number) || a - b)
  const take = (from: Float64Array): Float64Array => Float64Array.from(order, (i) => from[i] as number)
  const values = take(line.values)
  const drawn = line.drawn === line.values ? values : take(line.drawn)
  return { ...line, xs: take(line.xs), values, drawn, monotone: true }
}

function copyOf({ xs, low, high }: Area): Area {
  return { xs: xs.slice(), low: low.slice(), high: high.slice() }
}

/** The last 80 % of the axis: what comes before is the start, and steep. */
function usualPart([min, max]: [number, number], log: boolean): [number, number] {
  if (!log) return [min + 0.2 * (max - min), max]
  return [10 ** (Math.log10(min) + 0.2 * (Math.log10(max) - Math.log10(min))), max]
}

/**
 * Least and greatest value of what is drawn. Where no point is in view, lines just cross it, and their ends
 * count.
 */
function extentIn(
  pieces: readonly (Piece | undefined)[],
  lines: Lines,
  area: Area | undefined,
  logY: boolean,
): [number, number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const look = (low: number, high: number): void => {
    if (low < least) least = low
    if (high > greatest) greatest = high
  }
  for (const piece of pieces) if (piece) look(piece.low, piece.high)
  if (least > greatest) return extentOf(lines.ys.filter((y) => y - y === 0 && !(logY && y <= 0)))
  if (area) look(...extentOf(area.low))
  if (area) look(...extentOf(area.high))
  return [least, greatest]
}

/** Values from which quantiles look the same on an axis as those of all. */
const ENOUGH = 1 << 15

/**
 * Finite values of an x range, of all lines or some; of more than 65,536 drawn ones some, evenly spaced.
 * Where none is in it, the lines just cross it, and their ends count.
 */
function usualIn(
  [min, max]: [number, number],
  parts: Lines[],
  counts?: (line: number) => boolean,
): Float64Array {
  const size = parts.reduce((sum, { ys }) => sum + ys.length, 0)
  const lines = parts.reduce((sum, { starts }) => sum + starts.length, 0)
  // odd, as thinned columns have up to four points each: every fourth might always be the greatest
  const step = size > 2 * ENOUGH ? Math.floor(size / ENOUGH) | 1 : 1
  const values = new Float64Array(Math.ceil(size / step) + lines)
  let n = 0
  let i = 0
  for (const { xs, ys, starts } of parts) {
    for (let line = 0; line + 1 < starts.length; line++) {
      const end = starts[line + 1] as number
      if (counts && !counts(line)) {
        i = end
        continue
      }
      for (; i < end; i += step) {
        const [x, y] = [xs[i] as number, ys[i] as number]
        if (x >= min && x <= max && y - y === 0) values[n++] = y
      }
    }
    i -= ys.length
  }
  return n === 0 ? (parts[0] as Lines).ys : values.subarray(0, n)
}

/** Logged points in view above and below the limits. */
function outsideOf(
  lines: readonly Line[],
  x: [number, number],
  y: [number, number],
  logY: boolean,
): [number, number] {
  let above = 0
  let below = 0
  for (const line of lines) {
    const { xs, values } = line
    const [from, to] = rangeOf(line, x)
    for (let j = from; j < to; j++) {
      const v = values[j] as number
      if (!(v > y[1] || v < y[0]) || v - v !== 0) continue
      if (!((xs[j] as number) >= x[0] && (xs[j] as number) <= x[1])) continue
      if (v > y[1]) above++
      else if (!(logY && v <= 0)) below++
    }
  }
  return [above, below]
}

function endOf(
  line: Line,
  { rows, low, high }: Counted,
  view: [number, number],
  extremes: Extremes | undefined,
  direction: Direction,
): LineEnd {
  const { run, xs, values, drawn } = line
  let last = xs.length - 1
  while (last > 0 && !Number.isFinite(xs[last])) last--
  const { seen, ending } = lastIn(line, view)
  const best = direction === undefined ? undefined : direction === 'min' ? extremes?.lowAt : extremes?.highAt
  return {
    run,
    x: xs[last] ?? Number.NaN,
    drawn: drawn[last] ?? Number.NaN,
    logged: values[last] ?? Number.NaN,
    rows: values.length,
    rowsInView: rows,
    ending,
    seen: values[seen] ?? Number.NaN,
    seenX: xs[seen] ?? Number.NaN,
    seenDrawn: drawn[seen] ?? Number.NaN,
    least: low <= high ? low : Number.NaN,
    greatest: low <= high ? high : Number.NaN,
    bestX: xs[best ?? -1] ?? Number.NaN,
  }
}

/** The last value in view, and where the last finite one stands (−1: nowhere). */
function lastIn(line: Line, [min, max]: [number, number]): { seen: number; ending: number } {
  const [from, to] = rangeOf(line, [min, max])
  let last = -1
  for (let i = to - 1; i >= from; i--) {
    const [x, v] = [line.xs[i] as number, line.values[i] as number]
    if (!(x >= min && x <= max)) continue
    if (last < 0) last = i
    if (v - v === 0) return { seen: i, ending: line.values[last] as number }
  }
  return { seen: -1, ending: line.values[last] ?? Number.NaN }
}

/**
 * What a robust axis holds of a line: its last and its best value, and all of a line too short to tell what
 * is far out.
 */
function heldOf({ ending, seen, least, greatest, rowsInView }: LineEnd, direction: Direction): number[] {
  const best = direction === 'min' ? least : direction === 'max' ? greatest : Number.NaN
  // what led to a NaN is no result: it may leave at the edge, with its mark and a count
  if (ending - ending !== 0) return [best]
  return rowsInView < FEW_POINTS ? [least, greatest] : [seen, best]
}

function marksOf(lines: readonly Line[], pieceOf: (line: number) => Piece): Marks {
  const run: number[] = []
  const xs: number[] = []
  const kinds: number[] = []
  lines.forEach((line, i) => {
    const { x, kind } = pieceOf(i).marks
    x.forEach((at, k) => {
      run.push(line.run)
      xs.push(at)
      kinds.push(kind[k] as number)
    })
  })
  return { run: Uint32Array.from(run), x: Float64Array.from(xs), kind: Uint8Array.from(kinds) }
}

function xExtent(lines: Line[], log: boolean): [number, number] {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  const look = (x: number): void => {
    if (x - x !== 0 || (log && x <= 0)) return
    if (x < min) min = x
    if (x > max) max = x
  }
  for (const { xs, monotone } of lines) {
    if (monotone && !log) {
      look(xs[0] as number)
      look(xs[xs.length - 1] as number)
    } else for (const x of xs) look(x)
  }
  if (min > max) return log ? [1, 10] : [0, 1]
  if (min === max) return log ? [min / 2, max * 2] : [min - 0.5, max + 0.5]
  return [min, max]
}

function visibleRange(query: FrameQuery, full: [number, number]): [number, number] {
  const min = query.zoom?.min ?? full[0]
  const max = query.zoom?.max ?? full[1]
  if (query.xScale === 'log' && min <= 0) return max > full[0] ? [full[0], max] : full
  if (min < max) return [min, max]
  // open at one end and beyond all points: as long as they reach, so that it shows what it is, a range
  // without any
  const reach = full[1] > full[0] ? full[1] - full[0] : 1
  if (query.zoom?.max === undefined && query.zoom?.min !== undefined) return [min, min + reach]
  if (query.zoom?.min === undefined && query.zoom?.max !== undefined)
    return [query.xScale === 'log' ? max / 10 : max - reach, max]
  return full
}

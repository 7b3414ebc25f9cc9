import {
  append,
  breakLine,
  type Columns,
  lowerBound,
  makeSink,
  type Thinned,
  thinLine,
} from '../../compute/thin.ts'
import type { Lines } from '../../model/view.ts'
import { makeSeriesCache } from './series-cache.ts'

/** x and y of one run, ready to be thinned. */
export interface Line {
  run: number
  xs: Float64Array
  /** As logged, and as drawn: the same array where nothing is smoothed. */
  values: Float64Array
  drawn: Float64Array
  monotone: boolean
  /** Points that no line leads to from the one before. */
  gaps?: Uint32Array | undefined
  /** Changes whenever xs or values hold something else. */
  version: string
  /** Stays the same object for a run and metric. */
  identity: object
}

/** What was seen of a line in view. */
export interface Piece {
  /** Finite rows in view, and how many of them were kept. */
  rows: number
  drawn: number
  nonFinite: number
  nonPositive: number
  /** Least and greatest value in view. */
  low: number
  high: number
  marks: { x: number[]; kind: number[] }
}

interface Kept extends Piece {
  key: string
  xs: Float64Array
  ys: Float64Array
}

/** Where a frame's points are put before they are copied out; between frames it means nothing. */
const sink = makeSink(1 << 16)

/*
 * A run that goes on logging changes its own line, and the smoothing slider moves the drawn lines and not the
 * logged ones behind them: lines that are as they were are not thinned again. The last ones of each run and
 * metric are kept, 64 MB in all. Of shorter lines, keeping costs more than thinning.
 */
const KEEP_FROM = 2000
const kept = makeSeriesCache<Kept>(64 << 20, ({ xs, ys }) => xs.byteLength + ys.byteLength)

export interface ThinnedLines {
  lines: Lines
  pieces: (Piece | undefined)[]
}

/**
 * Lines after thinning, and what was seen of each. `which`: the drawn values or the logged ones; of a line
 * that is drawn as logged the logged ones are left out, as the drawn ones stand for them. `smoothing` tells
 * apart what the drawn values may come from.
 */
export function thinAll(
  lines: readonly Line[],
  which: 'drawn' | 'values',
  smoothing: string,
  columns: Columns,
  logY: boolean,
): ThinnedLines {
  sink.length = 0
  const starts = new Uint32Array(lines.length + 1)
  const { min, max, width, log } = columns
  const view = `${min} ${max} ${log} ${logY}`
  const pieces = lines.map((line, l) => {
    const smoothed = line.drawn !== line.values
    const twin = which === 'values' && !smoothed
    const drawn = smoothed && which === 'drawn'
    const slot = `${drawn ? 'drawn' : 'logged'} ${width}`
    const piece = twin
      ? undefined
      : pieceOf(line, which, slot, `${line.version} ${view} ${drawn ? smoothing : ''}`, columns, logY)
    starts[l + 1] = sink.length
    return piece
  })
  return { lines: { xs: sink.xs.slice(0, sink.length), ys: sink.ys.slice(0, sink.length), starts }, pieces }
}

/** Appends a line to the sink: thinned now, or as it was. */
function pieceOf(
  line: Line,
  which: 'drawn' | 'values',
  slot: string,
  key: string,
  columns: Columns,
  logY: boolean,
): Piece {
  if (line.xs.length < KEEP_FROM) return thinOne(line, line[which], columns, logY)
  const found = kept.get(line.identity, slot)
  if (found?.key === key) {
    append(sink, found.xs, found.ys)
    return found
  }
  const from = sink.length
  const piece = thinOne(line, line[which], columns, logY)
  const [xs, ys] = [sink.xs.slice(from, sink.length), sink.ys.slice(from, sink.length)]
  kept.put(line.identity, slot, { ...piece, key, xs, ys })
  return piece
}

/**
 * Where points of an x range are; with one beyond each end, so that the line leaves the picture in the right
 * direction.
 */
export function rangeOf({ xs, monotone }: Line, [min, max]: [number, number]): [number, number] {
  return monotone
    ? [Math.max(0, lowerBound(xs, min) - 1), Math.min(xs.length, lowerBound(xs, max, true) + 1)]
    : [0, xs.length]
}

function thinOne(line: Line, values: Float64Array, columns: Columns, logY: boolean): Piece {
  const { xs } = line
  const [from, to] = rangeOf(line, [columns.min, columns.max])
  const marks = { x: [] as number[], kind: [] as number[] }
  const columnAt = columnOf(columns)
  let nonPositive = 0
  let lastMark = -1
  const mark = (i: number, kind: number): void => {
    marks.x.push(xs[i] as number)
    marks.kind.push(kind)
  }
  const onGap = (i: number): void => {
    const value = values[i] as number
    mark(i, value !== value ? 0 : value > 0 ? 1 : 2)
  }
  const onNonPositive = (i: number): void => {
    nonPositive++
    const at = columnAt(xs[i] as number)
    if (at !== lastMark) mark(i, 3) // one open dot a pixel column
    lastMark = at
  }
  const one = (a: number, b: number): Thinned =>
    thinLine(sink, xs, values, a, b, columns, logY, onGap, onNonPositive)
  const all = line.gaps?.length ? inStrokes(line.gaps, from, to, one) : one(from, to)
  return { ...all, nonPositive, marks }
}

/** A line as strokes between its gaps, each thinned by itself. */
function inStrokes(
  gaps: Uint32Array,
  from: number,
  to: number,
  one: (from: number, to: number) => Thinned,
): Thinned {
  const sum: Thinned = {
    rows: 0,
    drawn: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    nonFinite: 0,
  }
  const start = sink.length
  let at = from
  for (const gap of [...gaps.filter((gap) => gap > from && gap < to), to]) {
    if (sink.length > start) breakLine(sink)
    const part = one(at, gap)
    sum.rows += part.rows
    sum.drawn += part.drawn
    sum.nonFinite += part.nonFinite
    sum.low = Math.min(sum.low, part.low)
    sum.high = Math.max(sum.high, part.high)
    at = gap
  }
  while (sink.length > start && Number.isNaN(sink.ys[sink.length - 1])) sink.length--
  return sum
}

function columnOf({ min, max, width, log }: Columns): (x: number) => number {
  const f = log ? Math.log10 : (x: number): number => x
  const scale = width / (f(max) - f(min) || 1)
  return (x) => Math.floor((f(x) - f(min)) * scale)
}

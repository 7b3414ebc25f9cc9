import { append, type Columns, lowerBound, makeSink, thinLine } from '../compute/thin.ts'
import type { Lines, Marks } from '../model/view.ts'

/** x and y of one run, ready to be thinned. */
export interface Line {
  run: number
  xs: Float64Array
  /** As logged, and as drawn: the same array where nothing is smoothed. */
  values: Float64Array
  drawn: Float64Array
  monotone: boolean
  /** Changes whenever xs or values hold something else. */
  version: string
  /** Stays the same object for a run and metric. */
  identity: object
}

/** Lines after thinning, with what was seen on the way; `lines.starts` has one entry a line. */
export interface Part {
  lines: Lines
  /** Of each line: finite rows in view, and where its points were looked for. */
  rows: Uint32Array
  ranges: [number, number][]
  drawn: number
  nonFinite: number
  nonPositive: number
  low: number
  high: number
  marks: Marks
}

/** A line after thinning; its points are in the sink, or kept. */
interface Piece {
  rows: number
  range: [number, number]
  drawn: number
  nonFinite: number
  nonPositive: number
  low: number
  high: number
  marks: { x: number[]; kind: number[] }
}

interface Kept extends Piece {
  key: string
  xs: Float64Array
  ys: Float64Array
}

const sink = makeSink(1 << 16)

/*
 * A run that goes on logging changes its own line, and the smoothing slider moves the drawn lines and not the logged ones behind them: lines that are as they
 * were are not thinned again. The last ones of each run and metric are kept, 64 MB in all, oldest out. Of shorter lines, keeping costs more than thinning.
 */
const kept = new Map<object, Map<string, Kept>>()
const KEEP_FROM = 2000
const KEPT_BYTES = 64 << 20
let bytes = 0

/** `which`: the drawn values or the logged ones; `smoothing` tells apart what they may be drawn from. */
export function thinAll(lines: readonly Line[], which: 'drawn' | 'values', smoothing: string, columns: Columns, logY: boolean): Part {
  sink.length = 0
  const starts = new Uint32Array(lines.length + 1)
  const rows = new Uint32Array(lines.length)
  const ranges: [number, number][] = []
  const marks = { run: [] as number[], x: [] as number[], kind: [] as number[] }
  const part = { drawn: 0, nonFinite: 0, nonPositive: 0, low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }
  const { min, max, width, log } = columns
  const view = `${min} ${max} ${log} ${logY}`
  lines.forEach((line, l) => {
    const smoothed = line[which] !== line.values
    const slot = `${smoothed ? 'drawn' : 'logged'} ${width}`
    const piece = pieceOf(line, which, slot, `${line.version} ${view} ${smoothed ? smoothing : ''}`, columns, logY)
    starts[l + 1] = sink.length
    rows[l] = piece.rows
    ranges.push(piece.range)
    part.drawn += piece.drawn
    part.nonFinite += piece.nonFinite
    part.nonPositive += piece.nonPositive
    part.low = Math.min(part.low, piece.low)
    part.high = Math.max(part.high, piece.high)
    for (const [i, x] of piece.marks.x.entries()) {
      marks.run.push(line.run)
      marks.x.push(x)
      marks.kind.push(piece.marks.kind[i] as number)
    }
  })
  return {
    ...part,
    lines: { xs: sink.xs.slice(0, sink.length), ys: sink.ys.slice(0, sink.length), starts },
    rows,
    ranges,
    marks: { run: Uint32Array.from(marks.run), x: Float64Array.from(marks.x), kind: Uint8Array.from(marks.kind) },
  }
}

/** Forgets what was kept of closed data. */
export function forgetThinned(): void {
  kept.clear()
  bytes = 0
}

/** Appends a line to the sink: thinned now, or as it was. */
function pieceOf(line: Line, which: 'drawn' | 'values', slot: string, key: string, columns: Columns, logY: boolean): Piece {
  if (line.xs.length < KEEP_FROM) return thinOne(line, line[which], columns, logY)
  const slots = kept.get(line.identity) ?? new Map<string, Kept>()
  const found = slots.get(slot)
  kept.delete(line.identity) // to the young end
  kept.set(line.identity, slots)
  if (found?.key === key) {
    append(sink, found.xs, found.ys)
    return found
  }
  const from = sink.length
  const piece = thinOne(line, line[which], columns, logY)
  const fresh = { ...piece, key, xs: sink.xs.slice(from, sink.length), ys: sink.ys.slice(from, sink.length) }
  slots.set(slot, fresh)
  bytes += bytesOf(fresh) - (found ? bytesOf(found) : 0)
  for (const [identity, old] of kept) {
    if (bytes <= KEPT_BYTES || identity === line.identity) break
    for (const one of old.values()) bytes -= bytesOf(one)
    kept.delete(identity)
  }
  return piece
}

function bytesOf({ xs, ys }: Kept): number {
  return xs.byteLength + ys.byteLength
}

function thinOne({ xs, monotone }: Line, values: Float64Array, columns: Columns, logY: boolean): Piece {
  // one point beyond each end, so that the line leaves the picture in the right direction
  const from = monotone ? Math.max(0, lowerBound(xs, columns.min) - 1) : 0
  const to = monotone ? Math.min(xs.length, lowerBound(xs, columns.max, true) + 1) : xs.length
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
  const { rows, drawn, nonFinite, low, high } = thinLine(sink, xs, values, from, to, columns, logY, onGap, onNonPositive)
  return { rows, range: [from, to], drawn, nonFinite, nonPositive, low, high, marks }
}

function columnOf({ min, max, width, log }: Columns): (x: number) => number {
  const f = log ? Math.log10 : (x: number): number => x
  const scale = width / (f(max) - f(min) || 1)
  return (x) => Math.floor((f(x) - f(min)) * scale)
}

import type { Extremes } from '../../compute/envelope.ts'
import { type Direction, directionOf } from '../../compute/metric-words.ts'
import { metricsOf } from '../../model/line-key.ts'
import type { Area, Frame, FrameQuery, LineEnd, Marks } from '../../model/view.ts'
import { type Line, type Piece, rangeOf, thinAll } from '../projects/downsample-cache.ts'
import type { Project } from '../projects/project.ts'
import { areaOf, type Counted, countedOf } from './area.ts'
import { linesOf } from './frame-lines.ts'
import { frameVersionOf } from './frame-version.ts'
import { treatmentOf } from './smoothed.ts'
import { viewOf } from './x-range.ts'
import { outsideOf, yRangeOf } from './y-range.ts'

/** Answers a chart's question from the rows read so far. */
export function frameOf(project: Project, query: FrameQuery, lines = linesOf(project, query)): Frame {
  const { x, xFull, columns } = viewOf(query, lines)
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
  // what is good for one of several metrics need not be for the next
  const several = metricsOf(query.runs, query.metric).length > 1
  const direction = several ? undefined : directionOf(query.metric)
  const ends = lines.map((line, i) => endOf(line, counted[i] as Counted, x, wide?.extremes[i], direction))
  const y = yRangeOf(query, x, { main, raw, area }, ends, direction)
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

function copyOf({ xs, low, high }: Area): Area {
  return { xs: xs.slice(), low: low.slice(), high: high.slice() }
}

export function endOf(
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

export function marksOf(lines: readonly Line[], pieceOf: (line: number) => Piece): Marks {
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

import { envelopeOf } from '../../compute/envelope.ts'
import { type Direction, directionOf } from '../../compute/metric-words.ts'
import { type Columns, lowerBound } from '../../compute/thin.ts'
import type { Bands, GroupFacts } from '../../model/groups.ts'
import type { Frame, FrameQuery, LineEnd, Lines, Marks } from '../../model/view.ts'
import { type Line, type Piece, rangeOf, type ThinnedLines, thinAll } from '../projects/downsample-cache.ts'
import type { Project } from '../projects/project.ts'
import { bandLines, joinBands } from './bands.ts'
import { baseOf, minusBase } from './difference.ts'
import { endOf, frameOf, marksOf } from './frame.ts'
import { type FrameLine, linesOf } from './frame-lines.ts'
import { frameVersionOf } from './frame-version.ts'
import {
  evaluate,
  type Group,
  type Grouped,
  type GroupValues,
  groupsOf,
  roomFor,
  valuesInView,
} from './group-lines.ts'
import { treatmentOf } from './smoothed.ts'
import { viewOf } from './x-range.ts'
import { outsideOf, yRangeOf } from './y-range.ts'

/** A chart of differences, of groups, or of both. */
export function groupFrameOf(project: Project, query: FrameQuery): Frame {
  const lines = linesOf(project, query)
  if (query.groups && lines.some((line) => line.values.length > 1))
    return ofGroups(project, query, groupsOf(project, query, lines))
  const base = query.base && baseOf(project, query, query.base)
  const drawn = !query.base ? lines : base ? minusBase(base, lines, query.runs) : []
  const frame = frameOf(project, query, drawn)
  return query.envelope && !frame.single ? { ...frame, bands: envelopesOf(query, drawn, frame.x) } : frame
}

/** An envelope's column holds so many rows at least, in the mean. */
const ROWS_A_COLUMN = 5

/** The least and greatest logged value of each line, column by column. */
function envelopesOf(query: FrameQuery, lines: readonly FrameLine[], [min, max]: [number, number]): Bands {
  const columns: Columns = { min, max, width: Math.max(1, query.width), log: query.xScale === 'log' }
  const logY = query.yScale === 'log'
  const areas = lines.map((line) => {
    const [from, to] = rangeOf(line, [min, max])
    // a column of a point or two is a speck and no area
    const width = Math.max(1, Math.min(columns.width, Math.floor((to - from) / ROWS_A_COLUMN)))
    const points = { xs: line.xs, ys: line.values, from, to }
    const { area } = envelopeOf([points], { ...columns, width }, logY)
    return { bandXs: area.xs, low: area.low, high: area.high }
  })
  return joinBands(0, areas, columns, logY)
}

interface Known {
  key: string
  values: GroupValues
}

/** The last values of each group of a project, which a change of the y axis leaves as they are. */
const known = new WeakMap<Project, Map<string, Known>>()

function ofGroups(project: Project, query: FrameQuery, grouped: Grouped): Frame {
  const { groups, alone } = grouped
  const { list, band, statistic, both } = query.groups as NonNullable<FrameQuery['groups']>
  const all = [...alone, ...groups.flatMap(({ lines }) => lines)]
  const { x, xFull, columns } = viewOf(query, all)
  const logY = query.yScale === 'log'
  const smoothing = JSON.stringify(query.smoothing)
  const room = roomFor(groups, band)
  const values = groups.map((group) => remembered(project, query, group, grouped, columns, room))
  const places = new Map(list.map(({ id }, i) => [id, query.runs.length + i]))
  const drawn = groups.map((group, i): Line => {
    const { xs, ys } = values[i]!
    return {
      run: places.get(group.id) ?? 0,
      ...{ xs, values: ys, drawn: ys, monotone: true, version: '', identity: values[i]! },
    }
  })
  const main = thinAll([...alone, ...drawn], 'drawn', smoothing, columns, logY)
  // what is counted and marked is what the runs logged
  const logged = thinAll(all, 'values', smoothing, columns, logY)
  const plain = all.filter((line) => line.drawn === line.values)
  const asDrawn = thinAll(plain, 'drawn', smoothing, columns, logY).pieces
  const plainPieces = new Map(plain.map((line, i) => [line, asDrawn[i]]))
  const pieces = all.map((line, i) => (logged.pieces[i] ?? plainPieces.get(line)) as Piece)
  const behind = both ? thinAll(all, 'drawn', smoothing, columns, logY) : undefined
  const piecesOf = new Map(all.map((line, i) => [line, pieces[i] as Piece]))
  const direction = query.base ? undefined : directionOf(query.metric)
  const ends = [
    ...alone.map((line) => endOf(line, piecesOf.get(line) as Piece, x, undefined, direction)),
    ...groups.map((group, i) =>
      endOfGroup(
        group,
        values[i]!,
        drawn[i]!.run,
        group.lines.map((line) => piecesOf.get(line) as Piece),
        x,
        statistic,
      ),
    ),
  ]
  const bands = joinBands(alone.length, values, columns, logY)
  const y = yRangeOf(query, x, { main, raw: asLines(bands, behind), area: undefined }, ends, direction)
  const [above, below] = outsideOf([...alone, ...drawn], x, y, logY)
  const sum = (of: (piece: Piece) => number): number => pieces.reduce((total, piece) => total + of(piece), 0)
  const rows = sum((piece) => piece.rows + piece.nonFinite)
  const kept = main.pieces.every(
    (piece, i) => piece === undefined || piece.drawn >= (i < alone.length ? 0 : piece.rows),
  )
  const whole = values.every((one) => one.whole.line)
  const facts: GroupFacts = {
    runs: Uint32Array.from(ends, (_, i) => groups[i - alone.length]?.lines.length ?? 0),
    small: grouped.small,
    linePlaces: whole ? Number.POSITIVE_INFINITY : Math.max(...values.map(({ xs }) => xs.length)),
    bandPlaces:
      band === 'none' || values.every((one) => one.whole.band)
        ? Number.POSITIVE_INFINITY
        : Math.max(...values.map(({ bandXs }) => bandXs.length)),
    best: bestOf(all, pieces, query, x, direction),
  }
  const treatment = treatmentOf(
    all,
    all.map((line) => ({ rowsInView: piecesOf.get(line)?.rows ?? 0 })),
  )
  return {
    version: frameVersionOf(project, query),
    x,
    y,
    xFull,
    main: main.lines,
    raw: behind ? together(behind.lines, alone.length, groups) : EMPTY(),
    bands,
    groups: facts,
    // of all runs or of none: the words are about the lines that are drawn
    treatment: { ...treatment, logged: treatment.logged === all.length ? ends.length : 0 },
    best: direction,
    ends,
    marks: ofEntries(
      marksOf(all, (i) => pieces[i] as Piece),
      all,
      groups,
      drawn,
    ),
    above,
    below,
    nonPositive: sum(({ nonPositive }) => nonPositive),
    nonFinite: sum(({ nonFinite }) => nonFinite),
    decades: Math.max(
      0,
      ...ends.map(({ least, greatest }) => (least > 0 ? Math.log10(greatest / least) : 0)),
    ),
    carried: all.reduce((total, { carried }) => total + carried, 0),
    leftOut: all.reduce((total, { leftOut }) => total + leftOut, 0),
    single: false,
    fidelity: {
      rows,
      drawn:
        kept && whole
          ? rows
          : Math.min(
              rows - 1,
              sum((piece) => piece.drawn),
            ),
      kind: project.exact() ? 'exact' : 'preview',
    },
  }
}

const EMPTY = (): Lines => ({
  xs: new Float64Array(0),
  ys: new Float64Array(0),
  starts: new Uint32Array(1),
})

function remembered(
  project: Project,
  query: FrameQuery,
  group: Group,
  { base }: Grouped,
  columns: Columns,
  room: { line: number; band: number },
): GroupValues {
  const { statistic, band } = query.groups as NonNullable<FrameQuery['groups']>
  const versions = group.lines.map((line, i) => `${group.keys[i]} ${line.version}`).join()
  const key = `${versions} ${base?.version} ${JSON.stringify([query.smoothing, columns, statistic, band, room])}`
  const slots = known.get(project) ?? new Map<string, Known>()
  known.set(project, slots)
  const slot = JSON.stringify([query.metric, query.x, group.id, columns.width, query.base !== undefined])
  const found = slots.get(slot)
  if (found?.key === key) return found.values
  const values = valuesInView(group, { statistic, band }, columns, room)
  if (slots.size >= KEPT) slots.clear()
  slots.set(slot, { key, values })
  return values
}

/** Charts in sight times groups: more are of charts that were scrolled by. */
const KEPT = 1000

/** Numbers that are printed are of what was logged: the same statistic of it, at the last place in view. */
function endOfGroup(
  group: Group,
  { xs, ys }: GroupValues,
  run: number,
  pieces: readonly Piece[],
  [min, max]: [number, number],
  statistic: NonNullable<FrameQuery['groups']>['statistic'],
): LineEnd {
  const last = lastFinite(ys, ys.length - 1)
  let seen = lastFinite(ys, lowerBound(xs, max, true) - 1)
  if (seen >= 0 && xs[seen]! < min) seen = -1
  const at = (i: number): number => {
    if (i < 0) return Number.NaN
    const curves = group.curves.map(({ logged }) => logged)
    const minus = group.minus?.map(({ logged }) => logged)
    return evaluate(curves, minus, xs.subarray(i, i + 1), statistic, 'none').ys[0] ?? Number.NaN
  }
  const [least, greatest] = [
    Math.min(...pieces.map(({ low }) => low)),
    Math.max(...pieces.map(({ high }) => high)),
  ]
  const [ending, own] = [at(seen), group.minus === undefined && least <= greatest]
  return {
    run,
    x: xs[last] ?? Number.NaN,
    drawn: ys[last] ?? Number.NaN,
    logged: last === seen ? ending : at(last),
    rows: Math.max(...group.lines.map(({ values }) => values.length)),
    rowsInView: Math.max(...pieces.map(({ rows }) => rows)),
    ending,
    seen: ending,
    seenX: xs[seen] ?? Number.NaN,
    seenDrawn: ys[seen] ?? Number.NaN,
    least: own ? least : Number.NaN,
    greatest: own ? greatest : Number.NaN,
    bestX: Number.NaN,
  }
}

function lastFinite(ys: Float64Array, from: number): number {
  let i = from
  while (i >= 0 && ys[i] !== ys[i]) i--
  return i
}

/** Band edges as lines, so that an axis holds them as it holds lines. */
function asLines(bands: Bands, behind: ThinnedLines | undefined): ThinnedLines {
  const { starts, xs, low, high } = bands
  const edges = bandLines(starts, xs, low, high)
  return behind
    ? {
        lines: {
          xs: concat(edges.lines.xs, behind.lines.xs),
          ys: concat(edges.lines.ys, behind.lines.ys),
          starts: Uint32Array.from([...edges.lines.starts, edges.lines.xs.length + behind.lines.xs.length]),
        },
        pieces: [...edges.pieces, ...behind.pieces],
      }
    : edges
}

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length)
  out.set(a)
  out.set(b, a.length)
  return out
}

/** The runs' lines of each group as one, parted by NaN; those that stand alone have none behind them. */
function together({ xs, ys, starts }: Lines, alone: number, groups: readonly Group[]): Lines {
  const outX: number[] = []
  const outY: number[] = []
  const outStarts = new Uint32Array(alone + groups.length + 1)
  let line = alone
  groups.forEach(({ lines }, g) => {
    for (let l = 0; l < lines.length; l++, line++) {
      for (let i = starts[line]!; i < starts[line + 1]!; i++) {
        outX.push(xs[i]!)
        outY.push(ys[i]!)
      }
      outX.push(outX[outX.length - 1] ?? 0)
      outY.push(Number.NaN)
    }
    outStarts[alone + g + 1] = outX.length
  })
  return { xs: Float64Array.from(outX), ys: Float64Array.from(outY), starts: outStarts }
}

/** Marks of runs as marks of the lines that stand for them. */
function ofEntries(
  marks: Marks,
  all: readonly FrameLine[],
  groups: readonly Group[],
  drawn: readonly Line[],
): Marks {
  const entry = new Map(all.map(({ run }) => [run, run]))
  groups.forEach(({ lines }, g) => {
    for (const { run } of lines) entry.set(run, drawn[g]!.run)
  })
  return { ...marks, run: marks.run.map((run) => entry.get(run) ?? run) }
}

function bestOf(
  lines: readonly FrameLine[],
  pieces: readonly Piece[],
  query: FrameQuery,
  [min, max]: [number, number],
  direction: Direction,
): GroupFacts['best'] {
  if (direction === undefined) return undefined
  const of = ({ low, high }: Piece): number => (direction === 'min' ? low : -high)
  let best = -1
  for (let i = 0; i < pieces.length; i++)
    if (Number.isFinite(of(pieces[i]!)) && (best < 0 || of(pieces[i]!) < of(pieces[best]!))) best = i
  const line = lines[best]
  if (!line) return undefined
  const value =
    Math.abs(of(pieces[best]!)) === 0 ? 0 : direction === 'min' ? pieces[best]!.low : pieces[best]!.high
  const at = line.values.findIndex((v, i) => v === value && line.xs[i]! >= min && line.xs[i]! <= max)
  return { run: query.runs[line.run] ?? '', x: line.xs[at] ?? Number.NaN, value }
}

import {
  bandOf,
  differenceBand,
  type Ends,
  isCostly,
  sortFirst,
  statisticOf,
} from '../../compute/aggregate.ts'
import { type Curve, makeReader, onePerColumn, spread, unionOf } from '../../compute/align.ts'
import { RESAMPLES } from '../../compute/bootstrap.ts'
import type { Columns } from '../../compute/thin.ts'
import { type GroupBand, type GroupLines, type GroupStatistic, LEAST_RUNS } from '../../model/groups.ts'
import type { RunKey } from '../../model/run.ts'
import type { Project } from '../projects/project.ts'
import {
  type Base,
  baseOf,
  curvesOf,
  type LineQuery,
  minusBase,
  present,
  type RunCurves,
} from './difference.ts'
import type { FrameLine } from './frame-lines.ts'

/*
 * Group lines: at each place on the axis the runs' lines are read off, inside their own ranges, and one number
 * is made of what there is. This comes before any thinning, from all logged points.
 */

/** Values of a group at rising places. */
export interface GroupValues {
  xs: Float64Array
  ys: Float64Array
  /** Of the band, NaN where it has none; of its own places where it costs too much for all. */
  bandXs: Float64Array
  low: Float64Array
  high: Float64Array
  /** Runs behind each place of `xs`. */
  n: Uint32Array
  /** Every x in view that one of its runs logged is among them. */
  whole: { line: boolean; band: boolean }
}

/** A group as far as its runs logged the metric. */
export interface Group {
  id: string
  keys: RunKey[]
  lines: FrameLine[]
  curves: RunCurves[]
  /** Runs of the baseline's group, where differences are taken group from group. */
  minus: RunCurves[] | undefined
}

export interface Grouped {
  groups: Group[]
  /** Runs of groups that are too few for one line. */
  alone: FrameLine[]
  small: number
  base: Base | undefined
}

/** Cells (a run at a place) a frame may take: 50 ms of work. */
const CELLS = 12_000_000
/** The same of products of the bootstrap, which are quicker. */
const PRODUCTS = 160_000_000

/**
 * Lines of runs, divided into those of groups and those that stand alone. With a baseline the runs' lines are
 * differences already, but for groups that do not pair with it.
 */
export function groupsOf(
  project: Project,
  query: LineQuery & { runs: RunKey[] },
  lines: readonly FrameLine[],
): Grouped {
  const { groups: asked, base: wanted } = query
  const base = wanted && baseOf(project, query, wanted)
  const byRun = new Map(lines.map((line) => [query.runs[line.run] ?? '', line]))
  const grouped: Grouped = { groups: [], alone: [], small: 0, base }
  if (wanted && !base) return grouped
  for (const { id, runs, paired } of asked?.list ?? []) {
    const own = runs.flatMap((key) => byRun.get(key) ?? [])
    const against = base && base.group.length > 0 && !paired ? base.group : undefined
    if (own.length < LEAST_RUNS) {
      if (own.length > 0) grouped.small++
      grouped.alone.push(...(base ? minusBase(base, own, query.runs) : own))
      continue
    }
    const used = base && !against ? minusBase(base, own, query.runs) : own
    const curves = used.map(curvesOf)
    const keys = used.map((line) => query.runs[line.run] ?? '')
    if (used.length > 0) grouped.groups.push({ id, keys, lines: used, curves, minus: against })
  }
  return grouped
}

/** How many places a frame's lines and bands may have, by how many runs they are of. */
export function roomFor(groups: readonly Group[], band: GroupBand): { line: number; band: number } {
  const runs = groups.reduce((sum, { curves, minus }) => sum + curves.length + (minus?.length ?? 0), 1)
  const line = Math.max(2, Math.floor(CELLS / runs))
  return { line, band: band === 'bootstrap' ? Math.max(2, Math.floor(PRODUCTS / RESAMPLES / runs)) : line }
}

/** A group's line and band in view, as far as there is room for places. */
export function valuesInView(
  group: Group,
  { statistic, band }: Pick<GroupLines, 'statistic' | 'band'>,
  columns: Columns,
  room: { line: number; band: number },
): GroupValues {
  const curves = group.curves.map(({ drawn }) => drawn)
  const minus = group.minus?.map(({ drawn }) => drawn)
  const all = placesOf(curves, minus, columns)
  const xs = spread(all, room.line)
  const costly = isCostly(band, minus !== undefined)
  const whole = { line: xs.length === all.length, band: true }
  if (!costly) {
    const { ys, low, high, n } = evaluate(curves, minus, xs, statistic, band)
    return { xs, ys, bandXs: xs, low, high, n, whole: { ...whole, band: whole.line } }
  }
  const { ys, n } = evaluate(curves, minus, xs, statistic, 'none')
  const bandXs = spread(onePerColumn(all, columns), room.band)
  const { low, high } = evaluate(curves, minus, bandXs, statistic, band)
  return { xs, ys, bandXs, low, high, n, whole: { ...whole, band: bandXs.length === all.length } }
}

/** Places with a value on both sides of a difference. */
export function placesOf(
  curves: readonly Curve[],
  minus: readonly Curve[] | undefined,
  { min, max }: { min: number; max: number },
): Float64Array {
  const own = unionOf(curves, min, max)
  if (!minus) return own
  const ends = minus.flatMap(({ xs }) => [xs[0] ?? Number.NaN, xs[xs.length - 1] ?? Number.NaN])
  const [first, last] = [Math.min(...ends), Math.max(...ends)]
  return own.filter((x) => x >= first && x <= last)
}

export interface Evaluated {
  ys: Float64Array
  low: Float64Array
  high: Float64Array
  n: Uint32Array
}

const NONE: Ends = [Number.NaN, Number.NaN]

/** Statistic and band at each of the places, which rise. */
export function evaluate(
  curves: readonly Curve[],
  minus: readonly Curve[] | undefined,
  places: Float64Array,
  statistic: GroupStatistic,
  band: GroupBand,
): Evaluated {
  const size = places.length
  const out: Evaluated = {
    ys: new Float64Array(size).fill(Number.NaN),
    low: new Float64Array(size).fill(Number.NaN),
    high: new Float64Array(size).fill(Number.NaN),
    n: new Uint32Array(size),
  }
  const from = places[0] ?? 0
  const [reader, other] = [makeReader(curves, from), minus && makeReader(minus, from)]
  const row = new Float64Array(curves.length)
  const otherRow = new Float64Array(minus?.length ?? 0)
  const sorts = statistic !== 'mean' || !['none', 't95', 'sem', 'std'].includes(band)
  for (let i = 0; i < size; i++) {
    reader.at(places[i]!, row)
    const n = present(row)
    if (n === 0) continue
    if (sorts) sortFirst(row, n)
    let y = statisticOf(row, n, statistic)
    let ends = NONE
    if (other) {
      other.at(places[i]!, otherRow)
      const m = present(otherRow)
      if (m === 0) continue
      if (sorts) sortFirst(otherRow, m)
      y -= statisticOf(otherRow, m, statistic)
      if (n >= LEAST_RUNS && m >= LEAST_RUNS) ends = differenceBand(row, n, otherRow, m, statistic, band)
    } else if (n >= LEAST_RUNS) ends = bandOf(row, n, statistic, band)
    out.ys[i] = y
    out.n[i] = n
    out.low[i] = ends[0]
    out.high[i] = ends[1]
  }
  return out
}

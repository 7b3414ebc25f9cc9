import { sortFirst, statisticOf } from '../../compute/aggregate.ts'
import { type Curve, curveOf, makeReader, spread, unionOf } from '../../compute/align.ts'
import type { BaseLine, GroupStatistic } from '../../model/groups.ts'
import type { RunKey } from '../../model/run.ts'
import type { FrameQuery } from '../../model/view.ts'
import type { Project } from '../projects/project.ts'
import { type FrameLine, linesOf } from './frame-lines.ts'

/** What of a query decides a line's points. */
export type LineQuery = Pick<FrameQuery, 'project' | 'metric' | 'x' | 'smoothing' | 'groups' | 'base'>

/** A run's line as two functions of x. */
export interface RunCurves {
  drawn: Curve
  logged: Curve
}

/** Places of a line that others are taken from: a million are more than any screen has. */
const MOST_PLACES = 1 << 20

export interface Base {
  /** Changes whenever its values do. */
  version: string
  /** What is taken from a run's line. */
  of(run: RunKey): RunCurves | undefined
  /** Runs of a baseline group, by themselves. */
  group: RunCurves[]
}

/** The last curves of each line, which go with it: a moving crosshair reads them again and again. */
const kept = new WeakMap<object, RunCurves & { version: string; from: Float64Array }>()

export function curvesOf({ xs, values, drawn, version, identity }: FrameLine): RunCurves {
  const found = kept.get(identity)
  if (found?.version === version && found.from === drawn) return found
  const logged = curveOf(xs, values)
  const made = { logged, drawn: drawn === values ? logged : curveOf(xs, drawn), version, from: drawn }
  kept.set(identity, made)
  return made
}

/** Lines of runs by their own keys, asked for as those of the chart. */
export function linesOfRuns(project: Project, query: LineQuery, runs: RunKey[]): FrameLine[] {
  // what decides the picture and not the lines
  const rest = { xScale: 'linear', yScale: 'linear', range: { kind: 'full' }, raw: false, width: 1 } as const
  return linesOf(project, { ...query, ...rest, runs })
}

/** The baseline as it is now; undefined where it logged nothing. */
export function baseOf(project: Project, query: LineQuery, base: BaseLine): Base | undefined {
  const lines = linesOfRuns(project, query, base.runs)
  if (lines.length === 0) return undefined
  const curves = new Map(lines.map((line) => [base.runs[line.run] ?? '', curvesOf(line)]))
  const all = [...curves.values()]
  let whole: RunCurves | undefined
  const statistic = (): RunCurves => {
    whole ??= {
      drawn: groupCurve(
        all.map(({ drawn }) => drawn),
        base.statistic,
      ),
      logged: groupCurve(
        all.map(({ logged }) => logged),
        base.statistic,
      ),
    }
    return whole
  }
  const version = lines.map((line) => `${base.runs[line.run]} ${line.version}`).join()
  return {
    version: `${JSON.stringify([base, query.smoothing])} ${version}`,
    of(run) {
      const partner = base.partners?.[run]
      return (partner && curves.get(partner)) || (base.group ? statistic() : all[0])
    },
    group: base.group ? all : [],
  }
}

/** The line of a group, at every x that one of its runs logged. */
function groupCurve(curves: readonly Curve[], statistic: GroupStatistic): Curve {
  const xs = spread(unionOf(curves, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), MOST_PLACES)
  const reader = makeReader(curves, Number.NEGATIVE_INFINITY)
  const row = new Float64Array(curves.length)
  const ys = Float64Array.from(xs, (x) => {
    reader.at(x, row)
    const n = present(row)
    if (statistic !== 'mean') sortFirst(row, n)
    return n === 0 ? Number.NaN : statisticOf(row, n, statistic)
  })
  return { xs, ys }
}

/** Moves the numbers of a row to its front; how many there are. */
export function present(row: Float64Array): number {
  let n = 0
  for (let i = 0; i < row.length; i++) if (row[i] === row[i]) row[n++] = row[i]!
  return n
}

/** The last difference of each line, which goes with it. */
const known = new WeakMap<object, { key: string; line: FrameLine }>()

/**
 * Lines minus what stands for the baseline at their own xs; where that has no value they have none. Points that
 * are not finite stay so, as they were logged.
 */
export function minusBase(base: Base, lines: readonly FrameLine[], runs: readonly RunKey[]): FrameLine[] {
  return lines.flatMap((line) => {
    const key = `${line.version} ${base.version} ${line.run} ${runs[line.run]}`
    const found = known.get(line.identity)
    if (found?.key === key) return found.line
    const other = base.of(runs[line.run] ?? '')
    const made = other && minus(line, other)
    if (!made || made.xs.length === 0) return []
    const difference = { ...line, ...made, version: key, monotone: true, identity: {} }
    known.set(line.identity, { key, line: difference })
    return difference
  })
}

function minus(line: FrameLine, other: RunCurves): Pick<FrameLine, 'xs' | 'values' | 'drawn'> {
  const { logged, drawn } = curvesOf(line)
  const at = new Float64Array(1)
  const less = (one: Curve, from: Curve): Curve => {
    const reader = makeReader([from], one.xs[0] ?? 0)
    const places: number[] = []
    const ys: number[] = []
    one.xs.forEach((x, i) => {
      reader.at(x, at)
      if (at[0] !== at[0]) return
      places.push(x)
      ys.push(one.ys[i]! - at[0]!)
    })
    return { xs: Float64Array.from(places), ys: Float64Array.from(ys) }
  }
  const values = less(logged, other.logged)
  if (drawn === logged && other.drawn === other.logged)
    return { xs: values.xs, values: values.ys, drawn: values.ys }
  // a smoothed line has the gaps of the logged one, so both have the same places
  const smooth = less(drawn, other.drawn)
  return { xs: values.xs, values: values.ys, drawn: smooth.ys }
}

import { lowerBound } from '../../compute/thin.ts'
import { metricOf, runOf } from '../../model/line-key.ts'
import type { Probe, ProbeQuery } from '../../model/view.ts'
import type { Project } from '../projects/project.ts'
import { smoothedOf } from './smoothed.ts'
import { isRising, xOf } from './x-values.ts'

/** Values of the runs at an x: for each the last logged point at or before it, within reach. */
export function probeOf(project: Project, query: ProbeQuery): Probe {
  const n = query.runs.length
  const nan = (): Float64Array => new Float64Array(n).fill(Number.NaN)
  const probe: Probe = {
    index: new Int32Array(n).fill(-1),
    x: nan(),
    steps: nan(),
    times: nan(),
    drawn: nan(),
    logged: nan(),
    since: nan(),
  }
  query.runs.forEach((key, r) => {
    const run = project.run(runOf(key))
    const metric = metricOf(key, query.metric)
    const series = run && project.series(run, metric)
    if (!run || !series) return
    const xs = xOf(project, run.key, series, metric, query.x)
    const i = pointAt(xs, query.at, query.reach, isRising(series, query.x, xs))
    if (i < 0) return
    probe.index[r] = i
    probe.x[r] = xs[i] as number
    probe.steps[r] = series.steps[i] as number
    probe.times[r] = series.times[i] as number
    probe.logged[r] = series.values[i] as number
    probe.drawn[r] = smoothedOf(series, query.smoothing)[i] as number
    const first = stretchStart(series.values, i)
    if (first !== undefined) probe.since[r] = xs[first] as number
  })
  return probe
}

/** Where the same non-finite value began to be logged; undefined where it stands alone, or is a number. */
function stretchStart(values: Float64Array, at: number): number | undefined {
  const value = values[at] as number
  const goesOn = (i: number): boolean => Object.is(values[i], value)
  if (Number.isFinite(value) || !(goesOn(at - 1) || goesOn(at + 1))) return undefined
  let first = at
  while (goesOn(first - 1)) first--
  return first
}

/**
 * Last point at or before `at` (of rising xs the last; else the one with the largest x). −1 when it is
 * further away than `reach` and than twice the local spacing.
 */
export function pointAt(xs: Float64Array, at: number, reach: number, rising: boolean): number {
  let found = -1
  if (rising) found = lowerBound(xs, at, true) - 1
  else
    for (let i = 0; i < xs.length; i++)
      if ((xs[i] as number) <= at && (found < 0 || (xs[i] as number) >= (xs[found] as number))) found = i
  // the pointer may stand half a pixel left of the first point
  if (found < 0) {
    const next = rising ? 0 : -1
    return next === 0 && xs.length > 0 && (xs[0] as number) - at <= reach ? 0 : -1
  }
  const away = at - (xs[found] as number)
  if (away <= reach) return found
  const before = found > 0 ? (xs[found] as number) - (xs[found - 1] as number) : 0
  const after = found + 1 < xs.length ? (xs[found + 1] as number) - (xs[found] as number) : 0
  return away <= Math.max(before, after) ? found : -1
}

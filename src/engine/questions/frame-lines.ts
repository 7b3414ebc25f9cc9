import { metricOf, runOf } from '../../model/line-key.ts'
import type { FrameQuery } from '../../model/view.ts'
import type { Project } from '../projects/project.ts'
import { sameValues, smoothedOf, type TreatedLine, windowOf } from './smoothed.ts'
import { type Carried, carriedOf, isRising, xOf, xVersionOf } from './x-values.ts'

/** A run's line with all of its points. */
export type FrameLine = TreatedLine & Carried

/** One line for each run that logged the metric, in the order asked for: its x, what it logged, what is drawn. */
export function linesOf(project: Project, query: FrameQuery): FrameLine[] {
  const lines: FrameLine[] = []
  query.runs.forEach((line, run) => {
    const [key, metric] = [runOf(line), metricOf(line, query.metric)]
    const found = project.run(key)
    const series = found && project.series(found, metric)
    if (!series || series.values.length === 0) return
    const xs = xOf(project, key, series, metric, query.x)
    const drawn = smoothedOf(series, query.smoothing)
    const same = drawn === series.values || sameValues(drawn, series.values)
    const made = {
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
    lines.push(query.x.kind === 'metric' && !made.monotone ? byX(made) : made)
  })
  return lines
}

/** Points in the order of a metric that serves as x; ties keep their row order. */
function byX(line: FrameLine): FrameLine {
  const order = Uint32Array.from(line.xs, (_, i) => i)
    .filter((i) => Number.isFinite(line.xs[i]))
    .sort((a, b) => (line.xs[a] as number) - (line.xs[b] as number) || a - b)
  const take = (from: Float64Array): Float64Array => Float64Array.from(order, (i) => from[i] as number)
  const values = take(line.values)
  const drawn = line.drawn === line.values ? values : take(line.drawn)
  return { ...line, xs: take(line.xs), values, drawn, monotone: true }
}

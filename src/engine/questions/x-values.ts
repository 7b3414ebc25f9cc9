import type { XAxis } from '../../model/view.ts'
import { derived, growing } from '../projects/derived.ts'
import type { Project, ProjectRun, RunSeries } from '../projects/project.ts'

/** Differs whenever the same row may have another x. */
export function xVersionOf(project: Project, run: ProjectRun, x: XAxis): string {
  return x.kind === 'metric' ? `${x.name} ${project.version(run, x.name)}` : x.kind
}

export function isRising(series: RunSeries, x: XAxis, xs: Float64Array): boolean {
  if (x.kind === 'step') return series.monotone
  // an infinite x of a metric has no place on the axis, though it rises
  if (!Number.isFinite(xs[0] ?? 0) || !Number.isFinite(xs[xs.length - 1] ?? 0)) return false
  for (let i = 1; i < xs.length; i++) if (!((xs[i] as number) >= (xs[i - 1] as number))) return false
  return true
}

export function xOf(
  project: Project,
  key: string,
  series: RunSeries,
  metric: string,
  x: XAxis,
): Float64Array {
  switch (x.kind) {
    case 'step':
      return series.steps
    case 'wall':
      return hasTimes(series) ? series.times : series.steps
    case 'relative':
      return hasTimes(series) ? relativeOf(series) : series.steps
    case 'metric': {
      if (x.name === metric) return series.values
      const run = project.run(key)
      const other = run && project.series(run, x.name)
      return derived(series, `x:${x.name}:${series.version}:${other?.version}`, () =>
        lastBefore(project, key, metric, x.name, series),
      )
    }
  }
}

/** Imports may carry no times at all: the step is the time axis then. */
function hasTimes(series: RunSeries): boolean {
  return series.start === series.start
}

/** Points whose x was logged in an earlier row, and those before the first x, which have no place. */
export interface Carried {
  carried: number
  leftOut: number
}

const NONE: Carried = { carried: 0, leftOut: 0 }
const carriedIn = new WeakMap<Float64Array, Carried>()

/** How the xs of a line (as `xOf` gave them) came about. */
export function carriedOf(xs: Float64Array): Carried {
  return carriedIn.get(xs) ?? NONE
}

/**
 * For each point of `metric` the last finite value of the x metric that its run logged at or before the same
 * row; NaN before the first one.
 */
function lastBefore(
  project: Project,
  key: string,
  metric: string,
  x: string,
  series: RunSeries,
): Float64Array {
  const out = new Float64Array(series.values.length).fill(Number.NaN)
  const run = project.run(key)
  const of = run && project.column(run, metric)
  const from = run && project.column(run, x)
  let carried = 0
  let leftOut = out.length
  if (of && from) {
    const rowOf = (column: typeof of, i: number): number =>
      column.rows ? (column.rows[i] as number) : column.first + i
    let last = Number.NaN
    for (let i = 0, j = 0; i < of.length && i < out.length; i++) {
      const row = rowOf(of, i)
      let here = false
      for (; j < from.length && rowOf(from, j) <= row; j++) {
        const value = from.data[j] as number
        here = rowOf(from, j) === row && value - value === 0
        if (value - value === 0) last = value
      }
      out[i] = last
      if (last - last === 0) leftOut--
      if (!here && last - last === 0) carried++
    }
  }
  carriedIn.set(out, { carried, leftOut })
  return out
}

/** Seconds since the run's first row. */
function relativeOf(series: RunSeries): Float64Array {
  const { times, start } = series
  return growing(series, `relative:${start}`, (from) => ({
    from,
    values: times.subarray(from).map((time) => (time - start) / 1000),
  }))
}

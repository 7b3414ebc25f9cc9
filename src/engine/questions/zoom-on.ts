import type { XAxis, Zoom, ZoomQuery } from '../../model/view.ts'
import { type Project, type ProjectRun, startOf } from '../projects/project.ts'

/**
 * The part of the axis `to` that holds the same rows as `zoom` does of the axis `from`: by the steps that lie
 * in it, run by run, from the least to the greatest x that any of the runs has there. An open end stays open.
 * Undefined where no run has two places in it.
 */
export function zoomOn(project: Project, { runs, from, to, zoom }: ZoomQuery): Zoom | undefined {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const key of runs) {
    const run = project.run(key)
    if (!run) continue
    const steps = from.kind === 'step' ? zoom : stepsIn(placesOf(project, run, from), zoom)
    for (const x of steps ? placesIn(placesOf(project, run, to), steps) : []) {
      if (x < min) min = x
      if (x > max) max = x
    }
  }
  if (!(min < max)) return undefined
  return {
    min: zoom.min === undefined ? undefined : min,
    max: zoom.max === undefined ? undefined : max,
  }
}

/** Rows of a run that have a place on an axis: their steps, and where they stand on it. */
interface Places {
  steps: Float64Array
  xs: Float64Array
}

function placesOf(project: Project, run: ProjectRun, axis: XAxis): Places {
  if (axis.kind === 'metric') {
    const series = project.series(run, axis.name)
    return { steps: series?.steps ?? new Float64Array(0), xs: series?.values ?? new Float64Array(0) }
  }
  const { steps, times } = (run.logged ?? run.sample)?.columns ?? {}
  const at = steps?.data.subarray(0, steps.length) ?? new Float64Array(0)
  const start = startOf(run)
  // imports may carry no times at all: the step is the time axis then, as in charts
  if (axis.kind === 'step' || !times || Number.isNaN(start)) return { steps: at, xs: at }
  const wall = times.data.subarray(0, times.length)
  return { steps: at, xs: axis.kind === 'wall' ? wall : wall.map((time) => (time - start) / 1000) }
}

function stepsIn({ steps, xs }: Places, zoom: Zoom): Required<Zoom> | undefined {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  steps.forEach((step, i) => {
    if (!isIn(xs[i] as number, zoom)) return
    min = Math.min(min, step)
    max = Math.max(max, step)
  })
  return min <= max ? { min, max } : undefined
}

function placesIn({ steps, xs }: Places, zoom: Zoom): Float64Array {
  return xs.filter((x, i) => Number.isFinite(x) && isIn(steps[i] as number, zoom))
}

function isIn(x: number, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Zoom): boolean {
  return x >= min && x <= max
}

import { nextTurn } from '../../bridge/turn.ts'
import { areaOf, bestIndex, firstReach, indexAt, sparkInto } from '../../compute/measures.ts'
import type { Measure, Measured, Sparks } from '../../model/measure.ts'
import type { RunKey } from '../../model/run.ts'
import type { Project, ProjectRun, RunSeries } from '../projects/project.ts'

/** Values looked at between two looks whether they are still asked for: 4 ms of work. */
const A_TURN = 2_000_000
/** A run without the metric takes as long as so many values. */
const A_RUN = 500

/**
 * A number of a metric for each of some runs, from all logged rows. Gives the thread back now and then; throws
 * AbortError once `signal` fired.
 */
export async function measureOf(
  project: Project,
  { metric, measure, runs }: { metric: string; measure: Measure; runs: RunKey[] },
  signal?: AbortSignal | undefined,
): Promise<Measured> {
  const values = new Float64Array(runs.length).fill(Number.NaN)
  const has = new Uint8Array(runs.length)
  await eachSeries(project, metric, runs, signal, (series, r, run) => {
    const found = numberOf(project, run, series, measure)
    if (found === undefined) return
    values[r] = found
    has[r] = 1
  })
  return { runs, values, has }
}

function numberOf(
  project: Project,
  run: ProjectRun,
  series: RunSeries,
  measure: Measure,
): number | undefined {
  const { steps, values, monotone } = series
  switch (measure.by) {
    case 'at':
      return lastStepOf(run) >= measure.step ? values[indexAt(steps, measure.step, monotone)] : undefined
    case 'best': {
      const other = project.series(run, measure.of)
      const best = other ? other.steps[bestIndex(other.values, measure.end)] : undefined
      return best === undefined ? undefined : values[indexAt(steps, best, monotone)]
    }
    case 'reach':
      return steps[firstReach(values, measure.value, measure.end)]
    case 'area': {
      const area = areaOf(steps, values, monotone)
      return Number.isNaN(area) ? undefined : area
    }
  }
}

function lastStepOf({ logged, sample }: ProjectRun): number {
  return Math.max(...[logged, sample].map((part) => part?.span().lastStep ?? -Infinity))
}

/** The lines of some runs as small as a cell, over the steps that all of them have together. */
export async function sparksOf(
  project: Project,
  { metric, width, runs }: { metric: string; width: number; runs: RunKey[] },
  signal?: AbortSignal | undefined,
): Promise<Sparks> {
  let [from, to] = [Infinity, -Infinity]
  await eachSeries(project, metric, runs, signal, ({ steps, monotone }) => {
    // where steps never go back the ends tell, which leaves the rest unread
    for (const step of monotone ? [steps[0]!, steps[steps.length - 1]!] : steps) {
      if (step < from) from = step
      if (step > to) to = step
    }
  })
  const low = new Float32Array(runs.length * width).fill(Number.NaN)
  const high = new Float32Array(runs.length * width).fill(Number.NaN)
  await eachSeries(project, metric, runs, signal, ({ steps, values }, r) => {
    const [start, end] = [r * width, (r + 1) * width]
    sparkInto(low.subarray(start, end), high.subarray(start, end), steps, values, from, to)
  })
  return { runs, width, from, to, low, high }
}

async function eachSeries(
  project: Project,
  metric: string,
  runs: readonly RunKey[],
  signal: AbortSignal | undefined,
  visit: (series: RunSeries, r: number, run: ProjectRun) => void,
): Promise<void> {
  let looked = 0
  for (const [r, key] of runs.entries()) {
    const run = project.run(key)
    const series = run && project.series(run, metric)
    if (series && series.values.length > 0) visit(series, r, run)
    looked += A_RUN + (series?.values.length ?? 0)
    if (looked < A_TURN) continue
    looked = 0
    await nextTurn()
    signal?.throwIfAborted()
  }
}

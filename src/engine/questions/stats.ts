import { nextTurn } from '../../bridge/turn.ts'
import { addStats, makeStats, meanOf, type Stats, tailMean } from '../../compute/stats.ts'
import type { Questions } from '../../model/questions.ts'
import type { Points, RunStats } from '../../model/stats.ts'
import { makeRunning } from '../projects/derived.ts'
import type { Project, ProjectRun } from '../projects/project.ts'

/** Values looked at between two looks whether they are still asked for: 4 ms of work. */
const A_TURN = 2_000_000
/** A series that nothing is to be done for takes as long as so many values. */
const A_SERIES = 500

/** In the order of `Known.places`. */
const POINTS = ['first', 'last', 'min', 'max'] as const

/** All that is told of a series, so that one that is as it was is not even looked up. */
interface Known extends Stats {
  mean: number
  tail: number
  /** Indices, steps and times of the first, last, least and greatest value. */
  places: number[]
  values: number[]
  steps: number[]
  times: number[]
}

const running = makeRunning<Known>(
  () => ({ ...makeStats(), mean: 0, tail: 0, places: [], values: [], steps: [], times: [] }),
  (known, { values, steps, times }) => {
    addStats(known, values)
    known.mean = meanOf(known, values)
    known.tail = tailMean(values)
    known.places = [0, known.count - 1, known.minAt, known.maxAt]
    const at = (from: Float64Array): number[] => known.places.map((i) => from[i] ?? Number.NaN)
    known.values = at(values)
    known.steps = at(steps)
    known.times = at(times)
  },
)

/**
 * The statistics of metrics and runs, from all logged rows: one pass over those that are new, and over the last
 * tenth of a series that has new ones. Gives the thread back now and then; throws AbortError once `signal`
 * fired.
 */
export async function statsOf(
  project: Project,
  asked: Omit<Parameters<Questions['stats']>[0], 'project'>,
  signal?: AbortSignal | undefined,
): Promise<RunStats> {
  const metrics = asked.metrics ?? project.catalogue().metrics.map(({ name }) => name)
  const runs = asked.runs ?? project.catalogue().runs.map(({ key }) => key)
  const stats = makeAnswer(metrics, runs)
  let looked = 0
  for (const [m, metric] of metrics.entries()) {
    for (const [r, key] of runs.entries()) {
      const run = project.run(key)
      const known = run && knownOf(project, run, metric)
      if (known) put(stats, m * runs.length + r, known)
      looked += A_SERIES
      if (looked < A_TURN) continue
      looked = 0
      await nextTurn()
      signal?.throwIfAborted()
    }
  }
  return { ...stats, exact: project.exact() }

  function knownOf(project: Project, run: ProjectRun, metric: string): Known | undefined {
    const column = project.column(run, metric)
    const before = column && running.known(column, project.version(run, metric))
    if (before) return before
    const series = project.series(run, metric)
    if (!series || series.values.length === 0) return undefined
    looked += series.values.length
    return running.of(series)
  }
}

function makeAnswer(metrics: string[], runs: string[]): Omit<RunStats, 'exact'> {
  const size = metrics.length * runs.length
  const nan = (): Float64Array => new Float64Array(size).fill(Number.NaN)
  const points = (): Points => ({
    values: nan(),
    index: new Int32Array(size).fill(-1),
    steps: nan(),
    times: nan(),
  })
  return {
    metrics,
    runs,
    count: new Uint32Array(size),
    nonFinite: new Uint32Array(size),
    first: points(),
    last: points(),
    min: points(),
    max: points(),
    mean: nan(),
    tail: nan(),
  }
}

function put(stats: Omit<RunStats, 'exact'>, entry: number, known: Known): void {
  stats.count[entry] = known.count
  stats.nonFinite[entry] = known.nonFinite
  stats.mean[entry] = known.mean
  stats.tail[entry] = known.tail
  POINTS.forEach((name, p) => {
    const { values, index, steps, times } = stats[name]
    values[entry] = known.values[p] as number
    index[entry] = known.places[p] as number
    steps[entry] = known.steps[p] as number
    times[entry] = known.times[p] as number
  })
}

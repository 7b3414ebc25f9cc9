import { type Accessor, createSignal, getOwner, runWithOwner } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import type { RunStats } from '../../model/stats.ts'
import type { MoreRanks } from './more-ranks.ts'
import { createPerRun } from './per-run.ts'

/**
 * Single numbers of one metric of one run: min, max, mean and `tail` (mean of the last tenth) of the finite
 * values.
 */
export interface RunValues {
  last: number
  first: number
  min: number
  max: number
  mean: number
  tail: number
  count: number
  nonfinite: number
  /** Steps of the least and the greatest value. */
  minStep: number
  maxStep: number
}

export type Statistic = Exclude<keyof RunValues, 'minStep' | 'maxStep'>

export interface RankOptions {
  engine: Pick<EngineApi, 'ask'>
  project: Accessor<ProjectId | undefined>
  runs: Accessor<Run[]>
  version: Accessor<number>
  /** The lists' values wait until the rows are read, so that they never stand in the way of a chart. */
  ended: Accessor<boolean>
}

/** What is undefined is not known yet; asking starts the reading. Runs without the metric are left out. */
export interface Ranks extends MoreRanks {
  values(metric: string): ReadonlyMap<RunKey, RunValues> | undefined
}

/** Single values of a metric for every run, for sorting, filtering and the list. */
export function createRanks(options: RankOptions): Ranks {
  const { engine } = options
  const values = createPerRun<ReadonlyMap<RunKey, RunValues>>({
    ...options,
    read: async (metric, project, runs, signal) =>
      byRun(await engine.ask('stats', { project, metrics: [metric], runs }, { signal })),
    failed: new Map(),
  })
  const owner = getOwner()
  /** Few ask for more, and not before the charts stand: it is fetched with the first one who does. */
  const [more, setMore] = createSignal<MoreRanks>()
  let asked = false
  function late(): MoreRanks | undefined {
    if (!asked) {
      asked = true
      import('./more-ranks.ts').then(({ createMoreRanks }) =>
        runWithOwner(owner, () => setMore(createMoreRanks(options))),
      )
    }
    return more()
  }
  return {
    values,
    measured: (metric, measure) => late()?.measured(metric, measure),
    sparks: (metric) => late()?.sparks(metric),
  }
}

/**
 * The number that stands beside a run: one that ended in NaN or an infinity says so, whatever it was before;
 * what was logged first, and how much was logged, is told all the same.
 */
export function pick(values: Pick<RunValues, 'last'> & Partial<RunValues>, by: Statistic): number {
  const told = by === 'first' || by === 'count' || by === 'nonfinite' || Number.isFinite(values.last)
  return told ? (values[by] ?? Number.NaN) : values.last
}

function byRun({
  runs,
  count,
  nonFinite,
  first,
  last,
  min,
  max,
  mean,
  tail,
}: RunStats): Map<RunKey, RunValues> {
  const values = new Map<RunKey, RunValues>()
  runs.forEach((key, r) => {
    if (count[r] === 0) return
    const at = (column: ArrayLike<number>): number => column[r] ?? Number.NaN
    values.set(key, {
      last: at(last.values),
      first: at(first.values),
      min: at(min.values),
      max: at(max.values),
      mean: at(mean),
      tail: at(tail),
      count: at(count),
      nonfinite: at(nonFinite),
      minStep: at(min.steps),
      maxStep: at(max.steps),
    })
  })
  return values
}

import type { Accessor } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { takenText } from '../../compute/run-columns.ts'
import type { Measure, Sparks } from '../../model/measure.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import type { RunStats } from '../../model/stats.ts'
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

/** Columns of a small line: two device pixels each. */
const SPARK_WIDTH = 40

export interface RankOptions {
  engine: Pick<EngineApi, 'ask'>
  project: Accessor<ProjectId | undefined>
  runs: Accessor<Run[]>
  version: Accessor<number>
  /** The lists' values wait until the rows are read, so that they never stand in the way of a chart. */
  ended: Accessor<boolean>
}

/** What is undefined is not known yet; asking starts the reading. Runs without the metric are left out. */
export interface Ranks {
  values(metric: string): ReadonlyMap<RunKey, RunValues> | undefined
  /** A number that asks for more than these. */
  measured(metric: string, measure: Measure): ReadonlyMap<RunKey, number> | undefined
  /** Lines as small as a cell, with the place of each run in them. */
  sparks(metric: string): RunSparks | undefined
}

/** With the place of each run among them. */
export interface RunSparks extends Sparks {
  places: ReadonlyMap<RunKey, number>
}

/** What is not known yet, or could not be read. */
export const NO_SPARKS: Sparks = {
  runs: [],
  width: 0,
  from: Number.NaN,
  to: Number.NaN,
  low: new Float32Array(0),
  high: new Float32Array(0),
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
  /** What a key of `measured` stands for. */
  const measures = new Map<string, { metric: string; measure: Measure }>()
  const measured = createPerRun<ReadonlyMap<RunKey, number>>({
    ...options,
    async read(key, project, runs, signal) {
      const all = new Map<RunKey, number>()
      const asked = measures.get(key)
      if (!asked) return all
      const found = await engine.ask('measure', { project, ...asked, runs }, { signal })
      runs.forEach((run, r) => {
        if (found.has[r]) all.set(run, found.values[r] ?? Number.NaN)
      })
      return all
    },
    failed: new Map(),
  })
  const sparks = createPerRun<RunSparks>({
    ...options,
    read: async (metric, project, runs, signal) => ({
      ...(await engine.ask('sparks', { project, metric, runs, width: SPARK_WIDTH }, { signal })),
      places: new Map(runs.map((key, place) => [key, place])),
    }),
    failed: { ...NO_SPARKS, places: new Map() },
  })
  return {
    values,
    measured(metric, measure) {
      const key = `${takenText(measure)}:${metric}`
      if (!measures.has(key)) measures.set(key, { metric, measure })
      return measured(key)
    },
    sparks,
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

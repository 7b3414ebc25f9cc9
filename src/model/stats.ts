import type { RunKey } from './run.ts'

/**
 * Single numbers of each metric of each run, from the rows read so far: in every array, that of metric m and
 * run r is entry `m * runs.length + r`. A run that did not log a metric has count 0 and NaN.
 */
export interface RunStats {
  metrics: string[]
  runs: RunKey[]
  /** Logged points, and how many of them are NaN or infinite. */
  count: Uint32Array
  nonFinite: Uint32Array
  /** In row order, as they were logged: NaN and infinities too. */
  first: Points
  last: Points
  /** Of the finite values; of equal ones the first. */
  min: Points
  max: Points
  /** Mean of the finite values, and of those among the last tenth of all (rounded up). */
  mean: Float64Array
  tail: Float64Array
  /** From all rows of the project. */
  exact: boolean
}

/**
 * Logged points: the value, its place in the series (−1 where there is none), its step, and its time in ms
 * since 1970.
 */
export interface Points {
  values: Float64Array
  index: Int32Array
  steps: Float64Array
  times: Float64Array
}

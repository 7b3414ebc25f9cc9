import type { RunKey } from './run.ts'

/**
 * A number of a metric of a run that needs more than the metric's own first, last, least and greatest value.
 *
 * - `at`: the value at a step: the last one logged at or before it, by a run that came so far.
 * - `best`: the value where another metric was best: at the step of its least or greatest finite value.
 * - `reach`: the first step whose value was at most (`min`) or at least (`max`) so much.
 * - `area`: under the line over the steps, by the trapezoidal rule, of its finite points.
 */
export type Measure =
  | { by: 'at'; step: number }
  | { by: 'best'; of: string; end: 'min' | 'max' }
  | { by: 'reach'; value: number; end: 'min' | 'max' }
  | { by: 'area' }

/** Of each run: the number, and whether there is one (a NaN that was logged is one). */
export interface Measured {
  runs: RunKey[]
  values: Float64Array
  has: Uint8Array
}

/**
 * Lines as small as a cell: the steps from `from` to `to`, which all runs share, in `width` columns of equal
 * width. `low` and `high` are the least and greatest finite value of run r in column x, at `r * width + x`; NaN
 * where it logged none.
 */
export interface Sparks {
  runs: RunKey[]
  width: number
  from: number
  to: number
  low: Float32Array
  high: Float32Array
}

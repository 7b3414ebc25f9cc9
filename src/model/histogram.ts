import type { Reading } from './catalogue.ts'
import type { RunKey } from './run.ts'
import type { Notice, ProjectId } from './source.ts'

/** The `_type` of a histogram in a logged row. */
export const HISTOGRAM = 'trackio.histogram'

/** Counts of bins that follow each other: bin i lies from `edges[i]` to `edges[i + 1]`. Both may be empty. */
export interface Bins {
  /** n + 1 numbers that never fall; the first may be −Infinity and the last Infinity, as open ends. */
  edges: ArrayLike<number>
  /** n finite numbers, none below 0. */
  counts: ArrayLike<number>
}

/** The part of the values that a range keeps: at least so much of what was counted, over all runs and steps. */
export const RANGE_SHARES = [0.999, 0.99] as const
export type HistogramRange = 'most' | 'middle' | 'full'

export interface HistogramsQuery {
  project: ProjectId
  key: string
  runs: RunKey[]
  /** Only the last one of each run at or before this step, and none before its first. */
  at?: number | undefined
}

/**
 * Histograms of one key as columns. Run i has the entries [runStarts[i], runStarts[i + 1]), in row order: steps may
 * go back where a run was resumed. Entry e has the bins [starts[e], starts[e + 1]) of `counts`; its edges begin at
 * `starts[e] + e` of `edges`, one more than it has bins (a NaN where it has none).
 */
export interface Histograms {
  runs: RunKey[]
  runStarts: Uint32Array
  /** Of each run: time of its first row, ms since 1970; NaN without any. */
  begun: Float64Array
  /** Of each entry; NaN where none was logged, or none can be read. */
  steps: Float64Array
  /** ms since 1970. */
  times: Float64Array
  starts: Uint32Array
  edges: Float64Array
  counts: Float64Array
  /** What all entries of all runs of the project have in common, whichever were asked for: axes stay with it. */
  common: HistogramFacts
  reading: Reading
  /** What could not be read. */
  notices: Notice[]
  version: string
}

/** Of all histograms of a key. */
export interface HistogramFacts {
  /** Entries in all, and those without a count. */
  entries: number
  empty: number
  /** The least and greatest finite edges of bins with a count; both NaN where there is none. */
  full: [number, number]
  /** Ranges that keep RANGE_SHARES of the counts. */
  kept: [number, number][]
  /** Half of all values lie no further from 0 than about this; 0 where they all are 0. */
  typical: number
  /** The least count above 0 and the greatest one of a bin; both 0 where there is none. */
  counts: [number, number]
}

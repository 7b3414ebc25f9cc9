import type { MetricInfo, OtherKey } from './metric.ts'
import type { Run } from './run.ts'
import type { Notice, ProjectInfo } from './source.ts'

/**
 * How far the reading of a project's rows has come. `held`: a sample of a large file behind a network is
 * there, the rest is read when asked for.
 */
export interface Reading {
  state: 'reading' | 'done' | 'held' | 'cancelled' | 'failed'
  bytes: number
  totalBytes: number
  rows: number
  /** How many rows there are in all, where that is known before they are read. */
  totalRows?: number
  /** In words, why reading failed. */
  why?: string | undefined
}

/** Tables beside the metrics that people log into. */
export type SideTable = 'alerts' | 'traces' | 'artifacts' | 'system'

/** Rows of such a table; undefined where there are some, and counting them would cost too much. */
export interface SideCount {
  table: SideTable
  rows: number | undefined
}

/** What a project holds, as far as it is known. Everything in it is exact once `exact` is true. */
export interface Catalogue {
  project: ProjectInfo
  /** Oldest first; `runs[i].slot === i`. */
  runs: Run[]
  /** Sorted by name. */
  metrics: MetricInfo[]
  /** `counts[m * runs.length + r]`: points of metric m in run r. */
  counts: Uint32Array
  others: OtherKey[]
  rows: number
  exact: boolean
  reading: Reading
  notices: Notice[]
}

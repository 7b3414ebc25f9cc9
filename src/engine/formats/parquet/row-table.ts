import type { KeyTable } from '../../columns/scan.ts'
import type { RunRows } from './parquet-runs.ts'

/** The rows of a metrics table without its metrics, as far as they were read. */
export interface RowTable {
  keys: KeyTable
  /** In order of first appearance. */
  runs: RunRows[]
  rows: number
  /** By row group as far as they were read: the run of each row, NO_RUN for a row without a run name. */
  runOf: Uint32Array[]
  namelessRows: number
  /** Names and ids of runs, and timestamps, that are no UTF-8. */
  garbledTexts: number
  /** Rows whose payload is no JSON object (0.2.0–0.2.3). */
  unreadable: number
  /** Bytes to be read for it, and how many were. */
  totalBytes: number
  bytes: number
}

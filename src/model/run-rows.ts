import type { OtherKey } from './metric.ts'

/** `count` rows from row `from` on; with `step`, `from` counts from the first row of that step and may be below 0. */
export interface RowsRange {
  keys: readonly string[]
  from: number
  count: number
  step?: number | undefined
  /** Longest text of a cell; longer ones are cut, and end with `…`. */
  most?: number | undefined
}

/** What a run holds beside numbers. */
export interface RunBeside {
  /** Keys that hold other values than numbers; undefined where only the whole project's are known. */
  others: OtherKey[] | undefined
  /** Artifacts it made or used. */
  artifacts: number
}

/** A row of a run as it was logged. */
export interface RunRow {
  /** null where none was logged. */
  step: number | null
  /** As stored; '' where none is. */
  timestamp: string
  /**
   * JSON text of each key that was asked for, with the digits that were written where the source keeps them;
   * undefined where the row did not log it. A text that was cut ends with `…`, as no JSON does.
   */
  cells: (string | undefined)[]
  /** What is stored where the payload is no JSON object. */
  unreadable?: string | undefined
  /** It is not found any more: these are its numbers as they were read. */
  lost?: true
}

/** Rows of a run in row order: timestamp, then id. Rows of one step stay the rows they were logged in. */
export interface RunRows {
  /** Place of the first of them among the run's rows. */
  from: number
  rows: RunRow[]
  /** Rows of the run that were read so far. */
  total: number
  /** The first row of the step that was asked for, or of the next one; the last row where there is none. */
  at?: number | undefined
  /** Cells have the digits that were written; else numbers stand in their shortest form. */
  keepsText: boolean
}

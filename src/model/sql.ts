import type { Notice, ProjectId } from './source.ts'
import type { SqlValue } from './tracking.ts'

/** One statement of SQL that reads, over the tables of a project as trackio's database has them. */
export interface SqlQuery {
  project: ProjectId
  text: string
  /** Values of its `?`, in order. */
  bind?: readonly SqlValue[] | undefined
  /** Rows that are answered; default `SQL_ROWS`. */
  most?: number | undefined
}

/** As many rows as trackio's own server gives at most. */
export const SQL_ROWS = 10_000

/** What a statement of SQL gives. */
export interface SqlAnswer {
  columns: string[]
  /**
   * In the order of the columns. Integers beyond ±2^53 come as the nearest double; payloads, which trackio stores as
   * bytes, as text.
   */
  rows: SqlValue[][]
  /** There are more rows than were asked for, or than an answer holds. */
  truncated: boolean
  /**
   * The statement was asked of a copy of the tables that it names: the source has no database, or log calls wait
   * beside it, or changes can still be undone.
   */
  copied: boolean
  /** What of the source cannot be read, is not in the answer, or is not there. */
  notices: Notice[]
  /** ms that the statement itself took. */
  took: number
}

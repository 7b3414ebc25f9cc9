export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Unique within a project: the run's id, or its name where the database has no ids (trackio before 0.24). */
export type RunKey = string

export interface Run {
  key: RunKey
  /** null where the database has no run ids. */
  id: string | null
  /** Display name; not unique. */
  name: string
  /** What `init(group=…)` stored. */
  group: string | null
  username: string | null
  /** trackio stores no state (format: nothing marks a run as finished). */
  status: null
  /** User keys only; null where no config row exists or it cannot be read. */
  config: { [key: string]: Json } | null
  /** Smallest timestamp, as stored; '' where the writer stored none. */
  createdAt: string
  /** The same in ms since 1970, NaN where it cannot be read as a time. */
  created: number
  lastTimestamp: string
  last: number
  /** Rank by (createdAt, key), oldest 0: the run's colour slot. */
  slot: number
  /** Metric rows read so far; exact when the catalogue is. */
  rows: number
  firstStep: number | null
  lastStep: number | null
}

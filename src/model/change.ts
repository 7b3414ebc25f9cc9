import type { RunKey } from './run.ts'

/** A run as a change names it: as it was when the change was asked for. */
export interface ChangedRun {
  key: RunKey
  /** null where the database tells runs by their names. */
  id: string | null
  name: string
  /** Another run has the same id, as trackio groups rows of one id under two names: the name tells them apart. */
  shared?: true
}

/** What can be done to runs of a project: all of them at once, or none. `to`: another project of the same place. */
export type RunChange =
  | { kind: 'rename'; runs: [ChangedRun]; name: string }
  | { kind: 'delete'; runs: ChangedRun[] }
  | { kind: 'move'; runs: ChangedRun[]; to: string }

/** What can be done to something that this browser keeps. */
export type StoredChange = RunChange | { kind: 'delete-project' }

/** A project of this browser's own storage, opened or not: a copy that it keeps, or one that it tracked. */
export interface StoredPlace {
  kind: 'kept' | 'tracked'
  /** Of the copy, or of the tracked project. */
  name: string
  /** As it is listed once it is open: rows of the first releases name it. */
  project: string
}

/** A file on this machine that a person let the page write to, and what it was like when they last saw it. */
export interface WritableFile {
  handle: FileSystemFileHandle
  /** Bytes, and when it was last written, ms since 1970. */
  size: number
  lastModified: number
  /**
   * Its first bytes, of which a database changes some with every transaction: not every file has a time that
   * tells (in Chromium's private windows it may stay).
   */
  head: string
}

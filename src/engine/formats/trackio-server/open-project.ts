import type { Reading } from '../../../model/catalogue.ts'
import type { Notice } from '../../../model/source.ts'
import type { OpenDataset } from '../dataset.ts'
import type { Parts } from './row-parts.ts'
import type { Page, Pager } from './server-pages.ts'
import type { Beside } from './server-run-tables.ts'
import type { Head, Query, Row, Tables } from './server-tables.ts'

/** A project at its server. */
export interface ProjectPlace
  extends Pick<OpenDataset, 'media' | 'artifactFile' | 'renameRun' | 'deleteRun'> {
  query: Query
  /**
   * Of a server on another machine: a project whose rows would be more bytes (unpacked) is held after its
   * sample, until it is asked for whole.
   */
  holdFrom: number | undefined
}

/**
 * An open project of a server: what is known of it, and how far it was read. The steps beside this file work
 * on it.
 */
export interface OpenProject {
  readonly project: string
  readonly holdFrom: number | undefined
  /** Counts the bytes that come. */
  readonly query: (sql: string, signal?: AbortSignal | undefined) => Promise<Row[]>
  readonly pager: Pager
  /** Rows in the order of their ids, by project and run. */
  readonly parts: Parts
  readonly beside: Beside
  readonly projects: OpenDataset['projects']
  /** Adds the projects that these rows name; once all are read and there was none, the one they would be of. */
  listProjects(found: Parts): void
  bytes: number

  // as of the last look
  head: Head
  lookedAt: string
  tables: Tables

  state: Reading['state']
  failure: Notice | undefined
  stop: 'cancel' | 'pause' | undefined
  inFlight: AbortController | undefined
  wholeWanted: boolean
  samples: Parts | undefined
  samplesTaken: number
  /** Rows that there were when the sample was taken. */
  sampledAt: number
  /** Estimated from the sample. */
  bytesInAll: number
  /** The page that was asked for while the last one was taken, and the id it begins at. */
  ahead: { from: number; to: number; page: Promise<Page> } | undefined
  lastRow: Row | undefined
  lastId: number
  /** Rows taken so far. */
  taken: number
  /** The last known row was not there any more when later ones were asked for. */
  replaced: boolean
  /** Rows came with earlier times than rows before them. */
  late: boolean
}

/** trackio's ids begin at 1; another program's may not. */
export const BEFORE_ALL = Number.MIN_SAFE_INTEGER

export function rowsThere({ head }: OpenProject): number {
  return head.highest - head.gaps
}

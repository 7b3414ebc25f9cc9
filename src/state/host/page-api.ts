import type { AlertsWanted } from '../../bridge/logged-alerts.ts'
import type { LoggedArtifact, ReadingOptions } from '../../bridge/logged-artifacts.ts'
import type { FilesWanted, LoggedFiles } from '../../bridge/logged-files.ts'
import type { LoggedMedia, MediaWanted } from '../../bridge/logged-media.ts'
import type { LoggedReport, ReportsWanted } from '../../bridge/logged-reports.ts'
import type { LoggedTable } from '../../bridge/logged-tables.ts'
import type { LoggedTrace } from '../../bridge/logged-traces.ts'
import type { Alert } from '../../model/alert.ts'
import type { Json } from '../../model/run.ts'
import type { SqlAnswer } from '../../model/sql.ts'
import type { SqlValue } from '../../model/tracking.ts'
import type { ViewReport } from './report.ts'

export interface HandleProject {
  id: string
  name: string
  source: string
  file: string
}

export interface HandleRun {
  id: string | null
  name: string
  group: string | null
  status: string | null
  config: { [key: string]: Json } | null
}

export interface HandleSeries {
  steps: Float64Array
  values: Float64Array
  /** ms since 1970 */
  timestamps: Float64Array
}

/** The reading handle of the console, of notebooks and of checks: the same engine that the page uses. */
export interface Handle {
  /** Resolves when all visible charts are drawn and exact. */
  ready(): Promise<void>
  projects(): Promise<HandleProject[]>
  runs(project: string): Promise<HandleRun[]>
  /**
   * Every logged point, unsampled, in row order. Without `metrics`: all of them. Rejects where not all rows
   * can be read, with how many were and why no more.
   */
  history(
    project: string,
    run: string,
    options?: { metrics?: string[] | undefined; signal?: AbortSignal | undefined },
  ): Promise<Record<string, HandleSeries>>
  /**
   * Tables that runs logged, with their rows as they were logged: of all keys and runs, or of one. Rejects where
   * not all rows can be read.
   */
  tables(
    project: string,
    options?: { key?: string | undefined; run?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<LoggedTable[]>
  /**
   * Traces that runs logged, with their messages, metadata and spans: of all runs, or of one. Rejects where not
   * all can be read.
   */
  traces(
    project: string,
    options?: { run?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<LoggedTrace[]>
  /**
   * The file that a logged value names by its `file_path`, wherever the project lies; undefined where it is
   * lost. Rejects where it could not be read.
   */
  media(project: string, path: string): Promise<Blob | undefined>
  /**
   * Images, videos, sounds, HTML pages, 3D objects and texts that runs logged: of all keys, runs and kinds, or of
   * one; `media(project, one.path)` gives the bytes of one. Rejects where not all rows can be read.
   */
  media(project: string, options?: MediaWanted): Promise<LoggedMedia[]>
  /** What runs warned of, newest first: of all runs and levels, or of one. Rejects where not all can be read. */
  alerts(project: string, options?: AlertsWanted): Promise<Alert[]>
  /**
   * Artifacts with their versions, and the runs that made and used them. `version.manifest()` lists the files of one,
   * `version.file(path)` gives the content of one.
   */
  artifacts(project: string, options?: ReadingOptions): Promise<LoggedArtifact[]>
  /** Files of the project, or one part of them; each gives its bytes by `blob()`. */
  files(project: string, options?: FilesWanted): Promise<LoggedFiles>
  /** Reports that runs logged: of all keys and runs, or of one. Rejects where not all rows can be read. */
  reports(project: string, options?: ReportsWanted): Promise<LoggedReport[]>
  /**
   * One SELECT over the project's tables, as trackio's database has them; 10,000 rows unless `most` says otherwise.
   * `notices` say what cannot be read, is left out or is not there. Rejects in SQLite's words, with the place in the
   * text.
   */
  query(
    project: string,
    sql: string,
    options?: {
      bind?: readonly SqlValue[] | undefined
      most?: number | undefined
      signal?: AbortSignal | undefined
    },
  ): Promise<SqlAnswer>
  /** What is on screen, in the words of trackio's own dashboard. */
  getViewState(): ViewReport
  protocolVersion: number
}

declare global {
  interface Window {
    trackio?: Handle
  }
}

import type { LoggedTable } from '../../bridge/logged-tables.ts'
import type { LoggedTrace } from '../../bridge/logged-traces.ts'
import type { Json } from '../../model/run.ts'
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
   * lost.
   */
  media(project: string, path: string): Promise<Blob | undefined>
  /** What is on screen, in the words of trackio's own dashboard. */
  getViewState(): ViewReport
  protocolVersion: number
}

declare global {
  interface Window {
    trackio?: Handle
  }
}

import type { EngineApi } from '../../bridge/engine-api.ts'
import type { Export, ExportForm, ExportPlan, Query } from '../../model/questions.ts'
import type { RunKey } from '../../model/run.ts'
import type { NamedFile, Notice, ProjectId } from '../../model/source.ts'
import type { Jobs } from '../base/job.ts'
import type { Parts } from './part.ts'

export interface Downloads {
  /** What each form would hold of a project, and what it would leave behind. */
  plans(project: ProjectId, signal: AbortSignal): Promise<ExportPlan[]>
  /**
   * Saves a project as one file. `say`: is handed what was saved and what the form left behind, and gives whether it
   * shows them; else what was left behind is told over the charts. What failed is told.
   */
  project(
    project: ProjectId,
    name: string,
    form: ExportForm,
    say?: (saved: Pick<Export, 'name' | 'notices' | 'whole'>) => boolean,
  ): Promise<void>
  /** All logged rows of a metric in these runs. Rejects with what failed. */
  csv(project: ProjectId, name: string, metric: string, runs: RunKey[]): Promise<void>
  /** What stands for groups of runs, by x. */
  groupCsv(name: string, query: Omit<Query<'groupCsv'>, 'part'>): Promise<void>
}

export interface DownloadsOptions {
  engine: EngineApi
  jobs: Jobs
  tell(notice: Notice): void
  /** Media and artifacts of a project, where the engine was not handed them. */
  rest(project: ProjectId, signal: AbortSignal): Promise<NamedFile[]>
  /** Asks before a part is saved. */
  parts: Parts
  /** For tests: how a file is saved. */
  save?: (blob: Blob, name: string) => void
}

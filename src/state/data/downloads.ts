import type { EngineApi } from '../../bridge/engine-api.ts'
import type { ExportForm, Query } from '../../model/questions.ts'
import type { RunKey } from '../../model/run.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import type { Jobs } from '../base/job.ts'
import type { Parts } from './part.ts'

export interface Downloads {
  project(project: ProjectId, name: string, form: ExportForm): Promise<void>
  /** All logged rows of a metric in these runs. Rejects with what failed. */
  csv(project: ProjectId, name: string, metric: string, runs: RunKey[]): Promise<void>
  /** What stands for groups of runs, by x. */
  groupCsv(name: string, query: Omit<Query<'groupCsv'>, 'part'>): Promise<void>
}

export interface DownloadsOptions {
  engine: EngineApi
  jobs: Jobs
  tell(notice: Notice): void
  /** Asks before a part is saved. */
  parts: Parts
  /** For tests: how a file is saved. */
  save?: (blob: Blob, name: string) => void
}

import type { EngineApi } from '../../bridge/engine-api.ts'
import { fileName } from '../../compute/file-name.ts'
import { isAbort } from '../../model/errors.ts'
import type { ExportForm, Query } from '../../model/questions.ts'
import type { RunKey } from '../../model/run.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import type { Jobs } from '../base/job.ts'
import { save as saveFile } from '../base/save.ts'
import { ownFiles } from './own-files.ts'
import { isPart, type Parts } from './part.ts'

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

const WORDS: Record<ExportForm, string> = {
  db: 'a database',
  parquet: 'Parquet',
  csv: 'CSV',
  html: 'a page of one file',
}

/** Files that the engine writes, for the browser's downloads. */
export function makeDownloads({ engine, jobs, tell, parts, save = saveFile }: DownloadsOptions): Downloads {
  return {
    project: (project, name, form) =>
      jobs.run(`writing ${name} as ${WORDS[form]}`, name, async (options) => {
        const all = (part: boolean) =>
          engine.ask('export', { project, form, frontend: ownFiles(), part }, options)
        const file = await parts.offer(project, all, options.signal)
        if (!file) return
        save(file.blob, file.name)
        for (const notice of file.notices) tell(notice)
      }),
    csv: (project, projectName, metric, runs) =>
      rows(project, [projectName, metric], (part, signal) =>
        engine.ask('csv', { project, metric, runs, part }, { signal }),
      ),
    groupCsv: (projectName, query) =>
      rows(query.project, [projectName, query.metric, 'groups'], (part, signal) =>
        engine.ask('groupCsv', { ...query, part }, { signal }),
      ),
  }

  async function rows(
    project: ProjectId,
    name: string[],
    ask: (part: boolean, signal: AbortSignal) => Promise<Blob>,
  ): Promise<void> {
    try {
      await jobs.show(`writing ${name[1]} as ${WORDS.csv}`, async ({ signal }) => {
        const blob = await parts.offer(project, (part) => ask(part, signal), signal)
        if (!blob) return
        save(blob, fileName([...name, ...((await isPart(blob)) ? ['part'] : [])], 'csv'))
      })
    } catch (error) {
      if (!isAbort(error)) throw error
    }
  }
}

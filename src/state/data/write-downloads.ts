import { fileName } from '../../compute/file-name.ts'
import { isAbort } from '../../model/errors.ts'
import type { ExportForm } from '../../model/questions.ts'
import type { ProjectId } from '../../model/source.ts'
import { save as saveFile } from '../base/save.ts'
import type { Downloads, DownloadsOptions } from './downloads.ts'
import { ownFiles } from './own-files.ts'
import { isPart } from './part.ts'

const WORDS: Record<ExportForm, string> = {
  db: 'a database',
  folder: 'a folder',
  parquet: 'Parquet',
  csv: 'CSV',
  html: 'a page of one file',
}

/** Files that the engine writes, for the browser’s downloads. */
export function makeDownloads(options: DownloadsOptions): Downloads {
  const { engine, jobs, tell, parts, rest, save = saveFile } = options
  return {
    plans: async (project, signal) =>
      engine.ask('exportPlans', { project, beside: await rest(project, signal) }, { signal }),
    project: (project, name, form, say) =>
      jobs.run(`writing ${name} as ${WORDS[form]}`, name, async (waiting) => {
        // anew, not as the plans had it: a run that goes on logging has more by now
        const beside = await rest(project, waiting.signal)
        const all = (part: boolean) =>
          engine.ask('export', { project, form, frontend: ownFiles(), part, beside }, waiting)
        const file = await parts.offer(project, all, waiting.signal)
        if (!file) return
        save(file.blob, file.name)
        if (!say?.(file)) file.notices.forEach(tell)
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

import { createEffect, createRoot } from 'solid-js'
import { fileName } from '../../../compute/file-name.ts'
import { type TableForm, tableText } from '../../../compute/table-text.ts'
import { type IncompleteError, incomplete, TrackioError } from '../../../model/errors.ts'
import type { App } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { copyText } from '../../common/clipboard.ts'
import type { TableColumn } from './columns.ts'
import type { RunsModel } from './model.ts'
import { textTableOf } from './table-text-of.ts'

/** The table as a file. Columns that nobody saw yet are read first; of rows that were not all read it asks. */
export function download(model: RunsModel, app: App): void {
  const name = model.projectName()
  void app.jobs.run('writing the table of runs', name, async ({ signal }) => {
    const project = app.sources.asked()
    if (project === undefined) return
    const text = await app.parts.offer(
      project,
      async (part) => {
        await app.ask('settled', { project }, { signal })
        const missing = partOf(app, name)
        if (missing && !part) throw missing
        await columnsRead(model.columns(), signal)
        const first = missing ? `# part: ${missing.read}, ${missing.why.replaceAll(/\s+/g, ' ')}\n` : ''
        return { part: missing !== undefined, text: first + textOf(model, 'csv') }
      },
      signal,
    )
    if (text)
      save(
        new Blob([text.text], { type: 'text/csv' }),
        fileName([name, 'runs', ...(text.part ? ['part'] : [])], 'csv'),
      )
  })
}

/** The same for the clipboard, which takes nothing long after a click: of columns that are here at once. */
export function copy(model: RunsModel, form: TableForm, app: App): void {
  const name = model.projectName()
  if (model.columns().every(isRead)) return void copyText(textOf(model, form))
  void app.jobs.run('reading the table of runs', name, async ({ signal }) => {
    await columnsRead(model.columns(), signal)
    await copyText(textOf(model, form))
  })
}

function textOf(model: RunsModel, form: TableForm): string {
  return tableText(textTableOf(model, model.lines(), model.columns()), form)
}

/** Why the numbers are not of all rows; undefined where they are. */
function partOf({ data }: App, subject: string): IncompleteError | undefined {
  const catalogue = data.catalogue()
  return catalogue && !catalogue.exact ? incomplete(subject, catalogue.reading) : undefined
}

function isRead(column: TableColumn): boolean {
  return column.data() !== undefined
}

/** Resolves once all columns have their values. Throws TrackioError for one that cannot be read. */
function columnsRead(columns: readonly TableColumn[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) =>
    createRoot((dispose) => {
      const end = (act: () => void): void => {
        signal.removeEventListener('abort', giveUp)
        dispose()
        act()
      }
      const giveUp = (): void => end(() => reject(signal.reason))
      signal.addEventListener('abort', giveUp)
      createEffect(() => {
        // each is asked for: none waits for the one before
        const waiting = columns.filter((column) => !isRead(column))
        const failed = waiting.find((column) => column.failed() !== undefined)
        if (failed)
          end(() =>
            reject(
              new TrackioError(failed.label, `could not be read: ${failed.failed()}`, 'Try its head again.'),
            ),
          )
        else if (waiting.length === 0) end(resolve)
      })
    }),
  )
}

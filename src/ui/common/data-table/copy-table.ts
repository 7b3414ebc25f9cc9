import { fileName } from '../../../compute/file-name.ts'
import { formatPlural } from '../../../compute/format.ts'
import type { TableCopy } from '../../../model/logged-table.ts'
import type { App } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { copied, copyText } from '../clipboard.ts'
import type { TableModel } from './table-model.ts'

/** More rows are a file: a clipboard of a hundred megabytes stops the machine. */
const CLIPBOARD_ROWS = 20_000

const ENDINGS: Record<TableCopy, string> = { csv: 'csv', tsv: 'tsv', markdown: 'md', latex: 'tex' }

/**
 * Rows that pass the filters, in their order, or some of them; the columns that are shown. Says what came of it.
 * CSV is a file, the rest goes to the clipboard.
 */
export async function copyTable(
  { ask, jobs, sources }: App,
  model: Pick<TableModel, 'table' | 'columns'>,
  form: TableCopy,
  range?: { from: number; end: number },
): Promise<void> {
  const query = model.table.query()
  const rows = range ? range.end - range.from : (model.table.view()?.shown ?? 0)
  if (!query) return
  const columns = model.columns().map(({ id }) => id)
  const words = formatPlural(rows, 'row')
  await jobs.run(`writing ${words}`, query.key, async ({ signal, onProgress }) => {
    const part = range && { from: range.from, count: range.end - range.from }
    // a job's progress is told in bytes: rows are none
    const onText = ({ text }: { text: string }): void => onProgress({ text, bytes: 0, totalBytes: 0 })
    const blob = await ask('tableText', { ...query, columns, form, ...part }, { signal, onProgress: onText })
    if (form === 'csv' || rows > CLIPBOARD_ROWS) {
      save(blob, fileName([sources.project()?.name ?? '', query.key], ENDINGS[form]))
      return
    }
    await copyText(await blob.text())
    if (copied() !== 'Copied') throw new Error(copied())
  })
}

import { fileName } from '../../../compute/file-name.ts'
import { formatPlural } from '../../../compute/format.ts'
import { isAbort } from '../../../model/errors.ts'
import { save } from '../../../state/base/save.ts'
import { copied, copyText } from '../../common/clipboard.ts'
import type { RunModel } from './model.ts'
import { rowJson } from './raw-cells.ts'

/** More rows are a file: a clipboard of a hundred megabytes stops the machine. */
const CLIPBOARD_ROWS = 20_000
/** Rows of one piece of the file. */
const PIECE = 10_000

/** Copies rows with the columns that are shown, digit by digit; says what came of it. */
export async function copyRows(model: RunModel, from: number, end: number, project: string): Promise<string> {
  const keys = model.columns()
  const words = formatPlural(end - from, 'row')
  try {
    if (end - from <= CLIPBOARD_ROWS) {
      const rows = await model.rows.whole(from, end, keys)
      await copyText(`[\n${rows.map((row, i) => rowJson(row, from + i, keys)).join(',\n')}\n]`)
      return copied() === 'Copied' ? `${words} copied` : copied()
    }
    const parts: Blob[] = []
    for (let at = from; at < end; at += PIECE) {
      const rows = await model.rows.whole(at, Math.min(end, at + PIECE), keys)
      parts.push(new Blob([`${rows.map((row, i) => rowJson(row, at + i, keys)).join('\n')}\n`]))
    }
    const name = fileName([project, model.run()?.name ?? '', 'rows'], 'jsonl')
    save(new Blob(parts, { type: 'application/x-ndjson' }), name)
    return `${words} saved as ${name}: too many for the clipboard`
  } catch (error) {
    if (isAbort(error) || !(error instanceof Error)) throw error
    return `could not copy: ${error.message}`
  }
}

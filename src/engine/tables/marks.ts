import { MARK_KEY, parseMark, type RunMark } from '../../model/mark.ts'
import type { RunKey } from '../../model/run.ts'
import { type TableRows, textIn } from '../formats/table-rows.ts'

/** What the project's metadata say of its runs. */
export function marksOf(table: TableRows): Record<RunKey, RunMark> {
  const marks: [RunKey, RunMark][] = []
  for (let row = 0; row < table.rows; row++) {
    const key = textIn(table, 'key', row) ?? ''
    const mark = key.startsWith(MARK_KEY) ? parseMark(parsed(textIn(table, 'value', row))) : undefined
    if (mark) marks.push([key.slice(MARK_KEY.length), mark])
  }
  return Object.fromEntries(marks)
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // written by something else
    throw error
  }
}

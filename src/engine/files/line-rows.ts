import { addRows, hasLostDigits, keepDigits } from '../../compute/logged-table/columns.ts'
import { parseLoose } from '../../compute/loose-json.ts'
import type { TextEncoding } from '../../model/file.ts'
import type { OpenFile } from './open-file.ts'
import { counted, type RowReader, textPieces } from './row-reader.ts'

/** Lines of JSON as rows. A line that is none is a row too: what it says stands in a column of its own. */
export function lineRows(file: OpenFile, encoding: TextEncoding): RowReader {
  const pieces = textPieces(file, encoding)
  let rest = ''
  let line = 0
  let broken = 0
  let first = 0
  return {
    async more(into, signal) {
      const { text: piece, last } = await pieces.next(signal)
      const lines = (rest + piece).split('\n')
      rest = last ? '' : (lines.pop() ?? '')
      for (const text of lines) {
        line++
        if (text.trim() === '') continue
        let value = parseLoose(text)
        if (hasLostDigits(value)) value = parseLoose(keepDigits(text))
        if (value === undefined) {
          broken++
          first ||= line
        }
        addRows(into, [value === undefined ? { 'not JSON': text } : value])
      }
      return !last
    },
    cost: pieces.at,
    notes: () =>
      broken > 0
        ? [
            `${counted(broken, 'line is', 'lines are')} no JSON (the first: line ${first.toLocaleString('en')})`,
          ]
        : [],
  }
}

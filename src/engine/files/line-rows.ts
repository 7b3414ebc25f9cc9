import { addRows, hasLostDigits, keepDigits } from '../../compute/logged-table/columns.ts'
import { parseLoose } from '../../compute/loose-json.ts'
import type { TextEncoding } from '../../model/file.ts'
import type { OpenFile } from './open-file.ts'
import { counted, type RowReader } from './row-reader.ts'

const PIECE = 1 << 20

/** Lines of JSON as rows. A line that is none is a row too: what it says stands in a column of its own. */
export function lineRows(file: OpenFile, encoding: TextEncoding): RowReader {
  const decoder = new TextDecoder(encoding)
  let at = 0
  let rest = ''
  let line = 0
  let broken = 0
  let first = 0
  return {
    async more(into, signal) {
      signal?.throwIfAborted()
      const piece = await file.bytes.load(at, PIECE)
      at += piece.length
      const last = piece.length === 0 || at >= file.size
      const lines = (rest + decoder.decode(piece, { stream: !last })).split('\n')
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
    cost: () => at,
    notes: () =>
      broken > 0
        ? [
            `${counted(broken, 'line is', 'lines are')} no JSON (the first: line ${first.toLocaleString('en')})`,
          ]
        : [],
  }
}

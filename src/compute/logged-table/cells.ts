import { CELL_KINDS, type TableCell } from '../../model/logged-table.ts'
import { type ColumnData, kindAt, NULL, textAt } from './columns.ts'

/** Before what is looked for, where it lies beyond what a cell shows. */
const BEFORE = 24

/**
 * A cell with at most so many letters of its text; of a longer one those around what is looked for, else around
 * the letter `look`.
 */
export function cellOf(
  column: ColumnData | undefined,
  row: number,
  most: number,
  find = '',
  look = 0,
): TableCell {
  if (!column) return { kind: 'none', text: '' }
  const kind = CELL_KINDS[kindAt(column, row)] ?? 'none'
  if (kindAt(column, row) === NULL) return { kind, text: 'null' }
  const text = textAt(column, row)
  if (text.length <= most || kind === 'media') return { kind, text }
  const found = find === '' ? -1 : text.toLowerCase().indexOf(find.toLowerCase())
  const hit = found < 0 ? look : found
  const from = hit > most / 3 ? Math.max(0, hit - BEFORE) : 0
  const part = wholeLetters(text, from, from + most)
  return {
    kind,
    text: `${from > 0 ? '…' : ''}${part}${from + most < text.length ? '…' : ''}`,
    length: text.length,
  }
}

/** Where the texts of two cells begin to differ; 0 of cells without texts. */
export function firstDifference(
  one: ColumnData | undefined,
  other: ColumnData | undefined,
  row: number,
  otherRow: number,
): number {
  if (!one || !other) return 0
  const [a, b] = [textAt(one, row), textAt(other, otherRow)]
  if (a === b) return 0
  let at = 0
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  return at
}

/** No half of a letter that takes two units. */
function wholeLetters(text: string, from: number, end: number): string {
  const isLow = (at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00
  return text.slice(isLow(from) ? from + 1 : from, isLow(end) ? end - 1 : end)
}

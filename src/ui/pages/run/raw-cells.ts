import { visibleName } from '../../../compute/visible-name.ts'
import type { RunRow } from '../../../model/run-rows.ts'

/** How a cell is drawn: a number (or one that is none) at the right, anything else at the left. */
export interface CellText {
  text: string
  kind: 'number' | 'number bad' | 'other' | 'number none'
}

const NONE: CellText = { text: '', kind: 'number none' }

/** A cell's JSON text as it stands on screen: numbers digit by digit, those that JSON has no word for bare. */
export function cellOf(json: string | undefined): CellText {
  if (json === undefined) return NONE
  if (/^-?\d/.test(json)) return { text: json, kind: 'number' }
  const bare = /^"?(NaN|-?Infinity)"?$/.exec(json)?.[1]
  if (bare !== undefined) return { text: bare, kind: 'number bad' }
  return { text: visibleName(json), kind: 'other' }
}

/** The stamp without its date and zone, which stand in its title: `10:06:11.753000`. */
export function timeOf(timestamp: string): string {
  return timestamp.replace(/^\d{4}-\d\d-\d\d[T ](.*?)(Z|[+-]\d\d:?\d\d)?$/, '$1')
}

/**
 * By the length of its name, px. The longest a double can be, `-2.2250738585072014e-308`, always has room: 24
 * letters of 7.23 px and the padding.
 */
export function widthOfKey(key: string): number {
  return Math.max(196, Math.min(260, 24 + key.length * 7))
}

/** Widths of row, step and time, px. */
export const LEADING = [60, 76, 132] as const

export function leadingLeft(i: number): number {
  return LEADING.slice(0, i).reduce((sum, width) => sum + width, 0)
}

/** One row as JSON, its values the very text that was logged; bare NaN, as early releases wrote it, quoted. */
export function rowJson(
  { step, timestamp, cells, unreadable }: RunRow,
  row: number,
  keys: readonly string[],
): string {
  const logged = keys.flatMap((key, i) => {
    const text = cells[i]
    return text === undefined
      ? []
      : `${JSON.stringify(key)}: ${/^(NaN|-?Infinity)$/.test(text) ? `"${text}"` : text}`
  })
  const head = `"row": ${row + 1}, "step": ${step}, "timestamp": ${JSON.stringify(timestamp)}`
  return unreadable === undefined
    ? `{${head}, "metrics": {${logged.join(', ')}}}`
    : `{${head}, "unreadable": ${JSON.stringify(unreadable)}}`
}

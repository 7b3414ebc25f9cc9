import { visibleName } from '../../../compute/visible-name.ts'

/** How a cell is drawn: a number (or one that is none) at the right, anything else at the left. */
export interface CellText {
  text: string
  kind: 'number' | 'number bad' | 'other' | 'number none'
}

const NONE: CellText = { text: '', kind: 'number none' }

/** A cell's JSON text as it stands on screen: numbers digit by digit, those that JSON has no word for bare. */
export function cellOf(json: string | undefined): CellText {
  if (json === undefined) return NONE
  const first = json.charCodeAt(0)
  if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return { text: json, kind: 'number' }
  const bare = /^"?(NaN|-?Infinity)"?$/.exec(json)?.[1]
  if (bare !== undefined) return { text: bare, kind: 'number bad' }
  return { text: visibleName(json), kind: 'other' }
}

/** The stamp without its date and zone, which stand in its title: `10:06:11.753000`. */
export function timeOf(timestamp: string): string {
  return timestamp.replace(/^\d{4}-\d\d-\d\d[T ](.*?)(Z|[+-]\d\d:?\d\d)?$/, '$1')
}

/** By the length of its name, px: the 17 digits of a double, its sign and its point always have room. */
export function widthOfKey(key: string): number {
  return Math.max(164, Math.min(260, 24 + key.length * 7))
}

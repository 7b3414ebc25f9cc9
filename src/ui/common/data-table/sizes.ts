import type { TableColumn } from '../../../model/logged-table.ts'

/** A column where it stands: its left edge and width, px. */
export interface PlacedColumn extends TableColumn {
  left: number
  width: number
}

/** The column of row numbers. */
export const NUMBERS = 52
export const LEAST = 48
const LETTER = 6.9
const PADDING = 22
const MOST_TEXT = 360
/** A head has room for its bars, and for what stands under them. */
const LEAST_OF_ALL = 84

export function isRight({ kind }: TableColumn): boolean {
  return kind === 'number'
}

function ownWidth({ name, kind, letters }: TableColumn): number {
  const head = Math.min(160, name.length * LETTER + PADDING + 14)
  const text = Math.min(MOST_TEXT, Math.max(letters, 3) * LETTER + PADDING)
  const least = kind === 'media' ? 120 : LEAST_OF_ALL
  return Math.round(Math.max(least, head, kind === 'media' ? 120 : text))
}

/**
 * Columns one beside the other. Room that is left goes to those with long texts; widths that somebody set stay.
 */
export function placeColumns(
  columns: readonly TableColumn[],
  set: ReadonlyMap<string, number>,
  room: number,
): { columns: PlacedColumn[]; total: number } {
  const widths = columns.map((column) => set.get(column.id) ?? ownWidth(column))
  const sum = widths.reduce((all, width) => all + width, NUMBERS)
  const long = columns.map(({ id, kind, letters }) => !set.has(id) && kind !== 'number' && letters > 40)
  const takers = long.filter(Boolean).length
  const spare = Math.max(0, room - sum)
  let left = NUMBERS
  const placed = columns.map((column, i) => {
    const width = (widths[i] as number) + (long[i] ? Math.floor(spare / takers) : 0)
    left += width
    return { ...column, left: left - width, width }
  })
  return { columns: placed, total: Math.max(left, room) }
}

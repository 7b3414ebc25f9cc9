import { RUN_COLUMN, type TableColumn } from '../../../model/logged-table.ts'

/** A column where it stands: its left edge and width, px. */
export interface PlacedColumn extends TableColumn {
  left: number
  width: number
}

/** The column of row numbers. */
export const NUMBERS = 52
export const LEAST = 48
const LETTER = 7.2
const PADDING = 22
const MOST_TEXT = 300
/** A head has room for its bars, and for what stands under them. */
const LEAST_OF_ALL = 90

export function isRight({ kind }: TableColumn): boolean {
  return kind === 'number'
}

function ownWidth({ id, name, kind, letters }: TableColumn): number {
  const head = Math.min(160, name.length * LETTER + PADDING + 14)
  const mark = id === RUN_COLUMN ? MARK : 0
  const text = Math.min(MOST_TEXT, Math.max(letters, 3) * LETTER + PADDING + mark)
  const least = kind === 'media' ? 120 : LEAST_OF_ALL
  return Math.round(Math.max(least, head, kind === 'media' ? 120 : text))
}

/** What a column of long texts keeps where others have no room, px. */
const LONG_LEAST = 170
/** Before the name of a run. */
const MARK = 20

/**
 * Columns one beside the other. Those with long texts take the room that is left, and make room where there is
 * none; widths that somebody set stay.
 */
export function placeColumns(
  columns: readonly TableColumn[],
  set: ReadonlyMap<string, number>,
  room: number,
): { columns: PlacedColumn[]; total: number } {
  const long = columns.map(
    ({ id, kind, letters }) => !set.has(id) && kind !== 'number' && kind !== 'media' && letters > 24,
  )
  const widths = columns.map((column, i) => (long[i] ? LONG_LEAST : (set.get(column.id) ?? ownWidth(column))))
  const sum = widths.reduce((all, width) => all + width, NUMBERS)
  // by how long their texts are, so that a question leaves room for its answer
  const weights = columns.map(({ letters }, i) => (long[i] ? Math.sqrt(Math.min(letters, 600)) : 0))
  const weight = weights.reduce((all, one) => all + one, 0)
  const spare = Math.max(0, room - sum)
  let left = NUMBERS
  const placed = columns.map((column, i) => {
    const width =
      (widths[i] as number) + Math.floor(weight > 0 ? (spare * (weights[i] as number)) / weight : 0)
    left += width
    return { ...column, left: left - width, width }
  })
  return { columns: placed, total: Math.max(left, room) }
}

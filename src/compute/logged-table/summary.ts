import type { TableSummary } from '../../model/logged-table.ts'
import {
  BOOL,
  type ColumnData,
  JSON_CELL,
  kindAt,
  MEDIA,
  NONE,
  NULL,
  NUMBER,
  numberAt,
  TEXT,
  textAt,
} from './columns.ts'

const BINS = 12
/** Values that repeat have a bar each, up to so many distinct ones. */
const VALUES = 6

/**
 * What a column holds over all rows, with how much of each bar is among the rows shown. One pass for the numbers
 * and one for the bars.
 */
export function summaryOf(
  id: string,
  column: ColumnData | undefined,
  rows: number,
  shown: Uint32Array,
): TableSummary {
  const none: TableSummary = {
    ...{ id, empty: rows, distinct: 0, nonFinite: 0, least: Number.NaN, greatest: Number.NaN },
    ...{ mean: Number.NaN, of: 'numbers', bins: [], held: [], names: [] },
  }
  if (!column) return none
  let empty = 0
  let nonFinite = 0
  let [least, greatest, sum, finite] = [Infinity, -Infinity, 0, 0]
  const [numbers, texts] = [new Set<number>(), new Set<string>()]
  const counts = new Map<string, number>()
  const met = new Uint8Array(column.texts.length)
  let others = 0
  for (let row = 0; row < rows; row++) {
    const kind = kindAt(column, row)
    if (kind === NONE || kind === NULL) {
      empty++
      continue
    }
    const value = numberAt(column, row)
    if (value !== undefined && kind !== BOOL) {
      numbers.add(value)
      if (Number.isFinite(value)) {
        finite++
        sum += value
        if (value < least) least = value
        if (value > greatest) greatest = value
      } else nonFinite++
      continue
    }
    others++
    if (kind !== BOOL) {
      const place = column.numbers[row] as number
      if (met[place] === 0) {
        met[place] = 1
        texts.add(column.texts[place] as string)
      }
    } else texts.add(textAt(column, row))
  }
  const summary: TableSummary = {
    ...none,
    empty,
    nonFinite,
    distinct: numbers.size + texts.size,
    ...(finite > 0 && { least, greatest, mean: sum / finite }),
  }
  if (others === 0 && finite > 0 && numbers.size > 1) return withNumbers(summary, column, shown, rows)
  const isLong = texts.size > VALUES && numbers.size === 0
  if (isLong && (column.counts[TEXT] ?? 0) > 0) return withLengths(summary, column, shown, rows)
  if (texts.size + numbers.size > VALUES || (column.counts[JSON_CELL] ?? 0) + (column.counts[MEDIA] ?? 0) > 0)
    return summary
  for (let row = 0; row < rows; row++) if (kindAt(column, row) > NULL) count(counts, textAt(column, row))
  const names = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
  const held = new Map<string, number>()
  for (const row of shown) if (kindAt(column, row) > NULL) count(held, textAt(column, row))
  return {
    ...summary,
    of: 'values',
    names,
    bins: names.map((name) => counts.get(name) ?? 0),
    held: names.map((name) => held.get(name) ?? 0),
  }
}

function count(counts: Map<string, number>, text: string): void {
  counts.set(text, (counts.get(text) ?? 0) + 1)
}

function withNumbers(
  summary: TableSummary,
  column: ColumnData,
  shown: Uint32Array,
  rows: number,
): TableSummary {
  const { least, greatest } = summary
  return {
    ...summary,
    ...bars((row) => (kindAt(column, row) === NUMBER ? (column.numbers[row] as number) : Number.NaN), {
      ...{ least, greatest, shown, rows },
    }),
  }
}

/** Of texts that hardly repeat: how long they are. */
function withLengths(
  summary: TableSummary,
  column: ColumnData,
  shown: Uint32Array,
  rows: number,
): TableSummary {
  const lengths = Float64Array.from(column.texts, (text) => text.length)
  const lengthAt = (row: number): number =>
    kindAt(column, row) > BOOL || kindAt(column, row) === TEXT
      ? (lengths[column.numbers[row] as number] as number)
      : Number.NaN
  let [least, greatest] = [Infinity, -Infinity]
  for (const length of lengths) {
    if (length < least) least = length
    if (length > greatest) greatest = length
  }
  return { ...summary, of: 'lengths', ...bars(lengthAt, { least, greatest, shown, rows }) }
}

function bars(
  valueAt: (row: number) => number,
  of: { least: number; greatest: number; shown: Uint32Array; rows: number },
): { bins: number[]; held: number[] } {
  const { least, greatest, shown, rows } = of
  const bins = new Array<number>(BINS).fill(0)
  const held = new Array<number>(BINS).fill(0)
  const binOf = (value: number): number =>
    Math.min(BINS - 1, Math.floor(((value - least) / (greatest - least || 1)) * BINS))
  for (let row = 0; row < rows; row++) {
    const value = valueAt(row)
    if (Number.isFinite(value)) bins[binOf(value)]!++
  }
  for (const row of shown) {
    const value = valueAt(row)
    if (Number.isFinite(value)) held[binOf(value)]!++
  }
  return { bins, held }
}

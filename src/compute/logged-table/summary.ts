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

const NO_BIN = 255

/** What a column holds over all rows, and in which bar each row is. */
interface Base {
  rows: number
  summary: TableSummary
  binOf: Uint8Array
}

/** Filters and order change what is shown, not what there is. */
const known = new WeakMap<ColumnData, Base>()

/** What a column holds over all rows, with how much of each bar is among the rows shown. */
export function summaryOf(
  id: string,
  column: ColumnData | undefined,
  rows: number,
  shown: Uint32Array,
): TableSummary {
  if (!column) return { ...NOTHING, id, empty: rows }
  let base = known.get(column)
  if (base?.rows !== rows) {
    base = baseOf(column, rows)
    known.set(column, base)
  }
  const { summary, binOf } = base
  const held = summary.bins.map(() => 0)
  if (held.length > 0)
    for (const row of shown) {
      const bin = binOf[row] as number
      if (bin !== NO_BIN) held[bin]!++
    }
  return { ...summary, id, held }
}

const NOTHING: TableSummary = {
  ...{ id: '', empty: 0, distinct: 0, nonFinite: 0, least: Number.NaN, greatest: Number.NaN },
  ...{ mean: Number.NaN, of: 'numbers', bins: [], held: [], names: [] },
}

function baseOf(column: ColumnData, rows: number): Base {
  let [empty, nonFinite, least, greatest, sum, finite, others] = [0, 0, Infinity, -Infinity, 0, 0, 0]
  const numbers = new Set<number>()
  const flags = new Set<boolean>()
  for (let row = 0; row < rows; row++) {
    const kind = kindAt(column, row)
    if (kind === NONE || kind === NULL) {
      empty++
      continue
    }
    const value = kind === BOOL ? undefined : numberAt(column, row)
    if (value === undefined) {
      others++
      if (kind === BOOL) flags.add(column.numbers[row] === 1)
      continue
    }
    numbers.add(value)
    if (Number.isFinite(value)) {
      finite++
      sum += value
      if (value < least) least = value
      if (value > greatest) greatest = value
    } else nonFinite++
  }
  // texts that stand for what is not finite are numbers
  const isNumber = (text: string): boolean => others === 0 || text === 'NaN' || /^-?Infinity$/.test(text)
  const texts = others === 0 ? 0 : distinctTexts(column, isNumber)
  const distinct = numbers.size + flags.size + texts
  const summary: TableSummary = {
    ...NOTHING,
    ...{ empty, nonFinite, distinct },
    ...(finite > 0 && { least, greatest, mean: sum / finite }),
  }
  const binOf = new Uint8Array(rows).fill(NO_BIN)
  if (others === 0 && finite > 0 && numbers.size > 1) {
    const valueAt = (row: number): number =>
      kindAt(column, row) === NUMBER ? (column.numbers[row] as number) : Number.NaN
    return { rows, summary: { ...summary, bins: bars(valueAt, least, greatest, binOf) }, binOf }
  }
  if (texts > VALUES && numbers.size === 0 && (column.counts[TEXT] ?? 0) > 0)
    return { rows, summary: { ...summary, of: 'lengths', bins: lengthBars(column, binOf) }, binOf }
  const objects = (column.counts[JSON_CELL] ?? 0) + (column.counts[MEDIA] ?? 0)
  if (distinct > VALUES || objects > 0) return { rows, summary, binOf }
  return { rows, summary: { ...summary, of: 'values', ...valueBars(column, binOf) }, binOf }
}

function distinctTexts(column: ColumnData, leftOut: (text: string) => boolean): number {
  const all = column.known ? column.texts : [...new Set(column.texts)]
  const odd = all.length <= 1000 ? all.filter(leftOut).length : 0
  return all.length - odd
}

/** A bar for each value, the most frequent first. */
function valueBars(column: ColumnData, binOf: Uint8Array): { bins: number[]; names: string[] } {
  const counts = new Map<string, number>()
  for (let row = 0; row < binOf.length; row++)
    if (kindAt(column, row) > NULL) {
      const text = textAt(column, row)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  const names = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
  const places = new Map(names.map((name, i) => [name, i]))
  for (let row = 0; row < binOf.length; row++)
    if (kindAt(column, row) > NULL) binOf[row] = places.get(textAt(column, row)) ?? NO_BIN
  return { names, bins: names.map((name) => counts.get(name) ?? 0) }
}

/** Of texts that hardly repeat: how long they are. */
function lengthBars(column: ColumnData, binOf: Uint8Array): number[] {
  const lengths = Float64Array.from(column.texts, (text) => text.length)
  let [least, greatest] = [Infinity, -Infinity]
  for (const length of lengths) {
    if (length < least) least = length
    if (length > greatest) greatest = length
  }
  const lengthAt = (row: number): number =>
    kindAt(column, row) > NUMBER && kindAt(column, row) !== BOOL
      ? (lengths[column.numbers[row] as number] as number)
      : Number.NaN
  return bars(lengthAt, least, greatest, binOf)
}

function bars(
  valueAt: (row: number) => number,
  least: number,
  greatest: number,
  binOf: Uint8Array,
): number[] {
  const bins = new Array<number>(BINS).fill(0)
  const width = greatest - least || 1
  for (let row = 0; row < binOf.length; row++) {
    const value = valueAt(row)
    if (!Number.isFinite(value)) continue
    const bin = Math.min(BINS - 1, Math.floor(((value - least) / width) * BINS))
    bins[bin]!++
    binOf[row] = bin
  }
  return bins
}

import type { TableFilter } from '../../model/logged-table.ts'
import type { Sliced } from '../slices.ts'
import { BOOL, type ColumnData, kindAt, NONE, NULL, NUMBER, numberAt, textAt } from './columns.ts'

/** Of these rows those that pass a filter; a column that is not there holds nothing. */
export function* filterRows(
  rows: Uint32Array,
  column: ColumnData | undefined,
  filter: TableFilter,
): Sliced<Uint32Array> {
  const test = testOf(column, filter)
  const found = new Uint32Array(rows.length)
  let n = 0
  for (let i = 0; i < rows.length; i++) {
    if ((i & 1023) === 0) yield
    const row = rows[i] as number
    if (test(row)) found[n++] = row
  }
  return found.slice(0, n)
}

function testOf(column: ColumnData | undefined, filter: TableFilter): (row: number) => boolean {
  const kind = (row: number): number => (column ? kindAt(column, row) : NONE)
  switch (filter.op) {
    case '=':
      return equals(column, filter.value, kind)
    case '≠': {
      const same = equals(column, filter.value, kind)
      return (row) => !same(row)
    }
    case '≥':
      return (row) => numberIn(column, row) >= filter.value
    case '≤':
      return (row) => numberIn(column, row) <= filter.value
    case 'in':
      return (row) => {
        const value = numberIn(column, row)
        return value >= filter.low && (filter.below ? value < filter.high : value <= filter.high)
      }
    case 'has': {
      const held = column ? holding(column, filter.value) : () => false
      return held
    }
  }
}

function numberIn(column: ColumnData | undefined, row: number): number {
  return (column && numberAt(column, row)) ?? Number.NaN
}

function equals(
  column: ColumnData | undefined,
  value: string | number | boolean | null,
  kind: (row: number) => number,
): (row: number) => boolean {
  if (value === null) return (row) => kind(row) <= NULL
  if (!column) return () => false
  const { numbers, texts } = column
  if (typeof value === 'boolean') return (row) => kind(row) === BOOL && numbers[row] === Number(value)
  if (typeof value === 'number')
    return (row) => kind(row) === NUMBER && Object.is((numbers[row] as number) + 0, value + 0)
  // a text may stand twice where texts are not looked up; integers beyond ±2^53 are told by their digits
  const places = new Uint8Array(texts.length)
  texts.forEach((text, place) => {
    if (text === value) places[place] = 1
  })
  return (row) => {
    const own = kind(row)
    if (own === NUMBER) return column.exact.get(row) === value
    return own > NULL && own !== BOOL && places[numbers[row] as number] === 1
  }
}

/** Whether a row's cell holds a text, whatever its case; each text is looked into once. */
export function holding(column: ColumnData, wanted: string): (row: number) => boolean {
  const needle = wanted.toLowerCase()
  const looked = new Uint8Array(column.texts.length)
  // a million numbers are not spelled to look for a word in them
  const inNumbers = /^[-+.\dae-z]*$/.test(needle) && /^(?:[-+.\de]+|[a-z]{1,8})$/.test(needle)
  return (row) => {
    const kind = kindAt(column, row)
    if (kind === NONE || kind === NULL) return false
    if (kind === NUMBER || kind === BOOL)
      return inNumbers && textAt(column, row).toLowerCase().includes(needle)
    const place = column.numbers[row] as number
    if (looked[place] === 0)
      looked[place] = (column.texts[place] as string).toLowerCase().includes(needle) ? 1 : 2
    return looked[place] === 1
  }
}

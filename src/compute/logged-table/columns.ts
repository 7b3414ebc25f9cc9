import { CELL_KINDS, type CellKind } from '../../model/logged-table.ts'
import type { Json } from '../../model/run.ts'
import { spelledNumber } from '../spelled-number.ts'

/*
 * Rows of logged tables in typed columns: 9 bytes a cell, and each text once as long as texts repeat. So a
 * million rows sort and filter without an object for any of them.
 */

export const NONE = 0
export const NULL = 1
export const NUMBER = 2
export const TEXT = 3
export const BOOL = 4
export const JSON_CELL = 5
export const MEDIA = 6

export interface TableData {
  rows: number
  columns: ColumnData[]
  byName: Map<string, ColumnData>
  /** Values that are no list of rows, and those that hold none: null, or an empty list. */
  odd: number
  empty: number
}

export interface ColumnData {
  name: string
  /** By row, a kind of CELL_KINDS by number; rows beyond its length have no such cell. */
  kinds: Uint8Array
  /** By row: the number, 0 and 1 of flags, of the rest the place in `texts`. */
  numbers: Float64Array
  /** Of objects and lists their JSON. */
  texts: string[]
  /** Rows up to the last one that has such a cell. */
  length: number
  /** Integers beyond ±2^53 with all their digits, by row. */
  exact: Map<number, string>
  /** How many cells there are of each kind but NONE. */
  counts: number[]
  /** Places of texts by text, while that is worth it: undefined where nearly every text is another one. */
  known: Map<string, number> | undefined
}

/** Texts of which most are met once are not looked up any more from so many on. */
const LOOKED_UP = 50_000

/** Before an integer of more digits than a double holds, in a text that stands for it. */
const DIGITS = '\u0001'

export function makeTableData(): TableData {
  return { rows: 0, columns: [], byName: new Map(), odd: 0, empty: 0 }
}

/** Some number of it lost digits when it was read: it is an integer beyond ±2^53. */
export function hasLostDigits(value: Json | undefined): boolean {
  if (typeof value === 'number')
    return !Number.isSafeInteger(value) && Number.isInteger(value) && Math.abs(value) < 1e21
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasLostDigits)
  for (const name in value) if (hasLostDigits(value[name])) return true
  return false
}

/** JSON of a value, integers beyond ±2^53 as texts that `addRows` takes for what they are. */
export function keepDigits(text: string): string {
  return text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g, (token) =>
    token[0] === '"' || Number.isSafeInteger(Number(token)) ? token : `"\\u0001${token}"`,
  )
}

/**
 * Adds the rows of a logged value; how many. Rows are objects, lists (their columns are `0`, `1`, …), or, of
 * what nobody should write, single values (a column `value`).
 */
export function addRows(table: TableData, value: Json | undefined): number {
  if (!Array.isArray(value)) {
    if (value === null || value === undefined) table.empty++
    else table.odd++
    return 0
  }
  if (value.length === 0) table.empty++
  for (const row of value) {
    const at = table.rows++
    if (Array.isArray(row)) for (let c = 0; c < row.length; c++) addCell(table, String(c), at, row[c] ?? null)
    else if (row !== null && typeof row === 'object')
      for (const name of Object.keys(row)) addCell(table, name, at, row[name] as Json)
    else addCell(table, 'value', at, row)
  }
  return value.length
}

/**
 * Columns in the order that their names were met. An object puts names that are integers first, where trackio
 * wrote them behind the named ones: cells beyond a row's columns.
 */
export function orderColumns(table: TableData): ColumnData[] {
  const isNumbered = ({ name }: ColumnData): boolean => /^(0|[1-9]\d{0,9})$/.test(name)
  const numbered = table.columns.filter(isNumbered).sort((a, b) => Number(a.name) - Number(b.name))
  return [...table.columns.filter((column) => !isNumbered(column)), ...numbered]
}

function addCell(table: TableData, name: string, row: number, value: Json): void {
  let column = table.byName.get(name)
  if (!column) {
    column = makeColumn(name)
    table.byName.set(name, column)
    table.columns.push(column)
  }
  setCell(column, row, value)
}

export function makeColumn(name: string): ColumnData {
  return {
    name,
    kinds: new Uint8Array(0),
    numbers: new Float64Array(0),
    texts: [],
    length: 0,
    exact: new Map(),
    counts: CELL_KINDS.map(() => 0),
    known: new Map(),
  }
}

/** Rows are set in their order. */
export function setCell(column: ColumnData, row: number, value: Json): void {
  if (row >= column.kinds.length) grow(column, row + 1)
  column.length = row + 1
  let kind: number
  if (value === null) kind = NULL
  else if (typeof value === 'number') {
    kind = NUMBER
    column.numbers[row] = value
  } else if (typeof value === 'string') {
    if (value.startsWith(DIGITS) && /^.-?\d{16,}$/s.test(value)) {
      kind = NUMBER
      column.numbers[row] = Number(value.slice(1))
      column.exact.set(row, value.slice(1))
    } else {
      kind = TEXT
      column.numbers[row] = textPlace(column, value)
    }
  } else if (typeof value === 'boolean') {
    kind = BOOL
    column.numbers[row] = value ? 1 : 0
  } else {
    kind = isMedia(value) ? MEDIA : JSON_CELL
    const json = JSON.stringify(value)
    const text = json.includes('\\u0001') ? json.replace(/"\\u0001(-?\d{16,})"/g, '$1') : json
    column.numbers[row] = textPlace(column, text)
  }
  column.kinds[row] = kind
  column.counts[kind] = (column.counts[kind] ?? 0) + 1
}

function textPlace(column: ColumnData, text: string): number {
  const { known, texts } = column
  if (!known) return texts.push(text) - 1
  let place = known.get(text)
  if (place === undefined) {
    place = texts.push(text) - 1
    known.set(text, place)
    if (known.size > LOOKED_UP && known.size * 2 > column.length) column.known = undefined
  }
  return place
}

function isMedia(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isMedia)
  return (
    value !== null &&
    typeof value === 'object' &&
    typeof value._type === 'string' &&
    typeof value.file_path === 'string'
  )
}

function grow(column: ColumnData, rows: number): void {
  const capacity = Math.max(64, rows, column.kinds.length * 2)
  const kinds = new Uint8Array(capacity)
  const numbers = new Float64Array(capacity)
  kinds.set(column.kinds)
  numbers.set(column.numbers)
  column.kinds = kinds
  column.numbers = numbers
}

export function kindAt(column: ColumnData, row: number): number {
  return row < column.length ? (column.kinds[row] as number) : NONE
}

/** A cell as it is shown and copied: '' of nothing, numbers in their shortest form. */
export function textAt(column: ColumnData, row: number): string {
  switch (kindAt(column, row)) {
    case NONE:
      return ''
    case NULL:
      return 'null'
    case NUMBER: {
      const value = column.numbers[row] as number
      return column.exact.get(row) ?? (Object.is(value, -0) ? '-0' : String(value))
    }
    case BOOL:
      return column.numbers[row] === 1 ? 'true' : 'false'
    default:
      return column.texts[column.numbers[row] as number] ?? ''
  }
}

/** Cells of one kind, nulls aside: that; else `mixed`. */
export function kindOfColumn(column: ColumnData): CellKind | 'mixed' {
  let found: CellKind | 'mixed' | undefined
  for (let kind = NUMBER; kind <= MEDIA; kind++) {
    if ((column.counts[kind] ?? 0) === 0) continue
    // a NaN is a text in rows that are written as JSON
    if (kind === TEXT && found === 'number' && onlyNonFinite(column)) continue
    found = found === undefined ? (CELL_KINDS[kind] as CellKind) : 'mixed'
  }
  return found ?? 'null'
}

function onlyNonFinite(column: ColumnData): boolean {
  return column.texts.length <= 3 && column.texts.every((text) => spelledNumber(text) !== undefined)
}

/** The number that a cell stands for: numbers, flags, and in columns of numbers the texts for what is not finite. */
export function numberAt(column: ColumnData, row: number): number | undefined {
  const kind = kindAt(column, row)
  if (kind === NUMBER || kind === BOOL) return column.numbers[row]
  return kind === TEXT ? spelledNumber(column.texts[column.numbers[row] as number] ?? '') : undefined
}

/** Bytes that a table holds, about: two a letter. */
export function bytesOfTable(table: TableData): number {
  return table.columns.reduce((sum, column) => sum + bytesOfColumn(column), 0)
}

export function bytesOfColumn({ kinds, numbers, texts }: ColumnData): number {
  return (
    kinds.byteLength + numbers.byteLength + texts.reduce((letters, text) => letters + text.length * 2 + 24, 0)
  )
}

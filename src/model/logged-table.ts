import type { FileRead, FileRef } from './file.ts'
import type { RunKey } from './run.ts'
import type { ProjectId } from './source.ts'

/*
 * Logged tables (`trackio.table`): the values of a key, of one step or of all, as one table. Rows keep the order
 * in which they were logged: by run, by row of the run, by row of the value.
 */

/** The `_type` of a table in a logged row. */
export const TABLE = 'trackio.table'

/**
 * Which values of a key: all that these runs logged, in this order, or those of single rows of theirs. Or the rows of
 * a file, whose name the key is then.
 */
export interface TableRef {
  project: ProjectId
  key: string
  runs: RunKey[]
  at?: { run: RunKey; row: number }[] | undefined
  file?: TableFile | undefined
}

/** A file as a table: `table` of a database. Its first rows, or with `all` every one. */
export interface TableFile {
  of: FileRef
  as: TableFileKind
  table?: string | undefined
  all?: boolean | undefined
}

export const TABLE_FILES = ['csv', 'tsv', 'jsonl', 'parquet', 'sqlite'] as const
export type TableFileKind = (typeof TABLE_FILES)[number]

/** How far a file was read for its rows. */
export interface TableFileState {
  /** All its rows are in the table. */
  all: boolean
  /** It has more rows than a page has memory for: those that are left out are not in the table. */
  full: boolean
  /** Why no more of it could be read. */
  why?: string | undefined
  /** Rows in all, where that is known. */
  total: number | undefined
  /** Bytes of the file, and which of them were read. */
  size: number
  read: FileRead
  /** Bytes that the next rows cost at least. */
  next: number
}

/** Ids of the two columns that come first; a logged column's is a point and its name. */
export const STEP_COLUMN = '@step'
export const RUN_COLUMN = '@run'

export function columnId(name: string): string {
  return `.${name}`
}

/** Of numbers the value, of the rest its text; null stands for null and for cells that are not there. */
export type FilterValue = string | number | boolean | null

/**
 * Every filter has to hold. `has`: the text, whatever its case; `in`: both ends count, unless it is `below` its upper
 * one, as a bar of a histogram that is not the last.
 */
export type TableFilter =
  | { column: string; op: '=' | '≠'; value: FilterValue }
  | { column: string; op: '≥' | '≤'; value: number }
  | { column: string; op: 'in'; low: number; high: number; below?: true }
  | { column: string; op: 'has'; value: string }

export interface TableOrder {
  column: string
  descending: boolean
}

/** What is looked at of a table: which rows, in which order. `find` is looked for in all columns of them. */
export interface TableQuery extends TableRef {
  filters: TableFilter[]
  /** Rows of one value keep their order; NaN, then cells without a value, come last either way. */
  order?: TableOrder | undefined
  find: string
}

export const CELL_KINDS = ['none', 'null', 'number', 'text', 'bool', 'json', 'media'] as const
export type CellKind = (typeof CELL_KINDS)[number]

export interface TableColumn {
  id: string
  name: string
  /** What its cells are; `mixed` where they are of several kinds. */
  kind: CellKind | 'mixed'
  /** Letters of its longest cell, of the first thousand rows. */
  letters: number
}

export interface TableView {
  rows: number
  /** Rows that pass the filters. */
  shown: number
  columns: TableColumn[]
  /** Values, runs and distinct steps that the rows are of. */
  values: number
  runs: number
  steps: number
  /** Places, among the rows shown, of those with what is looked for. */
  hits: Uint32Array
  /** What is not as it should be, in words: values without rows, values that are no table. */
  notes: string[]
  /** Every row of the project was read. */
  complete: boolean
  /** Differs whenever anything of the above may. */
  version: string
  /** ms that filters and order took. */
  took: number
  /** Of the rows of a file. */
  file?: TableFileState | undefined
}

export interface TableCell {
  kind: CellKind
  /** As it was logged, numbers in their shortest form; of objects and lists their JSON. */
  text: string
  /** Part of the text: it has so many letters. */
  length?: number
}

/** Rows [from, from + count) of those shown. */
export interface TableRows {
  from: number
  /** Of the view that they are of. */
  version: string
  /** By row: its place among all rows, its run and step, and the cells of the columns asked for. */
  places: Uint32Array
  runs: RunKey[]
  /** NaN where none was logged. */
  steps: Float64Array
  cells: TableCell[][]
}

/** What a column holds over all rows, and over those shown. */
export interface TableSummary {
  id: string
  /** Cells without a value: null, or not there. */
  empty: number
  distinct: number
  /** Numbers that are NaN or infinite. */
  nonFinite: number
  /** Of its finite numbers; NaN without any. */
  least: number
  greatest: number
  mean: number
  /**
   * Bars: numbers in 12 of equal width from least to greatest, texts by their length, other values by how many
   * there are of each, and `names` says of which.
   */
  of: 'numbers' | 'lengths' | 'values'
  bins: number[]
  held: number[]
  names: string[]
}

export const TABLE_COPIES = ['csv', 'tsv', 'markdown', 'latex'] as const
export type TableCopy = (typeof TABLE_COPIES)[number]

/** How a row of one side stands to the other's. */
export const DIFF_SIGNS = ['changed', 'same', 'onlyA', 'onlyB'] as const
export type DiffSign = (typeof DIFF_SIGNS)[number]

export interface TableDiffQuery {
  a: TableRef
  b: TableRef
  /** Id of the column whose values tell which rows belong together. */
  key: string
  show: DiffSign | 'all'
  find: string
  from: number
  count: number
  /** Longest text of a cell. */
  most: number
}

/** Of a column of numbers that both sides have, over the keys that both have. */
export interface DiffMean {
  name: string
  a: number
  b: number
  keys: number
}

export interface DiffRow {
  sign: DiffSign
  key: TableCell
  /** By column, the sides' cells; undefined where the side has no such row. */
  a: TableCell[] | undefined
  b: TableCell[] | undefined
  /** Places of the rows among those of their side. */
  placeA: number
  placeB: number
}

export interface TableDiff {
  columns: TableColumn[]
  counts: Record<DiffSign, number>
  /** Rows that are shown: by sign and what is looked for. */
  total: number
  rows: DiffRow[]
  means: DiffMean[]
  /** How many keys stand in several rows of a side: the first of each is taken. */
  repeatedA: number
  repeatedB: number
  rowsA: number
  rowsB: number
}

import type { Notice } from '../../model/source.ts'

/**
 * Rows of a table beside the metrics, as every format gives them: texts by column, in the order of their ids.
 */
export interface TableRows {
  /** How many there are; each column has as many. */
  rows: number
  /** By name; null for NULL, and for all rows of a column that the table lacks. */
  columns: Record<string, (string | null)[]>
  /** What of it cannot be read. */
  notices: Notice[]
}

/** Tables that are read by rows, with the columns that are read of them. */
export const ROW_TABLES = {
  alerts: ['id', 'run_id', 'run_name', 'timestamp', 'level', 'title', 'text', 'step', 'alert_id'],
} as const satisfies Record<string, readonly string[]>
export type RowTableName = keyof typeof ROW_TABLES

/** None yet, of columns to be filled row by row. */
export function emptyRows(table: RowTableName): TableRows {
  return { rows: 0, columns: Object.fromEntries(ROW_TABLES[table].map((name) => [name, []])), notices: [] }
}

/** Adds a row; `at`: the text of a column. */
export function addRow(table: TableRows, at: (column: string) => string | null): void {
  for (const [name, texts] of Object.entries(table.columns)) texts.push(at(name))
  table.rows++
}

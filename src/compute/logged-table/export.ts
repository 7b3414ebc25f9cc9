import type { TableCopy } from '../../model/logged-table.ts'
import { quote } from '../csv-cells.ts'
import { tableText } from '../table-text.ts'
import { type ColumnData, kindAt, NONE, NULL, NUMBER, textAt } from './columns.ts'

/** A column of what is copied: a name, and what each row has in it. */
export interface CopiedColumn {
  name: string
  column: ColumnData | undefined
}

/**
 * Rows of a table as text, in the order given; ends in a line break. Cells without a value are empty. In CSV and
 * TSV a text that a spreadsheet would run as a formula gets an apostrophe; numbers stay what they are.
 */
export function copyText(
  columns: readonly CopiedColumn[],
  rows: Uint32Array,
  form: TableCopy,
  withHead: boolean,
): string {
  const text = ({ column }: CopiedColumn, row: number): string =>
    column && kindAt(column, row) > NULL ? textAt(column, row) : ''
  if (form === 'csv' || form === 'tsv') {
    const cell = form === 'csv' ? quote : tabbed
    const lines = withHead ? [columns.map(({ name }) => cell(name))] : []
    for (const row of rows)
      lines.push(
        columns.map((one) => {
          const isNumber = one.column !== undefined && kindAt(one.column, row) === NUMBER
          return isNumber ? text(one, row) : cell(text(one, row))
        }),
      )
    const between = form === 'csv' ? ',' : '\t'
    return lines.map((cells) => `${cells.join(between)}\n`).join('')
  }
  return tableText(
    {
      head: columns.map(({ name }) => name),
      rows: Array.from(rows, (row) => columns.map((one) => text(one, row))),
      numbers: columns.map(({ column }) => isNumeric(column)),
      bold: () => false,
    },
    form,
  )
}

function isNumeric(column: ColumnData | undefined): boolean {
  if (!column) return false
  return column.counts.every((n, kind) => n === 0 || kind === NONE || kind === NULL || kind === NUMBER)
}

/** One line; not run as a formula. */
function tabbed(text: string): string {
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text
  return safe.replace(/[\t\r\n]+/g, ' ')
}

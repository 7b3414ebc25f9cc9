import { addRow, emptyRows, type RowTableName, type TableRows } from '../table-rows.ts'
import type { Damage } from './btree.ts'
import { type Image, makePages } from './image.ts'
import { damageWords } from './notices.ts'
import { textOf } from './record.ts'
import { readRows, type Schema } from './schema.ts'

/** Read when somebody looks, in pieces of this size. */
const LOOK = { block: 64 << 10, keep: 64, ahead: 0 }

/** Rows of a table beside the metrics; undefined where the database has no such table. Damage of the table is a notice, with the rows that can be read. */
export async function readTableRows(image: Image, schema: Schema, name: RowTableName, path: string): Promise<TableRows | undefined> {
  const table = schema.tables.get(name)
  if (!table) return undefined
  const found = emptyRows(name)
  const places = new Map(table.columns.map((column, place) => [column.toLowerCase(), place]))
  const damage: Damage[] = []
  await readRows(
    makePages(image, LOOK),
    table.root,
    (row) =>
      addRow(found, (column) => {
        const place = places.get(column) ?? -1
        if (place >= 0 && place === table.rowidColumn) return String(row.rowid)
        // rows that are older than a column hold its default
        const value = place >= row.count ? table.defaults?.get(column) : undefined
        return value === undefined ? textOf(row, place) : String(value)
      }),
    damage,
  )
  if (damage.length > 0) {
    const text = `damaged: of ${found.rows.toLocaleString('en')} ${name} that can be read others may be missing: ${damageWords(damage)}`
    found.notices.push({ level: 'warn', subject: path, text, action: 'Copy the file again.' })
  }
  return found
}

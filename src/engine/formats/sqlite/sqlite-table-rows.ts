import { canonicalProject } from '../../../model/project-name.ts'
import { addAlerts, type FragmentFile } from '../fragments/fragments.ts'
import { stemOf } from '../project-files.ts'
import { addRow, emptyRows, ROW_TABLES, type RowTableName, type TableRows } from '../table-rows.ts'
import type { Damage } from './btree.ts'
import { type Image, makePages } from './database-image.ts'
import { textOf } from './record.ts'
import { readRows, type Schema } from './schema.ts'
import { damageWords } from './sqlite-notices.ts'
import type { Table } from './sqlite-table.ts'

/** Read when somebody looks, in pieces of this size. */
const LOOK = { block: 64 << 10, keep: 64, ahead: 0 }

/** What rows are read of. */
export interface TablesOf {
  image: Image
  schema: Schema
  path: string
  /** What trackio has not put into the database yet. */
  inbox: (() => Promise<FragmentFile>) | undefined
}

/**
 * Rows of a table beside the metrics, those of the inbox among them; undefined where there is no such table.
 * Damage of it is a notice, with the rows that can be read.
 */
export async function readTableRows(
  { image, schema, path, inbox }: TablesOf,
  name: RowTableName,
): Promise<TableRows | undefined> {
  const table = schema.tables.get(name)
  const found = table ? await stored(image, table, name, path) : emptyRows(ROW_TABLES[name])
  const waiting = name === 'alerts' ? await inbox?.() : undefined
  if (waiting) addAlerts(found, waiting.alerts, canonicalProject(stemOf(path)))
  return table || found.rows > 0 ? found : undefined
}

async function stored(image: Image, table: Table, name: RowTableName, path: string): Promise<TableRows> {
  const found = emptyRows(ROW_TABLES[name])
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

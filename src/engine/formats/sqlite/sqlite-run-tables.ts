import { addRow, emptyRows, RUN_TABLES, type RunTableName, type RunTables } from '../table-rows.ts'
import type { Damage } from './btree.ts'
import type { Pages } from './database-image.ts'
import { type RecordCursor, textOf } from './record.ts'
import { readRows, type Schema } from './schema.ts'
import type { Table } from './sqlite-table.ts'

/** What says something of runs beside the metrics, and how far its tables were read. */
export interface ReadTables {
  tables: RunTables
  /** By table: where it lies, and its last row. */
  last: Map<string, { root: number; rowid: number; texts: (string | null)[] }>
}

/**
 * Reads the tables that say something of runs. `before`: what was read of the same file when it had fewer
 * rows; only those that came since are read and added then. trackio adds rows here (a config that replaces
 * another is a new row, and the last one counts); where it takes some away or renames a run, it does so in
 * the metrics too, and the whole file is read anew.
 */
export async function readRunTables(
  pages: Pages,
  schema: Schema,
  damage: Damage[],
  before?: ReadTables,
): Promise<ReadTables> {
  const known = before && isFollowedBy(before, schema) ? before : undefined
  const last: ReadTables['last'] = new Map(known?.last)
  const tables: RunTables = { ...known?.tables }
  for (const name of Object.keys(RUN_TABLES) as RunTableName[]) {
    const columns: readonly string[] = RUN_TABLES[name]
    const rows = tables[name] ?? emptyRows(columns)
    tables[name] = rows
    const table = schema.tables.get(name)
    if (!table) continue
    const places = columns.map((column) => placeOf(table, column))
    const end = last.get(name)
    // the last row is read again: SQLite gives its id to the row that replaces it, where ids are not counted
    // on for ever
    const onRow = (row: RecordCursor): void => {
      const texts = places.map((place) => textOf(row, place))
      if (end?.rowid === row.rowid && end.texts.every((text, i) => text === texts[i])) return
      addRow(rows, (column) => texts[columns.indexOf(column)] ?? null)
      last.set(name, { root: table.root, rowid: row.rowid, texts })
    }
    await readRows(pages, table.root, onRow, damage, end && end.rowid - 1)
  }
  return { tables, last }
}

/** Every table that was read is where it was. */
function isFollowedBy({ last }: ReadTables, schema: Schema): boolean {
  return [...last].every(([name, { root }]) => schema.tables.get(name)?.root === root)
}

/** −1 where there is no such column, which `textOf` takes as null. */
function placeOf(table: Table, name: string): number {
  return table.columns.findIndex((column) => column.toLowerCase() === name)
}

import {
  addRow,
  emptyRows,
  RUN_TABLES,
  type RunTableName,
  type RunTables,
  type TableRows,
  textIn,
} from '../table-rows.ts'
import {
  BESIDE,
  type Head,
  idOf,
  letterOf,
  type Row,
  runTableSql,
  type Tables,
  textAt,
} from './server-tables.ts'

const PAGE = 1000

/** What says something of runs beside the metrics of a project, and as of when. */
export interface Beside {
  tables: RunTables
  at: Head['beside'] | undefined
}

/**
 * Brings configs and links up to date with `now`, asking only for what differs; false when nothing does. A
 * run that goes on has its config written anew with a higher id, so later configs are enough; links are few,
 * and read whole.
 */
export async function readBeside(
  query: (sql: string, signal?: AbortSignal | undefined) => Promise<Row[]>,
  tables: Tables,
  known: Beside,
  now: Head['beside'],
  signal?: AbortSignal | undefined,
): Promise<boolean> {
  const then = known.at
  const changed = BESIDE.filter((table) => then?.[table].join() !== now[table].join())
  if (changed.length === 0) return false
  const after = then?.configs[1] ?? 0
  const came = await Promise.all(changed.map((table) => rowsOf(table, table === 'configs' ? after : 0)))
  const { configs } = known.tables
  for (const [i, table] of changed.entries()) {
    const rows = came[i]
    if (!rows || table !== 'configs' || !configs) known.tables[table] = rows
    else for (let row = 0; row < rows.rows; row++) addRow(configs, (column) => textIn(rows, column, row))
  }
  known.at = now
  return true

  /** All rows of a table with ids above `after`, page by page. */
  async function rowsOf(table: RunTableName, after: number): Promise<TableRows> {
    const columns: readonly string[] = RUN_TABLES[table]
    const found = emptyRows(columns)
    const [count, highest] = now[table]
    for (let from = after + 1; count > 0 && from <= highest; ) {
      const rows = await query(runTableSql(tables, table, { from, to: highest, limit: PAGE }), signal)
      for (const row of rows) addRow(found, (column) => textAt(row, letterOf(columns.indexOf(column))))
      const last = rows.at(-1)
      if (!last || rows.length < PAGE) break
      from = idOf(last) + 1
    }
    return found
  }
}

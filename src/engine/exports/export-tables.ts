import { OWN_TABLES, PARQUET_TABLES, staticPath } from '../formats/parquet/names.ts'

/** A table of trackio's and where its exports put it. */
export interface TablePlan {
  table: string
  /** Column whose members become columns. */
  json?: string
  /** In a static export (trackio sync --sdk static). */
  path: string
  /** What follows the project's name in a Dataset's files; absent where a Dataset has no such file. */
  suffix?: string
}

const JSON_COLUMNS: Record<string, string> = {
  metrics: 'metrics',
  system_metrics: 'metrics',
  configs: 'config',
}

export const TABLES: TablePlan[] = [
  ...PARQUET_TABLES.map((table) => ({
    ...planOf(table === 'system' ? 'system_metrics' : table),
    path: staticPath(table),
    suffix: table === 'metrics' ? '' : `_${table}`,
  })),
  ...OWN_TABLES.map((table) => ({ ...planOf(table), path: staticPath(table) })),
]

function planOf(table: string): Pick<TablePlan, 'table' | 'json'> {
  const json = JSON_COLUMNS[table]
  return json === undefined ? { table } : { table, json }
}

import type { Json } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'

/**
 * Rows of a table beside the metrics, as every format gives them: by column, in the order of their ids.
 */
export interface TableRows {
  /** How many there are; each column has as many. */
  rows: number
  /**
   * By name: the text that is stored, or the value itself where a format holds values (Parquet). Null for
   * NULL, and for all rows of a column that the table lacks.
   */
  columns: Record<string, Json[]>
  /** What of it cannot be read. */
  notices: Notice[]
}

/** Tables that are read by rows, with the columns that are read of them. */
export const ROW_TABLES = {
  alerts: ['id', 'run_id', 'run_name', 'timestamp', 'level', 'title', 'text', 'step', 'alert_id'],
  configs: ['id', 'run_id', 'run_name', 'config', 'created_at'],
  system_metrics: ['id', 'run_id', 'run_name', 'timestamp', 'metrics'],
  traces: [
    ...['id', 'run_id', 'run_name', 'timestamp', 'step', 'key', 'trace_index'],
    ...['messages', 'metadata', 'spans'],
  ],
  artifacts: ['id', 'name', 'type', 'description', 'created_at'],
  artifact_versions: [
    ...['id', 'artifact_id', 'version', 'manifest_digest', 'manifest', 'metadata', 'size_bytes'],
    ...['producer_run_id', 'producer_run_name', 'created_at'],
  ],
  artifact_aliases: ['artifact_id', 'alias', 'artifact_version_id'],
  run_artifact_links: [
    ...['id', 'run_id', 'run_name', 'run_project', 'artifact_version_id', 'direction', 'created_at'],
  ],
  external_run_artifact_links: [
    ...['id', 'run_id', 'run_name', 'source_project', 'source_version_id', 'source_artifact'],
    ...['source_type', 'source_version', 'source_size_bytes', 'direction', 'created_at'],
  ],
  project_metadata: ['key', 'value'],
  collections: ['id', 'name', 'type', 'description', 'next_version', 'created_at'],
  collection_links: [
    ...['id', 'collection_id', 'collection_version', 'source_project', 'source_artifact', 'source_version'],
    ...['source_space_id', 'source_bucket_id', 'source_server_base_url', 'created_at'],
  ],
  collection_aliases: ['collection_id', 'alias', 'link_id'],
  registry_events: ['id', 'event_uid', 'ts', 'kind', 'payload'],
} as const satisfies Record<string, readonly string[]>
export type RowTableName = keyof typeof ROW_TABLES

/** Those that say something of runs: read when a project is opened, before its first charts, and no more. */
export const RUN_TABLES = {
  configs: ['project_name', 'run_id', 'run_name', 'config'],
  run_artifact_links: ['run_id', 'run_name', 'run_project', 'created_at'],
  external_run_artifact_links: ['run_id', 'run_name', 'created_at'],
} as const satisfies Partial<Record<RowTableName, readonly string[]>>
export type RunTableName = keyof typeof RUN_TABLES

/**
 * The same as they were read. Rows are only added to one; what is read anew is another. `runs`: a static
 * export's list of runs (id, name, created_at).
 */
export type RunTables = { [name in RunTableName | 'runs']?: TableRows | undefined }

/** None yet, of columns to be filled row by row. */
export function emptyRows(columns: readonly string[]): TableRows {
  return { rows: 0, columns: Object.fromEntries(columns.map((name) => [name, []])), notices: [] }
}

/** Adds a row; `at`: the value of a column. */
export function addRow(table: TableRows, at: (column: string) => Json): void {
  for (const [name, values] of Object.entries(table.columns)) values.push(at(name))
  table.rows++
}

/** A value as text; null where it is none. */
export function textIn(table: TableRows, column: string, row: number): string | null {
  const value = table.columns[column]?.[row] ?? null
  return value === null || typeof value === 'string' ? value : JSON.stringify(value)
}

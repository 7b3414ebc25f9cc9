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

export const TABLES: TablePlan[] = [
  { table: 'metrics', json: 'metrics', path: 'metrics.parquet', suffix: '' },
  { table: 'system_metrics', json: 'metrics', path: 'aux/system_metrics.parquet', suffix: '_system' },
  { table: 'configs', json: 'config', path: 'aux/configs.parquet', suffix: '_configs' },
  ...[
    'traces',
    'artifacts',
    'artifact_versions',
    'artifact_aliases',
    'run_artifact_links',
    'external_run_artifact_links',
  ].map((table) => ({
    table,
    path: `aux/${table}.parquet`,
    suffix: `_${table}`,
  })),
  // trackio exports none; its readers pass by a file they do not know in aux/, but would take
  // demo_alerts.parquet for a project
  { table: 'alerts', path: 'aux/alerts.parquet' },
]

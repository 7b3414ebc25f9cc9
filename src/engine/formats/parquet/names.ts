import { PARQUET } from '../../../model/data-files.mjs'
import { SIDE_TABLES } from '../../../model/project-name.ts'

/** Tables of trackio's Parquet exports, by the suffix that a Dataset gives them. */
export const PARQUET_TABLES = ['metrics', ...SIDE_TABLES] as const
export type ParquetTable = (typeof PARQUET_TABLES)[number]

/**
 * Tables that trackio's exports leave out. A static export that is made here has them as files of `aux/` too, where
 * its readers pass by what they do not know; in a Dataset they would take `demo_alerts.parquet` for a project.
 */
export const OWN_TABLES = [
  'alerts',
  'project_metadata',
  'collections',
  'collection_links',
  'collection_aliases',
  'registry_events',
] as const
export type OwnTable = (typeof OWN_TABLES)[number]

/** Where a static export has a table. */
export function staticPath(table: ParquetTable | OwnTable): string {
  return table === 'metrics'
    ? 'metrics.parquet'
    : `aux/${table === 'system' ? 'system_metrics' : table}.parquet`
}

/**
 * A project of a Dataset that trackio's commit scheduler wrote: the paths of its tables. `metrics` is missing
 * where only side tables are there.
 */
export interface DatasetProject {
  project: string
  tables: Partial<Record<ParquetTable, string>>
}

/** `_external_run_artifact_links` ends in `_run_artifact_links` too, so the longest suffix is tried first. */
const SUFFIXES = PARQUET_TABLES.filter((table) => table !== 'metrics')
  .map((table) => ({ table, suffix: `_${table}` }))
  .sort((a, b) => b.suffix.length - a.suffix.length)

/**
 * Tables whose names trackio's own importer never takes for a project, whether or not the project's metrics
 * are there.
 */
const ALWAYS: readonly ParquetTable[] = ['system', 'configs', 'traces', 'external_run_artifact_links']

/**
 * Which files of a folder are the tables of which project, by their names: `demo.parquet` holds the metrics
 * of demo, `demo_configs.parquet` its configs. A name that ends like an artifact table is one only beside its
 * project (a `.parquet` or `.db` of that name, or its artifact versions); else it is the metrics of a project
 * with an odd name. Other paths than `.parquet` and `.db` are passed over; folders are kept apart. Sorted by
 * folder and name. `metrics`: paths whose columns say that they hold metrics, whatever their names (see
 * `doubtful`).
 */
export function groupDataset(
  paths: readonly string[],
  metrics: ReadonlySet<string> = new Set(),
): DatasetProject[] {
  const known = new Set(paths)
  const projects = new Map<string, DatasetProject>()
  for (const path of paths) {
    if (!PARQUET.test(path)) continue
    const stem = path.slice(0, -'.parquet'.length)
    const { base, table } = (!metrics.has(path) && sidecarOf(known, stem)) || {
      base: stem,
      table: 'metrics' as const,
    }
    const entry = projects.get(base) ?? { project: base.slice(base.lastIndexOf('/') + 1), tables: {} }
    entry.tables[table] = path
    projects.set(base, entry)
  }
  return [...projects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, project]) => project)
}

/**
 * Files whose names leave open what they are, so that their columns have to be looked at (`isMetricsTable`):
 * `x_system.parquet` is the system metrics of x, or the metrics of a project called x_system, which trackio
 * allowed before 0.30. There is no doubt where x.parquet stands beside it and x_system has no tables of its
 * own.
 */
export function doubtful(paths: readonly string[]): string[] {
  const known = new Set(paths)
  return paths.filter((path) => {
    if (!PARQUET.test(path)) return false
    const stem = path.slice(0, -'.parquet'.length)
    const side = sidecarOf(known, stem)
    if (!side || !ALWAYS.includes(side.table) || side.table === 'external_run_artifact_links') return false
    return !isThere(known, side.base) || SUFFIXES.some(({ suffix }) => known.has(`${stem}${suffix}.parquet`))
  })
}

/**
 * Names of a table's columns are those of trackio's metrics: system metrics have no step, traces have
 * messages.
 */
export function isMetricsTable(columns: readonly string[]): boolean {
  return (
    columns.includes('run_name') &&
    columns.includes('step') &&
    !(columns.includes('messages') && columns.includes('trace_index'))
  )
}

function sidecarOf(
  known: ReadonlySet<string>,
  stem: string,
): { base: string; table: ParquetTable } | undefined {
  for (const { table, suffix } of SUFFIXES) {
    if (!stem.endsWith(suffix)) continue
    const base = stem.slice(0, -suffix.length)
    if (base === '' || base.endsWith('/')) continue
    if (ALWAYS.includes(table) || isThere(known, base) || known.has(`${base}_artifact_versions.parquet`))
      return { base, table }
  }
  return undefined
}

function isThere(known: ReadonlySet<string>, base: string): boolean {
  return known.has(`${base}.parquet`) || known.has(`${base}.db`)
}

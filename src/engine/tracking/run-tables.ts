import { TrackioError } from '../../model/errors.ts'
import type { WritableDatabase } from './writable.ts'

/** A run as the database tells it from others. */
export interface RunIn {
  id: string | null
  name: string
  /** Another run has this id too. */
  shared?: true
}

/** Part of a statement, and what it binds. */
export interface Where {
  sql: string
  bind: string[]
}

export interface RunTables {
  /** Those that there are, metrics last: which rows are a run's is asked of metrics. */
  names: string[]
  /** Metrics tell runs by their ids; else by their names alone. */
  hasIds: boolean
  has(table: string, column: string): boolean
  /** Rows of a run in a table. Throws where nobody can tell whose they are. */
  where(table: string, run: RunIn): Where
  /** A run's rows as producer of artifact versions; undefined where there are none. */
  producer(run: RunIn): Where | undefined
  /** How many runs of the metrics have this name. */
  namesakes(name: string): number
}

/** Tables whose rows say whose run they are, in the order in which they are changed. */
export const RUN_TABLES = [
  'system_metrics',
  'configs',
  'alerts',
  'traces',
  'run_artifact_links',
  'external_run_artifact_links',
  'pending_uploads',
  'metrics',
]
/**
 * Rows of these may carry no id, or one that the metrics do not know: trackio 0.41 and newer, which give ids to
 * the runs of an old file, leave these tables as they are. Such rows are those of the one run of their name.
 */
const LOOSE = new Set(['traces', 'run_artifact_links', 'external_run_artifact_links', 'pending_uploads'])

/**
 * What a database has of the tables of trackio's releases, and how its runs are found in them. `project`: its
 * canonical name. `part`: as its rows name the project, in the files of trackio before 0.0.20; else null.
 * Throws a TrackioError for a database whose runs cannot be changed without leaving something behind.
 */
export function runTablesOf(db: WritableDatabase, project: string, part: string | null = null): RunTables {
  const objects = db
    .rows("SELECT lower(name), type, lower(tbl_name), coalesce(sql, '') FROM sqlite_schema")
    .map((row) => row.map(String) as [string, string, string, string])
  const columns = new Map<string, Set<string>>()
  for (const [name, type, , sql] of objects) {
    if (name.startsWith('sqlite_')) continue
    if (RUN_TABLES.includes(name) && (type !== 'table' || /^\s*create\s+virtual/i.test(sql)))
      throw refused(project, `${name} is a ${type === 'table' ? 'virtual table' : type} in it`)
    if (type !== 'table' || /^\s*create\s+virtual/i.test(sql)) continue
    const found = db.rows('SELECT lower(name) FROM pragma_table_info(?)', [name])
    columns.set(name, new Set(found.map(([column]) => String(column))))
  }
  const names = RUN_TABLES.filter((name) => columns.get(name)?.has('run_name'))
  if (!names.includes('metrics')) throw refused(project, 'it has no table of metrics with the names of runs')
  for (const [name, type, table] of objects)
    if (type === 'trigger' && (names.includes(table) || table === 'artifact_versions'))
      throw refused(project, `the trigger ${name} of its table ${table} would run along`)
  for (const [name, of] of columns)
    if (!RUN_TABLES.includes(name) && (of.has('run_id') || of.has('run_name')))
      throw refused(project, `its table ${name} names runs too, and this page does not know it`)

  const has = (table: string, column: string): boolean => columns.get(table)?.has(column) === true
  const hasIds = has('metrics', 'run_id')
  const scope = (table: string): Where =>
    part !== null && has(table, 'project_name')
      ? { sql: ' AND project_name = ?', bind: [part] }
      : { sql: '', bind: [] }

  function count(what: string, where: string, value: string): number {
    const { sql, bind } = scope('metrics')
    const [[n = 0] = []] = db.rows(`SELECT count(${what}) FROM metrics WHERE ${where}${sql}`, [
      value,
      ...bind,
    ])
    return Number(n)
  }
  const namesakes = (name: string): number =>
    hasIds
      ? count('DISTINCT run_id', 'run_name = ?', name) +
        Math.min(1, count('*', 'run_id IS NULL AND run_name = ?', name))
      : Math.min(1, count('*', 'run_name = ?', name))
  const isLogged = (id: string): boolean => hasIds && count('*', 'run_id = ?', id) > 0

  /** Rows of this name that belong to no run of the metrics by their id. */
  function byName(table: string, column: string, name: string, idColumn: string): Where {
    return {
      sql: `(${column} = ? AND (${idColumn} IS NULL OR NOT EXISTS (SELECT 1 FROM metrics AS known WHERE known.run_id = ${table}.${idColumn})))`,
      bind: [name],
    }
  }

  /** The run is the only one of its name, so that rows which know no better are its own. */
  const isAlone = ({ id, name }: RunIn): boolean => (id === null || isLogged(id)) && namesakes(name) <= 1

  function rowsOf(table: string, run: RunIn): Where {
    if (!hasIds) return { sql: 'run_name = ?', bind: [run.name] }
    if (!has(table, 'run_id')) {
      const byNameAlone = { sql: 'run_name = ?', bind: [run.name] }
      if (namesakes(run.name) <= 1) return byNameAlone
      if (db.rows(`SELECT 1 FROM ${table} WHERE run_name = ? LIMIT 1`, [run.name]).length === 0)
        return byNameAlone
      throw refused(project, `its table ${table} has no run ids, and several runs are called ${run.name}`)
    }
    const parts: Where[] = [
      run.id === null
        ? { sql: '(run_id IS NULL AND run_name = ?)', bind: [run.name] }
        : run.shared
          ? { sql: '(run_id = ? AND run_name = ?)', bind: [run.id, run.name] }
          : { sql: 'run_id = ?', bind: [run.id] },
    ]
    if (LOOSE.has(table) && isAlone(run)) parts.push(byName(table, 'run_name', run.name, 'run_id'))
    return anyOf(parts)
  }

  return {
    names,
    hasIds,
    has,
    namesakes,
    where(table, run) {
      const rows = rowsOf(table, run)
      // a link of a run of another project lies here for that one's sake
      const own: Where =
        table === 'run_artifact_links' && has(table, 'run_project')
          ? { sql: ' AND (run_project IS NULL OR run_project = ?)', bind: [project] }
          : { sql: '', bind: [] }
      const { sql, bind } = scope(table)
      return { sql: `(${rows.sql})${own.sql}${sql}`, bind: [...rows.bind, ...own.bind, ...bind] }
    },
    producer(run) {
      const table = 'artifact_versions'
      if (!has(table, 'producer_run_name')) return undefined
      if (!hasIds) return { sql: 'producer_run_name = ?', bind: [run.name] }
      const parts: Where[] = run.id === null ? [] : [{ sql: 'producer_run_id = ?', bind: [run.id] }]
      if (isAlone(run)) parts.push(byName(table, 'producer_run_name', run.name, 'producer_run_id'))
      return anyOf(parts)
    },
  }
}

function anyOf(parts: readonly Where[]): Where {
  if (parts.length === 0) return { sql: '0', bind: [] }
  return { sql: parts.map(({ sql }) => sql).join(' OR '), bind: parts.flatMap(({ bind }) => bind) }
}

export function refused(project: string, why: string): TrackioError {
  return new TrackioError(
    project,
    `its runs cannot be changed here: ${why}`,
    'Nothing was changed. Change it with the program that wrote it.',
  )
}

import { mediaInText } from '../../compute/media-in-text.ts'
import type { ChangedRun } from '../../model/change.ts'
import { TrackioError } from '../../model/errors.ts'
import { MARK_KEY } from '../../model/mark.ts'
import type { RunIn, RunTables } from './run-tables.ts'
import type { WritableDatabase } from './writable.ts'

/*
 * Runs of a database of any release, changed where they are: rows keep their ids, log ids, what they wait for
 * and the very bytes of their payloads. (trackio writes the rows of a renamed run anew.) Whoever calls has a
 * transaction open, so that all of it happens or nothing. What is done twice is done once.
 */

/** Columns that hold payloads, which may name files. */
const PAYLOADS = [
  ['metrics', 'metrics'],
  ['traces', 'messages'],
  ['traces', 'metadata'],
  ['traces', 'spans'],
] as const

/**
 * Gives a run another name. Its media stay where they are: a path says where a file lies, not whose it is.
 * How many rows were changed.
 */
export function renameRunIn(
  db: WritableDatabase,
  tables: RunTables,
  project: string,
  run: RunIn,
  to: string,
): number {
  const name = to.trim()
  if (name === '') throw new TrackioError(project, 'a run needs a name')
  if (name === run.name) return 0
  if (!tables.hasIds) checkFree(db, tables, project, run, name)
  let changed = 0
  // what is a run's is told by metrics, so those come last
  const producer = tables.producer(run)
  if (producer)
    db.run(`UPDATE artifact_versions SET producer_run_name = ? WHERE ${producer.sql}`, [
      name,
      ...producer.bind,
    ])
  for (const table of tables.names) {
    const { sql, bind } = tables.where(table, run)
    // a file without ids gives its runs their names for ids where a newer table has room for one
    const asId = !tables.hasIds && tables.has(table, 'run_id')
    const also = asId ? ', run_id = CASE WHEN run_id = ? THEN ? ELSE run_id END' : ''
    changed += db.run(`UPDATE ${table} SET run_name = ?${also} WHERE ${sql}`, [
      name,
      ...(asId ? [run.name, name] : []),
      ...bind,
    ])
  }
  if (!tables.hasIds) moveMark(db, tables, run.name, name)
  // a second time, its rows have the name already
  if (changed === 0 && tables.namesakes(name) === 0)
    throw new TrackioError(
      project,
      `no run ${run.name} in it any more`,
      'It may have been deleted meanwhile.',
    )
  return changed
}

/**
 * Where names tell runs apart, another run of this name would be taken in; so would what a deleted run of it
 * left behind in another table (trackio leaves the config of one that it was given by name).
 */
function checkFree(db: WritableDatabase, tables: RunTables, project: string, run: RunIn, name: string): void {
  for (const table of [...tables.names].reverse()) {
    const { sql, bind } = tables.where(table, { id: null, name })
    if (db.rows(`SELECT 1 FROM ${table} WHERE ${sql} LIMIT 1`, bind).length === 0) continue
    // a second time: it is done already
    if (isGone(db, tables, run)) return
    throw new TrackioError(
      project,
      table === 'metrics'
        ? `there is a run called ${name} already, and this file tells runs by their names alone`
        : `its table ${table} still has rows of a deleted run called ${name}, which would become this one's`,
      'Choose another name.',
    )
  }
}

/** No table has a row of the run. */
export function isGone(db: WritableDatabase, tables: RunTables, run: RunIn): boolean {
  return tables.names.every((table) => {
    const { sql, bind } = tables.where(table, run)
    return db.rows(`SELECT 1 FROM ${table} WHERE ${sql} LIMIT 1`, bind).length === 0
  })
}

/**
 * Deletes all rows of runs. Artifacts stay, with no producer. Gives the files that nothing names any more, as
 * their paths below `media/` were stored.
 */
export function deleteRunsIn(db: WritableDatabase, tables: RunTables, runs: readonly ChangedRun[]): string[] {
  const named = new Set<string>()
  for (const run of runs) for (const path of mediaOf(db, tables, run)) named.add(path)
  for (const run of runs) {
    const producer = tables.producer(run)
    if (producer)
      db.run(
        `UPDATE artifact_versions SET producer_run_id = NULL, producer_run_name = NULL WHERE ${producer.sql}`,
        producer.bind,
      )
    for (const table of tables.names) {
      const { sql, bind } = tables.where(table, run)
      // an artifact that waits to be sent is not the run's
      const media = table === 'pending_uploads' && tables.has(table, 'kind') ? " AND kind = 'media'" : ''
      db.run(`DELETE FROM ${table} WHERE ${sql}${media}`, bind)
    }
    if (tables.has('project_metadata', 'key'))
      db.run('DELETE FROM project_metadata WHERE key = ?', [MARK_KEY + run.key])
  }
  // an object that two runs logged is one file
  for (const path of named.size > 0 ? mediaOf(db, tables) : []) named.delete(path)
  return [...named]
}

/** A key of our own, which trackio passes by. */
const UNNAMED = 'trackio-lite:unnamed:'

/**
 * Remembers files that nothing names any more, in the transaction that has it so: they are removed after it, by
 * whoever is asked next where a kill came between.
 */
export function rememberUnnamed(
  db: WritableDatabase,
  tables: RunTables,
  id: string,
  paths: readonly string[],
): void {
  if (paths.length === 0 || !tables.has('project_metadata', 'key')) return
  db.run('INSERT OR REPLACE INTO project_metadata (key, value) VALUES (?, ?)', [
    UNNAMED + id,
    JSON.stringify(paths),
  ])
}

/** Those that are to be removed still: a run that came back from another project names its files again. */
export function unnamedIn(db: WritableDatabase, tables: RunTables): string[] {
  if (!tables.has('project_metadata', 'key')) return []
  const paths = db
    .rows('SELECT value FROM project_metadata WHERE key LIKE ?', [`${UNNAMED}%`])
    .flatMap(([text]): unknown[] => JSON.parse(String(text)))
    .map(String)
  const named = paths.length > 0 ? mediaOf(db, tables) : new Set()
  return paths.filter((path) => !named.has(path))
}

export function forgetUnnamed(db: WritableDatabase, tables: RunTables): void {
  if (tables.has('project_metadata', 'key'))
    db.run('DELETE FROM project_metadata WHERE key LIKE ?', [`${UNNAMED}%`])
}

/** Files that the rows of a run name; without one, those of all runs. */
export function mediaOf(db: WritableDatabase, tables: RunTables, run?: RunIn): Set<string> {
  const found = new Set<string>()
  for (const [table, column] of payloadsIn(tables)) {
    const { sql, bind } = run ? tables.where(table, run) : { sql: '1', bind: [] }
    eachRow(db, table, `${sql} AND instr(CAST(${column} AS TEXT), 'file_path') > 0`, bind, (rowid) => {
      const [[text] = []] = db.rows(`SELECT CAST(${column} AS TEXT) FROM ${table} WHERE rowid = ?`, [rowid])
      for (const { path } of mediaInText(String(text))) found.add(path)
    })
  }
  return found
}

/** The columns with payloads that this database has. */
export function payloadsIn(tables: RunTables): (readonly [string, string])[] {
  return PAYLOADS.filter(([table, column]) => tables.names.includes(table) && tables.has(table, column))
}

const ROWS_AT_ONCE = 5000

/** Row ids of what a condition finds, a few thousand in memory at a time. */
export function eachRow(
  db: WritableDatabase,
  table: string,
  sql: string,
  bind: readonly string[],
  act: (rowid: number) => void,
): void {
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = db.rows(
      `SELECT rowid FROM ${table} WHERE rowid > ? AND (${sql}) ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
      [last, ...bind],
    )
    for (const [rowid] of rows) act(Number(rowid))
    if (rows.length < ROWS_AT_ONCE) return
    last = Number(rows.at(-1)?.[0])
  }
}

/** What was written about a run goes with its name where that is its key. */
function moveMark(db: WritableDatabase, tables: RunTables, from: string, to: string): void {
  if (!tables.has('project_metadata', 'key')) return
  db.run('UPDATE OR REPLACE project_metadata SET key = ? WHERE key = ?', [MARK_KEY + to, MARK_KEY + from])
}

import { withMediaPaths } from '../../compute/media-in-text.ts'
import { makeSha256 } from '../../compute/sha256.ts'
import type { ChangedRun } from '../../model/change.ts'
import { TrackioError } from '../../model/errors.ts'
import { MARK_KEY } from '../../model/mark.ts'
import { deleteRunsIn, isGone, payloadsIn } from './change-runs.ts'
import type { RunTables } from './run-tables.ts'
import type { WritableDatabase } from './writable.ts'

/*
 * A run that moves to another project, which is another database: it is written there first and deleted here
 * second, each in one transaction. A stop in between leaves it in both; the other database remembers by the id
 * of the change that it has it, so whoever is asked the same again only deletes. What it used and made of
 * artifacts stays linked, as trackio 0.38 links runs and artifacts of two projects.
 */

/** A database that takes part. `project`: its canonical name. */
export interface Side {
  db: WritableDatabase
  tables: RunTables
  project: string
}

type Value = string | number | Uint8Array | null

/** A key of our own, which trackio passes by. */
const MOVED = 'trackio-lite:moved:'
/** Rows of a statement: eight columns each, and SQLite takes 32,766 values. */
const ROWS_AT_ONCE = 500
const COPIED = ['metrics', 'system_metrics', 'configs', 'alerts', 'traces', 'pending_uploads']
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Whether the runs of this change were written to the other side already, or have left this one. */
export function hasMoved(from: Side, { db, tables }: Side, runs: readonly ChangedRun[], id: string): boolean {
  if (runs.every((run) => isGone(from.db, from.tables, run))) return true
  return (
    tables.has('project_metadata', 'key') &&
    db.rows('SELECT 1 FROM project_metadata WHERE key = ?', [MOVED + id]).length > 0
  )
}

export function forgetMoved({ db }: Side, id: string): void {
  db.run('DELETE FROM project_metadata WHERE key = ?', [MOVED + id])
}

/**
 * Writes the runs into another project. `moved`: the path that a file has there, where it has another one.
 * Throws a TrackioError where that database cannot hold all of them as they are.
 */
export function copyRuns(
  from: Side,
  to: Side,
  runs: readonly ChangedRun[],
  id: string,
  moved: (path: string) => string | undefined,
): void {
  if (!to.tables.has('project_metadata', 'key'))
    throw cannotHold(to, 'it has no table project_metadata, as databases of trackio 0.17 and newer have')
  if (from.tables.hasIds && !to.tables.hasIds)
    throw cannotHold(to, 'it tells runs by their names alone, and these have ids')
  for (const run of runs) {
    const as = { id: to.tables.hasIds ? (run.id ?? newId(id, run)) : null, name: run.name }
    checkAbsent(to, as)
    for (const table of COPIED) copyRows(from, to, table, run, as.id, moved)
    copyLinks(from, to, run, as.id)
    copyMark(from, to, run, as.id ?? as.name)
  }
  to.db.run('INSERT INTO project_metadata (key, value) VALUES (?, ?)', [MOVED + id, from.project])
}

/** Takes the runs out of the project that they left. Gives the files that nothing names any more there. */
export function leaveRuns({ db, tables }: Side, runs: readonly ChangedRun[], to: string): string[] {
  for (const run of runs) {
    const { sql, bind } = tables.names.includes('run_artifact_links')
      ? tables.where('run_artifact_links', run)
      : { sql: '0', bind: [] }
    if (sql !== '0')
      // what carries another project's name is left alone by what deletes the rest
      db.run(`UPDATE run_artifact_links SET run_project = ? WHERE ${sql}`, [to, ...bind])
  }
  return deleteRunsIn(db, tables, runs)
}

function newId(change: string, run: ChangedRun): string {
  const hash = makeSha256()
  hash.add(encoder.encode(`${change}/${run.key}`))
  return hash.hex().slice(0, 32)
}

function checkAbsent(to: Side, run: { id: string | null; name: string }): void {
  for (const table of to.tables.names) {
    if (run.id !== null && !to.tables.has(table, 'run_id')) continue
    const [column, value] = run.id === null ? ['run_name', run.name] : ['run_id', run.id]
    // a run that used an artifact from there is known there by its links
    const own = table.endsWith('_links') && run.id !== null
    if (!own && to.db.rows(`SELECT 1 FROM ${table} WHERE ${column} = ? LIMIT 1`, [value]).length > 0)
      throw cannotHold(to, `its table ${table} has rows of a run ${value} already`)
  }
}

function columnsOf(db: WritableDatabase, table: string): string[] {
  return db.rows('SELECT name FROM pragma_table_info(?)', [table]).map(([name]) => String(name))
}

function copyRows(
  from: Side,
  to: Side,
  table: string,
  run: ChangedRun,
  id: string | null,
  moved: (path: string) => string | undefined,
): void {
  if (!from.tables.names.includes(table)) return
  const { sql: rows, bind } = from.tables.where(table, run)
  // an artifact that waits to be sent stays with its project
  const sql =
    table === 'pending_uploads' && from.tables.has(table, 'kind') ? `${rows} AND kind = 'media'` : rows
  const [[count = 0] = []] = from.db.rows(`SELECT count(*) FROM ${table} WHERE ${sql}`, bind)
  if (Number(count) === 0) return
  if (!to.tables.names.includes(table)) throw cannotHold(to, `it has no table ${table}`)
  // row ids are the other database's own; those of traces are texts
  const columns = columnsOf(from.db, table).filter(
    (name) => name !== 'project_name' && (name !== 'id' || table === 'traces'),
  )
  const lacking = columns.filter(
    (name) =>
      !to.tables.has(table, name.toLowerCase()) &&
      from.db.rows(`SELECT 1 FROM ${table} WHERE (${sql}) AND "${name}" IS NOT NULL LIMIT 1`, bind).length >
        0,
  )
  if (lacking.length > 0) throw cannotHold(to, `its table ${table} has no ${lacking.join(', ')}`)
  const kept = columns.filter((name) => name !== 'run_id' && to.tables.has(table, name.toLowerCase()))
  const payloads = new Set(payloadsIn(from.tables).flatMap(([of, column]) => (of === table ? [column] : [])))
  const withId = id !== null && to.tables.has(table, 'run_id')
  const into = [...kept, ...(withId ? ['run_id'] : [])]
  const group = `(${into.map(() => '?').join(', ')})`
  const head = `INSERT INTO ${table} (${into.map((name) => `"${name}"`).join(', ')}) VALUES `
  let done = 0
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const some = from.db.rows(
      `SELECT rowid, ${kept.map((name) => `"${name}"`).join(', ')} FROM ${table} WHERE rowid > ? AND (${sql}) ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
      [last, ...bind],
    )
    if (some.length === 0) break
    last = Number(some.at(-1)?.[0])
    const values = some.flatMap(([, ...row]) => [
      ...row.map((value, i) =>
        payloads.has(kept[i] ?? '') ? withPaths(value as Value, moved) : (value as Value),
      ),
      ...(withId ? [id] : []),
    ])
    done += to.db.run(head + some.map(() => group).join(', '), values)
  }
  if (done !== Number(count)) throw new Error(`${table}: ${done} of ${count} rows were written`)
}

/** The payload with the paths of its files there, as it was stored: text or blob. */
function withPaths(value: Value, moved: (path: string) => string | undefined): Value {
  if (value === null || typeof value === 'number') return value
  const text = typeof value === 'string' ? value : decoder.decode(value)
  const next = text.includes('file_path') ? withMediaPaths(text, moved) : undefined
  if (next === undefined) return value
  return typeof value === 'string' ? next : encoder.encode(next)
}

/** What it used and made here is another project's there; what was that project's is its own. */
function copyLinks(from: Side, to: Side, run: ChangedRun, id: string | null): void {
  const found: Value[][] = []
  if (from.tables.names.includes('run_artifact_links')) {
    const { sql, bind } = from.tables.where('run_artifact_links', run)
    const own = from.db.rows(
      `SELECT ?, v.id, a.name, a.type, v.version, v.size_bytes, l.direction, l.created_at FROM
        (SELECT * FROM run_artifact_links WHERE ${sql}) AS l JOIN artifact_versions AS v ON v.id = l.artifact_version_id
        JOIN artifacts AS a ON a.id = v.artifact_id`,
      [from.project, ...bind],
    )
    if (own.length > 0 && !from.tables.has('run_artifact_links', 'run_project'))
      throw new TrackioError(
        run.name,
        'it is linked to artifacts, and this database (of trackio before 0.38) has no place for links of runs in other projects',
        'Open it once with trackio 0.41 or newer, which brings it up to date.',
      )
    if (own.length > 0 && from.project === to.project)
      throw new TrackioError(
        run.name,
        `it is linked to artifacts, and both copies are of a project called ${to.project}: links tell projects by their names`,
        'Nothing was changed. Move it to a copy of another project.',
      )
    found.push(...(own as Value[][]))
  }
  if (from.tables.names.includes('external_run_artifact_links')) {
    const { sql, bind } = from.tables.where('external_run_artifact_links', run)
    const others = from.db.rows(
      `SELECT source_project, source_version_id, source_artifact, source_type, source_version, source_size_bytes, direction, created_at
        FROM external_run_artifact_links WHERE ${sql}`,
      bind,
    ) as Value[][]
    found.push(...others.filter(([project]) => project !== to.project))
    if (to.tables.has('run_artifact_links', 'run_project'))
      to.db.run(
        'UPDATE OR REPLACE run_artifact_links SET run_project = NULL, run_id = ? WHERE run_project = ? AND (run_id = ? OR (run_id IS NULL AND run_name = ?))',
        [id ?? run.id ?? null, from.project, run.id ?? run.name, run.name],
      )
  }
  if (found.length === 0) return
  if (!to.tables.names.includes('external_run_artifact_links'))
    throw cannotHold(to, 'it has no table for artifacts of other projects (trackio 0.38 and newer have one)')
  for (const link of found)
    to.db.run(
      `INSERT OR IGNORE INTO external_run_artifact_links (run_id, run_name, source_project, source_version_id, source_artifact,
        source_type, source_version, source_size_bytes, direction, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, run.name, ...link],
    )
}

function copyMark(from: Side, to: Side, run: ChangedRun, key: string): void {
  if (!from.tables.has('project_metadata', 'key')) return
  const [row] = from.db.rows('SELECT value FROM project_metadata WHERE key = ?', [MARK_KEY + run.key])
  if (row)
    to.db.run('INSERT OR REPLACE INTO project_metadata (key, value) VALUES (?, ?)', [
      MARK_KEY + key,
      row[0] as Value,
    ])
}

function cannotHold({ project }: Side, why: string): TrackioError {
  return new TrackioError(
    project,
    `it cannot take these runs: ${why}`,
    'Nothing was changed. Open that project once with trackio 0.41 or newer, which brings it up to date, or choose another one.',
  )
}

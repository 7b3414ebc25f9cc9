import { withMediaPaths } from '../../compute/media-in-text.ts'
import { TrackioError } from '../../model/errors.ts'
import type { WriteTree } from '../../storage/opfs/write-tree.ts'
import { copyMedia, removeMedia, sideOf } from './change-project.ts'
import { eachRow, mediaOf, payloadsIn, rememberUnnamed } from './change-runs.ts'
import { RUN_TABLES, type RunIn, type RunTables, runTablesOf } from './run-tables.ts'
import type { WritableDatabase } from './writable.ts'

const encoder = new TextEncoder()

/** Where a run that was logged has rows; the metrics, which have an index, first. */
const NAMED = RUN_TABLES.filter((table) => table !== 'pending_uploads').reverse()

/** Name of a run; undefined where there is none. */
export function nameOf(db: WritableDatabase, runId: string): string | undefined {
  for (const table of NAMED) {
    const [row] = db.rows(`SELECT run_name FROM ${table} WHERE run_id = ? LIMIT 1`, [runId])
    if (row) return String(row[0])
  }
  return undefined
}

/**
 * Gives a run another name, in place: ids and row ids stay (trackio deletes and inserts them anew). Files that
 * its rows name come along, where they lie in its folder and no other run names them; others that lie there
 * stay: names of runs may hold slashes, and a run may be called `files`.
 */
export async function renameRun(
  db: WritableDatabase,
  tree: WriteTree,
  project: string,
  runId: string,
  to: string,
): Promise<void> {
  const name = to.trim()
  if (name === '') throw new TrackioError(project, 'a run needs a name')
  const from = nameOf(db, runId)
  if (from === undefined) throw new TrackioError(project, `no run ${runId} in this project`)
  if (name === from) return
  const side = sideOf(db, project)
  const { tables } = side
  const run: RunIn = { id: runId, name: from }
  const [oldFolder, newFolder] = [`${project}/${from}/`, `${project}/${name}/`]
  const own = [...mediaOf(db, tables, run)].filter((path) => path.startsWith(oldFolder))
  // copied first and removed last: a stop in between leaves a file too many, none too few
  const moved = await copyMedia(tree, own, (path) => newFolder + path.slice(oldFolder.length))
  db.transaction(() => {
    renamePaths(db, tables, (path) => moved.get(path), run)
    for (const table of RUN_TABLES) db.run(`UPDATE ${table} SET run_name = ? WHERE run_id = ?`, [name, runId])
    db.run('UPDATE artifact_versions SET producer_run_name = ? WHERE producer_run_id = ?', [name, runId])
    const named = moved.size > 0 ? mediaOf(db, tables) : new Set<string>()
    const unnamed = [...moved.keys()].filter((path) => !named.has(path))
    rememberUnnamed(db, tables, runId, unnamed)
  })
  await removeMedia(side, tree)
}

/**
 * Deletes a run's rows as trackio does: artifacts stay, with no producer; media stay. False when there is no
 * such run.
 */
export function deleteRun(db: WritableDatabase, runId: string): boolean {
  return db.transaction(() => {
    let gone = 0
    for (const table of NAMED) gone += db.run(`DELETE FROM ${table} WHERE run_id = ?`, [runId])
    db.run(
      'UPDATE artifact_versions SET producer_run_id = NULL, producer_run_name = NULL WHERE producer_run_id = ?',
      [runId],
    )
    return gone > 0
  })
}

/** A key of our own, which trackio passes by: the question that gave the project its name. */
const RENAMED = 'trackio-lite:renamed'

/** A project's rows name the files of its new name from now on, and it says who asked for that. */
export function markRenamed(db: WritableDatabase, name: string, next: string, id: string): void {
  db.transaction(() => {
    renamePaths(db, runTablesOf(db, name), (path) =>
      path.startsWith(`${name}/`) ? next + path.slice(name.length) : undefined,
    )
    // what waits for a Space is read from there, and sent to a folder of this name
    for (const kind of ['media', 'artifacts'])
      db.run(
        'UPDATE pending_uploads SET file_path = ?2 || substr(file_path, length(?1) + 1) WHERE substr(file_path, 1, length(?1)) = ?1',
        [`${kind}/${name}/`, `${kind}/${next}/`],
      )
    db.run('UPDATE run_artifact_links SET run_project = ? WHERE run_project = ?', [next, name])
    db.run('INSERT OR REPLACE INTO project_metadata (key, value) VALUES (?, ?)', [RENAMED, id])
  })
}

/** Other projects whose artifacts its runs used, or whose runs used its own: each has links of them. */
export function linkedProjects(db: WritableDatabase): string[] {
  return db
    .rows(
      'SELECT source_project FROM external_run_artifact_links UNION SELECT run_project FROM run_artifact_links WHERE run_project IS NOT NULL',
    )
    .map(([name]) => String(name))
}

/** Another project got another name: links of its runs, and of its artifacts, say so. */
export function renameInLinks(db: WritableDatabase, name: string, next: string): void {
  db.transaction(() => {
    for (const [table, column] of [
      ['run_artifact_links', 'run_project'],
      ['external_run_artifact_links', 'source_project'],
    ])
      db.run(`UPDATE OR REPLACE ${table} SET ${column} = ? WHERE ${column} = ?`, [next, name])
  })
}

export function isRenamed(db: WritableDatabase, id: string): boolean {
  return db.rows('SELECT 1 FROM project_metadata WHERE key = ? AND value = ?', [RENAMED, id]).length > 0
}

/** Stored values name files by other paths from now on; `run`: those of one run alone. */
function renamePaths(
  db: WritableDatabase,
  tables: RunTables,
  moved: (path: string) => string | undefined,
  run?: RunIn,
): void {
  for (const [table, column] of payloadsIn(tables)) {
    const { sql, bind } = run ? tables.where(table, run) : { sql: '1', bind: [] }
    eachRow(db, table, `${sql} AND instr(CAST(${column} AS TEXT), 'file_path') > 0`, bind, (rowid) => {
      const [[text] = []] = db.rows(`SELECT CAST(${column} AS TEXT) FROM ${table} WHERE rowid = ?`, [rowid])
      const changed = withMediaPaths(String(text), moved)
      if (changed !== undefined)
        db.run(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`, [encoder.encode(changed), rowid])
    })
  }
}

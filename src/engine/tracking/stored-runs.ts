import { safePath } from '../../compute/safe-path.ts'
import { TrackioError } from '../../model/errors.ts'
import { copyFolder, type WriteTree } from '../../storage/opfs/write-tree.ts'
import type { WritableDatabase } from './writable.ts'

const encoder = new TextEncoder()

/** Tables that carry a run's name beside its id. */
const NAMED = [
  'metrics',
  'system_metrics',
  'configs',
  'alerts',
  'traces',
  'run_artifact_links',
  'external_run_artifact_links',
]
/** Where stored values name files, and the column that holds them. */
const WITH_FILES = [
  ['metrics', 'metrics'],
  ['traces', 'messages'],
  ['traces', 'metadata'],
  ['traces', 'spans'],
] as const

/** Name of a run; throws where there is none. */
export function nameOf(db: WritableDatabase, project: string, runId: string): string {
  for (const table of NAMED) {
    const [row] = db.rows(`SELECT run_name FROM ${table} WHERE run_id = ? LIMIT 1`, [runId])
    if (row) return String(row[0])
  }
  throw new TrackioError(project, `no run ${runId} in this project`)
}

/**
 * Gives a run another name, in place: ids and row ids stay (trackio deletes and inserts them anew). Its media
 * come along: moved, or copied where another run of the old name may use them.
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
  const from = nameOf(db, project, runId)
  if (name === from) return
  const others =
    db.rows('SELECT 1 FROM metrics WHERE run_name = ? AND run_id <> ? LIMIT 1', [from, runId]).length > 0
  const [oldFolder, newFolder] = [`${project}/${from}/`, `${project}/${name}/`]
  // copied first and removed last: a stop in between leaves a file too many, none too few
  const copied = await copyFolder(tree, `media/${safePath(oldFolder)}`, `media/${safePath(newFolder)}`)
  db.transaction(() => {
    renameFolder(db, oldFolder, newFolder, runId)
    for (const table of NAMED) db.run(`UPDATE ${table} SET run_name = ? WHERE run_id = ?`, [name, runId])
    db.run('UPDATE artifact_versions SET producer_run_name = ? WHERE producer_run_id = ?', [name, runId])
  })
  if (!others && copied > 0) await tree.remove(`media/${safePath(oldFolder.slice(0, -1))}`)
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
    renameFolder(db, `${name}/`, `${next}/`)
    db.run('UPDATE run_artifact_links SET run_project = ? WHERE run_project = ?', [next, name])
    db.run('INSERT OR REPLACE INTO project_metadata (key, value) VALUES (?, ?)', [RENAMED, id])
  })
}

export function isRenamed(db: WritableDatabase, id: string): boolean {
  return db.rows('SELECT 1 FROM project_metadata WHERE key = ? AND value = ?', [RENAMED, id]).length > 0
}

/** Stored values name files of another folder from now on; `runId`: those of one run alone. */
function renameFolder(db: WritableDatabase, oldFolder: string, newFolder: string, runId?: string): void {
  const old = pathText(oldFolder)
  for (const [table, column] of WITH_FILES) {
    const rows = db.rows(
      `SELECT rowid, CAST(${column} AS TEXT) FROM ${table} WHERE (?1 IS NULL OR run_id = ?1) AND instr(CAST(${column} AS TEXT), ?2) > 0`,
      [runId ?? null, old],
    )
    for (const [rowid, text] of rows) {
      const changed = String(text).replaceAll(old, () => pathText(newFolder))
      db.run(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`, [encoder.encode(changed), Number(rowid)])
    }
  }
}

/**
 * How a stored value names a file of this folder. Within a text of a user the quotes would be escaped, so it
 * is found nowhere else.
 */
function pathText(folder: string): string {
  return `"file_path":${JSON.stringify(folder).slice(0, -1)}`
}

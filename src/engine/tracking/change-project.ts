import { safePath } from '../../compute/safe-path.ts'
import type { ChangedRun } from '../../model/change.ts'
import type { WriteTree } from '../../storage/opfs/write-tree.ts'
import { deleteRunsIn, forgetUnnamed, mediaOf, rememberUnnamed, unnamedIn } from './change-runs.ts'
import { copyRuns, forgetMoved, hasMoved, leaveRuns, type Side } from './move-runs.ts'
import { runTablesOf } from './run-tables.ts'
import type { WritableDatabase } from './writable.ts'

/* Runs of projects that this browser tracks, whose files lie in one folder as in trackio's. */

export function sideOf(db: WritableDatabase, project: string): Side {
  return { db, project, tables: runTablesOf(db, project) }
}

/** Deletes runs, and then their media. What is done twice is done once. */
export async function deleteRuns(
  side: Side,
  tree: WriteTree,
  runs: readonly ChangedRun[],
  id: string,
): Promise<void> {
  const { db, tables } = side
  db.transaction(() => rememberUnnamed(db, tables, id, deleteRunsIn(db, tables, runs)))
  await removeMedia(side, tree)
}

/** Moves runs to another project, their media with them: see move-runs.ts for what a stop in between leaves. */
export async function moveRuns(
  from: Side,
  to: Side,
  tree: WriteTree,
  runs: readonly ChangedRun[],
  id: string,
): Promise<void> {
  // copied first and removed last: a stop in between leaves a file too many, none too few
  const named = runs.flatMap((run) => [...mediaOf(from.db, from.tables, run)])
  const there = await copyMedia(tree, named, (path) => `${to.project}/${path.slice(path.indexOf('/') + 1)}`)
  if (!hasMoved(from, to, runs, id))
    to.db.transaction(() => copyRuns(from, to, runs, id, (path) => there.get(path)))
  from.db.transaction(() => rememberUnnamed(from.db, from.tables, id, leaveRuns(from, runs, to.project)))
  await removeMedia(from, tree)
  to.db.transaction(() => forgetMoved(to, id))
}

/** A key of our own, which trackio passes by: the projects whose copies of links a change still has to reach. */
const LINKED = 'trackio-lite:linked:'

/**
 * Other projects whose artifacts the runs used: each keeps a copy of the link. Remembered until the change has
 * reached those too, as the runs' own links go with the runs.
 */
export function usedProjects({ db }: Pick<Side, 'db'>, runs: readonly ChangedRun[], id: string): string[] {
  const [known] = db.rows('SELECT value FROM project_metadata WHERE key = ?', [LINKED + id])
  if (known) return [JSON.parse(String(known[0]))].flat().map(String)
  const found = runs.flatMap((run) =>
    db
      .rows('SELECT DISTINCT source_project FROM external_run_artifact_links WHERE run_id = ?', [run.id])
      .map(([project]) => String(project)),
  )
  const used = [...new Set(found)]
  if (used.length > 0)
    db.run('INSERT INTO project_metadata (key, value) VALUES (?, ?)', [LINKED + id, JSON.stringify(used)])
  return used
}

export function forgetUsed({ db }: Pick<Side, 'db'>, id: string): void {
  db.run('DELETE FROM project_metadata WHERE key = ?', [LINKED + id])
}

/** What became of runs of another project, as the links in a project whose artifacts they used have it. */
export type InLinks = { kind: 'rename'; name: string } | { kind: 'delete' } | { kind: 'move'; to: string }

export function changeLinks(
  { db, project }: Pick<Side, 'db' | 'project'>,
  of: string,
  runs: readonly ChangedRun[],
  change: InLinks,
): void {
  db.transaction(() => {
    for (const { id } of runs) {
      const where = 'run_project = ? AND run_id = ?'
      if (change.kind === 'delete') db.run(`DELETE FROM run_artifact_links WHERE ${where}`, [of, id])
      else if (change.kind === 'rename')
        db.run(`UPDATE run_artifact_links SET run_name = ? WHERE ${where}`, [change.name, of, id])
      // one that moves to where the artifacts are is no stranger there
      else if (change.to !== project)
        db.run(`UPDATE OR REPLACE run_artifact_links SET run_project = ? WHERE ${where}`, [change.to, of, id])
    }
  })
}

/** Copies media to other paths; gives the new path of each that there is. */
export async function copyMedia(
  tree: WriteTree,
  paths: readonly string[],
  placeOf: (path: string) => string,
): Promise<Map<string, string>> {
  const there = new Map<string, string>()
  for (const path of paths) {
    const blob = await tree.blob(mediaAt(path))
    if (!blob) continue
    const place = placeOf(path)
    await tree.put(mediaAt(place), blob)
    there.set(path, place)
  }
  return there
}

/** Removes files that nothing names any more. Those in the folder of another project may be named there. */
export async function removeMedia({ db, tables, project }: Side, tree: WriteTree): Promise<void> {
  for (const path of unnamedIn(db, tables))
    if (path.startsWith(`${project}/`)) await tree.remove(mediaAt(path))
  forgetUnnamed(db, tables)
}

function mediaAt(path: string): string {
  return `media/${safePath(path)}`
}

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
  { db, tables }: Side,
  tree: WriteTree,
  runs: readonly ChangedRun[],
  id: string,
): Promise<void> {
  db.transaction(() => rememberUnnamed(db, tables, id, deleteRunsIn(db, tables, runs)))
  await removeMedia({ db, tables }, tree)
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

/** Other projects whose artifacts the runs used: each keeps a copy of the link. */
export function usedProjects({ db }: Pick<Side, 'db'>, runs: readonly ChangedRun[]): string[] {
  const found = runs.flatMap(({ id }) =>
    db
      .rows('SELECT DISTINCT source_project FROM external_run_artifact_links WHERE run_id = ?', [id])
      .map(([project]) => String(project)),
  )
  return [...new Set(found)]
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

/** Removes files that nothing names any more. */
export async function removeMedia(
  { db, tables }: Pick<Side, 'db' | 'tables'>,
  tree: WriteTree,
): Promise<void> {
  const paths = unnamedIn(db, tables)
  if (paths.length === 0) return
  for (const path of paths) await tree.remove(mediaAt(path))
  forgetUnnamed(db, tables)
}

function mediaAt(path: string): string {
  return `media/${safePath(path)}`
}

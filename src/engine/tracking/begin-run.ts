import { TrackioError } from '../../model/errors.ts'
import { quoted } from '../../model/project-name.ts'
import type { Keeping, RunBegun, RunStart } from '../../model/tracking.ts'
import { parseTimeText } from '../columns/time.ts'
import type { ProjectDb } from './project-db.ts'
import { nextName } from './run-names.ts'

/**
 * What a run that begins has to know: its name, and where its steps and times go on. `db`: undefined where
 * the project does not exist yet. `givenNames`: names that were given away, whether or not their runs have
 * logged yet; that of this run is added. Throws a TrackioError for `resume: 'must'` without such a run.
 */
export function beginRun(
  start: RunStart,
  db: ProjectDb | undefined,
  givenNames: Set<string>,
  keeping: Keeping,
): RunBegun {
  const runs = db?.runs() ?? []
  if (db && start.space !== null) {
    db.sql.run('INSERT OR REPLACE INTO project_metadata (key, value) VALUES (?, ?)', [
      'space_id',
      start.space,
    ])
  }
  // the newest run of that name: the one that began last
  const same = start.name === null ? undefined : runs.filter((run) => run.name === start.name).at(-1)
  if (start.resume === 'must' && !same) {
    throw new TrackioError(
      start.project,
      `Run ${quoted(start.name ?? '')} does not exist in project ${quoted(start.project)}`,
    )
  }
  const resumed = start.resume === 'never' ? undefined : same
  const last = resumed && db?.lastOf(resumed.id)
  const used = new Set(runs.map((run) => run.name))
  // runs that only logged artifacts have a name too
  for (const [name] of db?.sql.rows('SELECT DISTINCT run_name FROM run_artifact_links') ?? [])
    used.add(String(name))
  const name = start.name ?? nextName((one) => givenNames.has(one) || used.has(one))
  givenNames.add(name)
  return {
    id: resumed?.id ?? start.id,
    name,
    resumed: resumed !== undefined,
    nextStep: last ? last.step + 1 : 0,
    lastTime: last ? Math.max(0, parseTimeText(last.time) || 0) : 0,
    keeping,
  }
}

import type { ProjectFiles } from '../project-files.ts'
import { type OpenProject, rowsThere } from './open-project.ts'
import { readProject, takeSample } from './read-project.ts'
import { isServer } from './server-files.ts'
import { readBeside } from './server-run-tables.ts'
import { BESIDE, countSql, type Head, headOfStamp, SCHEMA_SQL, tablesOf } from './server-tables.ts'

const SAMPLE_MS = 60_000

export type Outcome = 'same' | 'more' | 'other'

/**
 * Takes the rows that are new. What trackio does besides adding rows (renaming or deleting a run, another
 * file in this one's place) leaves other rows than those known: fewer, or another one where the last one
 * was.
 */
export async function refreshProject(of: OpenProject, files: ProjectFiles): Promise<Outcome> {
  if (!isServer(files)) return 'other'
  if (files.stamp === of.lookedAt && of.state === 'done') return 'same'
  const now = headOfStamp(of.project, files.stamp)
  of.late = false
  if (now.highest < of.lastId || !(await sameTables(of, now))) return 'other'
  const { head: before, state } = of
  of.head = now
  const outcome = await takeNew(of, before)
  if (outcome === 'other') return 'other'
  if (outcome === 'unfinished') return 'more'
  const besideChanged = await readBeside(of.query, of.tables, of.beside, now.beside)
  of.lookedAt = files.stamp
  // nothing of what was given up is shown anew
  if (state === 'cancelled') return 'same'
  return outcome === 'more' || besideChanged ? 'more' : 'same'
}

/** Whether the metrics lie where they did; turns to the tables as they are now. */
async function sameTables(of: OpenProject, now: Head): Promise<boolean> {
  if (now.schema === of.tables.schema) return true
  const fresh = tablesOf(await of.query(SCHEMA_SQL))
  if (fresh.columns.get('metrics')?.join() !== of.tables.columns.get('metrics')?.join()) return false
  of.tables = fresh
  return true
}

/** Rows of the metrics, as far as this project is read; `unfinished`: reading was stopped meanwhile. */
async function takeNew(of: OpenProject, before: Head): Promise<Outcome | 'unfinished'> {
  if (of.state === 'cancelled') {
    // it stays so; whoever takes it up again reads up to what there is by now
    const changed = of.taken > 0 && isDoubtful(before, of.head) && !(await allThere(of))
    return changed ? 'other' : 'same'
  }
  if (of.state === 'held') {
    // a preview is made anew once there is something to see in it
    const grown = Math.abs(rowsThere(of) - of.sampledAt)
    if (grown <= of.sampledAt / 100) return 'same'
    await takeSample(of, AbortSignal.timeout(SAMPLE_MS))
    return 'more'
  }
  const { taken } = of
  const runs = of.parts.runCount()
  if (of.head.highest > of.lastId || of.state !== 'done') {
    if (!(await readOn(of))) return 'other'
    if (of.state !== 'done') return 'unfinished'
  }
  // a run that was renamed comes as a new one, or with times that were there before; one that was deleted
  // leaves a gap
  const doubtful = of.late || of.parts.runCount() > runs || isDoubtful(before, of.head)
  if (doubtful && !(await allThere(of))) return 'other'
  return of.taken > taken ? 'more' : 'same'
}

/** False where other rows came than those that were known. */
async function readOn(of: OpenProject): Promise<boolean> {
  const wasDone = of.state === 'done'
  of.state = 'reading'
  try {
    await readProject(of, () => {})
    return true
  } catch (cause) {
    // a line that broke off for a moment: what was known stays as exact as it was, and the next look
    // tries again
    if (wasDone) {
      of.state = 'done'
      of.failure = undefined
    }
    if (of.replaced) return false
    throw cause
  }
}

/** Rows went away, of the metrics or of the tables beside. */
function isDoubtful(before: Head, now: Head): boolean {
  return now.gaps !== before.gaps || BESIDE.some((table) => now.beside[table][0] < before.beside[table][0])
}

async function allThere({ query, lastId, taken }: OpenProject): Promise<boolean> {
  const [row] = await query(countSql(lastId))
  return row?.n === taken
}

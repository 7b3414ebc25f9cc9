import type { OpenDataset } from '../dataset.ts'
import { BEFORE_ALL, type OpenProject, type ProjectPlace } from './open-project.ts'
import { readProject } from './read-project.ts'
import { refreshProject } from './refresh-project.ts'
import { makeParts } from './row-parts.ts'
import { makePager } from './server-pages.ts'
import { makeProjects } from './server-projects.ts'
import { readBeside } from './server-run-tables.ts'
import { headOfStamp, SCHEMA_SQL, tablesOf } from './server-tables.ts'

/**
 * Opens a project of a server: what tables it has, its configs and links; rows come with `read`. Throws
 * TrackioError.
 */
export async function openProject(
  place: ProjectPlace,
  project: string,
  stamp: string,
  signal?: AbortSignal | undefined,
): Promise<OpenDataset> {
  const query: OpenProject['query'] = (sql, signal) =>
    place.query(sql, {
      signal,
      onProgress(came) {
        of.bytes += came
      },
    })
  const of: OpenProject = {
    project,
    holdFrom: place.holdFrom,
    query,
    pager: makePager(query, () => of.tables),
    parts: makeParts(() => of.tables),
    beside: { tables: {}, at: undefined },
    projects: [],
    listProjects: () => {},
    bytes: 0,
    head: headOfStamp(project, stamp),
    lookedAt: stamp,
    tables: tablesOf([]),
    state: 'reading',
    failure: undefined,
    stop: undefined,
    inFlight: undefined,
    wholeWanted: false,
    samples: undefined,
    samplesTaken: 0,
    sampledAt: 0,
    bytesInAll: 0,
    ahead: undefined,
    lastRow: undefined,
    lastId: BEFORE_ALL,
    taken: 0,
    replaced: false,
    late: false,
  }
  of.tables = tablesOf(await query(SCHEMA_SQL, signal))
  await readBeside(query, of.tables, of.beside, of.head.beside, signal)
  of.listProjects = makeProjects(of)
  return {
    path: project,
    get bytes() {
      return of.bytes
    },
    projects: of.projects,
    notices: [],
    read: (onProgress, whole) => readProject(of, onProgress, whole),
    stop(how) {
      of.stop = how
      if (how === 'cancel' && !of.inFlight && of.state === 'reading') of.state = 'cancelled'
      // a page under way is waited for when reading goes on later, and given up when it does not
      if (how === 'cancel') of.inFlight?.abort()
    },
    done: () => of.state === 'done',
    refresh: (files) => refreshProject(of, files),
    media: place.media,
    artifactFile: place.artifactFile,
    renameRun: place.renameRun,
    deleteRun: place.deleteRun,
  }
}

import type { LocalStoreApi } from '../../bridge/writer-api.ts'
import { blobPath } from '../../compute/artifact-paths.ts'
import { safePath } from '../../compute/safe-path.ts'
import type { ChangedRun, RunChange } from '../../model/change.ts'
import { TrackioError } from '../../model/errors.ts'
import { canonicalProject } from '../../model/project-name.ts'
import { checkProjectName } from '../../model/reserved-name.ts'
import type {
  ArtifactRecord,
  ArtifactToLog,
  Batch,
  Keeping,
  MediaFile,
  ProjectFile,
  Receipt,
  RowsWritten,
  RunBegun,
  RunRef,
  RunStart,
  UnstoredFile,
} from '../../model/tracking.ts'
import { copyFolder, filesBelow, type WriteTree } from '../../storage/opfs/write-tree.ts'
import { beginRun } from './begin-run.ts'
import {
  changeLinks,
  deleteRuns,
  forgetUsed,
  type InLinks,
  moveRuns,
  sideOf,
  usedProjects,
} from './change-project.ts'
import { copyOf } from './copy-out.ts'
import { checkpoint, isFull, type OpenProject, writeError } from './open-project.ts'
import { makeOpenProjects } from './open-projects.ts'
import { clearPending, markUpload, takePending } from './pending.ts'
import { pathsOf } from './project-paths.ts'
import { commitArtifact, findArtifact, linkForeign, linkRun, stageBlobs } from './stored-artifacts.ts'
import {
  deleteRun,
  isRenamed,
  linkedProjects,
  markRenamed,
  nameOf,
  renameInLinks,
  renameRun,
} from './stored-runs.ts'
import { makeTimeWriter } from './time-text.ts'

/** How often a write first looks whether the storage is still there, ms. */
const LOOK_EVERY = 2000

export interface LocalStore extends LocalStoreApi {
  /** Checkpoints and closes everything; what is asked afterwards opens it again. */
  close(): Promise<void>
}

/**
 * What the owner of the storage does for every tab: all projects of a folder, each with one thing done at a
 * time. `onWritten` is called once rows are committed. `why`: what the browser said, where `tree` is memory.
 */
export function makeLocalStore(
  tree: WriteTree,
  onWritten: (event: RowsWritten) => void = () => {},
  why?: string,
): LocalStore {
  const projects = makeOpenProjects(tree)
  const { inOrder, opened, existing, checkpointLater } = projects
  /** Automatic names that were given away, whether or not their runs have logged yet. */
  const givenNames = new Map<string, Set<string>>()
  const keeping: Keeping = why === undefined ? { kind: tree.kind } : { kind: tree.kind, why }
  const timeText = makeTimeWriter()
  const now = (): string => timeText(Date.now())

  /** `asked`: the name as it was written, for the error. */
  async function required(name: string, asked = name): Promise<OpenProject> {
    const project = await existing(name)
    if (project) return project
    throw new TrackioError(
      asked,
      'no such project in this browser',
      'trackio.projects() lists those there are.',
    )
  }

  async function begin(start: RunStart, name: string): Promise<RunBegun> {
    const project = start.space === null ? await existing(name) : await opened(name)
    const names = givenNames.get(name) ?? new Set()
    const begun = beginRun(start, project?.db, names, keeping)
    givenNames.set(name, names)
    return begun
  }

  async function write(sent: Batch, name: string): Promise<Receipt> {
    let project = await opened(name)
    const batch = { ...sent, run: { ...sent.run, name: storedName(project, sent.run) } }
    let cleared: true | undefined
    if (tree.kind === 'stored' && performance.now() - project.lookedAt > LOOK_EVERY) {
      project.lookedAt = performance.now()
      if ((await tree.size(project.path)) === undefined) {
        project = await projects.reopen(project)
        cleared = true
      }
    }
    // the files first: a row must not name what is not there
    const unstored = await putFiles(batch.files ?? [])
    const lastId = ((): number => {
      try {
        return project.db.write(batch)
      } catch (cause) {
        throw writeError(project.path, cause)
      }
    })()
    if (batch.config !== undefined)
      project.configs.set(batch.run.id, { run: batch.run, config: batch.config })
    onWritten({ kind: 'rows', project: name, lastId })
    checkpointLater(project)
    return { lastId, ...(cleared && { cleared }), ...(unstored.length > 0 && { unstored }) }
  }

  /** A page that goes on logging to a run that was renamed knows its old name, whoever owns the storage by now. */
  function storedName({ db, names }: OpenProject, { id, name }: RunRef): string {
    const known = names.get(id) ?? nameOf(db.sql, id) ?? name
    names.set(id, known)
    return known
  }

  /** One that cannot be put is told of, and holds up nothing: the row that names it is worth more. */
  async function putFiles(files: readonly MediaFile[]): Promise<UnstoredFile[]> {
    const unstored: UnstoredFile[] = []
    for (const { path, blob } of files) {
      const place = `media/${safePath(path)}`
      try {
        // a chosen file that was removed since then reads as one without bytes, and without an error
        if (blob instanceof File && blob.size === 0)
          throw new Error('it is empty, or was removed after it was chosen')
        await tree.put(place, blob)
      } catch (cause) {
        unstored.push({
          path,
          why: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause),
          full: isFull(cause),
        })
        // a part of it would pass for the whole; where that cannot be removed either, nothing better can be
        // done
        await tree.remove(place).catch(() => {})
      }
    }
    return unstored
  }

  async function logArtifact(artifact: ArtifactToLog, name: string): Promise<ArtifactRecord> {
    const project = await opened(name)
    const manifest = await stageBlobs(tree, name, artifact.entries).catch((cause: unknown) => {
      throw writeError(`artifact ${artifact.name}`, cause)
    })
    const run = { ...artifact.run, name: storedName(project, artifact.run) }
    const { record, unused } = commitArtifact(project.db.sql, { ...artifact, run }, manifest, now())
    for (const digest of unused) await tree.remove(blobPath(name, digest))
    project.db.sync()
    checkpointLater(project)
    return record
  }

  async function exportDatabase(name: string): Promise<Blob> {
    const project = await required(name)
    try {
      checkpoint(project)
    } catch {
      // no room, as a rule: the copy then takes in what waits in the log
    }
    return copyOf(name, project.files.main, project.files.wal)
  }

  /**
   * Media are copied first and removed last: a stop in between leaves files too many, none too few. The
   * database itself remembers by whose `id` it was renamed, so the next owner, asked the same again, ends
   * what this one began.
   */
  async function renameProject(name: string, next: string, id: string): Promise<void> {
    const [found, there] = [await existing(name), await existing(next)]
    // what has the old name now, if anything, was begun since
    if (there && isRenamed(there.db.sql, id)) return found ? undefined : removeFiles(name)
    if (!found) throw new TrackioError(name, 'no such project in this browser')
    if (there)
      throw new TrackioError(
        next,
        'this browser tracks a project of this name already',
        'Choose another name.',
      )
    try {
      for (const kind of ['media', 'artifacts'])
        await copyFolder(tree, `${kind}/${name}/`, `${kind}/${next}/`)
      markRenamed(found.db.sql, name, next, id)
      givenNames.delete(name)
      await projects.close(found)
      await tree.move(`${name}.db`, `${next}.db`)
    } catch (cause) {
      throw writeError(name, cause)
    }
    await removeFiles(name)
  }

  /** In the queues of both, always taken in the same order: two that take each other's would wait for each other. */
  function inOrderOfBoth(name: string, next: string, work: () => Promise<void>): Promise<void> {
    const [first, second] = name < next ? [name, next] : [next, name]
    return inOrder(first, () => inOrder(second, work))
  }

  /**
   * All of it in one project first, then the links of its runs that lie in others: a change that is refused has
   * touched nothing, and one that stops in between is asked for again, and ends it.
   */
  async function changeRuns(project: string, change: RunChange, id: string): Promise<void> {
    const name = canonicalProject(project)
    const { kind, runs } = change
    if (kind === 'move') checkProjectName(change.to)
    const to = kind === 'move' ? canonicalProject(change.to) : name
    if (kind === 'move' && to === name)
      throw new TrackioError(name, 'the runs are in this project already', 'Choose another one.')
    const linked = await inOrder(name, async () =>
      usedProjects({ db: (await required(name, project)).db.sql }, runs, id),
    )
    const forget = (): Promise<void> =>
      inOrder(name, async () => {
        const found = linked.length > 0 && (await existing(name))
        if (found) forgetUsed({ db: found.db.sql }, id)
      })
    try {
      await changeOwn(name, to, change, id)
    } catch (cause) {
      await forget().catch(() => {}) // it says nothing of runs that are as they were
      throw cause
    }
    const inLinks: InLinks = kind === 'move' ? { kind, to } : kind === 'rename' ? change : { kind }
    await changeLinksOf(linked, name, runs, inLinks)
    await forget()
  }

  async function changeOwn(name: string, to: string, change: RunChange, id: string): Promise<void> {
    const { kind, runs } = change
    const changed = (work: (found: OpenProject) => Promise<void>) => async (): Promise<void> => {
      const found = await required(name)
      await work(found).catch((cause: unknown) => {
        throw writeError(found.path, cause)
      })
      checkpointLater(found)
    }
    if (kind === 'delete')
      return inOrder(
        name,
        changed(({ db }) => deleteRuns(sideOf(db.sql, name), tree, runs, id)),
      )
    if (kind === 'rename')
      return inOrder(
        name,
        changed(async (found) => {
          const [{ id: runId }] = change.runs
          if (runId === null) throw new TrackioError(name, 'a run without an id was not tracked here')
          await renameRun(found.db.sql, tree, name, runId, change.name)
          found.names.set(runId, change.name.trim())
        }),
      )
    return inOrderOfBoth(
      name,
      to,
      changed(async ({ db }) => {
        const there = await opened(to)
        await moveRuns(sideOf(db.sql, name), sideOf(there.db.sql, to), tree, runs, id)
        checkpointLater(there)
      }),
    )
  }

  async function changeLinksOf(
    linked: readonly string[],
    name: string,
    runs: ChangedRun[],
    change: InLinks,
  ): Promise<void> {
    for (const other of linked)
      await changeIn(other, (db) => changeLinks({ db, project: other }, name, runs, change))
  }

  /** Changes another project, where there is one. */
  function changeIn(project: string, change: (sql: OpenProject['db']['sql']) => void): Promise<void> {
    return inOrder(project, async (name) => {
      const found = await existing(name)
      if (!found) return
      change(found.db.sql)
      checkpointLater(found)
    })
  }

  async function removeFiles(name: string): Promise<void> {
    // the database last: a stop in between leaves something that is asked for again
    for (const path of [`artifacts/${name}`, `media/${name}`, ...pathsOf(name).reverse()])
      await tree.remove(path)
  }

  return {
    keeping: async () => keeping,
    begin: (start) => inOrder(start.project, (name) => begin(start, name)),
    write: (batch) => inOrder(batch.run.project, (name) => write(batch, name)),
    sync: (project) => inOrder(project, async (name) => (await existing(name))?.db.sync()),
    checkpoint: (project) =>
      inOrder(project, async (name) => {
        const found = await existing(name)
        if (!found) return
        checkpoint(found)
        found.db.sync()
      }),
    logArtifact: (artifact) => inOrder(artifact.run.project, (name) => logArtifact(artifact, name)),
    artifact: (project, artifact, spec) =>
      inOrder(project, async (name) => {
        const found = await existing(name)
        return found && findArtifact(found.db.sql, artifact, spec)
      }),
    async useArtifact(project, versionId, run) {
      const consumer = canonicalProject(run.project)
      const record = await inOrder(project, async (name) => {
        const { db } = await opened(name)
        linkRun(db.sql, versionId, run, 'input', consumer, now())
        const [row] = db.sql.rows(
          'SELECT a.name, v.version FROM artifact_versions AS v JOIN artifacts AS a ON a.id = v.artifact_id WHERE v.id = ?',
          [versionId],
        )
        return row && findArtifact(db.sql, String(row[0]), `v${row[1]}`)
      })
      const source = canonicalProject(project)
      if (consumer === source || !record) return
      await inOrder(consumer, async (name) =>
        linkForeign((await opened(name)).db.sql, run, source, record, now()),
      )
    },
    artifactBlob: (project, digest) => tree.blob(blobPath(canonicalProject(project), digest)),
    save: (project, path, blob, space) =>
      inOrder(project, async (name) => {
        const found = await opened(name)
        const place = `media/${name}/files/${safePath(path)}`
        await tree.put(place, blob).catch((cause: unknown) => {
          throw writeError(path, cause)
        })
        if (space !== undefined) markUpload(found.db.sql, { space, path: place, now: now() })
      }),
    async projects() {
      const names = await tree.names('')
      return names.filter((name) => name.endsWith('.db')).map((name) => name.slice(0, -3))
    },
    exportDatabase: (project) => inOrder(project, exportDatabase),
    exportFiles: (project) =>
      inOrder(project, async (name) => {
        const files: ProjectFile[] = [{ path: `${name}.db`, blob: await exportDatabase(name) }]
        for (const folder of [`media/${name}`, `artifacts/${name}`]) {
          for (const path of await filesBelow(tree, folder)) {
            const blob = await tree.blob(path)
            if (blob) files.push({ path, blob })
          }
        }
        return files
      }),
    query: (project, sql, bind) =>
      inOrder(project, async (name) => {
        const { db } = await required(name, project)
        return db.sql.ask(sql, bind)
      }),
    renameRun: (project, runId, to) =>
      inOrder(project, async (name) => {
        const found = await opened(name)
        await renameRun(found.db.sql, tree, name, runId, to).catch((cause: unknown) => {
          throw writeError(found.path, cause)
        })
        found.names.set(runId, to.trim())
        checkpointLater(found)
      }),
    changeRuns,
    setMetadata: (project, key, value) =>
      inOrder(project, async (name) => {
        const found = await opened(name)
        found.db.sql.run('INSERT OR REPLACE INTO project_metadata (key, value) VALUES (?, ?)', [key, value])
        checkpointLater(found)
      }),
    deleteRun: (project, runId) =>
      inOrder(project, async (name) => {
        const found = await existing(name)
        const gone = found ? deleteRun(found.db.sql, runId) : false
        if (found && gone) checkpointLater(found)
        return gone
      }),
    pending: (project, space, known) =>
      inOrder(project, async (name) => {
        const found = await existing(name)
        return found && takePending(found.db.sql, { project, space, known })
      }),
    delivered: (project, ids) =>
      inOrder(project, async (name) => {
        const found = await existing(name)
        if (!found) return
        clearPending(found.db.sql, ids)
        checkpointLater(found)
      }),
    mediaFile: (path) => tree.blob(`media/${safePath(path)}`),
    deleteProject: (project) =>
      inOrder(project, async (name) => {
        const found = await existing(name)
        if (!found) return false
        givenNames.delete(name)
        await projects.close(found, 'discard')
        await removeFiles(name)
        return true
      }),
    async renameProject(project, to, id) {
      checkProjectName(to)
      const [name, next] = [canonicalProject(project), canonicalProject(to)]
      if (name === next) return
      await inOrderOfBoth(name, next, () => renameProject(name, next, id))
      // not within, where two could wait for each other; a stop in between is asked for again, and ends it
      const linked = await inOrder(next, async () => {
        const found = await existing(next)
        return found ? linkedProjects(found.db.sql) : []
      })
      for (const other of linked) await changeIn(other, (sql) => renameInLinks(sql, name, next))
    },
    suspend: async () => {},
    resume: async () => {},
    close: projects.closeAll,
  }
}

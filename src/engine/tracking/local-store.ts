import type { DeskApi } from '../../bridge/writer-api.ts'
import { safePath } from '../../compute/safe-path.ts'
import { TrackioError } from '../../model/errors.ts'
import { canonicalProject, quoted } from '../../model/project-name.ts'
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
  RunStart,
  UnstoredFile,
} from '../../model/tracking.ts'
import { copyFolder, filesBelow, type WriteTree } from '../../storage/opfs/write-tree.ts'
import { parseTimeText } from '../columns/time.ts'
import { copyOf } from './copy-out.ts'
import { closeProject, fold, isFull, type OpenProject, openProject, unwritten } from './open-project.ts'
import { clearPending, takePending } from './pending.ts'
import { pathsOf } from './project-paths.ts'
import { nextName } from './run-names.ts'
import {
  blobPath,
  commitArtifact,
  findArtifact,
  linkForeign,
  linkRun,
  stageBlobs,
} from './stored-artifacts.ts'
import { deleteRun, isRenamed, markRenamed, renameRun } from './stored-runs.ts'
import { makeTimeWriter } from './time-text.ts'

/**
 * The log is folded into the database when it is this large: 4 to 40 s of a busy run, and readers hold the
 * log in memory.
 */
const FOLD_BYTES = 8 << 20
/**
 * Not more often than this: a File that was handed out before then differs in its time, to the second (some
 * systems keep no more).
 */
const FOLD_EVERY = 1100
/** And when nothing was written for so long. */
const FOLD_IDLE = 3000
/** How often a write first looks whether the storage is still there. */
const LOOK_EVERY = 2000

export interface Desk extends DeskApi {
  /** Folds and closes everything; what is asked afterwards opens it again. */
  shut(): Promise<void>
}

/**
 * Whoever owns the storage sits here: all projects of a folder, each with one thing done at a time. `tell` is
 * called once rows are committed.
 */
export function createDesk(
  tree: WriteTree,
  tell: (event: RowsWritten) => void = () => {},
  why?: string,
): Desk {
  const open = new Map<string, Promise<OpenProject>>()
  const turns = new Map<string, Promise<unknown>>()
  /** Automatic names that were given away, whether or not their runs have logged yet. */
  const given = new Map<string, Set<string>>()
  const keeping: Keeping = why === undefined ? { kind: tree.kind } : { kind: tree.kind, why }
  const timeText = makeTimeWriter()
  const now = (): string => timeText(Date.now())

  /** After all that was asked of the project before. */
  function inTurn<T>(project: string, work: (name: string) => Promise<T>): Promise<T> {
    const name = canonicalProject(project)
    const before = turns.get(name) ?? Promise.resolve()
    const result = before.then(
      () => work(name),
      () => work(name),
    )
    turns.set(name, result)
    return result
  }

  async function opened(name: string): Promise<OpenProject> {
    let project = open.get(name)
    if (!project) {
      project = openProject(tree, name)
      open.set(name, project)
      project.catch(() => open.delete(name))
    }
    return project
  }

  /** Only if there is such a project: asking for one must not make it. */
  async function existing(name: string): Promise<OpenProject | undefined> {
    return open.has(name) || (await tree.size(`${name}.db`)) !== undefined ? opened(name) : undefined
  }

  async function begin(start: RunStart, name: string): Promise<RunBegun> {
    const project = start.space === null ? await existing(name) : await opened(name)
    const runs = project?.db.runs() ?? []
    if (project && start.space !== null) {
      project.db.sql.run('INSERT OR REPLACE INTO project_metadata (key, value) VALUES (?, ?)', [
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
    const last = resumed && project?.db.lastOf(resumed.id)
    const taken = given.get(name) ?? new Set<string>()
    const used = new Set(runs.map((run) => run.name))
    // runs that only logged artifacts have a name too
    for (const [one] of project?.db.sql.rows('SELECT DISTINCT run_name FROM run_artifact_links') ?? [])
      used.add(String(one))
    const runName = start.name ?? nextName((one) => taken.has(one) || used.has(one))
    given.set(name, taken.add(runName))
    return {
      id: resumed?.id ?? start.id,
      name: runName,
      resumed: resumed !== undefined,
      nextStep: last ? last.step + 1 : 0,
      lastTime: last ? Math.max(0, parseTimeText(last.time) || 0) : 0,
      keeping,
    }
  }

  async function write(sent: Batch, name: string): Promise<Receipt> {
    let project = await opened(name)
    const renamed = project.renamed.get(sent.run.id)
    const batch = renamed === undefined ? sent : { ...sent, run: { ...sent.run, name: renamed } }
    let cleared: true | undefined
    if (tree.kind === 'stored' && performance.now() - project.lookedAt > LOOK_EVERY) {
      project.lookedAt = performance.now()
      if ((await tree.size(project.path)) === undefined) {
        project = await reopen(project)
        cleared = true
      }
    }
    // the files first: a row must not name what is not there
    const unstored = await putFiles(batch.files ?? [])
    const lastId = ((): number => {
      try {
        return project.db.write(batch)
      } catch (cause) {
        throw unwritten(project.path, cause)
      }
    })()
    if (batch.config !== undefined)
      project.configs.set(batch.run.id, { run: batch.run, config: batch.config })
    tell({ kind: 'rows', project: name, lastId })
    foldLater(project)
    return { lastId, ...(cleared && { cleared }), ...(unstored.length > 0 && { unstored }) }
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

  /** The browser removed the files under our hands ("clear site data"): logging goes on in new ones. */
  async function reopen(old: OpenProject): Promise<OpenProject> {
    open.delete(old.name)
    await closeProject(tree, old).catch(() => {}) // its files are gone; closing can only fail
    const project = await opened(old.name)
    for (const { run, config } of old.configs.values()) project.db.write({ run, space: null, config })
    project.configs = old.configs
    return project
  }

  function foldLater(project: OpenProject): void {
    clearTimeout(project.idle)
    if (project.db.waiting() > FOLD_BYTES && performance.now() - project.foldedAt > FOLD_EVERY) fold(project)
    else if (project.db.waiting() > 0) {
      project.idle = setTimeout(() => {
        void inTurn(project.name, async () => {
          if (open.has(project.name)) fold(project)
        }).catch(() => {}) // the log stays as it is; the next write meets the same error and says it
      }, FOLD_IDLE)
    }
  }

  async function logArtifact(artifact: ArtifactToLog, name: string): Promise<ArtifactRecord> {
    const project = await opened(name)
    const manifest = await stageBlobs(tree, name, artifact.entries).catch((cause: unknown) => {
      throw unwritten(`artifact ${artifact.name}`, cause)
    })
    const { record, unused } = commitArtifact(project.db.sql, artifact, manifest, now())
    for (const digest of unused) await tree.remove(blobPath(name, digest))
    project.db.sync()
    foldLater(project)
    return record
  }

  async function exportDatabase(name: string): Promise<Blob> {
    const project = await existing(name)
    if (!project)
      throw new TrackioError(
        name,
        'no such project in this browser',
        'trackio.projects() lists those there are.',
      )
    fold(project)
    return copyOf(name, project.files.main, project.db.waiting())
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
      open.delete(name)
      given.delete(name)
      await closeProject(tree, found)
      await tree.move(`${name}.db`, `${next}.db`)
    } catch (cause) {
      throw unwritten(name, cause)
    }
    await removeFiles(name)
  }

  async function removeFiles(name: string): Promise<void> {
    for (const path of [...pathsOf(name), `artifacts/${name}`, `media/${name}`]) await tree.remove(path)
  }

  return {
    keeping: async () => keeping,
    begin: (start) => inTurn(start.project, (name) => begin(start, name)),
    write: (batch) => inTurn(batch.run.project, (name) => write(batch, name)),
    sync: (project) => inTurn(project, async (name) => (await existing(name))?.db.sync()),
    fold: (project) =>
      inTurn(project, async (name) => {
        const found = await existing(name)
        if (!found) return
        fold(found)
        found.db.sync()
      }),
    logArtifact: (artifact) => inTurn(artifact.run.project, (name) => logArtifact(artifact, name)),
    artifact: (project, artifact, spec) =>
      inTurn(project, async (name) => {
        const found = await existing(name)
        return found && findArtifact(found.db.sql, artifact, spec)
      }),
    async useArtifact(project, versionId, run) {
      const consumer = canonicalProject(run.project)
      const record = await inTurn(project, async (name) => {
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
      await inTurn(consumer, async (name) =>
        linkForeign((await opened(name)).db.sql, run, source, record, now()),
      )
    },
    artifactBlob: (project, digest) => tree.blob(blobPath(canonicalProject(project), digest)),
    save: (project, path, blob) =>
      inTurn(project, async (name) => {
        await opened(name)
        await tree.put(`media/${name}/files/${safePath(path)}`, blob).catch((cause: unknown) => {
          throw unwritten(path, cause)
        })
      }),
    async projects() {
      const names = await tree.names('')
      return names.filter((name) => name.endsWith('.db')).map((name) => name.slice(0, -3))
    },
    exportDatabase: (project) => inTurn(project, exportDatabase),
    exportFiles: (project) =>
      inTurn(project, async (name) => {
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
      inTurn(project, async (name) => {
        const found = await existing(name)
        if (!found)
          throw new TrackioError(
            project,
            'no such project in this browser',
            'trackio.projects() lists those there are.',
          )
        return found.db.sql.ask(sql, bind)
      }),
    renameRun: (project, runId, to) =>
      inTurn(project, async (name) => {
        const found = await opened(name)
        await renameRun(found.db.sql, tree, name, runId, to).catch((cause: unknown) => {
          throw unwritten(found.path, cause)
        })
        // a tab that goes on logging knows the old name
        found.renamed.set(runId, to.trim())
        foldLater(found)
      }),
    deleteRun: (project, runId) =>
      inTurn(project, async (name) => {
        const found = await existing(name)
        const gone = found ? deleteRun(found.db.sql, runId) : false
        if (found && gone) foldLater(found)
        return gone
      }),
    pending: (project, space, known) =>
      inTurn(project, async (name) => {
        const found = await existing(name)
        return found && takePending(found.db.sql, { project, space, known })
      }),
    delivered: (project, ids) =>
      inTurn(project, async (name) => {
        const found = await existing(name)
        if (!found) return
        clearPending(found.db.sql, ids)
        foldLater(found)
      }),
    mediaFile: (path) => tree.blob(`media/${safePath(path)}`),
    deleteProject: (project) =>
      inTurn(project, async (name) => {
        const found = await existing(name)
        if (!found) return false
        open.delete(name)
        given.delete(name)
        await closeProject(tree, found)
        await removeFiles(name)
        return true
      }),
    async renameProject(project, to, id) {
      checkProjectName(to)
      const [name, next] = [canonicalProject(project), canonicalProject(to)]
      if (name === next) return
      // in the turns of both, always taken in the same order: two that take each other's names would wait for
      // each other
      const [first, second] = name < next ? [name, next] : [next, name]
      await inTurn(first, () => inTurn(second, () => renameProject(name, next, id)))
    },
    rest: async () => {},
    wake: async () => {},
    async shut() {
      for (const name of [...open.keys()]) {
        await inTurn(name, async () => {
          const project = await open.get(name)
          open.delete(name)
          if (project) await closeProject(tree, project)
        })
      }
    },
  }
}

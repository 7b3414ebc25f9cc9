import { canonicalProject } from '../../model/project-name.ts'
import type { WriteTree } from '../../storage/opfs/write-tree.ts'
import { checkpoint, closeProject, type OpenProject, openProject } from './open-project.ts'

/**
 * The WAL is written back into the database when it is this large: 4 to 40 s of a busy run, and readers hold
 * it in memory.
 */
const CHECKPOINT_BYTES = 8 << 20
/**
 * Not more often than this, ms: a File that was handed out before then differs in its time, to the second
 * (some systems keep no more).
 */
const CHECKPOINT_EVERY = 1100
/** And when nothing was written for so long, ms. */
const CHECKPOINT_IDLE = 3000

/** The projects of a folder that are open for writing, and the order in which things are done to each. */
export interface OpenProjects {
  /** Does `work` after all that was asked of the project before. It is given the canonical name. */
  inOrder<T>(project: string, work: (name: string) => Promise<T>): Promise<T>
  /** Opens it, made where it is missing. Rejects with a TrackioError. */
  opened(name: string): Promise<OpenProject>
  /** Only if there is such a project: asking for one must not make it. */
  existing(name: string): Promise<OpenProject | undefined>
  /** Closes its files, which then may be moved or removed; `discard`: they are removed next. */
  close(project: OpenProject, then?: 'keep' | 'discard'): Promise<void>
  /** The browser removed the files under our hands ("clear site data"): logging goes on in new ones. */
  reopen(old: OpenProject): Promise<OpenProject>
  /** After a change: writes the WAL back now if it is large, else once nothing was written for a while. */
  checkpointLater(project: OpenProject): void
  /** Closes all, also where one of them cannot be written; rejects then with why. */
  closeAll(): Promise<void>
}

export function makeOpenProjects(tree: WriteTree): OpenProjects {
  const open = new Map<string, Promise<OpenProject>>()
  /** The last thing that was asked of each project. */
  const queues = new Map<string, Promise<unknown>>()

  function inOrder<T>(project: string, work: (name: string) => Promise<T>): Promise<T> {
    const name = canonicalProject(project)
    const before = queues.get(name) ?? Promise.resolve()
    const result = before.then(
      () => work(name),
      () => work(name),
    )
    queues.set(name, result)
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

  async function close(project: OpenProject, then?: 'keep' | 'discard'): Promise<void> {
    open.delete(project.name)
    await closeProject(tree, project, then)
  }

  return {
    inOrder,
    opened,
    close,
    existing: async (name) =>
      open.has(name) || (await tree.size(`${name}.db`)) !== undefined ? opened(name) : undefined,
    async reopen(old) {
      await close(old).catch(() => {}) // its files are gone; closing can only fail
      const project = await opened(old.name)
      for (const { run, config } of old.configs.values()) project.db.write({ run, space: null, config })
      project.configs = old.configs
      return project
    },
    checkpointLater(project) {
      clearTimeout(project.idleTimer)
      const waiting = project.db.walBytes()
      if (waiting > CHECKPOINT_BYTES && performance.now() - project.checkpointedAt > CHECKPOINT_EVERY)
        checkpoint(project)
      else if (waiting > 0) {
        project.idleTimer = setTimeout(() => {
          void inOrder(project.name, async () => {
            if (open.has(project.name)) checkpoint(project)
          }).catch(() => {}) // the WAL stays as it is; the next write meets the same error and says it
        }, CHECKPOINT_IDLE)
      }
    },
    async closeAll() {
      const closed = await Promise.allSettled(
        [...open.keys()].map((name) =>
          inOrder(name, async () => {
            const project = await open.get(name)
            if (project) await close(project)
          }),
        ),
      )
      for (const one of closed) if (one.status === 'rejected') throw one.reason
    },
  }
}

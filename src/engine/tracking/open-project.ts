import { TrackioError } from '../../model/errors.ts'
import type { RunRef } from '../../model/tracking.ts'
import type { SyncFile } from '../../storage/opfs/sync-file.ts'
import type { WriteTree } from '../../storage/opfs/write-tree.ts'
import { openProjectDb, type ProjectDb } from './project-db.ts'
import { pathsOf } from './project-paths.ts'
import { DatabaseError } from './writable.ts'

/** A project's database with its files, held open by the tab that owns the storage. */
export interface OpenProject {
  name: string
  path: string
  db: ProjectDb
  files: { main: SyncFile; wal: SyncFile; generation: SyncFile }
  /** When the WAL was last written back, and when the file was last looked for; ms of `performance.now()`. */
  checkpointedAt: number
  lookedAt: number
  /** Checkpoints once nothing is written for a while. */
  idleTimer: ReturnType<typeof setTimeout> | undefined
  /** Config of each run that logged here, to be written again if the storage is cleared meanwhile. */
  configs: Map<string, { run: RunRef; config: string }>
  /** Names of the runs that logged here, by id, as they are stored: a page that logs may know an old one. */
  names: Map<string, string>
}

export async function openProject(tree: WriteTree, name: string): Promise<OpenProject> {
  const path = `${name}.db`
  const files: SyncFile[] = []
  try {
    for (const one of pathsOf(name)) files.push(await tree.open(one))
    const [main, wal, generation] = files as [SyncFile, SyncFile, SyncFile] // three were opened
    // an owner that died during a checkpoint left an odd generation, though the WAL still holds everything; a
    // new file counts from the start
    const count = generationOf(generation)
    if (count % 2 === 1 || generation.size === 0) setGeneration(generation, count + (count % 2) + 2)
    const db = await openProjectDb(path, { main, wal })
    return {
      name,
      path,
      db,
      files: { main, wal, generation },
      checkpointedAt: 0,
      lookedAt: performance.now(),
      idleTimer: undefined,
      configs: new Map(),
      names: new Map(),
    }
  } catch (cause) {
    for (const file of files) file.close()
    throw cause instanceof TrackioError ? cause : writeError(path, cause)
  }
}

/**
 * Lets go of a project's files, whatever fails. `discard`: they are removed next, so the WAL is not written
 * back, for which a full disk may have no room. Rejects with a TrackioError where it could not be.
 */
export async function closeProject(
  tree: WriteTree,
  project: OpenProject,
  then: 'keep' | 'discard' = 'keep',
): Promise<void> {
  clearTimeout(project.idleTimer)
  for (const path of pathsOf(project.name)) await tree.ensure(path)
  try {
    if (then === 'keep') checkpoint(project)
  } finally {
    try {
      project.db.close()
    } finally {
      for (const file of Object.values(project.files)) file.close()
    }
  }
}

/**
 * Writes the WAL back into the database. Who reads the files meanwhile must notice: the generation is odd
 * while pages move, and another one afterwards (see storage/opfs/tracked-folder.ts). Throws a TrackioError.
 */
export function checkpoint(project: OpenProject): void {
  const { db, files } = project
  if (db.walBytes() === 0) return
  const before = generationOf(files.generation)
  setGeneration(files.generation, before + 1)
  try {
    db.checkpoint()
  } catch (cause) {
    throw writeError(project.path, cause)
  } finally {
    project.checkpointedAt = performance.now()
    setGeneration(files.generation, before + 2)
  }
}

function generationOf(file: SyncFile): number {
  const bytes = new Uint8Array(8)
  file.read(bytes, 0)
  return Number(new DataView(bytes.buffer).getBigUint64(0, true))
}

function setGeneration(file: SyncFile, generation: number): void {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(generation), true)
  file.write(bytes, 0)
}

/** What failed, in words for a person; a full disk is told apart. */
export function writeError(path: string, cause: unknown): Error {
  if (cause instanceof TrackioError) return cause
  const text =
    cause instanceof Error
      ? `${cause.name === 'Error' ? '' : `${cause.name}: `}${cause.message}`
      : String(cause)
  return isFull(cause)
    ? new TrackioError(
        path,
        `no room left in this browser's storage (${text})`,
        'Delete a project with trackio.deleteProject(), or take a copy with trackio.download().',
      )
    : new TrackioError(path, `could not be written: ${text}`)
}

/** Whether it failed for want of room. */
export function isFull(cause: unknown): boolean {
  return cause instanceof DatabaseError
    ? cause.full
    : cause instanceof Error && cause.name === 'QuotaExceededError'
}

import { TrackioError } from '../../model/errors.ts'
import type { RunRef } from '../../model/tracking.ts'
import type { SyncFile } from '../../storage/opfs/sync-file.ts'
import type { WriteTree } from '../../storage/opfs/write-tree.ts'
import { openProjectDb, type ProjectDb } from './project-db.ts'
import { pathsOf } from './project-paths.ts'
import { DatabaseError } from './writable.ts'

/** A project's database with its files, held open by whoever owns the storage. */
export interface OpenProject {
  name: string
  path: string
  db: ProjectDb
  files: { main: SyncFile; wal: SyncFile; turn: SyncFile }
  foldedAt: number
  lookedAt: number
  idle: ReturnType<typeof setTimeout> | undefined
  /** Config of each run that logged here, to be written again if the storage is cleared meanwhile. */
  configs: Map<string, { run: RunRef; config: string }>
  /** Names that runs got while they may still be logged to, by id. */
  renamed: Map<string, string>
}

export async function openProject(tree: WriteTree, name: string): Promise<OpenProject> {
  const path = `${name}.db`
  const files: SyncFile[] = []
  try {
    for (const one of pathsOf(name)) files.push(await tree.open(one))
    const [main, wal, turn] = files as [SyncFile, SyncFile, SyncFile] // three were opened
    // an owner that died while it folded left an odd mark, though the log still holds everything; a new file
    // counts from the start
    const count = turnOf(turn)
    if (count % 2 === 1 || turn.size === 0) setTurn(turn, count + (count % 2) + 2)
    const db = await openProjectDb(path, { main, wal })
    return {
      name,
      path,
      db,
      files: { main, wal, turn },
      foldedAt: 0,
      lookedAt: performance.now(),
      idle: undefined,
      configs: new Map(),
      renamed: new Map(),
    }
  } catch (cause) {
    for (const file of files) file.close()
    throw cause instanceof TrackioError ? cause : unwritten(path, cause)
  }
}

export async function closeProject(tree: WriteTree, project: OpenProject): Promise<void> {
  clearTimeout(project.idle)
  for (const path of pathsOf(project.name)) await tree.ensure(path)
  try {
    fold(project)
    project.db.close()
  } finally {
    for (const file of Object.values(project.files)) file.close()
  }
}

/**
 * Puts the log into the database. Who reads the files meanwhile must notice: the turn is odd while pages
 * move, and another one afterwards (see storage/tracked.ts).
 */
export function fold(project: OpenProject): void {
  const { db, files } = project
  if (db.waiting() === 0) return
  const turn = turnOf(files.turn)
  setTurn(files.turn, turn + 1)
  try {
    db.fold()
  } catch (cause) {
    throw unwritten(project.path, cause)
  } finally {
    project.foldedAt = performance.now()
    setTurn(files.turn, turn + 2)
  }
}

function turnOf(file: SyncFile): number {
  const bytes = new Uint8Array(8)
  file.read(bytes, 0)
  return Number(new DataView(bytes.buffer).getBigUint64(0, true))
}

function setTurn(file: SyncFile, turn: number): void {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(turn), true)
  file.write(bytes, 0)
}

/** What failed, in words for a person; a full disk is told apart. */
export function unwritten(path: string, cause: unknown): Error {
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

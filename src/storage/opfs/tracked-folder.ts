import { ChangedOnDiskError, TrackioError } from '../../model/errors.ts'
import { type Bytes, memoryBytes } from '../bytes.ts'
import { fileBytes, fileEntry } from '../files/file.ts'
import { pause } from '../pause.ts'
import type { Tree, TreeEntry } from '../tree.ts'
import { type Folder, needFolder } from './folder.ts'
import { filesBelow } from './write-tree.ts'

/*
 * What the tracking API writes in this browser, read while it is written, by any tab. The files are plain
 * files of the private storage; the writer holds them open, and `getFile` reads them all the same. Rows go to
 * the log beside the database until the writer checkpoints it. That rewrites pages of the database, and whoever
 * reads across it would mix two states. So the writer keeps a generation in `<project>.lock`: odd during a
 * checkpoint, two more after it. A database is handed out together with its log at one even generation, and
 * every read looks whether it still stands. (On disk a File dies by itself when the file changes; in Chromium's
 * private windows it does not, and shows what is there now.)
 */

/** Names in this origin's private storage; trackio's own folder looks the same. */
const FOLDER = 'trackio'
/**
 * A checkpoint takes a tenth of a second; a generation that stays odd was left by a writer that died, whose log
 * still holds all.
 */
const CHECKPOINT_TRIES = 20
/** Then it is given up. */
const TRIES = 40
const TRY_EVERY = 50

/** What is needed of the folder; tests have a double. */
export type TrackedFolder = Pick<Folder, 'file' | 'names'>

export interface TrackedTree extends Tree {
  /**
   * The databases and their logs alone: a listing that is cheap enough for every second. Media and artifacts
   * are still found by their path.
   */
  databases(): Promise<TreeEntry[]>
}

/** Whether a log holds anything that is committed. The engine knows. */
export type Committed = (wal: Bytes) => Promise<boolean>

/** The first commit is not farther from the log's beginning: a batch of rows is smaller. */
const FIRST_COMMIT = 16 << 20

/**
 * What runs tracked in this browser. Rejects with a TrackioError where the browser has no storage for this
 * page.
 */
export async function openTracked(committed: Committed): Promise<TrackedTree> {
  return trackedTree(await needFolder(FOLDER), committed)
}

/** A database and its log as they were at one generation. */
interface Pair {
  db: File
  wal: Uint8Array
  generation: number
  lock: Bytes | undefined
}

export function trackedTree(folder: TrackedFolder, committed: Committed): TrackedTree {
  async function thereAt(path: string): Promise<File> {
    const file = await folder.file(path)
    if (!file)
      throw new TrackioError(
        path,
        'no longer in this browser',
        'The project was deleted, or the site’s data was cleared.',
      )
    return file
  }

  async function pairOf(path: string): Promise<Pair> {
    const lockPath = path.replace(/\.db$/, '.lock')
    let why = ''
    for (let tries = 1; tries <= TRIES; tries++) {
      if (tries > 1) await pause(TRY_EVERY)
      const before = await generationAt(lockPath)
      if (before.generation % 2 === 1 && tries < CHECKPOINT_TRIES) continue
      try {
        const db = await thereAt(path)
        const wal = new Uint8Array((await (await folder.file(`${path}-wal`))?.arrayBuffer()) ?? [])
        if ((await generationAt(lockPath)).generation !== before.generation) continue
        // a log whose first transaction is still being written is as good as none
        const empty = wal.length < FIRST_COMMIT && !(await committed(memoryBytes(wal)))
        return { db, wal: empty ? new Uint8Array() : wal, ...before }
      } catch (cause) {
        if (cause instanceof TrackioError) throw cause
        // it was written to while it was read: the next try takes it as it is then
        why = cause instanceof Error ? ` (${cause.name}: ${cause.message})` : ''
      }
    }
    throw new TrackioError(path, `is being written too fast to be read${why}`, 'Try again in a moment.')
  }

  // several ask at once: a look every second, and whoever copies the project
  async function withLog(path: string): Promise<{ db: Bytes; wal: Bytes | undefined }> {
    const pair = await pairOf(path)
    const wal = pair.wal.length > 0 ? memoryBytes(pair.wal) : undefined
    return { db: guarded(path, await fileBytes(path, pair.db), pair), wal }
  }

  async function generationAt(path: string): Promise<{ generation: number; lock: Bytes | undefined }> {
    const file = await folder.file(path)
    if (!file || file.size < 8) return { generation: 0, lock: undefined }
    const lock = await fileBytes(path, file)
    return { generation: generationIn(await lock.load(0, 8)), lock }
  }

  async function entriesOf(paths: readonly string[]): Promise<TreeEntry[]> {
    const entries: TreeEntry[] = []
    for (const path of paths) {
      if (path.endsWith('.lock') || path.startsWith('.probe-')) continue
      const file = await folder.file(path)
      if (file) entries.push(fileEntry(path, file))
    }
    return entries
  }

  return {
    whole: true,
    host: '',
    list: async () => entriesOf(await filesBelow(folder, '')),
    databases: async () => entriesOf((await folder.names('')).filter((name) => /\.db(-wal)?$/.test(name))),
    async find(path) {
      const file = await folder.file(path)
      return file && fileEntry(path, file)
    },
    async bytes(path) {
      if (path.endsWith('.db-wal')) return memoryBytes((await pairOf(path.slice(0, -4))).wal)
      return path.endsWith('.db') ? (await withLog(path)).db : fileBytes(path, await thereAt(path))
    },
    withLog,
    blob: thereAt,
    received: () => 0,
  }
}

/** Bytes that are only good until the next checkpoint. */
function guarded(path: string, bytes: Bytes, { lock, generation }: Pair): Bytes {
  const check = (): void => {
    let now: number | undefined
    try {
      now = lock && generationIn(lock.read(0, 8))
    } catch {
      now = undefined // its File died: it was counted on
    }
    if (now !== generation && (lock || generation > 0))
      throw new ChangedOnDiskError(path, 'was written to while it was read')
  }
  return {
    size: bytes.size,
    read(offset, length) {
      const found = bytes.read(offset, length)
      check()
      return found
    },
    async load(offset, length) {
      const found = await bytes.load(offset, length)
      check()
      return found
    },
  }
}

function generationIn(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true))
}

import { ChangedOnDiskError } from '../../../model/errors.ts'
import type { Bytes } from '../../../storage/bytes.ts'
import { pause } from '../../../storage/pause.ts'
import type { Tree, TreeEntry, WaitOptions } from '../../../storage/tree.ts'
import type { OpenOptions } from '../dataset.ts'
import type { DatabaseFiles } from './database-files.ts'
import { parseHeader } from './database-header.ts'

/*
 * A database and its log of one state, while somebody writes. A writer appends to the log in every moment,
 * and now and then moves its pages into the database and begins it anew. So the database is pinned to the
 * version that was listed, and the log, which is asked for after the listing, is not: all that had been moved
 * into that version of the database was in the log before, or the log was begun anew after it. The pages of
 * the log lie over those of the database, so whatever its last commit is then, both together are what SQLite
 * would have shown. What must not happen is seen and leads to another look: a database that is another
 * version by now, a log that was begun anew while it was read.
 */

/**
 * Looks at a database that is written to in every moment, when it is opened: of this machine in 3 s, of
 * another as many as cost little.
 */
export const LOOKS = { near: 12, far: 4 }
/**
 * The same of one that is open: whoever follows it looks again by himself, and is told that each look met a
 * change.
 */
export const LOOKS_AGAIN = 3
/**
 * Before the second look, ms; doubled before each one after, up to the most. A move takes a tenth of a second
 * at most.
 */
const FIRST_PAUSE = 20
const LONGEST_PAUSE = 400
/** The head of a log, which is another whenever it is begun anew. */
const LOG_HEAD = 32

/**
 * Does with a database as it was listed what needs log and database of one state; when one was changed since,
 * with both as they are listed then, a stated number of times; then a ChangedOnDiskError says how many. Files
 * that a person gave are taken anew by the page; of a lone address it is said.
 */
export async function ofOneState<T>(
  files: DatabaseFiles,
  tree: Tree,
  { signal, onProgress }: OpenOptions,
  act: (now: DatabaseFiles) => Promise<T>,
  looks = tree.host === '' ? LOOKS.near : LOOKS.far,
): Promise<T> {
  const start = performance.now()
  let now = files
  for (let look = 1; ; look++) {
    try {
      return await act(now)
    } catch (cause) {
      if (!(cause instanceof ChangedOnDiskError) || !tree.whole) throw cause
      if (look === looks) throw writtenTo(files.path, look, performance.now() - start, cause.message)
      onProgress?.(`${files.path} is written to while it is read: look ${look + 1} of ${looks}`, 0, 0)
      await pauseBefore(look + 1, signal)
      const entries = await tree.list({ signal })
      const listed = (path: string): TreeEntry | undefined => entries.find((entry) => entry.path === path)
      now = { ...now, db: listed(now.path) ?? now.db, wal: listed(`${now.path}-wal`) }
    }
  }
}

/** Bytes of a database and its log; what is read of them is of one state, or a ChangedOnDiskError. */
export async function databaseBytes(
  files: DatabaseFiles,
  tree: Tree,
  { signal, onProgress }: OpenOptions,
): Promise<[Bytes, Bytes | undefined]> {
  const wait = {
    signal,
    onProgress: (bytes: number, total: number) => onProgress?.(`downloading ${files.path}`, bytes, total),
  }
  if (tree.withLog) {
    const { db, wal } = await tree.withLog(files.path, wait)
    return [db, wal]
  }
  // the log first: if its rows are moved into the database in between, the database is another version and
  // says so
  const known = files.wal
  const wal = known && known.size > 0 ? await logBytes(known.path, tree, wait) : undefined
  const db = await tree.bytes(files.path, wait)
  if (known || tree.whole || files.folderSeen || db.size === 0 || !parseHeader(db.read(0, 100))?.wal)
    return [db, wal]
  // nobody listed what stands beside it; without a log the page says that newer rows may be missing
  const found = await tree.find(`${files.path}-wal`, wait)
  return [db, found && found.size > 0 ? await tree.bytes(found.path, wait) : undefined]
}

/** A log that may be written to while it is read. */
export function logBytes(path: string, tree: Tree, wait: WaitOptions): Promise<Bytes> {
  return tree.bytes(path, { ...wait, grows: LOG_HEAD })
}

/** Waits before a look, counted from 1; rejects with what the signal says. */
export function pauseBefore(look: number, signal: AbortSignal | undefined): Promise<void> {
  return pause(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (look - 2)), signal)
}

function writtenTo(path: string, looks: number, ms: number, last: string): ChangedOnDiskError {
  return new ChangedOnDiskError(
    path,
    `could not be read in one piece: ${looks} looks within ${(ms / 1000).toFixed(1)} s each met a change, the last one: ${last}`,
    'Open it again in a moment. If it is written to all the time, copy it first: sqlite3 project.db ".backup copy.db".',
  )
}

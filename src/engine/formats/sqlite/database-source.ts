import { TrackioError } from '../../../model/errors.ts'
import { type Bytes, memoryBytes } from '../../../storage/bytes.ts'
import type { Tree, WaitOptions } from '../../../storage/tree.ts'
import type { OpenOptions } from '../dataset.ts'
import type { DatabaseFiles } from './database-files.ts'
import { parseHeader } from './database-header.ts'
import { type Image, makeImage, makePages } from './database-image.ts'
import { LOOKS_AGAIN, logBytes, ofOneState } from './one-state.ts'
import { readSchema, type Schema } from './schema.ts'
import { readWal } from './wal.ts'

/** A database that is to be copied or exported, as its last commit leaves it. */
export interface DatabaseSource {
  /** As the person knows it: its path within the source. */
  path: string
  /** Undefined for a file of 0 bytes, which is a project without anything. */
  image: Image | undefined
  /** Its bytes come over a network. */
  remote: boolean
}

/**
 * A log up to this size is copied to memory, so that a run that goes on logging does not end the export at
 * its next row.
 */
const WAL_IN_MEMORY = 256 << 20

/**
 * Opens a database anew, apart from whatever reads it for the screen. Throws TrackioError where it is no
 * database any more.
 */
export async function openSource(
  files: DatabaseFiles,
  tree: Tree,
  options: WaitOptions = {},
): Promise<DatabaseSource> {
  return ofOneState(files, tree, { signal: options.signal }, (now) => openStill(now, tree, options))
}

/**
 * Does something with a database that is opened for it; again from the start when it was written to
 * meanwhile, a few times.
 */
export async function useSource<T>(
  files: DatabaseFiles,
  tree: Tree,
  options: OpenOptions,
  act: (source: DatabaseSource) => Promise<T>,
): Promise<T> {
  const whole = async (now: DatabaseFiles): Promise<T> =>
    act(await openSource(now, tree, { signal: options.signal }))
  return ofOneState(files, tree, options, whole, LOOKS_AGAIN)
}

async function openStill(files: DatabaseFiles, tree: Tree, options: WaitOptions): Promise<DatabaseSource> {
  const remote = tree.host !== ''
  const { path } = files
  const together = await tree.withLog?.(path, options)
  // the log first: if a checkpoint moves its rows into the database in between, the database's bytes die and
  // say so
  let wal = together ? together.wal : await logOf(files, tree, options)
  const index = wal && (await readWal(wal))
  if (wal && index && index.committedBytes <= WAL_IN_MEMORY)
    wal = memoryBytes(await wal.load(0, index.committedBytes))
  const db = together ? together.db : await tree.bytes(files.db.path, options)
  if (db.size === 0) return { path, image: undefined, remote }
  const header = parseHeader(await db.load(0, 100))
  if (!header) throw new TrackioError(path, 'not an SQLite database', 'Open it again to see what it is now.')
  return { path, image: makeImage(header, db, wal, index), remote }
}

async function logOf(files: DatabaseFiles, tree: Tree, options: WaitOptions): Promise<Bytes | undefined> {
  const log =
    files.wal ?? (tree.whole || files.folderSeen ? undefined : await tree.find(`${files.path}-wal`, options))
  return log && log.size > 0 ? logBytes(log.path, tree, options) : undefined
}

export async function schemaOf(image: Image): Promise<Schema> {
  return readSchema(makePages(image, { block: 64 << 10, keep: 64, ahead: 0 }))
}

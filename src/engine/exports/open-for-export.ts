import { TrackioError } from '../../model/errors.ts'
import { type Bytes, memoryBytes } from '../../storage/bytes.ts'
import { fileBytes } from '../../storage/files/file.ts'
import type { Tree, WaitOptions } from '../../storage/tree.ts'
import type { OpenOptions } from '../formats/dataset.ts'
import type { DatabaseUnit } from '../formats/layout.ts'
import { parseHeader } from '../formats/sqlite/database-header.ts'
import { type Image, makeImage, makePages } from '../formats/sqlite/database-image.ts'
import { LOOKS_AGAIN, logBytes, ofOneState } from '../formats/sqlite/one-state.ts'
import { readSchema, type Schema } from '../formats/sqlite/schema.ts'
import { readWal } from '../formats/sqlite/wal.ts'
import { exportDatabase } from './database-file.ts'
import type { ExportOptions, ExportSource } from './export-source.ts'

/**
 * A log up to this size is copied to memory, so that a run that goes on logging does not end the export at
 * its next row.
 */
const WAL_IN_MEMORY = 256 << 20

/**
 * Opens a database unit anew, apart from whatever reads it for the screen. Throws TrackioError where it is no
 * database any more.
 */
export async function openForExport(
  tree: Tree,
  unit: DatabaseUnit,
  options: WaitOptions = {},
): Promise<ExportSource> {
  return ofOneState(unit, tree, { signal: options.signal }, (now) => openStill(tree, now, options))
}

/**
 * Does something with a database that is opened for it; again from the start when it was written to
 * meanwhile, a few times.
 */
export async function exportOf<T>(
  tree: Tree,
  unit: DatabaseUnit,
  options: OpenOptions,
  act: (source: ExportSource) => Promise<T>,
): Promise<T> {
  const whole = async (now: DatabaseUnit): Promise<T> =>
    act(await openForExport(tree, now, { signal: options.signal }))
  return ofOneState(unit, tree, options, whole, LOOKS_AGAIN)
}

async function openStill(tree: Tree, unit: DatabaseUnit, options: WaitOptions): Promise<ExportSource> {
  const remote = tree.host !== ''
  const together = await tree.withLog?.(unit.path, options)
  // the log first: if a checkpoint moves its rows into the database in between, the database's bytes die and
  // say so
  let wal = together ? together.wal : await logOf(tree, unit, options)
  const index = wal && (await readWal(wal))
  if (wal && index && index.committedBytes <= WAL_IN_MEMORY)
    wal = memoryBytes(await wal.load(0, index.committedBytes))
  const db = together ? together.db : await tree.bytes(unit.db.path, options)
  if (db.size === 0) return { path: unit.path, image: undefined, remote }
  const header = parseHeader(await db.load(0, 100))
  if (!header)
    throw new TrackioError(unit.path, 'not an SQLite database', 'Open it again to see what it is now.')
  return { path: unit.path, image: makeImage(header, db, wal, index), remote }
}

async function logOf(tree: Tree, unit: DatabaseUnit, options: WaitOptions): Promise<Bytes | undefined> {
  const log =
    unit.wal ?? (tree.whole || unit.folderSeen ? undefined : await tree.find(`${unit.path}-wal`, options))
  return log && log.size > 0 ? logBytes(log.path, tree, options) : undefined
}

/**
 * The same database on this machine, for who reads it more than once; the browser may keep it on disk
 * meanwhile.
 */
export async function fetched(source: ExportSource, options: ExportOptions): Promise<ExportSource> {
  const db = await fileBytes(source.path, await exportDatabase(source, options))
  const header = db.size > 0 ? parseHeader(await db.load(0, 100)) : undefined
  return { path: source.path, image: header && makeImage(header, db), remote: false }
}

export async function schemaOf(image: Image): Promise<Schema> {
  return readSchema(makePages(image, { block: 64 << 10, keep: 64, ahead: 0 }))
}

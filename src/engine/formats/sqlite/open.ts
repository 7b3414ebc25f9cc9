import { safePath } from '../../../compute/safe-path.ts'
import { TrackioError } from '../../../model/errors.ts'
import type { Bytes } from '../../../storage/bytes.ts'
import type { Tree } from '../../../storage/tree.ts'
import type { OpenDataset, OpenOptions } from '../dataset.ts'
import { holdFrom } from '../format.ts'
import { type DatabaseFiles, isDatabase } from './database-files.ts'
import { databaseBytes, LOOKS_AGAIN, ofOneState } from './one-state.ts'
import { openSqlite } from './sqlite-file.ts'

/** Opens a database that may be written to while it is opened. */
export async function openDatabase(
  files: DatabaseFiles,
  tree: Tree,
  options: OpenOptions,
): Promise<OpenDataset> {
  return ofOneState(files, tree, options, (now) => openStill(now, tree, options))
}

async function openStill(files: DatabaseFiles, tree: Tree, options: OpenOptions): Promise<OpenDataset> {
  const [db, wal] = await databaseBytes(files, tree, options)
  let { inbox } = files
  const dataset = await openSqlite({
    path: files.path,
    db,
    wal,
    // another host was asked for the log by its name, and has none
    folderSeen: files.folderSeen || tree.whole || tree.host !== '',
    holdFrom: holdFrom(tree),
    reopen(next) {
      const act = async (
        now: DatabaseFiles,
      ): Promise<{ db: Bytes; wal: Bytes | undefined; stamp: string }> => {
        inbox = now.inbox
        const [db, wal] = await databaseBytes(now, tree, {})
        return { db, wal, stamp: now.db.stamp }
      }
      return ofOneState(isDatabase(next) ? next : files, tree, {}, act, LOOKS_AGAIN)
    },
    async inbox() {
      // few sources have any
      const read =
        inbox.length > 0 ? await (await import('../fragments/fragments.ts')).readFragments(inbox, tree) : []
      return {
        fragments: read.flatMap((one) => one.fragments),
        alerts: read.flatMap((one) => one.alerts),
        system: read.flatMap((one) => one.system),
        skipped: read.reduce((sum, one) => sum + one.skipped, 0),
      }
    },
    media: (path, signal) => mediaOf(tree, `${files.media}${path.replace(/^media\//, '')}`, signal),
  })
  return dataset ?? notSqlite(files.path, db)
}

/** Where a writer put the file that a value names, whatever its run is called. */
async function mediaOf(
  tree: Tree,
  path: string,
  signal?: AbortSignal | undefined,
): Promise<Blob | undefined> {
  const entry = await tree.find(safePath(path), { signal, sure: true })
  return entry && tree.blob(entry.path, { signal })
}

function notSqlite(path: string, db: Bytes): never {
  const [first, second] = db.read(0, 2)
  if (first === 0x1f && second === 0x8b)
    throw new TrackioError(
      path,
      'compressed with gzip',
      'Unpack it first: gunzip project.db.gz. Then open the .db file.',
    )
  const start = [...db.read(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  throw new TrackioError(
    path,
    `not an SQLite database: it starts with the bytes ${start}`,
    'If it is encrypted, decrypt it first. If it was copied or downloaded, copy it again: trackio’s files start with “SQLite format 3”.',
  )
}

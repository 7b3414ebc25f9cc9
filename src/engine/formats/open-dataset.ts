import { safePath } from '../../compute/safe-path.ts'
import { TrackioError } from '../../model/errors.ts'
import type { Bytes } from '../../storage/bytes.ts'
import type { Tree } from '../../storage/tree.ts'
import type { OpenFile, OpenOptions } from './dataset.ts'
import type { DatabaseUnit, ParquetUnit, Unit } from './layout.ts'
import { databaseBytes, LOOKS_AGAIN, ofOneState } from './sqlite/one-state.ts'
import { openSqlite } from './sqlite/sqlite-file.ts'

/**
 * A database of another host that is larger than this is shown as a preview of samples, and so is a Parquet
 * file whose first screen would cost more; the rest is read when somebody asks for it: nobody's line or quota
 * is used up by a look.
 */
const HOLD_FROM = 96 << 20

/** Opens one part of a tree: the one switch over formats. */
export async function openUnit(unit: Unit, tree: Tree, options: OpenOptions): Promise<OpenFile> {
  options.onProgress?.(`opening ${unit.path}`, 0, 0)
  switch (unit.kind) {
    case 'database':
      return openDatabase(unit, tree, options)
    case 'fragments':
      return (await fragments()).openFragments(unit, tree, options)
    case 'parquet':
      // 33 kB that databases do without
      return (await import('./parquet/parquet-file.ts')).openParquet(
        await withNeighbours(unit, tree, options),
        tree,
        {
          signal: options.signal,
          budget: tree.host === '' ? undefined : { screen: HOLD_FROM },
          onProgress: (bytes, total) => options.onProgress?.(`opening ${unit.path}`, bytes, total),
        },
      )
    case 'server':
      throw new TrackioError(unit.path, `a tree holds no ${unit.kind}`)
  }
}

/** Few sources have any: loaded when they are there. */
function fragments(): Promise<typeof import('./fragments/fragments.ts')> {
  return import('./fragments/fragments.ts')
}

/** Opens a database that may be written to while it is opened. */
async function openDatabase(unit: DatabaseUnit, tree: Tree, options: OpenOptions): Promise<OpenFile> {
  return ofOneState(unit, tree, options, (now) => openStill(now, tree, options))
}

async function openStill(unit: DatabaseUnit, tree: Tree, options: OpenOptions): Promise<OpenFile> {
  const [db, wal] = await databaseBytes(unit, tree, options)
  let { inbox } = unit
  const file = await openSqlite({
    path: unit.path,
    db,
    wal,
    // another host was asked for the log by its name, and has none
    folderSeen: unit.folderSeen || tree.whole || tree.host !== '',
    holdFrom: tree.host === '' ? undefined : HOLD_FROM,
    reopen(next) {
      const act = async (
        now: DatabaseUnit,
      ): Promise<{ db: Bytes; wal: Bytes | undefined; stamp: string }> => {
        inbox = now.inbox
        const [db, wal] = await databaseBytes(now, tree, {})
        return { db, wal, stamp: now.db.stamp }
      }
      return ofOneState(next.kind === 'database' ? next : unit, tree, {}, act, LOOKS_AGAIN)
    },
    inbox: async () => {
      const files = inbox.length > 0 ? await (await fragments()).readFragments(inbox, tree) : []
      return {
        fragments: files.flatMap((one) => one.fragments),
        alerts: files.flatMap((one) => one.alerts),
        skipped: files.reduce((sum, one) => sum + one.skipped, 0),
      }
    },
    media: (path, signal) => mediaOf(tree, `${unit.media}${path.replace(/^media\//, '')}`, signal),
  })
  return file ?? notSqlite(unit.path, db)
}

/** Where a writer put the file that a value names, whatever its run is called. */
async function mediaOf(
  tree: Tree,
  path: string,
  signal?: AbortSignal | undefined,
): Promise<Blob | undefined> {
  const entry = await tree.find(safePath(path), { signal })
  return entry && tree.blob(entry.path, { signal })
}

/**
 * Of a lone Parquet file nobody listed the tables beside it: its configs are worth a question; more would be,
 * and each that is not there is an error on the console.
 */
async function withNeighbours(unit: ParquetUnit, tree: Tree, { signal }: OpenOptions): Promise<ParquetUnit> {
  const { metrics, configs } = unit.tables
  if (tree.whole || !metrics || configs) return unit
  const path = /(^|\/)metrics\.parquet$/.test(metrics.path)
    ? metrics.path.replace(/metrics\.parquet$/, 'aux/configs.parquet')
    : metrics.path.replace(/\.parquet$/i, '_configs.parquet')
  const found = await tree.find(path, { signal })
  return found ? { ...unit, tables: { ...unit.tables, configs: found } } : unit
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

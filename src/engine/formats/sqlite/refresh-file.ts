import { ChangedOnDiskError } from '../../../model/errors.ts'
import type { ProjectFiles } from '../project-files.ts'
import { parseHeader } from './database-header.ts'
import { type Blocks, LOOK_UP, makeImage, makePages, type Pages } from './database-image.ts'
import type { OpenFile } from './open-file.ts'
import { readFile } from './read-file.ts'
import { textOf } from './record.ts'
import { findRow, isSameTable, lastIdIn, readSchema } from './schema.ts'
import { readRunTables } from './sqlite-run-tables.ts'
import { type Log, readLog } from './wal.ts'

/**
 * What came since the last look is mostly a page or two at the end: large blocks would read 20 MB for ten
 * rows. When the file grew by more than MANY_NEW, it is read in larger ones: in small ones a slow machine
 * reads fewer rows between two folds of the log than a fast writer adds, and never reaches the end.
 */
const READ_NEW = { block: 1 << 20, keep: 16, ahead: 3 }
const MANY_NEW = 2 << 20
/**
 * Runs that are looked at whether they are still there: each costs two reads. More of them when a file
 * changed and nothing was logged.
 */
const RUNS_LOOKED_AT = { growing: 4, still: 16 }
/** Looks at a file that is written to in each of them, before it is left to the next refresh. */
const TRIES = 4

export type Outcome = 'same' | 'more' | 'other'

/**
 * A process that logs may write while its rows are read: what was read stays, and the rest is read of the
 * newer state.
 */
export async function refreshFile(file: OpenFile, files: ProjectFiles): Promise<Outcome> {
  const before = file.rows?.rows
  for (let tries = 1; ; tries++) {
    try {
      const outcome = await refreshOnce(file, files)
      return outcome === 'same' && file.rows?.rows !== before ? 'more' : outcome
    } catch (cause) {
      if (!(cause instanceof ChangedOnDiskError) || tries === TRIES) throw cause
    }
  }
}

/**
 * The same file as it is now. Rows are only ever added by trackio's log; anything else (a run deleted or
 * renamed, a file replaced) needs a new start.
 */
async function refreshOnce(file: OpenFile, files: ProjectFiles): Promise<Outcome> {
  const { input, rows } = file
  const again = await input.reopen?.(files)
  if (!again) return 'other'
  // rows of the inbox come after those of the database, and move into it: their place cannot be told from a
  // number
  if (file.merged > 0) return 'other'
  // of a preview nothing was read that could be added to
  if (file.state === 'held') return 'other'
  const before = rows?.rows ?? 0
  const seen = await look(file, again)
  if (!seen || !rows || !(await stillThere(file, seen.pages, RUNS_LOOKED_AT.growing))) return 'other'
  if (isHalfRead(file)) {
    // whoever has it read goes on with it as it is now, and is told how far; what was cancelled stays so
    file.through = undefined
    file.beside = await readRunTables(seen.pages, file.schema, [], file.beside)
    return 'same'
  }
  await readNew(file, seen)
  if (file.tangled) return 'other'
  if (rows.rows === before && !(await stillThere(file, seen.pages, RUNS_LOOKED_AT.still))) return 'other'
  // damage of the small tables was told when the file was opened
  file.beside = await readRunTables(seen.pages, file.schema, [], file.beside)
  return rows.rows > before ? 'more' : 'same'
}

/** Pages of the file as it is now, and how many bytes it grew by. */
interface Look {
  pages: Pages
  grown: number
}

/** Turns to the file as it is now; undefined where it is another. */
async function look(
  file: OpenFile,
  { db, wal, stamp }: Awaited<ReturnType<NonNullable<OpenFile['input']['reopen']>>>,
): Promise<Look | undefined> {
  const now = db.size > 0 ? parseHeader(db.read(0, 100)) : undefined
  if (!now || !file.rows || now.pageSize !== file.header.pageSize) return undefined
  const log = wal ? await readLog(wal, file.log) : undefined
  const image = makeImage(now, db, log?.bytes, log?.index)
  const pages = makePages(image, LOOK_UP, blocksOf(file, stamp, log))
  // not by the schema cookie: trackio 0.43 drops an index and makes it again whenever it writes
  const schema = await readSchema(pages)
  if (!isSameTable(file.table, schema.tables.get('metrics'))) return undefined
  const grown = (image.pageCount - file.image.pageCount) * image.pageSize
  file.schema = schema
  file.image = image
  file.log = log
  file.lastId = await lastIdIn(pages, schema)
  return { pages, grown }
}

async function readNew(file: OpenFile, { pages, grown }: Look): Promise<void> {
  file.samples = undefined
  file.through = grown > MANY_NEW ? makePages(file.image, READ_NEW) : pages
  file.following = file.state === 'done'
  file.state = 'reading'
  await readFile(file, () => {}, file.following).finally(() => {
    file.following = false
  })
}

function isHalfRead({ state }: OpenFile): boolean {
  return state === 'reading' || state === 'cancelled'
}

/**
 * Between two checkpoints only the log changes: blocks of the file that were read for the last look serve
 * this one too.
 */
function blocksOf(file: OpenFile, stamp: string, next: Log | undefined): Blocks {
  const generation = next && `${stamp} ${next.head.join()}`
  if (generation === undefined || file.looked?.generation !== generation)
    file.looked = { generation, blocks: new Map() }
  return file.looked.blocks
}

/**
 * Looks whether the last rows of some runs are where they were; a few runs each time, so that all have
 * their turn.
 */
async function stillThere(file: OpenFile, pages: Pages, count: number): Promise<boolean> {
  const { rows, table, root } = file
  if (!rows || !table) return true
  const name = table.columns.findIndex((c) => c.toLowerCase() === 'run_name')
  for (let i = 0; i < Math.min(count, rows.runs.length); i++) {
    const run = rows.runs[file.checked++ % rows.runs.length]
    const row = run && (await findRow(pages, root, run.lastRowid))
    if (!row || textOf(row, name) !== run.name) return false
  }
  return true
}

import { TrackioError } from '../../../model/errors.ts'
import type { OpenDataset } from '../dataset.ts'
import { emptyReader } from '../empty-reader.ts'
import { sizeOf } from '../listing.ts'
import { stemOf } from '../project-files.ts'
import type { Damage } from './btree.ts'
import { isDatabase } from './database-files.ts'
import { type Header, parseHeader } from './database-header.ts'
import { type Blocks, makeImage, makePages } from './database-image.ts'
import type { SqliteInput } from './input.ts'
import { blocksFor } from './kept-blocks.ts'
import type { OpenFile } from './open-file.ts'
import { readFile } from './read-file.ts'
import { refreshFile } from './refresh-file.ts'
import { lastIdIn, readSchema, type Schema } from './schema.ts'
import { makeRunSorter } from './sort.ts'
import { damageWords, fileNotices } from './sqlite-notices.ts'
import { makeProjects } from './sqlite-projects.ts'
import { makeRowReader } from './sqlite-rows.ts'
import { readRunTables } from './sqlite-run-tables.ts'
import { lookUpPages } from './sqlite-sample.ts'
import { readLog } from './wal.ts'

/**
 * Opens a database. Undefined when it is no SQLite file at all; throws TrackioError when it is one but not
 * trackio's.
 */
export async function openSqlite(input: SqliteInput): Promise<OpenDataset | undefined> {
  const { path, db, wal } = input
  if (db.size === 0) return emptyFile(path)
  const header = headerOf(input)
  if (!header) return undefined
  const log = wal ? await readLog(wal) : undefined
  const image = makeImage(header, db, log?.bytes, log?.index)
  const pages = makePages(image, lookUpPages(input.holdFrom !== undefined))
  const schema = await readSchema(pages)
  const damage: Damage[] = [...(header.damage ? [{ page: 1, why: header.damage }] : []), ...schema.damage]
  const table = schema.tables.get('metrics')
  const rows = table && makeRowReader(table)
  if (!rows) checkTrackios(path, schema, damage)
  const hasIds = table?.columns.some((c) => c.toLowerCase() === 'run_id') ?? false
  return makeDataset({
    input,
    header,
    table,
    root: table?.root ?? 0,
    hasIds,
    rows,
    sorter: table && makeRunSorter(table, hasIds),
    damage,
    projects: [],
    listProjects: () => {},
    image,
    log,
    schema,
    beside: await readRunTables(pages, schema, damage),
    lastId: await lastIdIn(pages, schema),
    looked: undefined,
    state: rows ? 'reading' : 'done',
    failure: undefined,
    stop: 'no',
    active: false,
    wholeWanted: false,
    samples: undefined,
    through: undefined,
    bytesDone: 0,
    following: false,
    tangled: false,
    checked: 0,
    merged: 0,
    skippedLines: 0,
  })
}

/** Undefined where it is no SQLite file. */
function headerOf({ path, db }: SqliteInput): Header | undefined {
  const header = parseHeader(db.read(0, 100))
  // text would have to be recoded; trackio has only ever written UTF-8
  if (header && header.encoding > 1)
    throw new TrackioError(
      path,
      'its text is stored as UTF-16, which trackio never writes',
      'Recode it: sqlite3 old.db .dump | sqlite3 new.db',
    )
  return header
}

/** Throws TrackioError where a database without a readable table of metrics is none of trackio's, or damaged. */
function checkTrackios(path: string, schema: Schema, damage: readonly Damage[]): void {
  const names = [...schema.tables.values()].map((t) => t.name)
  if (damage.length > 0)
    // what is missing from a damaged list of tables is not known to be absent
    throw new TrackioError(
      path,
      `damaged: its list of tables cannot be read (${damageWords([...damage])})`,
      'Restore it from a copy, or try `sqlite3 damaged.db .recover`.',
    )
  if (!schema.tables.has('metrics') && isTrackios(schema, names)) return
  const what =
    names.length === 0
      ? 'it has no tables'
      : `it has ${names.length === 1 ? 'the table' : 'the tables'} ${names.slice(0, 6).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`
  throw new TrackioError(
    path,
    `an SQLite database, but not one of trackio's: ${what}, and no table metrics with the columns run_name and metrics`,
    "Choose a project's .db file; trackio keeps them in ~/.cache/huggingface/trackio.",
  )
}

function isTrackios(schema: Schema, names: string[]): boolean {
  if (names.length === 0) return true // created, but nothing was logged yet
  return ['configs', 'system_metrics', 'alerts', 'artifacts', 'project_metadata'].some((name) =>
    schema.tables.has(name),
  )
}

function makeDataset(file: OpenFile): OpenDataset {
  const { input, header, table } = file
  const { path } = input
  const notices = fileNotices(input, header, file.image)
  file.listProjects = makeProjects(file, notices)
  // with a project_name column the rows say which projects there are
  if (!table?.columns.some((c) => c.toLowerCase() === 'project_name')) file.listProjects()
  return {
    path,
    get bytes() {
      return file.image.size
    },
    projects: file.projects,
    notices,
    read: (onProgress, whole) => readFile(file, onProgress, whole),
    stop(how) {
      file.stop = how
      if (how === 'cancel' && !file.active && file.state === 'reading') file.state = 'cancelled'
    },
    done: () => file.state === 'done',
    refresh: (files) => refreshFile(file, files),
    media: input.media,
    held: () =>
      [...blocksIn(file)].reduce((sum, blocks) => sum + bytesOf(blocks), file.log?.room?.byteLength ?? 0),
    free() {
      // what is being read through is needed
      for (const blocks of blocksIn(file)) if (!file.active) blocks.clear()
    },
  }
}

/** All blocks that are kept of it; each once, as one look goes on with those of another. */
function blocksIn({ through, looked, image }: OpenFile): Set<Blocks> {
  return new Set(
    [through?.blocks, looked?.blocks, ...blocksFor(image)].filter((blocks) => blocks !== undefined),
  )
}

function bytesOf(blocks: Blocks): number {
  let bytes = 0
  for (const block of blocks.values()) bytes += block.byteLength
  return bytes
}

function emptyFile(path: string): OpenDataset {
  const reader = emptyReader(() => ({ state: 'done', bytes: 0, totalBytes: 0, rows: 0 }))
  return {
    path,
    bytes: 0,
    projects: [{ info: { name: stemOf(path), file: path, bytes: 0 }, reader }],
    notices: [],
    read: async () => {},
    stop: () => {},
    done: () => true,
    refresh: async (files) => (isDatabase(files) && sizeOf([files.db, files.wal]) === 0 ? 'same' : 'other'),
  }
}

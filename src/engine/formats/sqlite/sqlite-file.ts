import { nextTurn } from '../../../bridge/turn.ts'
import type { Reading } from '../../../model/catalogue.ts'
import { ChangedOnDiskError, TrackioError } from '../../../model/errors.ts'
import type { Notice } from '../../../model/source.ts'
import { trimIds } from '../../columns/row-ids.ts'
import { trim } from '../../columns/series-store.ts'
import type {
  LoggedRun,
  OpenDataset,
  ProjectReader,
  StoredRange,
  StoredRow,
  SystemReader,
} from '../dataset.ts'
import { emptyReader, noKeys } from '../empty-reader.ts'
import { sizeOf } from '../listing.ts'
import { type ProjectFiles, stemOf } from '../project-files.ts'
import { type Damage, spreadLeaves } from './btree.ts'
import { isDatabase } from './database-files.ts'
import { type Header, parseHeader } from './database-header.ts'
import { type Blocks, type Image, makeImage, makePages, type Pages } from './database-image.ts'
import type { SqliteInput } from './input.ts'
import { loggedRunOf } from './logged-run.ts'
import { numberOf, type RecordCursor, textOf } from './record.ts'
import { findRow, isSameTable, readRows, readSchema, type Schema } from './schema.ts'
import { makeRunSorter } from './sort.ts'
import { damageWords, fileNotices, rowNotices } from './sqlite-notices.ts'
import { makeRowReader, type RowReader, type RunRows } from './sqlite-rows.ts'
import { type ReadTables, readRunTables } from './sqlite-run-tables.ts'
import { type Log, readLog } from './wal.ts'

// 1 ms a read up to 64 KiB, so looking things up takes small blocks; 450 MB/s in large ones (browser-platform
// measurements)
const LOOK_UP = { block: 64 << 10, keep: 256, ahead: 0 }
const READ_THROUGH = { block: 16 << 20, keep: 5, ahead: 3 }
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
/** Files beyond this size are sampled first: below it all rows are read in the time the sample would take. */
const SAMPLE_FROM = 160 << 20
/** Places of a sample, and how many of them are read side by side. */
const SAMPLE_PLACES = 128
const SAMPLE_BATCH = 64
/** The same behind a network: with the pages on the way to them some 4 MB, however large the file is. */
const FAR = { places: 48, look: { block: 32 << 10, keep: 512, ahead: 0 } }
/** A slice of reading: after so many ms, waiting requests are answered. */
const SLICE_MS = 12

/**
 * Opens a database. Undefined when it is no SQLite file at all; throws TrackioError when it is one but not
 * trackio's.
 */
export async function openSqlite(input: SqliteInput): Promise<OpenDataset | undefined> {
  const { path, db, wal } = input
  if (db.size === 0) return emptyFile(path)
  const header = parseHeader(db.read(0, 100))
  if (!header) return undefined
  // text would have to be recoded; trackio has only ever written UTF-8
  if (header.encoding > 1)
    throw new TrackioError(
      path,
      'its text is stored as UTF-16, which trackio never writes',
      'Recode it: sqlite3 old.db .dump | sqlite3 new.db',
    )
  const log = wal ? await readLog(wal) : undefined
  const image = makeImage(header, db, log?.bytes, log?.index)
  const pages = makePages(image, input.holdFrom === undefined ? LOOK_UP : FAR.look)
  const schema = await readSchema(pages)
  const damage: Damage[] = [...(header.damage ? [{ page: 1, why: header.damage }] : []), ...schema.damage]
  const table = schema.tables.get('metrics')
  const rows = table && makeRowReader(table)
  const names = [...schema.tables.values()].map((t) => t.name)
  // what is missing from a damaged list of tables is not known to be absent
  if (!rows && (table || damage.length > 0 || !isTrackios(schema, names))) {
    if (damage.length > 0)
      throw new TrackioError(
        path,
        `damaged: its list of tables cannot be read (${damageWords(damage)})`,
        'Restore it from a copy, or try `sqlite3 damaged.db .recover`.',
      )
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
  const beside = await readRunTables(pages, schema, damage)
  return makeFile(input, header, image, log, schema, beside, rows, damage, await lastIdIn(pages, schema))
}

/** The greatest id that a row of metrics was ever given, where that costs no read. */
async function lastIdIn(pages: Pages, schema: Schema): Promise<number | undefined> {
  const root = schema.tables.get('sqlite_sequence')?.root
  if (root === undefined || !(pages.peek(root) || pages.image.overlay.has(root))) return undefined
  let last: number | undefined
  const onRow = (row: RecordCursor): void => {
    if (textOf(row, 0) === 'metrics') last = numberOf(row, 1)
  }
  await readRows(pages, root, onRow, [])
  return last
}

function isTrackios(schema: Schema, names: string[]): boolean {
  if (names.length === 0) return true // created, but nothing was logged yet
  return ['configs', 'system_metrics', 'alerts', 'artifacts', 'project_metadata'].some((name) =>
    schema.tables.has(name),
  )
}

function makeFile(
  input: SqliteInput,
  header: Header,
  firstImage: Image,
  firstLog: Log | undefined,
  firstSchema: Schema,
  firstBeside: ReadTables,
  rows: RowReader | undefined,
  damage: Damage[],
  firstLastId: number | undefined,
): OpenDataset {
  const { path } = input
  let image = firstImage
  let log = firstLog
  let beside = firstBeside
  let schema = firstSchema
  let lastId = firstLastId
  const table = schema.tables.get('metrics')
  const hasIds = table?.columns.some((c) => c.toLowerCase() === 'run_id') ?? false
  const root = table?.root ?? 0
  let samples: RowReader | undefined
  let state: Reading['state'] = rows ? 'reading' : 'done'
  let failure: Notice | undefined
  let stop: 'no' | 'cancel' | 'pause' = 'no'
  let active = false
  /** Somebody wants more than the sample of a file behind a network. */
  let wholeWanted = false
  let checked = 0
  const sorter = table && makeRunSorter(table, hasIds)
  /** Rows that were put in order do not lie in the file as they are kept. */
  let tangled = false
  /** Rows of the inbox that are shown with the database's. */
  let merged = 0
  /** Lines of the inbox that are no JSON. */
  let skippedLines = 0
  let through: Pages | undefined
  let bytesDone = 0
  /**
   * Rows that are new in a file that was read before: all that was there is shown, so it goes on counting as
   * read.
   */
  let following = false
  let looked: { generation: string | undefined; blocks: Blocks } | undefined
  const readers = new Map<string | null, ProjectReader>()
  let system: Promise<SystemReader> | undefined

  const dataset: OpenDataset = {
    path,
    get bytes() {
      return image.size
    },
    projects: [],
    notices: fileNotices(input, header, image),
    read,
    stop(how) {
      stop = how
      if (how === 'cancel' && !active && state === 'reading') state = 'cancelled'
    },
    done: () => state === 'done',
    refresh,
    media: input.media,
  }
  // with a project_name column the rows say which projects there are
  if (!table?.columns.some((c) => c.toLowerCase() === 'project_name')) listProjects()
  return dataset

  async function read(onProgress: (what: 'rows' | 'sample') => void, whole = false): Promise<void> {
    if (!rows || state === 'done') {
      state = 'done'
      listProjects()
      return
    }
    stop = 'no'
    active = true
    wholeWanted ||= whole
    state = 'reading'
    failure = undefined
    let sliceEnds = performance.now() + SLICE_MS
    // a file that is read within this time is shown once, whole
    let progressAt = performance.now() + 600
    const pauseDue = (): boolean => performance.now() > sliceEnds
    const pause = async (): Promise<void> => {
      bytesDone = through?.bytesRead ?? 0
      if (performance.now() > progressAt && rows.rows > 0) {
        listProjects()
        onProgress('rows')
        progressAt = performance.now() + 350
      }
      await nextTurn()
      sliceEnds = performance.now() + SLICE_MS
    }
    try {
      through ??= makePages(image, { ...READ_THROUGH, block: blockFor(image.db.size) })
      if (image.size > (input.holdFrom ?? SAMPLE_FROM) && !samples && rows.rows === 0) {
        await takeSample(pause, pauseDue)
        // half a sample would show half of the project: it is taken again
        if (stopped() === 'pause') return
        listProjects()
        onProgress('sample')
      }
      if (input.holdFrom !== undefined && image.size > input.holdFrom && !wholeWanted) {
        state = stopped() === 'cancel' ? 'cancelled' : 'held'
        return
      }
      await rows.read(through, { after: rows.lastRowid, stop: () => stop !== 'no', pauseDue, pause })
      if (stop !== 'no') {
        if (stop === 'cancel') state = 'cancelled'
        return
      }
      if (!following) await compareIndex()
      if (sorter && !(await sorter.sort(image, rows.runs))) tangled = true
      await addInbox()
      // what is followed goes on growing: the room that doubling left is for its next rows
      if (!following)
        for (const run of rows.runs) {
          trim(run.columns)
          trimIds(run.ids)
        }
      state = 'done'
      samples = undefined
      through = undefined
      listProjects()
    } catch (cause) {
      state = 'failed'
      if (cause instanceof TrackioError) {
        failure = { level: 'error', subject: path, text: cause.message, action: cause.action }
        throw cause
      }
      failure = {
        level: 'error',
        subject: path,
        text: cause instanceof Error ? cause.message : String(cause),
        action: 'What was read until then is shown.',
      }
    } finally {
      active = false
      bytesDone = through?.bytesRead ?? image.size
    }
  }

  /**
   * A process that logs may write while its rows are read: what was read stays, and the rest is read of the
   * newer state.
   */
  async function refresh(files: ProjectFiles): Promise<'same' | 'more' | 'other'> {
    const before = rows?.rows
    for (let tries = 1; ; tries++) {
      try {
        const outcome = await refreshOnce(files)
        return outcome === 'same' && rows?.rows !== before ? 'more' : outcome
      } catch (cause) {
        if (!(cause instanceof ChangedOnDiskError) || tries === TRIES) throw cause
      }
    }
  }

  /**
   * The same file as it is now. Rows are only ever added by trackio's log; anything else (a run deleted or
   * renamed, a file replaced) needs a new start.
   */
  async function refreshOnce(files: ProjectFiles): Promise<'same' | 'more' | 'other'> {
    const again = await input.reopen?.(files)
    if (!again) return 'other'
    const { db, wal, stamp } = again
    // rows of the inbox come after those of the database, and move into it: their place cannot be told from a
    // number
    if (merged > 0) return 'other'
    // of a preview nothing was read that could be added to
    if (state === 'held') return 'other'
    const now = db.size > 0 ? parseHeader(db.read(0, 100)) : undefined
    if (!now || !rows || now.pageSize !== header.pageSize) return 'other'
    const nextLog = wal ? await readLog(wal, log) : undefined
    const next = makeImage(now, db, nextLog?.bytes, nextLog?.index)
    const pages = makePages(next, LOOK_UP, blocksOf(stamp, nextLog))
    // not by the schema cookie: trackio 0.43 drops an index and makes it again whenever it writes
    const after = await readSchema(pages)
    if (!isSameTable(table, after.tables.get('metrics'))) return 'other'
    schema = after
    const before = rows.rows
    const grown = (next.pageCount - image.pageCount) * next.pageSize
    image = next
    log = nextLog
    lastId = await lastIdIn(pages, schema)
    if (!(await stillThere(pages, RUNS_LOOKED_AT.growing))) return 'other'
    if (isHalfRead()) {
      // whoever has it read goes on with it as it is now, and is told how far; what was cancelled stays so
      through = undefined
      beside = await readRunTables(pages, schema, [], beside)
      return 'same'
    }
    samples = undefined
    through = grown > MANY_NEW ? makePages(image, READ_NEW) : pages
    following = state === 'done'
    state = 'reading'
    await read(() => {}, following).finally(() => {
      following = false
    })
    if (tangled) return 'other'
    if (rows.rows === before && !(await stillThere(pages, RUNS_LOOKED_AT.still))) return 'other'
    // damage of the small tables was told when the file was opened
    beside = await readRunTables(pages, schema, [], beside)
    return rows.rows > before ? 'more' : 'same'
  }

  /**
   * Between two checkpoints only the log changes: blocks of the file that were read for the last look serve
   * this one too.
   */
  function blocksOf(stamp: string, next: Log | undefined): Blocks {
    const generation = next && `${stamp} ${next.head.join()}`
    if (generation === undefined || looked?.generation !== generation)
      looked = { generation, blocks: new Map() }
    return looked.blocks
  }

  /**
   * Looks whether the last rows of some runs are where they were; a few runs each time, so that all have
   * their turn.
   */
  async function stillThere(pages: Pages, count: number): Promise<boolean> {
    if (!rows || !table) return true
    const name = table.columns.findIndex((c) => c.toLowerCase() === 'run_name')
    for (let i = 0; i < Math.min(count, rows.runs.length); i++) {
      const run = rows.runs[checked++ % rows.runs.length] as RunRows
      const row = await findRow(pages, root, run.lastRowid)
      if (!row || textOf(row, name) !== run.name) return false
    }
    return true
  }

  // questions, since the answers change while something is awaited
  function stopped(): typeof stop {
    return stop
  }

  function isHalfRead(): boolean {
    return state === 'reading' || state === 'cancelled'
  }

  async function takeSample(pause: () => Promise<void>, pauseDue: () => boolean): Promise<void> {
    if (!table || !rows) return
    const reader = makeRowReader(table, { keys: rows.keys, keepRowids: true })
    if (!reader) return
    const look = input.holdFrom === undefined ? LOOK_UP : FAR.look
    const pages = makePages(image, look)
    const run = Math.max(1, Math.floor(look.block / image.pageSize))
    const places = await spreadLeaves(
      pages,
      root,
      input.holdFrom === undefined ? SAMPLE_PLACES : FAR.places,
      run,
    )
    for (let i = 0; i < places.length && stop === 'no'; i += SAMPLE_BATCH) {
      const batch = places.slice(i, i + SAMPLE_BATCH)
      await Promise.all(batch.map(([first]) => first !== undefined && pages.load(first)))
      // of each place what came with its block: the leaves beside it that lie elsewhere would cost a read
      // each
      for (const leaves of batch) reader.sample(pages, leaves)
      if (pauseDue()) await pause()
    }
    if (stopped() !== 'pause') samples = reader
  }

  /** Rows that fell out of the table are still in its indexes. What is damaged otherwise has been said. */
  async function compareIndex(): Promise<void> {
    if (!rows || !through || damage.length > 0 || rows.damage.length > 0) return
    const read = rows.rows + rows.namelessRows
    for (const { name, table: of, sql, root: start } of schema.indexes) {
      if (of.toLowerCase() !== 'metrics' || /\)\s*where\b/i.test(sql)) continue
      const { countIndex } = await import('./index-count.ts')
      const entries = await countIndex(through, start)
      if (entries === undefined || entries === read) continue
      damage.push({ page: root, why: `the table has ${read} rows, its index ${name} ${entries}` })
      return
    }
  }

  /** Rows that the database does not have yet; loaded with the code for them, which few databases need. */
  async function addInbox(): Promise<void> {
    if (!rows || !table) return
    const { fragments: waiting, skipped } = (await input.inbox?.()) ?? { fragments: [], skipped: 0 }
    skippedLines = skipped
    if (waiting.length === 0) return
    const { addInbox } = await import('./inbox.ts')
    merged += await addInbox(
      { rows, table, tables: beside.tables, image, hasIds, project: stemOf(path) },
      waiting,
    )
  }

  function listProjects(): void {
    const names = new Set<string | null>(
      [...(rows?.runs ?? []), ...(samples?.runs ?? [])].map((run) => run.project),
    )
    if (names.size === 0) names.add(null)
    for (const name of names) offer(name, name ?? stemOf(path))
  }

  function offer(project: string | null, name: string): void {
    if (readers.has(project)) return
    const reader = projectReader(project)
    readers.set(project, reader)
    // a file that turns out to hold several projects had an unnamed one while nothing was read
    const placeholder =
      project !== null
        ? dataset.projects.findIndex((p) => p.reader === readers.get(null) && p.reader.runs().length === 0)
        : -1
    const entry = { info: { name, file: path, bytes: image.size }, reader }
    if (placeholder >= 0) dataset.projects[placeholder] = entry
    else dataset.projects.push(entry)
  }

  function projectReader(project: string | null): ProjectReader {
    const own = (reader: RowReader | undefined): LoggedRun[] =>
      (reader?.runs ?? []).filter((run) => run.project === project).map(loggedRunOf)
    return {
      keys: () => rows?.keys ?? noKeys,
      runs: () => own(rows),
      version: () => (rows?.runs.length ?? 0) * 2 + (samples ? 1 : 0),
      samples: () => own(samples),
      runTables: () => beside.tables,
      hasIds: () => hasIds,
      part: () => project,
      exact: () => state === 'done' || following,
      readUpTo: () => rows?.lastRowid ?? 0,
      reading: () => ({
        state: following ? 'done' : state,
        bytes: state === 'done' || following ? image.size : Math.min(bytesDone, image.size),
        totalBytes: image.size,
        rows: own(rows).reduce((n, run) => n + run.rows, 0),
        // as many as there are ids left: exact, unless runs were deleted among them
        ...(project === null &&
          lastId !== undefined && {
            totalRows:
              own(rows).reduce((n, run) => n + run.rows, 0) +
              Math.max(0, lastId - Math.max(0, rows?.lastRowid ?? 0)),
          }),
        ...(failure && { why: failure.text }),
      }),
      notices,
      keepsText: true,
      storedRows,
      // the releases that kept several projects in one file had no such tables
      ...(project === null && {
        countBeside: async () =>
          (await import('./count-tables.ts')).countTables(image, schema, input.holdFrom !== undefined),
        tableRows: async (name) =>
          (await import('./sqlite-table-rows.ts')).readTableRows(
            { image, schema, path, inbox: input.inbox },
            name,
          ),
        system() {
          system ??= import('./sqlite-system.ts').then(({ makeSystemReader }) =>
            makeSystemReader(() => ({ image, schema, path, inbox: input.inbox })),
          )
          return system
        },
      }),
    }
  }

  async function storedRows(
    logged: LoggedRun,
    range: StoredRange,
    signal?: AbortSignal | undefined,
  ): Promise<(StoredRow | undefined)[]> {
    const { readStoredRows } = await import('./stored-rows.ts')
    const run = rows?.runs.find((one) => loggedRunOf(one) === logged)
    return table && rows && run ? readStoredRows({ image, table, rows, run }, range, signal) : []
  }

  function notices(): Notice[] {
    const read = {
      damage,
      rows,
      unsortable: sorter?.unsortable() ?? 0,
      merged,
      skippedLines,
    }
    return [...dataset.notices, ...rowNotices(path, read), ...(failure ? [failure] : [])]
  }
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

/**
 * Four blocks are read side by side: a small file in one go, a large one in pieces of 16 MiB. A power of two,
 * so whole pages.
 */
function blockFor(size: number): number {
  let block = 1 << 20
  while (block < READ_THROUGH.block && block * 4 < size) block *= 2
  return block
}

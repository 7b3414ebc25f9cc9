import { nextTurn } from '../../../bridge/turn.ts'
import type { Reading, SideCount, SideTable } from '../../../model/catalogue.ts'
import { ChangedOnDiskError, isAbort, TrackioError } from '../../../model/errors.ts'
import type { Notice } from '../../../model/source.ts'
import type { LoggedRun, OpenDataset, ProjectReader, SystemReader } from '../dataset.ts'
import type { ProjectFiles } from '../project-files.ts'
import { addRow, emptyRows, ROW_TABLES, type RowTableName, type TableRows } from '../table-rows.ts'
import { makeParts, type Parts } from './row-parts.ts'
import { isServer } from './server-files.ts'
import { makePager, type Page } from './server-pages.ts'
import { type Beside, readBeside } from './server-run-tables.ts'
import { readStoredRows } from './server-stored-rows.ts'
import {
  BESIDE,
  countSql,
  type Head,
  has,
  headOfStamp,
  idOf,
  type Query,
  type Row,
  SCHEMA_SQL,
  spreadIds,
  tableSql,
  tablesOf,
  textAt,
} from './server-tables.ts'

/** Projects of more rows are sampled first: fewer are read in about a second. */
const SAMPLE_FROM = 40_000
const SAMPLE_PLACES = 128
const SAMPLE_LENGTH = 8
const SIDE_TABLES: readonly [SideTable, string][] = [
  ['alerts', 'alerts'],
  ['traces', 'traces'],
  ['artifacts', 'artifacts'],
  ['system', 'system_metrics'],
]
/** Of the tables beside the metrics; an answer holds at most ten thousand. */
const ROWS_AT_ONCE = 5000
/** trackio's ids begin at 1; another program's may not. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER

/** A project at its server. */
export interface ProjectPlace extends Pick<OpenDataset, 'media' | 'renameRun' | 'deleteRun'> {
  query: Query
  /**
   * Of a server on another machine: a project whose rows would be more bytes (unpacked) is held after its
   * sample, until it is asked for whole.
   */
  holdFrom: number | undefined
}

/**
 * Opens a project of a server: what tables it has, its configs and links; rows come with `read`. Throws
 * TrackioError.
 */
export async function openProject(
  place: ProjectPlace,
  project: string,
  stamp: string,
  signal?: AbortSignal | undefined,
): Promise<OpenDataset> {
  let bytes = 0
  const query = (sql: string, signal?: AbortSignal | undefined): Promise<Row[]> =>
    place.query(sql, {
      signal,
      onProgress(came) {
        bytes += came
      },
    })
  let head = headOfStamp(project, stamp)
  let lookedAt = stamp
  let tables = tablesOf(await query(SCHEMA_SQL, signal))
  const beside: Beside = { tables: {}, at: undefined }
  const pager = makePager(query, () => tables)

  const parts = makeParts(() => tables)
  const readers = new Map<string | null, ProjectReader>()
  let system: Promise<SystemReader> | undefined
  let samples: Parts | undefined
  let samplesTaken = 0
  let sampledAt = 0
  /** Estimated from the sample. */
  let bytesInAll = 0
  let wholeWanted = false
  let state: Reading['state'] = 'reading'
  let failure: Notice | undefined
  let stop: 'cancel' | 'pause' | undefined
  const stopped = (): typeof stop => stop
  let inFlight: AbortController | undefined
  /** The page that was asked for while the last one was taken, and the id it begins at. */
  let ahead: { from: number; to: number; page: Promise<Page> } | undefined
  let lastRow: Row | undefined
  let lastId = BEFORE_ALL
  let taken = 0
  /** The last known row was not there any more when later ones were asked for. */
  let replaced = false
  /** Rows came with earlier times than rows before them. */
  let late = false

  const dataset: OpenDataset = {
    path: project,
    get bytes() {
      return bytes
    },
    projects: [],
    notices: [],
    read,
    stop(how) {
      stop = how
      if (how === 'cancel' && !inFlight && state === 'reading') state = 'cancelled'
      // a page under way is waited for when reading goes on later, and given up when it does not
      if (how === 'cancel') inFlight?.abort()
    },
    done: () => state === 'done',
    refresh,
    media: place.media,
    renameRun: place.renameRun,
    deleteRun: place.deleteRun,
  }
  await readBeside(query, tables, beside, head.beside, signal)
  if (!isShared()) offer(null)
  return dataset

  async function read(onProgress: (what: 'rows' | 'sample') => void, whole = false): Promise<void> {
    if (state === 'done') return
    state = 'reading'
    failure = undefined
    stop = undefined
    wholeWanted ||= whole
    inFlight = new AbortController()
    // a project that is read within this time is shown once, whole
    let progressAt = performance.now() + 600
    try {
      if (rowsThere() > SAMPLE_FROM && taken === 0 && !samples) {
        await takeSample(inFlight.signal)
        onProgress('sample')
      }
      if (!wholeWanted && place.holdFrom !== undefined && bytesInAll > place.holdFrom) {
        state = stopped() === 'cancel' ? 'cancelled' : 'held'
        return
      }
      await takeRows(inFlight.signal, async () => {
        offerParts(parts)
        if (performance.now() > progressAt) {
          onProgress('rows')
          progressAt = performance.now() + 350
        }
        await nextTurn()
      })
      if (replaced)
        throw new ChangedOnDiskError(
          project,
          'its rows were changed at the server while they were read',
          'They are read anew.',
        )
      if (stopped()) {
        if (stopped() === 'cancel') state = 'cancelled'
        return
      }
      settle()
    } catch (cause) {
      if (stopped() === 'cancel' && isAbort(cause)) {
        state = 'cancelled'
        return
      }
      state = 'failed'
      const text = cause instanceof Error ? cause.message : String(cause)
      const action = cause instanceof TrackioError ? cause.action : 'What was read until then is shown.'
      failure = { level: 'error', subject: project, text, action }
      if (cause instanceof TrackioError) throw cause
    } finally {
      inFlight = undefined
    }
  }

  /**
   * Rows up to the highest id of `head`, page by page; the next page is on its way while one is taken. Begins
   * with the last row that is known, if there is one, and takes none when that is not what it was.
   */
  async function takeRows(signal: AbortSignal, between: () => Promise<void>): Promise<void> {
    const { highest } = head
    // a page that was asked for before reading paused follows what was known then
    const goesOn = ahead?.from === lastId + 1 && ahead.to === highest
    let known = goesOn ? undefined : lastRow && lastId
    let from = goesOn ? lastId + 1 : (known ?? BEFORE_ALL)
    if (highest === head.gaps) return // no row at all
    while (from <= highest && !stopped()) {
      const asked =
        ahead?.from === from && ahead.to === highest
          ? ahead.page
          : pager.next(from, highest, { signal, known })
      ahead = undefined
      const page = await asked
      const last = page.rows.at(-1)
      const end = page.rows.length < page.limit || last === undefined
      from = end ? highest + 1 : idOf(last) + 1
      if (!end && from <= highest && !stopped()) {
        ahead = { from, to: highest, page: pager.next(from, highest, { signal }) }
        // it fails for whoever awaits it; nobody may, when reading is stopped meanwhile
        ahead.page.catch(() => {})
      }
      if (known !== undefined) {
        const first = page.rows.shift()
        replaced = !first || !lastRow || !sameRow(first, lastRow)
        if (replaced) return
        known = undefined
      }
      for (const row of page.rows) {
        taken++
        lastRow = row
        lastId = idOf(row)
        parts.add(row, page)
      }
      // what was logged stays in the columns only
      if (lastRow) lastRow = { ...lastRow, m: undefined }
      await between()
    }
  }

  async function takeSample(signal: AbortSignal): Promise<void> {
    const before = bytes
    const page = await pager.some(spreadIds(head.highest, SAMPLE_PLACES, SAMPLE_LENGTH), signal)
    const found = makeParts(() => tables, parts.keys)
    for (const row of page.rows) found.add(row, page)
    bytesInAll = Math.round(((bytes - before) * rowsThere()) / Math.max(1, page.rows.length))
    samples = found
    samplesTaken++
    sampledAt = rowsThere()
    offerParts(found)
  }

  function settle(): void {
    late = parts.settle()
    samples = undefined
    state = 'done'
    if (readers.size === 0) offer(null)
  }

  function rowsThere(): number {
    return head.highest - head.gaps
  }

  /**
   * Takes the rows that are new. What trackio does besides adding rows (renaming or deleting a run, another
   * file in this one's place) leaves other rows than those known: fewer, or another one where the last one
   * was.
   */
  async function refresh(files: ProjectFiles): Promise<'same' | 'more' | 'other'> {
    if (!isServer(files)) return 'other'
    if (files.stamp === lookedAt && state === 'done') return 'same'
    const now = headOfStamp(project, files.stamp)
    const before = { head, state, taken, runs: parts.runCount() }
    late = false
    if (now.highest < lastId) return 'other'
    if (now.schema !== tables.schema) {
      const fresh = tablesOf(await query(SCHEMA_SQL))
      if (fresh.columns.get('metrics')?.join() !== tables.columns.get('metrics')?.join()) return 'other'
      tables = fresh
    }
    head = now
    if (before.state === 'cancelled') {
      // it stays so; whoever takes it up again reads up to what there is by now
      const changed =
        taken > 0 && (now.gaps !== before.head.gaps || fewer(before.head, now)) && !(await allThere())
      if (changed) return 'other'
      await readBeside(query, tables, beside, now.beside)
      lookedAt = files.stamp
      return 'same'
    }
    if (before.state === 'held') {
      // a preview is made anew once there is something to see in it
      const grown = rowsThere() !== sampledAt && Math.abs(rowsThere() - sampledAt) > sampledAt / 100
      if (grown) await takeSample(AbortSignal.timeout(60_000))
      const more = await readBeside(query, tables, beside, now.beside)
      lookedAt = files.stamp
      return grown || more ? 'more' : 'same'
    }
    if (now.highest > lastId || state !== 'done') {
      state = 'reading'
      try {
        await read(() => {})
      } catch (cause) {
        // a line that broke off for a moment: what was known stays as exact as it was, and the next look
        // tries again
        if (before.state === 'done') {
          state = 'done'
          failure = undefined
        }
        if (replaced) return 'other'
        throw cause
      }
      if (!dataset.done()) return 'more'
    }
    // a run that was renamed comes as a new one, or with times that were there before; one that was deleted
    // leaves a gap
    const doubtful =
      late || parts.runCount() > before.runs || now.gaps !== before.head.gaps || fewer(before.head, now)
    if (doubtful && !(await allThere())) return 'other'
    const besideChanged = await readBeside(query, tables, beside, now.beside)
    lookedAt = files.stamp
    return taken > before.taken || besideChanged ? 'more' : 'same'
  }

  async function allThere(): Promise<boolean> {
    const [row] = await query(countSql(lastId))
    return row?.n === taken
  }

  /** The file is of a release that kept several projects in one. */
  function isShared(): boolean {
    return has(tables, 'metrics', 'project_name')
  }

  function offerParts(found: Parts): void {
    for (const part of found.names()) if (!readers.has(part)) offer(part)
  }

  function offer(part: string | null): void {
    const reader = projectReader(part)
    readers.set(part, reader)
    dataset.projects.push({ info: { name: part ?? project, file: project, bytes }, reader })
  }

  function projectReader(part: string | null): ProjectReader {
    const hasIds = has(tables, 'metrics', 'run_id')
    const logged = (): LoggedRun[] => parts.runs(part)
    return {
      keys: () => parts.keys,
      runs: logged,
      version: () => logged().length * 2 + (samples ? 1 : 0) + samplesTaken * 1e6,
      samples: () => samples?.runs(part) ?? [],
      runTables: () => beside.tables,
      hasIds: () => hasIds,
      part: () => part,
      exact: () => state === 'done',
      readUpTo: () => lastId,
      reading() {
        // the server says how many rows there are, not how long they are
        const total = taken === 0 ? bytesInAll : Math.round((bytes * rowsThere()) / taken)
        const rows = parts.rows(part)
        return {
          state,
          bytes,
          totalBytes: state === 'done' ? bytes : Math.max(bytes, total),
          rows,
          ...(part === null && { totalRows: rows + Math.max(0, rowsThere() - taken) }),
          ...(failure && { why: failure.text }),
        }
      },
      notices,
      keepsText: true,
      storedRows: (logged, range, signal) =>
        readStoredRows(
          parts.runs(part).find((run) => run === logged),
          pager,
          range,
          signal,
        ),
      ...(part === null && {
        countBeside,
        tableRows,
        system() {
          system ??= import('./server-system.ts').then(({ makeServerSystem }) =>
            makeServerSystem(query, () => tables, project, BEFORE_ALL),
          )
          return system
        },
      }),
    }
  }

  async function tableRows(
    table: RowTableName,
    signal?: AbortSignal | undefined,
  ): Promise<TableRows | undefined> {
    if (!tables.columns.has(table)) return undefined
    const found = emptyRows(ROW_TABLES[table])
    for (let from = BEFORE_ALL; ; ) {
      const rows = await query(tableSql(tables, table, ROW_TABLES[table], from, ROWS_AT_ONCE), signal)
      for (const row of rows) addRow(found, (column) => textAt(row, column))
      if (rows.length < ROWS_AT_ONCE) return found
      from = idOf(rows.at(-1) as Row) + 1
    }
  }

  async function countBeside(): Promise<SideCount[]> {
    const there = SIDE_TABLES.filter(([, name]) => tables.columns.has(name))
    if (there.length === 0) return []
    const [row] = await query(
      `SELECT ${there.map(([table, name]) => `(SELECT COUNT(*) FROM ${name}) AS ${table}`).join(', ')}`,
    )
    return there.flatMap(([table]): SideCount[] => {
      const rows = row?.[table]
      return typeof rows === 'number' && rows > 0 ? [{ table, rows }] : []
    })
  }

  function notices(): Notice[] {
    const told: Notice[] = []
    const count = parts.unreadable()
    if (count > 0) {
      const first = `${parts.examples.join(', ')}${count > parts.examples.length ? ', …' : ''}`
      told.push({
        level: 'warn',
        subject: project,
        text: `${words(count, 'row')} skipped: the payload is not a JSON object (${first})`,
      })
    }
    const { nameless } = parts
    if (nameless > 0)
      told.push({ level: 'warn', subject: project, text: `${words(nameless, 'row')} not shown: no run name` })
    if (failure) told.push(failure)
    return told
  }
}

/** Rows of the tables beside went away. */
function fewer(before: Head, now: Head): boolean {
  return BESIDE.some((table) => now.beside[table][0] < before.beside[table][0])
}

function sameRow(a: Row, b: Row): boolean {
  return ['i', 'p', 'r', 'n', 't', 's'].every((column) => a[column] === b[column])
}

function words(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
}

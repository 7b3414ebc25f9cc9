import { nextTurn } from '../../../bridge/turn.ts'
import type { Reading } from '../../../model/catalogue.ts'
import { isAbort, TrackioError } from '../../../model/errors.ts'
import type { Notice } from '../../../model/source.ts'
import type { Unit } from '../../layout.ts'
import { type LooseRows, makeLooseRows } from '../loose-rows.ts'
import type { OpenFile, ProjectReader } from '../reader.ts'
import { makeKeyTable } from '../scan.ts'
import { linkedRuns, makeSide, sideOf } from '../side.ts'
import { type Beside, readBeside } from './beside.ts'
import { makePager, type Page } from './pages.ts'
import { has, headOfStamp, idOf, type Query, type Row, SCHEMA_SQL, spreadIds, tablesOf, textAt } from './tables.ts'

/** Projects of more rows are sampled first: fewer are read in about a second. */
const SAMPLE_FROM = 40_000
const SAMPLE_PLACES = 128
const SAMPLE_LENGTH = 8

/** A project at its server. */
export interface ProjectPlace extends Pick<OpenFile, 'media' | 'renameRun' | 'deleteRun'> {
  query: Query
}

/** Opens a project of a server: what tables it has, its configs and links; rows come with `read`. Throws TrackioError. */
export async function openProject(place: ProjectPlace, project: string, stamp: string, signal?: AbortSignal): Promise<OpenFile> {
  let bytes = 0
  const query = (sql: string, signal?: AbortSignal): Promise<Row[]> =>
    place.query(sql, {
      signal,
      onProgress(came) {
        bytes += came
      },
    })
  let head = headOfStamp(project, stamp)
  let known = stamp
  let tables = tablesOf(await query(SCHEMA_SQL, signal))
  const beside: Beside = { side: makeSide(), at: undefined }
  const pager = makePager(query, () => tables)

  const keys = makeKeyTable()
  /** By project_name, which only files older than 0.1 have; else all under null. */
  const parts = new Map<string | null, LooseRows>()
  const readers = new Map<string | null, ProjectReader>()
  let samples = new Map<string | null, LooseRows>()
  let state: Reading['state'] = 'reading'
  let failure: Notice | undefined
  let stop: 'cancel' | 'pause' | undefined
  const stopped = (): typeof stop => stop
  let inFlight: AbortController | undefined
  /** The page that was asked for while the last one was taken, and the id it begins at. */
  let ahead: { from: number; to: number; page: Promise<Page> } | undefined
  let lastRow: Row | undefined
  let lastId = 0
  let taken = 0
  let nameless = 0
  let replaced = false
  const unreadable: string[] = []

  const file: OpenFile = {
    path: project,
    get bytes() {
      return bytes
    },
    projects: [],
    notices: [],
    read,
    stop(how) {
      stop = how
      // a page under way is waited for when reading goes on later, and given up when it does not
      if (how === 'cancel') inFlight?.abort()
    },
    done: () => state === 'done',
    refresh,
    media: place.media,
    renameRun: place.renameRun,
    deleteRun: place.deleteRun,
  }
  await readBeside(query, tables, beside, head.tables, signal)
  if (!isShared()) offer(null)
  return file

  async function read(onProgress: (what: 'rows' | 'sample') => void): Promise<void> {
    if (state === 'done') return
    state = 'reading'
    failure = undefined
    stop = undefined
    inFlight = new AbortController()
    // a project that is read within this time is shown once, whole
    let progressAt = performance.now() + 600
    try {
      if (head.tables.metrics[0] > SAMPLE_FROM && taken === 0 && samples.size === 0) {
        await takeSample(inFlight.signal)
        onProgress('sample')
      }
      await takeRows(inFlight.signal, async () => {
        if (performance.now() > progressAt) {
          onProgress('rows')
          progressAt = performance.now() + 350
        }
        await nextTurn()
      })
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
   * Rows up to the highest id of `head`, page by page; the next page is on its way while one is taken. Begins with the last row that is known, if there is
   * one, and takes none when that is not what it was.
   */
  async function takeRows(signal: AbortSignal, between: () => Promise<void>): Promise<void> {
    const [, highest] = head.tables.metrics
    let known = lastRow && lastId
    let from = known ?? 1
    while (from <= highest && !stopped()) {
      const asked = ahead?.from === from && ahead.to === highest ? ahead.page : pager.next(from, highest, { signal, known })
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
        addTo(parts, row, page, false)
      }
      // what was logged stays in the columns only
      if (lastRow) lastRow = { ...lastRow, m: undefined }
      await between()
    }
  }

  function addTo(into: Map<string | null, LooseRows>, row: Row, page: Page, sampled: boolean): void {
    const name = textAt(row, 'n')
    if (name === null) {
      // trackio writes none, and drops such rows itself when it migrates a file
      if (!sampled) nameless++
      return
    }
    const part = textAt(row, 'p')
    let rows = into.get(part)
    if (!rows) {
      rows = makeLooseRows({ keys, keepRowids: sampled })
      into.set(part, rows)
    }
    const step = typeof row.s === 'number' ? row.s : Number.NaN
    const read = rows.add({
      id: textAt(row, 'r'),
      name,
      timestamp: textAt(row, 't') ?? '',
      step: has(tables, 'metrics', 'step') ? step : undefined,
      payload: page.payloadOf(row),
      rowid: idOf(row),
    })
    if (!read && !sampled && unreadable.length < 5) unreadable.push(`id ${idOf(row)} of ${name}`)
    if (!readers.has(part)) offer(part)
  }

  async function takeSample(signal: AbortSignal): Promise<void> {
    const page = await pager.some(spreadIds(head.tables.metrics[1], SAMPLE_PLACES, SAMPLE_LENGTH), signal)
    const found = new Map<string | null, LooseRows>()
    for (const row of page.rows) addTo(found, row, page, true)
    samples = found
  }

  function settle(): void {
    for (const rows of parts.values()) rows.settle()
    samples = new Map()
    state = 'done'
    if (readers.size === 0) offer(null)
  }

  /**
   * Takes the rows that are new. What trackio does besides adding rows (renaming or deleting a run, another file in this one's place) leaves other
   * rows than those known: fewer, or another one where the last one was.
   */
  async function refresh(unit: Unit): Promise<'same' | 'more' | 'other'> {
    if (unit.kind !== 'server') return 'other'
    if (unit.stamp === known && state === 'done') return 'same'
    const now = headOfStamp(project, unit.stamp)
    const before = { state, taken }
    const [rows, highest] = now.tables.metrics
    if (rows < taken || highest < lastId) return 'other'
    if (now.schema !== tables.schema) {
      const fresh = tablesOf(await query(SCHEMA_SQL))
      if (fresh.columns.get('metrics')?.join() !== tables.columns.get('metrics')?.join()) return 'other'
      tables = fresh
    }
    head = now
    if (highest > lastId || state !== 'done') {
      state = 'reading'
      try {
        await read(() => {})
      } catch (cause) {
        // a line that broke off for a moment: what was known stays as exact as it was, and the next look tries again
        if (before.state === 'done') {
          state = 'done'
          failure = undefined
        }
        throw cause
      }
      if (!file.done()) return 'more'
    }
    if (replaced || taken !== rows) return 'other'
    const besideChanged = await readBeside(query, tables, beside, now.tables)
    known = unit.stamp
    return taken > before.taken || besideChanged ? 'more' : 'same'
  }

  /** The file is of a release that kept several projects in one. */
  function isShared(): boolean {
    return has(tables, 'metrics', 'project_name')
  }

  function offer(part: string | null): void {
    const reader = projectReader(part)
    readers.set(part, reader)
    file.projects.push({ info: { name: part ?? project, file: project, bytes }, reader })
  }

  function projectReader(part: string | null): ProjectReader {
    const hasIds = has(tables, 'metrics', 'run_id')
    const logged = (): ReturnType<ProjectReader['runs']> => parts.get(part)?.runs ?? []
    return {
      keys: () => keys,
      runs: logged,
      version: () => logged().length * 2 + (samples.size > 0 ? 1 : 0),
      samples: () => samples.get(part)?.runs ?? [],
      side: (run) => sideOf(beside.side, { project: part, id: run.id, name: run.name }, hasIds),
      listedOnly: () => linkedRuns(beside.side, logged(), hasIds, project),
      exact: () => state === 'done',
      readUpTo: () => lastId,
      reading() {
        const rows = head.tables.metrics[0]
        // the server says how many rows there are, not how long they are
        const total = state === 'done' || taken === 0 ? bytes : Math.round((bytes * Math.max(rows, taken)) / taken)
        return { state, bytes, totalBytes: total, rows: parts.get(part)?.rows ?? 0 }
      },
      notices,
    }
  }

  function notices(): Notice[] {
    const told: Notice[] = []
    const count = [...parts.values()].reduce((sum, rows) => sum + rows.unreadable, 0)
    if (count > 0) {
      const first = `${unreadable.join(', ')}${count > unreadable.length ? ', …' : ''}`
      told.push({ level: 'warn', subject: project, text: `${words(count, 'row')} skipped: the payload is not a JSON object (${first})` })
    }
    if (nameless > 0) told.push({ level: 'warn', subject: project, text: `${words(nameless, 'row')} not shown: no run name` })
    if (beside.side.unreadableConfigs > 0) {
      const runs = words(beside.side.unreadableConfigs, 'run')
      told.push({ level: 'warn', subject: project, text: `the config of ${runs} cannot be read: it is not a JSON object` })
    }
    if (failure) told.push(failure)
    return told
  }
}

function sameRow(a: Row, b: Row): boolean {
  return ['i', 'p', 'r', 'n', 't', 's'].every((column) => a[column] === b[column])
}

function words(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
}

import { decodeStrictly, decodeText } from '../../columns/json.ts'
import { makeRowIds, pushId, type RowIds } from '../../columns/row-ids.ts'
import { type KeyTable, makeKeyTable, type RunScan, scanPayload } from '../../columns/scan.ts'
import { type Column, makeColumn, makeRunColumns, push } from '../../columns/series-store.ts'
import { clock, parseTime, parseTimeText, type TimeForm, timeForm } from '../../columns/time.ts'
import type { LooseRow } from '../loose-rows.ts'
import { cellCount, type Damage, walkTable } from './btree.ts'
import type { Pages } from './database-image.ts'
import {
  beginLeaf,
  type LeafCheck,
  leafDamage,
  lengthOf,
  makeCursor,
  makeLeafCheck,
  numberOf,
  type RecordCursor,
  readCell,
  readLongCell,
  rowGoesBack,
  textOf,
} from './record.ts'
import { hasNoSteps } from './schema-check.ts'
import type { Table } from './sqlite-table.ts'

/** Rows of one run as they are read. */
export interface RunRows extends RunScan {
  /** Text of the columns that make the run, null where the table has no such column or the value is NULL. */
  project: string | null
  id: string | null
  name: string
  rows: number
  /** Smallest and largest timestamp text, as trackio's MIN and MAX find them. */
  firstTime: string
  lastTime: string
  firstStep: number
  lastStep: number
  /** How its timestamps are written; 'mixed' or 'other' ones have to be sorted as text by SQLite. */
  form: TimeForm | 'mixed' | 'none' | undefined
  lastClock: number
  lastRowid: number
  /** Bytes of the newest timestamp, see settleTimes. */
  stamp: Uint8Array
  stampLength: number
  // the lengths and bytes of its identity's columns, to know the run of the next row without decoding it
  lengths: Int32Array
  identity: Uint8Array
  identityView: DataView
  follower: RunRows | undefined
  /** Of a sample: the id of each row. */
  rowids: Column | undefined
  /** Where each row lies: its id, or −1 − i for the i-th of the reader's `appended`. */
  ids: RowIds
}

/** What is read of a metrics table. */
export interface RowReader {
  keys: KeyTable
  /** In order of first appearance. */
  runs: RunRows[]
  rows: number
  /** Rows whose payload is not a JSON object, by run: they count as rows without values. */
  unreadable: { rowid: number; run: string }[]
  unreadableCount: number
  /** Rows without a run name. */
  namelessRows: number
  /** Names and ids of runs, and timestamps, that are no UTF-8. */
  garbledTexts: number
  damage: Damage[]
  lostRows: number
  lastRowid: number
  read(pages: Pages, options: ReadOptions): Promise<void>
  /** Reads those of the given leaves that are in memory, as a sample. */
  sample(pages: Pages, leaves: number[]): void
  /** The run of this identity in a table of one project; id null where the table has none. */
  find(id: string | null, name: string): RunRows | undefined
  /** Adds a row that is not in the table, after those that are. */
  append(row: LooseRow): RunRows
  /** Those rows. */
  appended: LooseRow[]
}

export interface ReadOptions {
  after?: number | undefined
  stop: () => boolean
  pauseDue: () => boolean
  pause: () => Promise<void>
}

/**
 * What reading a row needs, in one object of one shape: the hot functions below are compiled once for all
 * tables.
 */
interface State {
  reader: RowReader
  cursor: RecordCursor
  check: LeafCheck
  /** Pages that `reader.damage` names. */
  damaged: Set<number>
  project: number
  id: number
  name: number
  time: number
  step: number
  payload: number
  /** Those of project, id and name that the table has. */
  identity: number[]
  /** Columns that the table has. */
  columns: number
  /** The table is one of those that never stored a step. */
  stepless: boolean
  last: RunRows | undefined
  keepRowids: boolean
  buckets: Map<number, RunRows[]>
}

/** Undefined when the table lacks the columns that trackio's metrics always have. */
export function makeRowReader(
  table: Table,
  options: { keys?: KeyTable; keepRowids?: boolean } = {},
): RowReader | undefined {
  const column = (name: string): number => table.columns.findIndex((c) => c.toLowerCase() === name)
  const [project, id, name, time, step, payload] = [
    column('project_name'),
    column('run_id'),
    column('run_name'),
    column('timestamp'),
    column('step'),
    column('metrics'),
  ]
  if (name < 0 || payload < 0) return undefined
  const reader: RowReader = {
    keys: options.keys ?? makeKeyTable(),
    runs: [],
    rows: 0,
    unreadable: [],
    unreadableCount: 0,
    namelessRows: 0,
    garbledTexts: 0,
    damage: [],
    lostRows: 0,
    lastRowid: Number.NEGATIVE_INFINITY,
    read: (pages, options) => read(state, pages, table.root, options),
    sample: (pages, leaves) => sample(state, pages, leaves),
    find: (id, name) => reader.runs.find((run) => run.id === id && run.name === name),
    append: (row) => append(state, row),
    appended: [],
  }
  const state: State = {
    reader,
    cursor: makeCursor(),
    check: makeLeafCheck(),
    damaged: new Set(),
    project,
    id,
    name,
    time,
    step,
    payload,
    identity: [project, id, name].filter((c) => c >= 0),
    columns: table.columns.length,
    stepless: hasNoSteps(table),
    last: undefined,
    buckets: new Map(),
    keepRowids: options.keepRowids ?? false,
  }
  return reader
}

async function read(state: State, pages: Pages, root: number, options: ReadOptions): Promise<void> {
  const after = options.after ?? Number.NEGATIVE_INFINITY
  state.check.last = Number.NEGATIVE_INFINITY
  await walkTable(pages, root, {
    ...options,
    onDamage: (damage) => addDamage(state, damage),
    onLeaf(page, most) {
      const { bytes, at } = pages
      beginLeaf(state.check)
      const next = readLeaf(state, pages, bytes, at, page, 0, after)
      if (next >= 0) return finishLeaf(state, pages, bytes, at, page, next, after, most)
      endLeaf(state, pages, bytes, at, page, most)
      return undefined
    },
  })
}

/** A page is named once: a leaf that is read again when the file has grown would say the same again. */
function addDamage({ reader, damaged }: State, damage: Damage): void {
  if (damaged.has(damage.page)) return
  damaged.add(damage.page)
  reader.damage.push(damage)
}

/** Says what is wrong with a leaf, once its rows were read. */
function endLeaf(
  state: State,
  pages: Pages,
  bytes: Uint8Array,
  at: number,
  page: number,
  most: number,
): void {
  const { check, reader, cursor } = state
  const why = leafDamage(check, pages, bytes, at, page, most)
  reader.lostRows += check.garbled
  if (why) addDamage(state, { page, why })
  // a row older than a column stores fewer, never more
  else if (cursor.count > state.columns)
    addDamage(state, { page, why: `its rows have ${cursor.count} columns, the table has ${state.columns}` })
}

/** Goes on with a leaf from a row that continues on other pages: those are awaited. */
async function finishLeaf(
  state: State,
  pages: Pages,
  bytes: Uint8Array,
  at: number,
  page: number,
  from: number,
  after: number,
  most: number,
): Promise<void> {
  const { check, cursor } = state
  for (let next = from; next >= 0; next = readLeaf(state, pages, bytes, at, page, next + 1, after)) {
    // the bytes on this page are known, whatever became of the others
    check.used += cursor.size
    if (!(await readLongCell(cursor, pages, bytes, at, next, page))) {
      state.reader.lostRows++
      addDamage(state, { page, why: 'a long row breaks off' })
    } else {
      const fresh = cursor.rowid > check.last || rowGoesBack(check, bytes, at, page, next)
      check.last = cursor.rowid
      if (fresh && cursor.rowid > after) readRow(state, cursor)
    }
  }
  endLeaf(state, pages, bytes, at, page, most)
}

function sample(state: State, pages: Pages, leaves: number[]): void {
  for (const page of leaves) {
    if (!pages.peek(page) || pages.bytes[pages.at + (page === 1 ? 100 : 0)] !== 13) continue
    const { bytes, at } = pages
    let next = readLeaf(state, pages, bytes, at, page, 0, Number.NEGATIVE_INFINITY)
    // a sample can do without the rows that continue elsewhere
    while (next >= 0) next = readLeaf(state, pages, bytes, at, page, next + 1, Number.NEGATIVE_INFINITY)
  }
}

/** −1 when the leaf is done, else the cell that waits for the page `cursor.missing`. */
function readLeaf(
  state: State,
  pages: Pages,
  bytes: Uint8Array,
  at: number,
  page: number,
  from: number,
  after: number,
): number {
  const { cursor, check } = state
  const count = cellCount(bytes, at, page)
  let { last, used } = check
  let waits = -1
  for (let i = from; i < count; i++) {
    if (!readCell(cursor, pages, bytes, at, page, i)) {
      if (cursor.missing > 0) {
        waits = i
        break
      }
      check.garbled++
      continue
    }
    used += cursor.size
    const { rowid } = cursor
    const fresh = rowid > last || rowGoesBack(check, bytes, at, page, i)
    last = rowid
    if (fresh && rowid > after) readRow(state, cursor)
  }
  check.last = last
  check.used = used
  return waits
}

function readRow(state: State, cursor: RecordCursor): void {
  const { reader } = state
  if (lengthOf(cursor, state.name) < 0) {
    // trackio writes none, and drops such rows itself when it migrates a file
    reader.namelessRows++
    return
  }
  const run = runOf(state, cursor)
  reader.rows++
  // ids of a damaged file may go back
  if (cursor.rowid > reader.lastRowid) reader.lastRowid = cursor.rowid
  const row = run.rows++
  run.lastRowid = cursor.rowid
  if (run.rowids) push(run.rowids, cursor.rowid)
  else pushId(run.ids, cursor.rowid)
  readTime(reader, run, cursor, state.time)
  readStep(run, numberOf(cursor, state.step), state.stepless)
  const body = lengthOf(cursor, state.payload)
  const start = cursor.offset[state.payload] as number
  if (body < 0 || !scanPayload(reader.keys, run, cursor.bytes, cursor.view, start, start + body, row)) {
    reader.unreadableCount++
    if (reader.unreadable.length < 5) reader.unreadable.push({ rowid: cursor.rowid, run: run.name })
  }
}

function readTime(reader: RowReader, run: RunRows, cursor: RecordCursor, column: number): void {
  const length = lengthOf(cursor, column)
  let when = Number.NaN
  if (length > 0) {
    const from = cursor.offset[column] as number
    when = parseTime(cursor.bytes, from, length)
    if (run.form !== timeForm) run.form = run.form === undefined ? timeForm : 'mixed'
    if (run.form === 'other' || run.form === 'mixed' || clock < run.lastClock) {
      run.columns.ordered = false
      // the known forms have no letter that could be garbled
      if (timeForm === 'other' && decodeStrictly(cursor.bytes.subarray(from, from + length)) === undefined)
        reader.garbledTexts++
    } else run.lastClock = clock
    keepTimeText(run, cursor, from, length)
  } else if (run.form !== 'none') {
    // '' or NULL (imports): rows without a time tie, so their order stands as long as no row has one
    if (run.form !== undefined) run.columns.ordered = false
    run.form = run.form === undefined ? 'none' : 'mixed'
    run.firstTime = ''
  }
  push(run.columns.times, when)
}

function readStep(run: RunRows, logged: number, stepless: boolean): void {
  const { steps } = run.columns
  // before 0.0.16 nothing stored a step: it is the row's place
  const step = stepless ? steps.length : logged
  if (steps.length > 0 && !(step >= (steps.data[steps.length - 1] as number))) run.columns.monotone = false
  push(steps, step)
  if (step !== step) return
  if (!(run.firstStep <= step)) run.firstStep = step
  if (!(run.lastStep >= step)) run.lastStep = step
}

function runOf(state: State, cursor: RecordCursor): RunRows {
  const { last } = state
  if (last && sameRun(state, cursor, last)) return last
  // runs that log side by side take turns: the one that followed last time is tried first
  const guess = last?.follower
  const run = guess && sameRun(state, cursor, guess) ? guess : findRun(state, cursor)
  if (last) last.follower = run
  state.last = run
  return run
}

function sameRun(state: State, cursor: RecordCursor, run: RunRows): boolean {
  const { bytes, view } = cursor
  const { identity } = state
  let at = 0
  for (let c = 0; c < identity.length; c++) {
    const column = identity[c] as number
    const length = lengthOf(cursor, column)
    if (length !== run.lengths[c]) return false
    const from = cursor.offset[column] as number
    let i = 0
    for (; i + 4 <= length; i += 4)
      if (view.getInt32(from + i) !== run.identityView.getInt32(at + i)) return false
    for (; i < length; i++) if (bytes[from + i] !== run.identity[at + i]) return false
    if (length > 0) at += length
  }
  return true
}

function findRun(state: State, cursor: RecordCursor): RunRows {
  const parts: number[] = []
  let hash = 0
  for (const column of state.identity) {
    const length = lengthOf(cursor, column)
    const from = cursor.offset[column] as number
    hash = (Math.imul(hash, 31) + length) | 0
    for (let i = 0; i < length; i++) {
      const byte = cursor.bytes[from + i] as number
      parts.push(byte)
      hash = (Math.imul(hash, 31) + byte) | 0
    }
  }
  const bucket = state.buckets.get(hash) ?? []
  for (const run of bucket) if (sameRun(state, cursor, run)) return run
  for (const column of state.identity) {
    const from = cursor.offset[column] as number
    const length = lengthOf(cursor, column)
    if (length > 0 && decodeStrictly(cursor.bytes.subarray(from, from + length)) === undefined)
      state.reader.garbledTexts++
  }
  const run = makeRun(state, Uint8Array.from(parts), {
    project: textOf(cursor, state.project),
    id: textOf(cursor, state.id),
    name: textOf(cursor, state.name) ?? '',
    lengths: Int32Array.from(state.identity, (column) => lengthOf(cursor, column)),
  })
  bucket.push(run)
  state.buckets.set(hash, bucket)
  state.reader.runs.push(run)
  return run
}

function append(state: State, row: LooseRow): RunRows {
  const { reader } = state
  let run = reader.find(row.id, row.name)
  if (!run) {
    // nothing of the table is of this run, so its bytes are never compared with a row's
    run = makeRun(state, new Uint8Array(0), {
      project: null,
      id: row.id,
      name: row.name,
      lengths: new Int32Array(0),
    })
    reader.runs.push(run)
  }
  const { columns } = run
  const index = run.rows++
  reader.rows++
  pushId(run.ids, -reader.appended.push(row))
  settleTimes(run)
  const time = parseTimeText(row.timestamp)
  if (index > 0 && !(time >= (columns.times.data[index - 1] as number))) columns.ordered = false
  push(columns.times, time)
  if (index === 0 || row.timestamp < run.firstTime) run.firstTime = row.timestamp
  if (index === 0 || row.timestamp > run.lastTime) run.lastTime = row.timestamp
  readStep(run, row.step ?? columns.steps.length, false)
  const { buffer, byteOffset, byteLength } = row.payload
  const whole = new Uint8Array(buffer)
  if (!scanPayload(reader.keys, run, whole, new DataView(buffer), byteOffset, byteOffset + byteLength, index))
    reader.unreadableCount++
  return run
}

function makeRun(
  state: State,
  identity: Uint8Array,
  of: Pick<RunRows, 'project' | 'id' | 'name' | 'lengths'>,
): RunRows {
  return {
    ...of,
    columns: makeRunColumns(state.reader.runs.at(-1)?.columns),
    first: undefined,
    next: [],
    kinds: [],
    rows: 0,
    firstTime: '',
    lastTime: '',
    firstStep: Number.NaN,
    lastStep: Number.NaN,
    form: undefined,
    lastClock: Number.NEGATIVE_INFINITY,
    lastRowid: Number.NEGATIVE_INFINITY,
    stamp: new Uint8Array(40),
    stampLength: 0,
    identity,
    identityView: new DataView(identity.buffer),
    follower: undefined,
    rowids: state.keepRowids ? makeColumn() : undefined,
    ids: makeRowIds(),
  }
}

function keepTimeText(run: RunRows, cursor: RecordCursor, from: number, length: number): void {
  const { bytes } = cursor
  if (run.columns.ordered && run.rows > 1 && length <= run.stamp.length) {
    // stamps nearly always rise: the latest is kept as bytes, and text is made of it only when somebody asks
    for (let i = 0; i < length; i++) run.stamp[i] = bytes[from + i] as number
    run.stampLength = length
    return
  }
  settleTimes(run)
  const words = decodeText(bytes.subarray(from, from + length))
  if (run.rows === 1 || words < run.firstTime) run.firstTime = words
  if (run.rows === 1 || words > run.lastTime) run.lastTime = words
}

/** Brings `firstTime` and `lastTime` up to date. */
export function settleTimes(run: RunRows): void {
  if (run.stampLength === 0) return
  const words = decodeText(run.stamp.subarray(0, run.stampLength))
  if (words > run.lastTime) run.lastTime = words
  run.stampLength = 0
}

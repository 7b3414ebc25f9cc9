import { makeRowIds, pushId, type RowIds, reorderIds } from '../columns/row-ids.ts'
import { type KeyTable, makeKeyTable, type RunScan, scanPayload } from '../columns/scan.ts'
import {
  type Column,
  makeColumn,
  makeRunColumns,
  push,
  reorder,
  restep,
  trim,
} from '../columns/series-store.ts'
import { parseTimeText } from '../columns/time.ts'
import type { LoggedRun, SystemReader } from './dataset.ts'

/** A row that comes as values: from a server's answer, or a line of a fragment. */
export interface LooseRow {
  /** Run id; null where rows have none. */
  id: string | null
  /** Run name. */
  name: string
  /** As stored; '' where none is. */
  timestamp: string
  /**
   * NaN where none was logged; undefined where the place stores none at all: then it is the row's place in
   * its run.
   */
  step: number | undefined
  /** The JSON object as UTF-8. Views of one buffer are cheaper than buffers of their own. */
  payload: Uint8Array
  /**
   * Its rank among rows of the same timestamp, where that is not the order of arrival: of all rows of a run,
   * or of none.
   */
  rank?: number | undefined
  /** Id of the row, by which it is found again. */
  rowid?: number
}

/** A run of them, and where each of its rows is found again. */
export interface LooseRun extends LoggedRun {
  /** Timestamp of each row, as its text. */
  readonly stamps: readonly string[]
  /** Id of each row, where rows have one. */
  readonly ids: RowIds
  /** Payload of each row, where they were to be kept. */
  readonly payloads: readonly Uint8Array[]
}

/** Rows in columns, as they come. */
export interface LooseRows {
  keys: KeyTable
  /** In order of first appearance. */
  runs: LooseRun[]
  /** Rows taken, unreadable ones included. */
  readonly rows: number
  /** Rows whose payload is not a JSON object: they count as rows without values. */
  readonly unreadable: number
  /** Takes a row; false when its payload is unreadable. */
  add(row: LooseRow): boolean
  /**
   * Puts every run's rows into trackio's order: the text of the timestamp, then rank or arrival. To be called
   * before rows count as read, and again after later ones came: those may belong before earlier ones.
   */
  settle(): void
}

/** Rows of system metrics that come as values. `update`: takes those that are new. */
export function looseSystem(
  rows: LooseRows,
  subject: string,
  update: SystemReader['update'],
  done: () => boolean = () => true,
): SystemReader {
  return {
    keys: () => rows.keys,
    runs: () => rows.runs,
    version: () => rows.runs.length,
    notices() {
      const { unreadable } = rows
      if (unreadable === 0) return []
      const what = `${unreadable.toLocaleString('en')} ${unreadable === 1 ? 'row' : 'rows'}`
      const text = `${what} of system metrics skipped: the payload is not a JSON object`
      return [{ level: 'warn', subject, text }]
    },
    update,
    done,
  }
}

interface Run extends RunScan, LooseRun {
  /**
   * Timestamp of each row, as its text. Rows of a batch share one string, so this is a pointer a row, and the
   * order is exact whatever the texts are.
   */
  stamps: string[]
  payloads: Uint8Array[]
  /** Rank of each row, where rows have one. */
  ranks: number[]
  firstTime: string
  lastTime: string
  firstStep: number
  lastStep: number
  stepless: boolean
  trimmed: boolean
  follower: Run | undefined
  sampled: Column | undefined
}

/**
 * `keepRowids`: of a sample. `keepPayloads`: they are in memory anyway, and nowhere else to be found again.
 */
export function makeLooseRows(
  options: { keys?: KeyTable; keepRowids?: boolean; keepPayloads?: boolean } = {},
): LooseRows {
  const keys = options.keys ?? makeKeyTable()
  const runs: Run[] = []
  const byName = new Map<string, Map<string | null, Run>>()
  let last: Run | undefined
  let rows = 0
  let unreadable = 0
  // of the buffer that the latest payload lies in: making a view for each row would cost more than reading a
  // short one
  let whole: Uint8Array = new Uint8Array(0)
  let view: DataView = new DataView(whole.buffer)

  return {
    keys,
    runs,
    get rows() {
      return rows
    },
    get unreadable() {
      return unreadable
    },
    add,
    settle() {
      for (const run of runs) settle(run)
    },
  }

  function add({ id, name, timestamp, step, payload, rank, rowid }: LooseRow): boolean {
    const run = runOf(id, name)
    const row = run.rows++
    rows++
    takeTime(run, timestamp, rank)
    takeStep(run, step)
    if (run.sampled) push(run.sampled, rowid ?? Number.NaN)
    else if (rowid !== undefined) pushId(run.ids, rowid)
    if (options.keepPayloads) run.payloads.push(payload)
    if (payload.buffer !== whole.buffer) {
      whole = new Uint8Array(payload.buffer)
      view = new DataView(payload.buffer)
    }
    const start = payload.byteOffset
    const read = scanPayload(keys, run, whole, view, start, start + payload.byteLength, row)
    if (!read) unreadable++
    return read
  }

  function runOf(id: string | null, name: string): Run {
    if (last?.name === name && last.id === id) return last
    // runs that log side by side take turns: the one that followed last time is tried first
    const guess = last?.follower
    const run = guess?.name === name && guess.id === id ? guess : findRun(id, name)
    if (last) last.follower = run
    last = run
    return run
  }

  function findRun(id: string | null, name: string): Run {
    const named = byName.get(name) ?? new Map<string | null, Run>()
    byName.set(name, named)
    const found = named.get(id)
    if (found) return found
    const run = makeRun(id, name, options.keepRowids ? makeColumn() : undefined)
    named.set(id, run)
    runs.push(run)
    return run
  }
}

function makeRun(id: string | null, name: string, sampled: Column | undefined): Run {
  const run: Run = {
    id,
    name,
    rows: 0,
    columns: makeRunColumns(),
    first: undefined,
    next: [],
    kinds: [],
    stamps: [],
    ids: makeRowIds(),
    payloads: [],
    ranks: [],
    firstTime: '',
    lastTime: '',
    firstStep: Number.NaN,
    lastStep: Number.NaN,
    stepless: false,
    trimmed: false,
    follower: undefined,
    sampled,
    get rowids() {
      return sampled?.data.subarray(0, sampled.length)
    },
    span() {
      const { firstTime, lastTime, firstStep, lastStep } = run
      return {
        firstTime,
        lastTime,
        first: parseTimeText(firstTime),
        last: parseTimeText(lastTime),
        firstStep,
        lastStep,
      }
    },
  }
  return run
}

function takeTime(run: Run, timestamp: string, rank: number | undefined): void {
  const { stamps } = run
  const { times } = run.columns
  const before = stamps[stamps.length - 1]
  if (rank !== undefined) {
    const last = run.ranks[run.ranks.length - 1]
    if (last !== undefined && timestamp === before && rank < last) run.columns.ordered = false
    run.ranks.push(rank)
  }
  if (timestamp === before) {
    stamps.push(before)
    push(times, times.data[times.length - 1] as number)
    return
  }
  stamps.push(timestamp)
  push(times, timestamp === '' ? Number.NaN : parseTimeText(timestamp))
  if (before !== undefined && timestamp < before) run.columns.ordered = false
  if (before === undefined || timestamp < run.firstTime) run.firstTime = timestamp
  if (before === undefined || timestamp > run.lastTime) run.lastTime = timestamp
}

function takeStep(run: Run, logged: number | undefined): void {
  const { steps } = run.columns
  run.stepless = logged === undefined
  const step = logged ?? steps.length
  if (steps.length > 0 && !(step >= (steps.data[steps.length - 1] as number))) run.columns.monotone = false
  push(steps, step)
  if (step !== step) return
  if (!(run.firstStep <= step)) run.firstStep = step
  if (!(run.lastStep >= step)) run.lastStep = step
}

function settle(run: Run): void {
  const { columns, stamps, ranks, sampled } = run
  if (!columns.ordered) {
    // rows already in place come before later ones, so what ties stays in order of arrival
    const order = Uint32Array.from(stamps, (_, i) => i).sort(
      (a, b) =>
        compare(stamps[a] as string, stamps[b] as string) || compare(ranks[a] ?? 0, ranks[b] ?? 0) || a - b,
    )
    reorder(columns, order)
    run.stamps = Array.from(order, (row) => stamps[row] as string)
    if (run.ids.length > 0) reorderIds(run.ids, order)
    if (run.payloads.length > 0) run.payloads = Array.from(order, (row) => run.payloads[row] as Uint8Array)
    if (ranks.length > 0) run.ranks = Array.from(order, (row) => ranks[row] as number)
    if (sampled) sampled.data = Float64Array.from(order, (row) => sampled.data[row] as number)
    // steps that are places follow the new order
    if (run.stepless) restep(columns)
  }
  // once: what comes live after the first reading grows by doubling, and must not be copied each time
  if (!run.trimmed) trim(columns)
  run.trimmed = true
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

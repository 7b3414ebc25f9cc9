import { decodeStrictly } from '../../columns/json.ts'
import { makeKeyTable, scanPayload } from '../../columns/scan.ts'
import { push, trim } from '../../columns/series-store.ts'
import { parseTime, timeForm } from '../../columns/time.ts'
import { bytesOfCell, numberOfCell } from './cell-values.ts'
import { makeFetcher } from './fetch.ts'
import type { Keys } from './key-structure.ts'
import { idOfCell, idsMatter, sortRuns } from './order.ts'
import { compressorsFor, eachPage, makeBreath } from './pages.ts'
import { keepStamp, makeRunNumbers } from './parquet-runs.ts'
import type { Chunk, Column, Group, Leaf, Table } from './parquet-table.ts'
import type { Limits } from './plan.ts'
import type { RowTable } from './row-table.ts'

/*
 * The rows of a metrics table without its metrics: which run each row belongs to, when it was logged and at
 * which step. This is all that is read before somebody looks at a metric.
 */

export interface RowReader {
  table: RowTable
  /**
   * Reads the row groups that are missing and puts the rows in order; `signal` is heeded between row groups.
   */
  read(signal: AbortSignal | undefined, onGroup: () => void): Promise<void>
  /**
   * A row group turned out to be damaged while it was read: of this reader nothing can be used. `table.runOf`
   * has as many groups as are whole.
   */
  torn(): boolean
}

export function makeRowReader(table: Table, keys: Keys, groups: readonly Group[], limits: Limits): RowReader {
  const { structure, payload } = keys
  const leafOf = (column: Column | undefined): Leaf | undefined => column?.leaves[0]
  const name = leafOf(structure.runName)
  const id = leafOf(structure.runId)
  const time = leafOf(structure.time)
  const step = leafOf(structure.step)
  const ids = leafOf(structure.id && isInteger(structure.id) ? structure.id : undefined)
  const body = leafOf(payload)
  const order = ids && idsMatter(table, ids) ? ids : undefined
  const leaves = [name, id, time, step, order, body].filter((leaf) => leaf !== undefined)
  const rowTable: RowTable = {
    keys: makeKeyTable(),
    runs: [],
    rows: 0,
    runOf: [],
    namelessRows: 0,
    garbledTexts: 0,
    unreadable: 0,
    totalBytes: groups
      .flatMap((group) => leaves.map((leaf) => sizeOf(group, leaf)))
      .reduce((sum, size) => sum + size, 0),
    bytes: 0,
  }
  const numbers = makeRunNumbers(id, name, rowTable.runs)
  const breathe = makeBreath()
  let sorted = false
  let torn = false
  let garbledTimes = 0
  return { table: rowTable, read, torn: () => torn }

  async function read(signal: AbortSignal | undefined, onGroup: () => void): Promise<void> {
    const from = rowTable.runOf.length
    const chunks = groups
      .slice(from)
      .flatMap((group) => leaves.map((leaf) => group.chunks[leaf.index] as Chunk))
    const fetcher = makeFetcher(table.path, table.bytes, chunks, limits, () => !signal?.aborted)
    const compressors = await compressorsFor(table.path, chunks)
    const pages = { compressors, texts: 'bytes' as const, breathe }
    for (let g = from; g < groups.length; g++) {
      const bytes = new Map<Leaf, Uint8Array>()
      for (const [l, leaf] of leaves.entries()) {
        signal?.throwIfAborted()
        bytes.set(leaf, await fetcher.take((g - from) * leaves.length + l))
      }
      signal?.throwIfAborted()
      sorted = false
      torn = true
      await readGroup(groups[g] as Group, async (leaf, use) => {
        if (leaf)
          await eachPage(
            table.path,
            (groups[g] as Group).chunks[leaf.index] as Chunk,
            bytes.get(leaf) as Uint8Array,
            pages,
            use,
          )
      })
      torn = false
      for (const leaf of leaves) rowTable.bytes += sizeOf(groups[g] as Group, leaf)
      onGroup()
    }
    if (!sorted) await sortRuns(table, groups, rowTable, { time, ids, step }, limits, breathe)
    sorted = true
    for (const run of rowTable.runs) trim(run.columns)
  }

  /** One column after the other, so that of a long text column only a page is held at a time. */
  async function readGroup(
    group: Group,
    pagesOf: (
      leaf: Leaf | undefined,
      use: (values: ArrayLike<unknown>, row: number) => void,
    ) => Promise<void>,
  ): Promise<void> {
    const runOf = await numbers.read(group.rows, pagesOf)
    const ties = new Uint8Array(order ? group.rows : 0)
    await pagesOf(time, (values, row) => readTimes(values, runOf, row, ties))
    if (!time) readTimes({ length: group.rows }, runOf, 0, ties)
    rowTable.garbledTexts = numbers.garbled() + garbledTimes
    await pagesOf(order, (values, row) => readIds(values, runOf, row, ties))
    await pagesOf(step, (values, row) => readSteps(values, runOf, row))
    if (!step) readSteps(undefined, runOf, 0)
    await pagesOf(body, (values, row) => readPayloads(values, runOf, row))
    for (let i = 0; i < runOf.length; i++) {
      const run = rowTable.runs[runOf[i] as number]
      if (run) run.rows++
      else rowTable.namelessRows++
    }
    rowTable.rows += group.rows
    rowTable.runOf.push(runOf)
  }

  /** Notes in `ties` which rows have the time of the row before. */
  function readTimes(values: ArrayLike<unknown>, runOf: Uint32Array, row: number, ties: Uint8Array): void {
    let [last, when]: [unknown, number] = [undefined, Number.NaN]
    let bytes: Uint8Array = NO_BYTES
    for (let i = 0; i < values.length; i++) {
      const run = rowTable.runs[runOf[row + i] as number]
      if (!run) continue
      const value = values[i]
      // rows of a batch share one stamp, in the file one entry of the dictionary
      if (value !== last || i === 0) {
        bytes = bytesOfCell(value) ?? NO_BYTES
        when = parseTime(bytes, 0, bytes.length)
        // the known forms have no letter that could be garbled
        if (timeForm === 'other' && bytes.length > 0 && decodeStrictly(bytes) === undefined) garbledTimes++
        last = value
      }
      push(run.columns.times, when)
      if (keepStamp(run, bytes) === 0) ties[row + i] = 1
    }
  }

  /** Rows of one time have to come by id. */
  function readIds(values: ArrayLike<unknown>, runOf: Uint32Array, row: number, ties: Uint8Array): void {
    for (let i = 0; i < values.length; i++) {
      const run = rowTable.runs[runOf[row + i] as number]
      if (!run) continue
      const rowId = idOfCell(values[i])
      if (ties[row + i] === 1 && rowId < run.lastId) run.columns.ordered = false
      run.lastId = rowId
    }
  }

  function readSteps(values: ArrayLike<unknown> | undefined, runOf: Uint32Array, row: number): void {
    const count = values?.length ?? runOf.length
    for (let i = 0; i < count; i++) {
      const run = rowTable.runs[runOf[row + i] as number]
      if (!run) continue
      const { steps } = run.columns
      // a foreign table without steps: the row's place, as in trackio's oldest files
      const at = values ? numberOfCell(values[i]) : steps.length
      if (steps.length > 0 && !(at >= (steps.data[steps.length - 1] as number))) run.columns.monotone = false
      push(steps, at)
      if (at !== at) continue
      if (!(run.firstStep <= at)) run.firstStep = at
      if (!(run.lastStep >= at)) run.lastStep = at
    }
  }

  function readPayloads(values: ArrayLike<unknown>, runOf: Uint32Array, row: number): void {
    let buffer: ArrayBufferLike | undefined
    let all: Uint8Array = NO_BYTES
    let view: DataView = new DataView(NO_BYTES.buffer)
    for (let i = 0; i < values.length; i++) {
      const run = rowTable.runs[runOf[row + i] as number]
      if (!run) continue
      const at = run.scanned++
      const text = bytesOfCell(values[i])
      if (text && text.buffer !== buffer) {
        buffer = text.buffer
        all = new Uint8Array(buffer)
        view = new DataView(buffer)
      }
      const start = text?.byteOffset ?? 0
      if (!text || !scanPayload(rowTable.keys, run, all, view, start, start + text.length, at))
        rowTable.unreadable++
    }
  }
}

const NO_BYTES = new Uint8Array(0)

/** Between 0.2.4 and 0.21.2 a metric called id took the place of the ids. */
function isInteger(column: Column): boolean {
  const { type } = column.tree.element
  return type === 'INT64' || type === 'INT32'
}

function sizeOf(group: Group, leaf: Leaf): number {
  const { start, end } = group.chunks[leaf.index] as Chunk
  return end - start
}

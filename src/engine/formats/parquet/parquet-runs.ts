import { decodeText } from '../../columns/json.ts'
import type { RunScan } from '../../columns/scan.ts'
import { makeRunColumns } from '../../columns/series-store.ts'
import { compareBytes, makeTexts } from './cell-values.ts'
import type { Leaf } from './parquet-table.ts'

/** A run, as far as its rows were read. */
export interface RunRows extends RunScan {
  id: string | null
  name: string
  rows: number
  /** Rows whose payload was read. */
  scanned: number
  /**
   * Smallest timestamp as text; the largest as bytes (−1 of them before the first row), to compare with and
   * make text of only when somebody asks.
   */
  firstTime: string
  stamp: Uint8Array
  stampLength: number
  firstStep: number
  lastStep: number
  /** Id of the row before, −Infinity for NULL. */
  lastId: number
  /** Where its rows do not stand in the file in their order: the place of each, counted as they stand. */
  places: Uint32Array | undefined
}

export const NO_RUN = 0xffffffff

/** Tells of which run each row is. */
export interface RunNumbers {
  /**
   * By row of a group: its run's place in `runs`, NO_RUN for a row without a run name. `pagesOf` gives the
   * pages of a column in order.
   */
  read(
    rows: number,
    pagesOf: (
      leaf: Leaf | undefined,
      use: (values: ArrayLike<unknown>, row: number) => void,
    ) => Promise<void>,
  ): Promise<Uint32Array>
  /** Ids and names that are no UTF-8. */
  garbled(): number
}

/** `id`, `name`: their columns, of texts that come as bytes. New runs are added to `runs`. */
export function makeRunNumbers(id: Leaf | undefined, name: Leaf | undefined, runs: RunRows[]): RunNumbers {
  const names = makeTexts()
  const idTexts = makeTexts()
  const numbers = new Map<number, number>()
  return {
    async read(rows, pagesOf) {
      const runOf = new Uint32Array(rows)
      idTexts.forget()
      names.forget()
      await pagesOf(id, (values, row) => {
        for (let i = 0; i < values.length; i++) runOf[row + i] = idTexts.indexOf(values[i])
      })
      await pagesOf(name, (values, row) => {
        let [lastName, lastId, lastRun] = [-1, -1, NO_RUN]
        for (let i = 0; i < values.length; i++) {
          const nameIndex = names.indexOf(values[i])
          const idIndex = runOf[row + i] as number
          if (nameIndex !== lastName || idIndex !== lastId) {
            lastRun = findRun(idIndex, nameIndex)
            lastName = nameIndex
            lastId = idIndex
          }
          runOf[row + i] = lastRun
        }
      })
      return runOf
    },
    garbled: () => idTexts.garbled() + names.garbled(),
  }

  function findRun(idIndex: number, nameIndex: number): number {
    const runName = names.text(nameIndex)
    if (runName === null) return NO_RUN
    const key = idIndex * 2 ** 26 + nameIndex
    let found = numbers.get(key)
    if (found === undefined) {
      found = runs.push(makeRun(id ? idTexts.text(idIndex) : null, runName)) - 1
      numbers.set(key, found)
    }
    return found
  }
}

function makeRun(id: string | null, name: string): RunRows {
  return {
    columns: makeRunColumns(),
    first: undefined,
    next: [],
    kinds: [],
    id,
    name,
    rows: 0,
    scanned: 0,
    firstTime: '',
    stamp: new Uint8Array(40),
    stampLength: -1,
    firstStep: Number.NaN,
    lastStep: Number.NaN,
    lastId: Number.NEGATIVE_INFINITY,
    places: undefined,
  }
}

/**
 * Follows the smallest and largest stamp, and notices when one is smaller than the largest so far. Positive,
 * 0 or negative as the stamp is larger than that, the same or smaller. Bytes of UTF-8 sort as text does.
 */
export function keepStamp(run: RunRows, bytes: Uint8Array): number {
  const first = run.stampLength < 0
  const compared = first ? 1 : compareBytes(bytes, run.stamp, run.stampLength)
  if (first) run.firstTime = decodeText(bytes)
  if (compared > 0) {
    if (bytes.length > run.stamp.length) run.stamp = new Uint8Array(bytes.length * 2)
    run.stamp.set(bytes)
    run.stampLength = bytes.length
  } else if (compared < 0) {
    run.columns.ordered = false
    const text = decodeText(bytes)
    if (text < run.firstTime) run.firstTime = text
  }
  return compared
}

export function lastTimeOf(run: RunRows): string {
  return run.stampLength > 0 ? decodeText(run.stamp.subarray(0, run.stampLength)) : ''
}

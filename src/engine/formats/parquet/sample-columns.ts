import { type MetricColumn, makeRunColumns, push } from '../../columns/series-store.ts'
import type { NumberColumn } from './key-structure.ts'
import { pushCell } from './parquet-metrics.ts'
import { NO_RUN, type RunRows } from './parquet-runs.ts'

/** Rows [from, to) of a row group. */
export interface Range {
  group: number
  from: number
  to: number
}

/** Cells of a metric in some rows. */
export interface Patch extends Range {
  cells: ArrayLike<unknown>
}

/** Rows that the columns hold: the place of each within its run. */
interface Built {
  range: Range
  places: Uint32Array
}

export interface SampleColumns {
  /**
   * Brings the runs' columns up to date. More ranges make all of them anew, more patches only those of their
   * metric. Lists only ever grow.
   */
  build(ranges: readonly Range[], patches: ReadonlyMap<number, readonly Patch[]>): void
}

/**
 * Runs' columns from what a sample has read: rows in file order, whatever order they came in. `runOf`: by
 * group, the run of each row; `steps` and `times`: those of the rows of a range.
 */
export function makeSampleColumns(
  runs: readonly RunRows[],
  runOf: readonly Uint32Array[],
  numbers: readonly NumberColumn[],
  read: { steps(range: Range): Float64Array; times: ((range: Range) => Float64Array) | undefined },
): SampleColumns {
  let rows: Built[] = []
  let known = -1
  /** By metric: how many of its patches are in. */
  const done = new Map<number, number>()
  return {
    build(ranges, patches) {
      if (ranges.length !== known) {
        known = ranges.length
        done.clear()
        for (const run of runs) run.columns = makeRunColumns()
        rows = merged(ranges).map(buildRows)
      }
      for (const [key, list] of patches) {
        if (done.get(key) === list.length) continue
        done.set(key, list.length)
        buildMetric(key, list)
      }
    },
  }

  function buildRows(range: Range): Built {
    const length = range.to - range.from
    const places = new Uint32Array(length)
    const of = (runOf[range.group] as Uint32Array).subarray(range.from, range.to)
    const steps = read.steps(range)
    const times = read.times?.(range)
    for (let i = 0; i < length; i++) {
      const columns = runs[of[i] as number]?.columns
      if (!columns) continue
      const count = columns.steps.length
      const step = steps[i] as number
      places[i] = count
      if (count > 0 && !(step >= (columns.steps.data[count - 1] as number))) columns.monotone = false
      push(columns.steps, step)
      push(columns.times, times ? (times[i] as number) : Number.NaN)
    }
    return { range, places }
  }

  function buildMetric(key: number, list: readonly Patch[]): void {
    const number = numbers[key]
    if (!number) return
    const columns = new Array<MetricColumn | undefined>(runs.length).fill(undefined)
    let [group, next] = [0, 0]
    for (const patch of [...list].sort(inFile)) {
      if (patch.group !== group) [group, next] = [patch.group, 0]
      const at = rows.find(
        ({ range }) => range.group === group && range.from <= patch.from && patch.to <= range.to,
      )
      if (!at) continue
      // rows that two patches share count once
      for (let row = Math.max(next, patch.from); row < patch.to; row++) {
        const run = (runOf[group] as Uint32Array)[row] as number
        if (run === NO_RUN) continue
        columns[run] = pushCell(
          columns[run],
          number,
          at.places[row - at.range.from] as number,
          patch.cells[row - patch.from],
        )
      }
      next = Math.max(next, patch.to)
    }
    for (const [r, run] of runs.entries()) {
      const { metrics } = run.columns
      while (metrics.length <= key) metrics.push(undefined) // no holes: sparse arrays are slow
      metrics[key] = columns[r]
    }
  }
}

function merged(ranges: readonly Range[]): Range[] {
  const all: Range[] = []
  for (const { group, from, to } of [...ranges].sort(inFile)) {
    const last = all.at(-1)
    if (last?.group === group && from <= last.to) last.to = Math.max(last.to, to)
    else all.push({ group, from, to })
  }
  return all
}

function inFile(a: Range, b: Range): number {
  return a.group - b.group || a.from - b.from
}

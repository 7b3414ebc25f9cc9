import type { RowsRange, RunRow, RunRows } from '../../model/run-rows.ts'
import type { Column } from '../columns/series-store.ts'
import type { LoggedRun, ProjectReader, StoredRow } from '../formats/dataset.ts'
import { numbersOf } from '../formats/stored-row.ts'

/** Rows of a run as they were logged; none of a run of which no row was read yet. */
export async function rowsOf(
  reader: ProjectReader,
  logged: LoggedRun | undefined,
  { keys, from, count, step, most = Number.POSITIVE_INFINITY }: RowsRange,
  signal: AbortSignal | undefined,
): Promise<RunRows> {
  const keepsText = reader.keepsText === true
  if (!logged) return { from: 0, rows: [], total: 0, keepsText }
  const { columns } = logged
  const total = columns.steps.length
  const at = step === undefined ? undefined : rowOfStep(columns.steps, columns.monotone, step)
  const start = Math.max(0, Math.min(total, from + (at ?? 0)))
  const length = Math.max(0, Math.min(count, total - start))
  const places = Uint32Array.from({ length }, (_, i) => start + i)
  const stored = (await reader.storedRows?.(logged, { rows: places, keys }, signal)) ?? []
  const rows = Array.from({ length }, (_, i): RunRow => {
    const row = start + i
    const found: StoredRow & { lost?: true } = stored[i] ?? again(row)
    const { timestamp, members, unreadable, lost } = found
    const cells = keys.map((key) => cut(members.get(key), most))
    const at = columns.steps.data[row] as number
    return {
      step: Number.isNaN(at) ? null : at,
      timestamp,
      cells,
      ...(unreadable !== undefined && { unreadable: cut(unreadable, most) }),
      ...(lost && { lost }),
    }
  })
  return { from: start, rows, total, at, keepsText }

  function again(row: number): StoredRow & { lost: true } {
    const time = columns.times.data[row] as number
    const timestamp = Number.isNaN(time) ? '' : new Date(time).toISOString()
    return { timestamp, members: numbersOf(reader.keys(), columns, keys, row), lost: true }
  }
}

function cut(text: string | undefined, most: number): string | undefined {
  return text !== undefined && text.length > most ? `${text.slice(0, most)}…` : text
}

/** The first row of a step, else of the next greater one, else the last row. Steps may go back. */
function rowOfStep({ data, length }: Column, monotone: boolean, step: number): number {
  let next = -1
  if (monotone) {
    let [from, to] = [0, length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((data[middle] as number) < step) from = middle + 1
      else to = middle
    }
    next = from < length ? from : -1
  } else {
    for (let row = 0; row < length; row++) {
      const at = data[row] as number
      if (at === step) return row
      if (at > step && (next < 0 || at < (data[next] as number))) next = row
    }
  }
  return next < 0 ? Math.max(0, length - 1) : next
}

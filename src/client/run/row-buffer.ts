import type { MediaFile, Rows, TraceRow } from '../../model/tracking.ts'
import { finishRow, type LeaveOut, type OpenRow } from './logged-row.ts'

/** A message to the worker holds at most so much: it is one transaction there, and others wait for it. */
const MOST_TEXT = 512 << 10
const MOST_ROWS = 5000

export interface TakenRows {
  rows: Rows
  files: MediaFile[]
  traces: TraceRow[]
  /** About the bytes of memory that the rows took. */
  size: number
}

/** Rows of a run that were logged and not sent yet, in the order they were logged. */
export interface RowBuffer {
  push(time: number, step: number, row: string | OpenRow): void
  /** The first rows, up to one that waits for its media; undefined where there is none. */
  take(folder: string): TakenRows | undefined
  /** Resolves once the row that holds the others up is ready. */
  ready(): Promise<void> | undefined
}

/**
 * `steps`: the rows have steps (system metrics have none). `leaveOut`: told of values whose files could not
 * be made.
 */
export function makeRowBuffer(steps: boolean, leaveOut: LeaveOut): RowBuffer {
  const ids = randomHex(20)
  /**
   * Number of the first row that is waiting, and its place in the columns: cutting them for every parcel
   * would copy all that waits.
   */
  let first = 0
  let head = 0
  let times: number[] = []
  let stepped: number[] = []
  let rows: (string | OpenRow)[] = []

  function cut(count: number): void {
    first += count
    head += count
    if (head < MOST_ROWS || head * 2 < rows.length) return
    times = times.slice(head)
    stepped = stepped.slice(head)
    rows = rows.slice(head)
    head = 0
  }

  return {
    push(time, step, row) {
      times.push(time)
      if (steps) stepped.push(step)
      rows.push(row)
    },
    take(folder) {
      const payloads: string[] = []
      const files: MediaFile[] = []
      const traces: TraceRow[] = []
      let size = 0
      let text = 0
      for (let at = head; at < rows.length && payloads.length < MOST_ROWS && text <= MOST_TEXT; at++) {
        const row = rows[at]!
        if (typeof row !== 'string' && !row.settled) break
        size += sizeOf(row)
        if (typeof row === 'string') {
          payloads.push(row)
          text += row.length
          continue
        }
        const done = finishRow(
          row,
          { folder, row: first + at - head, step: stepped[at] ?? 0, time: times[at] ?? 0 },
          leaveOut,
        )
        payloads.push(done.text)
        text += row.size
        files.push(...done.files)
        traces.push(...done.traces)
      }
      const count = payloads.length
      if (count === 0) return undefined
      const taken: Rows = {
        ids,
        first,
        times: Float64Array.from(times.slice(head, head + count)),
        steps: Float64Array.from(stepped.slice(head, head + count)),
        payloads: payloads.join('\n'),
      }
      cut(count)
      return { rows: taken, files, traces, size }
    },
    ready() {
      const row = rows[head]
      return typeof row === 'object' && !row.settled ? row.wait : undefined
    },
  }
}

/** About the bytes a row takes in memory: text a byte or two a letter, and what arrays and objects cost. */
export function sizeOf(row: string | OpenRow): number {
  return typeof row === 'string' ? row.length * 2 + 40 : row.size + 200
}

export function randomHex(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil(digits / 2)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, digits)
}

import type { SystemReader } from '../dataset.ts'
import { looseSystem, makeLooseRows } from '../loose-rows.ts'
import { orAborted } from '../or-aborted.ts'
import { idOf, type Row, type Tables, tableSql, textAt } from './server-tables.ts'

const COLUMNS = ['run_id', 'run_name', 'timestamp', 'metrics']
/** Rows of the first answer, and of any; an answer is meant to be about so many characters long. */
const FIRST_ROWS = 250
const MOST_ROWS = 5000
const ANSWER_CHARS = 1 << 20
/** Many charts ask at once: the server is asked for new rows no more often than this, ms. */
const AGAIN_MS = 1000

/** System metrics of a project at its server, by pages in order of id; new rows follow the last one. */
export function makeServerSystem(
  query: (sql: string, signal?: AbortSignal | undefined) => Promise<Row[]>,
  tables: () => Tables,
  subject: string,
  before: number,
): SystemReader {
  const rows = makeLooseRows()
  const encoder = new TextEncoder()
  let from = before
  let limit = FIRST_ROWS
  let going: { done: Promise<void>; stop: AbortController } | undefined
  let waiting = 0
  let askedAt = Number.NEGATIVE_INFINITY
  return looseSystem(rows, subject, update, () => !going && askedAt > Number.NEGATIVE_INFINITY)

  async function update(onProgress: (rows: number) => void, signal?: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (!going && performance.now() - askedAt < AGAIN_MS) return
    if (!going) {
      const stop = new AbortController()
      const done = readOn(onProgress, stop.signal).finally(() => {
        going = undefined
      })
      going = { done, stop }
    }
    const mine = going
    waiting++
    try {
      await orAborted(mine.done, signal)
    } finally {
      if (--waiting === 0) mine.stop.abort()
    }
  }

  async function readOn(onProgress: (rows: number) => void, signal: AbortSignal): Promise<void> {
    if (!tables().columns.has('system_metrics')) {
      askedAt = performance.now()
      return
    }
    for (;;) {
      const page = await query(tableSql(tables(), 'system_metrics', COLUMNS, from, limit), signal)
      let chars = 0
      for (const row of page) {
        const payload = textAt(row, 'metrics') ?? ''
        chars += 150 + payload.length
        from = idOf(row) + 1
        const name = textAt(row, 'run_name')
        // trackio writes none, and drops such rows itself when it migrates a file
        if (name === null) continue
        rows.add({
          id: textAt(row, 'run_id'),
          name,
          timestamp: textAt(row, 'timestamp') ?? '',
          step: undefined,
          payload: encoder.encode(payload),
        })
      }
      if (page.length < limit) break
      limit = Math.max(1, Math.min(MOST_ROWS, limit * 8, Math.floor((ANSWER_CHARS * page.length) / chars)))
      onProgress(rows.rows)
    }
    rows.settle()
    askedAt = performance.now()
  }
}

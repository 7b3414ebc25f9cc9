import { TrackioError } from '../../model/errors.ts'
import type { AlertRow, Batch, Rows, TraceRow } from '../../model/tracking.ts'
import type { SyncFile } from '../../storage/opfs/sync-file.ts'
import { makeSchema } from './create-schema.ts'
import { markAlert } from './pending.ts'
import { makeTimeWriter } from './time-text.ts'
import { openWritable, type Statement, type WritableDatabase } from './writable.ts'

/** A run as the database knows it. */
export interface StoredRun {
  id: string
  name: string
  /** Text of its first timestamp. */
  since: string
}

/** One project's database, open for writing. */
export interface ProjectDb {
  readonly sql: WritableDatabase
  /**
   * Writes a batch in one transaction. What is there already (by its id) stays as it is. The largest row id
   * of metrics after it.
   */
  write(batch: Batch): number
  runs(): StoredRun[]
  /** Largest step and newest timestamp of a run; undefined for none. */
  lastOf(runId: string): { step: number; time: string } | undefined
  /** Bytes in the WAL, not in the database yet. */
  walBytes(): number
  /** Writes the WAL back into the database and empties it. */
  checkpoint(): void
  /** Returns when all that is committed would outlast a loss of power. */
  sync(): void
  close(): void
}

export interface ProjectFiles {
  main: SyncFile
  wal: SyncFile
}

/** Opens a project's database, made where it is empty. `path`: for messages. */
export async function openProjectDb(path: string, files: ProjectFiles): Promise<ProjectDb> {
  let sql: WritableDatabase
  try {
    sql = await openWritable(files.main, files.wal)
  } catch (cause) {
    throw broken(path, cause)
  }
  try {
    makeSchema(sql)
  } catch (cause) {
    sql.close()
    throw broken(path, cause)
  }
  const insert = statements(sql)
  const timeText = makeTimeWriter()

  return {
    sql,
    write(batch) {
      return sql.transaction(() => {
        writeRows(batch.rows, batch, insert.metrics, true)
        if (batch.traces) for (const trace of batch.traces) writeTrace(trace, batch)
        if (batch.config !== undefined) {
          const { id, name } = batch.run
          insert.config.all([id, name, encoder.encode(batch.config), timeText(Date.now())])
        }
        writeRows(batch.system, batch, insert.system, false)
        if (batch.alerts) for (const alert of batch.alerts) writeAlert(alert, batch)
        const [[last = 0] = []] = sql.rows('SELECT max(id) FROM metrics')
        return Number(last)
      })
    },
    runs: () =>
      sql
        .rows(RUNS)
        .map(([id, name, since]) => ({ id: String(id), name: String(name), since: String(since) })),
    lastOf(runId) {
      const [[step = null, time = null] = []] = sql.rows(
        'SELECT (SELECT max(step) FROM metrics WHERE run_id = ?1), (SELECT max(timestamp) FROM metrics WHERE run_id = ?1)',
        [runId],
      )
      return step === null ? undefined : { step: Number(step), time: String(time) }
    },
    walBytes: () => files.wal.size,
    checkpoint: sql.checkpoint,
    sync() {
      files.wal.flush()
      files.main.flush()
    },
    close() {
      for (const one of Object.values(insert)) one.close()
      sql.close()
    },
  }

  function writeRows(rows: Rows | undefined, batch: Batch, into: RowStatement, steps: boolean): void {
    if (!rows || rows.times.length === 0) return
    const count = rows.times.length
    // one block for all: the ids, then the payloads, so that a row costs no text conversion of its own
    const ids = new Uint8Array(count * ID)
    writeIds(ids, rows.ids, rows.first)
    const payloads = encoder.encode(rows.payloads)
    const block = new Uint8Array(ids.length + payloads.length)
    block.set(ids)
    block.set(payloads, ids.length)
    sql.lend(block)
    const { statement } = into
    statement.text(2, batch.run.id)
    statement.text(3, batch.run.name)
    statement.text(into.space, batch.space)
    let at = ids.length
    let time = Number.NaN
    for (let i = 0; i < count; i++) {
      let end = block.indexOf(NEWLINE, at)
      if (end < 0) end = block.length
      if (rows.times[i] !== time) {
        time = rows.times[i]!
        statement.text(1, timeText(time))
      }
      statement.bytesAt(into.payload, at, end - at, 'blob')
      statement.bytesAt(into.id, i * ID, ID, 'text')
      if (steps) statement.number(4, rows.steps[i]!)
      statement.run()
      at = end + 1
    }
  }

  function writeTrace(trace: TraceRow, { run, rows, space }: Batch): void {
    const logId = idOf(rows?.ids ?? '', trace.row)
    const id = [run.id, logId, trace.key, ...(trace.index === null ? [] : [trace.index])].join(':')
    insert.trace.all([
      id,
      run.id,
      timeText(trace.time),
      run.name,
      trace.step,
      trace.key,
      trace.index,
      encoder.encode(trace.messages),
      encoder.encode(trace.metadata),
      `${id} ${trace.key} ${trace.words}`.toLowerCase(),
      logId,
      space,
      encoder.encode(trace.spans),
    ])
  }

  function writeAlert(alert: AlertRow, { run, space }: Batch): void {
    if (space !== null) markAlert(sql, alert.id, space)
    insert.alert.all([
      run.id,
      timeText(alert.time),
      run.name,
      alert.title,
      alert.text,
      alert.level,
      alert.step,
      alert.id,
    ])
  }
}

const encoder = new TextEncoder()
const NEWLINE = 10
/** Bytes of a log id: 32 hex digits. */
const ID = 32
const HEX = encoder.encode('0123456789abcdef')

/** From run to run along the index instead of over all rows: 10 million rows take no longer than 10. */
const RUNS = `
WITH RECURSIVE seen(id) AS (
  SELECT (SELECT id FROM metrics ORDER BY run_id, run_name, timestamp LIMIT 1)
  UNION ALL
  SELECT coalesce(
    (SELECT m.id FROM metrics AS m WHERE m.run_id = last.run_id AND m.run_name > last.run_name ORDER BY m.run_name, m.timestamp LIMIT 1),
    (SELECT m.id FROM metrics AS m WHERE m.run_id > last.run_id ORDER BY m.run_id, m.run_name, m.timestamp LIMIT 1))
  FROM seen JOIN metrics AS last ON last.id = seen.id)
SELECT run_id, run_name, timestamp FROM seen JOIN metrics ON metrics.id = seen.id ORDER BY timestamp`

/** The id of the row with this number. */
export function idOf(ids: string, row: number): string {
  return ids + row.toString(16).padStart(12, '0')
}

function writeIds(target: Uint8Array, ids: string, first: number): void {
  const start = encoder.encode(ids)
  if (start.length !== 20) throw new Error(`ids: 20 hex digits, not ${ids}`)
  for (let at = 0, row = first; at < target.length; at += ID, row++) {
    target.set(start, at)
    let left = row
    for (let digit = ID - 1; digit >= 20; digit--) {
      target[at + digit] = HEX[left % 16]!
      left = Math.floor(left / 16)
    }
  }
}

interface RowStatement {
  statement: Statement
  payload: number
  id: number
  space: number
  close(): void
}

interface ValuesStatement {
  all(values: (string | number | Uint8Array | null)[]): void
  close(): void
}

function statements(sql: WritableDatabase) {
  const rows = (text: string, payload: number): RowStatement => {
    const statement = sql.prepare(text)
    return { statement, payload, id: payload + 1, space: payload + 2, close: () => statement.close() }
  }
  const values = (text: string): ValuesStatement => ({
    all: (bind) => void sql.run(text, bind),
    close: () => {},
  })
  return {
    metrics: rows(
      'INSERT OR IGNORE INTO metrics (timestamp, run_id, run_name, step, metrics, log_id, space_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
      5,
    ),
    system: rows(
      'INSERT OR IGNORE INTO system_metrics (timestamp, run_id, run_name, metrics, log_id, space_id) VALUES (?, ?, ?, ?, ?, ?)',
      4,
    ),
    trace: values(
      'INSERT OR IGNORE INTO traces (id, run_id, timestamp, run_name, step, key, trace_index, messages, metadata, search_text, log_id, space_id, spans) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    config: values(
      'INSERT OR REPLACE INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)',
    ),
    alert: values(
      'INSERT OR IGNORE INTO alerts (run_id, timestamp, run_name, title, text, level, step, alert_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
  }
}

function broken(path: string, cause: unknown): TrackioError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new TrackioError(
    path,
    `the database in this browser's storage cannot be written: ${why}`,
    'Log under another project name, or delete the project.',
  )
}

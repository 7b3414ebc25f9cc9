import type { PendingIds, PendingRows, RunRef } from '../../model/tracking.ts'
import { decodeText } from '../columns/json.ts'
import {
  alertLine,
  mediaIn,
  metricLine,
  type PendingTrace,
  systemLine,
  withTraces,
} from '../formats/fragments/fragment-lines.ts'
import type { WritableDatabase } from './writable.ts'

/*
 * Rows that wait for a Space: marked in the database itself, as trackio marks them (`space_id`), so that they
 * outlast the tab and the Python package knows them. Its table of alerts has no place for a mark; they are
 * named in project_metadata, under keys of our own, which it passes by.
 */

/**
 * A fragment of this many rows or bytes is one request of a second or two; what is left comes with the next.
 */
const MOST_ROWS = 5000
const MOST_BYTES = 4 << 20
const ALERT = 'trackio-lite:alert:'

/** Files of one commit of a bucket. */
const MOST_FILES = 100

type Sql = Pick<WritableDatabase, 'rows' | 'run' | 'transaction'>

/** Within the transaction that writes the alert. */
export function markAlert(sql: Sql, alertId: string, space: string): void {
  sql.run('INSERT OR REPLACE INTO project_metadata (key, value) VALUES (?, ?)', [ALERT + alertId, space])
}

/**
 * A file that no row names, below trackio's folder: of an artifact (`digest`), or saved. As trackio marks it, which
 * names a path of its own machine; from another one it finds none there, and forgets the mark.
 */
export function markUpload(
  sql: Sql,
  {
    space,
    run,
    path,
    digest,
    now,
  }: { space: string; run?: RunRef | undefined; path: string; digest?: string | undefined; now: string },
): void {
  sql.run(
    'INSERT INTO pending_uploads (space_id, run_id, run_name, file_path, created_at, kind, digest) VALUES (?, ?, ?, ?, ?, ?, ?)',
    [
      space,
      run?.id ?? null,
      run?.name ?? null,
      path,
      now,
      digest ? 'artifact_blob' : 'media',
      digest ?? null,
    ],
  )
}

/** `project`: as the lines are to name it. */
export function takePending(
  sql: Sql,
  { project, space, known }: { project: string; space: string; known: string[] },
): PendingRows | undefined {
  const taken: PendingRows = {
    lines: '',
    rows: 0,
    configs: [],
    media: [],
    files: [],
    ids: { space, metrics: 0, system: 0, alerts: [], uploads: [] },
  }
  const media = new Set<string>()
  const there = new Set(known)
  const looked = new Set<string>()
  const full = (): boolean => taken.rows >= MOST_ROWS || taken.lines.length >= MOST_BYTES
  const add = (line: string): void => {
    taken.lines += `${line}\n`
    taken.rows++
  }

  const metrics = sql.rows(
    'SELECT id, run_id, run_name, timestamp, step, metrics, log_id FROM metrics WHERE space_id = ? ORDER BY id LIMIT ?',
    [space, MOST_ROWS],
  )
  const traces = metrics.length > 0 ? pendingTraces(sql, space) : new Map<string, PendingTrace[]>()
  for (const [id, run, name, timestamp, step, payload, logId] of metrics) {
    if (full()) break
    const runId = String(run)
    const row = { project, run: String(name), runId, timestamp: String(timestamp), logId: textOf(logId) }
    const text = withTraces(textOf(payload) ?? '{}', traces.get(textOf(logId) ?? '') ?? [])
    for (const path of mediaIn(text)) media.add(path)
    const stored = looked.has(runId) ? undefined : configOf(sql, runId)
    const config = stored && !there.has(stored.key) ? stored : undefined
    looked.add(runId)
    add(metricLine({ ...row, step: Number(step), metrics: text, config: config?.text }))
    if (config) taken.configs.push(config.key)
    taken.ids.metrics = Number(id)
  }
  const system = sql.rows(
    'SELECT id, run_id, run_name, timestamp, metrics, log_id FROM system_metrics WHERE space_id = ? ORDER BY id LIMIT ?',
    [space, MOST_ROWS],
  )
  for (const [id, run, name, timestamp, payload, logId] of system) {
    if (full()) break
    const row = {
      project,
      run: String(name),
      runId: String(run),
      timestamp: String(timestamp),
      logId: textOf(logId),
    }
    add(systemLine({ ...row, metrics: textOf(payload) ?? '{}' }))
    taken.ids.system = Number(id)
  }
  const alerts = sql.rows(
    `SELECT a.alert_id, a.run_id, a.run_name, a.timestamp, a.title, a.text, a.level, a.step
    FROM project_metadata AS m JOIN alerts AS a ON a.alert_id = substr(m.key, ${ALERT.length + 1})
    WHERE m.key >= '${ALERT}' AND m.key < '${ALERT}~' AND m.value = ? ORDER BY a.id LIMIT ?`,
    [space, MOST_ROWS],
  )
  for (const [alertId, run, name, timestamp, title, text, level, step] of alerts) {
    if (full()) break
    add(
      alertLine({
        project,
        run: String(name),
        runId: String(run),
        timestamp: String(timestamp),
        title: String(title),
        text: textOf(text),
        level: String(level),
        step: step === null ? null : Number(step),
        alertId: String(alertId),
      }),
    )
    taken.ids.alerts.push(String(alertId))
  }
  taken.media = [...media]
  const uploads = sql.rows(
    'SELECT id, file_path FROM pending_uploads WHERE space_id = ? ORDER BY id LIMIT ?',
    [space, MOST_FILES],
  )
  for (const [id, path] of uploads) {
    taken.ids.uploads.push(Number(id))
    taken.files.push(String(path))
  }
  return taken.rows > 0 || taken.files.length > 0 ? taken : undefined
}

/** Ids only grow, and the oldest go first: what was taken are all up to the last one. */
export function clearPending(
  sql: Sql,
  { space, metrics, system, alerts, uploads = [] }: Omit<PendingIds, 'uploads'> & Partial<PendingIds>,
): void {
  sql.transaction(() => {
    sql.run(
      'UPDATE traces SET space_id = NULL WHERE space_id = ?1 AND log_id IN (SELECT log_id FROM metrics WHERE space_id = ?1 AND id <= ?2)',
      [space, metrics],
    )
    sql.run('UPDATE metrics SET space_id = NULL WHERE space_id = ? AND id <= ?', [space, metrics])
    sql.run('UPDATE system_metrics SET space_id = NULL WHERE space_id = ? AND id <= ?', [space, system])
    for (const id of alerts) sql.run('DELETE FROM project_metadata WHERE key = ?', [ALERT + id])
    for (const id of uploads) sql.run('DELETE FROM pending_uploads WHERE id = ?', [id])
  })
}

/**
 * Those of the rows that are next, by the row that they were logged with. One pass over a table that has no
 * index for it.
 */
function pendingTraces(sql: Sql, space: string): Map<string, PendingTrace[]> {
  const rows = sql.rows(
    `SELECT log_id, key, trace_index, messages, metadata, spans FROM traces WHERE space_id = ?1
    AND log_id IN (SELECT log_id FROM metrics WHERE space_id = ?1 ORDER BY id LIMIT ?2) ORDER BY key, trace_index`,
    [space, MOST_ROWS],
  )
  const traces = new Map<string, PendingTrace[]>()
  for (const [logId, key, index, messages, metadata, spans] of rows) {
    const trace: PendingTrace = {
      key: String(key),
      index: index === null ? null : Number(index),
      messages: textOf(messages) ?? '[]',
      metadata: textOf(metadata) ?? '{}',
      spans: textOf(spans) ?? '[]',
    }
    traces.set(String(logId), [...(traces.get(String(logId)) ?? []), trace])
  }
  return traces
}

/** `key`: another one whenever the config was written anew, as a run does that is resumed. */
function configOf(sql: Sql, run: string): { key: string; text: string } | undefined {
  const [[config, written] = []] = sql.rows('SELECT config, created_at FROM configs WHERE run_id = ?', [run])
  const text = textOf(config)
  return text === null ? undefined : { key: `${run} ${written}`, text }
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return value instanceof Uint8Array ? decodeText(value) : String(value)
}

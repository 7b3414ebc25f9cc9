/*
 * Lines of a log fragment: trackio's form of rows on their way to whoever has the database (format: one JSON
 * object a line, in files that are added and never changed). Payloads go in as the text that they are, so
 * that no number is read and written again.
 */

interface Row {
  project: string
  run: string
  runId: string
  timestamp: string
  logId: string | null
}

/**
 * `metrics`, `config`: JSON. The config comes with the first row of a run, and replaces what the Space has.
 */
export function metricLine(row: Row & { metrics: string; step: number; config: string | undefined }): string {
  const { metrics, step, timestamp, config, logId } = row
  return `${start('metric', row)},"metrics":${metrics},"step":${step},"timestamp":${json(timestamp)},"config":${config ?? 'null'},"log_id":${json(logId)}}`
}

export function systemLine(row: Row & { metrics: string }): string {
  const { metrics, timestamp, logId } = row
  return `${start('system_metric', row)},"metrics":${metrics},"timestamp":${json(timestamp)},"log_id":${json(logId)}}`
}

export interface PendingAlert extends Omit<Row, 'logId'> {
  title: string
  text: string | null
  level: string
  step: number | null
  alertId: string
}

export function alertLine(alert: PendingAlert): string {
  const { title, text, level, step, timestamp, alertId } = alert
  return `${start('alert', alert)},"title":${json(title)},"text":${json(text)},"level":${json(level)},"step":${json(step)},"timestamp":${json(timestamp)},"alert_id":${json(alertId)}}`
}

function start(kind: string, { project, run, runId }: Pick<Row, 'project' | 'run' | 'runId'>): string {
  return `{"v":1,"kind":"${kind}","project":${json(project)},"run":${json(run)},"run_id":${json(runId)}`
}

/** A trace as its table has it. */
export interface PendingTrace {
  key: string
  /** Place in the list that was logged; null for a single one. */
  index: number | null
  /** JSON arrays and an object. */
  messages: string
  metadata: string
  spans: string
}

/**
 * Puts traces back where they were logged: they have a table of their own, but travel with their row. A place
 * in a list that is empty now is null.
 */
export function withTraces(metrics: string, traces: readonly PendingTrace[]): string {
  const byKey = new Map<string, string | string[]>()
  for (const { key, index, messages, metadata, spans } of traces) {
    const text = `{"_type":"trackio.trace","messages":${messages},"metadata":${metadata},"spans":${spans}}`
    if (index === null) byKey.set(key, text)
    else {
      const known = byKey.get(key)
      const list = Array.isArray(known) ? known : []
      while (list.length <= index) list.push('null')
      list[index] = text
      byKey.set(key, list)
    }
  }
  const members = [...byKey].map(
    ([key, value]) => `${json(key)}:${Array.isArray(value) ? `[${value.join(',')}]` : value}`,
  )
  if (members.length === 0) return metrics
  const inner = metrics.trim().slice(1, -1).trim()
  return `{${[...(inner === '' ? [] : [inner]), ...members].join(',')}}`
}

const MEDIA = new Set(['trackio.image', 'trackio.video', 'trackio.audio', 'trackio.html', 'trackio.object3d'])

/** Paths below media/ of the files that a payload names, wherever in it. */
export function mediaIn(metrics: string): string[] {
  // most rows name none
  if (!metrics.includes('"file_path"')) return []
  const found: string[] = []
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (!Array.isArray(value) && MEDIA.has(String(Reflect.get(value, '_type')))) {
      const path: unknown = Reflect.get(value, 'file_path')
      if (typeof path === 'string') found.push(path)
    }
    for (const inner of Object.values(value)) look(inner)
  }
  look(JSON.parse(metrics))
  return found
}

function json(value: string | number | null): string {
  return JSON.stringify(value)
}

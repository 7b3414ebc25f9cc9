import type { RunKey } from '../model/run.ts'
import type { Project } from './project.ts'

const CHUNK_ROWS = 20_000

/** All logged rows of a metric as CSV: run, run_id, step, timestamp (UTC, microseconds), value. Text is built and given to the Blob in chunks, so a million rows never are one string. */
export function csvOf(project: Project, metric: string, runs: RunKey[]): Blob {
  const parts: string[] = [`run,run_id,step,timestamp,${quote(metric)}\n`]
  for (const key of runs) {
    const run = project.run(key)
    const series = run && project.series(run, metric)
    if (!run || !series) continue
    const name = quote(run.name)
    const id = quote(run.id ?? '')
    let chunk = ''
    for (let i = 0; i < series.values.length; i++) {
      chunk += `${name},${id},${series.steps[i]},${timestamp(series.times[i] as number)},${value(series.values[i] as number)}\n`
      if (i % CHUNK_ROWS === CHUNK_ROWS - 1) {
        parts.push(chunk)
        chunk = ''
      }
    }
    parts.push(chunk)
  }
  return new Blob(parts, { type: 'text/csv' })
}

/** −0 keeps its sign, and every double its shortest exact digits. */
export function value(v: number): string {
  return Object.is(v, -0) ? '-0' : String(v)
}

/** Rows of one second come one after the other: asking Date for each would be half of the time. */
const last = { second: Number.NaN, text: '' }

/** `2026-08-21T10:00:00.123456+00:00`; empty where the time is not known. */
export function timestamp(ms: number): string {
  if (!Number.isFinite(ms)) return ''
  const second = Math.floor(ms / 1000)
  const micros = Math.round((ms - second * 1000) * 1000)
  if (second !== last.second) {
    last.second = second
    last.text = new Date(second * 1000).toISOString().slice(0, 19)
  }
  return `${last.text}.${String(Math.min(micros, 999_999)).padStart(6, '0')}+00:00`
}

/** A cell as RFC 4180 wants it. A leading =, +, - or @ of a name gets an apostrophe: spreadsheets would run it as a formula. */
export function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

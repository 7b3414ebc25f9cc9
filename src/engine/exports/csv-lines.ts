import { nextTurn } from '../../bridge/turn.ts'
import { quote } from '../../compute/csv-cells.ts'
import type { IncompleteError } from '../../model/errors.ts'
import { type LineKey, metricOf, runOf } from '../../model/line-key.ts'
import type { Project } from '../projects/project.ts'

/** Other work gets its turn after so many ms; asked every so many rows. */
const SLICE_MS = 12
const LOOK_ROWS = 256
/** Text is handed to the Blob in pieces of about so many letters. */
const PIECE = 4 << 20

export interface CsvOptions {
  /** What is missing, where it is a part. */
  missing?: IncompleteError | undefined
  signal?: AbortSignal | undefined
}

/**
 * All logged rows of a metric as CSV: run, run_id, step, timestamp (UTC, microseconds), value; of a chart of
 * several metrics with a column for the metric. Text is built
 * and given to the Blob in pieces, so a million rows never are one string. Throws AbortError.
 */
export async function csvOf(
  project: Project,
  metric: string,
  runs: LineKey[],
  { missing, signal }: CsvOptions = {},
): Promise<Blob> {
  const parts: Blob[] = []
  const several = runs.some((line) => line !== runOf(line))
  const heads = several
    ? 'run,run_id,metric,step,timestamp,value'
    : `run,run_id,step,timestamp,${quote(metric)}`
  let text = `${missing ? partLine(missing) : ''}${heads}\n`
  // as they are now, whatever comes while this is written
  const all = runs.map((key) => {
    const run = project.run(runOf(key))
    const own = metricOf(key, metric)
    const series = run && project.series(run, own)
    const named = several ? `${quote(own)},` : ''
    return run && series && { start: `${quote(run.name)},${quote(run.id ?? '')},${named}`, series }
  })
  let sliceEnds = performance.now() + SLICE_MS
  for (const one of all) {
    if (!one) continue
    const { start, series } = one
    for (let i = 0; i < series.values.length; i++) {
      text += `${start}${series.steps[i]},${timestamp(series.times[i] as number)},${value(series.values[i] as number)}\n`
      if (i % LOOK_ROWS !== 0) continue
      if (text.length > PIECE) {
        parts.push(new Blob([text]))
        text = ''
      }
      if (performance.now() < sliceEnds) continue
      await nextTurn()
      signal?.throwIfAborted()
      sliceEnds = performance.now() + SLICE_MS
    }
  }
  return new Blob([...parts, text], { type: 'text/csv' })
}

/** What a part begins with: a line that readers of CSV pass over as a comment, or stumble at. */
export function partLine({ read, why }: IncompleteError): string {
  return `# part: ${read}, ${why.replaceAll(/\s+/g, ' ')}\n`
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

import { nextTurn } from '../../bridge/turn.ts'
import { quote } from '../../compute/csv-cells.ts'
import type { MetricColumn } from '../columns/series-store.ts'
import type { Project } from '../projects/project.ts'
import { type CsvOptions, partLine, timestamp, value } from './csv-lines.ts'
import type { ExportOptions } from './export-options.ts'

/** Text is handed to a Blob in pieces of about this many letters: the browser may keep those on disk. */
const PIECE = 4 << 20
/** Other work gets its turn after so many ms. */
const SLICE_MS = 12

/**
 * Every row of every run that holds a number, as CSV: run, run_id, step, timestamp (UTC, microseconds), then
 * a column for each metric, in the order of their names; empty where a row did not log it. NaN and the
 * infinities are spelled so, doubles have their shortest exact digits. `onProgress` counts rows. All rows
 * must have been read, and all metrics loaded; of a part, `missing` says in the first line what is not there.
 * Throws AbortError.
 */
export async function exportCsv(
  project: Project,
  { signal, onProgress, missing }: ExportOptions & Pick<CsvOptions, 'missing'> = {},
): Promise<Blob> {
  const { runs, metrics } = project.catalogue()
  const names = metrics.map(({ name }) => name)
  // as they are now, whatever comes while this is written
  const each = runs.flatMap(({ key }) => {
    const run = project.run(key)
    const columns = run?.logged?.columns
    return run && columns ? [{ run, columns, rows: columns.steps.length }] : []
  })
  const total = each.reduce((sum, { rows }) => sum + rows, 0)
  const parts: Blob[] = []
  let text = `${missing ? partLine(missing) : ''}run,run_id,step,timestamp${names.map((name) => `,${quote(name)}`).join('')}\n`
  let done = 0
  let sliceEnds = performance.now() + SLICE_MS
  for (const { run, columns, rows } of each) {
    const start = `${quote(run.name)},${quote(run.id ?? '')},`
    const cells = names.map((name) => cursor(project.column(run, name)))
    for (let row = 0; row < rows; row++) {
      let line = ''
      let filled = false
      for (const cell of cells) {
        const logged = cell(row)
        if (logged === undefined) line += ','
        else {
          line += `,${value(logged)}`
          filled = true
        }
      }
      if (filled) {
        const step = columns.steps.data[row]!
        text += `${start}${step === step ? step : ''},${timestamp(columns.times.data[row]!)}${line}\n`
      }
      if (text.length > PIECE) {
        parts.push(new Blob([text]))
        text = ''
      }
      if ((row & 255) === 0 && performance.now() > sliceEnds) {
        onProgress?.(run.name, done + row, total)
        await nextTurn()
        signal?.throwIfAborted()
        sliceEnds = performance.now() + SLICE_MS
      }
    }
    done += rows
  }
  signal?.throwIfAborted()
  onProgress?.('', total, total)
  return new Blob([...parts, text], { type: 'text/csv' })
}

/** The value that a row logged, row after row. */
function cursor(column: MetricColumn | undefined): (row: number) => number | undefined {
  if (!column) return () => undefined
  const { data, first, rows, length } = column
  let next = 0
  return (row) => {
    if (next === length || (rows ? rows[next]! : first + next) !== row) return undefined
    return data[next++]
  }
}

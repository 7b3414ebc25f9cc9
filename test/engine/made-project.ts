import { keyOf, makeKeyTable } from '../../src/engine/columns/scan.ts'
import {
  isMonotone,
  makeMetricColumn,
  makeRunColumns,
  push,
  pushValue,
} from '../../src/engine/columns/series-store.ts'
import type { ProjectReader } from '../../src/engine/formats/dataset.ts'
import { makeProject, type Project } from '../../src/engine/projects/project.ts'
import type { FrameQuery, ProbeQuery } from '../../src/model/view.ts'

/**
 * A row as logged: its step, its metrics, and its time in ms since 1970 (a second a row where none is given).
 */
export interface MadeRow {
  step: number
  time?: number
  [metric: string]: number | undefined
}

export const START = 1.77e12
let made = 0

/** A project in memory whose runs hold these rows; run ids are the names. */
export function projectOf(
  runs: Record<string, MadeRow[]>,
  { exact = true, id = `made ${++made}` } = {},
): Project {
  const keys = makeKeyTable()
  const logged = Object.entries(runs).map(([name, rows]) => {
    const columns = makeRunColumns()
    rows.forEach(({ step, time, ...metrics }, row) => {
      push(columns.steps, step)
      push(columns.times, time ?? START + row * 1000)
      for (const [metric, value] of Object.entries(metrics)) {
        if (value === undefined) continue
        const key = keyOf(keys, metric)
        while (columns.metrics.length <= key) columns.metrics.push(undefined)
        const column = columns.metrics[key] ?? makeMetricColumn()
        columns.metrics[key] = column
        pushValue(column, row, value)
      }
    })
    columns.monotone = isMonotone(columns.steps.data, columns.steps.length)
    const span = {
      firstTime: '',
      lastTime: '',
      first: Number.NaN,
      last: Number.NaN,
      firstStep: rows.reduce((least, { step }) => Math.min(least, step), Infinity),
      lastStep: rows.reduce((most, { step }) => Math.max(most, step), -Infinity),
    }
    return { id: name, name, rows: rows.length, columns, kinds: [], rowids: undefined, span: () => span }
  })
  const rows = logged.reduce((sum, run) => sum + run.rows, 0)
  const reader: ProjectReader = {
    keys: () => keys,
    runs: () => logged,
    version: () => 1,
    samples: () => [],
    runTables: () => ({}),
    hasIds: () => true,
    part: () => null,
    exact: () => exact,
    readUpTo: () => rows,
    reading: () => ({ state: exact ? 'done' : 'reading', bytes: 0, totalBytes: 0, rows }),
    notices: () => [],
  }
  return makeProject({ id, name: 'made', source: 's', file: 'made.db', bytes: 0 }, reader)
}

/** One metric called `y`, logged at the steps 0, 1, 2 …. */
export function valuesOf(values: Iterable<number>): MadeRow[] {
  return Array.from(values, (y, step) => ({ step, y }))
}

export function ask(runs: string[], change: Partial<FrameQuery> = {}): FrameQuery {
  return {
    project: 'made',
    metric: 'y',
    runs,
    x: { kind: 'step' },
    xScale: 'linear',
    yScale: 'linear',
    range: { kind: 'full' },
    smoothing: { kind: 'mean', width: 0, factor: 1 },
    raw: true,
    width: 300,
    ...change,
  }
}

export function askAt(at: number, runs: string[], change: Partial<ProbeQuery> = {}): ProbeQuery {
  return {
    project: 'made',
    metric: 'y',
    runs,
    x: { kind: 'step' },
    smoothing: { kind: 'mean', width: 0, factor: 1 },
    at,
    reach: 0.5,
    ...change,
  }
}

import { TrackioError } from '../../model/errors.ts'
import { type LineKey, metricOf, runOf } from '../../model/line-key.ts'
import type { Series } from '../../model/metric.ts'
import type { RunKey } from '../../model/run.ts'
import type { ProjectInfo } from '../../model/source.ts'
import type { TablePage } from '../../model/view.ts'
import { addHolder } from '../projects/held.ts'
import type { Project } from '../projects/project.ts'

export { statsOf } from './stats.ts'

/** Every logged point of a run, as copies that can be given away. */
export function historyOf(project: Project, key: RunKey, metrics?: string[]): Record<string, Series> {
  const run = project.run(key)
  if (!run) {
    // a run that only an artifact names has logged nothing
    if (project.listsOnly(key)) return {}
    throw new TrackioError(key, `no run of this id in ${project.info.name}`)
  }
  const history: [string, Series][] = []
  for (const name of metrics ?? project.names()) {
    const series = project.series(run, name)
    if (series)
      history.push([
        name,
        { steps: series.steps.slice(), values: series.values.slice(), times: series.times.slice() },
      ])
  }
  // a metric may be called __proto__: fromEntries makes it a property like any other
  return Object.fromEntries(history)
}

/** Places of a table's rows: for each step, how many rows it takes (a run may log a step several times). */
interface TableIndex {
  version: string
  steps: Float64Array
  /** For each run: table row of its i-th point. */
  places: Uint32Array[]
  values: Float64Array[]
}

/**
 * The last table of each project, which goes with it; by what a project says of itself, as percentiles are laid
 * over it.
 */
const tables = new WeakMap<ProjectInfo, TableIndex>()

addHolder({
  part: 'charts',
  // its values are those of the columns
  held({ info }) {
    const { steps, places = [] } = tables.get(info) ?? {}
    return { bytes: places.reduce((sum, { byteLength }) => sum + byteLength, steps?.byteLength ?? 0) }
  },
  free: ({ info }) => tables.delete(info),
})

/** Rows [from, from + count) of the table of logged values, steps ascending. */
export function tableOf(
  project: Project,
  metric: string,
  runs: LineKey[],
  from: number,
  count: number,
): TablePage {
  const all = runs.map((key) => {
    const run = project.run(runOf(key))
    return run && project.series(run, metricOf(key, metric))
  })
  const version = [metric, ...runs, ...all.map((s) => s?.version)].join('\n')
  const known = tables.get(project.info)
  const index = known?.version === version ? known : { version, ...indexOf(all) }
  tables.set(project.info, index)
  const rows = Math.max(0, Math.min(count, index.steps.length - from))
  const values = new Float64Array(rows * runs.length).fill(Number.NaN)
  const present = new Uint8Array(rows * runs.length)
  index.places.forEach((places, r) => {
    const data = index.values[r] as Float64Array
    for (let i = 0; i < places.length; i++) {
      const row = (places[i] as number) - from
      if (row < 0 || row >= rows) continue
      values[row * runs.length + r] = data[i] as number
      present[row * runs.length + r] = 1
    }
  })
  return { steps: index.steps.slice(from, from + rows), values, present, total: index.steps.length, from }
}

function indexOf(all: (Series | undefined)[]): Omit<TableIndex, 'version'> {
  const most = new Map<number, number>()
  const turns = all.map((series) => {
    const seen = new Map<number, number>()
    return Uint32Array.from(series?.steps ?? [], (step) => {
      const turn = seen.get(step) ?? 0
      seen.set(step, turn + 1)
      if (turn + 1 > (most.get(step) ?? 0)) most.set(step, turn + 1)
      return turn
    })
  })
  const unique = Float64Array.from(most.keys()).sort()
  const start = new Map<number, number>()
  let total = 0
  for (const step of unique) {
    start.set(step, total)
    total += most.get(step) ?? 0
  }
  const steps = new Float64Array(total)
  for (const step of unique) steps.fill(step, start.get(step), (start.get(step) ?? 0) + (most.get(step) ?? 0))
  return {
    steps,
    places: all.map((series, r) =>
      Uint32Array.from(
        series?.steps ?? [],
        (step, i) => (start.get(step) ?? 0) + ((turns[r] as Uint32Array)[i] as number),
      ),
    ),
    values: all.map((series) => series?.values ?? new Float64Array(0)),
  }
}

import { binnedQuantile, sumOf } from '../../compute/histogram.ts'
import { percentileOf } from '../../compute/percentile-name.ts'
import type { RunKey } from '../../model/run.ts'
import { isMonotone, type MetricColumn, makeMetricColumn } from '../columns/series-store.ts'
import { addHolder } from './held.ts'
import { histogramsOf, type RunHistograms } from './histograms.ts'
import { type Project, type ProjectRun, type RunSeries, startOf } from './project.ts'

const decorated = new WeakMap<Project, Project>()
/** By project: all columns that were worked out. */
const columnsOf = new WeakMap<Project, () => Percentile[]>()

addHolder({
  part: 'columns',
  held(project) {
    const all = columnsOf.get(project)?.() ?? []
    const bytes = all.reduce(
      (sum, { column, steps, times }) =>
        sum + column.data.byteLength + (column.rows?.byteLength ?? 0) + steps.byteLength + times.byteLength,
      0,
    )
    return { bytes, identities: all.map(({ column }) => column) }
  },
})

/**
 * A project whose histograms have percentiles as metrics: `p50 of grads/layer3` is a series like any other, with a
 * point for each histogram that has a count. A logged metric of the same name comes first. They are worked out when
 * somebody asks for them, and stand in no list.
 */
export function withPercentiles(project: Project): Project {
  const known = decorated.get(project)
  if (known) return known
  const made = decorate(project)
  decorated.set(project, made)
  return made
}

function decorate(project: Project): Project {
  const of = (metric: string): ReturnType<typeof percentileOf> => {
    const found = percentileOf(metric)
    return found && !project.names().includes(metric) ? found : undefined
  }
  /** By metric, of each run: kept apart from the histograms, which may be let go of before they are asked for. */
  const held = new Map<string, Map<RunKey, Percentile>>()
  columnsOf.set(project, () => [...held.values()].flatMap((runs) => [...runs.values()]))
  const partsOf = (run: ProjectRun, metric: string): Percentile | undefined =>
    of(metric) && held.get(metric)?.get(run.key)
  async function workOut(key: string, metrics: readonly string[], signal: AbortSignal | undefined) {
    const { runs } = await histogramsOf(project, key, signal)
    for (const metric of metrics) {
      const found = of(metric)
      if (found?.key !== key) continue
      const all = new Map<RunKey, Percentile>()
      for (const [run, own] of runs) {
        const parts = percentile(own, metric, found.q)
        if (parts) all.set(run, parts)
      }
      held.set(metric, all)
    }
  }

  return {
    ...project,
    async load(metrics, signal) {
      if (!metrics) return project.load(metrics, signal)
      const keys = [...new Set(metrics.map((metric) => of(metric)?.key).filter((key) => key !== undefined))]
      const logged = metrics.filter((metric) => !of(metric))
      await Promise.all([project.load(logged, signal), ...keys.map((key) => workOut(key, metrics, signal))])
    },
    series(run, metric) {
      const parts = partsOf(run, metric)
      return parts ? seriesFrom(parts, run) : project.series(run, metric)
    },
    version: (run, metric) => partsOf(run, metric)?.version ?? project.version(run, metric),
    column: (run, metric) => partsOf(run, metric)?.column ?? project.column(run, metric),
  }
}

/** A percentile of the histograms of a run, as far as they were decoded. */
interface Percentile {
  column: MetricColumn
  steps: Float64Array
  times: Float64Array
  /** Entries that it was worked out for. */
  entries: number
  version: string
  base: string
}

const worked = new WeakMap<RunHistograms, Map<string, Percentile>>()
let made = 0

function percentile(run: RunHistograms, metric: string, q: number): Percentile | undefined {
  const all = worked.get(run) ?? new Map<string, Percentile>()
  worked.set(run, all)
  const known = all.get(metric)
  const entries = run.rows.length
  if (known?.entries === entries) return known.column.length > 0 ? known : undefined
  const from = known?.entries ?? 0
  const values: number[] = []
  const at: number[] = []
  for (let e = from; e < entries; e++) {
    const [first, end] = [run.starts.data[e] as number, run.starts.data[e + 1] as number]
    const counts = run.counts.data.subarray(first, end)
    const total = sumOf(counts)
    // nothing was counted: there is no percentile, as a metric that was not logged
    if (total === 0) continue
    values.push(binnedQuantile({ edges: run.edges.data.subarray(first + e, end + e + 1), counts }, q, total))
    at.push(e)
  }
  const before = known?.column.length ?? 0
  const column = known?.column ?? makeMetricColumn()
  const length = before + values.length
  const grown = (old: Float64Array | undefined, more: readonly number[]): Float64Array => {
    const data = new Float64Array(length)
    if (old) data.set(old.subarray(0, before))
    data.set(more, before)
    return data
  }
  const rows = new Uint32Array(length)
  if (column.rows) rows.set(column.rows.subarray(0, before))
  at.forEach((e, i) => {
    rows[before + i] = run.rows[e] as number
  })
  column.data = grown(column.data, values)
  column.rows = rows
  column.first = rows[0] ?? 0
  column.length = length
  column.integer = false
  column.nonFinite += values.filter((value) => !Number.isFinite(value)).length
  const base = known?.base ?? `percentile:${++made}`
  const next: Percentile = {
    column,
    steps: grown(
      known?.steps,
      at.map((e) => run.steps.data[e] as number),
    ),
    times: grown(
      known?.times,
      at.map((e) => run.times.data[e] as number),
    ),
    entries,
    version: `${base}:${length}`,
    base,
  }
  all.set(metric, next)
  return length > 0 ? next : undefined
}

function seriesFrom({ column, steps, times, version, base }: Percentile, run: ProjectRun): RunSeries {
  return {
    values: column.data.subarray(0, column.length),
    steps,
    times,
    monotone: isMonotone(steps, steps.length),
    start: startOf(run),
    places: { rows: column.rows, total: (run.logged ?? run.sample)?.columns.steps.length ?? column.length },
    version,
    base,
    identity: column,
  }
}

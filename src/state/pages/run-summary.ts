import { type Accessor, createEffect, createSignal, on, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { type Spread, spreadOf } from '../../compute/interval.ts'
import { directionOf } from '../../compute/metric-words.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { RunKey } from '../../model/run.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import type { RunStats } from '../../model/stats.ts'
import { createLatest } from '../base/latest.ts'

/** Of what grows, asked for anew no sooner than this. */
const AGAIN_MS = 2000
/** Metrics of one question: the first ones in sight stand before the others are read. */
const AT_ONCE = 48
/** Columns of a line as small as a cell. */
const SPARK_COLUMNS = 112

/** What is said of one metric of a run; numbers as they were logged. */
export interface MetricSummary {
  first: number
  last: number
  /** Of the finite values, with their steps. */
  min: number
  max: number
  minStep: number
  maxStep: number
  count: number
  nonFinite: number
  /** Of the runs of its group: their best values, or their last ones where no end is the good one. */
  group: Spread
}

/** Least and greatest value in each column, NaN where there is none. */
export interface Spark {
  low: Float32Array
  high: Float32Array
}

export interface RunSummaryOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  run: Accessor<RunKey | undefined>
  /** All runs of its group, itself among them. */
  group: Accessor<readonly RunKey[]>
  /** Metrics that are looked at. */
  wanted: Accessor<readonly string[]>
  version: Accessor<number>
}

export interface RunSummary {
  of(metric: string): MetricSummary | undefined
  spark(metric: string): Spark | undefined
  failed: Accessor<Notice | undefined>
  /** All that is looked at is there. */
  ready: Accessor<boolean>
}

/** Single numbers and small lines of the metrics of a run, of those that somebody looks at. */
export function createRunSummary(options: RunSummaryOptions): RunSummary {
  const { ask, project, run, group, wanted, version } = options
  const [known, setKnown] = createSignal<ReadonlyMap<string, MetricSummary>>(new Map())
  const [sparks, setSparks] = createSignal<ReadonlyMap<string, Spark>>(new Map())
  const [failed, setFailed] = createSignal<Notice>()
  /** Of which rows each metric is known. */
  const asOf = new Map<string, number>()
  const subject = (): string => JSON.stringify([project(), run(), group()])
  const latest = createLatest<void>({
    ask: (_, signal) => readAll(signal),
    answered: () => setFailed(undefined),
    failed: (error) => setFailed(noticeOf(error, 'metrics')),
  })
  const stale = (): string[] => wanted().filter((metric) => asOf.get(metric) !== version())

  async function readAll(signal: AbortSignal): Promise<void> {
    const [id, key, members] = [project(), run(), group()]
    if (id === undefined || key === undefined) return
    for (let some = untrack(stale); some.length > 0; some = untrack(stale)) {
      const metrics = some.slice(0, AT_ONCE)
      const now = untrack(version)
      const runs = [key, ...members.filter((member) => member !== key)]
      const stats = await ask('stats', { project: id, metrics, runs }, { signal })
      const lines = await Promise.all(metrics.map((metric) => sparkOf(id, key, metric, signal)))
      signal.throwIfAborted()
      setKnown((before) => {
        const next = new Map(before)
        for (const [m, metric] of metrics.entries()) next.set(metric, summaryOf(stats, m, members.length > 0))
        return next
      })
      setSparks((before) => {
        const next = new Map(before)
        for (const [i, metric] of metrics.entries()) if (lines[i]) next.set(metric, lines[i])
        return next
      })
      for (const metric of metrics) asOf.set(metric, now)
    }
  }

  /** A line that cannot be drawn leaves its cell blank: the numbers beside it say what is wrong. */
  async function sparkOf(
    id: ProjectId,
    key: RunKey,
    metric: string,
    signal: AbortSignal,
  ): Promise<Spark | undefined> {
    try {
      const query = { project: id, metric, runs: [key], width: SPARK_COLUMNS }
      const { low, high } = await ask('sparks', query, { signal })
      return { low, high }
    } catch (error) {
      if (isAbort(error)) throw error
      return undefined
    }
  }

  createEffect(
    on(subject, () => {
      latest.abort()
      asOf.clear()
      setKnown(new Map())
      setSparks(new Map())
      setFailed(undefined)
    }),
  )
  createEffect(
    on([subject, wanted], ([now]) => {
      if (stale().length > 0) latest.ask(now)
    }),
  )
  createEffect(on(version, () => stale().length > 0 && latest.again(subject(), AGAIN_MS), { defer: true }))

  return {
    of: (metric) => known().get(metric),
    spark: (metric) => sparks().get(metric),
    failed,
    ready: () => failed() !== undefined || wanted().every((metric) => known().has(metric)),
  }
}

/** Metric m of the first run of the answer, with all of them as its group. */
function summaryOf(stats: RunStats, m: number, hasGroup: boolean): MetricSummary {
  const { runs, count, nonFinite, first, last, min, max } = stats
  const at = m * runs.length
  const direction = directionOf(stats.metrics[m] ?? '')
  const told = direction === 'min' ? min : direction === 'max' ? max : last
  const of = (values: ArrayLike<number>): number => values[at] ?? Number.NaN
  return {
    first: of(first.values),
    last: of(last.values),
    min: of(min.values),
    max: of(max.values),
    minStep: of(min.steps),
    maxStep: of(max.steps),
    count: of(count),
    nonFinite: of(nonFinite),
    group: spreadOf(hasGroup ? told.values.subarray(at, at + runs.length) : []),
  }
}

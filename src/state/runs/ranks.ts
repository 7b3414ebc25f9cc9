import { type Accessor, createEffect, createSignal, on, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { isAbort } from '../../model/errors.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import type { RunStats } from '../../model/stats.ts'
import { createLatest } from '../base/latest.ts'

/**
 * Single numbers of one metric of one run: min, max, mean and `tail` (mean of the last tenth) of the finite
 * values.
 */
export interface RunValues {
  last: number
  first: number
  min: number
  max: number
  mean: number
  tail: number
  count: number
  nonfinite: number
  /** Steps of the least and the greatest value. */
  minStep: number
  maxStep: number
}

export type Statistic = Exclude<keyof RunValues, 'minStep' | 'maxStep'>

/** Charts that come with the same change ask first. */
const AFTER_CHARTS_MS = 60
/** Live rows move the values in the run list at most this often. */
const REFRESH_MS = 2000

export interface RankOptions {
  engine: Pick<EngineApi, 'ask'>
  project: Accessor<ProjectId | undefined>
  runs: Accessor<Run[]>
  version: Accessor<number>
  /** The lists' values wait until the rows are read, so that they never stand in the way of a chart. */
  ended: Accessor<boolean>
}

export interface Ranks {
  /** Values by run, of those that logged the metric; undefined until known. Asking starts the reading. */
  values(metric: string): ReadonlyMap<RunKey, RunValues> | undefined
}

interface Known {
  project: ProjectId | undefined
  values: ReadonlyMap<string, ReadonlyMap<RunKey, RunValues>>
}

/** Single values of a metric for every run, for sorting, filtering and the list. */
export function createRanks(options: RankOptions): Ranks {
  const [known, setKnown] = createSignal<Known>({ project: undefined, values: new Map() })
  /** What was asked for of `project`, and whether its values are of all rows there are. */
  const wanted = new Map<string, 'old' | 'new'>()
  let project: ProjectId | undefined
  const latest = createLatest<void>({
    ask(asked, signal) {
      const runs = options.runs().map(({ key }) => key)
      return runs.length > 0 && options.ended() ? readAll(asked, runs, signal) : undefined
    },
    answered() {
      if ([...wanted.values()].includes('old')) schedule(REFRESH_MS)
    },
  })

  /** Whoever asks first, list or effect: what was asked about another project is given up. */
  function turnTo(now: ProjectId | undefined): void {
    if (now === project) return
    project = now
    latest.abort()
    wanted.clear()
  }

  /** What is wanted meanwhile is read too; what was read and grew since waits its time. */
  async function readAll(asked: ProjectId, runs: RunKey[], signal: AbortSignal): Promise<void> {
    const done = new Set<string>()
    for (;;) {
      const metric = [...wanted].find(([name, state]) => state === 'old' && !done.has(name))?.[0]
      if (metric === undefined) return
      wanted.set(metric, 'new')
      done.add(metric)
      const found = await valuesOf(metric, asked, runs, signal)
      signal.throwIfAborted()
      const before = untrack(known)
      setKnown({
        project: asked,
        values: new Map(before.project === asked ? before.values : []).set(metric, found),
      })
    }
  }

  async function valuesOf(
    metric: string,
    asked: ProjectId,
    runs: RunKey[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<RunKey, RunValues>> {
    try {
      return byRun(await options.engine.ask('stats', { project: asked, metrics: [metric], runs }, { signal }))
    } catch (error) {
      if (isAbort(error)) throw error
      return new Map() // its chart says what is wrong with it
    }
  }

  function schedule(wait: number): void {
    if (project !== undefined && !latest.busy()) latest.ask(project, wait)
  }

  createEffect(on(options.project, turnTo))
  createEffect(
    on([options.version, options.ended, () => options.runs().length], () => {
      if (wanted.size === 0) return
      for (const metric of wanted.keys()) wanted.set(metric, 'old')
      schedule(untrack(known).project === project ? REFRESH_MS : AFTER_CHARTS_MS)
    }),
  )

  return {
    values(metric) {
      const now = options.project()
      turnTo(now)
      if (!wanted.has(metric)) {
        wanted.set(metric, 'old')
        schedule(AFTER_CHARTS_MS)
      }
      const held = known()
      return held.project === now ? held.values.get(metric) : undefined
    },
  }
}

/**
 * The number that stands beside a run: one that ended in NaN or an infinity says so, whatever it was before;
 * what was logged first, and how much was logged, is told all the same.
 */
export function pick(values: Pick<RunValues, 'last'> & Partial<RunValues>, by: Statistic): number {
  const told = by === 'first' || by === 'count' || by === 'nonfinite' || Number.isFinite(values.last)
  return told ? (values[by] ?? Number.NaN) : values.last
}

function byRun({
  runs,
  count,
  nonFinite,
  first,
  last,
  min,
  max,
  mean,
  tail,
}: RunStats): Map<RunKey, RunValues> {
  const values = new Map<RunKey, RunValues>()
  runs.forEach((key, r) => {
    if (count[r] === 0) return
    const at = (column: ArrayLike<number>): number => column[r] ?? Number.NaN
    values.set(key, {
      last: at(last.values),
      first: at(first.values),
      min: at(min.values),
      max: at(max.values),
      mean: at(mean),
      tail: at(tail),
      count: at(count),
      nonfinite: at(nonFinite),
      minStep: at(min.steps),
      maxStep: at(max.steps),
    })
  })
  return values
}

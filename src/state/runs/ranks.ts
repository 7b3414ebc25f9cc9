import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { isAbort } from '../../model/errors.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import type { RunStats } from '../../model/stats.ts'

/** Logged values of one metric of one run; min, max and mean of the finite ones. */
export interface RunValues {
  last: number
  min: number
  max: number
  mean: number
}

export type Statistic = keyof RunValues

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
  let timer: ReturnType<typeof setTimeout> | undefined
  let reading = false
  let abort = new AbortController()

  /** Whoever asks first, list or effect: what was asked about another project is given up. */
  function turnTo(now: ProjectId | undefined): void {
    if (now === project) return
    project = now
    abort.abort()
    abort = new AbortController()
    clearTimeout(timer)
    timer = undefined
    reading = false
    wanted.clear()
  }

  async function read(): Promise<void> {
    timer = undefined
    const { signal } = abort
    const asked = project
    const runs = untrack(options.runs).map(({ key }) => key)
    if (asked === undefined || runs.length === 0 || !untrack(options.ended)) return
    reading = true
    const done = new Set<string>()
    for (;;) {
      // what is wanted meanwhile is read too; what was read and grew since waits its time
      const metric = [...wanted].find(([name, state]) => state === 'old' && !done.has(name))?.[0]
      if (metric === undefined) break
      wanted.set(metric, 'new')
      done.add(metric)
      const found = await valuesOf(metric, asked, runs, signal)
      if (signal.aborted) return
      if (found) {
        const before = untrack(known)
        setKnown({
          project: asked,
          values: new Map(before.project === asked ? before.values : []).set(metric, found),
        })
      }
    }
    reading = false
    if ([...wanted.values()].includes('old')) schedule(REFRESH_MS)
  }

  async function valuesOf(
    metric: string,
    asked: ProjectId,
    runs: RunKey[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<RunKey, RunValues> | undefined> {
    try {
      return byRun(await options.engine.ask('stats', { project: asked, metrics: [metric], runs }, { signal }))
    } catch (error) {
      if (isAbort(error)) return undefined
      return new Map() // its chart says what is wrong with it
    }
  }

  function schedule(wait: number): void {
    if (!reading) timer ??= setTimeout(() => void read(), wait)
  }

  createEffect(on(options.project, turnTo))
  createEffect(
    on([options.version, options.ended, () => options.runs().length], () => {
      if (wanted.size === 0) return
      for (const metric of wanted.keys()) wanted.set(metric, 'old')
      schedule(untrack(known).project === project ? REFRESH_MS : AFTER_CHARTS_MS)
    }),
  )
  onCleanup(() => {
    clearTimeout(timer)
    abort.abort()
  })

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
 * The number that stands beside a run: one that ended in NaN or an infinity says so, whatever it was before.
 */
export function pick(values: RunValues, by: Statistic): number {
  return Number.isFinite(values.last) ? values[by] : values.last
}

function byRun({ runs, count, last, min, max, mean }: RunStats): Map<RunKey, RunValues> {
  const values = new Map<RunKey, RunValues>()
  runs.forEach((key, r) => {
    if (count[r] === 0) return
    const at = (column: Float64Array): number => column[r] ?? Number.NaN
    values.set(key, { last: at(last.values), min: at(min.values), max: at(max.values), mean: at(mean) })
  })
  return values
}

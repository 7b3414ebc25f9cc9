import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { EngineApi } from '../bridge/engine-api.ts'
import { isAbort } from '../model/errors.ts'
import type { Run, RunKey } from '../model/run.ts'
import type { Frame } from '../model/view.ts'

export interface RunValues {
  last: number
  min: number
  max: number
}

/** Live rows move the values in the run list at most this often. */
const REFRESH_MS = 2000

export interface RankOptions {
  engine: EngineApi
  project: Accessor<string | undefined>
  runs: Accessor<Run[]>
  version: Accessor<number>
  /** The lists' values wait until the rows are read, so that they never stand in the way of a chart. */
  ended: Accessor<boolean>
}

export interface Ranks {
  /** Last, smallest and largest logged value by run; undefined until known. Asking starts the reading. */
  values(metric: string): ReadonlyMap<RunKey, RunValues> | undefined
}

/**
 * Single values of a metric for every run, for sorting, filtering and the list. A frame of two pixel columns keeps the min and
 * max of all rows, so these are exact without a second way to read rows.
 */
export function createRanks(options: RankOptions): Ranks {
  const [cache, setCache] = createSignal<ReadonlyMap<string, ReadonlyMap<RunKey, RunValues>>>(new Map(), { equals: false })
  const wanted = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort = new AbortController()

  async function read(): Promise<void> {
    timer = undefined
    const project = options.project()
    const runs = options.runs().map(({ key }) => key)
    if (project === undefined || runs.length === 0 || !options.ended()) return
    abort.abort()
    abort = new AbortController()
    const { signal } = abort
    for (const metric of wanted) {
      try {
        const frame = await options.engine.frame(
          {
            project,
            metric,
            runs,
            x: { kind: 'step' },
            xScale: 'linear',
            yScale: 'linear',
            range: { kind: 'full' },
            smoothing: { kind: 'mean', width: 0, factor: 1 },
            raw: false,
            width: 2,
          },
          signal,
        )
        if (signal.aborted) return
        setCache(new Map(cache()).set(metric, valuesOf(frame, runs)))
      } catch (error) {
        if (isAbort(error) || signal.aborted) return
        wanted.delete(metric) // its chart says what is wrong with it
      }
    }
  }

  function schedule(wait: number): void {
    timer ??= setTimeout(() => void read(), wait)
  }

  createEffect(
    on(options.project, () => {
      wanted.clear()
      setCache(new Map())
    }),
  )
  createEffect(on([options.version, options.ended], () => wanted.size > 0 && schedule(cache().size === 0 ? 0 : REFRESH_MS)))
  onCleanup(() => {
    clearTimeout(timer)
    abort.abort()
  })

  return {
    values(metric) {
      if (!wanted.has(metric)) {
        wanted.add(metric)
        schedule(0)
      }
      return cache().get(metric)
    },
  }
}

function valuesOf(frame: Frame, runs: readonly RunKey[]): Map<RunKey, RunValues> {
  const values = new Map<RunKey, RunValues>()
  frame.ends.forEach((end, i) => {
    const key = runs[end.run]
    if (key === undefined) return
    let min = Infinity
    let max = -Infinity
    for (let at = frame.main.starts[i] ?? 0; at < (frame.main.starts[i + 1] ?? 0); at++) {
      const value = frame.main.ys[at]!
      if (value < min) min = value
      if (value > max) max = value
    }
    values.set(key, { last: end.logged, min: min === Infinity ? Number.NaN : min, max: max === -Infinity ? Number.NaN : max })
  })
  return values
}

import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

/** Of what grows, counted anew no sooner than this. */
const AGAIN_MS = 5000

export interface TraceCountOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  run: Accessor<RunKey | undefined>
  /** The project has some, and they may be counted. */
  wanted: Accessor<boolean>
  version: Accessor<number>
}

/** How many traces a run has; undefined until they were counted, and where they could not be. */
export function createTraceCount(options: TraceCountOptions): Accessor<number | undefined> {
  const { ask, project, run, wanted, version } = options
  const [count, setCount] = createSignal<number>()
  const latest = createLatest<number | undefined>({
    ask(_, signal) {
      const [id, key] = [project(), run()]
      if (id === undefined || key === undefined) return undefined
      return ask('countTraces', { project: id, run: key }, { signal })
    },
    answered: setCount,
    // the page of traces says what is wrong with them
    failed: () => setCount(undefined),
  })
  const subject = (): string => JSON.stringify([project(), run()])
  createEffect(on(subject, () => setCount(undefined), { defer: true }))
  createEffect(
    on([subject, wanted, version], ([now, some]) => {
      if (some) latest.again(now, AGAIN_MS)
      else latest.abort()
    }),
  )
  return count
}

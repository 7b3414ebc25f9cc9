import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { RunKey } from '../../model/run.ts'
import type { RunBeside } from '../../model/run-rows.ts'
import type { ProjectId } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

/** Of what grows, counted anew no sooner than this. */
const AGAIN_MS = 2000

/** What a run holds beside numbers; undefined until it was counted. */
export function createRunBeside(
  ask: EngineApi['ask'],
  project: Accessor<ProjectId | undefined>,
  run: Accessor<RunKey | undefined>,
  version: Accessor<number>,
): Accessor<RunBeside | undefined> {
  const [beside, setBeside] = createSignal<RunBeside>()
  const latest = createLatest<RunBeside>({
    ask(_, signal) {
      const [id, key] = [project(), run()]
      if (id === undefined || key === undefined) return undefined
      return ask('runBeside', { project: id, run: key }, { signal })
    },
    answered: setBeside,
    // a count that failed is not shown; the table itself says what is wrong where it is read
    failed: () => setBeside({ others: undefined, artifacts: 0 }),
  })
  const subject = (): string => JSON.stringify([project(), run()])
  createEffect(
    on(subject, (now) => {
      setBeside(undefined)
      latest.ask(now)
    }),
  )
  createEffect(on(version, () => latest.again(subject(), AGAIN_MS), { defer: true }))
  return beside
}

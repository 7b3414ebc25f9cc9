import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { SideCount } from '../../model/catalogue.ts'
import type { ProjectId } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'
import type { ProjectData } from './catalogue.ts'
import type { Settled } from './readiness.ts'

/** Of what goes on growing, counted anew no sooner than this. */
const AGAIN_MS = 5000

export interface SideCountsOptions {
  engine: EngineApi
  project: Accessor<ProjectId | undefined>
  data: ProjectData
  settled: Settled
}

/**
 * What stands in the tables beside the metrics. Counted once the charts stand, and again as a live project
 * grows.
 */
export function createSideCounts({
  engine,
  project,
  data,
  settled,
}: SideCountsOptions): Accessor<readonly SideCount[]> {
  const [counts, setCounts] = createSignal<readonly SideCount[]>([])
  /** Of which rows the counts are, or are being asked for. */
  let counted: number | undefined
  const latest = createLatest({
    ask(id, signal) {
      counted = data.version()
      return engine.ask('countBeside', { project: id }, { signal })
    },
    answered: setCounts,
    // what cannot be counted now (its source is gone, or was written just then) keeps what was said of it, and
    // is asked for again with the next rows
    failed: () => (counted = undefined),
  })

  // one effect, as in pages/growing.ts
  createEffect(
    on([project, data.ended, settled.ready, data.version], ([id, ended, ready, version], before) => {
      if (before && before[0] !== id) {
        latest.abort()
        counted = undefined
        setCounts([])
      }
      if (id !== undefined && ended && ready && counted !== version) latest.again(id, AGAIN_MS)
    }),
  )
  return counts
}

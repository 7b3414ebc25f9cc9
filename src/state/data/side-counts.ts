import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { SideCount } from '../../model/catalogue.ts'
import type { ProjectId } from '../../model/source.ts'
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
  let counted: { project: ProjectId; version: number; at: number } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))

  createEffect(on(project, () => setCounts([]), { defer: true }))
  createEffect(
    on([project, data.ended, settled.ready, data.version], ([id, ended, ready, version]) => {
      if (id === undefined || !ended || !ready || (counted?.project === id && counted.version === version))
        return
      clearTimeout(timer)
      const wait = counted?.project === id ? counted.at + AGAIN_MS - performance.now() : 0
      timer = setTimeout(() => void count(id, version), Math.max(0, wait))
    }),
  )
  return counts

  async function count(id: ProjectId, version: number): Promise<void> {
    counted = { project: id, version, at: performance.now() }
    try {
      const found = await engine.ask('countBeside', { project: id })
      if (project() === id) setCounts(found)
    } catch {
      // what cannot be counted now (its source is gone, or was written just then) keeps what was said of it,
      // and is asked for again with the next rows
      if (counted?.project === id) counted = { ...counted, version: -1 }
    }
  }
}

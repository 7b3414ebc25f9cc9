import type { Accessor } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { Measure, Sparks } from '../../model/measure.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import { createPerRun } from './per-run.ts'

/** Columns of a small line: two device pixels each. */
const SPARK_COLUMNS = 40

/** With the place of each run among them. */
export interface RunSparks extends Sparks {
  places: ReadonlyMap<RunKey, number>
}

/** What is not known yet, or could not be read. */
export const NO_SPARKS: RunSparks = {
  runs: [],
  width: 0,
  from: Number.NaN,
  to: Number.NaN,
  low: new Float32Array(0),
  high: new Float32Array(0),
  places: new Map(),
}

export interface MoreRanks {
  /** A number that asks for more than the metric. */
  measured(metric: string, measure: Measure): ReadonlyMap<RunKey, number> | undefined
  /** Lines as small as a cell. */
  sparks(metric: string): RunSparks | undefined
}

/** What columns of the table of runs may show of a metric beyond its single values. */
export function createMoreRanks(options: {
  engine: Pick<EngineApi, 'ask'>
  project: Accessor<ProjectId | undefined>
  runs: Accessor<Run[]>
  version: Accessor<number>
  ended: Accessor<boolean>
}): MoreRanks {
  const { engine } = options
  /** What a key of `measured` stands for. */
  const measures = new Map<string, { metric: string; measure: Measure }>()
  const measured = createPerRun<ReadonlyMap<RunKey, number>>({
    ...options,
    async read(key, project, runs, signal) {
      const all = new Map<RunKey, number>()
      const asked = measures.get(key)
      if (!asked) return all
      const found = await engine.ask('measure', { project, ...asked, runs }, { signal })
      runs.forEach((run, r) => {
        if (found.has[r]) all.set(run, found.values[r] ?? Number.NaN)
      })
      return all
    },
    failed: new Map(),
  })
  const sparks = createPerRun<RunSparks>({
    ...options,
    read: async (metric, project, runs, signal) => ({
      ...(await engine.ask('sparks', { project, metric, runs, width: SPARK_COLUMNS }, { signal })),
      places: new Map(runs.map((key, place) => [key, place])),
    }),
    failed: NO_SPARKS,
  })
  return {
    measured(metric, measure) {
      const key = JSON.stringify([metric, measure])
      if (!measures.has(key)) measures.set(key, { metric, measure })
      return measured(key)
    },
    sparks,
  }
}

import { type Accessor, createMemo, createSignal } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { lastLogged } from '../../compute/last-logged.ts'
import type { RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import type { TypedValues } from '../../model/typed-values.ts'
import type { ProjectData } from '../data/catalogue.ts'
import type { Settled } from '../data/readiness.ts'
import { type Asked, createHistogramIndex, stepsByKey } from './histograms.ts'
import { createMedia, type MediaItem, type ProjectMedia } from './media.ts'
import { createTableSizes, type TableSize, type TableSizes } from './table-sizes.ts'
import { createTableValues, type TablePlace, type TableValues } from './table-values.ts'
import { createThumbnails, type Thumbnails } from './thumbnails.ts'
import { createTraces, type ProjectTraces } from './traces.ts'

export type SideKind = 'media' | 'tables' | 'histograms' | 'traces'

export interface LoggedSidesOptions {
  ask: EngineApi['ask']
  settled: Settled
  data: ProjectData
  project: Accessor<ProjectId | undefined>
  live: Accessor<boolean>
  find(project: ProjectId, path: string, signal?: AbortSignal): Promise<Blob | undefined>
  /** The project holds some, and somebody looks: of what is not wanted nothing is asked. */
  wants(kind: Exclude<SideKind, 'traces'>): boolean
}

/** How many traces a run logged, of those that were read. */
export interface TraceCount {
  traces: number
  /** Those that ended with an error. */
  errors: number
}

export interface LastTable {
  step: number
  /** How large it is; undefined until it was read, which this begins. */
  size(): TableSize | undefined
}

export interface LoggedSides {
  media: ProjectMedia
  thumbnails: Thumbnails
  /** Values of a key that a run logged, by row. */
  mediaOf(run: RunKey, key: string): readonly MediaItem[]
  /** Those of its last step. */
  lastMedia(run: RunKey, key: string): readonly MediaItem[]
  /** The kind of what was logged first under each key. */
  mediaKeys: Accessor<ReadonlyMap<string, string>>
  tables: TableValues
  /** The last table of a run. */
  lastTable(run: RunKey, key: string): LastTable | undefined
  sizes: TableSizes
  histograms: Asked<TypedValues>
  /** By key, then by run: the steps at which it was logged. */
  histogramSteps: Accessor<ReadonlyMap<string, ReadonlyMap<RunKey, readonly number[]>>>
  traces: ProjectTraces
  /** By run: reading them all begins when this is asked first. Undefined before the first ones. */
  traceCounts(): ReadonlyMap<RunKey, TraceCount> | undefined
}

const NONE: readonly MediaItem[] = []

/** What runs logged beside numbers, as tables of runs show it: each kind is looked up when it is wanted. */
export function createLoggedSides(options: LoggedSidesOptions): LoggedSides {
  const { ask, settled, data, project, live } = options
  const when = (kind: Exclude<SideKind, 'traces'>): Accessor<ProjectId | undefined> =>
    createMemo(() => (options.wants(kind) ? project() : undefined))
  const [counts, setCounts] = createSignal(false)

  const media = createMedia({ ask, data, live, project: when('media'), find: options.find })
  const thumbnails = createThumbnails(media.file)
  const tables = createTableValues({ ask, live, project: when('tables'), version: data.version })
  const sizes = createTableSizes(ask, project)
  const histograms = createHistogramIndex({ ask, settled, version: data.version }, when('histograms'))
  const traces = createTraces({
    ...{ ask, data, live, text: () => '' },
    project: createMemo(() => (counts() ? project() : undefined)),
  })

  const byPlace = createMemo(() => {
    const found = new Map<string, MediaItem[]>()
    for (const item of media.items()) {
      const place = placeOf(item.run, item.key)
      const known = found.get(place)
      if (known) known.push(item)
      else found.set(place, [item])
    }
    return found
  })
  /** Every cell of a line asks for those of all runs: whether they are of one step. */
  const last = new WeakMap<readonly MediaItem[], readonly MediaItem[]>()
  const lastOfTables = createMemo(() => {
    const found = new Map<string, readonly TablePlace[]>()
    for (const { key, runs } of tables.keys())
      for (const [run, places] of runs) found.set(placeOf(run, key), lastLogged(places))
    return found
  })
  const byRun = createMemo(() => {
    const list = traces.list()
    if (!list) return undefined
    const found = new Map<RunKey, TraceCount>()
    for (let i = 0; i < list.run.length; i++) {
      const key = list.runs[list.run[i] as number]?.key
      if (key === undefined) continue
      const known = found.get(key) ?? { traces: 0, errors: 0 }
      found.set(key, known)
      known.traces++
      known.errors += list.error[i] as number
    }
    return found
  })

  return {
    ...{ media, thumbnails, tables, sizes, histograms, traces },
    mediaOf: (run, key) => byPlace().get(placeOf(run, key)) ?? NONE,
    lastMedia(run, key) {
      const all = byPlace().get(placeOf(run, key)) ?? NONE
      const known = last.get(all)
      if (known) return known
      const found = lastLogged(all)
      last.set(all, found)
      return found
    },
    mediaKeys: createMemo(() => {
      const found = new Map<string, string>()
      for (const { key, kind } of media.items()) if (!found.has(key)) found.set(key, kind)
      return found
    }),
    lastTable(run, key) {
      const places = lastOfTables().get(placeOf(run, key))
      if (!places) return undefined
      return { step: places[0]?.step ?? Number.NaN, size: () => sizes.of(key, run, places) }
    },
    histogramSteps: createMemo(() => stepsByKey(histograms.answer())),
    traceCounts() {
      // whoever asks is often a memo: what it reads is written after it
      if (!counts()) queueMicrotask(() => setCounts(true))
      return byRun()
    },
  }
}

function placeOf(run: RunKey, key: string): string {
  return `${key}\u0000${run}`
}

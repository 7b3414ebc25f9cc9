import { type Accessor, createMemo, createSignal } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { type DeviceMetric, deviceKey, mergeDevices } from '../../compute/devices.ts'
import { orderSystem, systemUnit } from '../../compute/system-words.ts'
import type { Catalogue } from '../../model/catalogue.ts'
import type { RunKey } from '../../model/run.ts'
import { type ProjectId, systemOf } from '../../model/source.ts'
import type {
  Samples,
  SamplesQuery,
  Strip,
  StripQuery,
  SystemQuery,
  SystemStats,
} from '../../model/system.ts'
import type { ProjectData } from '../data/catalogue.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'

/** While they are being read, what came so far is shown so often. */
const PART_MS = 600

export type SystemStatus = GrowingStatus<{ catalogue: Catalogue }>

export interface SystemMetrics {
  status: Accessor<SystemStatus>
  catalogue: Accessor<Catalogue | undefined>
  /** The id that charts ask about. */
  project: Accessor<ProjectId>
  /** Devices of a kind as one, in the order of the page. */
  metrics: Accessor<readonly DeviceMetric[]>
  /** Samples are still being read; those that came are shown. */
  reading: Accessor<boolean>
  /** Grows whenever there may be other samples, or other steps that they were taken at. */
  version: Accessor<number>
  /** A metric as a strip under charts: of each run its samples, or their mean over its devices. */
  under(
    metric: string,
  ):
    | { project: ProjectId; metric: string; unit: string; lineOf(run: RunKey): string; version(): number }
    | undefined
  stats(query: Omit<SystemQuery, 'project'>, signal: AbortSignal): Promise<SystemStats>
  strip(query: Omit<StripQuery, 'project'>, signal: AbortSignal): Promise<Strip>
  samples(query: Omit<SamplesQuery, 'project'>, signal: AbortSignal): Promise<Samples>
  retry(): void
}

export interface SystemOptions {
  engine: EngineApi
  project: Accessor<ProjectId | undefined>
  data: ProjectData
  /** Somebody looks at them: else they are not read. */
  wanted: Accessor<boolean>
  /** The project's source is written to: samples come without rows of metrics too. */
  live: Accessor<boolean>
}

/** What the machines of the project's runs logged, read when somebody looks and as it grows. */
export function createSystem({ engine, project, data, wanted, live }: SystemOptions): SystemMetrics {
  const [looks, setLooks] = createSignal(0)
  const own = createMemo(() => systemOf(project() ?? ''))
  const { status, retry } = createGrowing<{ catalogue: Catalogue }>({
    ...{ subject: 'system metrics', project, live, wanted, version: data.version },
    async ask(id, signal, onText) {
      const onProgress = ({ text }: { text: string }): void => onText(text)
      return { catalogue: await engine.ask('system', { project: id }, { signal, onProgress }) }
    },
    isSame: (before, now) => isSame(before.catalogue, now.catalogue),
    answered: () => setLooks((now) => now + 1),
    partFor: ({ catalogue }) => (catalogue.reading.state === 'reading' ? PART_MS : undefined),
  })

  const catalogue = createMemo(() => {
    const now = status()
    return now.kind === 'ready' ? now.catalogue : undefined
  })
  const names = createMemo(() => catalogue()?.metrics.map(({ name }) => name) ?? [], undefined, {
    equals: (a, b) => a.length === b.length && a.every((name, i) => name === b[i]),
  })
  const metrics = createMemo(() => orderSystem(mergeDevices(names())))
  const version = createMemo(() => data.version() + looks())
  return {
    status,
    catalogue,
    project: own,
    reading: createMemo(() => catalogue()?.reading.state === 'reading'),
    metrics,
    version,
    under(name) {
      const metric = metrics().find((one) => one.name === name)
      if (!metric) return undefined
      const { devices } = metric
      return {
        project: own(),
        metric: name,
        unit: systemUnit(name),
        lineOf: (run) => deviceKey(run, devices.length > 0 ? { kind: 'mean', devices } : undefined),
        version,
      }
    },
    stats: (query, signal) => engine.ask('systemStats', { ...query, project: own() }, { signal }),
    strip: (query, signal) => engine.ask('systemStrip', { ...query, project: own() }, { signal }),
    samples: (query, signal) => engine.ask('systemSamples', { ...query, project: own() }, { signal }),
    retry,
  }
}

/** Samples are only added; what was renamed or deleted changes their number or their runs. */
function isSame(before: Catalogue, now: Catalogue): boolean {
  const { rows, metrics, runs, notices, exact } = before
  return (
    rows === now.rows &&
    before.reading.state === now.reading.state &&
    exact === now.exact &&
    notices.length === now.notices.length &&
    metrics.length === now.metrics.length &&
    runs.length === now.runs.length &&
    metrics.every(
      ({ name, points }, i) => name === now.metrics[i]?.name && points === now.metrics[i]?.points,
    ) &&
    runs.every(({ key, name }, i) => key === now.runs[i]?.key && name === now.runs[i]?.name)
  )
}

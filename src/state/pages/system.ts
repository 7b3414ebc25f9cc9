import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { type DeviceMetric, mergeDevices } from '../../compute/devices.ts'
import { lineKey } from '../../compute/line-key.ts'
import { orderSystem, systemUnit } from '../../compute/system-words.ts'
import type { Catalogue } from '../../model/catalogue.ts'
import { noticeOf } from '../../model/errors.ts'
import type { RunKey } from '../../model/run.ts'
import { type Notice, type ProjectId, systemOf } from '../../model/source.ts'
import type {
  Samples,
  SamplesQuery,
  Strip,
  StripQuery,
  SystemQuery,
  SystemStats,
} from '../../model/system.ts'
import { createLatest } from '../base/latest.ts'
import type { ProjectData } from '../data/catalogue.ts'

/** Of what goes on growing, looked at anew no sooner than this. */
const AGAIN_MS = 2000
/** While they are being read, what came so far is shown so often. */
const PART_MS = 600

export type SystemStatus =
  | { kind: 'loading'; text: string }
  | { kind: 'ready'; catalogue: Catalogue }
  | { kind: 'failed'; notice: Notice }

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
  const [status, setStatus] = createSignal<SystemStatus>({ kind: 'loading', text: '' })
  const [looks, setLooks] = createSignal(0)
  const own = createMemo(() => systemOf(project() ?? ''))
  /** Of which rows of the metrics the answer is. */
  let asked: number | undefined
  const latest = createLatest({
    ask(id, signal) {
      asked = data.version()
      const onProgress = ({ text }: { text: string }): void => {
        if (!signal.aborted) setStatus((now) => (now.kind === 'ready' ? now : { kind: 'loading', text }))
      }
      return engine.ask('system', { project: id }, { signal, onProgress })
    },
    answered(catalogue, id) {
      setStatus((before) => (isSame(before, catalogue) ? before : { kind: 'ready', catalogue }))
      setLooks((now) => now + 1)
      // of much there is a part so far
      if (catalogue.reading.state === 'reading') latest.ask(id, PART_MS)
      else lookAgain(id)
    },
    failed(error, id) {
      // what was read stays while a live source does not answer for a moment
      setStatus((before) =>
        before.kind === 'ready' ? before : { kind: 'failed', notice: noticeOf(error, 'system metrics') },
      )
      lookAgain(id)
    },
  })
  const lookAgain = (id: string): void => {
    if (live() && wanted()) latest.ask(id, AGAIN_MS)
  }

  createEffect(
    on(
      project,
      () => {
        latest.abort()
        asked = undefined
        setStatus({ kind: 'loading', text: '' })
      },
      { defer: true },
    ),
  )
  createEffect(
    on([project, wanted, data.version, data.exact, live], ([id, some, version, _, goesOn]) => {
      if (id !== undefined && some && (asked !== version || goesOn)) latest.again(id, AGAIN_MS)
    }),
  )

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
        lineOf: (run) => lineKey(run, devices.length > 0 ? { kind: 'mean', devices } : undefined),
        version,
      }
    },
    stats: (query, signal) => engine.ask('systemStats', { ...query, project: own() }, { signal }),
    strip: (query, signal) => engine.ask('systemStrip', { ...query, project: own() }, { signal }),
    samples: (query, signal) => engine.ask('systemSamples', { ...query, project: own() }, { signal }),
    retry() {
      const id = project()
      if (id === undefined) return
      setStatus({ kind: 'loading', text: '' })
      latest.ask(id)
    },
  }
}

/** Samples are only added; what was renamed or deleted changes their number or their runs. */
function isSame(before: SystemStatus, now: Catalogue): boolean {
  if (before.kind !== 'ready') return false
  const { rows, metrics, runs, notices, exact } = before.catalogue
  return (
    rows === now.rows &&
    before.catalogue.reading.state === now.reading.state &&
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

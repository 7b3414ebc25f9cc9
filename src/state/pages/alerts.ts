import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { formatPlural } from '../../compute/format.ts'
import type { Alert, Alerts } from '../../model/alert.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import type { PageCount } from '../address/page-rules.ts'
import type { ProjectData } from '../data/catalogue.ts'

/** Of what goes on growing, asked for anew no sooner than this. */
const AGAIN_MS = 2000

export type AlertsStatus =
  | { kind: 'loading' }
  | { kind: 'ready'; alerts: readonly Alert[]; notices: readonly Notice[] }
  | { kind: 'failed'; notice: Notice }

export interface ProjectAlerts {
  status: Accessor<AlertsStatus>
  /** Newest first; none while they are not read. */
  all: Accessor<readonly Alert[]>
  /** For the link of their page; undefined for none. */
  count: Accessor<PageCount | undefined>
  retry(): void
}

export interface AlertsOptions {
  engine: EngineApi
  project: Accessor<ProjectId | undefined>
  data: ProjectData
  /** They may be asked for. */
  ready: Accessor<boolean>
  /** Somebody looks at them, or there are some: other projects are spared the reading. */
  wanted: Accessor<boolean>
  /** The project's source is written to: alerts that came without rows are looked for too. */
  live: Accessor<boolean>
}

/** What the runs of the project warned of. Read once its charts stand, and again as it grows. */
export function createAlerts({ engine, project, data, ready, wanted, live }: AlertsOptions): ProjectAlerts {
  const [status, setStatus] = createSignal<AlertsStatus>({ kind: 'loading' })
  let asked: { project: ProjectId; version: number; at: number; abort: AbortController } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => {
    clearTimeout(timer)
    asked?.abort.abort()
  })

  createEffect(
    on(
      project,
      () => {
        asked?.abort.abort()
        asked = undefined
        setStatus({ kind: 'loading' })
      },
      { defer: true },
    ),
  )
  createEffect(
    on(
      [project, data.ended, ready, data.version, wanted, live],
      ([id, ended, due, version, some, goesOn]) => {
        if (
          id === undefined ||
          !ended ||
          !due ||
          !some ||
          (asked?.project === id && asked.version === version && !goesOn)
        )
          return
        clearTimeout(timer)
        const wait = asked?.project === id ? asked.at + AGAIN_MS - performance.now() : 0
        timer = setTimeout(() => void ask(id, version), Math.max(0, wait))
      },
    ),
  )

  async function ask(id: ProjectId, version: number): Promise<void> {
    asked?.abort.abort()
    const own = { project: id, version, at: performance.now(), abort: new AbortController() }
    asked = own
    try {
      const found = await engine.ask('alerts', { project: id }, { signal: own.abort.signal })
      if (asked === own) setStatus((before) => (isSame(before, found) ? before : { kind: 'ready', ...found }))
    } catch (error) {
      // what was read stays while a live source does not answer for a moment
      if (asked === own && !isAbort(error))
        setStatus((before) =>
          before.kind === 'ready' ? before : { kind: 'failed', notice: noticeOf(error, 'alerts') },
        )
    }
    if (asked === own && live() && wanted()) timer = setTimeout(() => void ask(id, data.version()), AGAIN_MS)
  }

  const all = createMemo(() => {
    const now = status()
    return now.kind === 'ready' ? now.alerts : []
  })
  return {
    status,
    all,
    count: createMemo(() => {
      const value = all().length
      const tone = (['error', 'warn'] as const).find((level) => all().some((alert) => alert.level === level))
      const grave = all().filter(({ level }) => level === tone).length
      const words = tone ? `, ${formatPlural(grave, tone === 'warn' ? 'warning' : tone)}` : ''
      return value === 0 ? undefined : { value, tone, words: formatPlural(value, 'alert') + words }
    }),
    retry() {
      const id = project()
      if (id === undefined) return
      setStatus({ kind: 'loading' })
      void ask(id, data.version())
    },
  }
}

/** Alerts are only added; what was renamed or deleted changes their number or their runs. */
function isSame(before: AlertsStatus, { alerts, notices }: Alerts): boolean {
  if (
    before.kind !== 'ready' ||
    before.alerts.length !== alerts.length ||
    before.notices.length !== notices.length
  )
    return false
  return before.alerts.every(
    ({ id, runName, run }, i) =>
      id === alerts[i]?.id && runName === alerts[i]?.runName && run === alerts[i]?.run,
  )
}

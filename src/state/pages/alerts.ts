import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { formatPlural } from '../../compute/format.ts'
import type { Alert, Alerts } from '../../model/alert.ts'
import { noticeOf } from '../../model/errors.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import type { PageCount } from '../address/page-rules.ts'
import { createLatest } from '../base/latest.ts'
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
  /** Of which rows they are, or are being asked for. */
  let asked: number | undefined
  const latest = createLatest({
    ask(id, signal) {
      asked = data.version()
      return engine.ask('alerts', { project: id }, { signal })
    },
    answered(found, id) {
      setStatus((before) => (isSame(before, found) ? before : { kind: 'ready', ...found }))
      lookAgain(id)
    },
    failed(error, id) {
      // what was read stays while a live source does not answer for a moment
      setStatus((before) =>
        before.kind === 'ready' ? before : { kind: 'failed', notice: noticeOf(error, 'alerts') },
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
        setStatus({ kind: 'loading' })
      },
      { defer: true },
    ),
  )
  createEffect(
    on(
      [project, data.ended, ready, data.version, wanted, live],
      ([id, ended, due, version, some, goesOn]) => {
        const isDue = ended && due && some && (asked !== version || goesOn)
        if (id !== undefined && isDue) latest.again(id, AGAIN_MS)
      },
    ),
  )

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
      latest.ask(id)
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

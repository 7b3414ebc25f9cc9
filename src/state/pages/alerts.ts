import { type Accessor, createMemo } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { formatPlural } from '../../compute/format.ts'
import type { Alert, Alerts } from '../../model/alert.ts'
import type { ProjectId } from '../../model/source.ts'
import type { PageCount } from '../address/page-rules.ts'
import type { ProjectData } from '../data/catalogue.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'

export type AlertsStatus = GrowingStatus<Alerts>

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
  const { status, retry } = createGrowing<Alerts>({
    ...{ subject: 'alerts', project, live, version: data.version, isSame },
    wanted: createMemo(() => data.ended() && ready() && wanted()),
    ask: (id, signal) => engine.ask('alerts', { project: id }, { signal }),
  })

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
    retry,
  }
}

/** Alerts are only added; what was renamed or deleted changes their number or their runs. */
function isSame(before: Alerts, { alerts, notices }: Alerts): boolean {
  if (before.alerts.length !== alerts.length || before.notices.length !== notices.length) return false
  return before.alerts.every(
    ({ id, runName, run }, i) =>
      id === alerts[i]?.id && runName === alerts[i]?.runName && run === alerts[i]?.run,
  )
}

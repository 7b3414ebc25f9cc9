import { type Accessor, createMemo, createSignal } from 'solid-js'
import type { Notice } from '../../model/source.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Patterns } from '../address/patterns.ts'
import type { ProjectData } from '../data/catalogue.ts'
import type { Settled } from '../data/readiness.ts'
import type { Runs } from '../runs/runs.ts'
import { dataNotices, textOf } from '../sources/data-notices.ts'
import type { Sources } from '../sources/sources.ts'
import type { Metrics } from './metric-list.ts'

export interface NoticesOptions {
  location: ViewLocation
  sources: Sources
  data: ProjectData
  runs: Runs
  metrics: Metrics
  patterns: Patterns
  settled: Settled
  /** All that the address names was tried. */
  started: Accessor<boolean>
  /** Said from the start. */
  always: readonly Notice[]
  /** What is wrong with the alerts. */
  alerts: Accessor<readonly Notice[]>
}

export interface Notices {
  all: Accessor<Notice[]>
  dismiss(notice: Notice): void
}

/** What is wrong with the address or the project, in words, without what a person dismissed. */
export function createNotices(options: NoticesOptions): Notices {
  const { location, sources, data, runs, metrics, patterns, settled } = options
  const [dismissed, setDismissed] = createSignal<ReadonlySet<string>>(new Set())
  const [linkNotices, setLinkNotices] = createSignal<typeof import('./link-notices.ts').linkNotices>()
  settled.setBusy('notices', true)
  import('./link-notices.ts')
    .then((module) => setLinkNotices(() => module.linkNotices))
    .catch((error: unknown) => sources.fail(error, 'what the address asks for'))
    .finally(() => settled.setBusy('notices', false))
  return {
    all: createMemo(() => {
      const linked = linkNotices()?.(options.started(), location, sources, data, runs, metrics) ?? []
      const all = [
        ...options.always,
        ...linked,
        ...patterns.notices(location.view()),
        ...dataNotices(sources, data),
        ...options.alerts(),
      ]
      return all.filter((notice) => !dismissed().has(textOf(notice)))
    }),
    dismiss(notice) {
      // a failure that happens again must be said again
      if (sources.failures().includes(notice)) sources.dismiss(notice)
      else setDismissed(new Set(dismissed()).add(textOf(notice)))
    },
  }
}

import { type Accessor, createMemo, createSignal, untrack } from 'solid-js'
import type { Notice } from '../../model/source.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Patterns } from '../address/patterns.ts'
import type { ProjectData } from '../data/catalogue.ts'
import type { Settled } from '../data/readiness.ts'
import type { Runs } from '../runs/runs.ts'
import { dataNotices, textOf } from '../sources/data-notices.ts'
import type { Sources } from '../sources/sources.ts'
import type { Metrics } from './metric-list.ts'

export const READER = 'the page’s worker'

export interface NoticesOptions {
  location: ViewLocation
  sources: Sources
  data: ProjectData
  metrics: Metrics
  runs: Runs
  patterns: Patterns
  settled: Settled
  /** All that the address names was tried. */
  started: Accessor<boolean>
  /** The engine shares the page's thread. */
  slow: boolean
  /** What is wrong with the alerts. */
  alerts: Accessor<readonly Notice[]>
}

export interface Notices {
  all: Accessor<Notice[]>
  dismiss(notice: Notice): void
  /** Says that the engine ended, in place of what was said of the one before. */
  crashed(why: string, again: boolean): void
}

/** What is wrong with the address or the project, in words, without what a person dismissed. */
export function createNotices(options: NoticesOptions): Notices {
  const { location, sources, data, metrics, runs, patterns, settled } = options
  const [dismissed, setDismissed] = createSignal<ReadonlySet<string>>(new Set())
  const [words, setWords] = createSignal<typeof import('./notice-words.ts')>()
  let lastCrash: Notice | undefined
  settled.setBusy('notices', true)
  import('./notice-words.ts')
    .then((module) => setWords(() => module))
    .catch((error: unknown) => sources.fail(error, 'what the address asks for'))
    .finally(() => settled.setBusy('notices', false))
  return {
    all: createMemo(() => {
      const known = words()
      const all = [
        ...(options.slow && known ? [known.NO_WORKER] : []),
        ...(known?.linkNotices(options.started(), location, sources, data, metrics, runs) ?? []),
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
    crashed(why, again) {
      if (lastCrash) sources.dismiss(lastCrash)
      const known = untrack(words)
      // it may end before the words are here
      const told: Notice = known
        ? (again ? known.engineRestarted : known.engineEnded)(READER, why)
        : { level: 'error', subject: READER, text: `ended (${why})` }
      lastCrash = told
      sources.tell(told)
    },
  }
}

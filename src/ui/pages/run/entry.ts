import { lazy } from 'solid-js'
import { RUN, RUNS } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

/** One run. It is reached from what names it: the table, the list, an alert. */
export const runPage: PageEntry = {
  id: RUN,
  label: 'Run',
  needs: 'runs',
  under: RUNS,
  own: {
    run: /./,
    at: /^(metrics|config|system|alerts|artifacts|rows)$/,
    step: /^-?\d+(\.\d+)?$/,
    cols: /./,
    sort: /./,
    q: /./,
    find: /./,
    varies: /^on$/,
  },
  view: lazy(async () => ({ default: (await import('./run.tsx')).RunPage })),
  rail: true,
}

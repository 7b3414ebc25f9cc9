import { lazy } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { MARKDOWN } from '../../../model/report.ts'
import type { App } from '../../../state/app.ts'
import { REPORTS } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const reportsPage: PageEntry = {
  id: REPORTS,
  label: 'Reports',
  key: 'p',
  needs: 'runs',
  own: {
    q: /./,
    key: /./,
    run: /./,
    step: /^-?[\d.]+(e[+-]?\d+)?$/,
    at: /^[1-9]\d*$/,
    sort: /^(oldest|highest|lowest)$/,
    diff: /^(before|-?[\d.]+(e[+-]?\d+)?)$/,
  },
  view: lazy(async () => ({ default: (await import('./reports.tsx')).ReportsPage })),
  holds: (app) => countReports(app) > 0,
  count(app) {
    const value = countReports(app)
    return value === 0 ? undefined : { value, words: formatPlural(value, 'report') }
  },
}

function countReports({ data }: App): number {
  return (data.catalogue()?.others ?? []).reduce((sum, { kinds }) => sum + (kinds[MARKDOWN] ?? 0), 0)
}

import { lazy } from 'solid-js'
import { ALERTS } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const alertsPage: PageEntry = {
  id: ALERTS,
  label: 'Alerts',
  key: 'a',
  needs: 'alerts',
  own: {
    level: /^(error|warn|info)$/,
    run: /./,
    only: /^shown$/,
    q: /./,
    fold: /^off$/,
    sort: /^-?(time|step|level|run)$/,
  },
  view: lazy(async () => ({ default: (await import('./alerts.tsx')).AlertsPage })),
  count: ({ alerts }) => alerts()?.count(),
  news: lazy(async () => ({ default: (await import('./news.tsx')).AlertNews })),
  rail: true,
}

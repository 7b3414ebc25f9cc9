import { lazy } from 'solid-js'
import type { PageRules } from '../../state/address/page-rules.ts'
import { alertsPage } from './alerts/entry.ts'
import { artifactsPage } from './artifacts/entry.ts'
import { comparePage } from './compare/entry.ts'
import { filesPage } from './files/entry.ts'
import { histogramsPage } from './histograms/entry.ts'
import { lineagePage } from './lineage/entry.ts'
import { mediaPage } from './media/entry.ts'
import { MetricsPage } from './metrics/metrics.tsx'
import type { PageEntry } from './page-entry.ts'
import { registriesPage } from './registries/entry.ts'
import { reportsPage } from './reports/entry.ts'
import { runPage } from './run/entry.ts'
import { runsPage } from './runs/entry.ts'
import { settingsPage } from './settings/entry.ts'
import { systemPage } from './system/entry.ts'
import { tablesPage } from './tables/entry.ts'
import { tracesPage } from './traces/entry.ts'

/**
 * Pages in the order of the nav; the first one is shown when nothing else is asked for. A page is a folder
 * and a line here.
 */
export const pages: readonly PageEntry[] = [
  // with the first download: it is what nearly everybody comes for
  { id: 'metrics', label: 'Metrics', key: 'm', needs: 'charts', view: MetricsPage },
  runsPage,
  systemPage,
  mediaPage,
  tablesPage,
  histogramsPage,
  tracesPage,
  alertsPage,
  reportsPage,
  artifactsPage,
  filesPage,
]

/* Pages that are not in the nav. */

/** Those that a page of the nav leads to. */
export const innerPages: readonly PageEntry[] = [runPage, comparePage, lineagePage, registriesPage]
export { settingsPage }
// a link needs it only where it fails, perhaps without a network by then: it is fetched once the charts stand
export const openPage: PageEntry = {
  id: 'open',
  label: 'Open a source',
  needs: 'nothing',
  view: lazy(async () => ({ default: (await import('./open/open.tsx')).OpenPage })),
}

export const pageRules: PageRules = {
  all: [...pages, ...innerPages, settingsPage, openPage],
  home: pages[0]?.id ?? openPage.id,
  open: openPage.id,
}

export function pageOf(id: string): PageEntry | undefined {
  return [...pages, ...innerPages, settingsPage, openPage].find((page) => page.id === id)
}

import { lazy } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import type { App } from '../../../state/app.ts'
import { TRACES } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const tracesPage: PageEntry = {
  id: TRACES,
  label: 'Traces',
  key: 't',
  needs: 'runs',
  own: {
    q: /./,
    trace: /./,
    tab: /^(spans|compare|json|charts)$/,
    step: /^-?[\d.e+]+(:-?[\d.e+]+)?$/,
    run: /./,
    role: /./,
    sort: /^-?(time|step|tokens|duration|cost|hits|failed)$/,
    with: /./,
    by: /^(runs|all)$/,
    as: /^markdown$/,
  },
  view: lazy(async () => ({ default: (await import('./traces.tsx')).TracesPage })),
  count(app) {
    const value = counted(app)
    return value > 0 ? { value, words: formatPlural(value, 'trace') } : undefined
  },
  holds: (app) => counted(app) !== 0,
  rail: true,
}

/** Those of the table, and those that stand in rows of metrics (before 0.26); NaN where they were not counted. */
function counted({ sideCounts, data }: App): number {
  const inline =
    data.catalogue()?.others.reduce((sum, { kinds }) => sum + (kinds['trackio.trace'] ?? 0), 0) ?? 0
  const table = sideCounts().find(({ table }) => table === 'traces')
  return inline + (table ? (table.rows ?? Number.NaN) : 0)
}

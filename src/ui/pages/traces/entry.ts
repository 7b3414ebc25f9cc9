import { lazy } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { TRACES } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'
import { countTraces } from './count.ts'

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
    const value = countTraces(app)
    return value > 0 ? { value, words: formatPlural(value, 'trace') } : undefined
  },
  holds: (app) => countTraces(app) !== 0,
  rail: true,
}

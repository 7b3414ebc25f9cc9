import { lazy } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { HISTOGRAM } from '../../../model/histogram.ts'
import type { App } from '../../../state/app.ts'
import { HISTOGRAMS } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const histogramsPage: PageEntry = {
  id: HISTOGRAMS,
  label: 'Histograms',
  key: 'h',
  needs: 'runs',
  own: {
    q: /./,
    regex: /^on$/,
    view: /^(heat|ridge|percentiles|outlines)$/,
    value: /^linear$/,
    range: /^(middle|full)$/,
    step: /^-?[\d.e+-]+$/,
    open: /./,
    run: /./,
    only: /^p(1|25|50|75|99)$/,
  },
  view: lazy(async () => ({ default: (await import('./histograms.tsx')).HistogramsPage })),
  holds: (app) => keysOf(app) > 0,
  count(app) {
    const value = keysOf(app)
    return value === 0 ? undefined : { value, words: formatPlural(value, 'histogram') }
  },
}

function keysOf({ data }: App): number {
  return (data.catalogue()?.others ?? []).filter(({ kinds }) => HISTOGRAM in kinds).length
}

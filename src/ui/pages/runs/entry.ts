import { lazy } from 'solid-js'
import { RUNS } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const runsPage: PageEntry = {
  id: RUNS,
  label: 'Runs',
  key: 'r',
  needs: 'runs',
  own: {
    cols: /./,
    sort: /./,
    open: /./,
    pin: /./,
    sets: /./,
    show: /^(value|percent)$/,
    within: /./,
    view: /^(scatter|parallel)$/,
    xcol: /./,
    ycol: /./,
    color: /./,
    size: /./,
    log: /./,
    flip: /./,
    good: /./,
    without: /^(frontier|seeds)(,(frontier|seeds))?$/,
    lasso: /^[\d.,-]+$/,
    axes: /./,
    order: /^explained$/,
  },
  view: lazy(async () => ({ default: (await import('./runs.tsx')).RunsPage })),
  count: ({ runs }) => {
    const value = runs.all().length
    return value === 0 ? undefined : { value, words: `${value} ${value === 1 ? 'run' : 'runs'}` }
  },
  rail: true,
}

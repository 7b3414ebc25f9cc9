import { lazy } from 'solid-js'
import { COMPARE, RUNS } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const comparePage: PageEntry = {
  id: COMPARE,
  label: 'Compare',
  key: 'c',
  needs: 'runs',
  under: RUNS,
  own: {
    runs: /./,
    q: /./,
    differ: /^on$/,
    on: /./,
    by: /^(last|first|min|max|mean|tail)$/,
    values: /^(value|change|percent)$/,
    set: /^(some|base|new)$/,
    order: /^name$/,
    turn: /^on$/,
    fold: /^[a-z,]+$/,
  },
  view: lazy(async () => ({ default: (await import('./compare.tsx')).ComparePage })),
  rail: true,
}

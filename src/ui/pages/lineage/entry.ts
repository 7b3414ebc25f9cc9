import { lazy } from 'solid-js'
import { ARTIFACTS, LINEAGE } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

/** What versions were made from and what was made of them. */
export const lineagePage: PageEntry = {
  id: LINEAGE,
  label: 'Lineage',
  needs: 'runs',
  under: ARTIFACTS,
  own: {
    around: /./,
    node: /./,
    to: /./,
    show: /^(from|of)$/,
    fold: /^(off|[1-9]\d{0,3})$/,
    open: /^\[/,
    as: /^list$/,
    find: /./,
  },
  view: lazy(async () => ({ default: (await import('./lineage.tsx')).LineagePage })),
  rail: true,
}

import { lazy } from 'solid-js'
import { SYSTEM } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const systemPage: PageEntry = {
  id: SYSTEM,
  label: 'System',
  key: 's',
  needs: 'system',
  own: {
    q: /./,
    regex: /^on$/,
    off: /./,
    draw: /^(lines|mean|strip)$/,
    split: /^on$/,
    range: /^(robust|zero)$/,
    stretch: /^(step|relative|wall):-?[\d.e+-]+,-?[\d.e+-]+$/,
  },
  holds: ({ sideCounts }) => sideCounts().some(({ table, rows }) => table === 'system' && rows !== 0),
  view: lazy(async () => ({ default: (await import('./system.tsx')).SystemPage })),
}

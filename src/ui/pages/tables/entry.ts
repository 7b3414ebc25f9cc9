import { lazy } from 'solid-js'
import { TABLE } from '../../../model/logged-table.ts'
import { TABLES } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const tablesPage: PageEntry = {
  id: TABLES,
  label: 'Tables',
  key: 'b',
  needs: 'runs',
  own: {
    key: /./,
    steps: /^(one|all)$/,
    step: /^-?[\d.]+(e[+-]?\d+)?$/,
    filters: /^\[/,
    sort: /^-?[.@]/,
    find: /./,
    hide: /^\[/,
    rows: /^tall$/,
    diff: /^on$/,
    from: /^\[/,
    to: /^\[/,
    by: /./,
    show: /^(changed|same|onlyA|onlyB)$/,
  },
  holds: ({ data }) => (data.catalogue()?.others ?? []).some(({ kinds }) => (kinds[TABLE] ?? 0) > 0),
  count({ data }) {
    const keys = (data.catalogue()?.others ?? []).filter(({ kinds }) => (kinds[TABLE] ?? 0) > 0).length
    return keys === 0
      ? undefined
      : { value: keys, words: `tables of ${keys === 1 ? '1 key' : `${keys} keys`}` }
  },
  view: lazy(async () => ({ default: (await import('./tables.tsx')).TablesPage })),
}

import { lazy } from 'solid-js'
import { isMediaKind } from '../../../compute/media-payload.ts'
import type { OtherKey } from '../../../model/metric.ts'
import { MEDIA } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

const SIDE = /^(run|step|caption|none|all|config:.+)$/

export const mediaPage: PageEntry = {
  id: MEDIA,
  label: 'Media',
  key: 'e',
  needs: 'runs',
  own: {
    step: /^-?[\d.e+-]+$/,
    else: /^(nothing|nearest|before:([\d.e+-]+|Infinity))$/,
    rows: SIDE,
    cols: SIDE,
    show: /^trackio\.\w+$/,
    size: /^[sl]$/,
    window: /^near$/,
    q: /./,
    keys: /^\{.*\}$/,
    open: /^\[.*\]$/,
    mode: /^(difference|blink)$/,
    of: /^signed$/,
    gain: /^\d+$/,
  },
  holds: ({ data }) => heldIn(data.catalogue()?.others) > 0,
  count({ data }) {
    const n = heldIn(data.catalogue()?.others)
    return n === 0 ? undefined : { value: n, words: n === 1 ? '1 value' : `${n} values` }
  },
  view: lazy(async () => ({ default: (await import('./media.tsx')).MediaPage })),
}

function heldIn(others: readonly OtherKey[] = []): number {
  return others
    .flatMap(({ kinds }) => Object.entries(kinds))
    .reduce((sum, [kind, n]) => sum + (isMediaKind(kind) ? n : 0), 0)
}

import { lazy } from 'solid-js'
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
    mode: /^(difference|blink|split)$/,
    of: /^signed$/,
    gain: /^\d+$/,
  },
  holds: ({ data }) =>
    data.catalogue()?.others.some(({ kinds }) => Object.keys(kinds).some((kind) => HELD.test(kind))) ?? true,
  view: lazy(async () => ({ default: (await import('./media.tsx')).MediaPage })),
}

const HELD = /^trackio\.(image|video|audio|html|object3d|markdown)$/

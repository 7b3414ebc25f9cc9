import { lazy } from 'solid-js'
import { ARTIFACTS, REGISTRIES } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

/** What a team agreed to use, and who was `production` when. */
export const registriesPage: PageEntry = {
  id: REGISTRIES,
  label: 'Registries',
  needs: 'runs',
  under: ARTIFACTS,
  own: {
    registry: /./,
    collection: /./,
    alias: /./,
    at: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z$/,
    kind: /^(promote|link|unlink|other)$/,
    list: /^versions$/,
    q: /./,
  },
  view: lazy(async () => ({ default: (await import('./registries.tsx')).RegistriesPage })),
  rail: true,
}

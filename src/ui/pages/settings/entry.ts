import { lazy } from 'solid-js'
import { SETTINGS } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const settingsPage: PageEntry = {
  id: SETTINGS,
  label: 'Settings',
  needs: 'nothing',
  own: { section: /^(look|charts|numbers|storage|memory|keyboard|about)$/, q: /./ },
  view: lazy(async () => ({ default: (await import('./settings.tsx')).SettingsPage })),
  rail: true,
}

import { createContext, createMemo, createSignal, useContext } from 'solid-js'
import { type ChartDefaults, chartDefaults, formatDefaults } from '../../../state/address/chart-defaults.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { SETTINGS as PAGE } from '../ids.ts'
import { findSettings, SECTIONS, SETTINGS, type SectionId, type SettingId } from './settings-list.ts'

export type SettingsModel = ReturnType<typeof createSettingsModel>

/** What the page shows: the section that a link names, and the rows that are looked for. */
export function createSettingsModel() {
  const { location, preferences } = useApp()
  const own = createMemo((): Own => location.view().own[PAGE] ?? {})
  const set = (change: Own): void => {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [PAGE]: { ...before[PAGE], ...change } } })
  }
  const text = () => own().q ?? ''
  const found = createMemo(() => findSettings(text()))
  /** Sections that have a row to show. */
  const sections = createMemo(() => {
    const ids = new Set([...found()].map((id) => SETTINGS[id][0]))
    return SECTIONS.filter(({ id }) => ids.has(id))
  })
  const charts = createMemo(() => chartDefaults(preferences.value().charts))
  /** Said once, after something was done that is seen nowhere else. */
  const [said, say] = createSignal('')
  return {
    section: createMemo(() => SECTIONS.find(({ id }) => id === own().section)?.id),
    setSection: (section: SectionId) => set({ section }),
    text,
    setText: (q: string) => set({ q }),
    isFound: (id: SettingId) => found().has(id),
    sections,
    found: () => found().size,
    charts,
    setChart: (change: Partial<ChartDefaults>) =>
      preferences.set({ charts: formatDefaults({ ...charts(), ...change }) }),
    said,
    say,
  }
}

export const SettingsContext = createContext<SettingsModel>()

export function useSettings(): SettingsModel {
  const model = useContext(SettingsContext)
  if (!model) throw new Error('useSettings: no SettingsContext around this component')
  return model
}

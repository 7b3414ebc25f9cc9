import { type Accessor, createComputed, createMemo, createSignal, onCleanup } from 'solid-js'
import type { ViewLocation } from './location.ts'
import type { Preferences } from './preferences.ts'

/** The theme of the address, else of this browser's preferences, else of the system. The page's root bears it. */
export function createTheme(location: ViewLocation, preferences: Preferences): Accessor<'light' | 'dark'> {
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const [system, setSystem] = createSignal(query.matches)
  const onChange = () => setSystem(query.matches)
  query.addEventListener('change', onChange)
  onCleanup(() => query.removeEventListener('change', onChange))
  const linked = location.field('theme')
  const theme = createMemo(() => {
    const choice = linked() ?? preferences.value().theme
    return choice === 'auto' ? (system() ? 'dark' : 'light') : choice
  })
  // before any effect of a chart, which reads the tokens of the new theme
  createComputed(() => {
    document.documentElement.dataset.theme = theme()
  })
  return theme
}

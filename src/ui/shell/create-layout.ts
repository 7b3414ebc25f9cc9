import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js'
import type { App } from '../../state/app.ts'
import type { Frame, Layout } from '../common/layout.ts'
import { pageOf } from '../pages/registry.ts'

/** The frame by window width and by what the link asks for. */
export function createLayout(app: App): Layout {
  const narrow = createMedia('(max-width: 639px)')
  const wide = createMedia('(min-width: 1024px)')
  const [over, setOver] = createSignal(false)
  const asked = app.location.field('sidebar')
  const frame = createMemo<Frame>(() =>
    asked() === 'hidden' ? 'embed' : narrow() && asked() === 'auto' ? 'phone' : 'full',
  )
  const fixed = createMemo((): 'open' | 'rail' => {
    if (asked() === 'visible') return 'open'
    if (asked() === 'collapsed' || !wide()) return 'rail'
    return app.preferences.value().sidebars[app.page()] ?? (pageOf(app.page())?.rail ? 'rail' : 'open')
  })
  return {
    frame,
    sidebar: createMemo(() => (fixed() === 'open' ? 'open' : over() ? 'over' : 'rail')),
    toggleSidebar() {
      if (fixed() === 'rail' && (asked() === 'collapsed' || !wide())) setOver(!over())
      else if (asked() === 'visible') app.location.patch({ sidebar: 'collapsed' })
      else {
        const { sidebars } = app.preferences.value()
        app.preferences.set({ sidebars: { ...sidebars, [app.page()]: fixed() === 'open' ? 'rail' : 'open' } })
      }
    },
  }
}

export function createMedia(query: string): Accessor<boolean> {
  const media = window.matchMedia(query)
  const [matches, setMatches] = createSignal(media.matches)
  const onChange = () => setMatches(media.matches)
  media.addEventListener('change', onChange)
  onCleanup(() => media.removeEventListener('change', onChange))
  return matches
}

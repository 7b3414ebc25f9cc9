import '../../styles/settings.css'
import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { useApp } from '../../../state/app.ts'
import { createKept } from '../../../state/pages/kept.ts'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { SearchField } from '../../components/search-field.tsx'
import type { PageProps } from '../page-entry.ts'
import { About } from './about.tsx'
import { Charts } from './charts.tsx'
import { Keyboard } from './keyboard.tsx'
import { Look } from './look.tsx'
import { Memory } from './memory.tsx'
import { createSettingsModel, SettingsContext } from './model.ts'
import { Numbers } from './numbers.tsx'
import type { SectionId } from './settings-list.ts'
import { Storage } from './storage.tsx'

/** Lines of a section that are hidden above when it counts as the one that is read. */
const SLACK = 24

/** One long page: what a person can choose, what is kept and held, and about the app itself. */
export function SettingsPage(props: PageProps) {
  const { preferences, library, hub, settled } = useApp()
  const model = createSettingsModel()
  const kept = createKept({ library, hub })
  const [current, setCurrent] = createSignal<SectionId>('look')
  let sheet: HTMLDivElement | undefined

  settled.setBusy('settings', true)
  onMount(() => void kept.look().finally(() => settled.setBusy('settings', false)))
  onCleanup(() => settled.setBusy('settings', false))
  createEffect(() =>
    setPageWords(
      preferences.lasts() ? 'Kept in this browser as you change them' : 'Choices last for this visit only',
    ),
  )
  onCleanup(() => setPageWords(''))

  // by a link, and by the way back to one
  createEffect(
    on([model.section, settled.ready], ([section]) => {
      if (section) show(section)
    }),
  )

  function show(section: SectionId): void {
    const block = document.getElementById(`set-${section}`)
    if (!block || !sheet) return
    sheet.scrollTop += block.getBoundingClientRect().top - sheet.getBoundingClientRect().top
    setCurrent(section)
  }

  /** The section at the top of what is seen; at the very end the last one. */
  function look(): void {
    if (!sheet) return
    const { top } = sheet.getBoundingClientRect()
    const atEnd = sheet.scrollTop + sheet.clientHeight >= sheet.scrollHeight - 1 && sheet.scrollTop > 0
    const sections = model.sections()
    const reached = sections.filter(
      ({ id }) => (document.getElementById(`set-${id}`)?.getBoundingClientRect().top ?? 0) <= top + SLACK,
    )
    const now = (atEnd && model.section() === sections.at(-1)?.id ? sections : reached).at(-1)
    setCurrent((now ?? sections[0])?.id ?? 'look')
  }

  return (
    <SettingsContext.Provider value={model}>
      <main class="page settings" classList={{ phone: props.frame === 'phone' }} aria-label="Settings">
        <h1 class="unseen">Settings</h1>
        <SourceNotices />
        <Show when={!preferences.lasts()}>
          <p class="set-visit" role="status">
            This browser stores nothing for this page, or has no room left: choices last for this visit only.
          </p>
        </Show>
        <div class="set-panes">
          <div class="set-side toolbar own">
            <SearchField
              label="Search settings"
              placeholder="Search settings"
              hint="/"
              value={model.text()}
              onInput={model.setText}
            />
            <nav aria-label="Sections">
              <For each={model.sections()}>
                {({ id, title }) => (
                  <a
                    href={`#/settings?section=${id}`}
                    aria-current={current() === id ? 'true' : undefined}
                    onClick={(event) => {
                      if (event.metaKey || event.ctrlKey || event.shiftKey) return
                      event.preventDefault()
                      model.setSection(id)
                      show(id)
                      document.getElementById(`set-${id}-title`)?.focus({ preventScroll: true })
                    }}
                  >
                    {title}
                  </a>
                )}
              </For>
            </nav>
          </div>
          <div class="set-sheet" id="charts" tabIndex={-1} ref={sheet} onScroll={look}>
            <Look />
            <Charts />
            <Numbers />
            <Storage kept={kept} />
            <Memory />
            <Keyboard />
            <About kept={kept} />
            <Show when={model.found() === 0}>
              <div class="blank" role="status">
                <h2>No setting matches</h2>
                <button type="button" class="link-button" onClick={() => model.setText('')}>
                  Clear search
                </button>
              </div>
            </Show>
          </div>
        </div>
        <p class="set-said" role="status">
          {model.said()}
        </p>
        <span class="unseen" role="status">
          {model.text() === '' ? '' : `${formatPlural(model.found(), 'setting')} found`}
        </span>
      </main>
    </SettingsContext.Provider>
  )
}

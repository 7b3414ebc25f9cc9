import { createMemo, createSignal, createUniqueId, For, onMount, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { Dialog } from '../components/dialog.tsx'
import { Icon } from '../components/icon.tsx'
import { Name } from '../components/name.tsx'
import { pages } from '../pages/registry.ts'
import { wordsFor } from '../sidebar/source-block.tsx'
import { copyText } from './clipboard.ts'
import { modified } from './keys.ts'
import { useOpener } from './opener.ts'

interface Command {
  kind: 'action' | 'run' | 'metric'
  text: string
  note: string
  run(solo: boolean): void
}

const ROWS = 12
const KINDS = { '>': 'action', '@': 'run', '#': 'metric' } as const

/** One field for everything that has a name: actions, runs (`@`), metrics (`#`). `text` stands in it at first. */
export function Palette(props: { text: string; onClose(): void; onKeys(): void; goTo(metric: string): void }) {
  const [text, setText] = createSignal(props.text)
  const [at, setAt] = createSignal(0)
  const listId = createUniqueId()
  let input: HTMLInputElement | undefined
  const commands = createCommands(props)
  const found = createMemo(() => {
    const typed = text().trim()
    const [first = ''] = typed
    const kind = first === '>' || first === '@' || first === '#' ? KINDS[first] : undefined
    const query = kind ? typed.slice(1).trim() : typed
    const pool = kind ? commands().filter((command) => command.kind === kind) : commands()
    return pool
      .map((command) => ({ command, score: scoreOf(command.text, query) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, ROWS)
      .map(({ command }) => command)
  })
  onMount(() => input?.focus())

  function go(command: Command | undefined, solo: boolean): void {
    if (!command) return
    props.onClose()
    queueMicrotask(() => command.run(solo))
  }

  function onKeyDown(event: KeyboardEvent): void {
    const count = found().length
    if (event.key === 'ArrowDown') setAt(Math.min(count - 1, at() + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at() - 1))
    else if (event.key === 'Enter') go(found()[at()], event.metaKey || event.ctrlKey)
    else return
    event.preventDefault()
  }

  return (
    <Dialog label="Jump to" class="dialog palette" onClose={props.onClose}>
      <div class="field">
        <Icon name="search" />
        <input
          ref={input}
          role="combobox"
          aria-label="Jump to"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found().length > 0 ? `${listId}-${at()}` : undefined}
          placeholder="Metric, run or action; > @ # narrow it"
          value={text()}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div role="listbox" id={listId} aria-label="Found">
        <For each={found()}>
          {(command, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
            <div
              role="option"
              id={`${listId}-${i()}`}
              aria-selected={i() === at()}
              onPointerMove={() => setAt(i())}
              onClick={(event) => go(command, event.metaKey || event.ctrlKey)}
            >
              <span>
                <Name of={command.text} />
              </span>
              <span class="note">{command.note}</span>
            </div>
          )}
        </For>
      </div>
      <Show when={found().length === 0}>
        <p class="none">Nothing is called that</p>
      </Show>
    </Dialog>
  )
}

function createCommands(props: { onKeys(): void; goTo(metric: string): void }): () => Command[] {
  const { location, metrics, runs, view, setTheme, sources } = useApp()
  const opener = useOpener()
  const action = (text: string, note: string, run: () => void): Command => ({ kind: 'action', text, note, run })
  return createMemo(() => [
    ...pages.map((page) => action(page.label, 'page', () => location.patch({ page: page.id }))),
    action('Settings', 'page', () => location.patch({ page: 'settings' })),
    action('Open a source', modified('⌘O'), () => location.patch({ page: 'open' })),
    action('Open files', 'action', () => opener.chooseFiles()),
    action('Copy link', modified('⇧⌘C'), () => void copyText(location.link())),
    action('Reset zoom', '0', () => view.setZoom(undefined)),
    action('Log y', 'l', () => location.patch({ yScale: location.view().yScale === 'log' ? 'linear' : 'log' })),
    action('Show all runs', 'action', () =>
      runs.set(
        runs.all().map(({ key }) => key),
        true,
      ),
    ),
    action('Show newest 50 runs', 'action', runs.showNewest),
    action('Light theme', 'action', () => setTheme('light')),
    action('Dark theme', 'action', () => setTheme('dark')),
    action('Theme of the system', 'action', () => setTheme('auto')),
    action('Keys', '?', props.onKeys),
    ...sources.projects().map((project) => action(wordsFor(sources, project), 'project', () => sources.select(project.id))),
    ...sources
      .projects()
      .filter(({ id }) => id !== sources.project()?.id)
      .map((project) => {
        const on = sources.beside().some(({ id }) => id === project.id)
        const words = wordsFor(sources, project)
        return action(on ? `Stop comparing with ${words}` : `Compare with ${words}`, 'project', () => sources.setBeside(project.id, !on))
      }),
    ...metrics.listed().map((name): Command => ({ kind: 'metric', text: name, note: 'metric', run: () => props.goTo(name) })),
    ...runs.all().map(
      ({ key, name }): Command => ({
        kind: 'run',
        text: name,
        note: 'run',
        run: (solo) => (solo ? runs.solo([key]) : runs.set([key], true)),
      }),
    ),
  ])
}

/** 0: not all letters in order. Together beats apart, at the start of a word beats inside. */
function scoreOf(text: string, query: string): number {
  if (query === '') return 1
  const [hay, needle] = [text.toLowerCase(), query.toLowerCase()]
  const whole = hay.indexOf(needle)
  if (whole !== -1) return 1000 - whole - hay.length / 100 + (whole === 0 || /[\s/_.-]/.test(hay[whole - 1] ?? '') ? 500 : 0)
  let from = -1
  let gaps = 0
  for (const letter of needle) {
    const next = hay.indexOf(letter, from + 1)
    if (next === -1) return 0
    if (from !== -1) gaps += next - from - 1
    from = next
  }
  return Math.max(1, 400 - gaps * 4 - hay.length / 100)
}

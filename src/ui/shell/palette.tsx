import '../styles/palette.css'
import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  For,
  lazy,
  Match,
  onMount,
  Show,
  Switch,
} from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import { useApp } from '../../state/app.ts'
import { Dialog } from '../components/dialog.tsx'
import { Icon } from '../components/icon.tsx'
import { Name } from '../components/name.tsx'
import { type ChartAction, createActions, createChartActions } from './palette-actions.ts'
import { restOf, scoreOf } from './palette-search.ts'

// what some actions lead to
const PublishDialog = lazy(async () => ({
  default: (await import('../common/publish-dialog.tsx')).PublishDialog,
}))
const FigureDialog = lazy(async () => ({
  default: (await import('../charts/figure/figure-dialog.tsx')).FigureDialog,
}))

export interface PaletteProps {
  /** Stands in the field at first. */
  text: string
  /** The chart that had the focus or the pointer. */
  chart: string | undefined
  onClose(): void
  onKeys(): void
  goTo(metric: string): void
  /** Does what a single key of the page does; false where it has nothing to act on. */
  press(key: string): boolean
}

interface Command {
  kind: 'action' | 'run' | 'metric'
  text: string
  words?: string | undefined
  note?: string
  key?: string | undefined
  /** It goes on in the palette's place instead of closing it. */
  stays?: boolean | undefined
  run(solo: boolean): void
}

const ROWS = 12
const KINDS = { '>': 'action', '@': 'run', '#': 'metric' } as const
/** Buttons of a phone's bar, whose sheets hold what these keys lead to. */
const SHEETS: Record<string, string> = { s: 'Smoothing', '/': 'Runs', f: 'Search' }

/**
 * One field for everything that has a name: actions, runs (`@`), metrics (`#`). An action on a chart asks
 * which one, where none is at hand.
 */
export function Palette(props: PaletteProps) {
  const [next, setNext] = createSignal<{ kind: 'publish' } | { kind: 'figure'; metric: string }>()
  const figure = () => {
    const now = next()
    return now?.kind === 'figure' ? now.metric : undefined
  }
  const { view } = useApp()
  return (
    <Switch>
      <Match when={next() === undefined}>
        <Finder {...props} onClose={() => next() === undefined && props.onClose()} onNext={setNext} />
      </Match>
      <Match when={next()?.kind === 'publish'}>
        <PublishDialog onClose={props.onClose} />
      </Match>
      <Match when={figure()}>
        {(metric) => <FigureDialog view={view} metric={metric()} onClose={props.onClose} />}
      </Match>
    </Switch>
  )
}

type Next = { kind: 'publish' } | { kind: 'figure'; metric: string }

function Finder(props: PaletteProps & { onNext(next: Next): void }) {
  const [early, enter] = props.text.split('\n')
  const [text, setText] = createSignal(early ?? '')
  const [at, setAt] = createSignal(0)
  const [asking, setAsking] = createSignal<ChartAction>()
  const listId = createUniqueId()
  let input: HTMLInputElement | undefined
  const { commands, onCharts } = createCommands(props, (action) => {
    setAsking(action)
    setText('')
    setAt(0)
  })
  const all = createMemo(() => {
    const action = asking()
    const typed = text().trim()
    if (action) return ranked(onCharts(action), typed)
    const [first = ''] = typed
    const kind = first === '>' || first === '@' || first === '#' ? KINDS[first] : undefined
    const query = kind ? typed.slice(1).trim() : typed
    const pool = kind ? commands().filter((command) => command.kind === kind) : commands()
    // `csv eval/loss`: an action and its chart in one go
    const both = kind === undefined || kind === 'action' ? onCharts(undefined, query) : []
    return [...ranked(pool, query), ...both]
  })
  const found = createMemo(() => all().slice(0, ROWS))
  onMount(() => {
    input?.focus()
    if (enter !== undefined) go(found()[0], false)
  })
  createEffect(() => document.getElementById(`${listId}-${at()}`)?.scrollIntoView({ block: 'nearest' }))

  function go(command: Command | undefined, solo: boolean): void {
    if (!command) return
    if (command.stays) return command.run(solo)
    props.onClose()
    queueMicrotask(() => command.run(solo))
  }

  function onKeyDown(event: KeyboardEvent): void {
    const count = found().length
    if (event.key === 'ArrowDown') setAt(Math.min(count - 1, at() + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at() - 1))
    else if (event.key === 'Enter') go(found()[at()], event.metaKey || event.ctrlKey)
    else if (event.key === 'Backspace' && text() === '' && asking()) setAsking(undefined)
    else return
    event.preventDefault()
  }

  return (
    <Dialog label="Jump to" class="dialog palette" onClose={props.onClose}>
      <div class="field">
        <Icon name="search" />
        <Show when={asking()}>{(action) => <span class="asking">{`${action().text}:`}</span>}</Show>
        <input
          ref={input}
          role="combobox"
          aria-label="Jump to"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found().length > 0 ? `${listId}-${at()}` : undefined}
          placeholder={asking() ? 'Which metric?' : 'Metric, run or action; > @ # narrow it'}
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
              <Show when={command.key}>
                <kbd class="key">{command.key}</kbd>
              </Show>
            </div>
          )}
        </For>
      </div>
      <Show when={all().length > ROWS}>
        <p class="none">{`and ${formatCount(all().length - ROWS)} more`}</p>
      </Show>
      <Show when={found().length === 0}>
        <p class="none">Nothing is called that</p>
      </Show>
    </Dialog>
  )
}

function ranked(pool: Command[], query: string): Command[] {
  return pool
    .map((command) => ({ command, score: scoreOf(command, query) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command)
}

function createCommands(
  props: PaletteProps & { onNext(next: Next): void },
  ask: (action: ChartAction) => void,
) {
  const { metrics, runs, view, preferences } = useApp()
  // after the palette has closed and the focus is back
  const options = {
    onKeys: props.onKeys,
    press(key: string): void {
      if (!props.press(key)) openSheet(SHEETS[key])
    },
    publish: () => props.onNext({ kind: 'publish' }),
    figure: (metric: string) => props.onNext({ kind: 'figure', metric }),
  }
  const actions = createActions(options)
  const chartActions = createChartActions(options)
  // single keys can be turned off
  const keyOf = (key: string | undefined) =>
    key !== undefined && (preferences.value().singleKeys || /⌘|Ctrl|Enter/.test(key)) ? key : undefined
  const onOne = (action: ChartAction, metric: string): Command => ({
    kind: 'action',
    text: `${action.text}: ${metric}`,
    words: action.words,
    key: metric === props.chart ? keyOf(action.key) : undefined,
    stays: action.dialog,
    run: () => action.run(metric),
  })

  const commands = createMemo((): Command[] => {
    const chart = props.chart
    const listed = metrics.listed()
    return [
      ...chartActions.flatMap((action): Command[] => {
        if (chart !== undefined) return [onOne(action, chart)]
        return listed.length === 0
          ? []
          : [
              {
                kind: 'action',
                text: `${action.text}…`,
                words: action.words,
                key: keyOf(action.key),
                stays: true,
                run: () => ask(action),
              },
            ]
      }),
      ...actions().map(
        (action): Command => ({
          kind: 'action',
          ...action,
          key: keyOf(action.key),
          stays: action.dialog,
          run: () => action.run(),
        }),
      ),
      ...listed.map(
        (name): Command => ({ kind: 'metric', text: name, note: 'metric', run: () => props.goTo(name) }),
      ),
      ...runs.all().map(
        ({ key, name }): Command => ({
          kind: 'run',
          text: name,
          note: 'run',
          run: (solo) => (solo ? runs.solo([key]) : runs.set([key], true)),
        }),
      ),
    ]
  })

  /** One action, or all that the typed words begin to name, on every metric that the other words are in. */
  function onCharts(action: ChartAction | undefined, query = ''): Command[] {
    const listed =
      metrics.listed().length > 0
        ? metrics.listed()
        : view.fullscreen() === undefined
          ? []
          : [view.fullscreen() ?? '']
    if (action) return listed.map((metric) => ({ ...onOne(action, metric), words: undefined }))
    const count = query.split(/\s+/).filter(Boolean).length
    return chartActions.flatMap((one) => {
      const rest = restOf(one, query)
      if (rest.length === 0 || rest.length === count) return []
      return listed
        .filter(
          (metric) => metric !== props.chart && rest.every((word) => metric.toLowerCase().includes(word)),
        )
        .map((metric) => onOne(one, metric))
    })
  }

  return { commands, onCharts }
}

/** A phone keeps these controls in sheets. */
function openSheet(name: string | undefined): void {
  const buttons = document.querySelectorAll<HTMLElement>('.phone-bar button, .phone-head button')
  for (const button of buttons) {
    if (name && (button.getAttribute('aria-label') ?? button.textContent ?? '').startsWith(name))
      return button.click()
  }
}

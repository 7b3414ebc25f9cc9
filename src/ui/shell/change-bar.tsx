import '../styles/changes.css'
import { createComputed, createMemo, For, on, onCleanup, Show } from 'solid-js'
import { visibleName } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import { type Entry, UNDO_MS } from '../../state/changes/entry.ts'
import type { MadeChanges, Undoable } from '../../state/changes/make-changes.ts'
import { changeWords, placeWords } from '../../state/changes/places.ts'
import { modified } from '../common/keys.ts'
import { focusBeside, focusLost } from '../components/focus.ts'
import { Icon } from '../components/icon.tsx'

/** Lines that are shown at once; all of them stand in the list of recent changes. */
const SHOWN = 3

/** Changes that can still be undone, or failed: what was done, the time left, the way back. */
export function ChangeBar(props: { made: MadeChanges }) {
  const { changes } = useApp()
  const shown = createMemo(() =>
    props.made
      .entries()
      .filter(
        ({ state, seen }) =>
          state === 'waiting' || state === 'making' || (!seen && (state === 'failed' || state === 'left')),
      ),
  )
  const byId = createMemo(() => new Map(shown().map((entry) => [entry.id, entry])))
  const ids = createMemo(() => shown().map(({ id }) => id))
  /** Said once, not with every second. */
  const newest = createMemo(() => {
    const said = props.made.said()
    if (said) return `${said.words}. ${modified('⌘Z')} undoes it.`
    const all = props.made.entries()
    const [last] = all
    // one fails when its time is over, after what was asked for meanwhile
    const bad = all.find(({ state, seen }) => !seen && (state === 'failed' || state === 'left'))
    const first = bad && last && last.at <= bad.until ? bad : last
    if (!first || first.seen) return ''
    const words = changeWords(first.change, first.place)
    if (first.state === 'waiting') return `${words}. ${modified('⌘Z')} undoes it for ten seconds.`
    if (first.state === 'failed' || first.state === 'left') return `${words} ${after(first, 0)}`
    return first.state === 'undone' ? `Undone: ${words}` : ''
  })
  return (
    <>
      <span class="unseen" role="status">
        {newest()}
      </span>
      <Show when={ids().length > 0 || props.made.said()}>
        <section class="change-bar" aria-label="Changes">
          <Show when={props.made.said()}>{(said) => <SaidLine said={said()} now={props.made.now()} />}</Show>
          <For each={ids().slice(0, SHOWN)}>
            {(id) => (
              <Show when={byId().get(id)}>{(entry) => <Line entry={entry()} made={props.made} />}</Show>
            )}
          </For>
          <Show when={ids().length > SHOWN}>
            <button type="button" class="text-button" onClick={() => changes.showList(true)}>
              {`${ids().length - SHOWN} more`}
            </button>
          </Show>
        </section>
      </Show>
    </>
  )
}

function SaidLine(props: { said: Undoable; now: number }) {
  let line!: HTMLDivElement
  onCleanup(() => handOn(line))
  return (
    <div class="change-line" ref={line}>
      <p>
        <b>{visibleName(props.said.words)}</b>
      </p>
      <button type="button" class="text-button primary" onClick={() => props.said.undo()}>
        Undo
      </button>
      <i class="change-left" style={{ width: share(props.said.until - props.now) }} />
    </div>
  )
}

/** What had the focus goes when its time is over, or another tab undid it: Tab goes on from here, not from the top. */
function handOn(line: HTMLElement): void {
  if (!line.contains(document.activeElement)) return
  queueMicrotask(() => {
    if (!focusLost()) return
    const next =
      document.querySelector<HTMLElement>('.change-bar button') ?? document.getElementById('charts')
    next?.focus()
  })
}

function Line(props: { entry: Entry; made: MadeChanges }) {
  let line!: HTMLDivElement
  // before the buttons of the state before are taken out
  createComputed(
    on(
      () => props.entry.state,
      () => handOn(line),
      { defer: true },
    ),
  )
  onCleanup(() => handOn(line))
  const left = () => props.entry.until - props.made.now()
  const seconds = () => Math.max(0, Math.ceil(left() / 1000))
  const words = () => changeWords(props.entry.change, props.entry.place)

  /** What had the focus goes with the line. */
  function leave(button: HTMLElement, act: () => void): void {
    if (!focusBeside(button.closest('.change-line'), 'button')) document.getElementById('charts')?.focus()
    act()
  }

  return (
    <div class="change-line" classList={{ [props.entry.state]: true }} ref={line}>
      <p>
        <b>{visibleName(words())}</b> <span class="hush">{visibleName(after(props.entry, seconds()))}</span>
      </p>
      <Show when={props.entry.state === 'waiting'}>
        <button
          type="button"
          class="text-button"
          onClick={(event) => leave(event.currentTarget, () => void props.made.makeNow(props.entry.id))}
        >
          Now
        </button>
        <button
          type="button"
          class="text-button primary"
          title={`Undo ${modified('⌘Z')}`}
          onClick={(event) => leave(event.currentTarget, () => void props.made.undo(props.entry.id))}
        >
          Undo
        </button>
        <i class="change-left" style={{ width: share(left()) }} />
      </Show>
      <Show when={props.entry.state === 'failed' || props.entry.state === 'left'}>
        <Show when={props.made.canAgain(props.entry)}>
          <button
            type="button"
            class="text-button primary"
            onClick={(event) => leave(event.currentTarget, () => props.made.again(props.entry.id))}
          >
            {props.entry.state === 'left' ? 'Do it now' : 'Try again'}
          </button>
        </Show>
        <button
          type="button"
          class="icon-button"
          aria-label={`Close ${words()}`}
          onClick={(event) => leave(event.currentTarget, () => props.made.dismiss(props.entry.id))}
        >
          <Icon name="close" />
        </button>
      </Show>
    </div>
  )
}

function after({ state, place, why }: Entry, seconds: number): string {
  switch (state) {
    case 'waiting':
      if (place.kind === 'server') return `sent to ${place.host} in ${seconds} s`
      return place.kind === 'file' ? `written to ${place.path} in ${seconds} s` : `for good in ${seconds} s`
    case 'making':
      return place.kind === 'server' ? `being sent to ${place.host}` : 'being written'
    case 'failed':
      return `failed, and is shown as it was: ${why}`
    case 'left':
      if (why) return `was broken off: ${why}. Look at ${placeWords(place)} again.`
      return `was not ${place.kind === 'server' ? 'sent' : 'written'}: its page was closed before. ${placeWords(place)} is as it was.`
    default:
      return ''
  }
}

function share(left: number): string {
  return `${Math.max(0, Math.min(100, (left / UNDO_MS) * 100))}%`
}

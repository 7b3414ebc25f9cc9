import '../../styles/words.css'
import { createMemo, For, Show } from 'solid-js'
import { splitMiddle } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { diffWords, type Piece } from '../../../compute/word-diff.ts'
import type { CellView } from './cells.ts'

/** Letters before the first difference that a cell shows, and all that it shows. */
const [BEFORE, SHOWN] = [14, 90]

/** A value; of a metric with how far it is from the baseline; of a long text where it first differs. */
export function CompareCell(props: { view: CellView; opened: boolean; onOpen(): void }) {
  const view = () => props.view
  // names of folders and files differ at their ends
  const halves = () => splitMiddle(view().text, 9)
  return (
    <Show when={!view().waits} fallback={<i class="cell-waits" />}>
      <Show
        when={view().long}
        fallback={
          <>
            <span
              class={`value ${view().tone ?? ''}`}
              classList={{ best: view().best ?? false, halves: halves()[1] !== '' }}
              data-value={view().exact}
              title={view().exact}
            >
              <Show when={halves()[1] !== ''} fallback={view().text}>
                <span>{halves()[0]}</span>
                <span>{halves()[1]}</span>
              </Show>
            </span>
            <Show when={view().change !== undefined}>
              <span class={`delta ${view().changeTone ?? ''}`}>{view().change}</span>
            </Show>
          </>
        }
      >
        {(long) => (
          <button
            type="button"
            class={`long ${view().tone ?? ''}`}
            tabIndex={-1}
            aria-expanded={props.opened}
            title="All of it (Enter)"
            onClick={() => props.onOpen()}
          >
            <Show when={long().base} fallback={view().text}>
              {(base) => <Marked pieces={snippet(base(), long().text)} />}
            </Show>
          </button>
        )}
      </Show>
    </Show>
  )
}

/** From a little before the first difference on. */
function snippet(base: string, text: string): Piece[] {
  let at = 0
  while (at < base.length && base[at] === text[at]) at++
  const from = Math.max(0, at - BEFORE)
  const { pieces } = diffWords(base.slice(from, from + SHOWN), text.slice(from, from + SHOWN))
  return from > 0 ? [{ kind: 'same', text: '…' }, ...pieces] : pieces
}

/** A piece of a text: a space at its ends is one between words. */
function withSpaces(text: string): string {
  const [, before = '', middle = '', after = ''] = /^( ?)(.*?)( ?)$/s.exec(text) ?? []
  return before + visibleName(middle) + after
}

/** What was added and what was removed, which is told without colour too. */
function Marked(props: { pieces: readonly Piece[]; lines?: boolean }) {
  const shown = (text: string): string =>
    props.lines ? text.split('\n').map(withSpaces).join('\n') : withSpaces(text)
  return (
    <For each={props.pieces}>
      {({ kind, text }) => (
        <Show when={kind !== 'same'} fallback={shown(text)}>
          <Show when={kind === 'ins'} fallback={<del>{shown(text)}</del>}>
            <ins>{shown(text)}</ins>
          </Show>
        </Show>
      )}
    </For>
  )
}

/** All of a long text below its line, against that of the baseline. */
export function WholeText(props: { label: string; base: string | undefined; text: string }) {
  const diff = createMemo(() => (props.base === undefined ? undefined : diffWords(props.base, props.text)))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section class="whole-text" aria-label={props.label} tabIndex={0}>
      <h3>
        {visibleName(props.label)}
        <Show when={diff()}>
          {(found) => (
            <span class="quiet">
              {found().whole ? ' against the baseline' : ' against the baseline: too different to mark words'}
            </span>
          )}
        </Show>
      </h3>
      <p dir="auto">
        <Show when={diff()} fallback={<Marked lines pieces={[{ kind: 'same', text: props.text }]} />}>
          {(found) => <Marked lines pieces={found().pieces} />}
        </Show>
      </p>
    </section>
  )
}

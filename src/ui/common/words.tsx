import '../styles/words.css'
import { createMemo, For, Match, Switch } from 'solid-js'
import { visibleName } from '../../compute/visible-name.ts'
import { diffWords } from '../../compute/word-diff.ts'

/** Two texts as one, what differs struck or underlined; or one side of them. */
export function Words(props: {
  before: string
  after: string
  /** Only the first or the second text, with what the other lacks marked. */
  side?: 'before' | 'after'
  plain?: boolean
}) {
  // before they are compared: a piece by itself may end in a space
  const shown = (text: string): string => (props.plain ? text : visibleName(text))
  const pieces = createMemo(() =>
    diffWords(shown(props.before), shown(props.after)).pieces.filter(
      ({ kind }) => kind === 'same' || !props.side || kind === (props.side === 'before' ? 'del' : 'ins'),
    ),
  )
  return (
    <For each={pieces()}>
      {(piece) => (
        <Switch fallback={piece.text}>
          <Match when={piece.kind === 'del'}>
            <del>{piece.text}</del>
          </Match>
          <Match when={piece.kind === 'ins'}>
            <ins>{piece.text}</ins>
          </Match>
        </Switch>
      )}
    </For>
  )
}

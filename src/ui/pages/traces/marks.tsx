import { For, Show } from 'solid-js'
import { findText } from '../../../compute/find-text.ts'

/** A text with its hits marked; `current`: where the one begins that is shown now. */
export function Marked(props: { text: string; wanted: string; current?: number | undefined }) {
  const parts = () => {
    const found = findText(props.text, props.wanted)
    const all: { text: string; at: number; hit: boolean }[] = []
    let from = 0
    for (const [start, end] of found) {
      if (start > from) all.push({ text: props.text.slice(from, start), at: from, hit: false })
      all.push({ text: props.text.slice(start, end), at: start, hit: true })
      from = end
    }
    if (from < props.text.length) all.push({ text: props.text.slice(from), at: from, hit: false })
    return all
  }
  return (
    <Show when={props.wanted !== ''} fallback={props.text}>
      <For each={parts()}>
        {({ text, at, hit }) => (
          <Show when={hit} fallback={text}>
            <mark classList={{ now: props.current === at }}>{text}</mark>
          </Show>
        )}
      </For>
    </Show>
  )
}

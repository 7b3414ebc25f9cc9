import { createMemo, For } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'

/** A text with what is looked for marked in it, whatever its case. `current`: that hit is the one stood at. */
export function Hits(props: { text: string; find: string; current?: boolean | undefined; plain?: boolean }) {
  const shown = () => (props.plain ? props.text : visibleName(props.text))
  const parts = createMemo(() => partsOf(shown(), props.find))
  return (
    <For each={parts()}>
      {(part) => (part.hit ? <mark classList={{ current: props.current }}>{part.text}</mark> : part.text)}
    </For>
  )
}

function partsOf(text: string, find: string): { text: string; hit: boolean }[] {
  if (find === '') return [{ text, hit: false }]
  const [lower, needle] = [text.toLowerCase(), find.toLowerCase()]
  // a letter may be longer in lower case: then places would be others
  if (lower.length !== text.length) return [{ text, hit: false }]
  const parts: { text: string; hit: boolean }[] = []
  let from = 0
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), hit: false })
    parts.push({ text: text.slice(at, at + needle.length), hit: true })
    from = at + needle.length
  }
  parts.push({ text: text.slice(from), hit: false })
  return parts
}

import { For } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'

/** trackio moves it by itself; any other one somebody gave. */
const LATEST = 'latest'

/** Names of a version: those that people gave it are outlined in ink. */
export function Aliases(props: { of: readonly string[] }) {
  const sorted = () => [...props.of].sort((a, b) => Number(b === LATEST) - Number(a === LATEST))
  return (
    <For each={sorted()}>
      {(alias) => (
        <span class="artifact-tag" classList={{ given: alias !== LATEST }}>
          {visibleName(alias)}
        </span>
      )}
    </For>
  )
}

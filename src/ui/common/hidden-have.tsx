import { Show } from 'solid-js'
import { formatPlural } from '../../compute/format.ts'
import type { RunKey } from '../../model/run.ts'
import { useApp } from '../../state/app.ts'

/** Hidden runs that hold what the shown ones do not, and the way to them; nothing where there are none. */
export function HiddenHave(props: { runs: readonly RunKey[]; what: string }) {
  const { runs } = useApp()
  const one = () => props.runs.length === 1
  return (
    <Show when={props.runs.length > 0}>
      <p>{`${formatPlural(props.runs.length, 'hidden run')} ${one() ? 'has' : 'have'} ${props.what}.`}</p>
      <button type="button" class="link-button" onClick={() => runs.set(props.runs, true)}>
        {one() ? 'Show it' : `Show those ${props.runs.length}`}
      </button>
    </Show>
  )
}

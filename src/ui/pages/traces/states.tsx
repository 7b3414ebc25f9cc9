import { Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { Reading as Waiting } from '../../common/page-states.tsx'

const SNIPPET = (project: string) => `import trackio
trackio.init(project=${JSON.stringify(project)})
trackio.log({"chat": trackio.Trace(messages=[
    {"role": "user", "content": "2 + 2?"},
    {"role": "assistant", "content": "4"}])})`

export function Reading(props: { count: number }) {
  const words = () => (props.count > 0 ? `${formatCount(props.count)} traces read so far` : 'reading traces')
  return <Waiting label="Traces" words={words()} shown />
}

/** No run logged any, or what is open cannot hold them. */
export function NoTraces() {
  const { sources } = useApp()
  return (
    <div class="blank" role="status">
      <h2>This source holds no traces</h2>
      <p>Traces are conversations and calls that a run logs:</p>
      <pre>{SNIPPET(sources.project()?.name ?? '')}</pre>
    </div>
  )
}

export function NoMatch(props: { text: string; onClear(): void }) {
  return (
    <div class="blank" role="status">
      <h2>No trace matches</h2>
      <Show when={props.text !== ''}>
        <p>{`Nothing in messages, metadata and spans says “${props.text}” under these filters.`}</p>
      </Show>
      <button type="button" class="link-button" onClick={() => props.onClear()}>
        Clear search and filters
      </button>
    </div>
  )
}

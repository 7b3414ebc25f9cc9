import { createMemo, Show } from 'solid-js'
import type { TracesModel } from './model.ts'
import { PromptStrip } from './prompt-strip.tsx'
import { samePrompt } from './same-prompt.ts'

/** Below a conversation: what its run answered to the same prompt at other steps. */
export function Prompts(props: { model: TracesModel }) {
  const at = () => props.model.trace()?.at ?? -1
  const rows = createMemo(() => {
    const list = props.model.list()
    return list && at() >= 0 ? samePrompt(list, at(), 'run') : []
  })
  return (
    <Show when={rows().length > 1}>
      <PromptStrip
        model={props.model}
        rows={rows()}
        marks={[{ at: at(), label: '' }]}
        title="Same prompt"
        onChoose={(next) => void props.model.choose(next)}
      />
    </Show>
  )
}

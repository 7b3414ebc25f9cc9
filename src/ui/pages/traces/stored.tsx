import { For, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { copyText } from '../../common/clipboard.ts'
import { Words } from './message.tsx'
import type { TracesModel } from './model.ts'

const PARTS = ['messages', 'metadata', 'spans'] as const

/** The trace as it is stored, letter by letter. */
export function Stored(props: { model: TracesModel }) {
  const trace = () => props.model.trace()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, with the keys too
    <section class="stored" tabIndex={0} aria-label="As it is stored">
      <dl>
        <dt>id</dt>
        <dd>{trace()?.storedId}</dd>
        <dt>timestamp</dt>
        <dd>{trace()?.timestamp}</dd>
      </dl>
      <For each={PARTS}>
        {(part) => (
          <Show when={trace()?.[part]}>
            {(text) => (
              <>
                <h3>
                  {part} <span class="hush">{`${formatCount(text().length)} letters`}</span>
                  <button type="button" class="text-button" onClick={() => void copyText(text())}>
                    {`Copy ${part}`}
                  </button>
                </h3>
                <Words text={text()} wanted={props.model.text()} />
              </>
            )}
          </Show>
        )}
      </For>
    </section>
  )
}

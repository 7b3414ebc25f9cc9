import '../styles/changes.css'
import { For, Show } from 'solid-js'
import { formatAgo } from '../../compute/format.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import type { ChangeState, Entry } from '../../state/changes/entry.ts'
import { changeWords, placeWords } from '../../state/changes/places.ts'
import { Dialog } from '../components/dialog.tsx'

const STATES: Record<ChangeState, string> = {
  waiting: 'can be undone',
  making: 'being made',
  made: 'made',
  undone: 'undone',
  failed: 'failed',
  left: 'not made: its page was closed before',
}

/** What was changed in this browser lately, by all its tabs, and what became of it. */
export function ChangeList() {
  const { changes, preferences } = useApp()
  const made = () => changes.made()
  const entries = () => made()?.entries() ?? []
  const when = (entry: Entry) => formatAgo(entry.at, Date.now(), preferences.value().timeZone)
  return (
    <Dialog
      label="Recent changes"
      title="Recent changes"
      class="dialog"
      onClose={() => changes.showList(false)}
    >
      <div class="dialog-body">
        <Show
          when={entries().length > 0}
          fallback={<p>Nothing was renamed, deleted or moved from this browser lately.</p>}
        >
          <ul class="change-list">
            <For each={entries()}>
              {(entry) => (
                <li>
                  <span>
                    {visibleName(changeWords(entry.change, entry.place))}
                    <small classList={{ [entry.state]: true }}>
                      {visibleName(
                        `${placeWords(entry.place)}, ${when(entry)}: ${entry.state === 'left' && entry.why ? entry.why : STATES[entry.state]}`,
                      )}
                      {entry.why && entry.state === 'failed' ? `. ${visibleName(entry.why)}` : ''}
                    </small>
                  </span>
                  <Show when={entry.state === 'waiting'}>
                    <button
                      type="button"
                      class="text-button primary"
                      aria-label={`Undo: ${changeWords(entry.change, entry.place)}`}
                      onClick={() => void made()?.undo(entry.id)}
                    >
                      Undo
                    </button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={made()?.lasting === false}>
          <p class="why">This browser keeps nothing for this page: what waits here ends with it.</p>
        </Show>
      </div>
    </Dialog>
  )
}

import { createMemo, createSignal, For, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { SearchField } from '../../components/search-field.tsx'
import type { CompareModel } from './model.ts'

/** So many are listed; a search finds the others, and it is said that there are more. */
const LISTED = 200

/** All runs of the project, to be ticked; the newest first. */
export function AddRuns(props: { model: CompareModel }) {
  const { runs } = useApp()
  const { model } = props
  const [text, setText] = createSignal('')
  const chosen = createMemo(() => new Set(model.keys()))
  const found = createMemo(() => {
    const wanted = text().trim().toLowerCase()
    return [...model.all()].reverse().filter(({ name }) => name.toLowerCase().includes(wanted))
  })
  const add = (keys: readonly string[]) => model.setRuns([...new Set([...model.keys(), ...keys])])
  return (
    <div class="add-runs">
      <SearchField label="Search runs" placeholder="Name of a run" value={text()} onInput={setText} />
      <div class="add-many">
        <button type="button" class="link-button" onClick={() => add(runs.shown().map(({ key }) => key))}>
          {`Add the ${formatCount(runs.shownCount())} shown`}
        </button>
        <button type="button" class="link-button" onClick={() => add(found().map(({ key }) => key))}>
          {text().trim() === ''
            ? `Add all ${formatCount(found().length)}`
            : `Add the ${formatCount(found().length)} found`}
        </button>
      </div>
      <ul>
        <For each={found().slice(0, LISTED)}>
          {(run) => (
            <li>
              <label>
                <input
                  type="checkbox"
                  checked={chosen().has(run.key)}
                  onChange={(event) =>
                    event.currentTarget.checked
                      ? add([run.key])
                      : model.setRuns(model.keys().filter((key) => key !== run.key))
                  }
                />
                <i class="dot" style={{ background: runs.styled(run.key)?.style.color }} />
                <span class="clip" title={visibleName(run.name)}>
                  {visibleName(run.name)}
                </span>
              </label>
            </li>
          )}
        </For>
      </ul>
      <Show when={found().length > LISTED}>
        <p class="note">{`${formatCount(found().length - LISTED)} more: search to find them`}</p>
      </Show>
    </div>
  )
}

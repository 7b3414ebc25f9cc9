import '../../styles/several.css'
import { createMemo, createResource, createSignal, For, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { membersOf, type Panel, titleOf } from '../../../compute/panel.ts'
import { parseRegex } from '../../../compute/pattern.ts'
import { useApp } from '../../../state/app.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Name } from '../../components/name.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { focusChart } from './sheet.tsx'

/** Names in the page at once; a search narrows what there are more of. */
const MOST = 200

/** Makes a chart of several metrics, picked or by a pattern, or changes one. */
export function SeveralDialog() {
  const { metrics, view, panels, patterns } = useApp()
  const close = () => view.editSeveral(undefined)
  const [loaded] = createResource(() => panels.load())
  const asked = view.edited() ?? ''
  const old = panels.all()?.find(asked)
  const [title, setTitle] = createSignal(old && old.title !== titleOf(old) ? old.title : '')
  const [by, setBy] = createSignal<'names' | 'pattern'>(old?.pattern === undefined ? 'names' : 'pattern')
  const [picked, setPicked] = createSignal<readonly string[]>(old?.metrics ?? (old || !asked ? [] : [asked]))
  const [pattern, setPattern] = createSignal(old?.pattern ?? '')
  const [search, setSearch] = createSignal('')

  const panel = createMemo((): Omit<Panel, 'title'> => {
    if (by() === 'names') return { metrics: picked() }
    return { pattern: pattern() }
  })
  const members = createMemo<ReturnType<typeof membersOf>>(
    (before) =>
      patterns.attempt(
        () => membersOf(panel(), metrics.names()),
        () => before,
      ),
    [],
  )
  const wrong = () => by() === 'pattern' && pattern() !== '' && parseRegex(pattern()) === undefined
  const enough = () => members().length > 0 && !wrong() && (by() === 'names' || pattern() !== '')
  const found = createMemo(() => {
    const text = search().toLowerCase()
    const names = metrics.names().filter((name) => name.toLowerCase().includes(text))
    // what is picked stays in sight
    const chosen = new Set(picked())
    return [...picked(), ...names.filter((name) => !chosen.has(name))]
  })

  function save(event: Event): void {
    event.preventDefault()
    if (!enough()) return
    const made = loaded()?.save({ ...panel(), title: title().trim() }, old?.title)
    close()
    if (made !== undefined) queueMicrotask(() => focusChart(made))
  }

  return (
    <Dialog
      label="Chart of several metrics"
      title={old ? 'Change the chart' : 'Chart of several metrics'}
      class="dialog"
      onClose={close}
    >
      <form class="dialog-body several" onSubmit={save}>
        <Segmented
          label="Metrics"
          value={by()}
          options={[
            { value: 'names', text: 'Picked' },
            { value: 'pattern', text: 'By a pattern' },
          ]}
          onChange={setBy}
        />
        <Show
          when={by() === 'names'}
          fallback={
            <label>
              Regular expression on names; what its first group catches names the lines
              <div class="field" classList={{ invalid: wrong() }}>
                <input
                  value={pattern()}
                  autocomplete="off"
                  spellcheck={false}
                  placeholder="layer_(\d+)\/grad_norm"
                  aria-label="Regular expression"
                  aria-invalid={wrong() || undefined}
                  ref={(input) => queueMicrotask(() => input.focus())}
                  onInput={(event) => setPattern(unslashed(event.currentTarget.value))}
                />
              </div>
            </label>
          }
        >
          <SearchField
            label="Search metrics of the chart"
            placeholder="Search metrics"
            value={search()}
            onInput={setSearch}
          />
        </Show>
        <p class="several-count" role="status">
          {wrong()
            ? 'not a regular expression yet'
            : `${formatCount(members().length)} ${members().length === 1 ? 'metric' : 'metrics'}, ${formatCount(members().length * view.runs().length)} lines in the shown runs`}
        </p>
        <ul
          class="several-list"
          aria-label={by() === 'names' ? 'Metrics to pick' : 'Metrics of the pattern'}
          tabindex="0"
        >
          <Show
            when={by() === 'names'}
            fallback={
              <For each={members().slice(0, MOST)}>
                {({ metric, label }) => (
                  <li>
                    <Name of={metric} />
                    <Show when={label !== metric}>
                      <em>
                        <Name of={label} />
                      </em>
                    </Show>
                  </li>
                )}
              </For>
            }
          >
            <For each={found().slice(0, MOST)}>
              {(name) => (
                <li>
                  <label>
                    <input
                      type="checkbox"
                      checked={picked().includes(name)}
                      onChange={(event) =>
                        setPicked(
                          event.currentTarget.checked
                            ? [...picked(), name]
                            : picked().filter((other) => other !== name),
                        )
                      }
                    />
                    <Name of={name} />
                  </label>
                </li>
              )}
            </For>
          </Show>
        </ul>
        <Show when={(by() === 'names' ? found() : members()).length > MOST}>
          <p class="several-count">{`the first ${MOST} of ${formatCount((by() === 'names' ? found() : members()).length)} are listed`}</p>
        </Show>
        <label>
          Name of the chart
          <div class="field">
            <input
              value={title()}
              autocomplete="off"
              aria-label="Name of the chart"
              placeholder={enough() ? titleOf(panel()) : ''}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          </div>
        </label>
        <div class="buttons">
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={!enough() || !loaded()}>
            {old ? 'Save' : 'Add chart'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** `/x/` as people write patterns is `x`. */
function unslashed(text: string): string {
  return /^\/(.+)\/$/s.exec(text)?.[1] ?? text
}

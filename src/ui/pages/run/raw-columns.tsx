import { createMemo, createSignal, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { LongRows } from '../../components/long-rows.tsx'
import { SearchField } from '../../components/search-field.tsx'
import type { RunModel } from './model.ts'

const ROW = 28

/** Which keys are columns of the raw rows. */
export function RawColumns(props: { model: RunModel }) {
  const { model } = props
  const [text, setText] = createSignal('')
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const chosen = createMemo(() => new Set(model.columns()))
  const found = createMemo(() => {
    const wanted = text().trim().toLowerCase()
    return model.keys().filter((key) => key.toLowerCase().includes(wanted))
  })

  /** Columns stand in the order of the list. */
  function choose(keys: readonly string[], on: boolean): void {
    const next = new Set(chosen())
    for (const key of keys) {
      if (on) next.add(key)
      else next.delete(key)
    }
    model.setColumns(model.keys().filter((key) => next.has(key)))
  }

  return (
    <div class="raw-chooser">
      <SearchField label="Search columns" placeholder="Search" value={text()} onInput={setText} />
      <div
        class="raw-choices"
        style={{ height: `${Math.min(308, Math.max(1, model.keys().length) * ROW)}px` }}
        ref={setScroller}
      >
        <Show when={found().length > 0} fallback={<p class="run-none">No key matches</p>}>
          <LongRows count={found().length} rowHeight={ROW} scroller={scroller()} role="presentation">
            {(index) => (
              <Show when={index() < found().length}>
                <label title={visibleName(found()[index()] ?? '')}>
                  <input
                    type="checkbox"
                    checked={chosen().has(found()[index()] ?? '')}
                    onChange={(event) => choose([found()[index()] ?? ''], event.currentTarget.checked)}
                  />
                  <span>{visibleName(found()[index()] ?? '')}</span>
                </label>
              </Show>
            )}
          </LongRows>
        </Show>
      </div>
      <div class="raw-foot">
        <button type="button" class="text-button" onClick={() => choose(found(), true)}>
          {text() === '' ? 'All' : `All ${formatCount(found().length)} found`}
        </button>
        <button type="button" class="text-button" onClick={() => choose(found(), false)}>
          None
        </button>
        <button
          type="button"
          class="text-button"
          disabled={model.isStandard()}
          onClick={() => model.setColumns(undefined)}
        >
          Reset
        </button>
      </div>
    </div>
  )
}

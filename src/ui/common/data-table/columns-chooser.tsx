import { createMemo, createSignal, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { LongRows } from '../../components/long-rows.tsx'
import { SearchField } from '../../components/search-field.tsx'
import type { TableModel } from './table-model.ts'

const ROW = 28

/** Which columns are shown. */
export function ColumnsChooser(props: { model: Pick<TableModel, 'allColumns' | 'hidden' | 'setHidden'> }) {
  const { model } = props
  const [text, setText] = createSignal('')
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const found = createMemo(() => {
    const wanted = text().trim().toLowerCase()
    return model.allColumns().filter(({ name }) => name.toLowerCase().includes(wanted))
  })
  function choose(ids: readonly string[], on: boolean): void {
    const next = new Set(model.hidden())
    for (const id of ids) {
      if (on) next.delete(id)
      else next.add(id)
    }
    model.setHidden(next)
  }
  return (
    <div class="tables-chooser">
      <SearchField label="Search columns" placeholder="Search" value={text()} onInput={setText} />
      <div
        class="tables-choices"
        style={{ height: `${Math.min(308, Math.max(1, model.allColumns().length) * ROW)}px` }}
        ref={setScroller}
      >
        <Show when={found().length > 0} fallback={<p class="data-note">No column matches</p>}>
          <LongRows count={found().length} rowHeight={ROW} scroller={scroller()} role="presentation">
            {(index) => (
              <Show when={found()[index()]}>
                {(column) => (
                  <label title={visibleName(column().name)}>
                    <input
                      type="checkbox"
                      checked={!model.hidden().has(column().id)}
                      onChange={(event) => choose([column().id], event.currentTarget.checked)}
                    />
                    <span>{visibleName(column().name) || '(no name)'}</span>
                  </label>
                )}
              </Show>
            )}
          </LongRows>
        </Show>
      </div>
      <div class="tables-foot">
        <button
          type="button"
          class="text-button"
          onClick={() =>
            choose(
              found().map(({ id }) => id),
              true,
            )
          }
        >
          {text() === '' ? 'All' : `All ${formatCount(found().length)} found`}
        </button>
        <button
          type="button"
          class="text-button"
          onClick={() =>
            choose(
              found().map(({ id }) => id),
              false,
            )
          }
        >
          None
        </button>
      </div>
    </div>
  )
}

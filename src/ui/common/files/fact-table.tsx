import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { LongRows } from '../../components/long-rows.tsx'
import { SearchField } from '../../components/search-field.tsx'

const ROW = 28

export interface FactColumn<T> {
  name: string
  right?: boolean
  cell(row: T): string
}

/** Entries of a header: any number of them, narrowed by the first column. */
export function FactTable<T>(props: {
  label: string
  columns: readonly FactColumn<T>[]
  rows: readonly T[]
  phone: boolean
  children?: JSX.Element
  /** Above the rows. */
  facts?: JSX.Element
}) {
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const [text, setText] = createSignal('')
  const found = createMemo(() => {
    const wanted = text().trim().toLowerCase()
    const [first] = props.columns
    return wanted === '' || !first
      ? props.rows
      : props.rows.filter((row) => first.cell(row).toLowerCase().includes(wanted))
  })
  const columns = () => (props.phone ? [props.columns[0], ...props.columns.slice(-1)] : props.columns)
  const shown = createMemo(() => columns().filter((column) => column !== undefined))
  return (
    <>
      <div class="file-tools" role="toolbar" aria-label={props.label}>
        <SearchField
          label={`Search ${props.label.toLowerCase()}`}
          placeholder="Search"
          ref={(input) => input.setAttribute('data-find', '')}
          value={text()}
          onInput={setText}
        >
          <Show when={text() !== ''}>
            <span class="found" role="status">
              {`${formatCount(found().length)} of ${formatCount(props.rows.length)}`}
            </span>
          </Show>
        </SearchField>
        <span class="gap" />
        {props.children}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="fact-sheet" aria-label={props.label} tabIndex={0} ref={setScroller}>
        {props.facts}
        <Show when={props.rows.length > 0}>
          {/* biome-ignore lint/a11y/useSemanticElements: of a table all rows would have to be in the page */}
          <div
            role="table"
            aria-label={props.label}
            aria-rowcount={found().length + 1}
            class="fact-table"
            style={{ '--columns': shown().length - 1 }}
          >
            {/* biome-ignore lint/a11y/useSemanticElements: the same */}
            <div role="rowgroup" class="fact-heads">
              {/* biome-ignore lint/a11y/useSemanticElements: the same */}
              {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to press */}
              <div role="row" aria-rowindex={1} class="fact-row">
                <For each={shown()}>
                  {(column) => (
                    // biome-ignore lint/a11y/useSemanticElements: the same
                    // biome-ignore lint/a11y/useFocusableInteractive: nothing to press
                    <div role="columnheader" classList={{ number: column.right }}>
                      {column.name}
                    </div>
                  )}
                </For>
              </div>
            </div>
            <LongRows count={found().length} rowHeight={ROW} scroller={scroller()} inset={ROW}>
              {(index) => (
                <Show when={found()[index()]}>
                  {(row) => (
                    // biome-ignore lint/a11y/useSemanticElements: the same
                    // biome-ignore lint/a11y/useFocusableInteractive: nothing to press
                    <div role="row" aria-rowindex={index() + 2} class="fact-row">
                      <For each={shown()}>
                        {(column) => (
                          // biome-ignore lint/a11y/useSemanticElements: the same
                          <div
                            role="cell"
                            classList={{ number: column.right }}
                            title={visibleName(column.cell(row()))}
                          >
                            <bdi>{visibleName(column.cell(row()))}</bdi>
                          </div>
                        )}
                      </For>
                    </div>
                  )}
                </Show>
              )}
            </LongRows>
          </div>
        </Show>
      </section>
    </>
  )
}

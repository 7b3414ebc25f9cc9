import { createSignal, For } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import { Icon } from '../../components/icon.tsx'
import type { RunsModel } from './model.ts'

/** The columns that the table has, in their order, which is dragged or moved by Alt and arrows. */
export function ShownList(props: { model: RunsModel }) {
  const { model } = props
  const [held, setHeld] = createSignal<string>()
  const [over, setOver] = createSignal<string>()
  let list: HTMLUListElement | undefined

  /** The row under the pointer. */
  function rowAt(y: number): string | undefined {
    const rows = [...(list?.children ?? [])]
    const row = rows.find((one) => one.getBoundingClientRect().bottom > y)
    return row instanceof HTMLElement ? row.dataset.id : undefined
  }

  function drop(): void {
    const id = held()
    if (id !== undefined && over() !== id) model.moveColumn(id, over())
    setHeld(undefined)
    setOver(undefined)
  }

  return (
    <>
      <div class="column-head">
        <h3>
          Shown <span class="note">{`${model.columns().length}, in this order`}</span>
        </h3>
        <button
          type="button"
          class="link-button"
          disabled={model.isStandard()}
          onClick={() => model.resetColumns()}
        >
          Reset
        </button>
      </div>
      <ul ref={list}>
        <For each={model.columns().map(({ chosen, label }) => ({ chosen, label }))}>
          {({ chosen, label }, i) => {
            const move = (by: -1 | 1) => {
              model.shiftColumn(chosen, by)
              queueMicrotask(() =>
                list?.querySelector<HTMLElement>(`[data-id="${CSS.escape(chosen)}"] .column-grip`)?.focus(),
              )
            }
            return (
              <li
                data-id={chosen}
                classList={{ held: held() === chosen, over: held() !== undefined && over() === chosen }}
              >
                <button
                  type="button"
                  class="column-grip"
                  aria-label={`Move ${label}`}
                  title="Drag, or Alt and arrows"
                  onPointerDown={(event) => {
                    event.currentTarget.setPointerCapture(event.pointerId)
                    setHeld(chosen)
                    setOver(chosen)
                    event.preventDefault()
                  }}
                  onPointerMove={(event) => held() !== undefined && setOver(rowAt(event.clientY))}
                  onPointerUp={drop}
                  onPointerCancel={() => {
                    setHeld(undefined)
                    setOver(undefined)
                  }}
                  onKeyDown={(event) => {
                    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
                    if (by === 0) return
                    move(by)
                    event.preventDefault()
                    event.stopPropagation()
                  }}
                >
                  ⋮⋮
                </button>
                <span class="clip" title={visibleName(label)}>
                  {visibleName(label)}
                </span>
                <button
                  type="button"
                  class="icon-button pin"
                  aria-pressed={i() < model.pinned()}
                  aria-label={`Pin ${label}`}
                  title={i() < model.pinned() ? 'Unpin' : 'Pin to the left'}
                  onClick={() => model.togglePin(chosen)}
                >
                  {i() < model.pinned() ? 'pinned' : 'pin'}
                </button>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Hide ${label}`}
                  title="Hide"
                  onClick={() => model.removeColumn(chosen)}
                >
                  <Icon name="close" />
                </button>
              </li>
            )
          }}
        </For>
      </ul>
    </>
  )
}

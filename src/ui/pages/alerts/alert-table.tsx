import { createVirtualizer, defaultRangeExtractor } from '@tanstack/solid-virtual'
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import type { AlertOrder } from '../../../compute/alert-list.ts'
import { AlertLine } from './alert-row.tsx'
import type { AlertList } from './list.ts'

/** Narrower than this a line has no room for columns: it is a card. */
const COLUMNS_FROM = 760
/** With one column less from here on down. */
const STATES_FROM = 900
const HEAD = 28
const PAGE_ROWS = 10

const COLUMNS: readonly { text: string; sort?: AlertOrder; class?: string | undefined }[] = [
  { text: 'Level', sort: 'level' },
  { text: 'Time', sort: 'time' },
  { text: 'Run', sort: 'run' },
  { text: 'Step', sort: 'step', class: 'number' },
  { text: 'Title', class: 'rule' },
  { text: 'Text' },
]

/** The list as a grid of which only the lines in sight are in the page; one line has the keys. */
export function AlertsTable(props: { list: AlertList; states: boolean }) {
  const { list } = props
  const [width, setWidth] = createSignal(0)
  const [current, setCurrent] = createSignal<string>()
  const [opened, setOpened] = createSignal<string>()
  const states = createMemo(() => props.states && width() >= STATES_FROM)
  const cards = createMemo(() => width() > 0 && width() < COLUMNS_FROM)
  let scroller: HTMLElement | undefined
  const ids = createMemo(() => list.rows().map(({ id }) => id))
  const place = createMemo(() => new Map(ids().map((id, i) => [id, i])))
  const currentAt = () => place().get(current() ?? '')

  onMount(() => {
    if (!scroller) return
    const measure = () => setWidth(scroller?.clientWidth ?? 0)
    measure()
    const sized = new ResizeObserver(measure)
    sized.observe(scroller)
    onCleanup(() => sized.disconnect())
  })

  const head = () => (cards() ? 0 : HEAD)
  const virtual = createVirtualizer<HTMLElement, HTMLElement>({
    get count() {
      return ids().length
    },
    getScrollElement: () => scroller ?? null,
    estimateSize: () => (cards() ? 64 : 28),
    // another function for another order: places are reckoned anew then
    get getItemKey() {
      const now = ids()
      return (index: number) => now[index] ?? index
    },
    overscan: 12,
    get scrollMargin() {
      return head()
    },
    get scrollPaddingStart() {
      return head()
    },
    // the line that has the focus stays in the page
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      const at = currentAt()
      return at === undefined || shown.includes(at) ? shown : [...shown, at].sort((a, b) => a - b)
    },
  })
  createEffect(on(cards, () => virtual.measure(), { defer: true }))
  const places = createMemo(() => new Map(virtual.getVirtualItems().map((item) => [String(item.key), item])))
  const inPage = createMemo(() => virtual.getVirtualItems().flatMap(({ index }) => ids()[index] ?? []))
  /** The one line that Tab reaches. */
  const reached = createMemo(() => (currentAt() === undefined ? ids()[0] : current()))

  function choose(id: string): void {
    setCurrent(id)
    list.select(id)
  }

  function goTo(index: number, tries = 10): void {
    const id = ids()[Math.max(0, Math.min(ids().length - 1, index))]
    if (id === undefined) return
    choose(id)
    virtual.scrollToIndex(place().get(id) ?? 0)
    const look = (left: number): void => {
      const row = scroller?.querySelector<HTMLElement>(`[data-index="${place().get(id)}"]`)
      if (row) row.focus({ preventScroll: true })
      else if (left > 0) requestAnimationFrame(() => look(left - 1))
    }
    look(tries)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return
    if (event.target.getAttribute('role') !== 'row') return
    const at = currentAt() ?? 0
    const id = ids()[at] ?? ''
    if (event.key === 'ArrowDown') goTo(at + 1)
    else if (event.key === 'ArrowUp') goTo(at - 1)
    else if (event.key === 'PageDown') goTo(at + PAGE_ROWS)
    else if (event.key === 'PageUp') goTo(at - PAGE_ROWS)
    else if (event.key === 'Home') goTo(0)
    else if (event.key === 'End') goTo(ids().length - 1)
    else if (event.key === 'Enter') list.showOnCharts(list.byId().get(id))
    else if (event.key === ' ') toggle(id)
    else if (event.key === 'Escape' && opened() !== undefined) setOpened(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const toggle = (id: string) => setOpened(opened() === id ? undefined : id)
  const sortOf = (by: AlertOrder) =>
    list.order().by !== by ? 'none' : list.order().descending ? 'descending' : 'ascending'
  const columns = () => [
    ...COLUMNS,
    ...(list.folded() ? [{ text: 'Repeats', class: 'number' }] : []),
    ...(states() ? [{ text: 'Run state', class: 'rule' }] : []),
  ]
  return (
    <section class="sheet" id="charts" aria-label="Alerts" tabIndex={-1} ref={scroller}>
      {/* biome-ignore lint/a11y/useSemanticElements: of a table all rows would have to be in the page */}
      <div
        class="alert-grid"
        role="grid"
        aria-label="Alerts"
        aria-rowcount={ids().length + 1}
        classList={{ cards: cards(), repeats: list.folded(), states: states() }}
        onKeyDown={onKeyDown}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: the same */}
        <div role="rowgroup" class="alert-head" classList={{ unseen: cards() }}>
          {/* biome-ignore lint/a11y/useSemanticElements: the same */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys */}
          <div role="row" aria-rowindex="1">
            <For each={columns()}>
              {(column) => (
                // biome-ignore lint/a11y/useSemanticElements: the same
                // biome-ignore lint/a11y/useFocusableInteractive: its button has the keys
                <div
                  role="columnheader"
                  class={column.class}
                  aria-sort={column.sort ? sortOf(column.sort) : undefined}
                >
                  <Show when={column.sort} fallback={column.text}>
                    {(by) => (
                      <button type="button" tabIndex={cards() ? -1 : 0} onClick={() => list.sort(by())}>
                        {column.text}
                        <span aria-hidden="true">
                          {sortOf(by()) === 'none' ? '' : list.order().descending ? ' ↓' : ' ↑'}
                        </span>
                      </button>
                    )}
                  </Show>
                </div>
              )}
            </For>
          </div>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: the same */}
        <div role="rowgroup" class="alert-body" style={{ height: `${virtual.getTotalSize()}px` }}>
          <For each={inPage()}>
            {(id) => (
              <Show when={list.byId().get(id)}>
                {(row) => (
                  <AlertLine
                    list={list}
                    row={row()}
                    index={places().get(id)?.index ?? 0}
                    top={(places().get(id)?.start ?? 0) - head()}
                    cards={cards()}
                    states={states()}
                    opened={opened() === id}
                    reached={reached() === id}
                    selected={list.selected()?.id === id}
                    onSelect={() => choose(id)}
                    onToggle={() => toggle(id)}
                    measure={(element) => virtual.measureElement(element)}
                  />
                )}
              </Show>
            )}
          </For>
        </div>
      </div>
    </section>
  )
}

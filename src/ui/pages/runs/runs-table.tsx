import { createVirtualizer, defaultRangeExtractor } from '@tanstack/solid-virtual'
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { openRun } from '../../common/run-link.tsx'
import { CellStrip } from './cell-strip.tsx'
import type { Line } from './lines.ts'
import { keysOf, type RunsModel } from './model.ts'
import { HeadCell, NameHead, SectionHeads } from './runs-head.tsx'
import { RunLine } from './runs-line.tsx'
import { columnsInSight, NAME_WIDTH, PHONE_NAME_WIDTH, widthOf } from './widths.ts'

/** Section names, names, summaries. */
export const HEAD_HEIGHT = 98
const PAGE_ROWS = 15
/** Columns that are drawn beyond the edges, so that none is blank while it comes into sight. */
const BEYOND = 120

/** A cell: which line, and which column (−1 for the name). */
export interface Cell {
  line: string
  column: number
}

/** The table of runs, of which only the lines and columns in sight are in the page. One cell has the keys. */
export function RunsTable(props: { model: RunsModel; phone: boolean }) {
  const { model } = props
  const { runs, location } = useApp()
  let scroller: HTMLElement | undefined
  const [sight, setSight] = createSignal({ left: 0, width: 0 })
  const [dragged, setDragged] = createSignal<Readonly<Record<string, number>>>({})
  const [current, setCurrent] = createSignal<Cell>()
  const [strip, setStrip] = createSignal<Cell & { by: 'pointer' | 'key' }>()

  const rowHeight = () => (props.phone ? 44 : 28)
  const nameWidth = () => (props.phone ? PHONE_NAME_WIDTH : NAME_WIDTH)
  const layout = createMemo(() => {
    let at = nameWidth()
    const lefts: number[] = []
    for (const column of model.columns()) {
      lefts.push(at)
      at += widthOf(column, dragged())
    }
    return { lefts, total: at }
  })
  const visible = createMemo(
    () => {
      const { left, width } = sight()
      const { lefts, total } = layout()
      return columnsInSight(lefts, total, left + nameWidth() - BEYOND, width - nameWidth() + 2 * BEYOND)
    },
    undefined,
    { equals: (a, b) => a[0] === b[0] && a[1] === b[1] },
  )
  const shownColumns = createMemo(() => {
    const [from, to] = visible()
    return model.columns().slice(from, to)
  })
  const placeOfColumn = createMemo(() => new Map(model.columns().map(({ id }, i) => [id, i])))

  onMount(() => {
    const element = scroller
    if (!element) return
    const measure = (): void => {
      setSight({ left: element.scrollLeft, width: element.clientWidth })
    }
    measure()
    const sized = new ResizeObserver(measure)
    sized.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    onCleanup(() => sized.disconnect())
  })

  const ids = createMemo(() => model.lines().map(({ id }) => id))
  const byId = createMemo(() => new Map(model.lines().map((line, i) => [line.id, { line, i }])))
  const currentAt = () => byId().get(current()?.line ?? '')?.i

  const virtual = createVirtualizer<HTMLElement, HTMLElement>({
    get count() {
      return ids().length
    },
    getScrollElement: () => scroller ?? null,
    estimateSize: () => rowHeight(),
    get getItemKey() {
      const now = ids()
      return (index: number) => now[index] ?? index
    },
    overscan: 8,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    // the line that has the focus stays in the page
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      const at = currentAt()
      return at === undefined || shown.includes(at) ? shown : [...shown, at].sort((a, b) => a - b)
    },
  })
  createEffect(on(rowHeight, () => virtual.measure(), { defer: true }))
  const inPage = createMemo(() => virtual.getVirtualItems().flatMap(({ index }) => ids()[index] ?? []))
  const reached = createMemo(() =>
    currentAt() === undefined ? { line: ids()[0] ?? '', column: -1 } : current(),
  )

  function goTo(index: number, column: number, tries = 10): void {
    const id = ids()[Math.max(0, Math.min(ids().length - 1, index))]
    if (id === undefined) return
    const place = Math.max(-1, Math.min(model.columns().length - 1, column))
    setStrip(undefined)
    setCurrent({ line: id, column: place })
    virtual.scrollToIndex(byId().get(id)?.i ?? 0)
    bringInSight(place)
    const look = (left: number): void => {
      const cell = scroller?.querySelector<HTMLElement>(
        `[data-line="${CSS.escape(id)}"] [data-column="${place}"]`,
      )
      if (cell) cell.focus({ preventScroll: true })
      else if (left > 0) requestAnimationFrame(() => look(left - 1))
    }
    look(tries)
  }

  function bringInSight(column: number): void {
    const element = scroller
    const left = layout().lefts[column]
    const shown = model.columns()[column]
    if (!element || left === undefined || !shown) return
    const width = widthOf(shown, dragged())
    if (left - nameWidth() < element.scrollLeft) element.scrollLeft = left - nameWidth()
    else if (left + width > element.scrollLeft + element.clientWidth)
      element.scrollLeft = left + width - element.clientWidth
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return
    const cell = event.target.closest<HTMLElement>('[role="gridcell"]')
    if (!cell || event.target !== cell) return
    const at = currentAt() ?? 0
    const column = Number(cell.dataset.column)
    const line = byId().get(current()?.line ?? '')?.line
    if (event.key === 'ArrowDown') goTo(at + 1, column)
    else if (event.key === 'ArrowUp') goTo(at - 1, column)
    else if (event.key === 'PageDown') goTo(at + PAGE_ROWS, column)
    else if (event.key === 'PageUp') goTo(at - PAGE_ROWS, column)
    else if (event.key === 'Home') goTo(event.shiftKey ? 0 : at, -1)
    else if (event.key === 'End') goTo(event.shiftKey ? ids().length - 1 : at, model.columns().length)
    else if (event.key === 'ArrowRight' && column === -1 && line?.kind === 'group' && !line.open)
      model.toggleGroup(line.id.slice(2))
    else if (event.key === 'ArrowLeft' && column === -1 && line?.kind === 'group' && line.open)
      model.toggleGroup(line.id.slice(2))
    else if (event.key === 'ArrowRight') goTo(at, column + 1)
    else if (event.key === 'ArrowLeft') goTo(at, column - 1)
    else if (event.key === ' ' && line) toggle(line)
    else if (event.key === 'o' && line) runs.solo(keysOf(model, line))
    else if (event.key === 'b' && line) model.setBaseline(model.isBaseline(line) ? undefined : line)
    else if (event.key === 'Enter' && line) {
      if (column === -1 && line.kind === 'group') model.toggleGroup(line.id.slice(2))
      else if (column === -1) openRun(location, keysOf(model, line)[0] ?? '')
      else setStrip({ line: line.id, column, by: 'key' })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  function toggle(line: Line): void {
    const keys = keysOf(model, line)
    runs.set(keys, !keys.every((key) => runs.isShown(key)))
  }

  return (
    <section class="sheet runs-sheet" id="charts" aria-label="Runs" tabIndex={-1} ref={scroller}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its role is set below; of a table all rows would have to be in the page */}
      {/** biome-ignore lint/a11y/useAriaPropsSupportedByRole: its role is given at run time */}
      <div
        class="runs-grid"
        classList={{ phone: props.phone }}
        role={model.groups() ? 'treegrid' : 'grid'}
        aria-label="Runs"
        aria-multiselectable="true"
        aria-rowcount={ids().length + 1}
        aria-colcount={model.columns().length + 1}
        style={{ width: `${layout().total}px` }}
        onKeyDown={onKeyDown}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: the same */}
        <div role="rowgroup" class="table-head">
          <SectionHeads model={model} columns={shownColumns()} layout={layout()} from={visible()[0]} />
          {/* biome-ignore lint/a11y/useSemanticElements: the same */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys */}
          <div role="row" aria-rowindex="1" class="runs-head-row">
            <NameHead model={model} width={nameWidth()} />
            <For each={shownColumns()}>
              {(column) => (
                <HeadCell
                  model={model}
                  column={column}
                  index={placeOfColumn().get(column.id) ?? 0}
                  left={layout().lefts[placeOfColumn().get(column.id) ?? 0] ?? 0}
                  width={widthOf(column, dragged())}
                  onWidth={(width) => setDragged({ ...dragged(), [column.id]: width })}
                />
              )}
            </For>
          </div>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: the same */}
        <div role="rowgroup" class="runs-body" style={{ height: `${virtual.getTotalSize()}px` }}>
          <For each={inPage()}>
            {(id) => (
              <Show when={byId().get(id)}>
                {(found) => (
                  <RunLine
                    model={model}
                    line={found().line}
                    index={found().i}
                    top={found().i * rowHeight()}
                    height={rowHeight()}
                    nameWidth={nameWidth()}
                    columns={shownColumns()}
                    lefts={layout().lefts}
                    placeOfColumn={placeOfColumn()}
                    widthOf={(column) => widthOf(column, dragged())}
                    reached={reached()?.line === id ? reached()?.column : undefined}
                    onReach={(column) => setCurrent({ line: id, column })}
                    onToggle={() => toggle(found().line)}
                    onPoint={(column) =>
                      setStrip(column === undefined ? undefined : { line: id, column, by: 'pointer' })
                    }
                  />
                )}
              </Show>
            )}
          </For>
          <Show when={strip()}>
            {(at) => (
              <CellStrip
                model={model}
                line={byId().get(at().line)?.line}
                column={model.columns()[at().column]}
                top={(byId().get(at().line)?.i ?? 0) * rowHeight() + rowHeight() + 3}
                left={layout().lefts[at().column] ?? 0}
                focus={at().by === 'key'}
                onClose={() => {
                  const { line, column, by } = at()
                  setStrip(undefined)
                  if (by === 'key') goTo(byId().get(line)?.i ?? 0, column)
                }}
              />
            )}
          </Show>
        </div>
      </div>
    </section>
  )
}

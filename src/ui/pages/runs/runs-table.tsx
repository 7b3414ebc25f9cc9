import { batch, createEffect, createMemo, createSignal, For, lazy, onCleanup, onMount, Show } from 'solid-js'
import type { RunKey } from '../../../model/run.ts'
import { useApp } from '../../../state/app.ts'
import type { AskedChange } from '../../common/change-runs.tsx'
import { openRun } from '../../common/run-link.tsx'
import { CellStrip } from './cell-strip.tsx'
import { ColumnSets } from './column-sets.tsx'
import { HeadCell } from './head-cell.tsx'
import type { Line } from './lines.ts'
import { keysOf, type RunsModel } from './model.ts'
import { type Cell, createRange } from './range.ts'
import { createRowWindow } from './row-window.ts'
import { NameHead, SectionHeads } from './runs-head.tsx'
import { RunLine } from './runs-line.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { makeTableKeys } from './table-keys.ts'
import { columnsInSight, NAME_WIDTH, PHONE_NAME_WIDTH, widthOf } from './widths.ts'

const ChangeRuns = lazy(async () => ({ default: (await import('../../common/change-runs.tsx')).ChangeRuns }))
const RowMenu = lazy(async () => ({ default: (await import('./row-menu.tsx')).RowMenu }))

/** Section names, names, summaries. */
const HEAD_HEIGHT = 98
/** Columns that are drawn beyond the edges, so that none is blank while it comes into sight. */
const BEYOND = 160
/** Which columns are in sight is looked at once in so many px. */
const STEP = 80

/** The table of runs, of which only the lines and columns in sight are in the page. One cell has the keys. */
export function RunsTable(props: {
  model: RunsModel
  phone: boolean
  /** False under a plot, which has a bar of its own. */
  bar?: boolean
}) {
  const { model } = props
  const { runs, location } = useApp()
  let scroller: HTMLElement | undefined
  // each by itself, and in steps: a frame of scrolling moves only what it has to
  const [left, setLeft] = createSignal(0)
  const [width, setWidth] = createSignal(0)
  const [firstRow, setFirstRow] = createSignal(0)
  const [room, setRoom] = createSignal(0)
  const [dragged, setDragged] = createSignal<Readonly<Record<string, number>>>({})
  const [strip, setStrip] = createSignal<Cell & { by: 'pointer' | 'key' }>()
  const [asked, setAsked] = createSignal<{ what: AskedChange; keys: readonly RunKey[] }>()
  const [menu, setMenu] = createSignal<{ line: Line; button: HTMLElement }>()
  /** Where a head that is dragged would stand, px. */
  const [drop, setDrop] = createSignal<number>()

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
  /** What does not scroll: the names and the pinned columns. */
  const fixed = () => layout().lefts[model.pinned()] ?? layout().total
  const visible = createMemo(
    () => {
      const { lefts, total } = layout()
      return columnsInSight(lefts, total, left() + fixed() - BEYOND, width() - fixed() + 2 * BEYOND)
    },
    undefined,
    { equals: (a, b) => a[0] === b[0] && a[1] === b[1] },
  )
  const shownColumns = createMemo(() => {
    const [from, to] = visible()
    const [all, pinned] = [model.columns(), model.pinned()]
    return [...all.slice(0, pinned), ...all.slice(Math.max(from, pinned), to)]
  })
  const placeOfColumn = createMemo(() => new Map(model.columns().map(({ id }, i) => [id, i])))

  function measure(): void {
    if (!scroller) return
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = scroller
    batch(() => {
      setLeft(Math.floor(scrollLeft / STEP) * STEP)
      setWidth(clientWidth)
      setFirstRow(Math.floor(scrollTop / rowHeight()))
      setRoom(Math.ceil((clientHeight - HEAD_HEIGHT) / rowHeight()) + 1)
    })
  }
  onMount(() => {
    if (!scroller) return
    measure()
    const sized = new ResizeObserver(measure)
    sized.observe(scroller)
    scroller.addEventListener('scroll', measure, { passive: true })
    onCleanup(() => sized.disconnect())
  })

  const rows = createRowWindow({ first: firstRow, room })
  const lines = model.lines
  const placeOf = (id: string): number | undefined => {
    const at = lines().findIndex((line) => line.id === id)
    return at < 0 ? undefined : at
  }
  const range = createRange(model, lines, placeOf)
  const { current } = range
  const currentAt = createMemo(() => {
    const at = current()
    return at && placeOf(at.line)
  })
  const reached = createMemo(() =>
    currentAt() === undefined ? { line: lines()[0]?.id ?? '', column: -1 } : current(),
  )
  /** The line that has the keys stays in the page where it scrolled out of it. */
  const away = createMemo(() => {
    const at = currentAt()
    return at === undefined || rows.holds(at) ? undefined : at
  })
  // what had the focus draws another line now: the cell that has the keys takes it
  createEffect(() => {
    const [at, _] = [current(), [away(), currentAt()]]
    const focused = document.activeElement
    if (!at || !(focused instanceof HTMLElement) || !focused.matches('.runs-body [role="gridcell"]')) return
    if (focused.closest<HTMLElement>('[data-line]')?.dataset.line !== at.line) focusCell(at.line, at.column)
  })

  function goTo(index: number, column: number, extend = false): void {
    const at = Math.max(0, Math.min(lines().length - 1, index))
    const id = lines()[at]?.id
    if (id === undefined) return
    const place = Math.max(-1, Math.min(model.columns().length - 1, column))
    setStrip(undefined)
    range.goTo({ line: id, column: place }, extend)
    bringLineInSight(at)
    bringInSight(place)
    focusCell(id, place)
  }

  /** Once it is drawn, which takes a frame or two. */
  function focusCell(id: string, place: number, tries = 10): void {
    const cell = scroller?.querySelector<HTMLElement>(
      `[data-line="${CSS.escape(id)}"] [data-column="${place}"]`,
    )
    if (cell) cell.focus({ preventScroll: true })
    else if (tries > 0) requestAnimationFrame(() => focusCell(id, place, tries - 1))
  }

  function bringLineInSight(at: number): void {
    const element = scroller
    if (!element) return
    const [top, height] = [at * rowHeight(), element.clientHeight - HEAD_HEIGHT]
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowHeight() > element.scrollTop + height) element.scrollTop = top + rowHeight() - height
    measure()
  }

  function bringInSight(column: number): void {
    const element = scroller
    const left = layout().lefts[column]
    const shown = model.columns()[column]
    if (!element || left === undefined || !shown || column < model.pinned()) return
    const width = widthOf(shown, dragged())
    if (left - fixed() < element.scrollLeft) element.scrollLeft = left - fixed()
    else if (left + width > element.scrollLeft + element.clientWidth)
      element.scrollLeft = left + width - element.clientWidth
  }

  function toggle(line: Line): void {
    const keys = keysOf(model, line)
    runs.set(keys, !keys.every((key) => runs.isShown(key)))
  }

  function openLine(line: Line): void {
    if (line.kind === 'run') openRun(location, keysOf(model, line)[0] ?? '')
  }

  /** Keys move the cell away from under a pointer that rests: it opens nothing until it moves again. */
  let byKeys = false
  let body: HTMLDivElement | undefined
  const onTableKey = makeTableKeys({
    model,
    range,
    lineAt: (id) => lines()[placeOf(id) ?? -1],
    placeOf,
    goTo,
    toggle,
    openRun: openLine,
    openStrip: (cell) => setStrip({ ...cell, by: 'key' }),
    openMenu: (line, button) => setMenu({ line, button }),
  })

  /** Shift makes a range up to here, Ctrl or Cmd takes the run into the selection or out of it. */
  function onPress(event: PointerEvent, line: Line, column: number): void {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button'))) return
    if (event.shiftKey) {
      event.preventDefault()
      setStrip(undefined)
      range.goTo({ line: line.id, column }, true)
      focusCell(line.id, column)
    } else if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      model.selection.toggle(keysOf(model, line), 'in the table')
    } else range.goTo({ line: line.id, column }, false)
  }

  /** The gap between columns that is nearest to a place. */
  function placeAt(clientX: number): { before: string | undefined; x: number } {
    const { lefts, total } = layout()
    const box = scroller?.getBoundingClientRect()
    const inView = clientX - (box?.left ?? 0)
    const x = inView < fixed() ? inView : inView + (scroller?.scrollLeft ?? 0)
    const columns = model.columns()
    const at = columns.findIndex((column, i) => x < (lefts[i] ?? 0) + widthOf(column, dragged()) / 2)
    return at < 0 ? { before: undefined, x: total } : { before: columns[at]?.chosen, x: lefts[at] ?? 0 }
  }

  /** Columns of a line that are in the range. */
  function rangeOf(index: number): readonly [number, number] | undefined {
    const found = range.rectangle()
    return found && index >= found.lines[0] && index <= found.lines[1] ? found.columns : undefined
  }

  function lineView(index: () => number) {
    const line = () => lines()[index()]
    const id = () => line()?.id ?? ''
    return (
      <Show when={line()}>
        {(found) => (
          <RunLine
            model={model}
            line={found()}
            index={index()}
            top={index() * rowHeight()}
            height={rowHeight()}
            nameWidth={nameWidth()}
            columns={shownColumns()}
            lefts={layout().lefts}
            placeOfColumn={placeOfColumn()}
            widthOf={(column) => widthOf(column, dragged())}
            reached={reached()?.line === id() ? reached()?.column : undefined}
            range={rangeOf(index())}
            onReach={(column) => range.reach({ line: id(), column })}
            onToggle={() => toggle(found())}
            onPress={(event, column) => onPress(event, found(), column)}
            onMenu={(button) => setMenu({ line: found(), button })}
            onPoint={(column) =>
              setStrip(column === undefined || byKeys ? undefined : { line: id(), column, by: 'pointer' })
            }
          />
        )}
      </Show>
    )
  }

  return (
    <>
      <section class="sheet runs-sheet" id="charts" aria-label="Runs" tabIndex={-1} ref={scroller}>
        <ColumnSets model={model} width={nameWidth()} />
        <div
          class="runs-table"
          style={{ width: `${layout().total}px` }}
          onPointerMove={() => {
            byKeys = false
          }}
          onPointerEnter={() => model.holdOrder(true)}
          onPointerLeave={() => model.holdOrder(false)}
        >
          {/* biome-ignore lint/a11y/noStaticElementInteractions: its role is set below; of a table all rows would have to be in the page */}
          {/** biome-ignore lint/a11y/useAriaPropsSupportedByRole: its role is given at run time */}
          <div
            class="runs-grid"
            classList={{ phone: props.phone }}
            role={model.groups() ? 'treegrid' : 'grid'}
            aria-label="Runs"
            aria-multiselectable="true"
            aria-rowcount={lines().length + 1}
            aria-colcount={model.columns().length + 1}
            onKeyDown={(event) => {
              byKeys = true
              onTableKey(event)
            }}
          >
            {/* biome-ignore lint/a11y/useSemanticElements: the same */}
            <div role="rowgroup" class="table-head">
              <SectionHeads model={model} layout={layout()} visible={visible()} />
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
                      pinned={(placeOfColumn().get(column.id) ?? 0) < model.pinned()}
                      onWidth={(width) => setDragged({ ...dragged(), [column.id]: width })}
                      placeAt={placeAt}
                      onDrop={setDrop}
                    />
                  )}
                </For>
                <Show when={drop() !== undefined}>
                  <i class="head-drop" style={{ transform: `translateX(${drop()}px)` }} />
                </Show>
              </div>
            </div>
            {/* biome-ignore lint/a11y/useSemanticElements: the same */}
            <div
              role="rowgroup"
              class="runs-body"
              ref={body}
              style={{ height: `${lines().length * rowHeight()}px` }}
            >
              <For each={rows.slots()}>{(slot) => lineView(() => rows.indexOf(slot))}</For>
              <Show when={away() !== undefined}>{lineView(() => away() ?? 0)}</Show>
            </div>
          </div>
          {/* a grid has rows and nothing else */}
          <Show when={strip()}>
            {(at) => (
              <CellStrip
                model={model}
                line={lines()[placeOf(at().line) ?? -1]}
                column={model.columns()[at().column]}
                top={(body?.offsetTop ?? 0) + ((placeOf(at().line) ?? 0) + 1) * rowHeight() + 3}
                left={layout().lefts[at().column] ?? 0}
                focus={at().by === 'key'}
                onClose={() => {
                  const { line, column, by } = at()
                  setStrip(undefined)
                  if (by === 'key') goTo(placeOf(line) ?? 0, column)
                }}
              />
            )}
          </Show>
        </div>
      </section>
      <Show when={props.bar !== false && model.selection.count() > 0}>
        <SelectionBar
          model={model}
          keys={model.selection.keys()}
          of={model.listed().length}
          word="selected"
          how={model.selection.how()}
          clear="Clear"
          onClear={range.clear}
        />
      </Show>
      <Show when={menu()}>
        {(open) => (
          <RowMenu
            model={model}
            line={open().line}
            button={open().button}
            onClose={() => {
              const { line } = open()
              setMenu(undefined)
              focusCell(line.id, -1)
            }}
            onChange={(what, keys) => setAsked({ what, keys })}
          />
        )}
      </Show>
      <Show when={asked()}>
        {(question) => <ChangeRuns {...question()} onClose={() => setAsked(undefined)} />}
      </Show>
    </>
  )
}

import '../../styles/data-table.css'
import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  For,
  type JSX,
  on,
  onCleanup,
  Show,
} from 'solid-js'
import type { TableColumn, TableOrder, TableSummary } from '../../../model/logged-table.ts'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { Head, type HeadPick } from './head.tsx'
import { DataLine, type DataRow } from './line.tsx'
import { NUMBERS, type PlacedColumn, placeColumns } from './sizes.ts'
import { type CellAct, CellStrip } from './strip.tsx'

const ROW = 28
const TOUCH_ROW = 36
const TALL_ROW = 68
const HEADS = 28
const SUMMARY_HEADS = 76
/** A column that has just gone. */
const GONE: PlacedColumn = { id: '', name: '', kind: 'none', letters: 0, left: 0, width: 0 }

export interface DataTableControl {
  /** Brings a row into sight, and gives it the keys. */
  goTo(row: number): void
  /** The first row, with no cell chosen. */
  toTop(): void
  focus(): void
}

export interface DataTableProps {
  label: string
  count: number
  /** Those that are shown, in order. */
  columns: readonly TableColumn[]
  /** Undefined while it is on its way. */
  row(index: number): DataRow | undefined
  /** What is in sight. */
  look(from: number, end: number, columns: readonly string[]): void
  withSummary: boolean
  summary(column: string): TableSummary | undefined
  held(column: string): HeadPick | undefined
  colorOf?: ((column: string, value: string) => string | undefined) | undefined
  order: TableOrder | undefined
  /** Undefined where the order is given. */
  onSort?: ((column: TableColumn) => void) | undefined
  onPick(column: TableColumn, pick: HeadPick | undefined): void
  widths: ReadonlyMap<string, number>
  onWidth(column: TableColumn, width: number | undefined): void
  find: string
  /** Row of the hit that is stood at. */
  hit: number | undefined
  touch: boolean
  tall: boolean
  /** The row below which all of it stands. */
  opened: number | undefined
  onOpen(row: number | undefined): void
  /** That, `width` px wide. */
  openedRow(width: number): JSX.Element
  onAct(act: CellAct, row: number, column: TableColumn): void
  /** Cells filter by their values. */
  filters?: boolean | undefined
  /** Rows [from, end) to the clipboard. */
  onCopy(from: number, end: number): void
  onSelect?(range: { from: number; end: number } | undefined): void
  control?(control: DataTableControl): void
  /** Under the rows, where there are none. */
  children?: JSX.Element
}

/**
 * Any number of rows and columns, of which only those in sight are in the page; one cell has the keys. Heads stick,
 * and say what their columns hold.
 */
export function DataTable(props: DataTableProps) {
  const id = createUniqueId()
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const [control, setControl] = createSignal<LongRowsControl>()
  const [sideways, setSideways] = createSignal({ left: 0, width: 0 })
  const [inSight, setInSight] = createSignal({ from: 0, end: 0 })
  const [current, setCurrent] = createSignal<{ row: number; column: string | undefined }>()
  const [other, setOther] = createSignal<number>()
  /** The current cell has its strip. */
  const [strip, setStrip] = createSignal(false)
  const [openHeight, setOpenHeight] = createSignal(120)
  let grid: HTMLDivElement | undefined
  const height = () => (props.tall ? TALL_ROW : props.touch ? TOUCH_ROW : ROW)
  const heads = () => (props.withSummary ? SUMMARY_HEADS : HEADS)
  const layout = createMemo(() => placeColumns(props.columns, props.widths, sideways().width))
  const places = createMemo(() => new Map(props.columns.map((column, i) => [column.id, i])))
  const columnsInSight = createMemo(() => {
    const { left, width } = sideways()
    return layout().columns.filter(
      (one) => one.left + one.width > left - 300 && one.left < left + width + 300,
    )
  })
  const idsInSight = createMemo(() => columnsInSight().map(({ id: one }) => one), [], {
    equals: (a, b) => a.length === b.length && a.every((one, i) => one === b[i]),
  })
  const placed = createMemo(() => new Map(layout().columns.map((column) => [column.id, column])))
  // a list of ids keeps the elements of a column whatever becomes of its width
  const columnOf = (column: string): PlacedColumn => placed().get(column) ?? { ...GONE, id: column }
  const range = createMemo(() => {
    const [a, b] = [current()?.row, other()]
    return a === undefined || b === undefined || a === b
      ? undefined
      : { from: Math.min(a, b), end: Math.max(a, b) + 1 }
  })
  createEffect(on(range, (now) => props.onSelect?.(now), { defer: true }))
  createEffect(() => props.look(inSight().from, inSight().end, idsInSight()))
  // other rows: what was chosen among those before is gone
  createEffect(
    on(
      () => props.count,
      (count) => {
        const now = current()
        if (now && now.row >= count) setCurrent(undefined)
        setOther(undefined)
        setStrip(false)
      },
      { defer: true },
    ),
  )

  createEffect(() => {
    const element = scroller()
    if (!element) return
    const look = (): void => void setSideways({ left: element.scrollLeft, width: element.clientWidth })
    look()
    const sized = new ResizeObserver(look)
    sized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    onCleanup(() => {
      sized.disconnect()
      element.removeEventListener('scroll', look)
    })
  })

  function isSelected(row: number): boolean {
    const now = range()
    return row === current()?.row || (now !== undefined && row >= now.from && row < now.end)
  }

  function goTo(row: number, extend = false, column = current()?.column): void {
    const to = Math.max(0, Math.min(props.count - 1, row))
    if (extend && other() === undefined) setOther(current()?.row ?? to)
    if (!extend) setOther(undefined)
    setStrip(false)
    setCurrent({ row: to, column })
    control()?.scrollTo(to, 'nearest')
  }

  function goToColumn(by: number): void {
    const at = places().get(current()?.column ?? '') ?? (by > 0 ? -1 : 0)
    const column = layout().columns[Math.max(0, Math.min(props.columns.length - 1, at + by))]
    if (!column) return
    setStrip(false)
    setCurrent({ row: current()?.row ?? inSight().from, column: column.id })
    const element = scroller()
    if (!element) return
    const [left, right] = [column.left - NUMBERS, column.left + column.width]
    if (left < element.scrollLeft) element.scrollLeft = left
    else if (right > element.scrollLeft + element.clientWidth)
      element.scrollLeft = right - element.clientWidth
  }

  props.control?.({
    goTo: (row) => goTo(row),
    toTop() {
      setCurrent(undefined)
      setOther(undefined)
      setStrip(false)
      control()?.scrollTo(0, 'top')
    },
    focus: () => grid?.focus({ preventScroll: true }),
  })

  const currentColumn = () => props.columns.find((column) => column.id === current()?.column)

  function act(what: CellAct): boolean {
    const [now, column] = [current(), currentColumn()]
    if (!now || !column) return false
    props.onAct(what, now.row, column)
    setStrip(false)
    return true
  }

  const ACTS: Record<string, CellAct> = { '=': 'equal', '!': 'unequal', '>': 'least', '<': 'most' }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || props.count === 0 || event.target !== grid) return
    const at = current()?.row ?? inSight().from
    const page = Math.max(1, inSight().end - inSight().from - 2)
    const { key, shiftKey } = event
    if (event.ctrlKey || event.metaKey) {
      if (key === 'c') {
        const rows = range()
        if (rows) props.onCopy(rows.from, rows.end)
        else if (!act('copy')) props.onCopy(at, at + 1)
      } else if (key === 'a') {
        setOther(0)
        setCurrent({ row: props.count - 1, column: current()?.column })
      } else if (key === 'Home') goTo(0)
      else if (key === 'End') goTo(props.count - 1)
      else return
    } else if (key === 'ArrowDown') goTo(current() ? at + 1 : at, shiftKey)
    else if (key === 'ArrowUp') goTo(at - 1, shiftKey)
    else if (key === 'PageDown') goTo(at + page, shiftKey)
    else if (key === 'PageUp') goTo(at - page, shiftKey)
    else if (key === 'Home') goTo(0, shiftKey)
    else if (key === 'End') goTo(props.count - 1, shiftKey)
    else if (key === 'ArrowRight') goToColumn(1)
    else if (key === 'ArrowLeft') goToColumn(-1)
    else if (key === 'Enter' || key === ' ') open(at)
    else if (key === 'ContextMenu' && currentColumn()) setStrip(true)
    else if (ACTS[key] && props.filters) {
      if (!act(ACTS[key])) return
    } else if (key === 'Escape' && strip()) setStrip(false)
    else if (key === 'Escape' && props.opened !== undefined) props.onOpen(undefined)
    else if (key === 'Escape' && range()) setOther(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function open(row: number): void {
    setStrip(false)
    props.onOpen(props.opened === row ? undefined : row)
  }

  const gap = createMemo(() =>
    props.opened === undefined ? undefined : { after: props.opened, height: openHeight() },
  )
  const activeId = () => {
    const now = current()
    if (!now) return undefined
    const row = `${id}-${now.row}`
    const column = places().get(now.column ?? '')
    return column === undefined || !idsInSight().includes(now.column ?? '') ? row : `${row}-${column}`
  }
  return (
    <section class="sheet data-sheet" id="charts" aria-label={props.label} tabIndex={-1} ref={setScroller}>
      {/* biome-ignore lint/a11y/useSemanticElements: of a table all rows would have to be in the page */}
      <div
        ref={grid}
        role="grid"
        aria-label={props.label}
        aria-rowcount={props.count + 1}
        aria-colcount={props.columns.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={activeId()}
        tabIndex={0}
        class="data-grid"
        classList={{ summed: props.withSummary }}
        style={{ width: `${layout().total}px`, '--row': `${height()}px`, '--heads': `${heads()}px` }}
        onKeyDown={onKeyDown}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: the same */}
        <div role="rowgroup" class="data-heads">
          {/* biome-ignore lint/a11y/useSemanticElements: the same */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys */}
          <div role="row" aria-rowindex="1" class="data-head-row">
            {/* biome-ignore lint/a11y/useSemanticElements: the same */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to press */}
            <div role="columnheader" aria-colindex={1} class="data-number number" aria-label="Row">
              #
            </div>
            <For each={idsInSight()}>
              {(column) => (
                <Head
                  column={columnOf(column)}
                  index={places().get(column) ?? 0}
                  order={props.order}
                  summary={props.summary(column)}
                  withSummary={props.withSummary}
                  held={props.held(column)}
                  colorOf={(value) => props.colorOf?.(column, value)}
                  onSort={props.onSort}
                  onPick={props.onPick}
                  onWidth={props.onWidth}
                />
              )}
            </For>
          </div>
        </div>
        <Show when={props.count > 0} fallback={props.children}>
          <LongRows
            count={props.count}
            rowHeight={height()}
            scroller={scroller()}
            inset={heads()}
            gap={gap()}
            inGap={() => (
              // biome-ignore lint/a11y/useSemanticElements: the same
              // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
              <div role="row" class="data-gap" style={{ left: `${sideways().left}px` }}>
                {/* biome-ignore lint/a11y/useSemanticElements: the same */}
                {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
                <div
                  role="gridcell"
                  ref={(element) => {
                    const sized = new ResizeObserver(() => setOpenHeight(element.offsetHeight))
                    sized.observe(element)
                    onCleanup(() => sized.disconnect())
                  }}
                >
                  {props.openedRow(sideways().width)}
                </div>
              </div>
            )}
            onRange={(from, end) => setInSight({ from, end })}
            control={setControl}
          >
            {(index) => (
              <>
                <DataLine
                  id={`${id}-${index()}`}
                  index={index()}
                  row={props.row(index())}
                  columns={idsInSight()}
                  columnOf={columnOf}
                  placeOf={(column) => places().get(column) ?? 0}
                  selected={isSelected(index())}
                  opened={props.opened === index()}
                  current={current()?.row === index() ? current()?.column : undefined}
                  find={props.find}
                  hit={props.hit === index()}
                  tall={props.tall}
                  onPress={(column, event) => {
                    const again = current()?.row === index() && current()?.column === column?.id && strip()
                    goTo(index(), event.shiftKey, column?.id)
                    setStrip(!again && !event.shiftKey)
                    grid?.focus({ preventScroll: true })
                  }}
                  onOpen={() => {
                    goTo(index())
                    open(index())
                  }}
                />
                <Show when={strip() && current()?.row === index() && currentColumn()}>
                  {(column) => (
                    <CellStrip
                      cell={props.row(index())?.cells.get(column().id)}
                      left={layout().columns[places().get(column().id) ?? 0]?.left ?? 0}
                      filters={props.filters ?? false}
                      onAct={act}
                      onOpen={() => open(index())}
                    />
                  )}
                </Show>
              </>
            )}
          </LongRows>
        </Show>
      </div>
    </section>
  )
}

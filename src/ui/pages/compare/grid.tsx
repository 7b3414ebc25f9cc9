import { createMemo, createSignal, For, type JSX, onCleanup, onMount } from 'solid-js'

export interface GridRow {
  id: string
  height: number
  class?: string | undefined
  /** Its cells are one, as wide as the window. */
  whole?: boolean
}

export interface GridColumn {
  id: string
  width: number
  class?: string | undefined
  /** Stays in sight at this distance from the left edge; the first columns may, all others are virtual. */
  stick?: number | undefined
}

export interface GridProps {
  label: string
  rows: readonly GridRow[]
  columns: readonly GridColumn[]
  /** So many of the first columns are always in the page. */
  fixed: number
  headHeight: number
  turned?: boolean
  head(column: string): JSX.Element
  cell(row: string, column: string): JSX.Element
  /** A key on a cell; true where it did something. */
  onKey(event: KeyboardEvent, row: string, column: string): boolean
  /** Bound to the width of what is in sight. */
  onWidth(width: number): void
  onPoint?(column: string | undefined): void
}

/** Rows and columns that are made beyond the edges, px. */
const BEYOND = 160
const PAGE_ROWS = 15

/**
 * A grid of which only what is in sight is in the page, in both directions; heights and widths are known. One
 * cell has the keys.
 */
export function VirtualGrid(props: GridProps) {
  let scroller: HTMLElement | undefined
  const [sight, setSight] = createSignal({ left: 0, top: 0, width: 0, height: 0 })
  const [current, setCurrent] = createSignal<{ row: string; column: string }>()

  const tops = createMemo(() => offsetsOf(props.rows, ({ height }) => height))
  const lefts = createMemo(() => offsetsOf(props.columns, ({ width }) => width))
  const total = () => lefts().at(-1) ?? 0
  const inRows = createMemo(
    () => {
      const { top, height } = sight()
      return within(tops(), top - BEYOND, top + height - props.headHeight + BEYOND)
    },
    undefined,
    { equals: same },
  )
  const inColumns = createMemo(
    () => {
      const { left, width } = sight()
      const [from, to] = within(lefts(), left - BEYOND, left + width + BEYOND)
      return [Math.max(props.fixed, from), Math.max(props.fixed, to)] as const
    },
    undefined,
    { equals: same },
  )
  const rowPlace = createMemo(() => new Map(props.rows.map(({ id }, i) => [id, i])))
  const columnPlace = createMemo(() => new Map(props.columns.map(({ id }, i) => [id, i])))
  const rowIds = createMemo(() => {
    const [from, to] = inRows()
    const ids = props.rows.slice(from, to).map(({ id }) => id)
    // the row that has the focus stays in the page
    const kept = current()?.row
    return kept !== undefined && !ids.includes(kept) && rowPlace().has(kept) ? [...ids, kept] : ids
  })
  const columnIds = createMemo(() => {
    const [from, to] = inColumns()
    const ids = props.columns.slice(0, props.fixed).map(({ id }) => id)
    for (const { id } of props.columns.slice(from, to)) ids.push(id)
    const kept = current()?.column
    return kept !== undefined && !ids.includes(kept) && columnPlace().has(kept) ? [...ids, kept] : ids
  })
  /** The one cell that Tab reaches. */
  const reached = createMemo(() => {
    const now = current()
    const known = now && rowPlace().has(now.row) && columnPlace().has(now.column)
    return known ? now : { row: props.rows[0]?.id ?? '', column: props.columns[0]?.id ?? '' }
  })

  onMount(() => {
    const element = scroller
    if (!element) return
    const measure = (): void => {
      setSight({
        left: element.scrollLeft,
        top: element.scrollTop,
        width: element.clientWidth,
        height: element.clientHeight,
      })
    }
    const sized = new ResizeObserver(() => {
      measure()
      props.onWidth(element.clientWidth)
    })
    props.onWidth(element.clientWidth)
    measure()
    sized.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    onCleanup(() => sized.disconnect())
  })
  function goTo(row: number, column: number): void {
    const [to, at] = [
      props.rows[clamp(row, props.rows.length)],
      props.columns[clamp(column, props.columns.length)],
    ]
    if (!to || !at) return
    setCurrent({ row: to.id, column: at.id })
    bringInSight(rowPlace().get(to.id) ?? 0, columnPlace().get(at.id) ?? 0)
    const cell = scroller?.querySelector<HTMLElement>(
      `[data-row="${CSS.escape(to.id)}"] > [data-column="${CSS.escape(at.id)}"]`,
    )
    cell?.focus({ preventScroll: true })
  }

  function bringInSight(row: number, column: number): void {
    const element = scroller
    if (!element) return
    const [top, bottom] = [tops()[row] ?? 0, tops()[row + 1] ?? 0]
    if (top < element.scrollTop) element.scrollTop = top
    else if (bottom > element.scrollTop + element.clientHeight - props.headHeight)
      element.scrollTop = bottom - element.clientHeight + props.headHeight
    if (props.columns[column]?.stick !== undefined) return
    const stuck = props.columns.reduce(
      (most, { stick, width }) => (stick === undefined ? most : Math.max(most, stick + width)),
      0,
    )
    const [left, right] = [lefts()[column] ?? 0, lefts()[column + 1] ?? 0]
    if (left - stuck < element.scrollLeft) element.scrollLeft = left - stuck
    else if (right > element.scrollLeft + element.clientWidth)
      element.scrollLeft = right - element.clientWidth
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return
    const at = reached()
    if (!event.target.matches('[data-column]') || !event.target.closest('.compare-body')) return
    const [row, column] = [rowPlace().get(at.row) ?? 0, columnPlace().get(at.column) ?? 0]
    if (event.key === 'ArrowDown') goTo(row + 1, column)
    else if (event.key === 'ArrowUp') goTo(row - 1, column)
    else if (event.key === 'ArrowRight') goTo(row, column + 1)
    else if (event.key === 'ArrowLeft') goTo(row, column - 1)
    else if (event.key === 'PageDown') goTo(row + PAGE_ROWS, column)
    else if (event.key === 'PageUp') goTo(row - PAGE_ROWS, column)
    else if (event.key === 'Home') goTo(event.shiftKey ? 0 : row, 0)
    else if (event.key === 'End') goTo(event.shiftKey ? props.rows.length : row, props.columns.length)
    else if (props.onKey(event, at.row, at.column)) {
      // what moved, or went, has lost the focus
      if (!scroller?.contains(document.activeElement))
        goTo(rowPlace().get(at.row) ?? row, columnPlace().get(at.column) ?? column)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  const leftOf = (place: number, stick: number | undefined): string | undefined => {
    const left = place >= props.fixed ? (lefts()[place] ?? 0) : stick
    return left === undefined ? undefined : `${left}px`
  }

  const frame = (id: string) => {
    const place = () => columnPlace().get(id) ?? 0
    const column = () => props.columns[place()]
    return {
      place,
      classes: () => ({
        [column()?.class ?? 'plain']: true,
        stuck: column()?.stick !== undefined,
        free: place() >= props.fixed,
      }),
      style: () => ({
        width: `${column()?.width ?? 0}px`,
        left: leftOf(place(), column()?.stick),
      }),
    }
  }

  return (
    <section class="sheet compare-sheet" id="charts" aria-label={props.label} tabIndex={-1} ref={scroller}>
      {/* biome-ignore lint/a11y/useSemanticElements: of a table all rows would have to be in the page */}
      <div
        class="compare-grid"
        classList={{ turned: props.turned ?? false }}
        role="grid"
        aria-label={props.label}
        aria-rowcount={props.rows.length + 1}
        aria-colcount={props.columns.length}
        style={{ width: `${total()}px` }}
        onKeyDown={onKeyDown}
        onPointerLeave={() => props.onPoint?.(undefined)}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: the same */}
        <div role="rowgroup" class="compare-head" style={{ height: `${props.headHeight}px` }}>
          {/* biome-ignore lint/a11y/useSemanticElements: the same */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys */}
          <div role="row" aria-rowindex="1" class="compare-row">
            <For each={columnIds()}>
              {(id) => {
                const { place, classes, style } = frame(id)
                return (
                  // biome-ignore lint/a11y/useSemanticElements: the same
                  // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys
                  <div
                    role="columnheader"
                    aria-colindex={place() + 1}
                    class="compare-cell"
                    classList={classes()}
                    style={style()}
                    onPointerEnter={() => props.onPoint?.(id)}
                  >
                    {props.head(id)}
                  </div>
                )
              }}
            </For>
          </div>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: the same */}
        <div role="rowgroup" class="compare-body" style={{ height: `${tops().at(-1) ?? 0}px` }}>
          <For each={rowIds()}>
            {(row) => {
              const at = () => rowPlace().get(row) ?? 0
              const of = () => props.rows[at()]
              return (
                // biome-ignore lint/a11y/useSemanticElements: the same
                // biome-ignore lint/a11y/useFocusableInteractive: its cells have the keys
                <div
                  role="row"
                  aria-rowindex={at() + 2}
                  class={`compare-row ${of()?.class ?? ''}`}
                  data-row={row}
                  style={{
                    transform: `translateY(${tops()[at()] ?? 0}px)`,
                    height: `${of()?.height ?? 0}px`,
                  }}
                >
                  <For each={of()?.whole ? columnIds().slice(0, 1) : columnIds()}>
                    {(id) => {
                      const { place, classes, style } = frame(id)
                      return (
                        // biome-ignore lint/a11y/noStaticElementInteractions: its role is given at run time
                        // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the same
                        <div
                          role={place() === 0 ? 'rowheader' : 'gridcell'}
                          aria-colindex={place() + 1}
                          aria-colspan={of()?.whole ? props.columns.length : undefined}
                          class="compare-cell"
                          classList={of()?.whole ? { stuck: true, wide: true } : classes()}
                          style={of()?.whole ? { left: '0px', width: `${sight().width}px` } : style()}
                          data-column={id}
                          tabIndex={reached().row === row && reached().column === id ? 0 : -1}
                          onFocus={(event) => {
                            if (event.target === event.currentTarget) setCurrent({ row, column: id })
                          }}
                          onPointerEnter={() => props.onPoint?.(id)}
                        >
                          {props.cell(row, id)}
                        </div>
                      )
                    }}
                  </For>
                </div>
              )
            }}
          </For>
        </div>
      </div>
    </section>
  )
}

/** Where each begins, and behind the last one where all end. */
function offsetsOf<T>(items: readonly T[], sizeOf: (item: T) => number): Float64Array {
  const offsets = new Float64Array(items.length + 1)
  items.forEach((item, i) => {
    offsets[i + 1] = offsets[i]! + sizeOf(item)
  })
  return offsets
}

/** The first and the one after the last that lie between two places. */
function within(offsets: Float64Array, from: number, to: number): readonly [number, number] {
  const first = Math.max(0, after(offsets, from) - 1)
  return [first, Math.min(offsets.length - 1, after(offsets, to))]
}

/** How many offsets are at most `value`. */
function after(offsets: Float64Array, value: number): number {
  let [low, high] = [0, offsets.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (offsets[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}

function clamp(value: number, count: number): number {
  return Math.max(0, Math.min(count - 1, value))
}

function same(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] && a[1] === b[1]
}

import { createMemo, For, type JSX, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import type { RunRow } from '../../../model/run-rows.ts'
import { cellOf, LEADING, leadingLeft, timeOf } from './raw-cells.ts'

/** A key's column: its left edge and its width, px. */
export interface RawColumn {
  key: string
  left: number
  width: number
}

export interface RawLineProps {
  id: string
  index: number
  /** Undefined while it is on its way. */
  row: RunRow | undefined
  selected: boolean
  columns: readonly RawColumn[]
  /** Places of the keys among all columns, and among the cells of a row. */
  places: ReadonlyMap<string, number>
  rowPlaces: ReadonlyMap<string, number>
  onPress(extend: boolean): void
}

const LOST = 'This row is not found in its file any more: its numbers as they were read'

/** One row as it was logged: its number, step and time, and the cells of the columns in sight. */
export function RawLine(props: RawLineProps) {
  const lost = () => props.row?.lost === true
  const step = () => {
    const { row } = props
    return !row ? '' : row.step === null ? '–' : formatCount(row.step)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of a grid of which only a part is in the page
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      role="row"
      id={props.id}
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
      class="raw-line"
      classList={{ lost: lost() }}
      data-row={props.index + 1}
      title={lost() ? LOST : undefined}
      onClick={(event) => props.onPress(event.shiftKey)}
    >
      <Lead i={0} class="number quiet">
        {formatCount(props.index + 1)}
      </Lead>
      <Lead i={1} class="number">
        {step()}
      </Lead>
      <Lead i={2} class="time" title={props.row?.timestamp}>
        {timeOf(props.row?.timestamp ?? '')}
      </Lead>
      <Show
        when={props.row?.unreadable === undefined}
        fallback={
          // biome-ignore lint/a11y/useSemanticElements: a cell of such a grid
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
          <div
            role="gridcell"
            class="raw-broken"
          >{`payload is no JSON object: ${props.row?.unreadable}`}</div>
        }
      >
        <For each={props.columns}>
          {(column) => {
            const text = () => props.row?.cells[props.rowPlaces.get(column.key) ?? -1]
            const cell = createMemo(() => cellOf(text()))
            return (
              // biome-ignore lint/a11y/useSemanticElements: a cell of such a grid
              // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
              <div
                role="gridcell"
                aria-colindex={(props.places.get(column.key) ?? 0) + LEADING.length + 1}
                class={cell().kind}
                data-value={text()}
                title={cell().kind === 'other' ? text() : undefined}
                style={{ width: `${column.width}px`, left: `${column.left}px` }}
              >
                {cell().text}
              </div>
            )
          }}
        </For>
      </Show>
    </div>
  )
}

function Lead(props: { i: number; class: string; title?: string | undefined; children: JSX.Element }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of such a grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div
      role="gridcell"
      aria-colindex={props.i + 1}
      class={`lead ${props.class}`}
      title={props.title}
      style={{ width: `${LEADING[props.i]}px`, left: `${leadingLeft(props.i)}px` }}
    >
      {props.children}
    </div>
  )
}

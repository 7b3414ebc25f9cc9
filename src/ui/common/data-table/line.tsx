import { createMemo, For, type JSX, Match, Show, Switch } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { marked } from '../../../compute/number-style.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { STEP_COLUMN, type TableCell } from '../../../model/logged-table.ts'
import { Hits } from './hits.tsx'
import { MediaCell } from './media-cell.tsx'
import type { PlacedColumn } from './sizes.ts'

/** A row as the table draws it. */
export interface DataRow {
  cells: ReadonlyMap<string, TableCell>
  /** A line in this colour before a cell: the run's. */
  mark?(column: string): { color: string; dash: readonly number[] } | undefined
  /** Words that the cell is not as it was asked for. */
  warning?(column: string): string | undefined
  /** What a cell shows in place of its text. */
  draw?(column: string): JSX.Element | undefined
}

export interface DataLineProps {
  id: string
  index: number
  /** Undefined while it is on its way. */
  row: DataRow | undefined
  /** Ids of the columns in sight. */
  columns: readonly string[]
  columnOf(id: string): PlacedColumn
  /** Place of a column among all. */
  placeOf(id: string): number
  selected: boolean
  opened: boolean
  /** Column of the cell that has the keys, where it is in this row. */
  current: string | undefined
  find: string
  /** The row is the hit that is stood at. */
  hit: boolean
  tall: boolean
  onPress(column: PlacedColumn | undefined, event: MouseEvent): void
  onOpen(): void
}

/** One row: its number, and the cells of the columns in sight. */
export function DataLine(props: DataLineProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of a grid of which only a part is in the page
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div
      role="row"
      id={props.id}
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
      class="data-line"
      classList={{ opened: props.opened, waits: !props.row, tall: props.tall }}
      data-row={props.index + 1}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a cell of such a grid */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys */}
      <div
        role="gridcell"
        aria-colindex={1}
        class="data-number number"
        title={props.opened ? 'Close the row' : 'Open the row: Enter'}
        onClick={(event) => {
          event.stopPropagation()
          props.onOpen()
        }}
      >
        {formatCount(props.index + 1)}
      </div>
      <For each={props.columns}>{(id) => <Cell {...props} column={props.columnOf(id)} />}</For>
    </div>
  )
}

function Cell(props: DataLineProps & { column: PlacedColumn }) {
  const cell = createMemo(() => props.row?.cells.get(props.column.id))
  const mark = createMemo(() => props.row?.mark?.(props.column.id))
  const warning = createMemo(() => props.row?.warning?.(props.column.id))
  const drawn = createMemo(() => props.row?.draw?.(props.column.id))
  const kind = () => cell()?.kind ?? 'none'
  const isStep = () => props.column.id === STEP_COLUMN
  const text = () => {
    const found = cell()
    if (!found || found.kind === 'none') return ''
    // what is looked for is marked in the text that was searched
    if (found.kind === 'number') return numberText(found.text, isStep(), props.find === '')
    return found.text
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of such a grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      role="gridcell"
      id={`${props.id}-${props.placeOf(props.column.id)}`}
      aria-colindex={props.placeOf(props.column.id) + 2}
      class="data-cell"
      classList={{
        number: kind() === 'number' || props.column.kind === 'number',
        null: kind() === 'null',
        json: kind() === 'json',
        media: kind() === 'media',
        current: props.current === props.column.id,
        warn: warning() !== undefined,
        bad: kind() === 'number' && !Number.isFinite(Number(cell()?.text)),
      }}
      style={{ left: `${props.column.left}px`, width: `${props.column.width}px` }}
      data-column={props.column.id}
      data-value={cell()?.text}
      title={warning() ?? (kind() === 'text' || kind() === 'json' ? visibleName(text()) : undefined)}
      onClick={(event) => props.onPress(props.column, event)}
      onDblClick={() => props.onOpen()}
    >
      <Show when={mark()}>
        {(of) => <i class="data-mark" style={{ background: of().color }} aria-hidden="true" />}
      </Show>
      <Switch fallback={<Hits text={text()} find={props.find} current={props.hit} />}>
        <Match when={kind() === 'media'}>
          <MediaCell text={cell()?.text ?? ''} find={props.find} />
        </Match>
        <Match when={drawn()}>{(own) => own()}</Match>
        <Match when={warning()}>
          {(words) => (
            <>
              <span>{text()}</span>
              <span class="unseen">{words()}</span>
            </>
          )}
        </Match>
      </Switch>
    </div>
  )
}

/** As it was logged, with the minus that is as wide as a plus; steps have separators. */
function numberText(text: string, isStep: boolean, styled: boolean): string {
  const shown = isStep && /^-?\d+$/.test(text) ? formatCount(Number(text)) : styled ? marked(text) : text
  return shown.replace(/^-/, '−')
}

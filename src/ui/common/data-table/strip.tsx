import { Show } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import type { TableCell } from '../../../model/logged-table.ts'

/** What can be done with a cell: filters by its value, or its text to the clipboard. */
export type CellAct = 'equal' | 'unequal' | 'least' | 'most' | 'copy'

const MOST = 28

/** Below the chosen cell: filters by it. */
export function CellStrip(props: {
  cell: TableCell | undefined
  left: number
  /** Else it is only copied and opened. */
  filters: boolean
  onAct(act: CellAct): void
  onOpen(): void
}) {
  const words = () => {
    const { cell } = props
    if (!cell || cell.kind === 'none' || cell.kind === 'null') return 'null'
    return visibleName(cell.text.length > MOST ? `${cell.text.slice(0, MOST)}…` : cell.text)
  }
  return (
    <div
      class="data-strip"
      role="toolbar"
      aria-label={props.filters ? `Filter by ${words()}` : words()}
      style={{ left: `${props.left}px` }}
    >
      <Show when={props.filters}>
        <button type="button" title="Only rows with this value: =" onClick={() => props.onAct('equal')}>
          {`= ${words()}`}
        </button>
        <button
          type="button"
          aria-label="Without this value"
          title="Without this value: !"
          onClick={() => props.onAct('unequal')}
        >
          ≠
        </button>
        <Show when={props.cell?.kind === 'number'}>
          <button
            type="button"
            aria-label="This or more"
            title="This or more: >"
            onClick={() => props.onAct('least')}
          >
            ≥
          </button>
          <button
            type="button"
            aria-label="This or less"
            title="This or less: <"
            onClick={() => props.onAct('most')}
          >
            ≤
          </button>
        </Show>
      </Show>
      <button type="button" class="word" title="Copy the cell" onClick={() => props.onAct('copy')}>
        Copy
      </button>
      <button type="button" class="word" title="All of the row: Enter" onClick={() => props.onOpen()}>
        Open
      </button>
    </div>
  )
}

import { createMemo, createSignal } from 'solid-js'
import { type GridCell, type GridHead, gridOf, pageOfColumns, spread } from '../../../compute/media-grid.ts'
import type { MediaModel } from './model.ts'

/** How the window cuts the sheet into cells, px. */
export interface CellLayout {
  /** Columns that fit. */
  room: number
  cell: number
  /** Of the names of rows; 0 where there is no room for them. */
  head: number
  phone: boolean
}

const SIZES: Record<string, number> = { s: 68, m: 104, l: 208 }
const GAP = 8
const EDGE = 16
export const ROW_HEAD = 136
export const HEAD = 32
export const COLUMN_HEAD = 28
/** Under a picture: its caption, and the air around both. */
const UNDER = 33

export function cellLayout(width: number, size: string, phone: boolean): CellLayout {
  const head = phone ? 0 : ROW_HEAD + GAP
  const inner = Math.max(1, width - 2 * EDGE - head)
  const wanted = SIZES[size] ?? 104
  const room = phone ? 2 : Math.max(1, Math.floor((inner + GAP) / (wanted + GAP)))
  return { room, cell: Math.max(16, (inner - (room - 1) * GAP) / room), head, phone }
}

/** A line of cells: of one row of the grid, all of it or as much as one line holds. */
export interface Line {
  row: GridHead
  /** The row's name stands here. */
  named: boolean
  slots: { column: GridHead; cell(): GridCell }[]
}

export type SectionView = ReturnType<typeof createSectionView>

/** A key's grid cut into lines, of which the sheet knows the height without drawing them. */
export function createSectionView(model: MediaModel, key: string, layout: () => CellLayout) {
  const [from, setFrom] = createSignal(0)
  const section = createMemo(() => model.byKey().get(key) ?? { key, items: [] })
  const placed = createMemo(() => model.placesIn(section()))
  const step = () => model.stepOf(key)
  const grid = createMemo(() => gridOf(placed().places, step(), model.otherwise()))
  const wrapped = () => layout().phone || placed().places.columnsBy === 'all'
  const near = () => model.own().window === 'near'
  const held = createMemo(() => {
    const at = step()
    return placed().places.columnsBy === 'step' ? grid().columns.findIndex((head) => head.step === at) : -1
  })
  /** Which columns are shown. */
  const columns = createMemo(() => {
    const all = grid().columns
    const { room } = layout()
    if (placed().places.columnsBy !== 'step') return pageOfColumns(all.length, room, from())
    return near() ? pageOfColumns(all.length, room, held() - (room >> 1)) : spread(all.length, room, held())
  })
  const heads = createMemo(() => columns().flatMap((i) => grid().columns[i] ?? []))
  const lines = createMemo((): Line[] => {
    const now = grid()
    const { room } = layout()
    return now.rows.flatMap((row): Line[] => {
      const slots: Line['slots'] = []
      if (placed().places.columnsBy === 'all') {
        const [column] = now.columns
        if (!column) return []
        for (const item of now.cell(row, column).items)
          slots.push({ column, cell: () => ({ items: [item] }) })
      } else
        for (const column of wrapped() ? now.columns : heads()) {
          let cell: GridCell | undefined
          slots.push({ column, cell: () => (cell ??= now.cell(row, column)) })
        }
      if (!wrapped()) return [{ row, named: true, slots }]
      return Array.from({ length: Math.ceil(slots.length / room) }, (_, i) => ({
        ...{ row, named: i === 0 },
        slots: slots.slice(i * room, (i + 1) * room),
      }))
    })
  })
  // runs are named over their cells where there is no column for them
  const lineHeight = () => layout().cell + UNDER + (layout().phone ? 22 : 0)
  const headHeight = () => HEAD + (wrapped() ? 0 : COLUMN_HEAD)
  return {
    ...{
      key,
      section,
      placed,
      grid,
      step,
      wrapped,
      near,
      columns,
      heads,
      lines,
      lineHeight,
      headHeight,
      layout,
    },
    from,
    setFrom: (next: number) => setFrom(Math.max(0, Math.min(next, grid().columns.length - layout().room))),
    item: (i: number) => section().items[i],
    height: createMemo(() => (model.isFolded(key) ? HEAD : headHeight() + lines().length * lineHeight())),
  }
}

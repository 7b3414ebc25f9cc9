import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { Line } from './lines.ts'
import { keysOf, type RunsModel } from './model.ts'

/** A cell: which line, and which column (−1 for the name). */
export interface Cell {
  line: string
  column: number
}

/** Lines and columns, first and last. */
export interface Rectangle {
  lines: readonly [number, number]
  columns: readonly [number, number]
}

/**
 * The cells between the one where Shift was pressed and the one that has the keys: they can be copied, and
 * their runs are selected.
 */
export function createRange(
  model: RunsModel,
  lines: Accessor<readonly Line[]>,
  placeOf: (line: string) => number | undefined,
) {
  const [current, setCurrent] = createSignal<Cell>()
  const [anchor, setAnchor] = createSignal<Cell>()
  const rectangle = createMemo((): Rectangle | undefined => {
    const [from, to] = [anchor(), current()]
    const [top, bottom] = [placeOf(from?.line ?? ''), placeOf(to?.line ?? '')]
    if (!from || !to || top === undefined || bottom === undefined) return undefined
    return {
      lines: [Math.min(top, bottom), Math.max(top, bottom)],
      columns: [Math.min(from.column, to.column), Math.max(from.column, to.column)],
    }
  })
  createEffect(
    on(
      rectangle,
      (found) => {
        if (!found) return
        const inside = lines().slice(found.lines[0], found.lines[1] + 1)
        model.selection.set(
          inside.flatMap((line) => keysOf(model, line)),
          'in the table',
        )
      },
      { defer: true },
    ),
  )
  return {
    current,
    rectangle,
    /** Goes to a cell; `extend` takes all between into the range. */
    goTo(cell: Cell, extend: boolean) {
      if (!extend) setAnchor(undefined)
      else if (!anchor()) setAnchor(current() ?? cell)
      setCurrent(cell)
    },
    reach: setCurrent,
    clear() {
      setAnchor(undefined)
      model.selection.clear()
    },
  }
}

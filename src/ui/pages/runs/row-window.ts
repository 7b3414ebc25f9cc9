import { type Accessor, createMemo } from 'solid-js'

/** Lines that are drawn beyond each edge, so that none is blank while it comes into sight. */
const BEYOND = 6

export interface RowWindow {
  /** As many as are needed, numbered; each draws one line after the other while the table scrolls. */
  slots: Accessor<number[]>
  /** The line that a slot draws. */
  indexOf(slot: number): number
  /** A line is drawn by one of them. */
  holds(index: number): boolean
}

/**
 * Which lines of equal height are drawn. A slot keeps its elements and draws another line where its own has
 * left: making lines anew costs three times what a frame has.
 */
export function createRowWindow(options: {
  /** Of the scroller, px: how far it is, and how high without its head. */
  sight: Accessor<{ top: number; height: number }>
  rowHeight: Accessor<number>
}): RowWindow {
  const count = createMemo(() => Math.ceil(options.sight().height / options.rowHeight()) + 2 * BEYOND)
  const from = createMemo(() => Math.max(0, Math.floor(options.sight().top / options.rowHeight()) - BEYOND))
  return {
    slots: createMemo(() => Array.from({ length: count() }, (_, slot) => slot)),
    indexOf(slot) {
      const [first, n] = [from(), count()]
      return first + ((((slot - first) % n) + n) % n)
    },
    holds: (index) => index >= from() && index < from() + count(),
  }
}

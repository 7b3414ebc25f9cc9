import { type Accessor, batch, createComputed, createMemo, createSignal, type Signal } from 'solid-js'

/** Lines that are drawn beyond each edge, so that none is blank while it comes into sight. */
const BEYOND = 5

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
  /** The first line in sight, and how many there is room for. */
  first: Accessor<number>
  room: Accessor<number>
}): RowWindow {
  const count = createMemo(() => options.room() + 2 * BEYOND)
  const from = createMemo(() => Math.max(0, options.first() - BEYOND))
  // signals, not memos: of those that keep their line nothing at all is looked at
  const indexes: Signal<number>[] = []
  createComputed(() => {
    const [first, n] = [from(), count()]
    batch(() => {
      for (let slot = 0; slot < n; slot++) {
        const index = first + ((((slot - first) % n) + n) % n)
        const known = indexes[slot]
        if (known) known[1](index)
        else indexes[slot] = createSignal(index)
      }
    })
  })
  return {
    slots: createMemo(() => Array.from({ length: count() }, (_, slot) => slot)),
    indexOf(slot) {
      indexes[slot] ??= createSignal(slot)
      return indexes[slot][0]()
    },
    holds: (index) => index >= from() && index < from() + count(),
  }
}

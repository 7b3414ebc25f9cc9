import type { Cursor } from '../../state/view/chart-context.ts'

/**
 * The crosshair after a press at `x`: the first press pins it, the second pins another one, so that the two
 * are told apart, the third begins anew. A press on what is pinned (`on`) lets it go.
 */
export function pinned(cursor: Cursor | undefined, x: number, metric: string, on: boolean): Cursor {
  if (!cursor?.pinned)
    return { x, metric, pinned: true, ...(cursor?.from !== undefined && { from: cursor.from }) }
  if (on) return { x, metric, pinned: false }
  return { x, metric, pinned: true, ...(cursor.from === undefined && { from: cursor.x }) }
}

/**
 * The crosshair as it is led to `x`, by a finger or by keys: from one that is pinned a second one goes, and
 * what lies between is told on the way.
 */
export function led(cursor: Cursor | undefined, x: number, metric: string): Cursor {
  const from = cursor?.from ?? (cursor?.pinned ? cursor.x : undefined)
  return { x, metric, pinned: false, ...(from !== undefined && { from }) }
}

/** What is left of it when whoever led it goes: what was pinned stays. */
export function leftBehind(cursor: Cursor | undefined): Cursor | undefined {
  if (!cursor || cursor.pinned) return cursor
  return cursor.from === undefined ? undefined : { x: cursor.from, metric: cursor.metric, pinned: true }
}

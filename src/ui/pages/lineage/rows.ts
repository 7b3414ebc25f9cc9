import type { Neighbours } from '../../../compute/lineage/reach.ts'

/** A line of the list: a node below another one, or one of the two headings. */
export interface ListRow {
  /** The way to it: unique, and the same as long as the graph is. */
  key: string
  level: number
  place: number | undefined
  heading?: 'from' | 'of'
  /** How many stand below it. */
  below: number
  open: boolean
  /** It stands open further up already. */
  again: boolean
  at: number
  of: number
}

/**
 * A graph as a tree: what a node was made from and what was made of it, each below its heading, and below each
 * node what that was made from, and so on. What stands open already is not opened a second time.
 */
export function listRows(
  { next, before }: Neighbours,
  start: number,
  { isOpen, show }: { isOpen(key: string, level: number): boolean; show: 'all' | 'from' | 'of' },
): ListRow[] {
  const rows: ListRow[] = []
  const seen = new Set<number>()
  const walk = (node: number, way: string, level: number, side: (node: number) => Uint32Array): void => {
    const list = side(node)
    list.forEach((place, i) => {
      const key = `${way}/${place}`
      const below = side(place).length
      const again = below > 0 && seen.has(place)
      const open = below > 0 && !again && isOpen(key, level)
      rows.push({ key, level, place, below, open, again, at: i + 1, of: list.length })
      if (!open) return
      seen.add(place)
      walk(place, key, level + 1, side)
    })
  }
  const sides = (
    [
      ['from', before],
      ['of', next],
    ] as const
  ).filter(([heading]) => show === 'all' || show === heading)
  sides.forEach(([heading, side], i) => {
    seen.clear()
    seen.add(start)
    const below = side(start).length
    const open = below > 0 && isOpen(heading, 0)
    rows.push({
      key: heading,
      level: 1,
      place: undefined,
      heading,
      below,
      open,
      again: false,
      at: i + 1,
      of: sides.length,
    })
    if (open) walk(start, heading, 2, side)
  })
  return rows
}

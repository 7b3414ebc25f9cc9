import type { Picture } from '../../../compute/lineage/picture.ts'
import { type Neighbours, neighboursOf, reached } from '../../../compute/lineage/reach.ts'

/** Of a node on screen at 100 %, and the room around it, px. */
export const NODE = { width: 144, height: 42 }
export const ROOM = { columns: 44, rows: 22 }

/** Where the graph lies on screen: a place of it times `scale` plus `x` and `y`, px. */
export interface View {
  x: number
  y: number
  scale: number
}

export const MOST_SCALE = 2.5
const MARGIN = 24

/** What is lit: items and edges. */
export interface Lit {
  items: ReadonlySet<number>
  edges: ReadonlySet<number>
}

export function itemNeighbours({ folded }: Picture): Neighbours {
  return neighboursOf(folded.first.length, folded.from, folded.to)
}

/** All that one was made from and all that was made of it, with the edges on these ways. */
export function chainOf({ folded }: Picture, neighbours: Neighbours, item: number): Lit {
  const before = new Set([item, ...reached(neighbours.before, item)])
  const after = new Set([item, ...reached(neighbours.next, item)])
  const edges = new Set<number>()
  for (let e = 0; e < folded.from.length; e++) {
    const [a, b] = [folded.from[e] as number, folded.to[e] as number]
    if ((before.has(a) && before.has(b)) || (after.has(a) && after.has(b))) edges.add(e)
  }
  return { items: new Set([...before, ...after]), edges }
}

/** The items of a way, and the edges from one to the next. */
export function litWay({ folded }: Picture, items: readonly number[]): Lit {
  const pairs = new Set(items.slice(1).map((item, i) => `${items[i]} ${item}`))
  const edges = new Set<number>()
  for (let e = 0; e < folded.from.length; e++)
    if (pairs.has(`${folded.from[e]} ${folded.to[e]}`)) edges.add(e)
  return { items: new Set(items), edges }
}

/** The whole graph in a window; never larger than it is. */
export function fitted({ layout }: Picture, width: number, height: number): View {
  const [w, h] = [layout.width + 2 * MARGIN, layout.height + 2 * MARGIN]
  const scale = Math.min(1, width / w, height / h)
  return {
    scale,
    x: (width - layout.width * scale) / 2,
    y: (height - layout.height * scale) / 2,
  }
}

/** The first look: all of it where it stays legible, else as it is, with one item in the middle. */
export function firstView(picture: Picture, item: number, width: number, height: number): View {
  const whole = fitted(picture, width, height)
  if (whole.scale >= 0.6) return whole
  return centred(picture, item, 1, width, height)
}

export function centred(
  { layout }: Picture,
  item: number,
  scale: number,
  width: number,
  height: number,
): View {
  return {
    scale,
    x: width / 2 - (layout.x[item] ?? 0) * scale,
    y: height / 2 - (layout.y[item] ?? 0) * scale,
  }
}

/** The same place stays under a point of the window. */
export function zoomedAt(view: View, factor: number, least: number, x: number, y: number): View {
  const scale = Math.min(MOST_SCALE, Math.max(least, view.scale * factor))
  const by = scale / view.scale
  return { scale, x: x - (x - view.x) * by, y: y - (y - view.y) * by }
}

/** As far as it has to be moved for an item to be in sight. */
export function seeing(view: View, { layout }: Picture, item: number, width: number, height: number): View {
  const half = { x: (NODE.width / 2) * view.scale, y: (NODE.height / 2) * view.scale }
  const at = {
    x: (layout.x[item] ?? 0) * view.scale + view.x,
    y: (layout.y[item] ?? 0) * view.scale + view.y,
  }
  return { ...view, x: view.x + into(at.x, half.x, width), y: view.y + into(at.y, half.y, height) }
}

function into(at: number, half: number, size: number): number {
  const room = Math.min(MARGIN + half, size / 2)
  return at < room ? room - at : at > size - room ? size - room - at : 0
}

/** The item at a point of the window. */
export function itemAt({ layout }: Picture, view: View, x: number, y: number): number | undefined {
  const [gx, gy] = [(x - view.x) / view.scale, (y - view.y) / view.scale]
  for (let i = 0; i < layout.x.length; i++)
    if (
      Math.abs((layout.x[i] as number) - gx) <= NODE.width / 2 &&
      Math.abs((layout.y[i] as number) - gy) <= NODE.height / 2
    )
      return i
  return undefined
}

export type Direction = 'left' | 'right' | 'up' | 'down'

/** Where an arrow leads: along an edge to the nearest item, or to the next one of the column. */
export function stepFrom(
  { layout }: Picture,
  { next, before }: Neighbours,
  item: number,
  to: Direction,
): number | undefined {
  const y = layout.y[item] as number
  if (to === 'left' || to === 'right') {
    const list = Array.from(to === 'right' ? next(item) : before(item))
    const near = (one: number): number => Math.abs((layout.y[one] as number) - y)
    return list.sort((a, b) => near(a) - near(b))[0]
  }
  const x = layout.x[item] as number
  let best: number | undefined
  for (let i = 0; i < layout.x.length; i++) {
    if (i === item || Math.abs((layout.x[i] as number) - x) > NODE.width / 2) continue
    const away = ((layout.y[i] as number) - y) * (to === 'down' ? 1 : -1)
    if (away <= 0) continue
    if (best === undefined || away < Math.abs((layout.y[best] as number) - y)) best = i
  }
  return best
}

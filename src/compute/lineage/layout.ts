import { Graph, layout } from '@dagrejs/dagre'
import { rankNodes } from './ranks.ts'
import { neighboursOf } from './reach.ts'

/** dagre walks along edges by recursion: chains of some two thousand end its stack, after seconds. */
const MOST_COLUMNS = 400

/** What is to be placed: nodes of one size, and the edges between them. */
export interface LayoutGraph {
  count: number
  from: Uint32Array
  to: Uint32Array
  /** Of a node, and the least room between columns and between nodes of a column, px. */
  width: number
  height: number
  columns: number
  rows: number
}

/** Where it stands, px. */
export interface Layout {
  /** Middles of the nodes. */
  x: Float32Array
  y: Float32Array
  width: number
  height: number
  /**
   * Edge e goes from its start (the right edge of that node) over `vias[start[e] .. start[e + 1])`, pairs of x
   * and y that it passes level for the width of a node, to its end. One that closes a circle starts at the
   * right node as well and is marked in `turned`.
   */
  start: Uint32Array
  vias: Float32Array
  turned: Uint8Array
}

/**
 * Lays a graph out in columns from left to right. Edges over several columns that leave one node share one
 * way: as dagre has it each would get a node of its own in every column (300 uses of a dataset four columns
 * away: 900 nodes), which takes seconds and looks like a rope.
 */
export function layOut({ count, from, to, width, height, columns, rows }: LayoutGraph): Layout {
  const ranked = rankNodes(count, from, to)
  const sizes: Placed = { column: [...ranked.rank], links: [], ...{ count, width, height, columns, rows } }
  const trunks = new Map<string, number>()
  const ways: number[][] = []
  for (let e = 0; e < ranked.from.length; e++) {
    const [a, b] = [ranked.from[e] as number, ranked.to[e] as number]
    const way: number[] = []
    let last = a
    for (let rank = (ranked.rank[a] as number) + 1; rank < (ranked.rank[b] as number); rank++) {
      const name = `${a} ${rank}`
      let trunk = trunks.get(name)
      if (trunk === undefined) {
        trunk = sizes.column.push(rank) - 1
        trunks.set(name, trunk)
        sizes.links.push([last, trunk])
      }
      way.push(trunk)
      last = trunk
    }
    sizes.links.push([last, b])
    ways.push(way)
  }
  const deepest = ranked.rank.reduce((most, rank) => Math.max(most, rank), 0)
  const middle = deepest < MOST_COLUMNS ? byDagre(sizes) : byColumns(sizes)
  const x = new Float32Array(count)
  const y = new Float32Array(count)
  let [right, bottom] = [0, 0]
  for (let node = 0; node < count; node++) {
    const at = middle(node)
    x[node] = at.x
    y[node] = at.y
    right = Math.max(right, at.x + width / 2)
    bottom = Math.max(bottom, at.y + height / 2)
  }
  const start = new Uint32Array(ways.length + 1)
  const vias: number[] = []
  ways.forEach((way, e) => {
    for (const trunk of way) {
      const at = middle(trunk)
      vias.push(at.x, at.y)
      bottom = Math.max(bottom, at.y)
    }
    start[e + 1] = vias.length
  })
  return {
    ...{ x, y, start, turned: ranked.turned },
    width: right,
    height: bottom,
    vias: Float32Array.from(vias),
  }
}

/** Nodes, and behind them the points that long edges pass, each by its column; `links`: pairs of them. */
interface Placed extends Pick<LayoutGraph, 'count' | 'width' | 'height' | 'columns' | 'rows'> {
  column: number[]
  links: [from: number, to: number][]
}

type Middle = (item: number) => { x: number; y: number }

function byDagre({ column, links, count, width, height, columns, rows }: Placed): Middle {
  const graph = new Graph({ multigraph: false })
  graph.setGraph({ rankdir: 'LR', ranker: 'tight-tree', ranksep: columns, nodesep: rows, edgesep: rows })
  graph.setDefaultEdgeLabel(() => ({}))
  for (let item = 0; item < column.length; item++)
    graph.setNode(String(item), { width, height: item < count ? height : 1 })
  for (const [a, b] of links) graph.setEdge(String(a), String(b))
  layout(graph)
  return (item) => graph.node(String(item))
}

/** Column by column: each item as near as can be to the middle of those that lead to it. */
function byColumns({ column, links, count, width, height, columns, rows }: Placed): Middle {
  const { before } = neighboursOf(
    column.length,
    Uint32Array.from(links, ([a]) => a),
    Uint32Array.from(links, ([, b]) => b),
  )
  const inColumn: number[][] = []
  column.forEach((rank, item) => {
    const list = inColumn[rank]
    if (list) list.push(item)
    else inColumn[rank] = [item]
  })
  const y = new Float64Array(column.length)
  const wanted = (item: number): number => {
    const from = before(item)
    return from.length === 0
      ? Number.POSITIVE_INFINITY
      : from.reduce((sum, one) => sum + (y[one] as number), 0) / from.length
  }
  for (const list of inColumn) {
    let free = 0
    const sorted = list.map((item) => ({ item, at: wanted(item) }))
    for (const { item, at } of sorted.sort((a, b) => (a.at === b.at ? a.item - b.item : a.at - b.at))) {
      const half = (item < count ? height : 1) / 2
      y[item] = Number.isFinite(at) ? Math.max(at, free + half) : free + half
      free = (y[item] as number) + half + rows
    }
  }
  return (item) => ({
    x: width / 2 + (column[item] as number) * (width + columns),
    y: y[item] as number,
  })
}

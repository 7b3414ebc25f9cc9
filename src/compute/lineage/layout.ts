import { Graph, layout } from '@dagrejs/dagre'
import { rankNodes } from './ranks.ts'

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
  const graph = new Graph({ multigraph: false })
  graph.setGraph({
    rankdir: 'LR',
    ranker: 'tight-tree',
    ranksep: columns,
    nodesep: rows,
    edgesep: rows,
  })
  graph.setDefaultEdgeLabel(() => ({}))
  for (let node = 0; node < count; node++) graph.setNode(String(node), { width, height })
  const trunks = new Map<string, string>()
  const ways: string[][] = []
  for (let e = 0; e < ranked.from.length; e++) {
    const [a, b] = [ranked.from[e] as number, ranked.to[e] as number]
    const way: string[] = []
    let last = String(a)
    for (let rank = (ranked.rank[a] as number) + 1; rank < (ranked.rank[b] as number); rank++) {
      const name = `${a} ${rank}`
      if (!trunks.has(name)) {
        trunks.set(name, name)
        graph.setNode(name, { width, height: 1 })
        graph.setEdge(last, name)
      }
      way.push(name)
      last = name
    }
    graph.setEdge(last, String(b))
    ways.push(way)
  }
  layout(graph)
  const x = new Float32Array(count)
  const y = new Float32Array(count)
  let [right, bottom] = [0, 0]
  for (let node = 0; node < count; node++) {
    const at = graph.node(String(node))
    x[node] = at.x
    y[node] = at.y
    right = Math.max(right, at.x + width / 2)
    bottom = Math.max(bottom, at.y + height / 2)
  }
  const start = new Uint32Array(ways.length + 1)
  const vias: number[] = []
  ways.forEach((way, e) => {
    for (const name of way) {
      const at = graph.node(name)
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

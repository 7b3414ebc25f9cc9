import { neighboursOf } from './reach.ts'

/** A graph without circles, in columns. */
export interface Ranked {
  /** Column of each node, from 0 on. */
  rank: Int32Array
  /** Edges as they lead from left to right; `turned[e]`: against what they mean, in a circle. */
  from: Uint32Array
  to: Uint32Array
  turned: Uint8Array
}

/**
 * Columns: a node stands right of all that lead to it, and those that nothing leads to stand just before the
 * first one that they lead to. A run may use what it made: edges that would close a circle are turned.
 */
export function rankNodes(count: number, edgesFrom: Uint32Array, edgesTo: Uint32Array): Ranked {
  const from = edgesFrom.slice()
  const to = edgesTo.slice()
  const turned = turnCircles(count, from, to)
  const { next, before } = neighboursOf(count, from, to)
  const rank = new Int32Array(count)
  const open = Int32Array.from({ length: count }, (_, node) => before(node).length)
  const order: number[] = []
  for (let node = 0; node < count; node++) if (open[node] === 0) order.push(node)
  for (let at = 0; at < order.length; at++) {
    const node = order[at] as number
    for (const one of next(node)) {
      rank[one] = Math.max(rank[one] as number, (rank[node] as number) + 1)
      open[one] = (open[one] as number) - 1
      if (open[one] === 0) order.push(one)
    }
  }
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at] as number
    const after = next(node)
    if (before(node).length > 0 || after.length === 0) continue
    let first = Number.POSITIVE_INFINITY
    for (const one of after) first = Math.min(first, rank[one] as number)
    rank[node] = first - 1
  }
  return { rank, from, to, turned }
}

/** Turns edges that lead back to where a walk along the edges came from; without recursion, for long chains. */
function turnCircles(count: number, from: Uint32Array, to: Uint32Array): Uint8Array {
  const turned = new Uint8Array(from.length)
  const outgoing: number[][] = Array.from({ length: count }, () => [])
  for (let e = 0; e < from.length; e++) outgoing[from[e] as number]?.push(e)
  const state = new Uint8Array(count) // 1: on the way, 2: done
  const at = new Uint32Array(count)
  for (let start = 0; start < count; start++) {
    if (state[start] !== 0) continue
    const way = [start]
    state[start] = 1
    while (way.length > 0) {
      const node = way[way.length - 1] as number
      const edge = outgoing[node]?.[at[node] as number]
      at[node] = (at[node] as number) + 1
      if (edge === undefined) {
        state[node] = 2
        way.pop()
        continue
      }
      const next = to[edge] as number
      if (state[next] === 1) turned[edge] = 1
      else if (state[next] === 0) {
        state[next] = 1
        way.push(next)
      }
    }
  }
  for (let e = 0; e < from.length; e++) if (turned[e]) [from[e], to[e]] = [to[e] as number, from[e] as number]
  return turned
}

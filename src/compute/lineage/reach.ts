import type { Lineage } from '../../model/lineage.ts'

/** Edges by node, in both directions: `list[start[n] .. start[n + 1])`. */
export interface Neighbours {
  next: (node: number) => Uint32Array
  before: (node: number) => Uint32Array
  count: number
}

export function neighboursOf(count: number, from: Uint32Array, to: Uint32Array): Neighbours {
  const after = side(count, from, to)
  const back = side(count, to, from)
  return { next: after, before: back, count }
}

export function neighboursIn({ nodes, from, to }: Lineage): Neighbours {
  return neighboursOf(nodes.length, from, to)
}

function side(count: number, keys: Uint32Array, values: Uint32Array): (node: number) => Uint32Array {
  const start = new Uint32Array(count + 1)
  for (const key of keys) start[key + 1] = (start[key + 1] ?? 0) + 1
  for (let n = 0; n < count; n++) start[n + 1] = (start[n + 1] ?? 0) + (start[n] ?? 0)
  const list = new Uint32Array(values.length)
  const at = start.slice()
  for (let e = 0; e < keys.length; e++) {
    const key = keys[e] as number
    list[at[key] as number] = values[e] as number
    at[key] = (at[key] as number) + 1
  }
  return (node) => list.subarray(start[node], start[node + 1])
}

/**
 * All nodes that are reached from one, itself left out, nearest first. What was made of it: `next`; what it was
 * made from: `before`.
 */
export function reached(step: (node: number) => Uint32Array, start: number): number[] {
  const seen = new Set([start])
  const found = [start]
  for (let at = 0; at < found.length; at++)
    for (const one of step(found[at] as number)) {
      if (seen.has(one)) continue
      seen.add(one)
      found.push(one)
    }
  return found.slice(1)
}

/** The nodes that hang together with one, itself among them, nearest first. */
export function componentOf({ next, before }: Neighbours, start: number): number[] {
  const both = (node: number): Uint32Array => {
    const [a, b] = [before(node), next(node)]
    const joined = new Uint32Array(a.length + b.length)
    joined.set(a)
    joined.set(b, a.length)
    return joined
  }
  return [start, ...reached(both, start)]
}

/** Part of a graph: `nodes` of it, and the edges between them, by places in `nodes`. */
export interface Part {
  /** Places in the whole graph, ascending. */
  nodes: Uint32Array
  from: Uint32Array
  to: Uint32Array
}

export function partOf({ from, to, nodes: all }: Lineage, wanted: Iterable<number>): Part {
  const nodes = Uint32Array.from(wanted).sort()
  const place = new Int32Array(all.length).fill(-1)
  nodes.forEach((node, at) => {
    place[node] = at
  })
  const starts: number[] = []
  const ends: number[] = []
  for (let e = 0; e < from.length; e++) {
    const [a, b] = [place[from[e] as number] as number, place[to[e] as number] as number]
    if (a < 0 || b < 0) continue
    starts.push(a)
    ends.push(b)
  }
  return { nodes, from: Uint32Array.from(starts), to: Uint32Array.from(ends) }
}

/**
 * The way between two nodes: along the edges from one to the other where there is one (the shortest), else
 * what both were made from, else what was made of both (the nearest of them, without those behind them).
 */
export type Way =
  | { kind: 'path' /** From the earlier to the later, both among them. */; nodes: number[]; turned: boolean }
  | { kind: 'from'; nodes: number[] }
  | { kind: 'of'; nodes: number[] }
  | { kind: 'none' }

export function wayBetween(graph: Neighbours, a: number, b: number): Way {
  const there = shortest(graph.next, a, b)
  if (there) return { kind: 'path', nodes: there, turned: false }
  const back = shortest(graph.next, b, a)
  if (back) return { kind: 'path', nodes: back, turned: true }
  const from = nearestShared(graph.before, a, b)
  if (from.length > 0) return { kind: 'from', nodes: from }
  const of = nearestShared(graph.next, a, b)
  return of.length > 0 ? { kind: 'of', nodes: of } : { kind: 'none' }
}

function shortest(step: (node: number) => Uint32Array, start: number, end: number): number[] | undefined {
  const came = new Map<number, number>([[start, -1]])
  const queue = [start]
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at] as number
    if (node === end) {
      const path = [node]
      for (let n = came.get(node) ?? -1; n >= 0; n = came.get(n) ?? -1) path.push(n)
      return path.reverse()
    }
    for (const one of step(node)) {
      if (came.has(one)) continue
      came.set(one, node)
      queue.push(one)
    }
  }
  return undefined
}

/** What both reach, without what is reached only behind others of these. */
function nearestShared(step: (node: number) => Uint32Array, a: number, b: number): number[] {
  const ofB = new Set(reached(step, b))
  const shared = reached(step, a).filter((node) => ofB.has(node))
  const behind = new Set(shared.flatMap((node) => [...step(node)]))
  const nearest = shared.filter((node) => !behind.has(node))
  return nearest.length > 0 ? nearest : shared
}

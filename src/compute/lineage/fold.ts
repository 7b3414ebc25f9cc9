import type { Lineage } from '../../model/lineage.ts'
import { neighboursOf, type Part } from './reach.ts'

/** What may be folded: nodes of one kind. */
export interface Foldable {
  count: number
  from: Uint32Array
  to: Uint32Array
  /** By node; -1 for one that stays alone. */
  kinds: Int32Array
  /** So many like siblings become one; 0 folds nothing. */
  least: number
  /** Folds that are open, by their first nodes. */
  open: Uint32Array
}

/** What is drawn in place of nodes: each is one of them, or stands for several. */
export interface Folded {
  /** By node: the item that it is drawn as. */
  place: Int32Array
  /** By item: its first node, and for how many it stands. */
  first: Uint32Array
  sizes: Uint32Array
  /** By item: the first node of the open fold that it is of; -1 for none. */
  unfolded: Int32Array
  /** Between items; each pair once. */
  from: Uint32Array
  to: Uint32Array
  /** Folds there are, open ones among them. */
  folds: number
}

/** Longer chains of differences than this are too far away to be seen as one. */
const ROUNDS = 24

/**
 * Folds like siblings: nodes of one kind that were made from the same nodes and used by the same, where what is
 * folded itself counts as one. Thirty runs that use a dataset and each make a version are two folds. By
 * refinement of a partition: it starts with the kinds, and nodes with different neighbours are parted until
 * nothing changes.
 */
export function foldSiblings(graph: Foldable): Folded {
  const { count, least } = graph
  const group = least > 0 && least <= count ? refined(graph) : Array.from({ length: count }, (_, at) => at)
  const sizes = sizesOf(group)
  const firstOf = new Map<number, number>()
  const open = new Set(graph.open)
  const place = new Int32Array(count)
  const first: number[] = []
  const stands: number[] = []
  const unfolded: number[] = []
  const folds = new Set<number>()
  for (let node = 0; node < count; node++) {
    const one = group[node] as number
    const size = sizes.get(one) ?? 1
    const folded = least > 0 && size >= least
    if (!firstOf.has(one)) firstOf.set(one, node)
    const start = firstOf.get(one) as number
    if (folded) folds.add(start)
    if (folded && !open.has(start) && start !== node) {
      place[node] = place[start] as number
      continue
    }
    place[node] = first.push(node) - 1
    stands.push(folded && !open.has(start) ? size : 1)
    unfolded.push(folded && open.has(start) ? start : -1)
  }
  const pairs = new Set<number>()
  for (let e = 0; e < graph.from.length; e++) {
    const [a, b] = [place[graph.from[e] as number] as number, place[graph.to[e] as number] as number]
    if (a !== b) pairs.add(a * first.length + b)
  }
  return {
    place,
    first: Uint32Array.from(first),
    sizes: Uint32Array.from(stands),
    unfolded: Int32Array.from(unfolded),
    from: Uint32Array.from(pairs, (pair) => Math.floor(pair / first.length)),
    to: Uint32Array.from(pairs, (pair) => pair % first.length),
    folds: folds.size,
  }
}

/** Of each node the group that it may be folded with. */
function refined({ count, from, to, kinds, least }: Foldable): number[] {
  const { before, next } = neighboursOf(count, from, to)
  let group = Array.from(kinds, (kind, at) => (kind < 0 ? -1 - at : kind))
  for (let round = 0; round < ROUNDS; round++) {
    const sizes = sizesOf(group)
    // what is too few to be folded is each itself
    const own = group.map((one, at) => ((sizes.get(one) ?? 0) < least ? -1 - at : one))
    const names = new Map<string | number, number>()
    const finer = own.map((one, at) => {
      const name = one < 0 ? one : `${one}|${setOf(before(at), own)}|${setOf(next(at), own)}`
      const known = names.get(name) ?? names.size
      names.set(name, known)
      return known
    })
    group = finer
    if (names.size === new Set(own).size) break
  }
  return group
}

function sizesOf(groups: readonly number[]): Map<number, number> {
  const sizes = new Map<number, number>()
  for (const one of groups) sizes.set(one, (sizes.get(one) ?? 0) + 1)
  return sizes
}

function setOf(neighbours: Uint32Array, group: readonly number[]): string {
  return [...new Set(Array.from(neighbours, (node) => group[node] as number))].sort((a, b) => a - b).join(' ')
}

/**
 * Kinds of a part's nodes: versions of one artifact, runs of one project. Versions that somebody gave a name to
 * (all but `latest`) stay apart, and so will those who made them; so do the `pinned`, places in the whole graph.
 */
export function kindsOf({ nodes }: Lineage, part: Part, pinned: ReadonlySet<number>): Int32Array {
  const names = new Map<string, number>()
  return Int32Array.from(part.nodes, (place) => {
    const node = nodes[place]
    if (!node || pinned.has(place)) return -1
    if (node.kind === 'version' && node.aliases.some((alias) => alias !== 'latest')) return -1
    const name = `${node.kind} ${node.project}/${node.kind === 'version' ? node.artifact : ''}`
    const known = names.get(name) ?? names.size
    names.set(name, known)
    return known
  })
}

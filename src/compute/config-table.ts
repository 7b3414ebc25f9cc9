import type { Json, Run } from '../model/run.ts'

/**
 * Config values of some runs by path: `optimizer.lr`, `betas[1]`. `values[key][run]`: undefined where the run has
 * not set it. A value is plain, an empty list or an empty object: what lies in lists and objects has paths of its
 * own. Keys stand in the order in which they came first; those that start with `_` are trackio's own and left out.
 */
export interface ConfigTable {
  paths: string[]
  values: (Json | undefined)[][]
  runs: number
}

type Config = Run['config']

interface Table extends ConfigTable {
  /** Keys by path; several where a run has two values of one path. */
  places: Map<string, number[]>
}

/** A place that runs may have a value at, or values below. */
interface Node {
  key: string
  path: string
  /** Its place among its parent's. */
  place: number
  /** Its place among the keys once a value was met here, else −1. */
  at: number
  list: boolean
  below: Node[]
  /** Made with the first key that does not come where it did before. */
  named: Map<string, Node> | undefined
}

// one of each, so that equal values are the same
const NO_ITEMS: Json = []
const NO_KEYS: Json = {}
/** What lies deeper stands as one text. */
const DEEPEST = 64

/**
 * The runs of a project mostly have the same keys in the same order, so each key is looked for first where it
 * came in the run before: 200 runs × 2,000 keys take 20 ms, with a lookup by name each they take 70.
 */
export function flattenConfigs(configs: readonly Config[]): ConfigTable {
  const table: Table = { paths: [], values: [], runs: configs.length, places: new Map() }
  const root = makeNode('', '', false, 0)
  configs.forEach((config, run) => {
    if (!config) return
    takeAll(table, root, config, Object.keys(config), run, 0)
  })
  return { paths: table.paths, values: table.values, runs: table.runs }
}

function makeNode(key: string, path: string, list: boolean, place: number): Node {
  return { key, path, place, at: -1, list, below: [], named: undefined }
}

/** The node of a key below another one, made where there is none. */
function childOf(parent: Node, key: string): Node {
  parent.named ??= new Map(parent.below.map((node) => [node.key, node]))
  const known = parent.named.get(key)
  if (known) return known
  const path = parent.list ? `${parent.path}[${key}]` : parent.path === '' ? key : `${parent.path}.${key}`
  const node = makeNode(key, path, false, parent.below.length)
  parent.named.set(key, node)
  parent.below.push(node)
  return node
}

function take(table: Table, node: Node, value: Json, run: number, depth: number): void {
  if (typeof value !== 'object' || value === null) return put(table, node, value, run)
  const isList = Array.isArray(value)
  const keys = Object.keys(value)
  if (keys.length === 0) return put(table, node, isList ? NO_ITEMS : NO_KEYS, run)
  if (depth >= DEEPEST) return put(table, node, textOf(value), run)
  takeAll(table, insideOf(node, isList), value as { [key: string]: Json }, keys, run, depth + 1)
}

/** `keys`: those of `values`. */
function takeAll(
  table: Table,
  parent: Node,
  values: { [key: string]: Json },
  keys: readonly string[],
  run: number,
  depth: number,
): void {
  const below = parent.below
  let next = 0
  // entries of 2,000 keys would take four times as long to be listed
  for (const key of keys) {
    if (depth === 0 && key.startsWith('_')) continue
    let node = below[next]
    if (node === undefined || node.key !== key) {
      node = childOf(parent, key)
      next = node.place
    }
    next++
    take(table, node, values[key] as Json, run, depth)
  }
}

function textOf(value: Json): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return 'nested too deep to be shown'
  }
}

const inside = new WeakMap<Node, { list: Node; keys: Node }>()

/** Items of a list and keys of an object at one place are told apart: `a[0]` and `a.0`. */
function insideOf(node: Node, list: boolean): Node {
  let both = inside.get(node)
  if (!both) {
    both = {
      list: makeNode(node.key, node.path, true, 0),
      keys: makeNode(node.key, node.path, false, 0),
    }
    inside.set(node, both)
  }
  return list ? both.list : both.keys
}

function put(table: Table, node: Node, value: Json, run: number): void {
  if (node.at < 0 || table.values[node.at]![run] !== undefined) {
    const at = placeFor(table, node.path, run)
    if (node.at < 0) node.at = at
    table.values[at]![run] = value
  } else table.values[node.at]![run] = value
}

/** `{"a.b": 1}` and `{"a": {"b": 1}}` say the same, but where one run says both. */
function placeFor(table: Table, path: string, run: number): number {
  const known = table.places.get(path) ?? []
  table.places.set(path, known)
  const free = known.find((at) => table.values[at]![run] === undefined)
  if (free !== undefined) return free
  known.push(table.paths.length)
  table.paths.push(path)
  table.values.push(new Array<Json | undefined>(table.runs).fill(undefined))
  return table.paths.length - 1
}

/** The same keys with the same values, in the same order. */
export function sameTable(a: ConfigTable, b: ConfigTable): boolean {
  return (
    a.runs === b.runs &&
    a.paths.length === b.paths.length &&
    a.paths.every((path, key) => path === b.paths[key]) &&
    a.values.every((values, key) => values.every((value, run) => value === b.values[key]![run]))
  )
}

/** Whether not all of some runs have the same value there; not being set is a value of its own. */
export function differs(values: readonly (Json | undefined)[]): boolean {
  const first = values[0]
  for (let run = 1; run < values.length; run++) if (values[run] !== first) return true
  return false
}

/** Numbers of distinct values, in order of their first run, and how many there are. */
export function codesOf(values: readonly (Json | undefined)[]): { codes: Int32Array; distinct: number } {
  const known = new Map<Json | undefined, number>()
  const codes = new Int32Array(values.length)
  for (let run = 0; run < values.length; run++) {
    const value = values[run]
    let code = known.get(value)
    if (code === undefined) {
      code = known.size
      known.set(value, code)
    }
    codes[run] = code
  }
  return { codes, distinct: known.size }
}

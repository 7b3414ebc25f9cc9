import type { Json } from '../model/run.ts'
import { jsonText } from './json-text.ts'
import { isErrorStatus, numberOf, textOf, usageOf } from './trace-messages.ts'

/**
 * Spans of a trace as a tree in flat arrays: `spans[i]` stands in row i, parents before their children, so that
 * the rows below row i are the `size[i]` ones from i on. Numbers are NaN where nothing was logged; times are ms
 * since 1970.
 */
export interface SpanTree {
  spans: readonly Fields[]
  /** Of one id that stands twice, the second is told by `-2`. */
  ids: readonly string[]
  names: readonly string[]
  kinds: readonly string[]
  parent: Int32Array
  depth: Int32Array
  /** Spans of the part of the tree that begins here, itself among them. */
  size: Int32Array
  start: Float64Array
  end: Float64Array
  duration: Float64Array
  /** Of the duration what no child accounts for. */
  self: Float64Array
  tokens: Float64Array
  cost: Float64Array
  failed: Uint8Array
  deepest: number
  /** Of all spans: earliest start and latest end; NaN where none has both. */
  from: number
  to: number
}

export type Fields = { [key: string]: Json }

/** Spans as they are logged, in the order of the tree; without recursion, and each once, in circles too. */
export function spanTree(logged: Json | undefined): SpanTree {
  const given = (Array.isArray(logged) ? logged : []).map(
    (one): Fields => (one !== null && typeof one === 'object' && !Array.isArray(one) ? one : { output: one }),
  )
  const n = given.length
  const { ids, first } = uniqueIds(given)
  // loops, as `from` with a function goes through iterators: 100,000 spans took three times as long
  const starts = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const one = given[i] as Fields
    starts[i] = timeOf(one.start_time ?? one.startTime)
  }
  const { order, depth, parentOf } = orderOf(given, starts, first)
  const place = new Int32Array(n)
  for (let row = 0; row < n; row++) place[order[row] as number] = row
  const spans = new Array<Fields>(n)
  const [ownIds, names, kinds] = [new Array<string>(n), new Array<string>(n), new Array<string>(n)]
  const parent = new Int32Array(n)
  for (let row = 0; row < n; row++) {
    const i = order[row] as number
    const span = given[i] as Fields
    spans[row] = span
    ownIds[row] = ids[i] as string
    names[row] = textOf(span.name) || textOf(span.kind) || 'span'
    kinds[row] = textOf(span.kind) || 'span'
    const above = parentOf[i] as number
    parent[row] = above < 0 ? -1 : (place[above] as number)
  }
  const tree: SpanTree = {
    ...{ spans, ids: ownIds, names, kinds, parent, depth },
    size: new Int32Array(n).fill(1),
    start: new Float64Array(n),
    end: new Float64Array(n),
    duration: new Float64Array(n),
    self: new Float64Array(n),
    tokens: new Float64Array(n),
    cost: new Float64Array(n),
    failed: new Uint8Array(n),
    deepest: 0,
    from: Number.NaN,
    to: Number.NaN,
  }
  for (let row = 0; row < n; row++) {
    const span = tree.spans[row] as Fields
    const start = starts[order[row] as number] as number
    const end = timeOf(span.end_time ?? span.endTime)
    const told = numberOf(span.duration_ms ?? span.durationMs)
    const duration = told >= 0 ? told : end - start
    tree.start[row] = start
    tree.duration[row] = duration
    tree.end[row] = Number.isNaN(end) ? start + duration : end
    tree.tokens[row] = usageOf(span.usage).total
    tree.cost[row] = numberOf(span.cost_usd ?? span.costUsd)
    tree.failed[row] = isErrorStatus(span.status) || (span.error != null && span.error !== '') ? 1 : 0
    tree.deepest = Math.max(tree.deepest, tree.depth[row] as number)
    if (!(start >= tree.from)) tree.from = Number.isNaN(start) ? tree.from : start
    const last = tree.end[row] as number
    if (!(last <= tree.to)) tree.to = Number.isNaN(last) ? tree.to : last
  }
  for (let row = n - 1; row > 0; row--) {
    const parent = tree.parent[row] as number
    if (parent >= 0) tree.size[parent]! += tree.size[row] as number
  }
  selfTimes(tree)
  return tree
}

/** An id for each, and the first span that logged an id. */
function uniqueIds(given: readonly Fields[]): { ids: string[]; first: ReadonlyMap<string, number> } {
  const seen = new Map<string, number>()
  const first = new Map<string, number>()
  const ids = given.map((span, i) => {
    const logged = textOf(span.id)
    if (logged !== '' && !first.has(logged)) first.set(logged, i)
    const id = logged || `span-${i}`
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return count === 1 ? id : `${id}-${count}`
  })
  return { ids, first }
}

/** Rows of the tree: siblings by their start where they have one, else where they stand. */
function orderOf(
  given: readonly Fields[],
  logged: Float64Array,
  first: ReadonlyMap<string, number>,
): { order: Int32Array; depth: Int32Array; parentOf: Int32Array } {
  const n = given.length
  const parentOf = new Int32Array(n).fill(-1)
  for (let i = 0; i < n; i++) {
    const span = given[i] as Fields
    const parent = first.get(textOf(span.parent_id ?? span.parentId))
    if (parent !== undefined && parent !== i) parentOf[i] = parent
  }
  // one that stands without a time stays behind the one before it
  const starts = new Float64Array(n)
  const before = new Float64Array(n + 1).fill(Number.NEGATIVE_INFINITY)
  for (let i = 0; i < n; i++) {
    const parent = (parentOf[i] as number) + 1
    const own = logged[i] as number
    starts[i] = Number.isNaN(own) ? (before[parent] as number) : own
    before[parent] = starts[i] as number
  }
  const sorted = new Int32Array(n)
  let inOrder = true
  for (let i = 0; i < n; i++) {
    sorted[i] = i
    if (i > 0 && (starts[i] as number) < (starts[i - 1] as number)) inOrder = false
  }
  // spans are mostly logged as they begin
  if (!inOrder) sorted.sort((a, b) => compare(starts[a] as number, starts[b] as number) || a - b)
  // children as linked lists, from the last to the first: so they are pushed, and taken from the first on
  const lastChild = new Int32Array(n).fill(-1)
  const previous = new Int32Array(n).fill(-1)
  const roots: number[] = []
  for (const i of sorted) {
    const parent = parentOf[i] as number
    if (parent < 0) roots.push(i)
    else {
      previous[i] = lastChild[parent] as number
      lastChild[parent] = i
    }
  }
  const order = new Int32Array(n)
  const depth = new Int32Array(n)
  const placed = new Uint8Array(n)
  let rows = 0
  const walk = (root: number): void => {
    const stack = [root]
    const levels = [0]
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const level = levels.pop() as number
      if (placed[i]) continue
      placed[i] = 1
      depth[rows] = level
      order[rows++] = i
      for (let child = lastChild[i] as number; child >= 0; child = previous[child] as number) {
        if (placed[child]) continue
        stack.push(child)
        levels.push(level + 1)
      }
    }
  }
  for (const root of roots) walk(root)
  // what is left are circles: each is opened where it stands first
  for (let i = 0; i < n && rows < n; i++) {
    if (placed[i]) continue
    parentOf[i] = -1
    walk(i)
  }
  return { order, depth, parentOf }
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A duration less the time in which a child goes on; of children without times less their durations. */
function selfTimes(tree: SpanTree): void {
  const n = tree.spans.length
  const covered = new Float64Array(n)
  const upTo = new Float64Array(n).fill(Number.NEGATIVE_INFINITY)
  for (let row = 0; row < n; row++) {
    const parent = tree.parent[row] as number
    if (parent < 0) continue
    const [start, end] = [tree.start[row] as number, tree.end[row] as number]
    const [first, last] = [tree.start[parent] as number, tree.end[parent] as number]
    if (Number.isNaN(start + end + first + last)) {
      const own = tree.duration[row] as number
      covered[parent]! += Number.isNaN(own) ? 0 : own
      continue
    }
    // siblings come in the order of their starts
    const from = Math.max(start, first, upTo[parent] as number)
    const to = Math.min(end, last)
    if (to > from) covered[parent]! += to - from
    upTo[parent] = Math.max(upTo[parent] as number, to)
  }
  for (let row = 0; row < n; row++)
    tree.self[row] = Math.max(0, (tree.duration[row] as number) - (covered[row] as number))
}

/** The rows that are seen while the spans of some rows are folded; `folded` by row. */
export function visibleSpans(tree: SpanTree, folded: ReadonlySet<number>): Int32Array {
  const n = tree.spans.length
  const rows = new Int32Array(n)
  let count = 0
  for (let row = 0; row < n; ) {
    rows[count++] = row
    row += folded.has(row) ? (tree.size[row] as number) : 1
  }
  return rows.slice(0, count)
}

/**
 * Rows of the critical path: the spans without which the trace would have ended sooner. From the end back, at
 * each moment the child that ended last before it; what no child accounts for is the span's own.
 */
export function criticalPath(tree: SpanTree): Set<number> {
  const path = new Set<number>()
  const n = tree.spans.length
  let root = -1
  for (let row = 0; row < n; row += tree.size[row] as number)
    if (
      !Number.isNaN(tree.start[row] as number) &&
      !(root >= 0 && (tree.duration[row] as number) <= (tree.duration[root] as number))
    )
      root = row
  if (root < 0) return path
  // children of each span by their ends, the last first
  const byEnd = new Map<number, number[]>()
  for (let row = 0; row < n; row++) {
    const parent = tree.parent[row] as number
    if (parent < 0 || Number.isNaN((tree.start[row] as number) + (tree.end[row] as number))) continue
    const own = byEnd.get(parent)
    if (own) own.push(row)
    else byEnd.set(parent, [row])
  }
  for (const rows of byEnd.values()) rows.sort((a, b) => (tree.end[b] as number) - (tree.end[a] as number))
  const stack = [{ row: root, until: tree.end[root] as number, at: 0 }]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    path.add(top.row)
    const children = byEnd.get(top.row) ?? []
    while (top.at < children.length && (tree.end[children[top.at] as number] as number) > top.until) top.at++
    const child = children[top.at]
    if (child === undefined) {
      stack.pop()
      continue
    }
    top.at++
    const until = tree.end[child] as number
    // what began before the span itself is not waited for any longer
    top.until = Math.min(tree.start[child] as number, top.until)
    stack.push({ row: child, until, at: 0 })
  }
  return path
}

/** What spans say of a whole trace; NaN where nothing was logged. */
export interface SpanTotals {
  duration: number
  tokens: number
  input: number
  output: number
  cost: number
  tools: number
  failedTools: number
  failed: number
}

/**
 * Sums over the spans. A span that repeats the sum of those below it (trackio's own dashboard counts it again)
 * counts once.
 */
export function spanTotals(tree: SpanTree): SpanTotals {
  const n = tree.spans.length
  const usage = tree.spans.map((span) => usageOf(span.usage))
  let tools = 0
  let failedTools = 0
  let failed = 0
  let longest = Number.NaN
  for (let row = 0; row < n; row++) {
    failed += tree.failed[row] as number
    if (!((tree.duration[row] as number) <= longest) && !Number.isNaN(tree.duration[row] as number))
      longest = tree.duration[row] as number
    if (tree.kinds[row] !== 'tool') continue
    tools++
    failedTools += tree.failed[row] as number
  }
  const whole = tree.to - tree.from
  return {
    duration: Number.isNaN(whole) ? longest : whole,
    tokens: sumOnce(tree, (row) => usage[row]?.total ?? Number.NaN),
    input: sumOnce(tree, (row) => usage[row]?.input ?? Number.NaN),
    output: sumOnce(tree, (row) => usage[row]?.output ?? Number.NaN),
    cost: sumOnce(tree, (row) => tree.cost[row] as number),
    tools,
    failedTools,
    failed,
  }
}

function sumOnce(tree: SpanTree, numberAt: (row: number) => number): number {
  const n = tree.spans.length
  /** Sum over what is below a row, each thing once; NaN for nothing. */
  const below = new Float64Array(n).fill(Number.NaN)
  let sum = Number.NaN
  // children come after their parents
  for (let row = n - 1; row >= 0; row--) {
    const own = numberAt(row)
    const inner = below[row] as number
    const repeats = Math.abs(own - inner) <= 1e-9 * Math.abs(own)
    const all = Number.isNaN(inner) || repeats ? (Number.isNaN(own) ? inner : own) : add(inner, own)
    const parent = tree.parent[row] as number
    if (parent < 0) sum = add(sum, all)
    else below[parent] = add(below[parent] as number, all)
  }
  return sum
}

function add(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b
}

/** Keys of a span that have a place of their own; of those in the second line what is text or a number. */
const TOLD = new Set([
  ...['parent_id', 'parentId', 'start_time', 'startTime', 'end_time', 'endTime', 'duration_ms', 'durationMs'],
  ...['usage', 'cost_usd', 'costUsd', 'input', 'output', 'error', 'metadata'],
])
const HEAD = ['id', 'name', 'kind', 'model', 'status']

/** What a span says, as it is shown and searched; '' for parts that it lacks, `more` for what has no place. */
export function spanText(span: Fields): {
  input: string
  output: string
  error: string
  head: string
  metadata: string
  more: string
} {
  const { input, output, error, metadata } = span
  const more = Object.entries(span).filter(
    ([key, value]) =>
      value !== null && value !== '' && !TOLD.has(key) && (!HEAD.includes(key) || textOf(value) === ''),
  )
  const shown = (value: Json | undefined): string =>
    value === undefined || value === null ? '' : typeof value === 'string' ? jsonless(value) : jsonText(value)
  return {
    head: HEAD.map((key) => textOf(span[key]))
      .filter(Boolean)
      .join(' '),
    input: shown(input),
    output: shown(output),
    error: shown(error),
    metadata: shown(metadata),
    more: more.length === 0 ? '' : jsonText(Object.fromEntries(more)),
  }
}

/** All that a span says, as one text. */
export function spanWords(span: Fields): string {
  const { head, input, output, error, metadata, more } = spanText(span)
  return [head, input, output, error, metadata, more].filter(Boolean).join('\n')
}

function jsonless(text: string): string {
  const shown = jsonText(text)
  return shown === JSON.stringify(text) ? text : JSON.parse(shown)
}

/**
 * A time of a span in ms since 1970, with what the text has beyond milliseconds; one without a zone is UTC, as
 * trackio's own command takes it. NaN where it is none. Numbers are seconds, or ms where those would be beyond
 * the year 5000.
 */
export function timeOf(value: Json | undefined): number {
  if (typeof value === 'number') return Math.abs(value) < 1e11 ? value * 1000 : value
  if (typeof value !== 'string') return Number.NaN
  const fast = isoTime(value)
  if (!Number.isNaN(fast)) return fast
  const [, whole = '', fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(value.trim()) ?? []
  if (whole === '') return Number.NaN
  return (
    Date.parse(`${whole.replace(' ', 'T')}${zone || 'Z'}`) + (fraction === '' ? 0 : Number(fraction) * 1000)
  )
}

/** The form that Python writes in UTC, `2026-01-01T00:00:00.123456+00:00` or with `Z`; NaN for any other. */
function isoTime(text: string): number {
  const n = text.length
  const zone = text.endsWith('+00:00') ? 6 : text.endsWith('Z') ? 1 : 0
  if (n - zone < 19 || zone === 0 || text[10] !== 'T') return Number.NaN
  const number = (from: number, to: number): number => {
    let value = 0
    for (let i = from; i < to; i++) {
      const digit = text.charCodeAt(i) - 48
      if (digit < 0 || digit > 9) return Number.NaN
      value = value * 10 + digit
    }
    return value
  }
  const day = Date.UTC(number(0, 4), number(5, 7) - 1, number(8, 10))
  const whole = day + number(11, 13) * 3_600_000 + number(14, 16) * 60_000 + number(17, 19) * 1000
  if (n - zone === 19) return whole
  const digits = n - zone - 20
  return text[19] === '.' && digits > 0 && digits < 10
    ? whole + (number(20, n - zone) / 10 ** digits) * 1000
    : Number.NaN
}

import type { Pages } from './database-image.ts'

/*
 * Why rows are read here and not through SQLite's API: stepping a statement and fetching five columns costs
 * ten calls into WebAssembly a row, and every page is copied into its heap first. Walking the table's pages
 * where they lie is several times faster (docs/speed.md), can wait for background reads at any page, and
 * survives damage: what lies beside a bad page is still found, where SQLite stops. test/engine/rows.test.ts
 * holds it against SQLite on the same files.
 */

const INTERIOR_TABLE = 5
const LEAF_TABLE = 13

/** A page that could not be read as what it should be. */
export interface Damage {
  page: number
  why: string
}

export interface WalkOptions {
  /** Rows with ids up to and including this one are skipped, with whole pages where possible. */
  after?: number | undefined
  /**
   * How many of a page's children are asked for side by side: one after the other, each would cost the way to
   * where the file lies.
   */
  ahead?: number
  /**
   * Called for each leaf in row order, with the largest row id it can hold; may return the promise of
   * something it has to wait for.
   */
  onLeaf: (page: number, most: number) => Promise<void> | undefined
  onDamage: (damage: Damage) => void
  /** Between pages: true ends the walk. */
  stop: () => boolean
  /** Awaited between pages whenever `pauseDue` says so, so that requests are answered while rows are read. */
  pauseDue: () => boolean
  pause: () => Promise<void>
}

/** Visits the leaves of a table's b-tree in row order. */
export async function walkTable(pages: Pages, root: number, options: WalkOptions): Promise<void> {
  const after = options.after ?? Number.NEGATIVE_INFINITY
  const seen = new Set<number>() // a damaged tree may point back to itself
  const stack: Level[] = [{ pages: [root], most: [Number.POSITIVE_INFINITY], next: 0 }]
  let leafDepth = 0
  while (stack.length > 0) {
    const top = stack[stack.length - 1]
    if (!top || top.next >= top.pages.length) {
      stack.pop()
      continue
    }
    if (options.stop()) return
    if (options.pauseDue()) await options.pause()
    if (options.ahead) askAhead(pages, top, options.ahead)
    const most = top.most[top.next] as number
    const page = top.pages[top.next++] as number
    if (page === 1 && root !== 1) {
      options.onDamage({ page, why: 'the first page is no part of this table' })
      continue
    }
    if (!pages.peek(page) && !(await pages.load(page))) {
      options.onDamage({ page, why: 'outside of the file' })
      continue
    }
    if (seen.has(page)) {
      options.onDamage({ page, why: 'reached twice' })
      continue
    }
    seen.add(page)
    const kind = pages.bytes[pages.at + (page === 1 ? 100 : 0)]
    if (kind === LEAF_TABLE) {
      leafDepth ||= stack.length
      if (leafDepth !== stack.length) options.onDamage({ page, why: 'rows where a list of pages should be' })
      if (page !== root && cellCount(pages.bytes, pages.at, page) === 0)
        options.onDamage({ page, why: 'no rows where there should be some' })
      const wait = options.onLeaf(page, most)
      if (wait) await wait
    } else if (kind === INTERIOR_TABLE) {
      const children = childrenOf(pages, page, after, most)
      if (children) stack.push({ ...children, next: 0 })
      if (!children || children.why)
        options.onDamage({ page, why: children?.why ?? 'its list of pages is garbled' })
    } else {
      options.onDamage({ page, why: `not a page of a table (type ${kind})` })
    }
  }
}

/** Starts to load the next children, a batch whenever the one before is used up. */
function askAhead(pages: Pages, { pages: children, next }: Level, ahead: number): void {
  if (next % ahead !== 0) return
  for (const page of children.slice(next, next + ahead)) pages.start(page)
}

/** Pages of one level below a page, and the next of them to be visited. */
interface Level extends Children {
  next: number
}

export interface Children {
  pages: number[]
  /** Of each: the largest row id that it can hold. */
  most: number[]
  /** What is wrong with the page they are listed on, where that does not keep them from being read. */
  why?: string | undefined
}

/**
 * Child pages of an interior page that can hold rows after `after`; undefined when the page makes no sense.
 * `most`: the largest row id below the page itself.
 */
export function childrenOf(
  pages: Pages,
  page: number,
  after: number,
  most = Number.POSITIVE_INFINITY,
): Children | undefined {
  const { bytes, at } = pages
  const head = at + (page === 1 ? 100 : 0)
  const size = pages.image.pageSize
  const cells = u16(bytes, head + 3)
  if (head + 12 + cells * 2 > at + size) return undefined
  const children: Children = { pages: [], most: [] }
  let last = Number.NEGATIVE_INFINITY
  let used = 0
  for (let i = 0; i < cells; i++) {
    const cell = u16(bytes, head + 12 + i * 2)
    if (cell < 12 || cell + 5 > size) return undefined
    // the key of a cell is the largest row id below its child
    readVarint(bytes, at + cell + 4)
    if (!(varint > last)) children.why = 'its list of pages is out of order'
    last = varint
    used += varintEnd - at - cell
    if (varint <= after) continue
    children.pages.push(u32(bytes, at + cell))
    children.most.push(varint)
  }
  children.pages.push(u32(bytes, head + 8))
  children.most.push(most)
  if (last > most) children.why = 'its list of pages is out of order'
  // only the first page of a file may be left with nothing but its last child
  if (cells === 0 && page !== 1) children.why = 'its list of pages is empty'
  children.why ??= spaceDamage(bytes, at, page, used, pages.image)
  return children
}

/**
 * What is wrong with the space of a page whose cells take up `used` bytes; undefined when all is well. Each
 * byte of the cell area belongs to a cell, a free block or the fragments that the header counts, so a cell
 * that is not pointed to shows as space that is none of these.
 */
export function spaceDamage(
  bytes: Uint8Array,
  at: number,
  page: number,
  used: number,
  image: Pages['image'],
): string | undefined {
  const head = at + (page === 1 ? 100 : 0)
  const { usable } = image.header
  let free = bytes[head + 7] as number
  let end = 0
  for (let block = u16(bytes, head + 1); block > 0; ) {
    const length = u16(bytes, at + block + 2)
    if (block < end || length < 4 || block + length > usable) return 'its list of free space is garbled'
    free += length
    end = block + length
    block = u16(bytes, at + block)
  }
  const start = u16(bytes, head + 5) || 65536
  const pointers = head - at + (bytes[head] === LEAF_TABLE ? 8 : 12) + u16(bytes, head + 3) * 2
  const lost = usable - start - free - used
  if (lost > 0) return `${lost} of its bytes are neither rows nor free`
  return lost < 0 || start < pointers ? 'its rows overlap' : undefined
}

/** Cells on the page that starts at `at`. */
export function cellCount(bytes: Uint8Array, at: number, page: number): number {
  return u16(bytes, at + (page === 1 ? 103 : 3))
}

/**
 * Groups of up to `run` neighbouring leaves, at most `count` groups, evenly spread over the table, in row
 * order. Pages are asked for side by side: 48 reads of 64 KiB take 40 ms together, one after the other 50 to
 * 100.
 */
export async function spreadLeaves(
  pages: Pages,
  root: number,
  count: number,
  run: number,
): Promise<number[][]> {
  let level = [root]
  for (let depth = 0; depth < 20; depth++) {
    // the level above the leaves may hold thousands of pages: only as many of them are opened as places are
    // wanted
    const opened = every(level, count)
    await Promise.all(opened.map((page) => pages.load(page)))
    const next: number[] = []
    for (const page of opened) {
      // a small cache may have dropped it again meanwhile
      if (!pages.peek(page) && !pages.get(page)) continue
      const kind = pages.bytes[pages.at + (page === 1 ? 100 : 0)]
      if (kind === LEAF_TABLE) return groups(level, count, run)
      const children = kind === INTERIOR_TABLE ? childrenOf(pages, page, Number.NEGATIVE_INFINITY) : undefined
      if (children) for (const child of children.pages) next.push(child)
    }
    if (next.length === 0) return []
    level = next
  }
  return []
}

function every(pages: number[], count: number): number[] {
  const step = Math.max(1, pages.length / Math.max(1, count))
  const some: number[] = []
  for (let i = 0; i < pages.length; i += step) some.push(pages[Math.floor(i)] as number)
  return some
}

function groups(leaves: number[], count: number, run: number): number[][] {
  const step = Math.max(run, leaves.length / Math.max(1, count))
  const found: number[][] = []
  for (let i = 0; i < leaves.length; i += step) found.push(leaves.slice(Math.floor(i), Math.floor(i) + run))
  return found
}

/**
 * Result of the last readVarint: the value, and the offset behind it. Values beyond 2^53 lose their last
 * bits; negative ones are negative.
 */
export let varint = 0
export let varintEnd = 0

/** Reads a varint of the file format: big-endian groups of 7 bits, the ninth byte whole. */
export function readVarint(bytes: Uint8Array, at: number): void {
  let value = bytes[at] as number
  if (value < 0x80) {
    varint = value
    varintEnd = at + 1
    return
  }
  value &= 0x7f
  let i = at + 1
  for (; i < at + 8; i++) {
    const byte = bytes[i] as number
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      varint = value
      varintEnd = i + 1
      return
    }
  }
  // nine bytes are 64 bits, more than a double holds: small negative ones (all ones at the top) must stay
  // exact
  let high = 0
  let low = 0
  for (let k = 0; k < 4; k++) {
    high = high * 128 + ((bytes[at + k] as number) & 0x7f)
    low = low * 128 + ((bytes[at + 4 + k] as number) & 0x7f)
  }
  if (high >= 2 ** 27) high -= 2 ** 28
  varint = high * 2 ** 36 + (low * 256 + (bytes[i] as number))
  varintEnd = i + 1
}

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

export function u32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  )
}

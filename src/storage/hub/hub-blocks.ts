import type { Span } from './hub-ranges.ts'

/**
 * Reads are rounded to blocks of this size, so that many small ones of one neighbourhood cost one request,
 * and no byte comes twice.
 */
export const BLOCK = 64 << 10
/**
 * Longer reads come in pieces, side by side: 8 MiB is 0.6 s at 100 Mbit/s, and what is lost when somebody
 * gives up.
 */
export const PIECE = 8 << 20

export interface ReadPlan {
  /** Parts of the wanted span that are there, by index into `kept`; in order, without overlap. */
  take: (Span & { index: number })[]
  /**
   * What has to be fetched, in whole blocks (the last one ends with the file). With `take` it covers the
   * wanted span.
   */
  fetch: Span[]
}

/**
 * What is wanted within a file of `size` bytes, of which the spans `kept` (in any order, overlapping or not)
 * are here.
 */
export function planRead(want: Span, size: number, kept: readonly Span[]): ReadPlan {
  const end = Math.min(want.end, size)
  const plan: ReadPlan = { take: [], fetch: [] }
  for (let at = Math.max(0, want.start); at < end; ) {
    // the span that reaches furthest from here
    let best = -1
    let reach = at
    for (let index = 0; index < kept.length; index++) {
      const span = kept[index]
      if (span && span.start <= at && span.end > reach) [best, reach] = [index, span.end]
    }
    if (best >= 0) {
      plan.take.push({ start: at, end: Math.min(reach, end), index: best })
      at = reach
      continue
    }
    let next = end
    for (const span of kept) if (span.start > at && span.start < next) next = span.start
    addBlocks(plan.fetch, at, next, size)
    at = next
  }
  return plan
}

/** The blocks around [start, end), joined to what is to be fetched already where they touch. */
function addBlocks(spans: Span[], start: number, end: number, size: number): void {
  const last = spans.at(-1)
  let from = Math.floor(start / BLOCK) * BLOCK
  const to = Math.min(size, Math.ceil(end / BLOCK) * BLOCK)
  if (last && from <= last.end) {
    from = last.end
    const more = Math.min(to, last.start + PIECE)
    if (more > from) {
      last.end = more
      from = more
    }
  }
  for (; from < to; from += PIECE) spans.push({ start: from, end: Math.min(to, from + PIECE) })
}

/** A file of the cache: the name of its folder, its bytes, when it was last opened (ms since 1970). */
export interface KeptFolder {
  name: string
  bytes: number
  used: number
}

/**
 * What has to go so that all fit in `limit` bytes: least recently used first, never `keep`, which is being
 * read.
 */
export function foldersToDrop(folders: readonly KeptFolder[], limit: number, keep?: string): string[] {
  let total = folders.reduce((sum, { bytes }) => sum + bytes, 0)
  const drop: string[] = []
  for (const { name, bytes } of [...folders].sort((a, b) => a.used - b.used)) {
    if (total <= limit) break
    if (name === keep) continue
    drop.push(name)
    total -= bytes
  }
  return drop
}

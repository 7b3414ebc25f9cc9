import { nextTurn } from '../../../bridge/turn.ts'
import type { SideCount, SideTable } from '../../../model/catalogue.ts'
import { cellCount, childrenOf } from './btree.ts'
import { type Image, makePages, type Pages } from './database-image.ts'
import type { Schema } from './schema.ts'

const TABLES: Record<SideTable, string> = {
  alerts: 'alerts',
  traces: 'traces',
  artifacts: 'artifacts',
  system: 'system_metrics',
}
const LEAVES: readonly number[] = [13, 10]
const INTERIOR_INDEX = 2
/** Pages that are asked for side by side. */
const BATCH = 16
const LOOK = { block: 64 << 10, keep: 64, ahead: 0 }
/**
 * The same behind a network, where pages that lie apart cost a read each: a table with more of them on one
 * level is not counted.
 */
const FAR = { look: { block: 32 << 10, keep: 64, ahead: 0 }, most: 24 }

/**
 * How many rows the tables beside the metrics have, those without any left out. Damaged pages count for
 * nothing; `rows` is undefined where counting would cost too much.
 */
export async function countTables(image: Image, schema: Schema, far: boolean): Promise<SideCount[]> {
  const pages = makePages(image, far ? FAR.look : LOOK)
  const most = far ? FAR.most : Number.POSITIVE_INFINITY
  const counts: SideCount[] = []
  for (const [table, name] of Object.entries(TABLES) as [SideTable, string][]) {
    const root = schema.tables.get(name)?.root
    if (root === undefined) continue
    const index = indexOf(schema, name)
    const byIndex = index === undefined ? undefined : await countEntries(pages, index, most)
    const whole = byIndex && !byIndex.damaged ? byIndex : await countEntries(pages, root, most)
    if (whole?.entries !== 0) counts.push({ table, rows: whole?.entries })
  }
  return counts
}

/** Root of an index with an entry for every row, which has fewer pages than the rows themselves. */
function indexOf(schema: Schema, table: string): number | undefined {
  return schema.indexes.find(
    (index) =>
      index.table.toLowerCase() === table &&
      /run|timestamp/.test(index.name) &&
      !/\bwhere\b/i.test(index.sql),
  )?.root
}

/**
 * Entries of a b-tree, level by level, by what its pages say of themselves. Undefined where a level has more
 * than `most` pages.
 */
async function countEntries(
  pages: Pages,
  root: number,
  most: number,
): Promise<{ entries: number; damaged: boolean } | undefined> {
  const seen = new Set<number>()
  let entries = 0
  let damaged = false
  let level = [root]
  while (level.length > 0) {
    if (level.length > most) return undefined
    const next: number[] = []
    for (let i = 0; i < level.length; i += BATCH) {
      const batch = level.slice(i, i + BATCH)
      for (const page of batch) pages.start(page)
      for (const page of batch) {
        // a damaged tree may point back to itself
        if (page === 1 || seen.has(page) || !(pages.peek(page) || (await pages.load(page)))) {
          damaged = true
          continue
        }
        seen.add(page)
        const kind = pages.bytes[pages.at] ?? 0
        if (LEAVES.includes(kind)) {
          entries += cellCount(pages.bytes, pages.at, page)
          continue
        }
        const children = childrenOf(pages, page, Number.NEGATIVE_INFINITY)
        if (!children) damaged = true
        // an index has entries between its pages too
        else if (kind === INTERIOR_INDEX) entries += children.pages.length - 1
        for (const child of children?.pages ?? []) next.push(child)
      }
      await nextTurn()
    }
    level = next
  }
  return { entries, damaged }
}

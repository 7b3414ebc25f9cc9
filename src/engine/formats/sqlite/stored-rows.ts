import { idAt } from '../../columns/row-ids.ts'
import type { StoredRange, StoredRow } from '../dataset.ts'
import { storedRow } from '../stored-row.ts'
import { cellCount, walkTable } from './btree.ts'
import { type Image, makePages, type Pages } from './database-image.ts'
import { looked, swept } from './kept-blocks.ts'
import { makeCursor, type RecordCursor, readCell, readLongCell, textOf } from './record.ts'
import type { RowReader, RunRows } from './sqlite-rows.ts'
import type { Table } from './sqlite-table.ts'

/** A screen of rows is a page or two, and the pages above them. */
const LOOK = { block: 64 << 10, keep: 64, ahead: 0 }
/** A row longer than this is read in larger blocks, those to come with the one that is waited for. */
const LONG = 1 << 20
const LOOK_LONG = { block: 1 << 20, keep: 8, ahead: 3 }
/**
 * Of many rows, which lie all over the part of the file that their run was logged in: a read of a file costs a
 * millisecond in a browser, however short. As many blocks are kept as runs that log beside each other share.
 */
const SWEEP = { block: 1 << 20, keep: 8, ahead: 0 }
const MANY = 64
/**
 * Rows of other runs that are read through on the way to the next one of this run: looking it up from the root
 * costs about as much.
 */
const READ_THROUGH = 200

export interface RowsOf {
  image: Image
  table: Table
  rows: RowReader
  run: RunRows
}

/** The rows of a run as they lie in the database, or wait beside it; undefined for those that are not found. */
export async function readStoredRows(
  { image, table, rows, run }: RowsOf,
  { rows: places }: StoredRange,
  signal?: AbortSignal | undefined,
): Promise<(StoredRow | undefined)[]> {
  const column = (name: string): number => table.columns.findIndex((c) => c.toLowerCase() === name)
  const [id, name, time, payload] = ['run_id', 'run_name', 'timestamp', 'metrics'].map(column) as [
    number,
    number,
    number,
    number,
  ]
  const [how, known] = places.length > MANY ? [SWEEP, swept] : [LOOK, looked]
  const blocks = known.get(image) ?? new Map()
  known.set(image, blocks)
  const pages = makePages(image, how, blocks)
  const wanted = Array.from(places, (row) => idAt(run.ids, row))
  const found = new Map<number, StoredRow>()
  const decoder = new TextDecoder()
  for (const rowid of wanted) {
    const waiting = rowid < 0 ? rows.appended[-1 - rowid] : undefined
    if (waiting) found.set(rowid, storedRow(waiting.timestamp, decoder.decode(waiting.payload)))
  }
  await readRowsById(
    pages,
    table.root,
    wanted.filter((rowid) => !found.has(rowid)).sort((a, b) => a - b),
    (cursor) => {
      // of a damaged file another row may be where this one was
      if ((textOf(cursor, name) ?? '') !== run.name || (id >= 0 && textOf(cursor, id) !== run.id)) return
      found.set(cursor.rowid, storedRow(textOf(cursor, time) ?? '', textOf(cursor, payload) ?? ''))
    },
    signal,
  )
  return wanted.map((rowid) => found.get(rowid))
}

/** `ids`: ascending. */
async function readRowsById(
  pages: Pages,
  root: number,
  ids: readonly number[],
  onRow: (row: RecordCursor) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let next = 0
  while (next < ids.length) {
    signal?.throwIfAborted()
    const before = next
    let ended = false
    await walkTable(pages, root, {
      after: (ids[next] as number) - 1,
      onLeaf: async (page, most) => {
        const row = makeCursor()
        const { bytes, at } = pages
        for (let i = 0; i < cellCount(bytes, at, page) && next < ids.length; i++) {
          const read = readCell(row, pages, bytes, at, page, i)
          const goesOn = !read && row.missing > 0
          if (!read && !goesOn) continue
          while (next < ids.length && (ids[next] as number) < row.rowid) next++
          if (row.rowid !== ids[next]) continue
          const through = row.payload > LONG ? makePages(pages.image, LOOK_LONG) : pages
          if (goesOn && !(await readLongCell(row, through, bytes, at, i, page))) continue
          onRow(row)
          next++
        }
        // no later leaf has the ids up to this one's last
        while (next < ids.length && (ids[next] as number) <= most) next++
        ended = !((ids[next] ?? Number.POSITIVE_INFINITY) - most < READ_THROUGH)
      },
      onDamage: () => {},
      stop: () => ended || (signal?.aborted ?? false),
      pauseDue: () => false,
      pause: async () => {},
    })
    // a page that cannot be read: on with the one after
    if (next === before) next++
  }
}

import { decodeText } from '../../columns/json.ts'
import { reorder, restep } from '../../columns/series-store.ts'
import { bytesOfCell, numberOfCell } from './cell-values.ts'
import { makeFetcher } from './fetch.ts'
import { chunksOf, presentIn } from './key-structure.ts'
import { compressorsFor, eachPage } from './pages.ts'
import type { RunRows } from './parquet-runs.ts'
import type { Chunk, Group, Leaf, Table } from './parquet-table.ts'
import type { Limits } from './plan.ts'
import type { RowTable } from './row-table.ts'

/** The column `id` is read along up to this size: it mostly comes with its neighbours in one request. */
const IDS_UP_TO = 64 << 10

/**
 * Whether ids are needed to put rows of one time in order: the column is small, or the row groups do not
 * follow each other by id. Else the file's order stands: all that trackio exports is in the order of ids.
 */
export function idsMatter(table: Table, ids: Leaf): boolean {
  const chunks = chunksOf(table, ids)
  if (chunks.reduce((sum, { start, end }) => sum + end - start, 0) <= IDS_UP_TO) return true
  let last = Number.NEGATIVE_INFINITY
  for (const chunk of chunks) {
    const { min_value: least, max_value: most } = chunk.meta.statistics ?? {}
    if (presentIn(chunk) === 0) continue
    if (least === undefined || most === undefined) return chunks.length > 1
    if (Number(least) < last) return true
    last = Number(most)
  }
  return false
}

/**
 * Rows of a run count in the order of their timestamp's text, then id. trackio writes them so; where they are
 * not, both columns are read again for it.
 */
export async function sortRuns(
  table: Table,
  groups: readonly Group[],
  rowTable: RowTable,
  { time, ids, step }: { time: Leaf | undefined; ids: Leaf | undefined; step: Leaf | undefined },
  limits: Limits,
  breathe: () => Promise<void> | undefined,
): Promise<void> {
  const odd = new Map<number, { texts: string[]; ids: number[] }>()
  rowTable.runs.forEach((run, r) => {
    if (!run.columns.ordered) odd.set(r, { texts: [], ids: [] })
  })
  if (odd.size === 0) return
  for (const [leaf, keep] of [
    [time, (run: { texts: string[] }, value: unknown) => run.texts.push(textOfCell(value))],
    [ids, (run: { ids: number[] }, value: unknown) => run.ids.push(idOfCell(value))],
  ] as const) {
    if (!leaf) continue
    const chunks = groups.map((group) => group.chunks[leaf.index] as Chunk)
    const fetcher = makeFetcher(table.path, table.bytes, chunks, limits)
    const pages = { compressors: await compressorsFor(table.path, chunks), texts: 'bytes' as const, breathe }
    for (const [g, chunk] of chunks.entries()) {
      const runOf = rowTable.runOf[g] as Uint32Array
      await eachPage(table.path, chunk, await fetcher.take(g), pages, (values, row) => {
        for (let i = 0; i < values.length; i++) {
          const run = odd.get(runOf[row + i] as number)
          if (run) keep(run, values[i])
        }
      })
    }
  }
  for (const [r, { texts, ids }] of odd) {
    const run = rowTable.runs[r] as RunRows
    const next = Uint32Array.from({ length: run.rows }, (_, i) => i).sort((a, b) => {
      const [one, other] = [texts[a] ?? '', texts[b] ?? '']
      return one < other ? -1 : one > other ? 1 : compareNumbers(ids[a], ids[b]) || a - b
    })
    run.places = new Uint32Array(run.rows)
    next.forEach((row, place) => {
      if (run.places) run.places[row] = place
    })
    reorder(run.columns, next)
    if (!step) restep(run.columns)
  }
}

function textOfCell(value: unknown): string {
  const bytes = bytesOfCell(value)
  return bytes ? decodeText(bytes) : ''
}

/** −Infinity for NULL, which SQLite puts first. */
export function idOfCell(value: unknown): number {
  return value === null || value === undefined ? Number.NEGATIVE_INFINITY : numberOfCell(value)
}

/** Unlike a difference also right for −Infinity. */
function compareNumbers(a = 0, b = 0): number {
  return a < b ? -1 : a > b ? 1 : 0
}

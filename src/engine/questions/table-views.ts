import { nextTurn } from '../../bridge/turn.ts'
import type { ColumnData } from '../../compute/logged-table/columns.ts'
import { filterRows, holding } from '../../compute/logged-table/filter.ts'
import { orderRows } from '../../compute/logged-table/order.ts'
import type { Sliced } from '../../compute/slices.ts'
import { RUN_COLUMN, STEP_COLUMN, type TableQuery, type TableSummary } from '../../model/logged-table.ts'
import { inSlices } from './in-slices.ts'
import type { LoggedTable } from './table-store.ts'

const SLICE_MS = 12
/** Views of a table that are kept: the one before comes back with one press. */
const KEEP = 4

/** What a table shows: its rows by filters and order, made once. */
export interface View {
  rows: Uint32Array
  /** ms that filters and order took. */
  took: number
  hits: Map<string, Uint32Array>
  summaries: Map<string, TableSummary>
}

type Shown = Pick<TableQuery, 'filters' | 'order'>

export interface TableViews {
  /** Of the rows that were read by now. */
  viewOf(table: LoggedTable, shown: Shown, signal: AbortSignal | undefined): Promise<View>
  /** Places of the rows that hold a text in any of their columns. */
  hitsOf(table: LoggedTable, view: View, find: string, signal: AbortSignal | undefined): Promise<Uint32Array>
}

export function makeTableViews(): TableViews {
  const views = new WeakMap<LoggedTable, { version: number; of: Map<string, View> }>()
  return {
    async viewOf(table, shown, signal) {
      const version = table.data.rows
      let known = views.get(table)
      if (known?.version !== version) {
        known = { version, of: new Map() }
        views.set(table, known)
      }
      const { of } = known
      const id = JSON.stringify([shown.filters, shown.order])
      const begun = performance.now()
      const found = of.get(id) ?? {
        rows: await inSlices(shownRows(table, shown), signal),
        ...{ took: performance.now() - begun, hits: new Map(), summaries: new Map() },
      }
      of.delete(id) // moves it to the young end
      of.set(id, found)
      for (const old of of.keys()) if (of.size > KEEP) of.delete(old)
      return found
    },
    hitsOf,
  }
}

function* shownRows(table: LoggedTable, { filters, order }: Shown): Sliced<Uint32Array> {
  let rows: Uint32Array = Uint32Array.from({ length: table.data.rows }, (_, i) => i)
  for (const filter of filters) rows = yield* filterRows(rows, columnOf(table, filter.column), filter)
  const column = order && columnOf(table, order.column)
  return order && column ? yield* orderRows(rows, column, order.descending) : rows
}

async function hitsOf(
  table: LoggedTable,
  view: View,
  find: string,
  signal: AbortSignal | undefined,
): Promise<Uint32Array> {
  if (find === '') return new Uint32Array(0)
  const known = view.hits.get(find)
  if (known) return known
  const holds = heldBy(table, find)
  const found = new Uint32Array(view.rows.length)
  let n = 0
  let ends = performance.now() + SLICE_MS
  for (let i = 0; i < view.rows.length; i++) {
    if (holds(view.rows[i] as number)) found[n++] = i
    if ((i & 1023) === 0 && performance.now() > ends) {
      await nextTurn()
      signal?.throwIfAborted()
      ends = performance.now() + SLICE_MS
    }
  }
  const hits = found.slice(0, n)
  if (view.hits.size > 8) view.hits.clear()
  view.hits.set(find, hits)
  return hits
}

/** Whether a row holds a text in any of its columns. */
export function heldBy(table: LoggedTable, find: string): (row: number) => boolean {
  const tests = [...table.data.columns, table.run].map((column) => holding(column, find))
  return (row) => tests.some((test) => test(row))
}

export function columnOf(table: LoggedTable, id: string): ColumnData | undefined {
  if (id === STEP_COLUMN) return table.step
  return id === RUN_COLUMN ? table.run : table.data.byName.get(id.slice(1))
}

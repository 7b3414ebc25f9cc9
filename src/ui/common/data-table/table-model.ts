import { type Accessor, createMemo, createSignal } from 'solid-js'
import type {
  TableColumn,
  TableFilter,
  TableOrder,
  TableQuery,
  TableRef,
} from '../../../model/logged-table.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createTableWindow } from '../../../state/pages/table-window.ts'
import { formatFilters, parseFilters, parseList } from './filters.ts'

export type TableModel = ReturnType<typeof createTableModel>

export interface TableModelOptions {
  /** Its parameters of the address: `filters`, `sort`, `find`, `hide`, `rows`. */
  own: Accessor<Own>
  set(change: Own): void
  /** Which rows; undefined where nothing is to be read. */
  ref: Accessor<TableRef | undefined>
  /** Grows when the table may have. */
  version: Accessor<unknown>
  /** Columns that say nothing here. */
  isLeft?(column: TableColumn): boolean
}

/** One table on screen: which of its rows, in which order, which columns; all of it in the address but the widths. */
export function createTableModel({ own, set, ref, version, isLeft }: TableModelOptions) {
  const { ask } = useApp()
  const filters = createMemo(() => parseFilters(own().filters))
  const order = createMemo((): TableOrder | undefined => {
    const text = own().sort ?? ''
    if (text === '') return undefined
    const descending = text.startsWith('-')
    return { column: descending ? text.slice(1) : text, descending }
  })
  const find = () => own().find ?? ''
  const query = createMemo(
    (): TableQuery | undefined => {
      const of = ref()
      return of && { ...of, filters: filters(), order: order(), find: find() }
    },
    ...asWritten,
  )
  const table = createTableWindow(ask, query, version)
  const hidden = createMemo(() => new Set(parseList(own().hide).map(String)))
  const allColumns = createMemo((): readonly TableColumn[] =>
    (table.view()?.columns ?? []).filter((column) => !isLeft?.(column)),
  )
  const columns = createMemo(() => allColumns().filter(({ id }) => !hidden().has(id)))
  const [widths, setWidths] = createSignal<ReadonlyMap<string, number>>(new Map())

  function setFilters(next: readonly TableFilter[]): void {
    set({ filters: formatFilters(next) })
  }

  return {
    ...{ set, query, table, filters, order, find, hidden, allColumns, columns, widths, setFilters },
    isTall: () => own().rows === 'tall',
    /** The same filter twice is one; of ranges of a column the last counts. */
    addFilter(filter: TableFilter) {
      const same = (one: TableFilter): boolean =>
        one.column === filter.column &&
        one.op === filter.op &&
        (one.op === '≥' ||
          one.op === '≤' ||
          one.op === 'in' ||
          JSON.stringify(one) === JSON.stringify(filter))
      setFilters([...filters().filter((one) => !same(one)), filter])
    },
    removeFilter: (filter: TableFilter) => setFilters(filters().filter((one) => one !== filter)),
    clearFilters: () => setFilters([]),
    /** Up, down, as logged. */
    sort({ id, kind }: TableColumn) {
      const now = order()
      const first = kind === 'number'
      if (now?.column !== id) set({ sort: first ? `-${id}` : id })
      else if (now.descending === first) set({ sort: first ? id : `-${id}` })
      else set({ sort: '' })
    },
    setWidth({ id }: TableColumn, width: number | undefined) {
      const next = new Map(widths())
      if (width === undefined) next.delete(id)
      else next.set(id, width)
      setWidths(next)
    },
    setHidden(ids: ReadonlySet<string>) {
      set({ hide: ids.size === 0 ? '' : JSON.stringify([...ids]) })
    },
  }
}

/** For memos: another object that says the same, as of a project that grows, is no change. */
export const asWritten = [
  undefined,
  { equals: (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b) },
] as const

import { nextTurn } from '../../bridge/turn.ts'
import { cellOf, firstDifference } from '../../compute/logged-table/cells.ts'
import { type ColumnData, kindOfColumn, orderColumns, textAt } from '../../compute/logged-table/columns.ts'
import { likelyKey, type Pairs, pairRows } from '../../compute/logged-table/diff.ts'
import { type CopiedColumn, copyText } from '../../compute/logged-table/export.ts'
import { summaryOf } from '../../compute/logged-table/summary.ts'
import {
  columnId,
  RUN_COLUMN,
  STEP_COLUMN,
  type TableCell,
  type TableColumn,
  type TableCopy,
  type TableDiff,
  type TableDiffQuery,
  type TableQuery,
  type TableRef,
  type TableRows,
  type TableSummary,
  type TableView,
} from '../../model/logged-table.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type { ProjectId } from '../../model/source.ts'
import type { Holder } from '../projects/held.ts'
import type { Project } from '../projects/project.ts'
import type { FileTables } from './file-tables.ts'
import { inSlices } from './in-slices.ts'
import { type LoggedTable, makeTableStore } from './table-store.ts'
import { columnOf, heldBy, makeTableViews, type View } from './table-views.ts'

/** Rows of text that are made at once. */
const PIECE = 5000

/** Answers the questions about logged tables; what was read of them is kept for the next question. */
export interface LoggedTables {
  view(project: Project, query: TableQuery, waiting: Waiting<OpenProgress>): Promise<TableView>
  rows(project: Project, query: RowsQuery, waiting: Waiting): Promise<TableRows>
  summary(
    project: Project,
    query: TableQuery & { columns: string[] },
    waiting: Waiting,
  ): Promise<TableSummary[]>
  row(project: Project, query: TableRef & { place: number }, waiting: Waiting): Promise<TableCell[]>
  /** The column that tells rows apart best. */
  key(project: Project, ref: TableRef, waiting: Waiting): Promise<string | undefined>
  text(project: Project, query: TextQuery, waiting: Waiting<OpenProgress>): Promise<Blob>
  diff(
    projects: [Project, Project],
    query: TableDiffQuery,
    waiting: Waiting<OpenProgress>,
  ): Promise<TableDiff>
  /** Lets go of what was read of projects that are not open any more. */
  forgetClosed(isOpen: (project: ProjectId) => boolean): void
  holder: Holder
}

export type RowsQuery = TableQuery & { columns: string[]; from: number; count: number; most: number }
export type TextQuery = TableQuery & {
  columns: string[]
  form: TableCopy
  from?: number | undefined
  count?: number | undefined
}

/** `fileTables`: what gives rows of files, fetched with the first of them. */
export function makeLoggedTables(fileTables: () => Promise<FileTables>): LoggedTables {
  const store = makeTableStore()
  let files: FileTables | undefined
  const { viewOf, hitsOf } = makeTableViews()
  const pairs = new WeakMap<LoggedTable, { of: string; pairs: Pairs }>()
  return {
    ...{ view, rows, summary, row, text, diff },
    holder: store.holder,
    forgetClosed(isOpen) {
      store.forgetClosed(isOpen)
      files?.forgetClosed(isOpen)
    },
    async key(project, ref, { signal }) {
      const name = likelyKey((await tableOf(project, ref, { signal })).data)
      return name === undefined ? undefined : columnId(name)
    },
  }

  async function tableOf(
    project: Project,
    ref: TableRef,
    waiting: Waiting<OpenProgress>,
  ): Promise<LoggedTable> {
    const { file } = ref
    if (!file) return store.table(project, ref, waiting)
    files ??= await fileTables()
    return files.table({ ...ref, file }, waiting)
  }

  async function view(
    project: Project,
    query: TableQuery,
    waiting: Waiting<OpenProgress>,
  ): Promise<TableView> {
    const table = await tableOf(project, query, waiting)
    // as it is now: rows of others may be added while this one is sorted
    const [rows, values, version] = [table.data.rows, table.places.slice(), versionOf(table)]
    const found = await viewOf(table, query, waiting.signal)
    return {
      rows,
      shown: found.rows.length,
      columns: columnsOf(table),
      values: values.length,
      runs: new Set(values.map(({ run }) => run)).size,
      steps: new Set(values.map(({ step }) => step)).size,
      hits: (await hitsOf(table, found, query.find, waiting.signal)).slice(),
      notes: table.notes(),
      complete: table.complete,
      version,
      took: found.took,
      file: table.file?.(),
    }
  }

  async function rows(project: Project, query: RowsQuery, { signal }: Waiting): Promise<TableRows> {
    const table = await tableOf(project, query, { signal })
    const version = versionOf(table)
    const places = (await viewOf(table, query, signal)).rows.slice(query.from, query.from + query.count)
    const columns = query.columns.map((id) => columnOf(table, id))
    return {
      ...{ from: query.from, places, version },
      runs: Array.from(places, (row) => table.valueAt(row).run),
      steps: Float64Array.from(places, (row) => table.valueAt(row).step),
      cells: Array.from(places, (row) =>
        columns.map((column) => cellOf(column, row, query.most, query.find)),
      ),
    }
  }

  async function summary(
    project: Project,
    query: TableQuery & { columns: string[] },
    { signal }: Waiting,
  ): Promise<TableSummary[]> {
    const table = await tableOf(project, query, { signal })
    const [rows, shown]: [number, View] = [table.data.rows, await viewOf(table, query, signal)]
    const found: TableSummary[] = []
    for (const id of query.columns) {
      signal?.throwIfAborted()
      let one = shown.summaries.get(id)
      if (!one) {
        one = summaryOf(id, columnOf(table, id), rows, shown.rows)
        shown.summaries.set(id, one)
        await nextTurn()
      }
      found.push(one)
    }
    return found
  }

  async function row(
    project: Project,
    query: TableRef & { place: number },
    { signal }: Waiting,
  ): Promise<TableCell[]> {
    const table = await tableOf(project, query, { signal })
    return columnsOf(table).map(({ id }) =>
      cellOf(columnOf(table, id), query.place, Number.POSITIVE_INFINITY),
    )
  }

  async function text(project: Project, query: TextQuery, waiting: Waiting<OpenProgress>): Promise<Blob> {
    const table = await tableOf(project, query, waiting)
    const { rows: all } = await viewOf(table, query, waiting.signal)
    const from = query.from ?? 0
    const rows = all.subarray(from, from + (query.count ?? all.length))
    const names = new Map(columnsOf(table).map(({ id, name }) => [id, name]))
    const columns = query.columns.map(
      (id): CopiedColumn => ({ name: names.get(id) ?? id, column: columnOf(table, id) }),
    )
    // Markdown and LaTeX have an end of their own: those are made at once
    const whole = query.form === 'markdown' || query.form === 'latex'
    const parts: string[] = []
    for (let at = 0; at === 0 || at < rows.length; at += whole ? rows.length : PIECE) {
      waiting.signal?.throwIfAborted()
      parts.push(copyText(columns, rows.subarray(at, whole ? rows.length : at + PIECE), query.form, at === 0))
      waiting.onProgress?.({
        text: `writing rows: ${at.toLocaleString('en')} of ${rows.length.toLocaleString('en')}`,
        bytes: at,
        totalBytes: rows.length,
      })
      await nextTurn()
      if (rows.length === 0) break
    }
    return new Blob(parts, { type: query.form === 'csv' ? 'text/csv' : 'text/plain' })
  }

  async function diff(
    [projectA, projectB]: [Project, Project],
    query: TableDiffQuery,
    waiting: Waiting<OpenProgress>,
  ): Promise<TableDiff> {
    const a = await tableOf(projectA, query.a, waiting)
    const b = await tableOf(projectB, query.b, waiting)
    const key = query.key.slice(1)
    const id = `${b.serial}:${a.places.length}:${b.places.length}:${key}`
    let known = pairs.get(a)
    if (known?.of !== id) {
      known = { of: id, pairs: await inSlices(pairRows(a.data, b.data, key), waiting.signal) }
      pairs.set(a, known)
    }
    const { pairs: all, counts, names, means, repeatedA, repeatedB } = known.pairs
    const holds = query.find === '' ? undefined : { a: heldBy(a, query.find), b: heldBy(b, query.find) }
    const listed = all.filter(
      (pair) =>
        (query.show === 'all' || pair.sign === query.show) &&
        (!holds || (pair.a >= 0 && holds.a(pair.a)) || (pair.b >= 0 && holds.b(pair.b))),
    )
    const sides = names.map((name) => [a.data.byName.get(name), b.data.byName.get(name)] as const)
    const cells = (side: 0 | 1, rows: readonly [number, number]): TableCell[] | undefined =>
      rows[side] < 0
        ? undefined
        : sides.map((both) => {
            // of long texts the part that differs, not the one they have in common
            const look = rows[0] < 0 || rows[1] < 0 ? 0 : firstDifference(...both, ...rows)
            return cellOf(both[side], rows[side], query.most, query.find, look)
          })
    const columns = [...columnsOf(a), ...columnsOf(b)]
    return {
      columns: names.flatMap((name) => columns.find((one) => one.id === columnId(name)) ?? []),
      counts,
      total: listed.length,
      rows: listed.slice(query.from, query.from + query.count).map((pair) => ({
        sign: pair.sign,
        key:
          pair.a >= 0
            ? cellOf(a.data.byName.get(key), pair.a, query.most)
            : cellOf(b.data.byName.get(key), pair.b, query.most),
        a: cells(0, [pair.a, pair.b]),
        b: cells(1, [pair.a, pair.b]),
        placeA: pair.a,
        placeB: pair.b,
      })),
      means,
      ...{ repeatedA, repeatedB, rowsA: a.data.rows, rowsB: b.data.rows },
    }
  }
}

function versionOf(table: LoggedTable): string {
  return `${table.serial}:${table.places.length}:${table.complete}:${table.file ? table.data.rows : ''}`
}

const LOOKED_AT = 1000

function columnsOf(table: LoggedTable): TableColumn[] {
  const describe = (id: string, name: string, column: ColumnData): TableColumn => {
    let letters = 0
    const kind = kindOfColumn(column)
    for (let row = 0; row < Math.min(LOOKED_AT, table.data.rows); row++)
      letters = Math.max(letters, textAt(column, row).length)
    return { id, name, kind, letters }
  }
  return [
    ...(table.file
      ? []
      : [describe(STEP_COLUMN, 'step', table.step), describe(RUN_COLUMN, 'run', table.run)]),
    ...orderColumns(table.data).map((column) => describe(columnId(column.name), column.name, column)),
  ]
}

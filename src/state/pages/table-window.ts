import { type Accessor, batch, createEffect, createMemo, createSignal, on, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { noticeOf } from '../../model/errors.ts'
import type { TableCell, TableQuery, TableRows, TableSummary, TableView } from '../../model/logged-table.ts'
import type { RunKey } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

/** Rows beyond both ends of those in sight that are asked for with them. */
const AROUND = 80
/** So many rows are kept around those in sight. */
const KEEP = 4000
/** Letters of a cell on screen. */
const MOST = 320
/** Columns before it is known how wide they are. */
const FIRST_COLUMNS = 16
/** Of a table that grows, asked for anew no sooner than this. */
const AGAIN_MS = 2000

export interface WindowRow {
  /** Place among all rows of the table. */
  place: number
  run: RunKey
  step: number
  /** By column id: those that were in sight. */
  cells: ReadonlyMap<string, TableCell>
}

export interface TableWindow {
  /** What is shown: of another question the one before, until its first rows are here. */
  view: Accessor<TableView | undefined>
  /** The question that it answers. */
  query: Accessor<TableQuery | undefined>
  /** Undefined while it is on its way. */
  row(index: number): WindowRow | undefined
  look(from: number, end: number, columns: readonly string[]): void
  summary(column: string): TableSummary | undefined
  failed: Accessor<Notice | undefined>
  /** What is being read, while nothing is shown yet. */
  progress: Accessor<string>
  /** What is asked for, and the rows in sight of it, are here. */
  ready: Accessor<boolean>
  retry(): void
}

interface Shown {
  query: TableQuery
  view: TableView
  rows: ReadonlyMap<number, WindowRow>
  summaries: ReadonlyMap<string, TableSummary>
}

/** A logged table as far as it is in sight; rows come as somebody scrolls, the newest place first. */
export function createTableWindow(
  ask: EngineApi['ask'],
  query: Accessor<TableQuery | undefined>,
  /** Grows when the table may have. */
  version: Accessor<unknown>,
): TableWindow {
  const [shown, setShown] = createSignal<Shown>()
  const [failed, setFailed] = createSignal<Notice>()
  const [progress, setProgress] = createSignal('')
  const [busy, setBusy] = createSignal(true)
  let range = { from: 0, end: 60, columns: [] as readonly string[] }
  const subjectOf = (of: TableQuery): string => JSON.stringify(of)

  /** Heads that are of the view that is shown. */
  const fresh = new Set<string>()

  const views = createLatest<{ query: TableQuery; view: TableView; rows: TableRows; columns: string[] }>({
    async ask(_, signal) {
      const asked = query()
      if (!asked) throw new DOMException('nothing to ask', 'AbortError')
      const onProgress = ({ text }: { text: string }): void => void setProgress(text)
      let view = await ask('tableView', asked, { signal, onProgress })
      const columns = [
        ...(range.columns.length > 0
          ? range.columns
          : view.columns.slice(0, FIRST_COLUMNS).map(({ id }) => id)),
      ]
      // another order begins at its top
      const before = untrack(shown)
      const same = before !== undefined && subjectOf(before.query) === subjectOf(asked)
      const from = same ? Math.max(0, range.from - AROUND) : 0
      const count = (same ? range.end - from : range.end - range.from) + AROUND
      const wanted = { ...asked, columns, from, count, most: MOST }
      let rows = await ask('tableRows', wanted, { signal })
      // rows came in between: of a table that grows without end the newest two are taken as they are
      for (let again = 0; again < 3 && rows.version !== view.version; again++) {
        view = await ask('tableView', asked, { signal })
        rows = await ask('tableRows', wanted, { signal })
      }
      return { query: asked, view, rows, columns }
    },
    answered({ query: asked, view, rows, columns }) {
      batch(() => {
        setFailed(undefined)
        setProgress('')
        const before = untrack(shown)
        // bars of before stand until the new ones are here
        const summaries = before?.query.key === asked.key ? before.summaries : new Map()
        setShown({ query: asked, view, rows: taken(new Map(), rows, columns), summaries })
        setBusy(false)
      })
      fresh.clear()
      pieces.ask(subjectOf(asked))
      heads.ask(subjectOf(asked))
    },
    failed(error) {
      batch(() => {
        setFailed(noticeOf(error, untrack(query)?.key ?? 'table'))
        setProgress('')
        setBusy(false)
      })
    },
  })

  const pieces = createLatest<{ rows: TableRows; columns: string[]; of: Shown } | undefined>({
    ask(_, signal) {
      const now = shown()
      const span = now && missing(now)
      if (!now || !span) return undefined
      const columns = [...range.columns]
      return ask('tableRows', { ...now.query, ...span, columns, most: MOST }, { signal }).then((rows) => ({
        ...{ rows, columns, of: now },
      }))
    },
    answered(answer, subject) {
      const now = untrack(shown)
      if (!answer || !now || now.view !== answer.of.view) return
      // its places are those of another state, which the view is asked for anew
      if (answer.rows.version !== now.view.version) return views.ask(subject)
      const kept = new Map([...now.rows].filter(([at]) => at > range.from - KEEP && at < range.end + KEEP))
      setShown({ ...now, rows: taken(kept, answer.rows, answer.columns) })
      pieces.ask(subject)
    },
    failed: (error) => setFailed(noticeOf(error, 'rows')),
  })

  const heads = createLatest<{ found: TableSummary[]; of: Shown } | undefined>({
    ask(_, signal) {
      const now = shown()
      if (!now || now.view.rows === 0) return undefined
      const wanted = range.columns.length > 0 ? range.columns : now.view.columns.map(({ id }) => id)
      const columns = wanted.filter((id) => !fresh.has(id)).slice(0, FIRST_COLUMNS)
      if (columns.length === 0) return undefined
      return ask('tableSummary', { ...now.query, columns }, { signal }).then((found) => ({ found, of: now }))
    },
    answered(answer, subject) {
      const now = untrack(shown)
      if (!answer || !now || now.view !== answer.of.view) return
      const summaries = new Map(now.summaries)
      for (const one of answer.found) {
        summaries.set(one.id, one)
        fresh.add(one.id)
      }
      setShown({ ...now, summaries })
      heads.ask(subject)
    },
    // a head without its bars is a head
    failed: () => undefined,
  })
  /** What of the rows in sight is not here, with those around it; undefined where all is. */
  function missing({ view, rows }: Shown): { from: number; count: number } | undefined {
    const end = Math.min(view.shown, range.end)
    const whole = (at: number): boolean => {
      const row = rows.get(at)
      return row !== undefined && range.columns.every((id) => row.cells.has(id))
    }
    for (let at = Math.max(0, range.from); at < end; at++) {
      if (whole(at)) continue
      let from = Math.max(0, at - AROUND)
      while (from < at && whole(from)) from++
      return { from, count: Math.min(view.shown, range.end + AROUND) - from }
    }
    return undefined
  }

  const subject = createMemo(() => {
    const now = query()
    return now && subjectOf(now)
  })
  createEffect(
    on(subject, (now) => {
      if (now === undefined) {
        views.abort()
        batch(() => {
          setShown(undefined)
          setBusy(false)
        })
        return
      }
      setBusy(true)
      // what is asked of the view before is no use any more
      heads.abort()
      pieces.abort()
      views.ask(now)
    }),
  )
  createEffect(
    on(
      version,
      () => {
        const now = untrack(subject)
        if (now !== undefined) views.again(now, AGAIN_MS)
      },
      { defer: true },
    ),
  )

  return {
    view: createMemo(() => shown()?.view),
    query: createMemo(() => shown()?.query),
    row: (index) => shown()?.rows.get(index),
    look(from, end, columns) {
      range = { from, end, columns }
      const now = untrack(shown)
      if (!now) return
      pieces.ask(subjectOf(now.query))
      heads.ask(subjectOf(now.query))
    },
    summary: (column) => shown()?.summaries.get(column),
    failed,
    progress,
    ready: () => !busy(),
    retry() {
      const now = untrack(subject)
      if (now === undefined) return
      setFailed(undefined)
      setBusy(true)
      views.ask(now)
    },
  }
}

function taken(
  into: Map<number, WindowRow>,
  { from, places, runs, steps, cells }: TableRows,
  columns: readonly string[],
): Map<number, WindowRow> {
  places.forEach((place, i) => {
    const before = into.get(from + i)
    const all = new Map(before?.place === place ? before.cells : [])
    columns.forEach((id, c) => {
      const cell = cells[i]?.[c]
      if (cell) all.set(id, cell)
    })
    into.set(from + i, { place, run: runs[i] as string, step: steps[i] as number, cells: all })
  })
  return into
}

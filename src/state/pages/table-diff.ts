import { type Accessor, batch, createEffect, createMemo, createSignal, on, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { noticeOf } from '../../model/errors.ts'
import type { DiffRow, TableDiff, TableDiffQuery } from '../../model/logged-table.ts'
import type { Notice } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

const AROUND = 60
const KEEP = 2000
/** Letters of a cell on screen. */
const MOST = 400

export type DiffSides = Pick<TableDiffQuery, 'a' | 'b' | 'key' | 'show' | 'find'>

export interface DiffWindow {
  diff: Accessor<TableDiff | undefined>
  sides: Accessor<DiffSides | undefined>
  row(index: number): DiffRow | undefined
  look(from: number, end: number): void
  failed: Accessor<Notice | undefined>
  ready: Accessor<boolean>
  retry(): void
}

/** Two tables side by side, as far as they are in sight. */
export function createDiffWindow(ask: EngineApi['ask'], sides: Accessor<DiffSides | undefined>): DiffWindow {
  const [shown, setShown] = createSignal<{
    sides: DiffSides
    diff: TableDiff
    rows: ReadonlyMap<number, DiffRow>
  }>()
  const [failed, setFailed] = createSignal<Notice>()
  const [busy, setBusy] = createSignal(true)
  let range = { from: 0, end: 40 }
  const latest = createLatest<{ sides: DiffSides; diff: TableDiff; from: number } | undefined>({
    ask(_, signal) {
      const now = sides()
      if (!now) return undefined
      const before = untrack(shown)
      const same = before?.sides === now
      const span = same ? missing(before.rows, before.diff.total) : { from: 0, count: range.end + AROUND }
      if (!span) return undefined
      return ask('tableDiff', { ...now, ...span, most: MOST, project: now.a.project }, { signal }).then(
        (diff) => ({ sides: now, diff, from: span.from }),
      )
    },
    answered(answer, subject) {
      if (!answer) return
      const before = untrack(shown)
      const rows = new Map(before?.sides === answer.sides ? near(before.rows) : [])
      answer.diff.rows.forEach((row, i) => {
        rows.set(answer.from + i, row)
      })
      batch(() => {
        setFailed(undefined)
        setShown({ ...answer, rows })
        setBusy(false)
      })
      if (missing(rows, answer.diff.total)) latest.ask(subject)
    },
    failed: (error) =>
      batch(() => {
        setFailed(noticeOf(error, 'tables'))
        setBusy(false)
      }),
  })

  function near(rows: ReadonlyMap<number, DiffRow>): [number, DiffRow][] {
    return [...rows].filter(([at]) => at > range.from - KEEP && at < range.end + KEEP)
  }

  function missing(
    rows: ReadonlyMap<number, DiffRow>,
    total: number,
  ): { from: number; count: number } | undefined {
    for (let at = Math.max(0, range.from); at < Math.min(total, range.end); at++)
      if (!rows.has(at)) return { from: Math.max(0, at - AROUND), count: range.end - range.from + 2 * AROUND }
    return undefined
  }

  createEffect(
    on(sides, (now) => {
      if (!now) return
      setBusy(true)
      latest.ask(JSON.stringify(now))
    }),
  )
  return {
    diff: createMemo(() => shown()?.diff),
    sides: createMemo(() => shown()?.sides),
    row: (index) => shown()?.rows.get(index),
    look(from, end) {
      range = { from, end }
      const now = untrack(shown)
      if (now && missing(now.rows, now.diff.total)) latest.ask(JSON.stringify(now.sides))
    },
    failed,
    ready: () => !busy(),
    retry() {
      const now = untrack(sides)
      if (now) latest.ask(JSON.stringify(now))
    },
  }
}

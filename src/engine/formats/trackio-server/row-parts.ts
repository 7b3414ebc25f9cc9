import { type KeyTable, makeKeyTable } from '../../columns/scan.ts'
import { type LooseRows, type LooseRun, makeLooseRows } from '../loose-rows.ts'
import type { Page } from './server-pages.ts'
import { has, idOf, type Row, type Tables, textAt } from './server-tables.ts'

/**
 * Rows of metrics by the project they name themselves, which only files older than 0.1 do; else all under
 * null.
 */
export interface Parts {
  keys: KeyTable
  names(): (string | null)[]
  runs(part: string | null): LooseRun[]
  rows(part: string | null): number
  /** Runs of all parts. */
  runCount(): number
  /** Rows that count but hold nothing, and rows that belong to no run. */
  unreadable(): number
  nameless: number
  /** The first few unreadable ones, in words. */
  examples: string[]
  add(row: Row, page: Page): void
  /** Puts rows in order; true when some came with earlier times than rows before them. */
  settle(): boolean
}

/** `keys`: of a sample, whose rows keep their ids then. */
export function makeParts(tables: () => Tables, keys?: KeyTable): Parts {
  const all = new Map<string | null, LooseRows>()
  const sum = (of: (rows: LooseRows) => number): number =>
    [...all.values()].reduce((total, rows) => total + of(rows), 0)
  const parts: Parts = {
    keys: keys ?? makeKeyTable(),
    names: () => [...all.keys()],
    runs: (part) => all.get(part)?.runs ?? [],
    rows: (part) => all.get(part)?.rows ?? 0,
    runCount: () => sum((rows) => rows.runs.length),
    unreadable: () => sum((rows) => rows.unreadable),
    nameless: 0,
    examples: [],
    add,
    settle() {
      const late = [...all.values()].some((rows) => rows.runs.some((run) => !run.columns.ordered))
      for (const rows of all.values()) rows.settle()
      return late
    },
  }
  return parts

  function add(row: Row, page: Page): void {
    const name = textAt(row, 'n')
    if (name === null) {
      // trackio writes none, and drops such rows itself when it migrates a file
      parts.nameless++
      return
    }
    const part = textAt(row, 'p')
    const rows = all.get(part) ?? makeLooseRows({ keys: parts.keys, keepRowids: keys !== undefined })
    all.set(part, rows)
    const step = typeof row.s === 'number' ? row.s : Number.NaN
    const read = rows.add({
      id: textAt(row, 'r'),
      name,
      timestamp: textAt(row, 't') ?? '',
      step: has(tables(), 'metrics', 'step') ? step : undefined,
      payload: page.payloadOf(row),
      // rows without an id come first, as NULL does
      rank: !tables().ranked ? undefined : typeof row.o === 'number' ? row.o : Number.NEGATIVE_INFINITY,
      rowid: idOf(row),
    })
    if (!read && parts.examples.length < 5) parts.examples.push(`id ${idOf(row)} of ${name}`)
  }
}

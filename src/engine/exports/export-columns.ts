import type { Notice } from '../../model/source.ts'
import { MIXED_NOTE } from '../formats/parquet/key-structure.ts'
import type { Table } from '../formats/sqlite/sqlite-table.ts'
import { compare } from '../projects/project.ts'
import type { TableRow } from './export-rows.ts'
import type { TablePlan } from './export-tables.ts'
import type { RunList } from './runs-json.ts'
import { addTo, cellOf, jsonParts, makeSeen, roundedIn, type Seen, shapeOf } from './shape.ts'
import type { Column } from './table-writer.ts'

/** The columns of a table's file: first all rows are looked at, then they are written. */
export interface Columns {
  /** A row of the first pass; also goes into the list of runs. */
  look(row: TableRow): void
  rows(): number
  /** After the first pass. */
  columns(): Column[]
  /** A row of the second pass, cell by cell. */
  fill(row: TableRow, set: (column: number, cell: unknown) => void): void
  /** For the footer: which columns of JSON hold numbers, so that our own reader finds them. */
  note(): { key: string; value: string } | undefined
  /** What a person should know of; `path`: the file. */
  notices(path: string): Notice[]
}

/**
 * A column of the file and where its cells come from: a cell of the row, a key of its payload, or neither
 * (the row's place in its run).
 */
interface Plan {
  name: string
  seen: Seen
  cell?: number
}

export function makeColumns(table: Table, plan: TablePlan, runs: RunList): Columns {
  const at = (name: string): number => table.columns.findIndex((column) => column.toLowerCase() === name)
  const [id, name, time, step, created] = [
    at('run_id'),
    at('run_name'),
    at('timestamp'),
    at('step'),
    at('created_at'),
  ]
  const stored: Plan[] = table.columns
    .map((name, cell) => ({ name, cell, seen: makeSeen() }))
    // of a file with several projects (before 0.0.20) only one is exported; readers would take its name for
    // something logged
    .filter((column) => ![plan.json, 'project_name'].includes(column.name.toLowerCase()))
  const own = new Set(stored.map((column) => column.name))
  // before 0.0.16 nothing stored a step: it is the row's place in its run
  const stepless = plan.table === 'metrics' && step < 0
  const fixed: Plan[] = stepless ? [...stored, { name: 'step', seen: { ...makeSeen(), int: 1 } }] : stored
  const placed: { run: string; time: string; row: number }[] = []
  let places: bigint[] | undefined
  let filled = 0
  const keys = new Map<string, { seen: Seen; column: number }>()
  const hidden = new Map<string, number>()
  let rows = 0
  let unreadable = 0
  let made: Column[] | undefined

  const all = (): Plan[] => [...fixed, ...[...keys].map(([name, { seen }]) => ({ name, seen }))]
  const columns = (): Column[] => {
    made ??= all().map(({ name, seen }) => ({ name, shape: shapeOf(seen) }))
    return made
  }

  return {
    rows: () => rows,
    columns,
    look(row) {
      rows++
      for (const { seen, cell } of stored) addTo(seen, row.cells[cell ?? -1] ?? null)
      for (const [key, value] of row.payload ?? []) {
        if (own.has(key)) {
          hidden.set(key, (hidden.get(key) ?? 0) + 1)
          continue
        }
        const known = keys.get(key) ?? { seen: makeSeen(), column: fixed.length + keys.size }
        keys.set(key, known)
        addTo(known.seen, value)
      }
      if (plan.json && !row.payload) unreadable++
      const { cells } = row
      if (stepless) placed.push({ run: String(cells[name]), time: String(cells[time] ?? ''), row: rows - 1 })
      if (plan.table === 'metrics') runs.add(cells[id], cells[name], cells[time], cells[step])
      if (plan.table === 'external_run_artifact_links')
        runs.addExternal(cells[id], cells[name], cells[created])
    },
    fill(row, set) {
      const shapes = columns()
      places ??= placesOf(placed)
      const place = places[filled++]
      fixed.forEach(({ cell }, c) => {
        const value = cell === undefined ? place : row.cells[cell]
        set(c, cellOf((shapes[c] as Column).shape, value))
      })
      for (const [key, value] of row.payload ?? []) {
        const column = keys.get(key)?.column
        if (column !== undefined && !own.has(key))
          set(column, cellOf((shapes[column] as Column).shape, value))
      }
    },
    note() {
      const mixed = all().filter(
        ({ seen }, c) => columns()[c]?.shape.kind === 'json' && seen.int + seen.double > 0,
      )
      if (mixed.length === 0) return undefined
      return {
        key: MIXED_NOTE,
        value: JSON.stringify(
          mixed.map(({ name, seen }) => [name, seen.int + seen.double, seen.double === 0]),
        ),
      }
    },
    notices: (path) => [
      ...mixedNotice(path, columns()),
      ...roundedNotices(path, all(), columns()),
      ...[...hidden].map(
        ([key, times]): Notice => ({
          level: 'warn',
          subject: path,
          text: `${key} is left out (${count(times, 'value')}): it is called like a column of the table itself`,
          action: 'The .db file has it.',
        }),
      ),
      ...(unreadable > 0
        ? [
            {
              level: 'warn' as const,
              subject: path,
              text: `${count(unreadable, 'row')} without values: the payload is not a JSON object`,
            },
          ]
        : []),
    ],
  }
}

/** By row: its place in its run, in trackio's order: by the timestamp's text, then as they were logged. */
function placesOf(rows: { run: string; time: string; row: number }[]): bigint[] {
  const places: bigint[] = []
  const next = new Map<string, number>()
  for (const { run, row } of [...rows].sort((a, b) => compare(a.time, b.time) || a.row - b.row)) {
    const place = next.get(run) ?? 0
    places[row] = BigInt(place)
    next.set(run, place + 1)
  }
  return places
}

function mixedNotice(path: string, columns: Column[]): Notice[] {
  const mixed = columns.flatMap(({ name, shape }) => jsonParts(shape, name))
  if (mixed.length === 0) return []
  const first = mixed.slice(0, 5).map((part) => `${part.path} (${part.mixed.join(', ')})`)
  const hold = mixed.length === 1 ? 'one column holds' : `${mixed.length} columns hold`
  const more = mixed.length > 5 ? '; …' : ''
  return [
    {
      level: 'info',
      subject: path,
      text: `${hold} values that no one type fits, so they stand as JSON text: ${first.join('; ')}${more}`,
    },
  ]
}

function roundedNotices(path: string, plans: Plan[], columns: Column[]): Notice[] {
  return plans.flatMap(({ name, seen }, c): Notice[] => {
    const rounded = roundedIn(seen, (columns[c] as Column).shape)
    if (rounded === 0) return []
    const text = `${count(rounded, 'integer')} of ${name} stand rounded: they are beyond what a double holds exactly`
    return [{ level: 'warn', subject: path, text, action: 'The .db file has them exactly.' }]
  })
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
}

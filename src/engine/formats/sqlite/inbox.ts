import { canonicalProject } from '../../../model/project-name.ts'
import { reorderIds } from '../../columns/row-ids.ts'
import { reorder } from '../../columns/series-store.ts'
import { configCells, type Fragment, newFragments, nextSteps } from '../fragments/fragments.ts'
import { addRow, type RunTables } from '../table-rows.ts'
import { openDatabase } from './database.ts'
import type { Image } from './database-image.ts'
import type { RowReader, RunRows } from './sqlite-rows.ts'
import type { Table } from './sqlite-table.ts'

/** A database whose rows are read, as far as its inbox concerns it. */
export interface InboxOf {
  rows: RowReader
  table: Table
  tables: RunTables
  image: Image
  hasIds: boolean
  /** Stem of its file. */
  project: string
}

/**
 * Adds log calls that wait beside the database, as trackio's importer would put them into it: told by log_id,
 * a missing step follows the stored ones. Gives how many there were.
 */
export async function addInbox(
  { rows, table, tables, image, hasIds, project }: InboxOf,
  all: readonly Fragment[],
): Promise<number> {
  const own = canonicalProject(project)
  const waiting = all.filter(({ project }) => project === own)
  if (waiting.length === 0) return 0
  const stored = await storedLogIds(
    'metrics',
    table,
    image,
    waiting.flatMap(({ logId }) => logId ?? []),
  )
  const fresh = newFragments(waiting, stored)
  const next = nextSteps(fresh, (fragment) => rows.find(hasIds ? fragment.id : null, fragment.name)?.lastStep)
  const touched = new Set<RunRows>()
  fresh.forEach((fragment, i) => {
    touched.add(rows.append({ ...fragment, id: hasIds ? fragment.id : null, step: next[i] ?? 0 }))
    if (fragment.config && tables.configs) addRow(tables.configs, configCells(fragment))
  })
  for (const run of touched) {
    if (run.columns.ordered) continue
    const order = orderByTime(run)
    reorder(run.columns, order)
    reorderIds(run.ids, order)
  }
  return fresh.length
}

/** Those of the ids of calls that a table holds already. */
export async function storedLogIds(
  of: 'metrics' | 'system_metrics',
  table: Table,
  image: Image,
  ids: string[],
): Promise<Set<string>> {
  const found = new Set<string>()
  if (ids.length === 0 || !table.columns.some((c) => c.toLowerCase() === 'log_id')) return found
  const db = await openDatabase(image)
  try {
    for (let i = 0; i < ids.length; i += 500) {
      const some = ids.slice(i, i + 500)
      const marks = some.map(() => '?').join()
      for (const [id] of db.rows(`SELECT log_id FROM ${of} WHERE log_id IN (${marks})`, some))
        found.add(String(id))
    }
  } finally {
    db.close()
  }
  return found
}

/** Rows by time, those without one first, as their empty text sorts; rows of one time stay as they came. */
function orderByTime(run: RunRows): Uint32Array {
  const times = Float64Array.from(run.columns.times.data.subarray(0, run.rows), (time) =>
    time === time ? time : Number.NEGATIVE_INFINITY,
  )
  return Uint32Array.from(times, (_, i) => i).sort(
    (a, b) => compare(times[a] as number, times[b] as number) || a - b,
  )
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

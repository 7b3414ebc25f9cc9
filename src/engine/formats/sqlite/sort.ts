import { reorderIds } from '../../columns/row-ids.ts'
import { reorder, restep } from '../../columns/series-store.ts'
import { openDatabase } from './database.ts'
import type { Image } from './database-image.ts'
import { hasNoSteps } from './schema-check.ts'
import type { RunRows } from './sqlite-rows.ts'
import type { Table } from './sqlite-table.ts'

/** Puts the rows of runs in their order, again and again as they grow. */
export interface RunSorter {
  /**
   * Sorts those that grew since and did not come in order. False where rows that were moved before have to
   * move again: they cannot be told by their place any more, so the file has to be read anew.
   */
  sort(image: Image, runs: readonly RunRows[]): Promise<boolean>
  /** Runs that were left in file order. */
  unsortable(): number
}

/**
 * Rows of a run count in the order of their timestamp's text, then id: where they did not come so, SQLite
 * sorts them.
 */
export function makeRunSorter(table: Table, hasIds: boolean): RunSorter {
  /**
   * Rows of each run when it was last sorted, and the runs whose rows were moved: those no longer lie in file
   * order.
   */
  const sortedRows = new Map<RunRows, number>()
  const moved = new Set<RunRows>()
  let unsortable = 0
  const has = (name: string): boolean => table.columns.some((column) => column.toLowerCase() === name)
  return { sort, unsortable: () => unsortable }

  async function sort(image: Image, runs: readonly RunRows[]): Promise<boolean> {
    const grown = runs.filter((run) => sortedRows.get(run) !== run.rows)
    for (const run of grown) sortedRows.set(run, run.rows)
    const unsorted = grown.filter((run) => !run.columns.ordered || (table.rowidColumn < 0 && run.rows > 1))
    const odd = unsorted.filter((run) => !moved.has(run))
    if (odd.length > 0 && has('timestamp')) await sortThese(image, odd)
    return odd.length === unsorted.length
  }

  async function sortThese(image: Image, odd: readonly RunRows[]): Promise<void> {
    try {
      const db = await openDatabase(image)
      try {
        const order = `timestamp, ${has('id') ? 'id, ' : ''}rowid`
        for (const run of odd) {
          const where = [
            'run_name IS ?',
            ...(hasIds ? ['run_id IS ?'] : []),
            ...(has('project_name') ? ['project_name IS ?'] : []),
          ]
          const bind = [run.name, ...(hasIds ? [run.id] : []), ...(has('project_name') ? [run.project] : [])]
          const ids = db
            .rows(`SELECT rowid FROM metrics WHERE ${where.join(' AND ')} ORDER BY ${order}`, bind)
            .map(([id]) => Number(id))
          if (ids.length === run.rows) place(run, ids)
          else unsortable++
        }
      } finally {
        db.close()
      }
    } catch {
      // a damaged file: SQLite refuses what was read here; the rows stay as they lie in the file
      unsortable += odd.length
    }
  }

  /** `ids`: row ids in the order that counts. */
  function place(run: RunRows, ids: readonly number[]): void {
    const byRowid = Uint32Array.from(ids, (_, i) => i).sort((a, b) => (ids[a] as number) - (ids[b] as number))
    // byRowid[k]: place in time of the k-th row as read; its inverse is what `reorder` takes
    const next = new Uint32Array(ids.length)
    byRowid.forEach((place, row) => {
      next[place] = row
    })
    if (next.some((row, i) => row !== i)) {
      reorder(run.columns, next)
      reorderIds(run.ids, next)
      moved.add(run)
    }
    // steps that are places (see readStep) follow the new order
    if (hasNoSteps(table)) restep(run.columns)
  }
}

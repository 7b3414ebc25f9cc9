import type { Image } from './database-image.ts'
import type { RunRows } from './sqlite-rows.ts'
import { hasColumn, type Table } from './sqlite-table.ts'

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
  return { sort, unsortable: () => unsortable }

  async function sort(image: Image, runs: readonly RunRows[]): Promise<boolean> {
    const grown = runs.filter((run) => sortedRows.get(run) !== run.rows)
    for (const run of grown) sortedRows.set(run, run.rows)
    const unsorted = grown.filter((run) => !run.columns.ordered || (table.rowidColumn < 0 && run.rows > 1))
    const odd = unsorted.filter((run) => !moved.has(run))
    if (odd.length > 0 && hasColumn(table, 'timestamp')) await sortThese(image, odd)
    return odd.length === unsorted.length
  }

  async function sortThese(image: Image, odd: readonly RunRows[]): Promise<void> {
    try {
      // with SQLite, which most files do without
      const { sortRuns } = await import('./sort-runs.ts')
      unsortable += await sortRuns(image, table, hasIds, odd, (run) => moved.add(run))
    } catch {
      // a damaged file: SQLite refuses what was read here; the rows stay as they lie in the file
      unsortable += odd.length
    }
  }
}

import { reorderIds } from '../../columns/row-ids.ts'
import { reorder, restep } from '../../columns/series-store.ts'
import { openDatabase } from './database.ts'
import type { Image } from './database-image.ts'
import { hasNoSteps } from './schema-check.ts'
import type { RunRows } from './sqlite-rows.ts'
import { hasColumn, type Table } from './sqlite-table.ts'

/**
 * Has SQLite say in which order the rows of runs count, and moves them there; tells of each run whose rows
 * moved. Gives how many runs have other rows for SQLite than were read. Throws where the file is damaged.
 */
export async function sortRuns(
  image: Image,
  table: Table,
  hasIds: boolean,
  runs: readonly RunRows[],
  onMoved: (run: RunRows) => void,
): Promise<number> {
  const db = await openDatabase(image)
  try {
    let unsortable = 0
    const hasProject = hasColumn(table, 'project_name')
    const order = `timestamp, ${hasColumn(table, 'id') ? 'id, ' : ''}rowid`
    for (const run of runs) {
      const where = [
        'run_name IS ?',
        ...(hasIds ? ['run_id IS ?'] : []),
        ...(hasProject ? ['project_name IS ?'] : []),
      ]
      const bind = [run.name, ...(hasIds ? [run.id] : []), ...(hasProject ? [run.project] : [])]
      const ids = db
        .rows(`SELECT rowid FROM metrics WHERE ${where.join(' AND ')} ORDER BY ${order}`, bind)
        .map(([id]) => Number(id))
      if (ids.length !== run.rows) unsortable++
      else if (place(run, ids, table)) onMoved(run)
    }
    return unsortable
  } finally {
    db.close()
  }
}

/** `ids`: row ids in the order that counts. Whether rows moved. */
function place(run: RunRows, ids: readonly number[], table: Table): boolean {
  const byRowid = Uint32Array.from(ids, (_, i) => i).sort((a, b) => (ids[a] as number) - (ids[b] as number))
  // byRowid[k]: place in time of the k-th row as read; its inverse is what `reorder` takes
  const next = new Uint32Array(ids.length)
  byRowid.forEach((place, row) => {
    next[place] = row
  })
  const moves = next.some((row, i) => row !== i)
  if (moves) {
    reorder(run.columns, next)
    reorderIds(run.ids, next)
  }
  // steps that are places (see readStep) follow the new order
  if (hasNoSteps(table)) restep(run.columns)
  return moves
}

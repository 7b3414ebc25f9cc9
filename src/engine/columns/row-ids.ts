/*
 * Where the rows of a run lie: the ids of its rows, to find them again as they were logged. A run that logs
 * alone has one id after the other, of which only the first is kept; one that logs beside others takes 4 bytes
 * a row.
 */

export interface RowIds {
  length: number
  first: number
  /** The id of each row, once one did not follow the one before. Ids beyond 32 bits take 8 bytes. */
  data: Uint32Array | Float64Array | undefined
}

export function makeRowIds(): RowIds {
  return { length: 0, first: 0, data: undefined }
}

export function pushId(ids: RowIds, id: number): void {
  const n = ids.length++
  if (n === 0) ids.first = id
  if (!ids.data) {
    if (id === ids.first + n) return
    const fits = isShort(ids.first) && isShort(ids.first + n)
    ids.data = fits ? new Uint32Array(Math.max(16, n * 2)) : new Float64Array(Math.max(16, n * 2))
    for (let i = 0; i < n; i++) ids.data[i] = ids.first + i
  }
  if (ids.data instanceof Uint32Array && !isShort(id)) ids.data = Float64Array.from(ids.data)
  if (n === ids.data.length) {
    const wider = ids.data instanceof Uint32Array ? new Uint32Array(n * 2) : new Float64Array(n * 2)
    wider.set(ids.data)
    ids.data = wider
  }
  ids.data[n] = id
}

function isShort(id: number): boolean {
  return id >= 0 && id <= 0xffffffff
}

/** The id of a row; NaN where there is no such row. */
export function idAt(ids: RowIds, row: number): number {
  if (!(row >= 0 && row < ids.length)) return Number.NaN
  return ids.data ? (ids.data[row] as number) : ids.first + row
}

/** Puts the ids into another order: `order[i]` is the present row that becomes row i. */
export function reorderIds(ids: RowIds, order: Uint32Array): void {
  const moved = makeRowIds()
  for (const row of order) pushId(moved, idAt(ids, row))
  Object.assign(ids, moved)
}

/** Gives back the memory that growing left unused. */
export function trimIds(ids: RowIds): void {
  if (ids.data && ids.data.length > ids.length * 1.2) ids.data = ids.data.slice(0, ids.length)
}

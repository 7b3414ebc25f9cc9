import { TABLE } from '../model/logged-table.ts'
import type { Json, RunKey } from '../model/run.ts'
import type { ProjectId } from '../model/source.ts'
import type { EngineApi } from './engine-api.ts'
import { readValues } from './logged-values.ts'

/** A table as it was logged. */
export interface LoggedTable {
  key: string
  /** Key of its run: the id, or the name where the source has no ids. */
  run: RunKey
  /** null where none was logged. */
  step: number | null
  /** ms since 1970, NaN where it cannot be read as a time. */
  time: number
  /**
   * Objects by column, or lists of cells (trackio before 0.8). Integers beyond ±2^53 come as the nearest double.
   */
  rows: Json[]
}

/** Which tables. */
export interface TablesWanted {
  key?: string | undefined
  run?: RunKey | undefined
  signal?: AbortSignal | undefined
}

/** Values that are read at once. */
const AT_ONCE = 16

/** Tables that the runs of a project logged, by run, then in row order; of rows that are all read. */
export async function readTables(
  engine: EngineApi,
  project: ProjectId,
  { key, run, signal }: TablesWanted,
): Promise<LoggedTable[]> {
  const values = await readValues(engine, project, { kinds: [TABLE], key, run, signal }, AT_ONCE)
  return values.map(({ key, run, step, time, value }) => ({ key, run, step, time, rows: rowsOf(value) }))
}

/** A table that was logged without data has none. */
function rowsOf(value: Json | undefined): Json[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Array.isArray(value._value) ? value._value : []
}

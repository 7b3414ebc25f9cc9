import type { RunKey } from '../model/run.ts'
import type { ProjectId } from '../model/source.ts'
import type { EngineApi } from './engine-api.ts'
import { readValues } from './logged-values.ts'

/** A report as it was logged (`trackio.Markdown`). */
export interface LoggedReport {
  key: string
  /** Key of its run: the id, or the name where the source has no ids. */
  run: RunKey
  /** null where none was logged. */
  step: number | null
  /** ms since 1970, NaN where it cannot be read as a time. */
  time: number
  /** Markdown; nothing of it is made safe to be shown. */
  text: string
}

/** Which reports. */
export interface ReportsWanted {
  key?: string | undefined
  run?: RunKey | undefined
  signal?: AbortSignal | undefined
}

/** Values that are read at once. */
const AT_ONCE = 256

/** Reports that the runs of a project logged, by run, then in row order; of rows that are all read. */
export async function readReports(
  engine: EngineApi,
  project: ProjectId,
  { key, run, signal }: ReportsWanted,
): Promise<LoggedReport[]> {
  const values = await readValues(engine, project, { kinds: ['trackio.markdown'], key, run, signal }, AT_ONCE)
  return values.map(({ value, key, run, step, time }) => {
    const text = typeof value === 'object' && value !== null && !Array.isArray(value) ? value._value : ''
    return { key, run, step, time, text: typeof text === 'string' ? text : '' }
  })
}

import type { Json, RunKey } from '../model/run.ts'
import type { ProjectId } from '../model/source.ts'
import type { EngineApi } from './engine-api.ts'

/** A value with a `_type` as it was logged, and where it stands. */
export interface LoggedValue {
  key: string
  /** Key of its run: the id, or the name where the source has no ids. */
  run: RunKey
  kind: string
  /** null where none was logged. */
  step: number | null
  /** ms since 1970, NaN where it cannot be read as a time. */
  time: number
  value: Json | undefined
}

/** Which values. */
export interface ValuesWanted {
  kinds: readonly string[]
  key?: string | undefined
  run?: RunKey | undefined
  signal?: AbortSignal | undefined
}

/** Values that the runs of a project logged, `atOnce` read at a time, by run, then in row order. */
export async function readValues(
  engine: EngineApi,
  project: ProjectId,
  { kinds, key, run, signal }: ValuesWanted,
  atOnce: number,
): Promise<LoggedValue[]> {
  const index = await engine.ask('values', { project, kinds: [...kinds] }, { signal })
  const found = Array.from(index.run, (r, i) => ({
    run: index.runs[r] as RunKey,
    key: index.keys[index.key[i] as number] as string,
    kind: index.kinds[index.kind[i] as number] as string,
    row: index.row[i] as number,
    step: index.step[i] as number,
    time: index.time[i] as number,
  })).filter((one) => (key === undefined || one.key === key) && (run === undefined || one.run === run))
  const logged: LoggedValue[] = []
  for (let at = 0; at < found.length; at += atOnce) {
    const some = found.slice(at, at + atOnce)
    const places = some.map((one) => ({ run: one.run, key: one.key, row: one.row }))
    const values = await engine.ask('valuesAt', { project, at: places }, { signal })
    some.forEach(({ key, run, kind, step, time }, i) => {
      logged.push({ key, run, kind, step: Number.isNaN(step) ? null : step, time, value: values[i] })
    })
  }
  return logged
}

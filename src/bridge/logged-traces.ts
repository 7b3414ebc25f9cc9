import type { Json, RunKey } from '../model/run.ts'
import type { ProjectId } from '../model/source.ts'
import type { EngineApi } from './engine-api.ts'

/** A trace as it was logged. */
export interface LoggedTrace {
  id: string
  /** The key it was logged under, and its place in the list that it was logged in; null for none. */
  key: string
  index: number | null
  /** Key of its run: the id, or the name where the source has no ids; null where no listed run logged it. */
  run: RunKey | null
  runName: string
  step: number | null
  /** ms since 1970, NaN where it cannot be read as a time. */
  time: number
  messages: Json
  metadata: Json
  spans: Json
}

/** Which traces. */
export interface TracesWanted {
  run?: RunKey | undefined
  signal?: AbortSignal | undefined
}

/** Traces that are read at once. */
const AT_ONCE = 64

/** Traces that the runs of a project logged, in the order in which they are stored; of all that there are. */
export async function readTraces(
  engine: EngineApi,
  project: ProjectId,
  { run, signal }: TracesWanted,
): Promise<LoggedTrace[]> {
  let list = await engine.ask('traces', { project, from: 0, store: 0 }, { signal })
  while (!list.complete)
    list = await engine.ask('traces', { project, from: 0, store: list.store }, { signal })
  const runOf = (at: number) => list.runs[list.run[at] as number]
  const wanted = Array.from(list.run.keys()).filter((at) => run === undefined || runOf(at)?.key === run)
  const traces: LoggedTrace[] = []
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const some = wanted.slice(from, from + AT_ONCE)
    const stored = await engine.ask('tracesAt', { project, at: some }, { signal })
    some.forEach((at, i) => {
      const one = stored[i]
      if (!one) return
      const [step, index] = [list.step[at] as number, list.index[at] as number]
      traces.push({
        ...{ id: one.id, key: list.keys[list.key[at] as number] ?? '', index: index < 0 ? null : index },
        ...{ run: runOf(at)?.key ?? null, runName: runOf(at)?.name ?? '' },
        ...{ step: Number.isNaN(step) ? null : step, time: list.time[at] as number },
        ...{ messages: jsonOf(one.messages), metadata: jsonOf(one.metadata), spans: jsonOf(one.spans) },
      })
    })
  }
  return traces
}

/** What is no JSON stands for itself. */
function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json // any JSON value is a Json
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

import { TrackioError } from '../model/errors.ts'
import type { Json, RunKey } from '../model/run.ts'
import type { Notice, ProjectId } from '../model/source.ts'
import type { Trace, TraceRows } from '../model/trace.ts'
import type { EngineApi } from './engine-api.ts'
import { failWith } from './fail-with.ts'

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
/** How often they are begun with anew, of a table that is written anew while it is read. */
const TRIES = 5

/**
 * Traces that the runs of a project logged, in the order in which they are stored; all that there were when
 * this was called. Rejects where they could not be read to the end.
 */
export async function readTraces(
  engine: EngineApi,
  project: ProjectId,
  { run, signal }: TracesWanted,
): Promise<LoggedTrace[]> {
  for (let tries = 0; tries < TRIES; tries++) {
    const list = await wholeList(engine, project, signal)
    const runOf = (at: number) => list.runs[list.run[at] as number]
    const wanted = Array.from(list.run.keys()).filter((at) => run === undefined || runOf(at)?.key === run)
    const traces: LoggedTrace[] = []
    for (let from = 0; from < wanted.length; from += AT_ONCE) {
      const at = wanted.slice(from, from + AT_ONCE)
      const stored = await engine.ask('tracesAt', { project, at, store: list.store }, { signal })
      // places tell other traces by now
      if (stored?.length !== at.length) break
      for (const one of stored) traces.push(loggedOf(list, one))
    }
    if (traces.length === wanted.length) return traces
  }
  throw new TrackioError('traces', 'written anew faster than they can be read')
}

/** The list once a reading ended that began when or after this was called: what goes on growing is never complete. */
async function wholeList(
  engine: EngineApi,
  project: ProjectId,
  signal: AbortSignal | undefined,
): Promise<TraceRows> {
  let list = await engine.ask('traces', { project, from: 0, store: 0 }, { signal })
  const { readings } = list
  // the next one that ends may have begun before
  while (!list.complete && (list.first || list.readings < readings + 2)) {
    failWith(list.notices.find(isLoss))
    list = await engine.ask('traces', { project, from: 0, store: list.store }, { signal })
  }
  failWith(list.notices.find(isLoss))
  return list
}

function isLoss({ level }: Notice): boolean {
  return level !== 'info'
}

function loggedOf(list: TraceRows, one: Trace): LoggedTrace {
  const { at } = one
  const [step, index] = [list.step[at] as number, list.index[at] as number]
  const run = list.runs[list.run[at] as number]
  return {
    ...{ id: one.storedId, key: list.keys[list.key[at] as number] ?? '', index: index < 0 ? null : index },
    ...{ run: run?.key ?? null, runName: run?.name ?? '' },
    ...{ step: Number.isNaN(step) ? null : step, time: list.time[at] as number },
    ...{ messages: jsonOf(one.messages), metadata: jsonOf(one.metadata), spans: jsonOf(one.spans) },
  }
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

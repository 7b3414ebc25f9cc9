import { type Accessor, createMemo } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { HISTOGRAM, type Histograms, type HistogramsQuery } from '../../model/histogram.ts'
import type { RunKey } from '../../model/run.ts'
import type { TypedValues } from '../../model/typed-values.ts'
import { createAnswer } from '../base/wanted.ts'
import type { Settled } from '../data/readiness.ts'

export interface Asked<A> {
  /** The newest answer; it stays while the next one is on its way. */
  answer: Accessor<A | undefined>
  error: Accessor<string | undefined>
  retry(): void
}

interface From {
  ask: EngineApi['ask']
  settled: Settled
  /** Of the project's rows. */
  version: Accessor<number>
}

/** Histograms as they are wanted, and again as the project grows; undefined: none are wanted. */
export function createHistograms(
  from: From,
  query: Accessor<HistogramsQuery | undefined>,
): Asked<Histograms> {
  // what grows elsewhere is sent nothing anew
  return createAsked(from, query, (now, signal, before) =>
    before
      ? from.ask('newHistograms', { histograms: now, version: before.version }, { signal })
      : from.ask('histograms', now, { signal }),
  )
}

/** Where histograms stand in the rows of a project. */
export function createHistogramIndex(from: From, project: Accessor<string | undefined>): Asked<TypedValues> {
  const query = createMemo(() => {
    const id = project()
    return id === undefined ? undefined : { project: id, kinds: [HISTOGRAM] }
  })
  return createAsked(from, query, (now, signal) => from.ask('values', now, { signal }))
}

/** By key, then by run: the steps at which histograms were logged, in row order; NaN where none was. */
export function stepsByKey(values: TypedValues | undefined): Map<string, Map<RunKey, number[]>> {
  const found = new Map<string, Map<RunKey, number[]>>()
  if (!values) return found
  for (let i = 0; i < values.run.length; i++) {
    const key = values.keys[values.key[i] as number] as string
    const run = values.runs[values.run[i] as number] as RunKey
    const byRun = found.get(key) ?? new Map<RunKey, number[]>()
    found.set(key, byRun)
    const steps = byRun.get(run)
    if (steps) steps.push(values.step[i] as number)
    else byRun.set(run, [values.step[i] as number])
  }
  return found
}

function createAsked<Q extends object, A>(
  { settled, version }: From,
  query: Accessor<Q | undefined>,
  ask: (query: Q, signal: AbortSignal, before: A | undefined) => Promise<A | undefined>,
): Asked<A> {
  const { latest, error, retry } = createAnswer(settled, query, version, ask)
  return { answer: createMemo(() => latest()?.answer), error, retry }
}

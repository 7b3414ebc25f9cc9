import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  on,
  onCleanup,
} from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { HISTOGRAM, type Histograms, type HistogramsQuery } from '../../model/histogram.ts'
import type { TypedValues } from '../../model/typed-values.ts'
import { createLatest } from '../base/latest.ts'
import type { Settled } from '../data/readiness.ts'

/** Of what goes on growing, asked for anew no sooner than this. */
const AGAIN_MS = 1000

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

/** The page is not settled while an answer to what is wanted is outstanding; growth alone holds nothing up. */
function createAsked<Q extends object, A>(
  { settled, version }: From,
  query: Accessor<Q | undefined>,
  /** `before`: the answer to the same that is there. Undefined: it still holds. */
  ask: (query: Q, signal: AbortSignal, before: A | undefined) => Promise<A | undefined>,
): Asked<A> {
  const id = createUniqueId()
  const [latest, setLatest] = createSignal<{ answer: A; key: string }>()
  const [error, setError] = createSignal<string>()
  const wanted = createMemo(() => {
    const now = query()
    return now && JSON.stringify(now)
  })
  const requests = createLatest({
    ask(_, signal) {
      const [now, key] = [query(), wanted()]
      if (!now || key === undefined) return undefined
      const before = latest()
      return ask(now, signal, before?.key === key ? before.answer : undefined).then((answer) => ({
        answer,
        key,
      }))
    },
    answered({ answer, key }) {
      setError(undefined)
      if (answer !== undefined) setLatest({ answer, key })
    },
    failed: (cause) => setError(cause instanceof Error ? cause.message : String(cause)),
  })
  createEffect(
    on(wanted, (key) => {
      if (key !== undefined && latest()?.key !== key) requests.ask('answer')
    }),
  )
  createEffect(on(version, () => query() && requests.again('answer', AGAIN_MS), { defer: true }))
  createEffect(() => {
    const key = wanted()
    settled.setBusy(id, key !== undefined && error() === undefined && latest()?.key !== key)
  })
  onCleanup(() => settled.setBusy(id, false))
  return {
    answer: createMemo(() => latest()?.answer),
    error,
    retry() {
      setError(undefined)
      requests.ask('answer')
    },
  }
}

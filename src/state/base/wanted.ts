import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  on,
  onCleanup,
} from 'solid-js'
import { createLatest } from './latest.ts'

/** Of what goes on growing, asked for anew no sooner than this. */
const AGAIN_MS = 1000

export interface Answer<Q, A> {
  /** The newest answer, with its question; it stays while the next one is on its way. */
  latest: Accessor<{ query: Q; answer: A } | undefined>
  error: Accessor<string | undefined>
  retry(): void
}

/** What waits for an answer: the page is not settled before. */
export interface Waits {
  setBusy(id: string, busy: boolean): void
}

/**
 * Asks what is wanted, and again when `version` grows. The page is not settled while an answer to what is
 * wanted is outstanding; growth alone holds nothing up. `before` is the answer to the same that is there; `ask` may
 * then give undefined: it still holds.
 */
export function createAnswer<Q, A>(
  settled: Waits,
  query: Accessor<Q | undefined>,
  version: Accessor<number>,
  ask: (query: Q, signal: AbortSignal, before: A | undefined) => Promise<A | undefined>,
): Answer<Q, A> {
  const id = createUniqueId()
  const [latest, setLatest] = createSignal<{ query: Q; answer: A; key: string }>()
  const [error, setError] = createSignal<string>()
  const wanted = createMemo(() => {
    const now = query()
    return now === undefined ? undefined : JSON.stringify(now)
  })
  const requests = createLatest({
    ask(_, signal) {
      const [now, key] = [query(), wanted()]
      if (now === undefined || key === undefined) return undefined
      const before = latest()
      return ask(now, signal, before?.key === key ? before.answer : undefined).then((answer) => ({
        ...{ query: now, answer, key },
      }))
    },
    answered({ query, answer, key }) {
      setError(undefined)
      if (answer !== undefined) setLatest({ query, answer, key })
    },
    failed: (cause) => setError(cause instanceof Error ? cause.message : String(cause)),
  })
  createEffect(
    on(wanted, (key) => {
      if (key !== undefined && latest()?.key !== key) requests.ask('answer')
    }),
  )
  createEffect(
    on(version, () => query() !== undefined && requests.again('answer', AGAIN_MS), { defer: true }),
  )
  createEffect(() => {
    const key = wanted()
    settled.setBusy(id, key !== undefined && error() === undefined && latest()?.key !== key)
  })
  onCleanup(() => settled.setBusy(id, false))
  return {
    latest,
    error,
    retry() {
      setError(undefined)
      requests.ask('answer')
    },
  }
}

import { onCleanup, untrack } from 'solid-js'
import { isAbort } from '../../model/errors.ts'

export interface LatestOptions<A> {
  /**
   * Asks what is wanted of `subject` now, so signals are read here, untracked; undefined where nothing is to be
   * asked.
   */
  ask(subject: string, signal: AbortSignal): Promise<A> | undefined
  /** Called with answers that still count. It may ask again. */
  answered(answer: A, subject: string): void
  /** The same for errors; never for an abort. */
  failed?(error: unknown, subject: string): void
}

export interface Latest {
  /**
   * Asks now, or in `wait` ms; of several waits the shortest counts. While another request of the same subject
   * is under way, one request follows it, however often this was called. A request of another subject is given
   * up: its answer would belong to what is gone.
   */
  ask(subject: string, wait?: number): void
  /** The same because data grew: no sooner than `pause` ms after the last request of this subject began. */
  again(subject: string, pause: number): void
  /** Gives up what is under way and what waits. */
  abort(): void
  busy(): boolean
  /** Resolves once no request is under way; what waits for its time does not count. */
  idle(): Promise<void>
}

/**
 * Only the newest request counts: at most one is under way, and what is asked meanwhile follows it as one, so
 * that input that changes faster than answers come still shows every answer. Stops with its owner.
 */
export function createLatest<A>(options: LatestOptions<A>): Latest {
  let flight: { subject: string; abort: AbortController } | undefined
  let follows = false
  let timer: { subject: string; due: number; id: ReturnType<typeof setTimeout> } | undefined
  let begun: { subject: string; at: number } | undefined
  let ended = false
  const waiters: (() => void)[] = []

  function start(subject: string): void {
    // whatever else is due would ask the same
    clearTimer()
    follows = false
    const abort = new AbortController()
    const asked = untrack(() => options.ask(subject, abort.signal))
    if (!asked) return
    const own = { subject, abort }
    flight = own
    begun = { subject, at: performance.now() }
    const settle = (tell: () => void): void => {
      if (flight !== own) return
      flight = undefined
      untrack(tell)
      if (follows && !flight) start(subject)
      wake()
    }
    asked.then(
      (answer) => settle(() => options.answered(answer, subject)),
      (error: unknown) => settle(() => !isAbort(error) && options.failed?.(error, subject)),
    )
  }

  function ask(subject: string, wait = 0): void {
    if (ended) return
    if ((flight ?? timer ?? { subject }).subject !== subject) abort()
    if (wait <= 0) {
      if (flight) follows = true
      else start(subject)
      return
    }
    const due = performance.now() + wait
    if (timer && timer.due <= due) return
    clearTimer()
    const id = setTimeout(() => {
      timer = undefined
      ask(subject)
    }, wait)
    timer = { subject, due, id }
  }

  function abort(): void {
    clearTimer()
    follows = false
    begun = undefined
    const given = flight
    flight = undefined
    given?.abort.abort()
    wake()
  }

  function clearTimer(): void {
    clearTimeout(timer?.id)
    timer = undefined
  }

  function wake(): void {
    if (!flight) for (const done of waiters.splice(0)) done()
  }

  onCleanup(() => {
    ended = true
    abort()
  })

  return {
    ask,
    again: (subject, pause) =>
      ask(subject, begun?.subject === subject ? begun.at + pause - performance.now() : 0),
    abort,
    busy: () => flight !== undefined,
    idle: () => (flight ? new Promise((resolve) => waiters.push(resolve)) : Promise.resolve()),
  }
}

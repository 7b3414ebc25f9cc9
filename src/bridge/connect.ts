import { EngineClosedError } from '../model/errors.ts'
import type { Waiting } from '../model/questions.ts'
import type { EngineApi, EngineEvent } from './engine-api.ts'
import { type Caller, makeCaller, methodsOf, watchWorker } from './rpc.ts'

export interface Connection {
  engine: EngineApi
  /** Told when the worker crashed; the calls that waited are rejected by then. */
  onCrash(listener: (crash: Crash) => void): void
  /** Ends the worker; calls that wait are rejected. */
  dispose(): void
}

export interface Crash {
  /** In words. */
  why: string
  /** Another worker answers from now on, in which nothing is open. */
  again: boolean
}

/** What crashes again within this time would go on doing so. */
const PATIENCE_MS = 60_000

/**
 * The page's end: an EngineApi whose calls are answered by a worker (or by the other end of a MessagePort, in
 * tests). `restart` starts another one where it crashed, which is given the tokens and listeners of the one
 * before.
 */
export function connectEngine(first: Worker | MessagePort, restart?: () => Worker | MessagePort): Connection {
  const listeners: ((event: EngineEvent) => void)[] = []
  const tokens = new Map<string, string>()
  const crashes: ((crash: Crash) => void)[] = []
  let crashedAt = Number.NEGATIVE_INFINITY
  let closed = false
  let answered = false
  let { worker, caller, end } = attach(first)

  function attach(worker: Worker | MessagePort): { worker: object; caller: Caller; end(): void } {
    const end = watchWorker(worker, (why) => crash(why.replace(/^Uncaught /, '')))
    return { worker, caller: makeCaller(worker), end }
  }

  /** What threw outside of a call may be in any state: it is ended, and nobody waits for it. */
  function crash(why: string): void {
    if (closed) return
    end()
    // one that never answered will not do so the next time
    answered ||= caller.answered()
    const again = restart !== undefined && answered && performance.now() - crashedAt > PATIENCE_MS
    crashedAt = performance.now()
    closed = !again
    caller.close(new EngineClosedError(`the worker ended: ${why}`))
    const tell = (): void => {
      for (const listener of crashes) listener({ why, again })
    }
    if (!again) return tell()
    const next = attach(restart())
    ;({ worker, caller, end } = next)
    const known = [
      ...[...tokens].map(([origin, token]) => next.caller.call('authorize', [{ origin, token }])),
      ...listeners.map((listener) => next.caller.call('onEvent', [], { callback: listener })),
    ]
    // what is opened again needs the tokens
    void Promise.allSettled(known).then(() => worker === next.worker && tell())
  }

  // each takes one thing, `ask` the kind before it, and what may wait takes a signal and a listener behind it
  const engine = methodsOf<EngineApi>(
    (method, args) => {
      const [kind, query] = args
      const taken = method === 'ask' ? [kind, query] : [kind]
      const { signal, onProgress }: Waiting<never> = Object(args[taken.length])
      return caller.call(method, taken, { signal, callback: onProgress })
    },
    {
      async authorize({ origin, token }) {
        // what can be no token is refused, and not kept
        await caller.call('authorize', [{ origin, token }])
        if (token === undefined) tokens.delete(origin)
        else tokens.set(origin, token)
      },
      async onEvent(listener) {
        listeners.push(listener)
        await caller.call('onEvent', [], { callback: listener })
      },
    },
  )
  return {
    engine,
    onCrash: (listener) => void crashes.push(listener),
    dispose() {
      end()
      closed = true
      caller.close(new EngineClosedError('the engine was closed'))
    },
  }
}

import { EngineClosedError } from '../model/errors.ts'
import type { Answer, Kind, Waiting } from '../model/questions.ts'
import type { EngineApi, EngineEvent } from './engine-api.ts'
import { type Caller, type CallOptions, makeCaller } from './rpc.ts'

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
  let { worker, caller } = attach(first)

  function attach(worker: Worker | MessagePort): { worker: Worker | MessagePort; caller: Caller } {
    worker.addEventListener('error', onError)
    worker.addEventListener('messageerror', onError)
    return { worker, caller: makeCaller(worker) }
  }

  function onError(event: Event): void {
    // an ErrorEvent where the worker threw, a plain Event where its script could not be loaded
    crash(
      'message' in event && typeof event.message === 'string'
        ? event.message.replace(/^Uncaught /, '')
        : 'it could not be started',
    )
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
    ;({ worker, caller } = next)
    const known = [
      ...[...tokens].map(([origin, token]) => next.caller.call('authorize', [{ origin, token }])),
      ...listeners.map((listener) => next.caller.call('onEvent', [], { callback: listener })),
    ]
    // what is opened again needs the tokens
    void Promise.allSettled(known).then(() => worker === next.worker && tell())
  }

  function end(): void {
    worker.removeEventListener('error', onError)
    worker.removeEventListener('messageerror', onError)
    if ('terminate' in worker) worker.terminate()
    else worker.close()
  }

  /** A call is given up where it was made. */
  async function call<T>(method: keyof EngineApi, args: unknown[], options?: CallOptions): Promise<T> {
    return (await caller.call(method, args, options)) as T // the other end runs the same EngineApi
  }

  const engine: EngineApi = {
    ask: <K extends Kind>(kind: K, query?: unknown, waiting?: Waiting<never>) =>
      call<Answer<K>>('ask', [kind, query], optionsOf(waiting)),
    open: (ref, waiting) => call('open', [ref], optionsOf(waiting)),
    refresh: (look, waiting) => call('refresh', [look], optionsOf(waiting)),
    close: (source) => call('close', [source]),
    async authorize({ origin, token }) {
      // what can be no token is refused, and not kept
      await call('authorize', [{ origin, token }])
      if (token === undefined) tokens.delete(origin)
      else tokens.set(origin, token)
    },
    beside: (base) => call('beside', [base]),
    watch: (project) => call('watch', [project]),
    cancel: (project) => call('cancel', [project]),
    resume: (project) => call('resume', [project]),
    onEvent(listener) {
      listeners.push(listener)
      return call('onEvent', [], { callback: listener })
    },
  }
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

function optionsOf<P>({ signal, onProgress }: Waiting<P> = {}): CallOptions {
  return { signal, callback: onProgress }
}

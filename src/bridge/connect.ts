import { type Endpoint, proxy, type Remote, wrap } from 'comlink'
import { EngineClosedError } from '../model/errors.ts'
import type { EngineApi, EngineEvent } from './engine-api.ts'
import { fromWire } from './from-wire.ts'
import type { Wire } from './wire.ts'

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
 * The page's end: an EngineApi whose calls are answered by a worker (or by the other end of a MessagePort, in tests). `restart` starts another one where it crashed, which
 * is given the tokens and listeners of the one before.
 */
export function connectEngine(first: Worker | MessagePort, restart?: () => Worker | MessagePort): Connection {
  const waiting = new Set<(error: Error) => void>()
  const listeners: ((event: EngineEvent) => void)[] = []
  const tokens = new Map<string, string>()
  const crashes: ((crash: Crash) => void)[] = []
  let calls = 0
  let heard = false
  let crashedAt = Number.NEGATIVE_INFINITY
  let closed: Error | undefined
  let { worker, remote } = attach(first)

  function attach(worker: Worker | MessagePort): { worker: Worker | MessagePort; remote: Remote<Wire> } {
    worker.addEventListener('error', onError)
    worker.addEventListener('messageerror', onError)
    return { worker, remote: wrap<Wire>(worker as Endpoint) } // a Worker and a MessagePort both are endpoints
  }

  function onError(event: Event): void {
    // an ErrorEvent where the worker threw, a plain Event where its script could not be loaded
    crash('message' in event && typeof event.message === 'string' ? event.message.replace(/^Uncaught /, '') : 'it could not be started')
  }

  /** What threw outside of a call may be in any state: it is ended, and nobody waits for it. */
  function crash(why: string): void {
    if (closed) return
    end()
    const error = new EngineClosedError(`the worker ended: ${why}`)
    // one that never answered will not do so the next time
    const again = restart !== undefined && heard && performance.now() - crashedAt > PATIENCE_MS
    crashedAt = performance.now()
    const tell = (): void => {
      for (const listener of crashes) listener({ why, again })
    }
    if (!again) {
      close(error)
      tell()
      return
    }
    giveUp(error)
    const next = attach(restart())
    ;({ worker, remote } = next)
    const known = [
      ...[...tokens].map(([origin, token]) => next.remote.call(++calls, 'authorize', [origin, token])),
      ...listeners.map((listener) => next.remote.call(++calls, 'onEvent', [], proxy(listener as (value: unknown) => void))),
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

  function close(error: Error): void {
    closed ??= error
    giveUp(closed)
  }

  function giveUp(error: Error): void {
    for (const reject of waiting) reject(error)
    waiting.clear()
  }

  async function call<T>(method: keyof EngineApi, args: unknown[], options: { signal?: AbortSignal; callback?: unknown } = {}): Promise<T> {
    options.signal?.throwIfAborted()
    if (closed) throw closed
    const id = ++calls
    const { signal, callback } = options
    // a call is given up where it was made
    const asked = remote
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        waiting.delete(reject)
        signal?.removeEventListener('abort', onAbort)
      }
      const onAbort = (): void => {
        settle()
        void asked.abort(id)
        reject(signal?.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'))
      }
      signal?.addEventListener('abort', onAbort)
      waiting.add(reject)
      const answer =
        typeof callback === 'function'
          ? asked.call(id, method, args, proxy(callback as (value: unknown) => void))
          : asked.call(id, method, args)
      answer.then(
        (value) => {
          heard = true
          settle()
          if (value.ok)
            resolve(value.value as T) // the other end runs the same EngineApi
          else reject(fromWire(value.error))
        },
        (cause) => {
          settle()
          reject(cause)
        },
      )
    })
  }

  const engine: EngineApi = {
    open: (ref, options = {}) => call('open', [ref], inCall(options)),
    refresh: (source, files, signal) => call('refresh', [source, files], { signal }),
    close: (source) => call('close', [source]),
    async authorize(origin, token) {
      // what can be no token is refused, and not kept
      await call('authorize', [origin, token])
      if (token === undefined) tokens.delete(origin)
      else tokens.set(origin, token)
    },
    beside: (base) => call('beside', [base]),
    catalogue: (project) => call('catalogue', [project]),
    countBeside: (project) => call('countBeside', [project]),
    watch: (project) => call('watch', [project]),
    frame: (query, signal) => call('frame', [query], { signal }),
    newFrame: (query, version, signal) => call('newFrame', [query, version], { signal }),
    probe: (query, signal) => call('probe', [query], { signal }),
    runValues: (project, metric, runs, signal) => call('runValues', [project, metric, runs], { signal }),
    table: (project, metric, runs, from, count, { signal, ...how } = {}) =>
      call('table', [project, metric, runs, from, count, how], { signal }),
    history: (project, run, metrics, signal) => call('history', [project, run, metrics], { signal }),
    csv: (project, metric, runs, { signal, ...how } = {}) => call('csv', [project, metric, runs, how], { signal }),
    media: (project, path, signal) => call('media', [project, path], { signal }),
    kept: () => call('kept', []),
    keep: (project, options = {}) => call('keep', [project], inCall(options)),
    renameKept: (...args) => call('renameKept', args),
    removeKept: (...args) => call('removeKept', args),
    export: (project, form, frontend, { part, ...options } = {}) => call('export', [project, form, frontend, { part }], inCall(options)),
    publish: (project, options, waiting = {}) => call('publish', [project, options], inCall(waiting)),
    cacheSize: () => call('cacheSize', []),
    forgetCache: () => call('forgetCache', []),
    renameRun: (project, run, name) => call('renameRun', [project, run, name]),
    deleteRun: (project, run) => call('deleteRun', [project, run]),
    settled: (project, signal) => call('settled', [project], { signal }),
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
      close(new EngineClosedError('the engine was closed'))
    },
  }
}

function inCall({ signal, onProgress }: { signal?: AbortSignal; onProgress?: unknown }): { signal?: AbortSignal; callback: unknown } {
  return { signal, callback: onProgress ?? (() => {}) }
}

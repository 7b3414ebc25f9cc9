import { type Endpoint, proxy, wrap } from 'comlink'
import { EngineClosedError } from '../model/errors.ts'
import type { EngineApi } from './engine-api.ts'
import { fromWire } from './from-wire.ts'
import type { Wire } from './wire.ts'

export interface Connection {
  engine: EngineApi
  /** Ends the worker; calls that wait are rejected. */
  dispose(): void
}

/** The page's end: an EngineApi whose calls are answered by a worker (or by the other end of a MessagePort, in tests). */
export function connectEngine(worker: Worker | MessagePort): Connection {
  const remote = wrap<Wire>(worker as Endpoint) // a Worker and a MessagePort both are endpoints
  const waiting = new Set<(error: Error) => void>()
  let calls = 0
  let closed: Error | undefined
  const onError = (event: Event): void => {
    // an ErrorEvent where the worker threw, a plain Event where its script could not be loaded
    const why = 'message' in event && typeof event.message === 'string' ? event.message : 'it could not be started'
    close(new EngineClosedError(`the worker ended: ${why}`))
  }
  worker.addEventListener('error', onError)
  worker.addEventListener('messageerror', onError)

  function close(error: Error): void {
    closed ??= error
    for (const reject of waiting) reject(closed)
    waiting.clear()
  }

  async function call<T>(method: keyof EngineApi, args: unknown[], options: { signal?: AbortSignal; callback?: unknown } = {}): Promise<T> {
    options.signal?.throwIfAborted()
    if (closed) throw closed
    const id = ++calls
    const { signal, callback } = options
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        waiting.delete(reject)
        signal?.removeEventListener('abort', onAbort)
      }
      const onAbort = (): void => {
        settle()
        void remote.abort(id)
        reject(signal?.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'))
      }
      signal?.addEventListener('abort', onAbort)
      waiting.add(reject)
      const answer =
        typeof callback === 'function'
          ? remote.call(id, method, args, proxy(callback as (value: unknown) => void))
          : remote.call(id, method, args)
      answer.then(
        (value) => {
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
    authorize: (origin, token) => call('authorize', [origin, token]),
    beside: (base) => call('beside', [base]),
    catalogue: (project) => call('catalogue', [project]),
    watch: (project) => call('watch', [project]),
    frame: (query, signal) => call('frame', [query], { signal }),
    newFrame: (query, version, signal) => call('newFrame', [query, version], { signal }),
    probe: (query, signal) => call('probe', [query], { signal }),
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
    onEvent: (listener) => call('onEvent', [], { callback: listener }),
  }
  return {
    engine,
    dispose() {
      worker.removeEventListener('error', onError)
      if ('terminate' in worker) worker.terminate()
      else worker.close()
      close(new EngineClosedError('the engine was closed'))
    },
  }
}

function inCall({ signal, onProgress }: { signal?: AbortSignal; onProgress?: unknown }): { signal?: AbortSignal; callback: unknown } {
  return { signal, callback: onProgress ?? (() => {}) }
}

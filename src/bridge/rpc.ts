import { type Endpoint, expose, proxy, transfer, wrap } from 'comlink'
import { fromWire } from './from-wire.ts'
import { type Answer, buffersOf, toWire, type Wire } from './wire.ts'

/*
 * Calls to another thread, on top of comlink: each settles, errors keep their class, a signal ends the work
 * at the other end, and typed arrays are moved. The engine and the writer both are called this way.
 */

export interface CallOptions {
  signal?: AbortSignal | undefined
  /** Is called with what the other end tells meanwhile. */
  callback?: ((value: never) => void) | undefined
}

export interface Caller {
  /** Rejects with what the other end threw, with the signal's reason, or with what `close` was given. */
  call(method: string, args: unknown[], options?: CallOptions): Promise<unknown>
  /** The other end has answered a call. */
  answered(): boolean
  /** Rejects all calls that wait and all later ones. */
  close(error: Error): void
}

/**
 * Calls `lost`, with why, when a worker threw outside of a call or its script could not be had. The function
 * it gives ends the worker (or closes the port), without calling `lost`.
 */
export function watchWorker(target: Worker | MessagePort, lost: (why: string) => void): () => void {
  const onError = (event: Event): void => {
    // an ErrorEvent where the worker threw, a plain Event where its script could not be loaded
    lost('message' in event && typeof event.message === 'string' ? event.message : 'it could not be started')
  }
  target.addEventListener('error', onError)
  target.addEventListener('messageerror', onError)
  return () => {
    target.removeEventListener('error', onError)
    target.removeEventListener('messageerror', onError)
    if ('terminate' in target) target.terminate()
    else target.close()
  }
}

/** The end that asks. A Worker and a MessagePort both are endpoints. */
export function makeCaller(target: Worker | MessagePort): Caller {
  const remote = wrap<Wire>(target as Endpoint) // their listeners are typed more narrowly than comlink's
  const waiting = new Set<(error: Error) => void>()
  let calls = 0
  let heard = false
  let closed: Error | undefined
  return {
    async call(method, args, { signal, callback } = {}) {
      signal?.throwIfAborted()
      if (closed) throw closed
      const id = ++calls
      return new Promise((resolve, reject) => {
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
        const answer = callback
          ? remote.call(id, method, args, proxy(callback as (value: unknown) => void))
          : remote.call(id, method, args)
        answer.then(
          (value) => {
            heard = true
            settle()
            if (value.ok) resolve(value.value)
            else reject(fromWire(value.error))
          },
          (cause: unknown) => {
            settle()
            reject(cause)
          },
        )
      })
    },
    answered: () => heard,
    close(error) {
      closed ??= error
      for (const reject of waiting) reject(closed)
      waiting.clear()
    },
  }
}

/** What a call comes with at the other end. */
export interface Called {
  signal: AbortSignal
  callback: ((value: unknown) => void) | undefined
}

/** The end that answers, by `handle`. Adds its listener at once, before anything is loaded. */
export function serveCalls(
  handle: (method: string, args: unknown[], called: Called) => unknown,
  endpoint?: Endpoint,
): void {
  const running = new Map<number, AbortController>()
  const wire: Wire = {
    async call(id, method, args, callback): Promise<Answer> {
      const abort = new AbortController()
      running.set(id, abort)
      try {
        const value: unknown = await handle(method, args, { signal: abort.signal, callback })
        return transfer({ ok: true, value }, buffersOf(value))
      } catch (cause) {
        return { ok: false, error: toWire(cause) }
      } finally {
        running.delete(id)
      }
    },
    abort(id) {
      running.get(id)?.abort()
    },
  }
  expose(wire, endpoint)
}

/** Calls a method of an object by its name. `room`: what the object is, for the error. */
export function callMethod(target: object, method: string, args: unknown[], room: string): unknown {
  const found: unknown = Reflect.get(target, method)
  if (typeof found !== 'function') throw new Error(`${room}: no method ${method}`)
  return Reflect.apply(found, target, args)
}

/** An object whose methods are those of `own`, and every other one of `below`'s. */
export function methodsOver<T extends U, U extends object>(below: U, own: Omit<T, keyof U> & Partial<T>): T {
  return methodsOf<T>(async (method, args) => callMethod(below, method, args, 'below'), own as Partial<T>) // with those of `below` it is whole
}

/**
 * An object whose methods are those of `own`, and every other one a call of `call`: no list of them is
 * written.
 */
export function methodsOf<T extends object>(
  call: (method: string, args: unknown[]) => Promise<unknown>,
  own: Partial<T> = {},
): T {
  const get = (mine: object, name: string | symbol): unknown => {
    // whoever awaits an object asks it for `then`
    if (typeof name !== 'string' || name === 'then') return undefined
    return Reflect.get(mine, name) ?? ((...args: unknown[]) => call(name, args))
  }
  return new Proxy(own, { get }) as T // what is not in `own` is called
}

import { type Endpoint, proxy, wrap } from 'comlink'
import { EngineClosedError } from '../model/errors.ts'
import { fromWire } from './from-wire.ts'
import type { Answer, Wire } from './wire.ts'
import { type WriterApi, writerOver } from './writer-api.ts'

export interface WriterConnection {
  writer: WriterApi
  /** It has answered a call, so it can be started at all. */
  answered(): boolean
  /** Resolves, never rejects, once the worker is gone: it crashed or could not be started. */
  lost: Promise<Error>
  /** Ends the worker; calls that wait are rejected. */
  dispose(): void
}

/** A worker behind a port, for whoever started it by a detour. */
export interface PortToWorker {
  port: MessagePort
  /** Resolves once it is gone. */
  lost: Promise<Error>
  end(): void
  /** Has it answer at another port, too. */
  serve?(port: MessagePort): void
}

/** The page's end: a WriterApi whose calls are answered by a worker (or by the other end of a MessagePort, in tests). */
export function connectWriter(target: Worker | MessagePort | PortToWorker): WriterConnection {
  const behind = 'port' in target ? target : undefined
  const endpoint = 'port' in target ? target.port : target
  const remote = wrap<Wire>(endpoint as Endpoint) // a Worker and a MessagePort both are endpoints
  const waiting = new Set<(error: Error) => void>()
  let closed: Error | undefined
  let heard = false
  let calls = 0
  let tell: (error: Error) => void = () => {}
  const lost = new Promise<Error>((resolve) => {
    tell = resolve
  })
  const onError = (event: Event): void => {
    // an ErrorEvent where the worker threw, a plain Event where its script could not be loaded
    const why = 'message' in event && typeof event.message === 'string' ? event.message : 'it could not be started'
    close(new EngineClosedError(`the worker that writes ended: ${why}`))
  }
  endpoint.addEventListener('error', onError)
  endpoint.addEventListener('messageerror', onError)
  void behind?.lost.then((cause) => close(new EngineClosedError(`the worker that writes ended: ${cause.message}`)))

  function close(error: Error): void {
    closed ??= error
    tell(closed)
    for (const reject of waiting) reject(closed)
    waiting.clear()
  }

  /** A function among the arguments is called back, a signal is told of when it fires: comlink takes neither among them. */
  function send(id: number, method: keyof WriterApi, args: unknown[]): Promise<Answer> {
    const callback = args.find((one): one is (value: unknown) => void => typeof one === 'function')
    // both stand last, the signal behind the function
    return callback ? remote.call(id, method, args.slice(0, args.indexOf(callback)), proxy(callback)) : remote.call(id, method, args)
  }

  const writer = writerOver(<M extends keyof WriterApi>(method: M, ...args: Parameters<WriterApi[M]>): ReturnType<WriterApi[M]> => {
    const answer = closed
      ? Promise.reject(closed)
      : new Promise<unknown>((resolve, reject) => {
          const signal = args.find((one) => one instanceof AbortSignal)
          signal?.throwIfAborted()
          const id = ++calls
          const settle = (): void => {
            waiting.delete(reject)
            signal?.removeEventListener('abort', onAbort)
          }
          const onAbort = (): void => {
            settle()
            void remote.abort(id)
            reject(signal?.reason)
          }
          signal?.addEventListener('abort', onAbort)
          waiting.add(reject)
          send(id, method, args).then(
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
    return answer as ReturnType<WriterApi[M]> // the other end runs the same WriterApi
  })
  return {
    writer,
    answered: () => heard,
    lost,
    dispose() {
      endpoint.removeEventListener('error', onError)
      if (behind) behind.end()
      else if ('terminate' in endpoint) endpoint.terminate()
      else endpoint.close()
      close(new EngineClosedError('the writer was closed'))
    },
  }
}

import { EngineClosedError } from '../model/errors.ts'
import { makeCaller, methodsOf } from './rpc.ts'
import type { WriterApi } from './writer-api.ts'

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

/**
 * The page's end: a WriterApi whose calls are answered by a worker (or by the other end of a MessagePort, in
 * tests).
 */
export function connectWriter(target: Worker | MessagePort | PortToWorker): WriterConnection {
  const behind = 'port' in target ? target : undefined
  const endpoint = 'port' in target ? target.port : target
  const caller = makeCaller(endpoint)
  let tell: (error: Error) => void = () => {}
  const lost = new Promise<Error>((resolve) => {
    tell = resolve
  })
  const onError = (event: Event): void => {
    // an ErrorEvent where the worker threw, a plain Event where its script could not be loaded
    close('message' in event && typeof event.message === 'string' ? event.message : 'it could not be started')
  }
  endpoint.addEventListener('error', onError)
  endpoint.addEventListener('messageerror', onError)
  void behind?.lost.then((cause) => close(cause.message))

  function close(why: string): void {
    give(new EngineClosedError(`the worker that writes ended: ${why}`))
  }

  function give(error: Error): void {
    tell(error)
    caller.close(error)
  }

  return {
    writer: methodsOf<WriterApi>(caller.call, {
      publish: async (project, options, { signal, onProgress = () => {} } = {}) =>
        (await caller.call('publish', [project, options], { signal, callback: onProgress })) as Awaited<
          ReturnType<WriterApi['publish']>
        >, // as the other end has it
    }),
    answered: caller.answered,
    lost,
    dispose() {
      endpoint.removeEventListener('error', onError)
      endpoint.removeEventListener('messageerror', onError)
      if (behind) behind.end()
      else if ('terminate' in endpoint) endpoint.terminate()
      else endpoint.close()
      give(new EngineClosedError('the writer was closed'))
    },
  }
}

import { EngineClosedError } from '../model/errors.ts'
import { makeCaller, methodsOf, watchWorker } from './rpc.ts'
import type { PortToWorker } from './tracking-start.ts'
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
  const end = watchWorker(endpoint, close)
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
      if (behind) behind.end()
      end()
      give(new EngineClosedError('the writer was closed'))
    },
  }
}

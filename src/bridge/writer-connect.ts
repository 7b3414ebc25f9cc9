import { type Endpoint, wrap } from 'comlink'
import { EngineClosedError } from '../model/errors.ts'
import { fromWire, type Wire } from './wire.ts'
import type { WriterApi } from './writer-api.ts'

export interface WriterConnection {
  writer: WriterApi
  /** Resolves, never rejects, once the worker is gone: it crashed or could not be started. */
  lost: Promise<Error>
  /** Ends the worker; calls that wait are rejected. */
  dispose(): void
}

/** The page's end: a WriterApi whose calls are answered by a worker (or by the other end of a MessagePort, in tests). */
export function connectWriter(worker: Worker | MessagePort): WriterConnection {
  const remote = wrap<Pick<Wire, 'call'>>(worker as Endpoint) // a Worker and a MessagePort both are endpoints
  const waiting = new Set<(error: Error) => void>()
  let closed: Error | undefined
  let tell: (error: Error) => void = () => {}
  const lost = new Promise<Error>((resolve) => {
    tell = resolve
  })
  const onError = (event: Event): void => {
    // an ErrorEvent where the worker threw, a plain Event where its script could not be loaded
    const why = 'message' in event && typeof event.message === 'string' ? event.message : 'it could not be started'
    close(new EngineClosedError(`the worker that writes ended: ${why}`))
  }
  worker.addEventListener('error', onError)
  worker.addEventListener('messageerror', onError)

  function close(error: Error): void {
    closed ??= error
    tell(closed)
    for (const reject of waiting) reject(closed)
    waiting.clear()
  }

  function call<T>(method: keyof WriterApi, ...args: unknown[]): Promise<T> {
    if (closed) return Promise.reject(closed)
    return new Promise<T>((resolve, reject) => {
      waiting.add(reject)
      remote.call(0, method, args).then(
        (value) => {
          waiting.delete(reject)
          if (value.ok)
            resolve(value.value as T) // the other end runs the same WriterApi
          else reject(fromWire(value.error))
        },
        (cause) => {
          waiting.delete(reject)
          reject(cause)
        },
      )
    })
  }

  const writer: WriterApi = {
    keeping: () => call('keeping'),
    begin: (start) => call('begin', start),
    write: (batch) => call('write', batch),
    sync: (project) => call('sync', project),
    fold: (project) => call('fold', project),
    logArtifact: (artifact) => call('logArtifact', artifact),
    artifact: (project, name, spec) => call('artifact', project, name, spec),
    useArtifact: (project, version, run) => call('useArtifact', project, version, run),
    artifactBlob: (project, digest) => call('artifactBlob', project, digest),
    save: (project, path, blob) => call('save', project, path, blob),
    projects: () => call('projects'),
    exportDatabase: (project) => call('exportDatabase', project),
    exportFiles: (project) => call('exportFiles', project),
    deleteProject: (project) => call('deleteProject', project),
    rest: () => call('rest'),
    wake: () => call('wake'),
  }
  return {
    writer,
    lost,
    dispose() {
      worker.removeEventListener('error', onError)
      if ('terminate' in worker) worker.terminate()
      else worker.close()
      close(new EngineClosedError('the writer was closed'))
    },
  }
}

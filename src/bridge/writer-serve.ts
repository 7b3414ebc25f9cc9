import type { Endpoint } from 'comlink'
import { callMethod, serveCalls } from './rpc.ts'
import type { WriterApi } from './writer-api.ts'

/** The worker's end: answers calls from the page with the writer, or with a part of one. */
export function serveWriter(writer: Partial<WriterApi>, endpoint?: Endpoint): void {
  serveCalls(
    (method, args, { signal, callback }) =>
      callMethod(writer, method, callback ? [...args, { signal, onProgress: callback }] : args, 'writer'),
    endpoint,
  )
}

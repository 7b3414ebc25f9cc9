import { type Endpoint, expose, transfer } from 'comlink'
import { type Answer, buffersOf, toWire, type Wire } from './wire.ts'
import type { WriterApi } from './writer-api.ts'

/** The worker's end: answers calls from the page with the writer, or with a part of one. Adds its listener at once, before anything is loaded. */
export function serveWriter(writer: Partial<WriterApi>, endpoint?: Endpoint): void {
  const running = new Map<number, AbortController>()
  const wire: Wire = {
    async call(id, method, args, callback): Promise<Answer> {
      const abort = new AbortController()
      running.set(id, abort)
      try {
        const found: unknown = Reflect.get(writer, method)
        if (typeof found !== 'function') throw new Error(`writer: no method ${method}`)
        const value: unknown = await Reflect.apply(found, writer, callback ? [...args, callback, abort.signal] : args)
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

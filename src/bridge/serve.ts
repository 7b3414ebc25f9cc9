import { type Endpoint, expose, transfer } from 'comlink'
import type { EngineApi } from './engine-api.ts'
import { nextTurn } from './turn.ts'
import { type Answer, buffersOf, toWire, type Wire } from './wire.ts'

/** Which argument of these is their signal. */
const SIGNAL_AT: Partial<Record<string, number>> = {
  frame: 1,
  newFrame: 2,
  probe: 1,
  refresh: 2,
  history: 3,
  media: 2,
  settled: 1,
  runValues: 3,
}
/** Which argument of these holds it, with what is told meanwhile. */
const OPTIONS_AT: Partial<Record<string, number>> = { open: 1, keep: 1, publish: 2, export: 3, table: 5, csv: 3 }

/** The worker's end: answers calls from the page with the engine. Adds its listener at once, before anything is loaded. */
export function serveEngine(engine: EngineApi, endpoint?: Endpoint): void {
  const running = new Map<number, AbortController>()
  const wire: Wire = {
    async call(id, method, args, callback): Promise<Answer> {
      const controller = new AbortController()
      running.set(id, controller)
      try {
        // these are asked for and given up quickly: what is given up already is not worked out
        if (SIGNAL_AT[method] !== undefined) await nextTurn()
        const value = await dispatch(engine, method, args, controller.signal, callback)
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

function dispatch(engine: EngineApi, method: string, args: unknown[], signal: AbortSignal, callback?: (value: unknown) => void): unknown {
  // signals and callbacks do not cross threads inside of objects: they are put back where the contract has them
  const optionsAt = OPTIONS_AT[method]
  if (optionsAt !== undefined) {
    const given = args[optionsAt]
    args[optionsAt] = { ...(typeof given === 'object' && given), signal, onProgress: callback }
  }
  const at = SIGNAL_AT[method]
  if (at !== undefined) {
    signal.throwIfAborted()
    args[at] = signal
  }
  if (method === 'onEvent') args[0] = callback
  const found: unknown = Reflect.get(engine, method)
  if (typeof found !== 'function') throw new Error(`engine: no method ${method}`)
  return Reflect.apply(found, engine, args)
}

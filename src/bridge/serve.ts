import type { Endpoint } from 'comlink'
import type { EngineApi } from './engine-api.ts'
import { callMethod, serveCalls } from './rpc.ts'
import { nextTurn } from './turn.ts'

/** The worker's end: answers calls from the page with the engine. */
export function serveEngine(engine: EngineApi, endpoint?: Endpoint): void {
  serveCalls(async (method, args, { signal, callback }) => {
    if (method === 'onEvent') return engine.onEvent(callback ?? (() => {}))
    // asked for and given up quickly: what is given up already is not worked out
    if (method === 'ask' || method === 'refresh') await nextTurn()
    signal.throwIfAborted()
    // a signal and a listener do not cross threads inside of objects: they are put back behind what was asked
    return callMethod(engine, method, [...args, { signal, onProgress: callback }], 'engine')
  }, endpoint)
}

import type { TrackingStart } from '../bridge/tracking-start.ts'
import type { LocalStoreApi } from '../bridge/writer-api.ts'
import { serveWriter } from '../bridge/writer-serve.ts'
import { useWasm } from '../engine/formats/sqlite/sqlite.ts'
import { makeLocalStore } from '../engine/tracking/local-store.ts'
import { memoryTree } from '../storage/opfs/write-tree.ts'

let writer: LocalStoreApi | undefined

/**
 * Writes on the page's own thread, in memory alone: where the page may not even have a worker (a frame
 * without an origin, a policy).
 */
export function serve({ port, wasm }: TrackingStart): void {
  if (wasm) useWasm(wasm)
  writer ??= begun()
  serveWriter(writer, port)
}

function begun(): LocalStoreApi {
  // SQLite looks at localStorage when it starts on a page, which such a frame refuses with an error
  Reflect.set(globalThis, 'sqlite3ApiConfig', { disable: { vfs: { kvvfs: true } } })
  return makeLocalStore(memoryTree(), () => {}, 'this page may not start a worker')
}

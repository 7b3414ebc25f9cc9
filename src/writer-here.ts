import { serveWriter } from './bridge/writer-serve.ts'
import { withHub } from './engine/publish/hub-work.ts'
import { useWasm } from './engine/sqlite.ts'
import { createDesk } from './engine/writer/desk.ts'
import { memoryTree } from './storage/write-tree.ts'

/** Writes on this thread, in memory alone: where the page may not even have a worker (a frame without an origin). */
export function serveHere(port: MessagePort, wasm?: ArrayBuffer): void {
  if (wasm) useWasm(wasm)
  // SQLite looks at localStorage when it starts on a page, which such a frame refuses with an error
  Reflect.set(globalThis, 'sqlite3ApiConfig', { disable: { vfs: { kvvfs: true } } })
  serveWriter(withHub(createDesk(memoryTree(), () => {}, 'this page may not start a worker')), port)
}

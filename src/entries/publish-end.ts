import type { TrackingStart } from '../bridge/tracking-start.ts'
import { connectWriter } from '../bridge/writer-connect.ts'
import { serveWriter } from '../bridge/writer-serve.ts'
import { useWasm } from '../engine/formats/sqlite/sqlite.ts'
import { makePublisher } from '../engine/publish/tracked-project.ts'

/** Publishes projects of this browser; `store` gives their files. */
export function serve({ port, wasm, store }: TrackingStart): void {
  if (!store) throw new Error('publish: no port to the writer')
  if (wasm) useWasm(wasm)
  serveWriter(makePublisher(connectWriter(store).writer), port)
}

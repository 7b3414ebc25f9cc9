import type { TrackingStart } from '../bridge/tracking-start.ts'
import type { LocalStoreApi } from '../bridge/writer-api.ts'
import { serveWriter } from '../bridge/writer-serve.ts'
import { useWasm } from '../engine/formats/sqlite/sqlite.ts'
import { browserWriter } from '../engine/tracking/browser-writer.ts'

let writer: LocalStoreApi | undefined

/** Writes what is logged, and answers at as many ports as it is given. */
export function serve({ port, wasm }: TrackingStart): void {
  if (wasm) useWasm(wasm)
  writer ??= browserWriter()
  serveWriter(writer, port)
}

import { serveEngine } from '../bridge/serve.ts'
import type { TrackingStart } from '../bridge/tracking-start.ts'
import { createEngine } from '../engine/api.ts'
import { useWasm } from '../engine/formats/sqlite/sqlite.ts'

/** The dashboard's engine for other people's pages. */
export function serve({ port, wasm }: TrackingStart): void {
  if (wasm) useWasm(wasm)
  serveEngine(createEngine(), port)
}

import { serveEngine } from '../bridge/serve.ts'
import type { TrackingStart } from '../bridge/tracking-start.ts'
import { createEngine } from '../engine/api.ts'
import { useWasm } from '../engine/formats/sqlite/sqlite.ts'
import { isSqlStart, type SqlStart, serveSql } from '../engine/questions/sql-worker.ts'

/** The dashboard's engine for other people's pages; started once more by itself for SQL alone. */
export function serve(start: TrackingStart | SqlStart): void {
  if (isSqlStart(start)) {
    serveSql(start)
    return
  }
  const { port, wasm } = start
  if (wasm) useWasm(wasm)
  serveEngine(createEngine(), port)
}

import { serveEngine } from './bridge/serve.ts'
import { createEngine } from './engine/api.ts'
import { useWasm } from './engine/sqlite.ts'

// the dashboard's engine for other people's pages: it answers at a port, and SQLite's wasm may come with it
const engine = createEngine()
addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (typeof data !== 'object' || data === null) return
  if ('wasm' in data && data.wasm instanceof ArrayBuffer) useWasm(data.wasm)
  if ('port' in data && data.port instanceof MessagePort) serveEngine(engine, data.port)
})

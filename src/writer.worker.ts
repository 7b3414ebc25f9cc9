import { serveWriter } from './bridge/writer-serve.ts'
import { useWasm } from './engine/sqlite.ts'
import { browserWriter } from './engine/writer/browser.ts'

const writer = browserWriter()
serveWriter(writer)

// the package starts this worker without a file of its own, and talks to it over a port
addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (typeof data !== 'object' || data === null) return
  if ('wasm' in data && data.wasm instanceof ArrayBuffer) useWasm(data.wasm)
  if ('port' in data && data.port instanceof MessagePort) serveWriter(writer, data.port)
})

import { serveEngine } from './bridge/serve.ts'
import { createEngine } from './engine/api.ts'

/** The engine on the page's own thread: for frames that may start no worker. Slower, and the page stands still while rows are read. */
export function serveHere(port: MessagePort): void {
  serveEngine(createEngine(), port)
}

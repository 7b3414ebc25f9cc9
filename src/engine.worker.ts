import { serveEngine } from './bridge/serve.ts'
import { createEngine } from './engine/api.ts'
import { warmUp } from './engine/warm.ts'

serveEngine(createEngine())
// after the listener, and after any message that waits already
setTimeout(warmUp)

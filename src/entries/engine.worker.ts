import { serveEngine } from '../bridge/serve.ts'
import { createEngine } from '../engine/api.ts'
import { readThrough } from '../storage/files/background.ts'

// where no worker may be started (main.tsx), the page loads this file itself and leaves a port to answer at
const port: unknown = Reflect.get(globalThis, 'trackioLiteEngine')
serveEngine(createEngine(), port instanceof MessagePort ? port : undefined)
// the way to the worker that reads blobs
addEventListener(
  'message',
  ({ data }: MessageEvent<unknown>) => data instanceof MessagePort && readThrough(data),
)
// after the listener, and after any message that waits already
setTimeout(async () => {
  await (await import('../engine/questions/warm-up.ts')).warmUp()
  await import('../engine/questions/probe.ts')
})

import { serveEngine } from '../bridge/serve.ts'
import { createEngine } from '../engine/api.ts'
import { readThrough } from '../storage/files/background.ts'

/** The engine starts this file once more, for SQL alone (engine/questions/sql-worker.ts). */
const isForSql = typeof name === 'string' && name === 'trackio-sql'

// where no worker may be started (main.tsx), the page loads this file itself and leaves a port to answer at
const port: unknown = Reflect.get(globalThis, 'trackioLiteEngine')
if (!isForSql) serveEngine(createEngine(), port instanceof MessagePort ? port : undefined)
// the way to the worker that reads blobs, or for SQL to whoever asks
addEventListener('message', async ({ data }: MessageEvent<unknown>) => {
  if (data instanceof MessagePort) readThrough(data)
  else if (isForSql) {
    const { isSqlStart, serveSql } = await import('../engine/questions/sql-worker.ts')
    if (isSqlStart(data)) serveSql(data)
  }
})
// after the listener, and after any message that waits already
setTimeout(async () => {
  if (isForSql) return
  await (await import('../engine/questions/warm-up.ts')).warmUp()
  await import('../engine/questions/probe.ts')
})

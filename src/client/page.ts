import type { WriterApi } from '../bridge/writer-api.ts'
import { connectWriter, type PortToWorker, type WriterConnection } from '../bridge/writer-connect.ts'
import { EngineClosedError } from '../model/errors.ts'
import { restOpen, wakeOpen } from './open-runs.ts'
import { makeOutbox, type Outbox } from './outbox.ts'
import type { Desk } from './run.ts'
import { warn } from './warn.ts'

/** Starts what writes: a worker, or the other end of a port. `attempt`: how many before it ended without ever answering. */
export type StartWriter = (attempt: number) => Worker | MessagePort | PortToWorker

let start: StartWriter | undefined
let attempt = 0
let connection: WriterConnection | undefined
let outbox: Outbox | undefined

/** Says how the writer is started. The entry of the package does this; tests do it with a port. Ends what was started before. */
export function useWriter(starter: StartWriter): void {
  start = starter
  attempt = 0
  outbox = undefined
  connection?.dispose()
  connection = undefined
}

/** What runs of this page share. */
export function desk(): Desk {
  outbox ??= withPage(makeOutbox(writer))
  return { writer, persistently, outbox }
}

/** Who answers for the storage; started with the first call, and anew when it was lost (rows are kept until they are stored). */
export function writer(): WriterApi {
  if (connection) return connection.writer
  if (!start) throw new Error('trackio: nothing was said to start the writer; import the package, not its parts')
  const made = connectWriter(start(attempt))
  connection = made
  void made.lost.then((why) => {
    if (connection !== made) return
    connection = undefined
    attempt = made.answered() ? 0 : attempt + 1
    warn(`trackio: ${why.message}`)
  })
  return made.writer
}

/** Asks again, once, when the writer was lost in between. */
async function persistently<T>(ask: (writer: WriterApi) => Promise<T>): Promise<T> {
  try {
    return await ask(writer())
  } catch (cause) {
    if (!(cause instanceof EngineClosedError)) throw cause
    return ask(writer())
  }
}

/** What a page is told when it goes: the last moment to hand over rows. Workers have no such events. */
function withPage(box: Outbox): Outbox {
  if (typeof document === 'undefined') return box
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') box.send()
  })
  addEventListener('pagehide', (event) => {
    box.send()
    // kept for the way back: another tab must not wait for a page that sleeps
    if (!event.persisted) return
    restOpen()
    void writer().rest()
  })
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    wakeOpen()
    void writer().wake()
  })
  return box
}

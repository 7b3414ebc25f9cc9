import type { PortToWorker } from '../bridge/tracking-start.ts'
import type { WriterApi } from '../bridge/writer-api.ts'
import { connectWriter } from '../bridge/writer-connect.ts'
import { EngineClosedError } from '../model/errors.ts'
import { warn } from './base/warn.ts'
import { type StartHubProgram, withHub } from './hub-programs.ts'
import { makeOutbox, type Outbox } from './run/outbox.ts'
import type { PageConnection } from './run/run.ts'
import { resumeRunLocks, suspendRunLocks } from './run/run-locks.ts'

/** Starts what writes. `attempt`: how many before it ended without ever answering. */
export type StartWriter = (attempt: number) => Required<PortToWorker>

let start: { writer: StartWriter; hubProgram: StartHubProgram } | undefined
let attempt = 0
let connection: { writer: WriterApi; end(): void } | undefined
let outbox: Outbox | undefined

/**
 * Says how the writer is started, and what works for it at the Hub. The entry of the package does this; tests
 * do it with ports. Ends what was started before.
 */
export function useWriter(writer: StartWriter, hubProgram: StartHubProgram): void {
  start = { writer, hubProgram }
  attempt = 0
  outbox = undefined
  connection?.end()
  connection = undefined
}

/** What runs of this page share. */
export function pageConnection(): PageConnection {
  outbox ??= withPage(makeOutbox(writer))
  return { writer, persistently, outbox }
}

/**
 * Who answers for the storage; started with the first call, and anew when it was lost (rows are kept until
 * they are stored).
 */
export function writer(): WriterApi {
  if (connection) return connection.writer
  if (!start)
    throw new Error('trackio: nothing was said to start the writer; import the package, not its parts')
  const { hubProgram } = start
  const here = attempt > 0
  const target = start.writer(attempt)
  const made = connectWriter(target)
  const lend = (): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    target.serve(port1)
    return port2
  }
  const hub = withHub(made.writer, lend, (end, store) => hubProgram(end, store, here))
  const mine = {
    writer: hub.writer,
    end() {
      hub.end()
      made.dispose()
    },
  }
  connection = mine
  void made.lost.then((why) => {
    // what it lent leads nowhere now
    hub.end()
    if (connection !== mine) return
    connection = undefined
    attempt = made.answered() ? 0 : attempt + 1
    warn(`trackio: ${why.message}`)
  })
  return mine.writer
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
    suspendRunLocks()
    void writer().suspend()
  })
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    resumeRunLocks()
    void writer().resume()
  })
  return box
}

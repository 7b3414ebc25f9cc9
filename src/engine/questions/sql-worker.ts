import { type Caller, makeCaller, serveCalls } from '../../bridge/rpc.ts'
import { isAbort } from '../../model/errors.ts'
import { openSqlFile, type SqlFile } from '../formats/sqlite/sql-file.ts'
import { type Answered, openReading, type SqlAsked, type SqlReading } from '../formats/sqlite/sql-reading.ts'
import { givenWasm, useWasm } from '../formats/sqlite/sqlite.ts'

/*
 * SQL on a thread of its own: one step of a statement can take as long as it likes, and nothing but the end of its
 * thread ends it at once. That is the engine's own script, started anew under another message; so every way in which
 * the engine is shipped has it. Where no worker may be started within a worker, statements run on the engine's thread,
 * and are given up between two rows.
 */

/** What the engine's script is sent to answer SQL at a port, instead of being the engine. */
export interface SqlStart {
  sql: MessagePort
  /** Where it cannot be fetched from beside the script. */
  wasm?: ArrayBuffer | undefined
}

export function isSqlStart(data: unknown): data is SqlStart {
  return typeof data === 'object' && data !== null && Reflect.get(data, 'sql') instanceof MessagePort
}

/** The thread's end. */
export function serveSql({ sql, wasm }: SqlStart): void {
  if (wasm) useWasm(wasm)
  const run = makeRunner()
  serveCalls(async (method, args, { signal, callback }) => {
    if (method === 'here') return true
    const [key, file, asked] = args as [string, SqlFile | undefined, SqlAsked]
    return run(key, file, asked, signal, callback)
  }, sql)
  sql.start()
}

/** Asks files, the last of which stays open for the next statement. */
function makeRunner(): Ask {
  let open: { key: string; reading: SqlReading } | undefined
  return async (key, file, asked, signal, onRows) => {
    if (open?.key !== key) {
      open?.reading.close()
      open = undefined
      if (!file) throw new Error('sql: the file was not handed over')
      open = { key, reading: await openReading(await openSqlFile(file)) }
    }
    return open.reading.ask(asked, signal, onRows)
  }
}

type Ask = (
  /** Differs whenever the file is another. */
  key: string,
  /** Undefined where it was handed over with the last statement. */
  file: SqlFile | undefined,
  asked: SqlAsked,
  signal: AbortSignal | undefined,
  onRows: ((rows: number) => void) | undefined,
) => Promise<Answered>

/** Now and then (8 of 590 loads) Firefox 153 never comes back from starting a worker within a worker. */
const PATIENCE_MS = 5000

/** The engine's end: statements one after the other, each ended at once by its signal. */
export function makeSqlThread(): Ask {
  let thread: { caller: Caller; end(): void } | undefined
  let none = false
  let here: Ask | undefined
  let last: Promise<unknown> = Promise.resolve()
  /** What the thread has open. */
  let handed: string | undefined

  async function started(): Promise<{ caller: Caller; end(): void } | undefined> {
    if (thread || none) return thread
    const begun = begin()
    if (begun && (await begun.there)) thread = begun
    else {
      begun?.end()
      none = true
    }
    return thread
  }

  async function ask(...[key, file, asked, signal, onRows]: Parameters<Ask>): Promise<Answered> {
    signal?.throwIfAborted()
    const now = await started()
    if (!now) {
      here ??= makeRunner()
      return here(key, file, asked, signal, onRows)
    }
    try {
      // its log may be hundreds of megabytes, and is copied on its way
      const args = [key, key === handed ? undefined : file, asked]
      handed = undefined
      const answer = await now.caller.call('ask', args, { signal, callback: onRows })
      handed = key
      return answer as Answered
    } catch (cause) {
      if (isAbort(cause)) {
        now.end()
        thread = undefined
      }
      throw cause
    }
  }

  return (...asked) => {
    const answer = last.then(() => ask(...asked))
    last = answer.catch(() => {})
    return answer
  }
}

function begin(): { caller: Caller; there: Promise<boolean>; end(): void } | undefined {
  // on a page's own thread, or in Node, the script at this address is another one
  if (typeof Worker === 'undefined' || 'document' in globalThis) return undefined
  const { port1, port2 } = new MessageChannel()
  let worker: Worker
  try {
    worker = new Worker(location.href, { type: 'module', name: 'trackio-sql' })
  } catch {
    return undefined // the policy of a page, or a browser that starts none from here
  }
  const start: SqlStart = { sql: port2, wasm: givenWasm() }
  worker.postMessage(start, [port2])
  const caller = makeCaller(port1)
  const there = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS)
    worker.onerror = () => resolve(false)
    caller.call('here', []).then(
      () => {
        clearTimeout(timer)
        resolve(true)
      },
      () => resolve(false),
    )
  })
  return {
    caller,
    there,
    end() {
      caller.close(new Error('the thread of SQL was ended'))
      worker.terminate()
      port1.close()
    },
  }
}

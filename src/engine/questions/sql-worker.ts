import { type Caller, makeCaller, serveCalls, watchWorker } from '../../bridge/rpc.ts'
import { TrackioError } from '../../model/errors.ts'
import { pause } from '../../storage/pause.ts'
import { orAborted } from '../formats/or-aborted.ts'
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

/**
 * Now and then (8 of 590 loads) Firefox 153 never comes back from starting a worker within a worker; a busy machine may
 * take as long.
 */
const PATIENCE_MS = 5000

/** A thread that was begun. */
export interface SqlThread {
  caller: Caller
  /** Resolves with whether it answers; never, where the browser does not come back from starting it. */
  there: Promise<boolean>
  end(): void
}

/** The engine's end: statements one after the other, each ended at once by its signal. */
export function makeSqlThread(start: () => SqlThread | undefined = begin): Ask {
  let thread: SqlThread | undefined
  /** Begun in place of one that was not waited for any longer: used once it is there. */
  let late: SqlThread | undefined
  let here: Ask | undefined
  let last: Promise<unknown> = Promise.resolve()
  /** What the thread has open. */
  let handed: string | undefined

  async function started(): Promise<SqlThread | undefined> {
    // nobody waits twice
    if (thread || late) return thread
    const begun = start()
    if (!begun) return undefined
    if (await Promise.race([begun.there, pause(PATIENCE_MS)])) thread = begun
    else {
      begun.end()
      waitFor(start())
    }
    return thread
  }

  function waitFor(begun: SqlThread | undefined): void {
    late = begun
    void begun?.there.then((there) => {
      late = undefined
      if (there) thread = begun
      else begun.end()
    })
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
      // what SQLite refused leaves the thread as it was; an abort, or its own end, takes another one
      if (!(cause instanceof TrackioError)) {
        now.end()
        thread = undefined
      }
      throw cause
    }
  }

  return (...asked) => {
    const answer = last.then(() => ask(...asked))
    last = answer.catch(() => {})
    // one that waits for others is given up at once, too
    return orAborted(answer, asked[3])
  }
}

function begin(): SqlThread | undefined {
  // on a page's own thread, or in Node, the script at this address is another one
  if (typeof Worker === 'undefined' || 'document' in globalThis) return undefined
  const { port1, port2 } = new MessageChannel()
  let worker: Worker
  try {
    worker = new Worker(location.href, { type: 'module', name: 'trackio-sql' })
  } catch {
    return undefined // the policy of a page, or a browser that starts none from here
  }
  const caller = makeCaller(port1)
  // whoever waits for an answer hears of it
  const end = watchWorker(worker, (why) => caller.close(new Error(`SQL: its thread ended: ${why}`)))
  const start: SqlStart = { sql: port2, wasm: givenWasm() }
  worker.postMessage(start, [port2])
  return {
    caller,
    there: caller.call('here', []).then(
      () => true,
      () => false,
    ),
    end() {
      end()
      caller.close(new Error('the thread of SQL was ended'))
      port1.close()
    },
  }
}

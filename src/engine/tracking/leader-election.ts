import { fromWire } from '../../bridge/from-wire.ts'
import { callMethod, methodsOf } from '../../bridge/rpc.ts'
import { toWire, type WireError } from '../../bridge/wire.ts'
import { type LocalStoreApi, ROWS_CHANNEL } from '../../bridge/writer-api.ts'
import type { RowsWritten } from '../../model/tracking.ts'
import { memoryTree, type WriteTree } from '../../storage/opfs/write-tree.ts'
import { type LocalStore, makeLocalStore } from './local-store.ts'

/*
 * One tab owns the storage: the leader, which holds a Web Lock. The others (followers) send it what they are
 * asked, over a BroadcastChannel. When the leader closes, the browser gives the lock to the next tab in line,
 * which opens the storage and says so; whoever still waits for an answer then asks again. That is harmless,
 * as rows are told apart by their ids: a row is stored once, and none that was acknowledged is lost.
 */

// tabs of another release may be open beside this one: the names, and the kinds of messages, stay as they are
const LOCK = 'trackio-lite:writer'
const CHANNEL = 'trackio-lite:writer'

/** Calls that a leader remembers: many more than followers can have asked twice. */
const TAKEN = 1000

type Message =
  /** The leader is to do this. */
  | { kind: 'ask'; id: string; method: string; args: unknown[] }
  | { kind: 'answer'; id: string; ok: true; value: unknown }
  | { kind: 'answer'; id: string; ok: false; error: WireError }
  /** The tab that says so is the leader from now on. */
  | { kind: 'owner' }

/** What the browser gives to elect a leader and to store; tests have doubles. */
export interface BrowserServices {
  /** Undefined where there are none (pages that came over plain http). */
  locks: Pick<LockManager, 'request'> | undefined
  channel(name: string): BroadcastChannel
  /** Rejects where this page may not store anything. */
  allowed(): Promise<unknown>
  /** Opens the storage to write it. */
  open(): Promise<WriteTree>
}

/** A call that no leader has answered yet. */
interface Unanswered {
  message: Message & { kind: 'ask' }
  resolve(value: unknown): void
  reject(cause: unknown): void
}

/**
 * The local store as this tab reaches it: its own while it is the leader, else the leader's; one in memory
 * where nothing may be stored.
 */
export function makeSharedStore(browser: BrowserServices): LocalStoreApi {
  /** What the leader is asked, or what waits until there is one. */
  const unanswered = new Map<string, Unanswered>()
  /** Ids of what is being done here for followers, and of what was done last. */
  const taken = new Set<string>()
  /** Of the leader, and where only memory is left. */
  let store: LocalStore | undefined
  let channel: BroadcastChannel | undefined
  let stepDown: (() => void) | undefined
  let leaveLine: AbortController | undefined
  /** While this tab stands in line or is the leader. It never rejects. */
  let candidacy: Promise<void> | undefined
  let suspended = false
  const ready = start()

  async function start(): Promise<void> {
    try {
      if (!browser.locks) throw new Error('no Web Locks; the page must come over https')
      await browser.allowed()
      channel = browser.channel(CHANNEL)
      channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data)
      standInLine(browser.locks)
    } catch (cause) {
      keepInMemory(cause)
    }
  }

  /** Once: a tab that is in line or leads already stays as it is. */
  function standInLine(locks: Pick<LockManager, 'request'>): void {
    if (candidacy || suspended || !channel) return
    leaveLine = new AbortController()
    const { signal } = leaveLine
    candidacy = locks
      .request(LOCK, { signal }, async () => {
        const tree = await browser.open()
        // a tab that was suspended meanwhile would keep the storage for as long as it sleeps
        if (!signal.aborted) await lead(tree)
      })
      .catch((cause: unknown) => {
        if (!signal.aborted) keepInMemory(cause)
      })
      .then(() => {
        candidacy = undefined
        standInLine(locks) // it was resumed before it had given everything back
      })
  }

  /** Resolves when this tab has stepped down and closed its files. */
  async function lead(tree: WriteTree): Promise<void> {
    const rows = browser.channel(ROWS_CHANNEL)
    const mine = makeLocalStore(tree, (event: RowsWritten) => rows.postMessage(event))
    const steppedDown = new Promise<void>((resolve) => {
      stepDown = resolve
    })
    answerWith(mine)
    send({ kind: 'owner' })
    await steppedDown
    store = undefined
    await mine.close().finally(() => rows.close())
  }

  function keepInMemory(cause: unknown): void {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    channel?.close()
    channel = undefined
    answerWith(makeLocalStore(memoryTree(), () => {}, why))
  }

  /** What waits is done here from now on. */
  function answerWith(mine: LocalStore): void {
    store = mine
    const list = [...unanswered.values()]
    unanswered.clear()
    for (const { message, resolve, reject } of list)
      callHere(mine, message.method, message.args).then(resolve, reject)
  }

  function send(message: Message): void {
    channel?.postMessage(message)
  }

  function hear(message: Message): void {
    if (message.kind === 'owner') for (const { message: asked } of unanswered.values()) send(asked)
    if (message.kind === 'answer') {
      const one = unanswered.get(message.id)
      unanswered.delete(message.id)
      if (message.ok) one?.resolve(message.value)
      else one?.reject(fromWire(message.error))
    }
    // a follower that heard of a new leader asks again, while it is being done already, or was answered: a
    // row that is written twice is stored once, but uses up two ids
    if (message.kind !== 'ask' || !store || taken.has(message.id)) return
    const { id, method, args } = message
    take(id)
    void callHere(store, method, args).then(
      (value) => send({ kind: 'answer', id, ok: true, value }),
      (cause: unknown) => send({ kind: 'answer', id, ok: false, error: toWire(cause) }),
    )
  }

  function take(id: string): void {
    taken.add(id)
    for (const oldest of taken) {
      if (taken.size <= TAKEN) return
      taken.delete(oldest)
    }
  }

  async function call(method: string, args: unknown[]): Promise<unknown> {
    await ready
    if (store) return callHere(store, method, args)
    return new Promise((resolve, reject) => {
      const message = { kind: 'ask' as const, id: crypto.randomUUID(), method, args }
      unanswered.set(message.id, { message, resolve, reject })
      send(message)
    })
  }

  // the leader answers for the same interface
  return methodsOf<LocalStoreApi>(call, {
    async suspend() {
      suspended = true
      leaveLine?.abort()
      stepDown?.()
      stepDown = undefined
    },
    async resume() {
      suspended = false
      await ready
      if (browser.locks) standInLine(browser.locks)
    },
  })
}

async function callHere(store: LocalStore, method: string, args: unknown[]): Promise<unknown> {
  return callMethod(store, method, args, 'local store')
}

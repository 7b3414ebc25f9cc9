import { fromWire } from '../../bridge/from-wire.ts'
import { callMethod, methodsOf } from '../../bridge/rpc.ts'
import { toWire, type WireError } from '../../bridge/wire.ts'
import { type DeskApi, ROWS_CHANNEL } from '../../bridge/writer-api.ts'
import type { RowsWritten } from '../../model/tracking.ts'
import { memoryTree, type WriteTree } from '../../storage/opfs/write-tree.ts'
import { createDesk, type Desk } from './local-store.ts'

/*
 * One tab owns the storage: the one that holds a Web Lock. The others pass what they are asked on to it, over
 * a BroadcastChannel. When the owner closes, the browser gives the lock to the next tab in line, which opens
 * the storage and says so; whoever still waits for an answer then asks again. That is harmless, as rows are
 * told apart by their ids: a row is stored once, and none that was acknowledged is lost.
 */

const LOCK = 'trackio-lite:writer'
const CHANNEL = 'trackio-lite:writer'

type Message =
  /** Whoever owns the storage is to do this. */
  | { kind: 'ask'; id: string; method: string; args: unknown[] }
  | { kind: 'answer'; id: string; ok: true; value: unknown }
  | { kind: 'answer'; id: string; ok: false; error: WireError }
  /** Somebody owns the storage from now on. */
  | { kind: 'owner' }

/** What the browser gives; tests have doubles. */
export interface Around {
  /** Undefined where there are none (pages that came over plain http). */
  locks: Pick<LockManager, 'request'> | undefined
  channel(name: string): BroadcastChannel
  /** Rejects where this page may not store anything. */
  allowed(): Promise<unknown>
  /** Opens the storage to write it. */
  open(): Promise<WriteTree>
}

interface Waiting {
  message: Message & { kind: 'ask' }
  resolve(value: unknown): void
  reject(cause: unknown): void
}

/** The writer of this tab: its own desk, another tab's, or one in memory where nothing may be stored. */
export function createWriter(around: Around): DeskApi {
  /** What is asked of another tab, or until this one owns the storage. */
  const waiting = new Map<string, Waiting>()
  /** What is being done for other tabs. */
  const doing = new Set<string>()
  let desk: Desk | undefined
  let channel: BroadcastChannel | undefined
  let release: (() => void) | undefined
  let giveUp: AbortController | undefined
  /** While this tab stands in line or owns the storage. It never rejects. */
  let line: Promise<void> | undefined
  let resting = false
  const ready = start()

  async function start(): Promise<void> {
    try {
      if (!around.locks) throw new Error('no Web Locks; the page must come over https')
      await around.allowed()
      channel = around.channel(CHANNEL)
      channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data)
      compete(around.locks)
    } catch (cause) {
      inMemory(cause)
    }
  }

  /** Stands in line for the storage, once. */
  function compete(locks: Pick<LockManager, 'request'>): void {
    if (line || resting || !channel) return
    giveUp = new AbortController()
    const { signal } = giveUp
    line = locks
      .request(LOCK, { signal }, async () => {
        const tree = await around.open()
        // who went to rest meanwhile would keep the storage for as long as it sleeps
        if (!signal.aborted) await own(tree)
      })
      .catch((cause: unknown) => {
        if (!signal.aborted) inMemory(cause)
      })
      .then(() => {
        line = undefined
        compete(locks) // it woke before it had given everything back
      })
  }

  async function own(tree: WriteTree): Promise<void> {
    const rows = around.channel(ROWS_CHANNEL)
    const mine = createDesk(tree, (event: RowsWritten) => rows.postMessage(event))
    const given = new Promise<void>((resolve) => {
      release = resolve
    })
    sitAt(mine)
    say({ kind: 'owner' })
    await given
    desk = undefined
    await mine.shut()
    rows.close()
  }

  function inMemory(cause: unknown): void {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    channel?.close()
    channel = undefined
    sitAt(createDesk(memoryTree(), () => {}, why))
  }

  /** What waits is done here from now on. */
  function sitAt(mine: Desk): void {
    desk = mine
    const list = [...waiting.values()]
    waiting.clear()
    for (const { message, resolve, reject } of list)
      doHere(mine, message.method, message.args).then(resolve, reject)
  }

  function say(message: Message): void {
    channel?.postMessage(message)
  }

  function hear(message: Message): void {
    if (message.kind === 'owner') for (const { message: ask } of waiting.values()) say(ask)
    if (message.kind === 'answer') {
      const one = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.ok) one?.resolve(message.value)
      else one?.reject(fromWire(message.error))
    }
    // asked again by somebody who heard of a new owner, while it is being done already
    if (message.kind !== 'ask' || !desk || doing.has(message.id)) return
    const { id, method, args } = message
    doing.add(id)
    void doHere(desk, method, args)
      .then(
        (value) => say({ kind: 'answer', id, ok: true, value }),
        (cause: unknown) => say({ kind: 'answer', id, ok: false, error: toWire(cause) }),
      )
      .finally(() => doing.delete(id))
  }

  async function ask(method: string, args: unknown[]): Promise<unknown> {
    await ready
    if (desk) return doHere(desk, method, args)
    return new Promise((resolve, reject) => {
      const message = { kind: 'ask' as const, id: crypto.randomUUID(), method, args }
      waiting.set(message.id, { message, resolve, reject })
      say(message)
    })
  }

  // whoever answers has the same desk
  return methodsOf<DeskApi>((method, args) => ask(method, args), {
    async rest() {
      resting = true
      giveUp?.abort()
      release?.()
      release = undefined
    },
    async wake() {
      resting = false
      await ready
      if (around.locks) compete(around.locks)
    },
  })
}

async function doHere(desk: Desk, method: string, args: unknown[]): Promise<unknown> {
  return callMethod(desk, method, args, 'desk')
}

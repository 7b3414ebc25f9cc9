import type { WriterApi } from '../../bridge/writer-api.ts'
import type { Batch, UnstoredFile } from '../../model/tracking.ts'
import { warn, wordsOf } from '../base/warn.ts'

/** trackio's interval too. */
const SEND_EVERY = 500
/** So much may be on its way without an answer; what comes then waits here. */
const MOST_SENT = 32 << 20
/**
 * And so much may be kept until it is stored: beyond it new rows are dropped, because the alternative is a
 * tab that ends for want of memory.
 */
const MOST_KEPT = 256 << 20
/** After a failure: twice as long each time, up to this. */
const LONGEST_PAUSE = 30_000

/**
 * A file that finds no room for so long, ms, is given up: one that is larger than all the room would keep
 * every flush from ending.
 */
const GIVE_UP = 7000

/**
 * An answer that takes longer is worth a word: another tab may own the storage and be stopped (a debugger, a
 * machine that slept).
 */
const SLOW = 20_000

/** Part of what a run logged. */
export interface Parcel {
  batch: Batch
  pieces: number
  /** About the bytes it takes here. */
  size: number
}

/** Who has something to send. */
export interface Sender {
  readonly project: string
  /** How much was logged, and how much of it was taken; in pieces (rows, alerts). */
  readonly logged: number
  readonly taken: number
  /** The next parcel; undefined when nothing is ready. */
  take(): Parcel | undefined
  /** So many pieces more are stored. */
  stored(pieces: number): void
  /** So many of its media files could not be stored, and are not tried again. */
  unstored(files: number): void
  /** Resolves when more may be ready than now; undefined when nothing holds it up. Never rejects. */
  hold(): Promise<void> | undefined
}

export interface Outbox {
  join(sender: Sender): void
  leave(sender: Sender): void
  /** Counts what was logged; false when there is no room, and it is not to be kept. */
  admit(size: number): boolean
  /**
   * Sends within half a second; at once when the last time was longer ago, for loops that never give their
   * thread back.
   */
  soon(now: number): void
  /** Hands over everything that is ready. */
  send(): void
  /**
   * Resolves once all that was logged until now (by one, or by all) is stored and would outlast a loss of
   * power. Rejects with why it cannot be stored; it is kept and tried again.
   */
  flush(only?: Sender): Promise<void>
  /** Bytes logged and not stored yet. */
  readonly kept: number
}

interface Item {
  /** How often its files found no room, and since when, ms. */
  lacks?: { tries: number; since: number }
  parcel: Parcel
  sender: Sender
  /** Place of its first piece among those of the sender. */
  start: number
  order: number
  /** When it was sent, ms. */
  since: number
}

/** Sends what all runs log in batches, keeps each until it is stored, and tries again what failed. */
export function makeOutbox(writer: () => WriterApi, limits = { sent: MOST_SENT, kept: MOST_KEPT }): Outbox {
  const senders = new Set<Sender>()
  const inFlight = new Set<Item>()
  const failed: Item[] = []
  /** Files that found no room, until they are tried again. */
  const late = new Map<Item, ReturnType<typeof setTimeout>>()
  /** Projects with rows that are stored and might not outlast a loss of power. */
  const unsynced = new Set<string>()
  const syncing = new Set<Promise<void>>()
  let kept = 0
  let sent = 0
  let order = 0
  let lastSent = 0
  let failures = 0
  let failure: unknown
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Until a failure is tried again, nothing else is sent. */
  let retry: ReturnType<typeof setTimeout> | undefined
  let pause = 0
  let listeners: (() => void)[] = []

  function send(): void {
    clearTimeout(timer)
    timer = undefined
    lastSent = Date.now()
    for (const { since } of inFlight) if (lastSent - since > SLOW) warn(UNANSWERED)
    if (retry !== undefined) return
    failed.sort((a, b) => a.order - b.order)
    for (const item of failed.splice(0)) post(item)
    for (const sender of senders) {
      while (sent < limits.sent) {
        const start = sender.taken
        const parcel = sender.take()
        if (!parcel) break
        post({ parcel, sender, start, order: order++, since: 0 })
      }
      // what waits for a picture to be encoded is sent once it is
      void sender.hold()?.then(schedule)
    }
  }

  function post(item: Item): void {
    const { batch, size } = item.parcel
    sent += size
    item.since = Date.now()
    inFlight.add(item)
    writer()
      .write(batch)
      .then(
        (receipt) => {
          pause = 0
          kept -= size
          unsynced.add(batch.run.project)
          item.sender.stored(item.parcel.pieces)
          if (receipt.cleared) warn(CLEARED)
          if (receipt.unstored) lack(item, receipt.unstored)
        },
        (cause: unknown) => {
          failures++
          failure = cause
          failed.push(item)
          warn(
            `trackio could not store what was logged: ${wordsOf(cause)}. It waits in this tab's memory and is tried again.`,
          )
          if (retry !== undefined) return
          pause = Math.min(LONGEST_PAUSE, Math.max(SEND_EVERY, pause * 2))
          retry = setTimeout(tryAgain, pause)
        },
      )
      .finally(() => {
        sent -= size
        inFlight.delete(item)
        // what found no room on the way
        if ([...senders].some((sender) => sender.taken < sender.logged)) schedule()
        const told = listeners
        listeners = []
        for (const listener of told) listener()
      })
  }

  /**
   * Files of a batch whose rows are stored: one that found no room is tried again by itself, any other is
   * given up.
   */
  function lack(item: Item, files: readonly UnstoredFile[]): void {
    const { batch } = item.parcel
    const now = Date.now()
    const { tries, since } = { tries: (item.lacks?.tries ?? 0) + 1, since: item.lacks?.since ?? now }
    const again = new Set<string>()
    for (const { path, why, full } of files) {
      if (full && now - since < GIVE_UP) {
        again.add(path)
        failures++
        failure = new Error(`the file ${path} could not be stored: ${why}`)
        continue
      }
      item.sender.unstored(1)
      warn(
        `trackio could not store the file ${path} of run '${batch.run.name}': ${why}. The row that names it is stored.`,
      )
    }
    if (again.size === 0) return
    const parcel: Parcel = {
      batch: {
        run: batch.run,
        space: batch.space,
        files: batch.files?.filter(({ path }) => again.has(path)) ?? [],
      },
      pieces: 0,
      size: 0,
    }
    const lacking: Item = { ...item, parcel, lacks: { tries, since } }
    const pause = Math.min(LONGEST_PAUSE, SEND_EVERY * 2 ** (tries - 1))
    late.set(
      lacking,
      setTimeout(() => sendLate(lacking), pause),
    )
  }

  function sendLate(item: Item): void {
    clearTimeout(late.get(item))
    late.delete(item)
    post(item)
  }

  function tryAgain(): void {
    clearTimeout(retry)
    retry = undefined
    send()
  }

  function schedule(): void {
    timer ??= setTimeout(send, SEND_EVERY)
  }

  /** Whether something is missing of what each sender had logged by then. */
  function outstanding(targets: Map<Sender, number>): boolean {
    for (const [sender, target] of targets) if (sender.taken < target) return true
    for (const item of [...inFlight, ...failed, ...late.keys()])
      if (item.start < (targets.get(item.sender) ?? 0)) return true
    return false
  }

  async function sync(project: string): Promise<void> {
    // what is stored while the disk is waited for needs a wait of its own
    unsynced.delete(project)
    const done = writer().sync(project)
    syncing.add(done)
    try {
      await done
    } catch (cause) {
      unsynced.add(project)
      throw cause
    } finally {
      syncing.delete(done)
    }
  }

  return {
    join: (sender) => void senders.add(sender),
    leave: (sender) => void senders.delete(sender),
    admit(size) {
      if (kept + size > limits.kept) return false
      kept += size
      return true
    },
    soon(now) {
      if (lastSent > 0 && (now - lastSent >= SEND_EVERY || now < lastSent)) send()
      else {
        lastSent ||= now
        schedule()
      }
    },
    send,
    async flush(only) {
      const targets = new Map((only ? [only] : [...senders]).map((sender) => [sender, sender.logged]))
      const before = failures
      for (const item of [...late.keys()]) if (targets.has(item.sender)) sendLate(item)
      tryAgain()
      while (outstanding(targets)) {
        if (failures > before) throw failure
        const holds = [...targets.keys()].map((sender) => sender.hold()).filter((hold) => hold !== undefined)
        await Promise.race([new Promise<void>((resolve) => void listeners.push(resolve)), ...holds])
        if (failures === before) send()
      }
      // also what another flush waits for
      await Promise.all([...syncing, ...[...unsynced].map(sync)])
    },
    get kept() {
      return kept
    },
  }
}

const UNANSWERED =
  "trackio: this browser's storage has not answered for 20 seconds (another tab of this site may own it and be stopped). Rows wait in this tab's memory."

const CLEARED =
  "trackio: this browser's storage was cleared while a run was logging. What was stored before is gone; what is logged from now on is stored in a new file."

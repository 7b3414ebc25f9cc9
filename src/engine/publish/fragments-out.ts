import { safePath } from '../../compute/safe-path.ts'
import { AccessError, TrackioError } from '../../model/errors.ts'
import type { Delivered, DeliverTo, PendingIds, PendingRows } from '../../model/tracking.ts'
import type { HubOptions } from '../../storage/hub/hub-requests.ts'
import { type HubWriter, type OutFile, outFile } from '../../storage/hub/hub-write.ts'
import { bucketOfSpace } from './live-space.ts'
import { upload } from './upload.ts'

/** Where rows wait until a Space has them. */
export interface PendingStore {
  /**
   * The oldest rows, so many that they make one fragment; undefined when none wait. `known`: configs that are
   * there already.
   */
  take(known: string[]): Promise<PendingRows | undefined>
  /** They arrived. */
  clear(ids: PendingIds): Promise<void>
  media(path: string): Promise<Blob | undefined>
  /** A file of an artifact, or one that was saved, by its path below trackio's folder. */
  file(path: string): Promise<Blob | undefined>
  /**
   * Runs work while no other tab does the same; rows that two sent at once would arrive twice, which is
   * harmless but no use.
   */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export interface DeliveryTimes {
  /** First rows go out after so many ms. */
  first: number
  /**
   * Later ones not more often: each fragment costs the Hub's patience two requests, and a Space looks for
   * them every 15 s.
   */
  every: number
  /** After a failure, twice as long each time, up to `longest`. */
  again: number
  longest: number
  /** Calls back after some ms; gives a way to call it off. */
  later(ms: number, work: () => void): () => void
  /** ms since 1970 */
  now(): number
}

const TIMES: DeliveryTimes = {
  first: 1000,
  every: 10_000,
  again: 5000,
  longest: 300_000,
  later(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
  now: Date.now,
}

/**
 * Brings the rows of one project that wait for one Space to the inbox of its bucket, fragment by fragment,
 * and forgets their marks once they are there.
 */
export interface Delivery {
  /** Something new waits: it goes out within a while. */
  soon(): void
  /** Sends all that waits now. Never rejects. */
  flush(): Promise<Delivered>
  /** A token was given: what was refused is tried again. */
  wake(): void
  close(): void
}

export function makeDelivery(
  space: string,
  to: DeliverTo,
  pending: PendingStore,
  { times = TIMES, ...how }: { times?: DeliveryTimes } & Pick<HubOptions, 'clock' | 'tokenFor'> = {},
): Delivery {
  const hub: HubOptions = { ...how, hub: to.hub }
  /**
   * As trackio's writers call themselves: one folder of the inbox each, so that none writes over another's.
   */
  const writer = crypto.randomUUID().replaceAll('-', '').slice(0, 16)
  const configs = new Set<string>()
  const sentMedia = new Set<string>()
  const sentFiles = new Set<string>()
  let bucket: HubWriter | undefined
  let sequence = 0
  let rows = 0
  let failures = 0
  let lastSent = Number.NEGATIVE_INFINITY
  let running: Promise<Delivered> | undefined
  let again = false
  let callOff: (() => void) | undefined
  let refused = false
  let closed = false

  function plan(ms: number): void {
    if (closed) return
    callOff?.()
    callOff = times.later(ms, () => {
      callOff = undefined
      void run()
    })
  }

  function run(): Promise<Delivered> {
    running ??= pending
      .alone(deliver)
      .catch(failed)
      .finally(() => {
        running = undefined
        if (again && failures === 0) soon()
        again = false
      })
    return running
  }

  async function deliver(): Promise<Delivered> {
    bucket ??= await bucketOfSpace(space, to, hub)
    for (;;) {
      const next = await pending.take([...configs])
      if (!next) break
      const media = await mediaOf(next.media)
      if (media.length > 0) await bucket.send(media, [], { title: 'media' })
      for (const { path } of media) sentMedia.add(path)
      const files = await filesOf(next.files)
      if (files.length > 0) await upload(bucket, files, [], { title: 'files' })
      for (const { path } of files) sentFiles.add(path)
      if (next.rows === 0) {
        await pending.clear(next.ids)
        continue
      }
      // a new name for each try: the Space may be taking in what a try left behind that looked like a
      // failure, and then deletes that file. Rows that come twice are known by their log_id.
      const name = `trackio/inbox/${writer}/${String(sequence++).padStart(8, '0')}.jsonl`
      await bucket.send([outFile(name, new Blob([next.lines]))], [], { title: 'rows' })
      await pending.clear(next.ids)
      for (const config of next.configs) configs.add(config)
      rows += next.rows
    }
    failures = 0
    refused = false
    lastSent = times.now()
    const files = sentFiles.size
    return { state: 'sent', target: space, bucket: bucket.repo.id, rows, ...(files > 0 && { files }) }
  }

  /** Before the rows that name them. One that is lost here is lost there too. */
  async function mediaOf(paths: readonly string[]): Promise<OutFile[]> {
    const files: OutFile[] = []
    for (const path of paths) {
      const to = `trackio/media/${safePath(path)}`
      const blob = sentMedia.has(to) ? undefined : await pending.media(path)
      if (blob) files.push(outFile(to, blob))
    }
    return files
  }

  /** To where the Space has its own: what is saved it lists from there, contents of artifacts it finds there. */
  async function filesOf(paths: readonly string[]): Promise<OutFile[]> {
    const files: OutFile[] = []
    for (const path of paths) {
      const to = `trackio/${safePath(path)}`
      // one that was removed since, with the version that it was of, is wanted by nobody
      const blob = sentFiles.has(to) && path.startsWith('artifacts/') ? undefined : await pending.file(path)
      if (blob) files.push(outFile(to, blob))
    }
    return files
  }

  function failed(cause: unknown): Delivered {
    // who may not now may not in a minute: it waits for another token
    refused = cause instanceof AccessError
    if (!refused) plan(Math.min(times.longest, times.again * 2 ** failures))
    failures++
    bucket = undefined
    const why = cause instanceof Error ? cause.message : String(cause)
    const subject = cause instanceof TrackioError && cause.subject !== '' ? `${cause.subject}: ` : ''
    const action = cause instanceof TrackioError ? cause.action : ''
    return {
      state: 'kept',
      target: space,
      why: subject + why,
      action,
      ...(cause instanceof AccessError && { origin: cause.origin }),
    }
  }

  function soon(): void {
    if (running) again = true
    else if (!callOff && failures === 0) plan(Math.max(times.first, lastSent + times.every - times.now()))
  }

  return {
    soon,
    async flush() {
      // what is on its way may have been taken before the newest rows were there
      await running
      callOff?.()
      callOff = undefined
      return run()
    },
    wake() {
      if (!refused) return
      refused = false
      failures = 0
      plan(times.first)
    },
    close() {
      closed = true
      callOff?.()
    },
  }
}

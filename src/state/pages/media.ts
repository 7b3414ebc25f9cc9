import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { type MediaPayload, mediaPayload, mediaType } from '../../compute/media-payload.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import { MEDIA_KINDS } from '../../model/media.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import type { TypedValues } from '../../model/typed-values.ts'
import type { ProjectData } from '../data/catalogue.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'
import { itemsOf, type TypedItem } from './typed-items.ts'
import { fileOrUnread } from './unread-file.ts'

/** While rows are being read, what came so far is shown so often. */
const PART_MS = 600
/** Values that are asked for at once: the engine reads their rows again. */
const AT_ONCE = 500

/** A logged value of a kind that is looked at or listened to. */
export type MediaItem = TypedItem

export type MediaStatus = GrowingStatus<{ values: TypedValues }>

export interface ProjectMedia {
  status: Accessor<MediaStatus>
  /** All of them, by run, then by row. */
  items: Accessor<readonly MediaItem[]>
  /** Rows are still being read. */
  reading: Accessor<boolean>
  notices: Accessor<readonly Notice[]>
  /** What a value says of itself; undefined while it is being read, which this begins. */
  payload(item: MediaItem): MediaPayload | undefined
  /** The same where it was read already. */
  known(item: MediaItem): MediaPayload | undefined
  /** The same of all of some, where searching or sorting needs them: how many are still to come. */
  readAll(items: readonly MediaItem[]): number
  /** Values are being read. */
  busy: Accessor<boolean>
  /** Resolves once no value that was wanted is still to come. */
  idle(): Promise<void>
  /** Why the last values could not be read. */
  failed: Accessor<string | undefined>
  /**
   * The file that a value names, with the media type that its name has; undefined where it is lost. Rejects with
   * UnreadFileError where nobody can tell.
   */
  file(path: string, signal?: AbortSignal): Promise<Blob | undefined>
  retry(): void
  /** Grows when files that could not be read are to be asked for again. */
  tries: Accessor<number>
  tryAgain(): void
}

export interface MediaOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  data: ProjectData
  live: Accessor<boolean>
  find(project: ProjectId, path: string, signal?: AbortSignal): Promise<Blob | undefined>
}

/** Images, videos, sounds, pages, 3D objects and texts of the project's runs. */
export function createMedia({ ask, project, data, live, find }: MediaOptions): ProjectMedia {
  const { status, retry } = createGrowing<{ values: TypedValues }>({
    ...{ subject: 'media', project, live, version: data.version },
    wanted: () => true,
    ask: async (id, signal) => ({
      values: await ask('values', { project: id, kinds: [...MEDIA_KINDS] }, { signal }),
    }),
    isSame: (before, now) => before.values.version === now.values.version,
    partFor: ({ values }) => (values.reading.state === 'reading' ? PART_MS : undefined),
  })
  const values = createMemo(() => {
    const now = status()
    return now.kind === 'ready' ? now.values : undefined
  })
  const items = createMemo(() => itemsOf(values()))

  const [loaded, setLoaded] = createSignal(0)
  const [failed, setFailed] = createSignal<string>()
  const payloads = new Map<string, MediaPayload>()
  const waiting = new Map<string, MediaItem>()
  const ended = new AbortController()
  onCleanup(() => ended.abort())
  const back = (): void => void setTries((n) => n + 1)
  // a network that is there again reads what it could not
  globalThis.addEventListener?.('online', back)
  onCleanup(() => globalThis.removeEventListener?.('online', back))
  const [busy, setBusy] = createSignal(false)
  const [tries, setTries] = createSignal(0)
  const waiters: (() => void)[] = []
  let of: ProjectId | undefined

  /** What was read of another project is none of this one, though it may look alike. */
  function keepOwn(): void {
    if (of === project()) return
    of = project()
    payloads.clear()
    waiting.clear()
  }

  async function readWaiting(): Promise<void> {
    if (busy()) return
    setBusy(true)
    let more = true
    while (more) more = await readSome()
    setBusy(false)
    for (const done of waiters.splice(0)) done()
  }

  /** Whether there may be more. */
  async function readSome(): Promise<boolean> {
    keepOwn()
    const id = project()
    if (id === undefined || waiting.size === 0 || ended.signal.aborted) return false
    const batch = [...waiting.values()].slice(0, AT_ONCE)
    const at = batch.map(({ run, key, row }) => ({ run, key, row }))
    try {
      const found = await ask('valuesAt', { project: id, at }, { signal: ended.signal })
      if (id !== project()) return true
      for (const [i, item] of batch.entries()) {
        payloads.set(item.id, mediaPayload(found[i]))
        waiting.delete(item.id)
      }
      setFailed(undefined)
      setLoaded((n) => n + 1)
    } catch (error) {
      if (id !== project()) return true
      // they are asked for again by what is on screen when it moves, and by Retry
      waiting.clear()
      if (!isAbort(error)) setFailed(noticeOf(error, 'media').text)
    }
    return true
  }

  function want(item: MediaItem): MediaPayload | undefined {
    keepOwn()
    const known = payloads.get(item.id)
    if (known || waiting.has(item.id)) return known
    waiting.set(item.id, item)
    if (waiting.size === 1) queueMicrotask(() => void readWaiting())
    return undefined
  }

  return {
    status,
    items,
    reading: createMemo(() => values()?.reading.state === 'reading'),
    notices: createMemo(() => values()?.notices ?? []),
    payload(item) {
      loaded()
      return want(item)
    },
    known(item) {
      loaded()
      keepOwn()
      return payloads.get(item.id)
    },
    readAll(wanted) {
      loaded()
      return wanted.reduce((sum, item) => sum + (want(item) ? 0 : 1), 0)
    },
    busy,
    idle: () =>
      busy() || waiting.size > 0 ? new Promise((resolve) => waiters.push(resolve)) : Promise.resolve(),
    failed,
    async file(path, signal) {
      const id = project()
      if (id === undefined) return undefined
      const blob = await fileOrUnread(find(id, path, signal))
      const type = mediaType(path)
      return blob && type !== '' && blob.type !== type ? blob.slice(0, blob.size, type) : blob
    },
    tries,
    tryAgain: () => void setTries((n) => n + 1),
    retry() {
      setFailed(undefined)
      setLoaded((n) => n + 1)
      if (status().kind === 'failed') retry()
    },
  }
}

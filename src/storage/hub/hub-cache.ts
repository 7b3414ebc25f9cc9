import type { CachedPlace } from '../../model/library.ts'
import type { Bytes } from '../bytes.ts'
import type { BlockStore } from '../opfs/block-store.ts'
import { opfsStore } from '../opfs/opfs-blocks.ts'
import { foldersToDrop, type KeptFolder } from './hub-blocks.ts'
import type { Span } from './hub-ranges.ts'

/** Bytes that what was read may take, unless said otherwise. */
export const CACHE_LIMIT = 1e9

/**
 * What was read of things that never change, kept between visits. Without a store nothing is, and nothing
 * fails.
 */
export interface HubCache {
  /**
   * What is kept of a file, by a key that names its content; undefined where nothing can be kept. `of`: what it
   * is of, in words, for a person who looks at what is kept.
   */
  file(key: string, of?: string): Promise<KeptFile | undefined>
  /** A small value that was noted, as JSON gives it: check it. */
  recall(key: string): Promise<unknown>
  note(key: string, value: unknown, of?: string): Promise<void>
  /** Bytes of everything that is kept. */
  size(): Promise<number>
  /** What it is of, the newest used first; '' of what was kept before that was noted. */
  list(): Promise<CachedPlace[]>
  /** Drops everything, or what is of one place. */
  forget(of?: string): Promise<void>
}

export interface KeptFile {
  spans: (Span & { bytes: Bytes })[]
  /**
   * Keeps a span and gives its kept bytes; undefined where it could not be kept (no room, another tab writes
   * it). Never rejects.
   */
  keep(span: Span, data: Uint8Array): Promise<Bytes | undefined>
  /** A span that cannot be read any more. */
  drop(span: Span): void
}

let shared: HubCache | undefined

/** The cache of this browser. */
export function hubCache(): HubCache {
  shared ??= makeHubCache(opfsStore('hub-cache'))
  return shared
}

/** Bytes that this browser keeps of what was read from the Hub. */
export function cacheSize(): Promise<number> {
  return hubCache().size()
}

export function listCache(): Promise<CachedPlace[]> {
  return hubCache().list()
}

/** Drops what this browser keeps of what was read from the Hub, or of one place there. */
export function forgetCache(of?: string): Promise<void> {
  return hubCache().forget(of)
}

/*
 * One folder a file, named by a hash of its key. Everything there is to know stands in the names, so that
 * sizes and ages cost one listing and tabs need no lock: `b.<start>.<bytes>` a span, `n.<time>.<bytes>` a
 * note, `u.<time>.0` when it was used. A span is written once and never changed; one that is shorter than its
 * name says was cut off by a crash and does not count. `o.<time>.<bytes>` says in words what the file is of.
 */
export function makeHubCache(
  where: BlockStore | undefined | Promise<BlockStore | undefined>,
  limit = CACHE_LIMIT,
  now = Date.now,
): HubCache {
  const ready = Promise.resolve(where)
  /** Bytes kept, as far as this tab knows; undefined: not counted yet. */
  let total: number | undefined
  let full = false
  /** Files that are larger than the whole cache. */
  const crowded = new Set<string>()
  let writing: Promise<unknown> = Promise.resolve()

  return {
    async file(key, of) {
      const [store, folder] = await place(key)
      if (!store || !folder) return undefined
      return quietly(async () => {
        const named = await spansIn(store, folder)
        await touch(store, folder, of)
        return keptFile(store, folder, named)
      })
    },
    async recall(key) {
      const [store, folder] = await place(key)
      if (!store || !folder) return undefined
      return quietly(async () => {
        const newest = (await named(store, folder, 'n')).sort((a, b) => b.first - a.first)[0]
        const bytes = newest && (await store.open(folder, newest.name))
        if (!newest || bytes?.size !== newest.bytes) return undefined
        const value: unknown = JSON.parse(new TextDecoder().decode(await bytes.load(0, bytes.size)))
        await touch(store, folder)
        return value
      })
    },
    async note(key, value, of) {
      await inTurn(async () => {
        const [store, folder] = await place(key)
        if (!store || !folder) return
        const data = new TextEncoder().encode(JSON.stringify(value))
        const old = await named(store, folder, 'n')
        const name = `n.${Math.max(now(), ...old.map(({ first }) => first + 1))}.${data.length}`
        if (!(await write(store, folder, name, data))) return
        for (const note of old) await store.remove(folder, note.name)
        await touch(store, folder, of)
      })
    },
    async size() {
      const store = await ready
      // in turn: what was read just now counts
      return store ? ((await inTurn(() => count(store))) ?? 0) : 0
    },
    async list() {
      const store = await ready
      const all = store && (await inTurn(() => survey(store, true)))
      const places = new Map<string, CachedPlace>()
      for (const { of = '', bytes, used } of all ?? []) {
        const { bytes: before = 0, used: last = 0 } = places.get(of) ?? {}
        places.set(of, { of, bytes: before + bytes, used: Math.max(last, used) })
      }
      return [...places.values()].sort((a, b) => b.used - a.used)
    },
    async forget(of) {
      const store = await ready
      if (!store) return
      await inTurn(async () => {
        const gone = (await survey(store, of !== undefined)).filter(
          (folder) => of === undefined || (folder.of ?? '') === of,
        )
        for (const { name } of gone) await quietly(() => store.remove(name))
        total = undefined
        full = false
        crowded.clear()
      })
    },
  }

  function keptFile(store: BlockStore, folder: string, spans: (Span & { bytes: Bytes })[]): KeptFile {
    return {
      spans,
      keep: ({ start }, data) =>
        inTurn(async () => {
          const name = `b.${start}.${data.length}`
          // another tab may have read the same; to write it again would make its File unreadable there
          const there = await store.open(folder, name)
          if (there?.size === data.length) return there
          return (await write(store, folder, name, data)) ? store.open(folder, name) : undefined
        }),
      drop: ({ start, end }) => void inTurn(() => store.remove(folder, `b.${start}.${end - start}`)),
    }
  }

  async function spansIn(store: BlockStore, folder: string): Promise<(Span & { bytes: Bytes })[]> {
    const opened = (await named(store, folder, 'b')).map(async ({ name, first, bytes: length }) => {
      const bytes = await store.open(folder, name)
      return bytes?.size === length ? [{ start: first, end: first + length, bytes }] : []
    })
    return (await Promise.all(opened)).flat()
  }

  /** False where there is no room for it. */
  async function write(store: BlockStore, folder: string, name: string, data: Uint8Array): Promise<boolean> {
    if (full || crowded.has(folder)) return false
    total ??= await count(store)
    if (total + data.length > limit) {
      const drop = foldersToDrop(await survey(store), limit - data.length, folder)
      for (const old of drop) await store.remove(old)
      total = await count(store)
      if (total + data.length > limit) {
        // this file alone fills the cache: no use counting again for each of its spans
        crowded.add(folder)
        return false
      }
    }
    try {
      await store.write(folder, name, data)
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'QuotaExceededError') {
        // less room on this disk than the limit allows
        full = true
        await store.remove(folder, name)
      }
      throw cause
    }
    total += data.length
    return true
  }

  async function count(store: BlockStore): Promise<number> {
    total = (await survey(store)).reduce((sum, { bytes }) => sum + bytes, 0)
    return total
  }

  /** `words`: with what each is of, which has to be read. */
  async function survey(store: BlockStore, words = false): Promise<(KeptFolder & { of?: string })[]> {
    const all: (KeptFolder & { of?: string })[] = []
    for (const name of await store.folders()) {
      const files = (await store.names(name)).flatMap(parseName)
      const used = Math.max(0, ...files.filter(({ kind }) => kind === 'u').map(({ first }) => first))
      const bytes = files.reduce((sum, { bytes }) => sum + bytes, 0)
      const label = words ? files.find(({ kind }) => kind === 'o') : undefined
      const text = label && (await quietly(() => store.open(name, label.name)))
      const of = text && new TextDecoder().decode(await text.load(0, text.size))
      all.push({ name, used, bytes, ...(of !== undefined && { of }) })
    }
    return all
  }

  /** Notes the time of use, to the minute, and what it is of. */
  async function touch(store: BlockStore, folder: string, of?: string): Promise<void> {
    const marks = await named(store, folder, 'u')
    if (marks.some(({ first }) => first > now() - 60_000)) return
    if (of !== undefined && (await named(store, folder, 'o')).length === 0) {
      const words = new TextEncoder().encode(of)
      await store.write(folder, `o.0.${words.length}`, words)
    }
    await store.write(folder, `u.${now()}.0`, new Uint8Array(0))
    for (const { name } of marks) await store.remove(folder, name)
  }

  async function place(key: string): Promise<[BlockStore, string] | [undefined, undefined]> {
    const store = await ready
    // no hash without a secure context, but no store either
    if (!store) return [undefined, undefined]
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)))
    return [store, [...hash.subarray(0, 20)].map((byte) => byte.toString(16).padStart(2, '0')).join('')]
  }

  /** Writes follow each other: sizes are counted between them. */
  function inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    const turn = writing.then(() => quietly(work))
    writing = turn
    return turn
  }
}

/** A cache that fails is as good as none: the bytes come from the Hub. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    // no room, blocked by the browser, in use by another tab, deleted behind our back: what is not kept is
    // read again
    return undefined
  }
}

interface Named {
  name: string
  kind: string
  /** Start of a span, or a time. */
  first: number
  bytes: number
}

async function named(store: BlockStore, folder: string, kind: 'b' | 'n' | 'o' | 'u'): Promise<Named[]> {
  return (await store.names(folder)).flatMap(parseName).filter((file) => file.kind === kind)
}

function parseName(name: string): Named[] {
  const [, kind, first, bytes] = /^([bnou])\.(\d+)\.(\d+)$/.exec(name) ?? []
  return kind ? [{ name, kind, first: Number(first), bytes: Number(bytes) }] : []
}

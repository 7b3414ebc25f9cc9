import { TrackioError } from '../../src/model/errors.ts'
import { memoryBytes } from '../../src/storage/bytes.ts'
import { type FileStore, sizeWords } from '../../src/storage/opfs/store.ts'
import { memoryFile } from '../../src/storage/opfs/sync-file.ts'

export interface MemoryStore extends FileStore {
  files: Map<string, Uint8Array<ArrayBuffer>>
  /** Bytes that fit. */
  quota: number
  /** What `room` says of it; the same unless a test lets the browser be wrong. */
  promised: number | undefined
  /** Leaves behind what a killed tab would: files of a write that never ended. */
  leave(path: string, bytes: number): void
}

/**
 * A store in memory with the rules of the real one (test/browser/library.test.ts), for what is built on it.
 */
export function memoryStore(quota = 1 << 30): MemoryStore {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const partials = new Map<string, number>()
  const queues = new Map<string, Promise<unknown>>()
  const running = new Map<string, number>()
  const used = (): number =>
    [...files.values()].reduce((sum, { length }) => sum + length, 0) +
    [...partials.values()].reduce((a, b) => a + b, 0)
  const entry = (path: string, { length }: Uint8Array) => ({ path, size: length, stamp: String(length) })
  const get = (path: string): Uint8Array<ArrayBuffer> => {
    const found = files.get(path)
    if (!found) throw new TrackioError(path, 'no longer in this browser')
    return found
  }
  const noRoom = (path: string, needed: number): TrackioError =>
    new TrackioError(
      path,
      `no room in this browser: ${sizeWords(needed)} needed, ${sizeWords(store.quota - used())} of ${sizeWords(store.quota)} free`,
    )

  async function hold<T>(name: string, task: () => Promise<T>): Promise<T> {
    running.set(name, (running.get(name) ?? 0) + 1)
    try {
      return await task()
    } finally {
      running.set(name, (running.get(name) ?? 1) - 1)
    }
  }

  const store: MemoryStore = {
    files,
    quota,
    promised: undefined,
    whole: true,
    host: '',
    leave: (path, bytes) => void partials.set(path, bytes),
    list: async () => [...files].map(([path, bytes]) => entry(path, bytes)),
    async find(path) {
      const found = files.get(path)
      return found && entry(path, found)
    },
    bytes: async (path) => memoryBytes(get(path)),
    blob: async (path) => new Blob([get(path)]),
    received: () => 0,
    async write(path, chunks, options = {}) {
      if (options.size !== undefined) await store.ensureRoom(path, options.size)
      const partial = `${path}.partial`
      let whole = new Uint8Array(0)
      let full = false
      try {
        for await (const chunk of chunks) {
          options.signal?.throwIfAborted()
          const longer = new Uint8Array(whole.length + chunk.length)
          longer.set(whole)
          longer.set(chunk, whole.length)
          whole = longer
          partials.set(partial, whole.length)
          full = used() > store.quota
          if (full) break
          options.onProgress?.(whole.length)
        }
        options.signal?.throwIfAborted()
      } finally {
        partials.delete(partial)
      }
      if (full) throw noRoom(path, options.size ?? whole.length)
      files.set(path, whole)
    },
    async edit(path, work) {
      const copy = memoryFile()
      copy.write(get(path), 0)
      const result = await work(copy)
      const bytes = new Uint8Array(copy.size)
      copy.read(bytes, 0)
      files.set(path, bytes)
      return result
    },
    async remove(path) {
      const folder = `${path.replace(/\/$/, '')}/`
      for (const all of [files, partials])
        for (const name of [...all.keys()]) if (name === path || name.startsWith(folder)) all.delete(name)
    },
    async sweep(whole) {
      partials.clear()
      for (const path of [...files.keys()]) if (!whole(path.split('/')[0] ?? '')) files.delete(path)
    },
    async room() {
      const free = store.promised ?? Math.max(0, store.quota - used())
      return { used: used(), quota: store.quota, free, persisted: false }
    },
    async ensureRoom(what, bytes) {
      if (bytes > (await store.room()).free) throw noRoom(what, bytes)
    },
    async locked(name, task, shared) {
      if (shared) return hold(name, task)
      const mine = (queues.get(name) ?? Promise.resolve()).then(() => hold(name, task))
      queues.set(
        name,
        mine.catch(() => {}),
      )
      return mine
    },
    async ifFree(name, task) {
      if (!running.get(name)) await hold(name, task)
    },
  }
  return store
}

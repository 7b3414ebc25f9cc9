import type { BlockStore } from '../../src/storage/opfs/block-store.ts'
import { countedBytes } from './counted-bytes.ts'

/**
 * A BlockStore in memory. Its files can be looked at, spoiled and taken away; `room` is the bytes it takes
 * before it says that it is full.
 */
export interface MemoryStore extends BlockStore {
  files: Map<string, Map<string, Uint8Array>>
  writes: number
  room: number
}

export function memoryStore(): MemoryStore {
  const store: MemoryStore = {
    files: new Map(),
    writes: 0,
    room: Number.POSITIVE_INFINITY,
    folders: async () => [...store.files.keys()],
    names: async (folder) => [...(store.files.get(folder)?.keys() ?? [])],
    async open(folder, name) {
      const data = store.files.get(folder)?.get(name)
      if (!data) return undefined
      const bytes = countedBytes(data)
      // as a File of OPFS: unreadable once its file is gone
      const there = (): void => {
        if (store.files.get(folder)?.get(name) !== data) throw new DOMException('gone', 'NotFoundError')
      }
      return {
        size: data.length,
        read(offset, length) {
          there()
          return bytes.read(offset, length)
        },
        async load(offset, length) {
          there()
          return bytes.load(offset, length)
        },
      }
    },
    async write(folder, name, data) {
      store.writes++
      const used = [...store.files.values()]
        .flatMap((files) => [...files.values()])
        .reduce((sum, { length }) => sum + length, 0)
      if (used + data.length > store.room) throw new DOMException('full', 'QuotaExceededError')
      const files = store.files.get(folder) ?? new Map<string, Uint8Array>()
      store.files.set(folder, files.set(name, data.slice()))
    },
    async remove(folder, name) {
      if (name === undefined) store.files.delete(folder)
      else store.files.get(folder)?.delete(name)
    },
  }
  return store
}

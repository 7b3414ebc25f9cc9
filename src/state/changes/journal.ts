import { type Accessor, createSignal, onCleanup } from 'solid-js'
import { type Entry, parseEntry } from './entry.ts'
import { isOfJournal, KEY, keysIn, storageOf } from './journal-keys.ts'

/** What is over is remembered for so many changes. */
const REMEMBERED = 30

/**
 * The changes that were asked for in this browser, for all its pages to see, before anything is done about
 * them. What a kill ends between asking and doing stands here.
 */
export interface Journal {
  /** Newest first. */
  entries: Accessor<readonly Entry[]>
  /** As it is now, another page's hand on it or not. */
  get(id: string): Entry | undefined
  put(entry: Entry): void
  /** False where the browser keeps nothing for this page: what waits ends with it. */
  lasting: boolean
}

export function createJournal(): Journal {
  const storage = storageOf()
  /** Of this page, and of all where nothing is kept. */
  const own = new Map<string, Entry>()
  const [entries, setEntries] = createSignal<readonly Entry[]>(read())

  function get(id: string): Entry | undefined {
    return (storage && parseEntry(storage.getItem(KEY + id))) ?? own.get(id)
  }

  function read(): Entry[] {
    const stored = storage ? keysIn(storage).flatMap((key) => parseEntry(storage.getItem(key)) ?? []) : []
    // as another page left it: once that one forgets it, it must not wait here as it did before
    for (const entry of stored) if (own.has(entry.id)) own.set(entry.id, entry)
    const known = new Map([...own, ...stored.map((entry): [string, Entry] => [entry.id, entry])])
    return [...known.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
  }

  function onStorage(event: StorageEvent): void {
    if (isOfJournal(event)) setEntries(read())
  }
  window.addEventListener('storage', onStorage)
  onCleanup(() => window.removeEventListener('storage', onStorage))

  return {
    entries,
    get,
    put(entry) {
      own.set(entry.id, entry)
      try {
        storage?.setItem(KEY + entry.id, JSON.stringify(entry))
      } catch (error) {
        if (!(error instanceof DOMException)) throw error
        // full: this page knows it all the same, and what it was before counts no more
        storage?.removeItem(KEY + entry.id)
      }
      const all = read()
      const over = all.filter(({ state }) => state !== 'waiting' && state !== 'making')
      for (const { id } of over.slice(REMEMBERED)) {
        own.delete(id)
        storage?.removeItem(KEY + id)
      }
      setEntries(read())
    },
    lasting: storage !== undefined,
  }
}

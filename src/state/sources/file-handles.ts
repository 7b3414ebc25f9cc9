import type { Recent } from '../address/preferences.ts'
import type { Given } from './file-input.ts'

const DATABASE = 'trackio-lite'
const STORE = 'handles'

/**
 * Files and folders that a person chose, kept by the browser between visits (as handles, never their bytes),
 * so that they open again with one click. Only where the browser has such handles and lets this page store
 * something.
 */
export interface Handles {
  keep(name: string, kind: Recent['kind'], handles: Promise<readonly FileSystemHandle[]>): Promise<void>
  /**
   * Undefined where nothing is kept under this name, or the person did not allow it. Call it inside of a
   * click: the browser asks then.
   */
  reopen(name: string, kind: Recent['kind']): Promise<Given | undefined>
  /** How many names files or folders are kept for; 0 where nothing can be kept. */
  count(): Promise<number>
  forget(name: string, kind: Recent['kind']): Promise<void>
  clear(): Promise<void>
}

/**
 * Whether the browser's own pickers (pickers.ts) can work here: other browsers have no such pickers, and
 * frames of another site may not show them.
 */
export function canPick(): boolean {
  return typeof Reflect.get(window, 'showOpenFilePicker') === 'function' && window.self === window.top
}

export function makeHandles(): Handles {
  return {
    async keep(name, kind, handles) {
      const known = await handles
      if (known.length > 0) await inStore('readwrite', (store) => store.put([...known], keyOf(name, kind)))
    },
    async reopen(name, kind) {
      const kept: unknown = await inStore('readonly', (store) => store.get(keyOf(name, kind)))
      if (!Array.isArray(kept)) return undefined
      const handles = kept.filter((one) => one instanceof FileSystemHandle)
      for (const handle of handles) if (!(await isAllowed(handle))) return undefined
      return handles.length === 0 ? undefined : (await import('./pickers.ts')).givenOfHandles(handles)
    },
    async count() {
      const found = await inStore('readonly', (store) => store.count())
      return typeof found === 'number' ? found : 0
    },
    async forget(name, kind) {
      await inStore('readwrite', (store) => store.delete(keyOf(name, kind)))
    },
    async clear() {
      await inStore('readwrite', (store) => store.clear())
    },
  }
}

function keyOf(name: string, kind: Recent['kind']): string {
  return `${kind} ${name}`
}

/** Chromium's, which the page's type library does not have. */
async function isAllowed(handle: FileSystemHandle): Promise<boolean> {
  const ask: unknown = Reflect.get(handle, 'requestPermission')
  if (typeof ask !== 'function') return true
  return (await Reflect.apply(ask, handle, [{ mode: 'read' }])) === 'granted'
}

/** Undefined where IndexedDB is missing or blocked: nothing is kept then. */
async function inStore(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(DATABASE, 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
      opening.onblocked = () => reject(new DOMException('another tab holds it', 'InvalidStateError'))
    })
    try {
      return await new Promise((resolve, reject) => {
        const asking = act(db.transaction(STORE, mode).objectStore(STORE))
        asking.onsuccess = () => resolve(asking.result)
        asking.onerror = () => reject(asking.error)
      })
    } finally {
      db.close()
    }
  } catch (error) {
    // third-party frames and private windows throw here; what was to be kept is only a convenience
    if (error instanceof DOMException || error instanceof ReferenceError) return undefined
    throw error
  }
}

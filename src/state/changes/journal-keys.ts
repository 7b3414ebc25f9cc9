/* What a page has to know of the journal before anybody changes something. */

/** An entry has a key of its own: two pages that write at once write two of them. */
export const KEY = 'trackio-lite:change:'

/** Whether this browser knows of changes. */
export function knowsChanges(): boolean {
  const storage = storageOf()
  return storage !== undefined && keysIn(storage).length > 0
}

export function isOfJournal(event: StorageEvent): boolean {
  return event.key === null || event.key.startsWith(KEY)
}

export function keysIn(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '').filter((key) =>
    key.startsWith(KEY),
  )
}

/** Undefined where it is blocked: frames of other sites, some private windows. */
export function storageOf(): Storage | undefined {
  try {
    return window.localStorage
  } catch (error) {
    if (error instanceof DOMException) return undefined
    throw error
  }
}

import { RUN_LOCK } from '../../bridge/writer-api.ts'

/** Runs of this page that go on, and what ends their locks. */
const held = new Map<string, () => void>()

/**
 * Shows every page of this origin that a run goes on, by a lock with its id: it ends with the function that
 * is given back, or with this page, however it ends. Two tabs may log to one run, so the lock is a shared
 * one. Where the browser has no locks nobody is shown anything.
 */
export function holdRunLock(id: string): () => void {
  hold(id)
  return () => {
    held.get(id)?.()
    held.delete(id)
  }
}

/** The page is suspended and may come back: browsers throw away a suspended page that holds locks. */
export function suspendRunLocks(): void {
  for (const release of held.values()) release()
}

export function resumeRunLocks(): void {
  for (const id of held.keys()) hold(id)
}

function hold(id: string): void {
  const { locks } = typeof navigator === 'undefined' ? {} : navigator
  if (!locks) return
  const ended = new Promise<void>((resolve) => held.set(id, resolve))
  // a page that may store nothing may have no locks either
  locks.request(RUN_LOCK + id, { mode: 'shared' }, () => ended).catch(() => {})
}

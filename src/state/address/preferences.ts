import { type Accessor, createSignal, onCleanup } from 'solid-js'
import { byOwnNames, withoutProject } from './project-parts.ts'
import { parseStored, type Recent, type Stored } from './stored.ts'

export type { Recent, Stored }
export { parseStored }

const KEY = 'trackio-lite'
const MOST_RECENT = 8
/** Colour slots, pins and orders are kept for this many projects, the newest used last. */
const MOST_PROJECTS = 40

export interface Preferences {
  value: Accessor<Stored>
  set(change: Partial<Stored>): void
  addRecent(recent: Recent): void
  forget(recent: Recent): void
  /** Leaves nothing of a project; of what is on screen no colours are kept until the page is opened anew. */
  forgetProject(name: string): void
  clear(): void
  /**
   * Colours that the runs of a project are seen with may be kept: the browser keeps something for this page (no
   * third-party frame, no private window), and nobody had them forgotten meanwhile.
   */
  keepsColors(project: string): boolean
  /** False where it keeps nothing, or had no room left: what was chosen last is gone with this page. */
  lasts: Accessor<boolean>
}

/**
 * Preferences of this browser, those that another tab changes as well. Where storage is blocked they last as
 * long as the page.
 */
export function createPreferences(): Preferences {
  const storage = findStorage()
  let known = readText(storage)
  const [value, setValue] = createSignal(parseStored(known))
  const [lasts, setLasts] = createSignal(storage !== undefined)
  const forgotten = new Set<string>()
  let allForgotten = false

  function change(act: (now: Stored) => Stored): void {
    // a tab in the background may hear of what others wrote only later
    const text = readText(storage)
    const next = byOwnNames(act(text === known ? value() : parseStored(text)))
    setValue(next)
    if (!storage) return
    try {
      known = JSON.stringify(next)
      storage.setItem(KEY, known)
      setLasts(true)
    } catch (error) {
      if (!(error instanceof DOMException)) throw error // full or blocked since: the page keeps what it has
      known = text
      setLasts(false)
    }
  }

  const onStorage = ({ key, newValue, storageArea }: StorageEvent): void => {
    if (storageArea !== storage || (key !== KEY && key !== null)) return
    known = key === null ? null : newValue
    setValue(parseStored(known))
  }
  window.addEventListener('storage', onStorage)
  onCleanup(() => window.removeEventListener('storage', onStorage))

  return {
    value,
    lasts,
    set: (changed) => change((now) => ({ ...now, ...changed })),
    addRecent: (recent) =>
      change((now) => {
        const others = now.recents.filter((other) => !sameRecent(other, recent))
        return { ...now, recents: [recent, ...others].slice(0, MOST_RECENT) }
      }),
    forget: (recent) =>
      change((now) => ({ ...now, recents: now.recents.filter((other) => !sameRecent(other, recent)) })),
    forgetProject(name) {
      forgotten.add(name)
      change((now) => ({ ...now, ...withoutProject(now, name) }))
    },
    keepsColors: (project) => storage !== undefined && !allForgotten && !forgotten.has(project),
    clear() {
      allForgotten = true
      setValue(parseStored(null))
      known = null
      try {
        storage?.removeItem(KEY)
      } catch (error) {
        if (!(error instanceof DOMException)) throw error // nothing is stored where storage is blocked
      }
    },
  }
}

/** Keeps the slots a project's runs were seen with, so that a deleted run shifts no colour. */
export function rememberSlots(
  stored: Stored,
  project: string,
  slots: Record<string, number>,
): Partial<Stored> {
  const { [project]: _, ...others } = stored.slots
  const kept = Object.entries(others).slice(-(MOST_PROJECTS - 1))
  return { slots: { ...Object.fromEntries(kept), [project]: slots } }
}

/** Keeps a list of a project, of as many projects as keep one; an empty one is forgotten. */
export function rememberList(
  stored: Stored,
  kind: 'pins' | 'order',
  project: string,
  list: readonly string[],
): Partial<Stored> {
  const { [project]: _, ...others } = stored[kind]
  const kept = Object.fromEntries(Object.entries(others).slice(-(MOST_PROJECTS - 1)))
  return { [kind]: list.length > 0 ? { ...kept, [project]: [...list] } : kept }
}

function sameRecent(a: Recent, b: Recent): boolean {
  return a.kind === b.kind && a.name === b.name && JSON.stringify(a.link) === JSON.stringify(b.link)
}

function findStorage(): Storage | undefined {
  try {
    const storage = window.localStorage
    storage.getItem(KEY)
    return storage
  } catch {
    return undefined // blocked: merely reading the property throws in third-party frames
  }
}

function readText(storage: Storage | undefined): string | null {
  try {
    return storage?.getItem(KEY) ?? null
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

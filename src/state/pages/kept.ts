import { type Accessor, createMemo, createSignal } from 'solid-js'
import { noticeOf } from '../../model/errors.ts'
import type { CachedPlace, StorageRoom } from '../../model/library.ts'
import type { Hub } from '../data/hub.ts'
import type { Library } from '../data/library.ts'

/**
 * What this browser keeps of one project or place: `tracked` by its own tracking, a `copy` of something, or
 * `downloads`, what was read of the Hub.
 */
export interface KeptPlace {
  id: string
  kind: 'tracked' | 'copy' | 'downloads'
  name: string
  /** What it is a copy of, in words. */
  from: string
  bytes: number
  /** When it was kept, or last read, ms since 1970; NaN where nobody knows. */
  at: number
}

export interface Kept {
  places: Accessor<readonly KeptPlace[]>
  /** Undefined where this page may keep nothing, or until that is known. */
  room: Accessor<StorageRoom | undefined>
  /** Why nothing can be kept; '' where it can. */
  why: Accessor<string>
  /** Looks at all of it again. */
  look(): Promise<void>
  /** Rejects with what the store said. */
  forget(place: KeptPlace): Promise<void>
  /** All of them; what could not be forgotten, in words. */
  forgetAll(): Promise<string[]>
}

/** Everything of size that this browser keeps for this page. */
export function createKept({ library, hub }: { library: Library; hub: Hub }): Kept {
  const [cached, setCached] = createSignal<CachedPlace[]>([])
  const ready = () => {
    const now = library.status()
    return now.kind === 'ready' ? now : undefined
  }
  const places = createMemo((): KeptPlace[] => {
    const { projects = [], tracked = [] } = ready() ?? {}
    return [
      ...tracked.map(
        ({ name, bytes }): KeptPlace => ({
          ...{ id: `tracked ${name}`, kind: 'tracked', name, from: '', bytes, at: Number.NaN },
        }),
      ),
      ...projects.map(
        ({ name, bytes, from, kept }): KeptPlace => ({
          ...{ id: `copy ${name}`, kind: 'copy', name, from, bytes, at: kept },
        }),
      ),
      ...cached().map(
        ({ of, bytes, used }): KeptPlace => ({
          ...{ id: `downloads ${of}`, kind: 'downloads', name: of, from: '', bytes },
          at: used || Number.NaN,
        }),
      ),
    ]
  })

  async function look(): Promise<void> {
    await Promise.all([library.look(), hub.cached().then(setCached)])
  }

  async function drop({ kind, name }: KeptPlace): Promise<void> {
    if (kind === 'downloads') await hub.forgetCache(name)
    else await library.remove(name, kind === 'tracked')
  }

  return {
    places,
    room: () => ready()?.room,
    why: () => {
      const now = library.status()
      return now.kind === 'none' ? now.why : ''
    },
    look,
    async forget(place) {
      await drop(place)
      await look()
    },
    async forgetAll() {
      const failed: string[] = []
      // one after the other: a store that is changed by one is not changed by the next
      const attempt = (name: string, done: Promise<void>): Promise<void> =>
        done.catch((error: unknown) => void failed.push(`${name}: ${noticeOf(error, name).text}`))
      for (const place of places()) await attempt(place.name || 'earlier downloads', drop(place))
      // what stands in no row: listings without a place
      await attempt('listings of the Hub', hub.forgetCache())
      await attempt('what is kept', look())
      return failed
    },
  }
}

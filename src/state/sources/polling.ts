import { onCleanup } from 'solid-js'
import { ChangedOnDiskError, isAbort } from '../../model/errors.ts'
import type { SourceId, SourceInfo } from '../../model/source.ts'
import { type Given, stampOf } from './file-input.ts'

export interface FollowerOptions {
  /** Reads what is new; with the files as they are now, where a source is made of files. */
  look(source: SourceId, given: { files: Given['files'] } | undefined): Promise<void>
  /** In words, why a source cannot be followed now; undefined once it can be again. */
  onStale(source: SourceId, why: string | undefined): void
}

export interface Follower {
  /** Follows a source, if it is a live one. */
  add(info: SourceInfo, given: Given | undefined): void
  remove(source: SourceId): void
  /** At once. */
  look(source: SourceId): Promise<void>
}

interface Followed {
  every: number
  list: Given['list']
  /** As it was read last: paths of its files, and how they looked. */
  paths: readonly string[]
  stamp: string
  busy: boolean
  due: number
  failures: number
  /** Looks in a row that met a file being written. */
  changes: number
}

/** How often it is looked whether a source is due. */
const TICK_MS = 250
/** After failures the wait doubles, up to this. */
const LONGEST_MS = 60_000

/**
 * Looks at live sources as often as each allows, never twice at once, and not at all while the page is
 * hidden.
 */
export function createFollower(options: FollowerOptions): Follower {
  const followed = new Map<SourceId, Followed>()

  async function look(id: SourceId, one: Followed): Promise<void> {
    if (one.busy) return
    one.busy = true
    try {
      const files = await one.list?.()
      const [gone] = one.paths
      if (gone !== undefined && files && isGone(one.paths, files)) {
        // what was read stays on screen; a file that comes back is followed again
        options.onStale(id, `${gone} is no longer there; what was read of it stays`)
        return
      }
      const stamp = files && stampOf(files)
      if (!files || stamp !== one.stamp) {
        await options.look(id, files && { files })
        one.stamp = stamp ?? ''
        one.paths = pathsOf(files ?? [])
      }
      one.failures = 0
      one.changes = 0
      if (followed.has(id)) options.onStale(id, undefined)
    } catch (error) {
      if (isAbort(error) || !followed.has(id)) return
      // written to while it was read: the next look sees it as it is then
      if (error instanceof ChangedOnDiskError && one.failures === 0 && ++one.changes < 5) return
      one.failures++
      const wait = Math.min(LONGEST_MS, one.every * 2 ** one.failures)
      one.due = performance.now() + wait
      const text = error instanceof Error ? error.message : String(error)
      options.onStale(id, `${text}, retry in ${Math.max(1, Math.round(wait / 1000))} s`)
    } finally {
      one.busy = false
      if (one.failures === 0) one.due = performance.now() + one.every
    }
  }

  const timer = setInterval(() => {
    if (document.hidden) return
    for (const [id, one] of followed) if (performance.now() >= one.due) void look(id, one)
  }, TICK_MS)
  onCleanup(() => clearInterval(timer))

  return {
    add(info, given) {
      if (!info.live || (info.live === 'page' && !given?.list)) return
      followed.set(info.id, {
        every: info.every,
        list: info.live === 'page' ? given?.list : undefined,
        paths: pathsOf(given?.files ?? []),
        stamp: given ? stampOf(given.files) : '',
        busy: false,
        due: performance.now() + info.every,
        failures: 0,
        changes: 0,
      })
    },
    remove: (id) => void followed.delete(id),
    async look(id) {
      const one = followed.get(id)
      if (one) await look(id, one)
    },
  }
}

function pathsOf(files: Given['files']): string[] {
  return files.map(({ path }) => path)
}

/** Nothing is left of what there was. Of a part of it the engine takes notice. */
function isGone(paths: readonly string[], files: Given['files']): boolean {
  const now = new Set(pathsOf(files))
  return !paths.some((path) => now.has(path))
}

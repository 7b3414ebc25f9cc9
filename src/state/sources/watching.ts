import { type Accessor, createSignal, untrack } from 'solid-js'
import type { EngineApi, EngineEvent } from '../../bridge/engine-api.ts'
import { isAbort } from '../../model/errors.ts'
import type { SourceId, SourceInfo } from '../../model/source.ts'
import type { Given } from './file-input.ts'
import { createFollower, type Follower } from './polling.ts'
import type { SourceList } from './source-list.ts'

export interface Watching extends Pick<Follower, 'add' | 'remove' | 'look'> {
  /** Reads a source that changed: with its new files, where it is made of files. */
  refresh(source: SourceId, given?: Given): Promise<void>
  /**
   * Files that the page follows were written to while they were read: they are taken as they are now, before
   * anybody is told that reading failed.
   */
  retake(source: SourceId): Promise<void>
  /** Files are being taken anew. */
  retaking: Accessor<boolean>
  onEvent(event: EngineEvent): void
}

/** At files that are written to in every moment, within half a second; the follower goes on. */
const LOOKS_ANEW = 4

/** Reads again what changed: live sources by themselves, the others when a person says so. */
export function createWatching(
  engine: EngineApi,
  list: SourceList,
  fail: (error: unknown, subject: string) => void,
): Watching {
  const [retaking, setRetaking] = createSignal(0)
  const follower = createFollower({
    look: (id, given) => read(id, given?.files),
    onStale(id, stale) {
      if (list.find(id)?.stale !== stale) list.update(id, { stale })
    },
  })

  async function read(id: SourceId, files: Given['files'] | undefined): Promise<void> {
    const info: SourceInfo = await engine.refresh({ source: id, files })
    list.update(id, { info, changed: undefined, stale: undefined })
  }

  async function retake(id: SourceId): Promise<void> {
    const isChanged = (): boolean => {
      const source = list.find(id)
      return source?.info.live === 'page' && source.changed !== undefined
    }
    if (!isChanged()) return
    setRetaking((n) => n + 1)
    for (let look = 1; look <= LOOKS_ANEW && isChanged(); look++) {
      await follower.look(id)
      if (isChanged()) await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** look))
    }
    setRetaking((n) => n - 1)
  }

  return {
    add: follower.add,
    remove: follower.remove,
    look: follower.look,
    async refresh(id, given) {
      try {
        await read(id, given?.files)
      } catch (error) {
        if (!isAbort(error)) fail(error, given?.name ?? list.find(id)?.info.name ?? id)
      }
    },
    retake,
    retaking: () => retaking() > 0,
    onEvent(event) {
      if (event.kind === 'changed') void untrack(() => retake(event.source))
    },
  }
}

import { createSignal, onCleanup, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { decodeText } from '../../compute/file-kind.ts'
import { isAbort } from '../../model/errors.ts'
import type { FileHits, FileLook, FileRef } from '../../model/file.ts'

/** Bytes of a line that are read. */
const MOST = 4096
const KEEP = 2000

export interface HitLine {
  text: string
  /** It goes on beyond what was read of it. */
  cut: boolean
}

/** Lines with hits, each read where it stands, as far as they are in sight. */
export function createHitLines(
  ask: EngineApi['ask'],
  file: FileRef,
  look: FileLook,
  hits: () => FileHits | undefined,
): { line(hit: number): HitLine | undefined; look(from: number, end: number): void } {
  const [held, setHeld] = createSignal<ReadonlyMap<number, HitLine>>(new Map())
  const asked = new Set<number>()
  const abort = new AbortController()
  onCleanup(() => abort.abort())

  async function read(at: number): Promise<void> {
    try {
      const { bytes } = await ask('fileBytes', { file, from: at, count: MOST }, { signal: abort.signal })
      const { text } = decodeText(bytes, look.encoding)
      const stop = text.indexOf('\n')
      const cut = stop < 0 && at + bytes.length < look.size
      const line = text.slice(at === 0 && look.mark > 0 ? 1 : 0, stop < 0 ? undefined : stop)
      // where it was cut there may be half a letter
      const words = cut ? line.replace(/\ufffd$/, '') : line.replace(/\r$/, '')
      const next = new Map(untrack(held)).set(at, { text: words, cut })
      for (const old of next.keys()) {
        if (next.size <= KEEP) break
        next.delete(old)
        asked.delete(old)
      }
      setHeld(next)
    } catch (error) {
      // it is asked for again when it is looked at again
      asked.delete(at)
      if (!isAbort(error))
        setHeld(new Map(untrack(held)).set(at, { text: '(could not be read)', cut: false }))
    }
  }

  return {
    line: (hit) => held().get(hits()?.at[hit] ?? -1),
    look(from, end) {
      for (let hit = from; hit < end; hit++) {
        const at = untrack(hits)?.at[hit]
        if (at === undefined || asked.has(at)) continue
        asked.add(at)
        void read(at)
      }
    },
  }
}

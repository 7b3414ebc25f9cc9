import { createSignal, onCleanup, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { decodeText } from '../../compute/file-kind.ts'
import { isAbort } from '../../model/errors.ts'
import type { FileHits, FileLook, FileRef } from '../../model/file.ts'

/** Bytes of a line that are read. */
const MOST = 4096
const KEEP = 2000

/** Lines with hits, each read where it stands, as far as they are in sight. */
export function createHitLines(
  ask: EngineApi['ask'],
  file: FileRef,
  look: FileLook,
  hits: () => FileHits | undefined,
): { text(hit: number): string | undefined; look(from: number, end: number): void } {
  const [held, setHeld] = createSignal<ReadonlyMap<number, string>>(new Map())
  const asked = new Set<number>()
  const abort = new AbortController()
  onCleanup(() => abort.abort())

  async function read(at: number): Promise<void> {
    try {
      const { bytes } = await ask('fileBytes', { file, from: at, count: MOST }, { signal: abort.signal })
      const { text } = decodeText(bytes, look.encoding)
      const [line = ''] = text.slice(at === 0 && look.mark > 0 ? 1 : 0).split('\n', 1)
      const next = new Map(untrack(held)).set(at, line.replace(/\r$/, '').replace(/\ufffd$/, ''))
      for (const old of next.keys()) {
        if (next.size <= KEEP) break
        next.delete(old)
        asked.delete(old)
      }
      setHeld(next)
    } catch (error) {
      // it is asked for again when it is looked at again
      asked.delete(at)
      if (!isAbort(error)) setHeld(new Map(untrack(held)).set(at, '(could not be read)'))
    }
  }

  return {
    text: (hit) => held().get(hits()?.at[hit] ?? -1),
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

import { type Accessor, createSignal, onCleanup, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { FileLook, FileRead, FileRef } from '../../model/file.ts'
import type { Notice } from '../../model/source.ts'

/** Bytes that are read together, and how many such pieces are kept. */
const PIECE = 64 << 10
const KEEP = 32

export interface FilePieces {
  /** Bytes [from, from + count); undefined while they are on their way. */
  at(from: number, count: number): Uint8Array | undefined
  look(from: number, end: number): void
  read: Accessor<FileRead>
  failed: Accessor<Notice | undefined>
  ready: Accessor<boolean>
  retry(): void
}

/** The bytes of a file that are in sight. */
export function createFilePieces(ask: EngineApi['ask'], file: FileRef, look: FileLook): FilePieces {
  const [held, setHeld] = createSignal<ReadonlyMap<number, Uint8Array>>(new Map())
  const [read, setRead] = createSignal<FileRead>(look.read)
  const [failed, setFailed] = createSignal<Notice>()
  const [busy, setBusy] = createSignal(false)
  const abort = new AbortController()
  onCleanup(() => abort.abort())
  let sight = { from: 0, end: 0 }

  function wanted(): number | undefined {
    for (let piece = Math.floor(sight.from / PIECE); piece * PIECE < Math.min(sight.end, look.size); piece++)
      if (!untrack(held).has(piece)) return piece
    return undefined
  }

  async function load(): Promise<void> {
    if (untrack(busy)) return
    setBusy(true)
    try {
      for (let piece = wanted(); piece !== undefined; piece = wanted()) {
        const query = { file, from: piece * PIECE, count: PIECE }
        const { bytes, read: now } = await ask('fileBytes', query, { signal: abort.signal })
        const next = new Map(untrack(held)).set(piece, bytes)
        for (const old of next.keys()) {
          if (next.size <= KEEP) break
          next.delete(old)
        }
        setHeld(next)
        setRead(now)
      }
      setBusy(false)
    } catch (error) {
      if (isAbort(error)) return
      setFailed(noticeOf(error, file.path))
      setBusy(false)
    }
  }

  return {
    at(from, count) {
      const piece = held().get(Math.floor(from / PIECE))
      return piece?.subarray(from % PIECE, (from % PIECE) + count)
    },
    look(from, end) {
      sight = { from, end }
      if (wanted() !== undefined && !untrack(failed)) void load()
    },
    read,
    failed,
    ready: () => !busy(),
    retry() {
      setFailed(undefined)
      void load()
    },
  }
}

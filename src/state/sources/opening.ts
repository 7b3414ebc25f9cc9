import { type Accessor, batch, createSignal } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { ChangedOnDiskError, isAbort, noticeOf } from '../../model/errors.ts'
import type { Notice, SourceInfo, SourceRef } from '../../model/source.ts'
import { during, type Job } from '../base/job.ts'

/** How an opening ended. */
export type Opened =
  | { kind: 'opened'; info: SourceInfo }
  | { kind: 'failed'; notice: Notice }
  | { kind: 'given up' }

export interface Opener {
  /** The newest of what is being opened. */
  opening: Accessor<Job | undefined>
  /** What could not be opened; stays until it is dismissed, or a person opens something else. */
  failures: Accessor<Notice[]>
  /** Says what went wrong, where failures are looked for. */
  tell(notice: Notice): void
  fail(error: unknown, subject: string): void
  dismiss(notice: Notice): void
  clear(): void
  /**
   * `arrive` takes what was opened, together with the end of the opening. `anew` gives the same as it is now:
   * of files that are written to while they are opened, which are opened again then, a stated number of
   * times.
   */
  open(
    ref: SourceRef,
    name: string,
    arrive: (info: SourceInfo) => void,
    anew?: () => Promise<SourceRef>,
  ): Promise<Opened>
  /** Shows that something is fetched, with a way to stop it. What it throws is told. */
  fetching(name: string, act: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** Tries again what asked who wants to read. */
  retry(): Promise<void>
}

/** Looks at files that are written to in every moment, within 3 s. */
const LOOKS = 10

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
  signal.throwIfAborted()
}

/** Opens what a person or a link names: progress, a way to stop it, and what failed. */
export function createOpener(engine: EngineApi): Opener {
  const opening = createSignal<Job>()
  const [failures, setFailures] = createSignal<Notice[]>([])
  /** By what was told of it. */
  const again = new Map<Notice, () => Promise<unknown>>()

  function tell(notice: Notice): void {
    setFailures([...failures(), notice])
  }

  function dismiss(notice: Notice): void {
    again.delete(notice)
    setFailures(failures().filter((other) => other !== notice))
  }

  async function open(
    ref: SourceRef,
    name: string,
    arrive: (info: SourceInfo) => void,
    anew?: () => Promise<SourceRef>,
  ): Promise<Opened> {
    try {
      const info = await during(opening, `opening ${name}`, async (options) => {
        let now = ref
        for (let look = 1; ; look++) {
          try {
            const info = await engine.open(now, options)
            batch(() => arrive(info))
            return info
          } catch (error) {
            if (!(error instanceof ChangedOnDiskError) || !anew || look === LOOKS) throw error
            const text = `${error.subject} is written to while it is read: look ${look + 1} of ${LOOKS}`
            options.onProgress({ text, bytes: 0, totalBytes: 0 })
            await pause(Math.min(400, 20 * 2 ** look), options.signal)
            now = await anew()
          }
        }
      })
      return { kind: 'opened', info }
    } catch (error) {
      if (isAbort(error)) return { kind: 'given up' }
      const notice = noticeOf(error, name)
      again.set(notice, () => open(ref, name, arrive, anew))
      tell(notice)
      return { kind: 'failed', notice }
    }
  }

  return {
    opening: opening[0],
    failures,
    tell,
    fail: (error, subject) => tell(noticeOf(error, subject)),
    dismiss,
    clear() {
      again.clear()
      setFailures([])
    },
    open,
    async fetching(name, act) {
      try {
        await during(opening, `opening ${name}`, ({ signal }) => act(signal))
      } catch (error) {
        if (!isAbort(error)) tell(noticeOf(error, name))
      }
    },
    async retry() {
      for (const [notice, once] of [...again]) {
        if (notice.access === undefined) continue
        dismiss(notice)
        await once()
      }
    },
  }
}

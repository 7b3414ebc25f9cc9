import { type Accessor, createSignal, onCleanup } from 'solid-js'
import { isAbort, noticeOf } from '../../model/errors.ts'

export interface InSightOptions<W, A> {
  /** What it is, for the words of a failure. */
  subject: string
  /** What was read of another one is forgotten. */
  of: Accessor<string | undefined>
  ask(of: string, wanted: W[], signal: AbortSignal): Promise<A[]>
  /** So many are asked for at once. */
  most: number
}

export interface InSight<W, A> {
  /** Undefined while it is being read, which this begins. */
  get(id: string, wanted: W): A | undefined
  busy: Accessor<boolean>
  /** Why the last ones could not be read; they are asked for again by what is on screen when it moves. */
  failed: Accessor<string | undefined>
  retry(): void
}

/** Small answers for what is in sight of a long list, asked for together, and kept. */
export function createInSight<W, A>({ subject, of, ask, most }: InSightOptions<W, A>): InSight<W, A> {
  const [loaded, setLoaded] = createSignal(0)
  const [busy, setBusy] = createSignal(false)
  const [failed, setFailed] = createSignal<string>()
  const known = new Map<string, A>()
  const waiting = new Map<string, W>()
  const ended = new AbortController()
  let owner: string | undefined
  onCleanup(() => ended.abort())

  function keepOwn(): void {
    if (owner === of()) return
    owner = of()
    known.clear()
    waiting.clear()
  }

  async function readWaiting(): Promise<void> {
    if (busy()) return
    setBusy(true)
    try {
      let more = true
      while (more) more = await readSome()
    } finally {
      setBusy(false)
    }
  }

  /** Whether there may be more. */
  async function readSome(): Promise<boolean> {
    keepOwn()
    const from = owner
    if (from === undefined || waiting.size === 0 || ended.signal.aborted) return false
    // those that came into sight last are looked at now
    const batch = [...waiting].slice(-most)
    try {
      const found = await ask(
        from,
        batch.map(([, wanted]) => wanted),
        ended.signal,
      )
      if (from !== of()) return true
      for (const [i, [id]] of batch.entries()) {
        const answer = found[i]
        if (answer !== undefined) known.set(id, answer)
        waiting.delete(id)
      }
      setFailed(undefined)
    } catch (error) {
      if (from !== of()) return true
      waiting.clear()
      if (!isAbort(error)) setFailed(noticeOf(error, subject).text)
    }
    setLoaded((n) => n + 1)
    return failed() === undefined
  }

  return {
    get(id, wanted) {
      loaded()
      keepOwn()
      const found = known.get(id)
      if (found !== undefined || waiting.has(id) || failed() !== undefined) return found
      waiting.set(id, wanted)
      if (waiting.size === 1) queueMicrotask(() => void readWaiting())
      return undefined
    },
    busy,
    failed,
    retry() {
      setFailed(undefined)
      setLoaded((n) => n + 1)
    },
  }
}

import type { Match } from '../model/pattern.ts'

/*
 * A worker for regular expressions alone: one that takes too long is ended together with its worker, and
 * nothing else suffers. Its code is text, so that it starts wherever a page may start any worker, the page of
 * one file included.
 */

/** `slow`: it took longer than the limit. `none`: this page may start no worker. */
export type Tried = { kind: 'found'; matches: (Match | null)[] } | { kind: 'slow' } | { kind: 'none' }

export interface PatternRunner {
  /**
   * Tries a pattern on texts, case ignored; one call after the other. Entry i of `matches` belongs to text i.
   * Never rejects.
   */
  run(source: string, texts: readonly string[]): Promise<Tried>
}

/** As much of a Worker as is needed; tests have another one. */
export type PatternWorker = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>

/** A pattern may take so long with all its texts. */
export const PATTERN_LIMIT_MS = 200
/** A page that is busy itself hears of an answer late. */
const GRACE_MS = 50
/** A worker that has not begun by then does not come. */
const START_MS = 10_000
/** A machine that is busy may hold up a worker: only what is slow twice is slow. */
const TRIES = 2

/** Says that it begins, so that the time that a worker takes to start does not count, then answers. */
const CODE = `onmessage = ({ data: { source, texts } }) => {
  postMessage(undefined)
  const pattern = new RegExp(source, 'i')
  postMessage(texts.map((text) => {
    const found = pattern.exec(text)
    return found && [found[0], found[1]]
  }))
}`

export function makePatternRunner(start: (code: string) => PatternWorker = startWorker): PatternRunner {
  let worker: PatternWorker | undefined
  let last: Promise<unknown> = Promise.resolve()

  function attempt(source: string, texts: readonly string[]): Promise<Tried> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout>
      const end = (tried: Tried): void => {
        clearTimeout(timer)
        if (tried.kind !== 'found') {
          worker?.terminate()
          worker = undefined
        }
        resolve(tried)
      }
      const begins = (): void => {
        clearTimeout(timer)
        timer = setTimeout(() => {
          timer = setTimeout(() => end({ kind: 'slow' }), GRACE_MS)
        }, PATTERN_LIMIT_MS)
      }
      timer = setTimeout(() => end({ kind: 'none' }), START_MS)
      try {
        worker ??= start(CODE)
      } catch {
        end({ kind: 'none' }) // refused, as in a frame without an origin
        return
      }
      worker.onmessage = ({ data }: MessageEvent<(Match | null)[] | undefined>) =>
        data ? end({ kind: 'found', matches: data }) : begins()
      worker.onerror = () => end({ kind: 'none' })
      worker.postMessage({ source, texts })
    })
  }

  async function tries(source: string, texts: readonly string[]): Promise<Tried> {
    for (let n = 1; ; n++) {
      const tried = await attempt(source, texts)
      if (tried.kind !== 'slow' || n === TRIES) return tried
    }
  }

  return {
    run(source, texts) {
      const tried = last.then(() => tries(source, texts))
      last = tried
      return tried
    },
  }
}

function startWorker(code: string): Worker {
  const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  try {
    return new Worker(address)
  } finally {
    // it is fetched by then
    setTimeout(() => URL.revokeObjectURL(address), START_MS)
  }
}

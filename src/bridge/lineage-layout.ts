/*
 * A worker that lays graphs out, and nothing else: two thousand nodes take it seconds. It starts with the first
 * graph, and ends with a request that nobody waits for any more: what it works on cannot be stopped otherwise.
 */

/** What is asked of it, and what it answers; buffers of the answer move. */
export interface LayoutCall<G> {
  id: number
  graph: G
}

export type LayoutReply<L> = { id: number; layout: L; ms: number } | { id: number; error: string }

/** As much of a Worker as is needed; tests have another one. */
export type LayoutWorker = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>

export interface LaidOut<L> {
  layout: L
  /** How long it took, ms. */
  ms: number
}

export interface Layouts<G, L> {
  /** One after the other. Rejects with an AbortError when `signal` fires, and with what went wrong. */
  layOut(graph: G, signal: AbortSignal): Promise<LaidOut<L>>
  end(): void
}

/**
 * `start`: starts a worker; throws, or is undefined, where a page may start none. Then `here` does the same on
 * this thread.
 */
export function makeLayouts<G, L>(
  start: (() => LayoutWorker) | undefined,
  here: () => Promise<(graph: G) => L>,
): Layouts<G, L> {
  let worker: LayoutWorker | undefined
  let refused = start === undefined
  let asked = 0
  let last: Promise<unknown> = Promise.resolve()

  return {
    layOut(graph, signal) {
      const laid = last.then(() => one(graph, signal))
      last = laid.catch(() => {})
      return laid
    },
    end,
  }

  function end(): void {
    worker?.terminate()
    worker = undefined
  }

  async function one(graph: G, signal: AbortSignal): Promise<LaidOut<L>> {
    signal.throwIfAborted()
    if (!refused) {
      const laid = await inWorker(graph, signal)
      if (laid) return laid
      refused = true
    }
    const layOut = await here()
    signal.throwIfAborted()
    const begun = performance.now()
    return { layout: layOut(graph), ms: performance.now() - begun }
  }

  /** Undefined where no worker may be started. */
  function inWorker(graph: G, signal: AbortSignal): Promise<LaidOut<L> | undefined> {
    return new Promise((resolve, reject) => {
      try {
        worker ??= start?.()
      } catch {
        worker = undefined // refused, as in a frame without an origin
      }
      const own = worker
      if (!own) return resolve(undefined)
      const id = ++asked
      const giveUp = (): void => {
        end()
        reject(signal.reason)
      }
      const settle = (): void => signal.removeEventListener('abort', giveUp)
      signal.addEventListener('abort', giveUp, { once: true })
      own.onmessage = ({ data }: MessageEvent<LayoutReply<L>>) => {
        if (data.id !== id) return
        settle()
        if ('error' in data) reject(new Error(data.error))
        else resolve({ layout: data.layout, ms: data.ms })
      }
      own.onerror = (event) => {
        settle()
        end()
        // one that never came says nothing of what it was asked
        if (event.message) reject(new Error(event.message))
        else resolve(undefined)
      }
      const call: LayoutCall<G> = { id, graph }
      own.postMessage(call)
    })
  }
}

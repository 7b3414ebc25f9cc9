import type { PortToWorker } from './bridge/writer-connect.ts'

/*
 * Starts the workers of the tracking API, from the files beside this one. The package has another way in its place (build/tracking-start.ts).
 */

/** The one that writes; where that failed before, what writes to memory on this thread. */
export function startWriter(attempt: number): Worker | PortToWorker {
  if (attempt > 0) return startHere()
  try {
    return new Worker(new URL('./writer.worker.ts', import.meta.url), { type: 'module', name: 'trackio-writer' })
  } catch {
    // refused at once: the next way is the same as for a worker that fails later
    return startHere()
  }
}

/** The one that reads. */
export function startReader(): PortToWorker {
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(new URL('./reader.worker.ts', import.meta.url), { type: 'module', name: 'trackio-reader' })
  const lost = new Promise<Error>((resolve) => {
    worker.onerror = (event) => resolve(new Error(event.message || 'it could not be started'))
  })
  worker.postMessage({ port: port2 }, [port2])
  return {
    port: port1,
    lost,
    end() {
      worker.terminate()
      port1.close()
    },
  }
}

function startHere(): PortToWorker {
  const { port1, port2 } = new MessageChannel()
  const lost = import('./writer-here.ts').then(
    ({ serveHere }) => {
      serveHere(port2)
      return new Promise<Error>(() => {}) // it ends with the page
    },
    (cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause))),
  )
  return { port: port1, lost, end: () => port1.close() }
}

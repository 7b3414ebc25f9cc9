import type { PortToWorker } from './bridge/writer-connect.ts'

/** Starts the worker that writes, from the file beside this one; where that failed, what writes to memory on this thread. The package has another way in its place. */
export function startWriter(attempt: number): Worker | PortToWorker {
  if (attempt > 0) return startHere()
  try {
    return new Worker(new URL('./writer.worker.ts', import.meta.url), { type: 'module', name: 'trackio-writer' })
  } catch {
    // refused at once: the next way is the same as for a worker that fails later
    return startHere()
  }
}

export function startHere(): PortToWorker {
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

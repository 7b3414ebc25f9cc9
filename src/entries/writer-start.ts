import {
  type PortToWorker,
  programBehindPort,
  programInWorker,
  type TrackingEnd,
  type TrackingProgram,
  type TrackingStart,
} from '../bridge/tracking-start.ts'

/*
 * Starts the programs of the tracking API from the files beside this one, for pages that are built from them.
 * The package has another way in its place (build/start-from-text.ts).
 */

/** The one that writes; where no worker could be started before, what writes to memory on this thread. */
export function startWriter(attempt: number): Required<PortToWorker> {
  return programBehindPort((lose) => begun('writer', attempt > 0, lose))
}

/** One that works for it at the Hub and asks it at `store`. `here`: on this thread, as it does. */
export function startHubProgram(end: 'deliver' | 'publish', store: MessagePort, here: boolean): PortToWorker {
  return programBehindPort((lose) => begun(end, here, lose), store)
}

/** The one that reads. */
export function startReader(): PortToWorker {
  return programBehindPort((lose) => begun('reader', false, lose))
}

async function begun(
  end: TrackingEnd,
  here: boolean,
  lose: (cause: Error) => void,
): Promise<TrackingProgram> {
  if (!here) {
    const worker = new Worker(new URL('./tracking.worker.ts', import.meta.url), {
      type: 'module',
      name: 'trackio',
    })
    return programInWorker(worker, lose, { end })
  }
  const serve = await serveOf(end)
  return { send: (start) => serve({ ...start, here: true }), end() {} } // it ends with the page
}

async function serveOf(end: TrackingEnd): Promise<(start: TrackingStart) => void> {
  if (end === 'writer') return (await import('./writer-here.ts')).serve
  if (end === 'deliver') return (await import('./deliver-end.ts')).serve
  if (end === 'publish') return (await import('./publish-end.ts')).serve
  throw new Error('reading needs a worker, which this page may not start')
}

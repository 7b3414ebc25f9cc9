/** A worker behind a port, for whoever started it by a detour. */
export interface PortToWorker {
  port: MessagePort
  /** Resolves once it is gone. */
  lost: Promise<Error>
  end(): void
  /** Has it answer at another port, too. */
  serve?(port: MessagePort): void
}

/** The programs of the tracking API that run beside the page, each in a worker of its own. */
export type TrackingEnd = 'writer' | 'deliver' | 'publish' | 'reader'

/**
 * What a program gets to start with; the one that writes gets one more for each further port that it is to
 * answer at.
 */
export interface TrackingStart {
  /** Where it answers. */
  port: MessagePort
  /** SQLite's wasm, where it cannot be fetched from beside the program. */
  wasm?: ArrayBuffer
  /** A port at which the one that writes answers. */
  store?: MessagePort
  /** It runs on the page's own thread, as no worker could be started. */
  here?: boolean
}

/** A program that was begun, in a worker or on this thread. */
export interface TrackingProgram {
  send(start: TrackingStart): void
  end(): void
}

/**
 * The page's side of a program: a port at which it answers once it has begun. `begin` is told whom to tell
 * when it is lost later.
 */
export function programBehindPort(
  begin: (lose: (cause: Error) => void) => Promise<TrackingProgram>,
  store?: MessagePort,
): Required<PortToWorker> {
  const { port1, port2 } = new MessageChannel()
  let lose: (cause: Error) => void = () => {}
  const lost = new Promise<Error>((resolve) => {
    lose = resolve
  })
  const program = begin(lose)
  const failed = (cause: unknown): void => lose(cause instanceof Error ? cause : new Error(String(cause)))
  const send = (start: TrackingStart): void => void program.then((begun) => begun.send(start)).catch(failed)
  send({ port: port2, ...(store && { store }) })
  return {
    port: port1,
    lost,
    serve: (port) => send({ port }),
    end() {
      // what never began has been said by `lost`
      program.then((begun) => begun.end()).catch(failed)
      port1.close()
    },
  }
}

/** A program in a worker. It is lost when the worker throws, or its script cannot be had. */
export function programInWorker(
  worker: Worker,
  lose: (cause: Error) => void,
  first: { end?: TrackingEnd; wasm?: ArrayBuffer },
): TrackingProgram {
  worker.onerror = (event) => lose(new Error(event.message || 'it could not be started'))
  let more = first
  return {
    send(start) {
      const { wasm, ...same } = more
      worker.postMessage(
        { ...more, ...start },
        [start.port, start.store, wasm].filter((one) => one !== undefined),
      )
      more = same
    },
    end: () => worker.terminate(),
  }
}

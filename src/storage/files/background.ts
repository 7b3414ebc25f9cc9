/*
 * Reading a Blob happens on the thread that asks: its bytes come through a pipe that only moves while that
 * thread is idle. A worker that scans what it reads would stop its own supply (E of the bench: 3.5 s, against
 * 1.1 s this way). So a second worker does nothing but read, and hands over whole blocks. The page starts it:
 * now and then (8 of 590 loads) Firefox 153 never comes back from starting a worker within a worker.
 */

interface Answer {
  id: number
  buffer?: ArrayBuffer
  error?: { name: string; message: string }
}

let reader: MessagePort | undefined
let asked = 0
const waiting = new Map<
  number,
  { resolve: (buffer: ArrayBuffer) => void; reject: (cause: unknown) => void }
>()

/** Bytes of a blob, read on another thread where there is one. Rejects as Blob.arrayBuffer does. */
export function readInBackground(blob: Blob): Promise<ArrayBuffer> {
  const port = reader
  if (!port) return blob.arrayBuffer()
  return new Promise((resolve, reject) => {
    const id = ++asked
    waiting.set(id, { resolve, reject })
    port.postMessage({ id, blob })
  })
}

/**
 * Reads by the worker at the other end from when it says that it is there; one that cannot be started never
 * does.
 */
export function readThrough(port: MessagePort): void {
  port.onmessage = ({ data }: MessageEvent<Answer | 'here'>) => {
    if (data === 'here') {
      reader = port
      return
    }
    const one = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.buffer) one?.resolve(data.buffer)
    else
      one?.reject(
        Object.assign(new Error(data.error?.message ?? 'not read'), {
          name: data.error?.name ?? 'NotReadableError',
        }),
      )
  }
}

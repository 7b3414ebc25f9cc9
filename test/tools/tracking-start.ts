import type { PortToWorker } from '../../src/bridge/writer-connect.ts'

/** Starts the worker that writes, from the text beside this file; where that failed, what writes to memory on this thread. Stands in for src/writer-start.ts in the package. */
export function startWriter(attempt: number): PortToWorker {
  const { port1, port2 } = new MessageChannel()
  let worker: Worker | undefined
  const start = async (): Promise<Error> => {
    const { code, wasm } = await import(/* @vite-ignore */ './trackio-writer.js')
    const bytes = await unpacked(wasm)
    if (attempt > 0) {
      const { serveHere } = await import(/* @vite-ignore */ './trackio-here.js')
      serveHere(port2, bytes)
      return new Promise(() => {}) // it ends with the page
    }
    const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
    const made = new Worker(address, { name: 'trackio-writer' })
    worker = made
    const lost = new Promise<Error>((resolve) => {
      made.onerror = (event) => resolve(new Error(event.message || 'it could not be started'))
    })
    made.postMessage({ wasm: bytes, port: port2 }, [bytes, port2])
    return lost
  }
  const lost = start().catch((cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause))))
  return {
    port: port1,
    lost,
    end() {
      worker?.terminate()
      port1.close()
    },
  }
}

async function unpacked(text: string): Promise<ArrayBuffer> {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}

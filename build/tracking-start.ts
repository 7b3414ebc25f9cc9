import type { PortToWorker } from '../src/bridge/writer-connect.ts'

/** Starts the worker that writes, from the text beside this file; where that failed, what writes to memory on this thread. Stands in for src/writer-start.ts in the package. */
export function startWriter(attempt: number): PortToWorker {
  return started('trackio-writer', async (port) => {
    const { code, wasm } = await import(/* @vite-ignore */ './trackio-writer.js')
    if (attempt === 0) return { code, wasm: await unpacked(wasm) }
    const { serveHere } = await import(/* @vite-ignore */ './trackio-here.js')
    serveHere(port, await unpacked(wasm))
    return undefined
  })
}

/** The one that reads. */
export function startReader(): PortToWorker {
  return started('trackio-reader', async () => {
    const [{ code }, { wasm }] = await Promise.all([
      import(/* @vite-ignore */ './trackio-reader.js'),
      import(/* @vite-ignore */ './trackio-writer.js'),
    ])
    return { code, wasm: await unpacked(wasm) }
  })
}

/** A worker made of text, or (without one) what was set up on this thread. */
function started(name: string, load: (port: MessagePort) => Promise<{ code: string; wasm: ArrayBuffer } | undefined>): PortToWorker {
  const { port1, port2 } = new MessageChannel()
  let worker: Worker | undefined
  const start = async (): Promise<Error> => {
    const found = await load(port2)
    if (!found) return new Promise(() => {}) // it ends with the page
    const { code, wasm } = found
    const made = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { name })
    worker = made
    const lost = new Promise<Error>((resolve) => {
      made.onerror = (event) => resolve(new Error(event.message || 'it could not be started'))
    })
    made.postMessage({ wasm, port: port2 }, [wasm, port2])
    return lost
  }
  return {
    port: port1,
    lost: start().catch((cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause)))),
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

/** Reads blobs for the engine's worker, see background.ts. */
self.onmessage = async ({ data }: MessageEvent<{ id: number; blob: Blob }>) => {
  try {
    const buffer = await data.blob.arrayBuffer()
    self.postMessage({ id: data.id, buffer }, { transfer: [buffer] })
  } catch (cause) {
    self.postMessage({
      id: data.id,
      error: { name: cause instanceof Error || cause instanceof DOMException ? cause.name : 'Error', message: String(cause) },
    })
  }
}

/**
 * Reads blobs for the engine's worker, which is at the other end of the port that comes first; see
 * background.ts.
 */
self.onmessage = ({ data: port }: MessageEvent<MessagePort>) => {
  port.onmessage = async ({ data }: MessageEvent<{ id: number; blob: Blob }>) => {
    try {
      const buffer = await data.blob.arrayBuffer()
      port.postMessage({ id: data.id, buffer }, { transfer: [buffer] })
    } catch (cause) {
      port.postMessage({
        id: data.id,
        error: {
          name: cause instanceof Error || cause instanceof DOMException ? cause.name : 'Error',
          message: String(cause),
        },
      })
    }
  }
  port.postMessage('here')
}

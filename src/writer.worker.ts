import { serveWriter } from './bridge/writer-serve.ts'
import { useWasm } from './engine/database.ts'
import { createWriter } from './engine/writer/post.ts'
import { opfsWriteTree } from './storage/opfs-write.ts'

const writer = createWriter({
  locks: navigator.locks,
  channel: (name) => new BroadcastChannel(name),
  allowed: async () => {
    if (typeof FileSystemFileHandle === 'undefined' || !('createSyncAccessHandle' in FileSystemFileHandle.prototype))
      throw new DOMException('this browser cannot write files of its own', 'NotSupportedError')
    await navigator.storage.getDirectory()
  },
  open: () => opfsWriteTree('trackio'),
})
serveWriter(writer)

// the package starts this worker without a file of its own, and talks to it over a port
addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (typeof data !== 'object' || data === null) return
  if ('wasm' in data && data.wasm instanceof ArrayBuffer) useWasm(data.wasm)
  if ('port' in data && data.port instanceof MessagePort) serveWriter(writer, data.port)
})

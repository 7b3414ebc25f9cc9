import type { LocalStoreApi } from '../../bridge/writer-api.ts'
import { opfsWriteTree } from '../../storage/opfs/opfs-write-tree.ts'
import { makeSharedStore } from './leader-election.ts'

/** The local store of this browser: one of the tabs and workers owns it, the others ask that one. */
export function browserWriter(): LocalStoreApi {
  return makeSharedStore({
    locks: navigator.locks,
    channel: (name) => new BroadcastChannel(name),
    allowed: async () => {
      if (
        typeof FileSystemFileHandle === 'undefined' ||
        !('createSyncAccessHandle' in FileSystemFileHandle.prototype)
      )
        throw new DOMException('this browser cannot write files of its own', 'NotSupportedError')
      if (!navigator.storage)
        throw new DOMException('this browser has no storage for files', 'NotSupportedError')
      await navigator.storage.getDirectory()
    },
    open: () => opfsWriteTree('trackio'),
  })
}

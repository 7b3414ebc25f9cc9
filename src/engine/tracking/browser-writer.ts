import type { DeskApi } from '../../bridge/writer-api.ts'
import { opfsWriteTree } from '../../storage/opfs/opfs-write-tree.ts'
import { createWriter } from './leader-election.ts'

/** A writer of this browser's storage: one of the tabs and workers that take turns in owning it. */
export function browserWriter(): DeskApi {
  return createWriter({
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

import type { LocalStoreApi } from '../../bridge/writer-api.ts'
import { checkWritable } from '../../storage/opfs/folder.ts'
import { opfsWriteTree } from '../../storage/opfs/opfs-write-tree.ts'
import { makeSharedStore } from './leader-election.ts'

/** The local store of this browser: one of the tabs and workers owns it, the others ask that one. */
export function browserWriter(): LocalStoreApi {
  return makeSharedStore({
    locks: navigator.locks,
    channel: (name) => new BroadcastChannel(name),
    allowed: checkWritable,
    open: () => opfsWriteTree('trackio'),
  })
}

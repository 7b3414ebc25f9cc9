import type { DeskApi } from '../../bridge/writer-api.ts'
import { checkWritable } from '../../storage/opfs/folder.ts'
import { opfsWriteTree } from '../../storage/opfs/opfs-write-tree.ts'
import { createWriter } from './leader-election.ts'

/** A writer of this browser's storage: one of the tabs and workers that take turns in owning it. */
export function browserWriter(): DeskApi {
  return createWriter({
    locks: navigator.locks,
    channel: (name) => new BroadcastChannel(name),
    allowed: checkWritable,
    open: () => opfsWriteTree('trackio'),
  })
}

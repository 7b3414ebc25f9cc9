import { TrackioError } from '../model/errors.ts'
import type { NamedFile, SourceRef } from '../model/source.ts'
import { filesTree } from '../storage/files.ts'
import { type Door, type DoorContext, EVERY, treeDoor } from './door.ts'

/* What is behind a network beyond plain addresses comes with code of its own, loaded when it is asked for. */

/** From a description to a door. Nothing is read yet but what tells which door it is. */
export async function openDoor(ref: SourceRef, context: DoorContext): Promise<Door> {
  switch (ref.kind) {
    case 'files': {
      const tree = filesTree(ref.files)
      return {
        ...treeDoor(tree, { name: ref.name, prefer: 'database' }, () => nothingFound(ref.files)),
        live: ref.live ? 'page' : false,
        every: EVERY.near,
        link: ref.link,
        replace: (files) => tree.replace(files),
      }
    }
    case 'address':
      return (await import('./address-door.ts')).addressDoor(ref, context)
    case 'beside':
      return (await import('./address-door.ts')).pageDoor(ref, context)
    case 'kept':
      return keptDoor(ref.name)
    case 'tracked':
      return (await import('./tracked.ts')).trackedDoor()
  }
}

/** A copy in this browser's library. */
async function keptDoor(name: string): Promise<Door> {
  const { openLibrary } = await import('./library.ts')
  const { tree, unit, kept } = await (await openLibrary()).open(name)
  return {
    ...treeDoor(tree, { name: kept.project, prefer: 'database' }),
    name,
    look: async () => [unit],
    notices: () => [],
  }
}

const SIDECAR = /-(wal|shm|journal)$/i

function nothingFound(files: readonly NamedFile[]): TrackioError {
  const names = files.slice(0, 3).map((file) => file.path)
  const [only] = files
  if (files.length === 1 && only && SIDECAR.test(only.path)) {
    return new TrackioError(only.path, 'only a sidecar of a database', `Drop ${only.path.replace(SIDECAR, '')} together with it.`)
  }
  const action = "Choose a .db file, or trackio's folder (~/.cache/huggingface/trackio)."
  if (files.length === 0) return new TrackioError('folder', 'no files in it', action)
  return new TrackioError(names.join(', '), `no .db file among ${files.length === 1 ? 'it' : `${files.length} files`}`, action)
}

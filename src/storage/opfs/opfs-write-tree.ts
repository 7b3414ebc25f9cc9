import { pause } from '../pause.ts'
import { type Folder, openFolder } from './folder.ts'
import type { SyncFile } from './sync-file.ts'
import type { WriteTree } from './write-tree.ts'

/** Another thread may hold a file for a moment after its tab was closed. */
const TRIES = 30
const TRY_EVERY = 100
const PROBE = '.probe-'
const PUT_CHUNK = 4 << 20

/**
 * A folder of this browser's private storage (OPFS), for the one thread that writes it. Its files are plain
 * files under their own names, so other tabs read them with `getFile()` while they are written. Rejects where
 * storage is blocked, as in frames of other sites.
 */
export async function opfsWriteTree(folder: string): Promise<WriteTree> {
  // found anew each time: when the site's data is cleared, a handle stays that of the folder that is gone
  const root = (): Promise<Folder> => openFolder(folder)
  await probe(await root())
  return {
    kind: 'stored',
    open: async (path) => openPatiently(await root(), path),
    ensure: async (path) => (await root()).ensure(path),
    size: async (path) => (await (await root()).file(path))?.size,
    async put(path, blob) {
      const file = await openPatiently(await root(), path)
      try {
        file.truncate(0)
        for (let at = 0; at < blob.size; at += PUT_CHUNK) {
          file.write(new Uint8Array(await blob.slice(at, at + PUT_CHUNK).arrayBuffer()), at)
        }
        file.flush()
      } finally {
        file.close()
      }
    },
    blob: async (path) => (await root()).file(path),
    names: async (path) => (await root()).names(path),
    move: async (from, to) => (await root()).move(from, to),
    remove: async (path) => (await root()).remove(path),
  }
}

/**
 * Storage may be there, and access handles not (Safari before 15.2, some private windows): better known
 * before the first row.
 */
async function probe(root: Folder): Promise<void> {
  // a tab that was killed while it tried left its file behind; one thread alone writes this folder, so nobody
  // tries now
  for (const name of await root.names('')) if (name.startsWith(PROBE)) await removeProbe(root, name)
  const name = PROBE + Math.random().toString(36).slice(2)
  try {
    const file = await root.open(name)
    file.close()
  } finally {
    await removeProbe(root, name)
  }
}

/** One that is still held by a thread that just ended goes the next time. */
async function removeProbe(root: Folder, name: string): Promise<void> {
  await root.remove(name).catch((cause: unknown) => {
    if (!isHeld(cause)) throw cause
  })
}

async function openPatiently(root: Folder, path: string): Promise<SyncFile> {
  for (let tries = 1; ; tries++) {
    try {
      return await root.open(path)
    } catch (cause) {
      if (tries >= TRIES || !isHeld(cause)) throw cause
      await pause(TRY_EVERY)
    }
  }
}

function isHeld(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'NoModificationAllowedError'
}

import { fileBytes } from '../files/file.ts'
import type { BlockStore } from './block-store.ts'

// only workers have it; the page's type library does not name it
interface SyncHandle {
  write(data: Uint8Array, options?: { at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}

/**
 * Folders below `root` of this origin's private file system. Undefined where the browser has none, or refuses
 * it to this frame.
 */
export async function opfsStore(root: string): Promise<BlockStore | undefined> {
  let top: FileSystemDirectoryHandle
  try {
    top = await (await navigator.storage.getDirectory()).getDirectoryHandle(root, { create: true })
  } catch {
    // third-party frames with blocked storage, private windows of Firefox, no secure context, Node: all
    // without
    return undefined
  }
  return {
    async folders() {
      const names: string[] = []
      for await (const [name, handle] of top.entries()) if (handle.kind === 'directory') names.push(name)
      return names
    },
    async names(folder) {
      const names: string[] = []
      const found = await missingIs(undefined, top.getDirectoryHandle(folder))
      if (found) for await (const name of found.keys()) names.push(name)
      return names
    },
    async open(folder, name) {
      const found = await missingIs(undefined, top.getDirectoryHandle(folder))
      const handle = found && (await missingIs(undefined, found.getFileHandle(name)))
      return handle && fileBytes(name, await handle.getFile())
    },
    async write(folder, name, data) {
      const handle = await (await top.getDirectoryHandle(folder, { create: true })).getFileHandle(name, {
        create: true,
      })
      const made = await syncHandle(handle)?.catch(unlessUnsupported)
      if (!made) {
        const writable = await handle.createWritable()
        await writable.write(Uint8Array.from(data))
        return writable.close()
      }
      try {
        // in place: a name always has the same bytes, and another tab may be reading them (a File of a
        // private window shows what is there now)
        let done = 0
        while (done < data.length) {
          const count = made.write(data.subarray(done), { at: done })
          // in private windows Chromium 156 throws nothing when it is full, but has "written" 4,294,967,288
          // bytes (−8)
          if (count <= 0 || count > data.length - done)
            throw new DOMException(`${done} of ${data.length} bytes`, 'QuotaExceededError')
          done += count
        }
        made.truncate(data.length)
        made.flush()
      } finally {
        made.close()
      }
    },
    async remove(folder, name) {
      if (name === undefined) return missingIs(undefined, top.removeEntry(folder, { recursive: true }))
      const found = await missingIs(undefined, top.getDirectoryHandle(folder))
      await missingIs(undefined, found?.removeEntry(name))
    },
  }
}

/**
 * Safari writes no other way before version 26; the other browsers are faster this way. Only workers have it.
 */
function syncHandle(handle: FileSystemFileHandle): Promise<SyncHandle> | undefined {
  const make: unknown = Reflect.get(handle, 'createSyncAccessHandle')
  return typeof make === 'function' ? Reflect.apply(make, handle, []) : undefined
}

/** WebKitGTK has the function and refuses it to some pages. */
function unlessUnsupported(cause: unknown): undefined {
  if (!(cause instanceof DOMException) || cause.name !== 'NotSupportedError') throw cause
}

async function missingIs<T>(instead: T, found: Promise<T> | undefined): Promise<T> {
  try {
    return (await found) ?? instead
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'NotFoundError') return instead
    throw cause
  }
}

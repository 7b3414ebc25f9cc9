import { move } from './opfs.ts'
import type { SyncFile } from './sync-file.ts'
import type { WriteTree } from './write-tree.ts'

// only workers have it; the page's type library does not name it
interface SyncAccessHandle {
  read(target: Uint8Array, options: { at: number }): number
  write(source: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  getSize(): number
  flush(): void
  close(): void
}

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
  const root = async (): Promise<FileSystemDirectoryHandle> =>
    (await navigator.storage.getDirectory()).getDirectoryHandle(folder, { create: true })
  await probe(await root())
  return {
    kind: 'stored',
    open: async (path) => syncFile(path, await handleOf(await root(), path)),
    ensure: async (path) => void (await fileHandle(await root(), path)),
    async size(path) {
      return (await fileOf(await root(), path))?.size
    },
    async put(path, blob) {
      const file = syncFile(path, await handleOf(await root(), path))
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
    blob: async (path) => fileOf(await root(), path),
    async names(path) {
      const names: string[] = []
      const inside = await folderOf(await root(), path)
      if (inside)
        for await (const [name, handle] of inside.entries())
          names.push(handle.kind === 'directory' ? `${name}/` : name)
      return names.sort()
    },
    async move(from, to) {
      const file = await fileHandle(await root(), from)
      const [folder, name] = await placeOf(await root(), to)
      await move(file, folder, name)
    },
    async remove(path) {
      const parts = partsOf(path)
      const name = parts.pop() ?? ''
      const inside = await folderOf(await root(), parts.join('/'))
      await inside?.removeEntry(name, { recursive: true }).catch(unlessMissing)
    },
  }
}

/**
 * Storage may be there, and access handles not (Safari before 15.2, some private windows): better known
 * before the first row.
 */
async function probe(root: FileSystemDirectoryHandle): Promise<void> {
  // a tab that was killed while it tried left its file behind; one thread alone writes this folder, so nobody
  // tries now
  for await (const [name] of root.entries()) if (name.startsWith(PROBE)) await removeProbe(root, name)
  const name = PROBE + Math.random().toString(36).slice(2)
  try {
    const file = await accessOf(await root.getFileHandle(name, { create: true }))
    file.close()
  } finally {
    await removeProbe(root, name)
  }
}

/** One that is still held by a thread that just ended goes the next time. */
async function removeProbe(root: FileSystemDirectoryHandle, name: string): Promise<void> {
  await root.removeEntry(name).catch((cause: unknown) => {
    if (!(cause instanceof Error) || cause.name !== 'NoModificationAllowedError') unlessMissing(cause)
  })
}

async function fileHandle(root: FileSystemDirectoryHandle, path: string): Promise<FileSystemFileHandle> {
  const [folder, name] = await placeOf(root, path)
  return folder.getFileHandle(name, { create: true })
}

/** The folder that a path lies in, made where it is missing, and the name there. */
async function placeOf(
  root: FileSystemDirectoryHandle,
  path: string,
): Promise<[FileSystemDirectoryHandle, string]> {
  const parts = partsOf(path)
  const name = parts.pop() ?? ''
  let folder = root
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true })
  return [folder, name]
}

async function handleOf(root: FileSystemDirectoryHandle, path: string): Promise<SyncAccessHandle> {
  const file = await fileHandle(root, path)
  for (let tries = 1; ; tries++) {
    try {
      return await accessOf(file)
    } catch (cause) {
      if (tries >= TRIES || !(cause instanceof Error) || cause.name !== 'NoModificationAllowedError')
        throw cause
      await new Promise((resolve) => setTimeout(resolve, TRY_EVERY))
    }
  }
}

async function accessOf(file: FileSystemFileHandle): Promise<SyncAccessHandle> {
  const create: unknown = Reflect.get(file, 'createSyncAccessHandle')
  if (typeof create !== 'function')
    throw new DOMException('this browser has no sync access handles', 'NotSupportedError')
  return Reflect.apply(create, file, [])
}

function syncFile(path: string, handle: SyncAccessHandle): SyncFile {
  // asked before every transaction, and nobody else changes it
  let size = handle.getSize()
  return {
    get size() {
      return size
    },
    read(target, offset) {
      const n = handle.read(target, { at: offset })
      if (n < target.length) target.fill(0, n)
      return n === target.length
    },
    write(source, offset) {
      const n = handle.write(source, { at: offset })
      // in private windows Chromium 156 throws nothing when it is full, but has "written" 4,294,967,288 bytes
      // (−8)
      if (n !== source.length)
        throw new DOMException(
          `${path}: ${n} of ${source.length} bytes could be written`,
          'QuotaExceededError',
        )
      size = Math.max(size, offset + n)
    },
    truncate(to) {
      handle.truncate(to)
      size = to
    },
    flush: () => handle.flush(),
    close: () => handle.close(),
  }
}

async function fileOf(root: FileSystemDirectoryHandle, path: string): Promise<File | undefined> {
  const parts = partsOf(path)
  const name = parts.pop() ?? ''
  const folder = await folderOf(root, parts.join('/'))
  const handle = await folder?.getFileHandle(name).catch(unlessMissing)
  return handle?.getFile()
}

async function folderOf(
  root: FileSystemDirectoryHandle,
  path: string,
): Promise<FileSystemDirectoryHandle | undefined> {
  let folder: FileSystemDirectoryHandle | undefined = root
  for (const part of partsOf(path)) folder = await folder?.getDirectoryHandle(part).catch(unlessMissing)
  return folder
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

function unlessMissing(cause: unknown): undefined {
  // TypeMismatchError: a file where a folder was asked for, or the other way round
  if (cause instanceof Error && (cause.name === 'NotFoundError' || cause.name === 'TypeMismatchError'))
    return undefined
  throw cause
}

import { TrackioError } from '../../model/errors.ts'
import type { StorageRoom } from '../../model/library.ts'
import { fileBytes } from '../files/file.ts'
import type { TreeEntry } from '../tree.ts'
import { type FileStore, sizeWords } from './store.ts'

/*
 * Files of this browser's private file system (OPFS). How one is read:
 *
 * | way | 500 MB through | 64 KiB anywhere | holds others off |
 * |---|---|---|---|
 * | a File (`getFile`), taken | 0.3–0.5 s, on the reading worker | 0.7 ms | no; dies when the file changes, so a torn read cannot happen |
 * | a read-only access handle | 0.3 s, on the asking thread | 0.004 ms | yes: while any tab has one open, no tab can rename, replace or remove the file, and Bytes has no end |
 *
 * (Chromium 156, headless, two cores.) Rows are read through, so handles would gain nothing where it counts.
 */

// only workers have it; the page's type library does not name it
interface AccessHandle {
  write(data: Uint8Array, options: { at: number }): number
  flush(): void
  close(): void
}

/** What a file is called while it is written; the rest of the name is random. */
const PARTIAL = /\.partial-[0-9a-f]{8}$/

/**
 * A folder of this origin's private storage, made where it is missing. For workers, which alone can write
 * there. Rejects with a TrackioError where the browser has no such storage or refuses it: frames of other
 * sites, sandboxes, private windows of Firefox.
 */
export async function openStore(path: string): Promise<FileStore> {
  const root = await storageFolder(path)
  const say = (cause: unknown, subject: string): unknown =>
    cause instanceof DOMException ? explained(cause, subject) : cause

  async function folderOf(
    file: string,
    create = false,
  ): Promise<[FileSystemDirectoryHandle | undefined, string]> {
    const parts = file.split('/').filter((part) => part !== '')
    const name = parts.pop() ?? ''
    let folder: FileSystemDirectoryHandle | undefined = root
    for (const part of parts) folder = await folder?.getDirectoryHandle(part, { create }).catch(unlessMissing)
    return [folder, name]
  }

  async function fileAt(path: string): Promise<File | undefined> {
    try {
      const [folder, name] = await folderOf(path)
      const handle = await folder?.getFileHandle(name).catch(unlessMissing)
      return await handle?.getFile().catch(unlessMissing)
    } catch (cause) {
      throw say(cause, path)
    }
  }

  async function thereAt(path: string): Promise<File> {
    const file = await fileAt(path)
    if (!file)
      throw new TrackioError(
        path,
        'no longer in this browser',
        'It was removed or renamed, perhaps in another tab.',
      )
    return file
  }

  return {
    whole: true,
    host: '',
    async list() {
      const entries: TreeEntry[] = []
      await collect(root, '', entries)
      return entries
    },
    async find(path) {
      const file = await fileAt(path)
      return file && entryOf(path, file)
    },
    bytes: async (path) => fileBytes(path, await thereAt(path)),
    blob: thereAt,
    received: () => 0,
    async write(path, chunks, options = {}) {
      if (options.size !== undefined) await ensureRoom(path, options.size)
      let made: { folder: FileSystemDirectoryHandle; name: string } | undefined
      let written = 0
      try {
        const [folder, name] = await folderOf(path, true)
        if (!folder) throw new TrackioError(path, 'its folder cannot be made', 'Choose another name.')
        const partial = `${name}.partial-${crypto.randomUUID().slice(0, 8)}`
        const handle = await folder.getFileHandle(partial, { create: true })
        made = { folder, name: partial }
        const access = await accessOf(handle)
        try {
          for await (const chunk of chunks) {
            options.signal?.throwIfAborted()
            const count = access.write(chunk, { at: written })
            // in private windows Chromium 156 throws nothing when it is full, but has "written" 4,294,967,288
            // bytes (−8)
            if (count !== chunk.length)
              throw new DOMException(`${count} of ${chunk.length} bytes`, 'QuotaExceededError')
            written += count
            options.onProgress?.(written)
          }
          access.flush()
        } finally {
          access.close()
        }
        options.signal?.throwIfAborted()
        await move(handle, folder, name)
      } catch (cause) {
        // whatever ended it counts; that its leftovers cannot be removed either is told by nobody, and they
        // are cleared away later
        await made?.folder.removeEntry(made.name).catch(() => {})
        if (!isQuota(cause)) throw say(cause, path)
        throw refused(
          path,
          options.size === undefined ? `more than ${sizeWords(written)}` : sizeWords(options.size),
          await room(),
        )
      }
    },
    async remove(path) {
      try {
        const [folder, name] = await folderOf(path)
        await folder?.removeEntry(name, { recursive: true }).catch(unlessMissing)
      } catch (cause) {
        throw say(cause, path)
      }
    },
    async sweep(whole) {
      try {
        for await (const [name, handle] of entriesOf(root)) {
          if (PARTIAL.test(name)) await root.removeEntry(name).catch(unlessMissing)
          if (!(handle instanceof FileSystemDirectoryHandle)) continue
          if (whole(name)) await sweepFolder(handle)
          else await root.removeEntry(name, { recursive: true }).catch(unlessMissing)
        }
      } catch (cause) {
        throw say(cause, path)
      }
    },
    room,
    ensureRoom,
    locked: (name, task, shared) =>
      navigator.locks.request(lockName(name), { mode: shared ?? 'exclusive' }, task),
    ifFree: (name, task) =>
      navigator.locks.request(lockName(name), { ifAvailable: true }, (lock) => (lock ? task() : undefined)),
  }

  function lockName(name: string): string {
    return `${path}/${name}`
  }
}

async function ensureRoom(what: string, bytes: number): Promise<void> {
  const now = await room()
  if (bytes > now.free) throw noRoom(what, sizeWords(bytes), now)
}

async function sweepFolder(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const [name] of entriesOf(folder))
    if (PARTIAL.test(name)) await folder.removeEntry(name).catch(unlessMissing)
}

/**
 * A folder of this origin's private storage, for who reads and writes it in other ways. Rejects as
 * `openStore` does.
 */
export async function storageFolder(path: string): Promise<FileSystemDirectoryHandle> {
  try {
    if (typeof navigator.storage?.getDirectory !== 'function')
      throw new DOMException('it has no storage for files, or only for https pages', 'NotSupportedError')
    let folder = await navigator.storage.getDirectory()
    for (const part of path.split('/').filter((name) => name !== ''))
      folder = await folder.getDirectoryHandle(part, { create: true })
    return folder
  } catch (cause) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new TrackioError(
      'storage',
      `this browser keeps no files for this page here (${why})`,
      'Frames of other sites and some private windows have no storage: open the page in a tab of its own, or download instead of keeping.',
    )
  }
}

async function room(): Promise<StorageRoom> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate()
  return {
    used: usage,
    quota,
    free: Math.max(0, quota - usage),
    persisted: await navigator.storage.persisted(),
  }
}

async function collect(
  folder: FileSystemDirectoryHandle,
  prefix: string,
  entries: TreeEntry[],
): Promise<void> {
  for await (const [name, handle] of entriesOf(folder)) {
    if (handle instanceof FileSystemDirectoryHandle) await collect(handle, `${prefix}${name}/`, entries)
    else if (handle instanceof FileSystemFileHandle && !PARTIAL.test(name)) {
      // it may vanish between the listing and the look
      const file = await handle.getFile().catch(unlessMissing)
      if (file) entries.push(entryOf(prefix + name, file))
    }
  }
}

function entryOf(path: string, file: File): TreeEntry {
  return { path, size: file.size, stamp: `${file.size} ${file.lastModified}` }
}

/** Entries of a folder; the type library leaves out that it can be iterated. */
export function entriesOf(folder: FileSystemDirectoryHandle): AsyncIterable<[string, FileSystemHandle]> {
  return Reflect.apply(Reflect.get(folder, 'entries'), folder, [])
}

function accessOf(file: FileSystemFileHandle): Promise<AccessHandle> {
  const create: unknown = Reflect.get(file, 'createSyncAccessHandle')
  if (typeof create !== 'function') throw new DOMException('no access handles', 'NotSupportedError')
  return Reflect.apply(create, file, [])
}

/** Puts a file where another may be: in all browsers of today this replaces it in one step. */
export function move(
  file: FileSystemFileHandle,
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<void> {
  const found: unknown = Reflect.get(file, 'move')
  if (typeof found !== 'function') throw new DOMException('files cannot be moved', 'NotSupportedError')
  return Reflect.apply(found, file, [folder, name])
}

function unlessMissing(cause: unknown): undefined {
  if (cause instanceof DOMException && cause.name === 'NotFoundError') return undefined
  throw cause
}

function isQuota(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'QuotaExceededError'
}

function noRoom(subject: string, needed: string, { free, quota }: StorageRoom): TrackioError {
  return new TrackioError(
    subject,
    `no room in this browser: ${needed} needed, ${sizeWords(free)} of ${sizeWords(quota)} free`,
    WITHOUT_ROOM,
  )
}

/**
 * For a write that failed. What the browser says is free need not be: Chromium says 10 GiB whatever the disk
 * has left, so that sites cannot tell people apart by it.
 */
function refused(subject: string, needed: string, { free, used }: StorageRoom): TrackioError {
  return new TrackioError(
    subject,
    `no room in this browser: ${needed} needed, and it refused to write it, though it says that ${sizeWords(free)} are free (${sizeWords(used)} used)`,
    WITHOUT_ROOM,
  )
}

const WITHOUT_ROOM = 'Nothing was changed. Delete what is no longer needed here, or free space on the disk.'

function explained(cause: DOMException, subject: string): unknown {
  if (cause.name === 'AbortError') return cause
  const hints: Record<string, [string, string]> = {
    NoModificationAllowedError: [
      'in use by another tab or by a run that is being tracked',
      'Close it there and try again.',
    ],
    InvalidModificationError: ['in use by another tab', 'Close it there and try again.'],
    NotSupportedError: [
      'this browser cannot write files that it keeps',
      'Use a current browser, or download instead of keeping.',
    ],
    SecurityError: ['this browser refuses its storage to this page', 'Open the page in a tab of its own.'],
  }
  const [text, action] = hints[cause.name] ?? [`${cause.name}: ${cause.message}`, 'Try again.']
  return new TrackioError(subject, text, action)
}

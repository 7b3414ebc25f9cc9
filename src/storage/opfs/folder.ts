import { TrackioError } from '../../model/errors.ts'
import type { SyncFile } from './sync-file.ts'

/*
 * The one module that touches handles of this browser's private storage (OPFS). How a file is read:
 *
 * | way | 500 MB through | 64 KiB anywhere | holds others off |
 * |---|---|---|---|
 * | a File (`getFile`), taken | 0.3–0.5 s, on the reading worker | 0.7 ms | no; dies when the file changes, so a torn read cannot happen |
 * | a read-only access handle | 0.3 s, on the asking thread | 0.004 ms | yes: while any tab has one open, no tab can rename, replace or remove the file, and Bytes has no end |
 *
 * (Chromium 156, headless, two cores.) Rows are read through, so handles would gain nothing where it counts.
 */

/**
 * A folder of the private storage. Paths are below it, parts separated by `/`; '' is the folder itself. All
 * ways reject with what the browser says (DOMException).
 */
export interface Folder {
  /** As it is now; undefined where there is none. */
  file(path: string): Promise<File | undefined>
  /** Names right below a folder in order, those of folders ending in `/`. Empty where there is none. */
  names(path: string): Promise<string[]>
  /** All files below, with their paths. What vanishes meanwhile is left out. */
  files(): AsyncIterable<[string, File]>
  /**
   * Opens a file to change it, in workers; makes it where it is missing. Rejects with
   * NoModificationAllowedError while somebody else has it open.
   */
  open(path: string): Promise<SyncFile>
  /** Makes an empty file where there is none. */
  ensure(path: string): Promise<void>
  /** Writes a whole file in place: whoever reads it meanwhile may see half of it. */
  put(path: string, data: Uint8Array): Promise<void>
  /** Gives a file another path. One that is there is replaced, in all browsers of today in one step. */
  move(from: string, to: string): Promise<void>
  /** Removes a file, or a folder with all that is in it. Nothing happens where there is none. */
  remove(path: string): Promise<void>
}

// only workers have it; the page's type library does not name it
interface AccessHandle {
  read(target: Uint8Array, options: { at: number }): number
  write(source: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  getSize(): number
  flush(): void
  close(): void
}

/**
 * A folder by its path, made where it is missing. Rejects with what the browser says where it has no such
 * storage or refuses it: third-party frames with blocked storage, private windows of Firefox, no secure
 * context, Node.
 */
export async function openFolder(path: string): Promise<Folder> {
  let root = await storageRoot()
  for (const part of partsOf(path)) root = await root.getDirectoryHandle(part, { create: true })
  return folderAt(root)
}

/** The same for who cannot do without: rejects with a TrackioError that says what to do. */
export async function needFolder(path: string): Promise<Folder> {
  try {
    return await openFolder(path)
  } catch (cause) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new TrackioError(
      'storage',
      `this browser keeps no files for this page here (${why})`,
      'Frames of other sites and some private windows have no storage: open the page in a tab of its own, or download instead of keeping.',
    )
  }
}

/** Rejects where this page may not change files of the private storage, in the browser's words. */
export async function checkWritable(): Promise<void> {
  if (
    typeof FileSystemFileHandle === 'undefined' ||
    !('createSyncAccessHandle' in FileSystemFileHandle.prototype)
  )
    throw new DOMException('this browser cannot write files of its own', 'NotSupportedError')
  await storageRoot()
}

async function storageRoot(): Promise<FileSystemDirectoryHandle> {
  if (typeof navigator.storage?.getDirectory !== 'function')
    throw new DOMException('it has no storage for files, or only for https pages', 'NotSupportedError')
  return navigator.storage.getDirectory()
}

function folderAt(root: FileSystemDirectoryHandle): Folder {
  async function folder(parts: string[]): Promise<FileSystemDirectoryHandle | undefined> {
    let found: FileSystemDirectoryHandle | undefined = root
    for (const part of parts) found = await found?.getDirectoryHandle(part).catch(unlessMissing)
    return found
  }

  async function handle(path: string): Promise<FileSystemFileHandle | undefined> {
    const [parts, name] = split(path)
    return (await folder(parts))?.getFileHandle(name).catch(unlessMissing)
  }

  /** The folder that a path lies in, made where it is missing, and the name there. */
  async function place(path: string): Promise<[FileSystemDirectoryHandle, string]> {
    const [parts, name] = split(path)
    let inside = root
    for (const part of parts) inside = await inside.getDirectoryHandle(part, { create: true })
    return [inside, name]
  }

  async function made(path: string): Promise<FileSystemFileHandle> {
    const [inside, name] = await place(path)
    return inside.getFileHandle(name, { create: true })
  }

  return {
    file: async (path) => (await handle(path))?.getFile().catch(unlessMissing),
    async names(path) {
      const names: string[] = []
      const inside = await folder(partsOf(path))
      if (inside)
        for await (const [name, { kind }] of entriesOf(inside))
          names.push(kind === 'directory' ? `${name}/` : name)
      return names.sort()
    },
    files: () => filesIn(root, ''),
    open: async (path) => accessTo(path, await made(path)),
    ensure: async (path) => void (await made(path)),
    async put(path, data) {
      const found = await made(path)
      // WebKitGTK has access handles and refuses them to some pages; Safari before version 26 has no other
      // way, and elsewhere it is the faster one
      const file = await accessTo(path, found).catch(unlessUnsupported)
      if (!file) {
        const writable = await found.createWritable()
        await writable.write(Uint8Array.from(data))
        return writable.close()
      }
      try {
        file.write(data, 0)
        file.truncate(data.length)
        file.flush()
      } finally {
        file.close()
      }
    },
    async move(from, to) {
      const file = await handle(from)
      if (!file) return
      // the type library does not name it
      const move: unknown = Reflect.get(file, 'move')
      if (typeof move !== 'function') throw new DOMException('files cannot be moved', 'NotSupportedError')
      await Reflect.apply(move, file, await place(to))
    },
    async remove(path) {
      const [parts, name] = split(path)
      await (await folder(parts))?.removeEntry(name, { recursive: true }).catch(unlessMissing)
    },
  }
}

async function* filesIn(folder: FileSystemDirectoryHandle, prefix: string): AsyncGenerator<[string, File]> {
  for await (const [name, handle] of entriesOf(folder)) {
    if (handle instanceof FileSystemDirectoryHandle) yield* filesIn(handle, `${prefix}${name}/`)
    else if (handle instanceof FileSystemFileHandle) {
      const file = await handle.getFile().catch(unlessMissing)
      if (file) yield [prefix + name, file]
    }
  }
}

async function accessTo(path: string, handle: FileSystemFileHandle): Promise<SyncFile> {
  const create: unknown = Reflect.get(handle, 'createSyncAccessHandle')
  if (typeof create !== 'function')
    throw new DOMException('this browser has no sync access handles', 'NotSupportedError')
  const access: AccessHandle = await Reflect.apply(create, handle, [])
  // asked before every transaction, and nobody else changes it
  let size = access.getSize()
  return {
    get size() {
      return size
    },
    read(target, offset) {
      const count = access.read(target, { at: offset })
      if (count < target.length) target.fill(0, count)
      return count === target.length
    },
    write(source, offset) {
      for (let done = 0; done < source.length; ) {
        const count = access.write(done === 0 ? source : source.subarray(done), { at: offset + done })
        // in private windows Chromium 156 throws nothing when it is full, but has "written" 4,294,967,288
        // bytes (−8)
        if (count <= 0 || count > source.length - done)
          throw new DOMException(
            `${path}: ${done} of ${source.length} bytes could be written`,
            'QuotaExceededError',
          )
        done += count
        size = Math.max(size, offset + done)
      }
    },
    truncate(to) {
      access.truncate(to)
      size = to
    },
    flush: () => access.flush(),
    close: () => access.close(),
  }
}

/** Entries of a folder; the page's type library leaves out that it can be iterated. */
function entriesOf(folder: FileSystemDirectoryHandle): AsyncIterable<[string, FileSystemHandle]> {
  return Reflect.apply(Reflect.get(folder, 'entries'), folder, [])
}

function split(path: string): [string[], string] {
  const parts = partsOf(path)
  const name = parts.pop() ?? ''
  return [parts, name]
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

function unlessUnsupported(cause: unknown): undefined {
  if (!(cause instanceof Error) || cause.name !== 'NotSupportedError') throw cause
}

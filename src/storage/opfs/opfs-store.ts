import { TrackioError } from '../../model/errors.ts'
import type { StorageRoom } from '../../model/library.ts'
import { fileBytes, fileEntry } from '../files/file.ts'
import { pause } from '../pause.ts'
import type { TreeEntry } from '../tree.ts'
import { type Folder, needFolder } from './folder.ts'
import { type FileStore, sizeWords } from './store.ts'

/** What a file is called while it is written; the rest of the name is random. */
const PARTIAL = /\.partial-[0-9a-f]{8}$/

/**
 * A folder of this origin's private storage, made where it is missing. For workers, which alone can write
 * there. Rejects with a TrackioError where the browser has no such storage or refuses it: frames of other
 * sites, sandboxes, private windows of Firefox.
 */
export async function openStore(path: string): Promise<FileStore> {
  const folder = await needFolder(path)
  const say = (subject: string) => (cause: unknown) => {
    throw cause instanceof DOMException ? explained(cause, subject) : cause
  }

  async function thereAt(path: string): Promise<File> {
    const file = await folder.file(path).catch(say(path))
    if (file) return file
    throw new TrackioError(
      path,
      'no longer in this browser',
      'It was removed or renamed, perhaps in another tab.',
    )
  }

  return {
    whole: true,
    host: '',
    async list() {
      const entries: TreeEntry[] = []
      for await (const [name, file] of folder.files())
        if (!PARTIAL.test(name)) entries.push(fileEntry(name, file))
      return entries
    },
    async find(path) {
      const file = await folder.file(path).catch(say(path))
      return file && fileEntry(path, file)
    },
    bytes: async (path) => fileBytes(path, await thereAt(path)),
    blob: thereAt,
    received: () => 0,
    async write(path, chunks, options = {}) {
      if (options.size !== undefined) await ensureRoom(path, options.size)
      const partial = `${path}.partial-${crypto.randomUUID().slice(0, 8)}`
      let written = 0
      try {
        const file = await folder.open(partial)
        try {
          for await (const chunk of chunks) {
            options.signal?.throwIfAborted()
            file.write(chunk, written)
            written += chunk.length
            options.onProgress?.(written)
          }
          file.flush()
        } finally {
          file.close()
        }
        options.signal?.throwIfAborted()
        await moveWhenFree(folder, partial, path)
      } catch (cause) {
        // whatever ended it counts; that its leftovers cannot be removed either is told by nobody, and they
        // are cleared away later
        await folder.remove(partial).catch(() => {})
        if (!isQuota(cause)) return say(path)(cause)
        throw refused(
          path,
          options.size === undefined ? `more than ${sizeWords(written)}` : sizeWords(options.size),
          await room(),
        )
      }
    },
    async edit(path, work) {
      const original = await thereAt(path)
      await ensureRoom(path, original.size)
      const partial = `${path}.partial-${crypto.randomUUID().slice(0, 8)}`
      try {
        const copy = await folder.open(partial)
        let result: Awaited<ReturnType<typeof work>>
        try {
          for (let at = 0; at < original.size; at += COPIED_AT_ONCE)
            copy.write(new Uint8Array(await original.slice(at, at + COPIED_AT_ONCE).arrayBuffer()), at)
          result = await work(copy)
          copy.flush()
        } finally {
          copy.close()
        }
        await moveWhenFree(folder, partial, path)
        return result
      } catch (cause) {
        await folder.remove(partial).catch(() => {}) // as in `write`
        if (!isQuota(cause)) return say(path)(cause)
        throw refused(path, sizeWords(original.size), await room())
      }
    },
    remove: (path) => folder.remove(path).catch(say(path)),
    async sweep(whole) {
      try {
        for (const name of await folder.names('')) {
          if (PARTIAL.test(name) || (name.endsWith('/') && !whole(name.slice(0, -1))))
            await folder.remove(name)
          else if (name.endsWith('/'))
            for (const inside of await folder.names(name))
              if (PARTIAL.test(inside)) await folder.remove(name + inside)
        }
      } catch (cause) {
        say(path)(cause)
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

const MOVE_TRIES = 6
const COPIED_AT_ONCE = 4 << 20

/** Moves a file; again, a few times, while another move onto the same name is on its way. */
async function moveWhenFree(folder: Folder, from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await folder.move(from, to)
    } catch (cause) {
      const taken = cause instanceof DOMException && cause.name === 'NoModificationAllowedError'
      if (!taken || tries === MOVE_TRIES) throw cause
      await pause(20 * tries)
    }
  }
}

async function ensureRoom(what: string, bytes: number): Promise<void> {
  const now = await room()
  if (bytes > now.free) throw noRoom(what, sizeWords(bytes), now)
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

import type { StorageRoom } from '../../model/library.ts'
import type { Tree } from '../tree.ts'
import type { SyncFile } from './sync-file.ts'

export interface WriteOptions {
  /** Bytes that will come, where known: what cannot fit is refused before anything is written. */
  size?: number
  signal?: AbortSignal | undefined
  /** `bytes`: written so far. */
  onProgress?: ((bytes: number) => void) | undefined
}

/**
 * A folder that is written as well as read: OPFS, or memory in tests. Paths are as in a Tree. All ways throw
 * TrackioError with what the place said.
 */
export interface FileStore extends Tree {
  /**
   * Writes a file whole or not at all, in place of one that may be there. Where it ends before (no room left,
   * `signal`, an error of `chunks`), everything is as it was. Without room the error says how much is needed
   * and how much is free.
   */
  write(
    path: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: WriteOptions,
  ): Promise<void>
  /**
   * Has `work` change a copy of a file, which then takes its place: whole or not at all. Whoever reads the old
   * one meanwhile reads that, or is told that it changed.
   */
  edit<T>(path: string, work: (copy: SyncFile) => Promise<T>): Promise<T>
  /** Removes a file, or a folder with all that is in it; what does not exist is no error. */
  remove(path: string): Promise<void>
  /**
   * Clears away what broken-off writes left behind, and folders right below the root of which `whole` says
   * no. Only while nobody writes.
   */
  sweep(whole: (folder: string) => boolean): Promise<void>
  room(): Promise<StorageRoom>
  /** Throws where so many bytes cannot fit, as far as the browser says. `what`: whom they are for. */
  ensureRoom(what: string, bytes: number): Promise<void>
  /**
   * Runs a task while no other tab runs one under the same name; `shared` ones keep out only those that are
   * not. A tab that is closed or killed lets go.
   */
  locked<T>(name: string, task: () => Promise<T>, shared?: 'shared'): Promise<T>
  /** The same if it can start at once; else the task is left out. */
  ifFree(name: string, task: () => Promise<void>): Promise<void>
}

/** Part of a tree as a tree of its own: `folder` ends in `/`, paths are relative to it. */
export function below(tree: Tree, folder: string): Tree {
  return {
    whole: tree.whole,
    host: tree.host,
    async list(options) {
      const entries = await tree.list(options)
      return entries
        .filter(({ path }) => path.startsWith(folder))
        .map((entry) => ({ ...entry, path: entry.path.slice(folder.length) }))
    },
    async find(path, options) {
      const entry = await tree.find(folder + path, options)
      return entry && { ...entry, path }
    },
    bytes: (path, options) => tree.bytes(folder + path, options),
    blob: (path, options) => tree.blob(folder + path, options),
    received: () => tree.received(),
  }
}

/** `1,234,567` → `1.2 MB`. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

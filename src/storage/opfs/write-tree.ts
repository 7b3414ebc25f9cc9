import { memoryFile, type SyncFile } from './sync-file.ts'

/**
 * A folder that one thread writes: paths as in a Tree (`media/demo/x.png`). Everything rejects with what the
 * place said.
 */
export interface WriteTree {
  kind: 'stored' | 'memory'
  /** Opens a file to change it, made when it is missing. Nobody else can open it until it is closed. */
  open(path: string): Promise<SyncFile>
  /**
   * Makes an empty file where there is none. Before a file is closed whose path may be gone: when a site's
   * data was cleared, Chromium 156 never comes back from closing its handles unless something is there.
   */
  ensure(path: string): Promise<void>
  /** Size of a file, or undefined where there is none. */
  size(path: string): Promise<number | undefined>
  /** Writes a whole file; resolves when it is written. */
  put(path: string, blob: Blob): Promise<void>
  blob(path: string): Promise<Blob | undefined>
  /** Names right below a folder; '' for the root. Folders end in `/`. Empty where there is no such folder. */
  names(folder: string): Promise<string[]>
  /** Gives a file another path; nobody has it open. */
  move(from: string, to: string): Promise<void>
  /** Removes a file, or a folder with all that is in it. Nothing happens where there is none. */
  remove(path: string): Promise<void>
}

/** A folder in memory: where the browser gives no storage, and for tests. */
export function memoryTree(): WriteTree {
  const files = new Map<string, SyncFile>()
  const open = async (path: string): Promise<SyncFile> => {
    const file = files.get(path) ?? memoryFile()
    files.set(path, file)
    return file
  }
  return {
    kind: 'memory',
    open,
    ensure: async (path) => void (await open(path)),
    size: async (path) => files.get(path)?.size,
    async put(path, blob) {
      const bytes = new Uint8Array(await blob.arrayBuffer())
      const file = await open(path)
      file.truncate(0)
      file.write(bytes, 0)
    },
    async blob(path) {
      const file = files.get(path)
      if (!file) return undefined
      const bytes = new Uint8Array(file.size)
      file.read(bytes, 0)
      return new Blob([bytes])
    },
    async names(folder) {
      const start = folder === '' ? '' : `${folder.replace(/\/$/, '')}/`
      const below = [...files.keys()]
        .filter((path) => path.startsWith(start))
        .map((path) => path.slice(start.length))
      return [...new Set(below.map((path) => path.replace(/\/.*/, '/')))].sort()
    },
    async move(from, to) {
      const file = files.get(from)
      if (file) files.set(to, file)
      files.delete(from)
    },
    async remove(path) {
      const start = `${path.replace(/\/$/, '')}/`
      for (const name of [...files.keys()]) if (name === path || name.startsWith(start)) files.delete(name)
    },
  }
}

/** Copies all files below a folder to another, under the same names; how many there are. */
export async function copyFolder(tree: WriteTree, from: string, to: string): Promise<number> {
  const files = await filesBelow(tree, from)
  for (const path of files) {
    const blob = await tree.blob(path)
    if (blob) await tree.put(to + path.slice(from.length), blob)
  }
  return files.length
}

/** All files below a folder, as paths from the root. */
export async function filesBelow(tree: Pick<WriteTree, 'names'>, folder: string): Promise<string[]> {
  const found: string[] = []
  const start = folder === '' ? '' : `${folder.replace(/\/$/, '')}/`
  for (const name of await tree.names(folder)) {
    if (name.endsWith('/')) found.push(...(await filesBelow(tree, start + name)))
    else found.push(start + name)
  }
  return found
}

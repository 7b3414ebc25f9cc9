import { isData, isLeftover, isUnlisted } from '../../model/data-files.mjs'
import type { NamedFile } from '../../model/source.ts'

/**
 * Files that a person gave: dropped, or chosen in a dialog. `list` fetches the same ones anew, where the
 * browser lets us.
 */
export interface Given {
  name: string
  /** 'host': handed over by the page around this one. */
  kind: 'file' | 'folder' | 'host'
  files: NamedFile[]
  list?: () => Promise<NamedFile[]>
  /** A file below one of the given folders, by the places where it may be, the likeliest first. */
  find?: (places: readonly string[]) => Promise<File | undefined>
  /**
   * All files below a folder, which is named as the files are (`trackio/media/`): `enter` says of folders below it,
   * by their path from there, which are looked into. Absent where files were given without their folders.
   */
  below?: ((folder: string, enter: (folder: string) => boolean) => Promise<NamedFile[]>) | undefined
  /** What the browser can keep between visits; it may take its time to say, or never do. */
  handles?: Promise<readonly FileSystemHandle[]>
}

/** Folders deeper than this below a dropped one hold no database that trackio wrote. */
const DEEPEST = 8

/**
 * What was dropped. Must be called inside the drop event: the browser empties the transfer afterwards.
 * Entries of files and folders give a fresh `File` at every read, so what is still being written can be
 * followed.
 */
export async function readDrop(transfer: DataTransfer): Promise<Given | undefined> {
  const items = [...transfer.items].filter((item) => item.kind === 'file')
  // Chromium never answers for folders it deems sensitive (~/.cache, where trackio's is): such a folder is
  // followed, not kept
  const handles = Promise.all(items.map(handleOf)).catch((error: unknown) => {
    if (error instanceof DOMException) return [] // not allowed here
    throw error
  })
  const entries = items.map((item) => item.webkitGetAsEntry())
  const plain = [...transfer.files]
  const roots = entries.filter((entry) => entry !== null)
  if (roots.length === 0) return plain.length > 0 ? giveFiles(plain) : undefined
  const folders = new Set<FileSystemDirectoryEntry>()
  const files = await collect(roots, folders)
  const first = roots[0]
  return {
    name: roots.length === 1 && first ? first.name : nameOf(files),
    kind: roots.some((entry) => entry.isDirectory) ? 'folder' : 'file',
    files,
    handles: handles.then((all) => all.flatMap((handle) => handle ?? [])),
    // the folders that held databases, and the dropped ones: a new database or log appears there
    list: async () => {
      const again = await collect([...roots.filter((entry) => entry.isFile)], new Set())
      for (const folder of folders) again.push(...(await collectFolder(folder)))
      return again
    },
    ...(roots.some((entry) => entry.isDirectory) && {
      below: (folder, enter) => filesBelow(roots, folder, enter),
    }),
    async find(places) {
      for (const place of places)
        for (const folder of folders) {
          const file = await fileIn(folder, place)
          if (file) return file
        }
      return undefined
    },
  }
}

/** Files below a folder of what was dropped. */
async function filesBelow(
  roots: readonly FileSystemEntry[],
  folder: string,
  enter: (folder: string) => boolean,
): Promise<NamedFile[]> {
  const [first = '', ...parts] = folder.split('/').filter(Boolean)
  const root = roots.find((entry) => entry.name === first)
  let at = root && isFolder(root) ? root : undefined
  for (const part of parts) at = at && (await folderIn(at, part))
  const found: NamedFile[] = []
  const walkAll = async (within: FileSystemDirectoryEntry, path: string): Promise<void> => {
    const entries = await entriesOf(within)
    const named = entries
      .filter(isFile)
      .map((entry): [string, FileSystemFileEntry] => [`${folder}${path}${entry.name}`, entry])
    found.push(...(await filesOf(named)))
    for (const entry of entries.filter(isFolder))
      if (enter(path + entry.name)) await walkAll(entry, `${path}${entry.name}/`)
  }
  if (at) await walkAll(at, '')
  return found
}

function folderIn(
  folder: FileSystemDirectoryEntry,
  name: string,
): Promise<FileSystemDirectoryEntry | undefined> {
  return new Promise((resolve) =>
    // no such folder is the one answer that is expected here
    folder.getDirectory(
      name,
      { create: false },
      (entry) => resolve(isFolder(entry) ? entry : undefined),
      () => resolve(undefined),
    ),
  )
}

/** Chromium's handle of a dropped item, to be kept between visits. */
async function handleOf(item: DataTransferItem): Promise<FileSystemHandle | undefined> {
  const get: unknown = Reflect.get(item, 'getAsFileSystemHandle')
  if (typeof get !== 'function') return undefined
  const handle: unknown = await Reflect.apply(get, item, [])
  return handle instanceof FileSystemHandle ? handle : undefined
}

/** Files of an `input`: snapshots, which cannot be followed. */
export function giveFiles(list: readonly File[]): Given {
  const folder = list.some((file) => file.webkitRelativePath !== '')
  const all = list.map((file) => ({ path: file.webkitRelativePath || file.name, file }))
  const files = all.filter(({ path }) => (folder ? isData(path) : !isLeftover(path)))
  const root = list[0]?.webkitRelativePath.split('/')[0]
  return {
    name: folder && root ? root : nameOf(files),
    kind: folder ? 'folder' : 'file',
    files,
    ...(folder && {
      below: async (within, enter) =>
        all.filter(({ path }) => path.startsWith(within) && isEntered(path.slice(within.length), enter)),
    }),
    find: async (places) => {
      for (const place of places) {
        const found = all.find((one) => one.path.endsWith(`/${place}`))
        if (found) return found.file
      }
      return undefined
    },
  }
}

/** Every folder on the way to a file is looked into. */
function isEntered(path: string, enter: (folder: string) => boolean): boolean {
  const parts = path.split('/').slice(0, -1)
  return parts.every((_, i) => enter(parts.slice(0, i + 1).join('/')))
}

/** Changes whenever a file of the list grew, was rewritten, came or went. */
export function stampOf(files: readonly NamedFile[]): string {
  return files
    .map(({ path, file }) => `${path}:${file.size}:${file.lastModified}`)
    .sort()
    .join('\n')
}

export function nameOf(files: readonly NamedFile[]): string {
  const databases = files.filter(({ path }) => !path.endsWith('-wal'))
  const first = databases[0] ?? files[0]
  if (!first) return 'nothing'
  return databases.length <= 1 ? first.file.name : `${databases.length} files`
}

async function collect(
  entries: readonly FileSystemEntry[],
  folders: Set<FileSystemDirectoryEntry>,
): Promise<NamedFile[]> {
  // what is given by itself is tried whatever its name
  const single = entries.filter(isFile).filter(({ name }) => !isLeftover(name))
  const files = await filesOf(single.map((entry) => [entry.name, entry]))
  for (const entry of entries.filter(isFolder)) {
    folders.add(entry)
    await walk(entry, entry.name, 0, files, folders)
  }
  return files
}

async function walk(
  folder: FileSystemDirectoryEntry,
  path: string,
  depth: number,
  files: NamedFile[],
  folders: Set<FileSystemDirectoryEntry>,
): Promise<void> {
  const entries = await entriesOf(folder)
  const data = entries.filter(isFile).flatMap((entry): [string, FileSystemFileEntry][] => {
    const name = `${path}/${entry.name}`
    return isData(name) ? [[name, entry]] : []
  })
  // every fragment of an inbox is a file of its own: its folder is walked anew with trackio's
  if (data.some(([name]) => !/\/(inbox|aux)\//.test(name))) folders.add(folder)
  files.push(...(await filesOf(data)))
  for (const entry of entries.filter(isFolder)) {
    const name = `${path}/${entry.name}`
    if (depth < DEEPEST && !isUnlisted(`${name}/`)) await walk(entry, name, depth + 1, files, folders)
  }
}

/** What stands in a folder now, and in its inbox, where every fragment is a file of its own. */
async function collectFolder(folder: FileSystemDirectoryEntry): Promise<NamedFile[]> {
  const entries = await entriesOf(folder)
  const pathOf = (entry: FileSystemEntry): string => entry.fullPath.replace(/^\//, '')
  const data = entries.filter(isFile).filter((entry) => isData(pathOf(entry)))
  const files = await filesOf(data.map((entry) => [pathOf(entry), entry]))
  for (const entry of entries.filter(isFolder)) {
    if (/^(inbox|aux)$/.test(entry.name)) await walk(entry, pathOf(entry), 0, files, new Set())
  }
  return files
}

function filesOf(entries: readonly [string, FileSystemFileEntry][]): Promise<NamedFile[]> {
  return takeFiles(entries.map(([path, entry]) => [path, () => fileOf(entry)]))
}

/**
 * Side by side: an inbox may hold thousands. Those that went since their folder was read (trackio puts
 * fragments into databases) are left out. Logs come last, in memory.
 */
export async function takeFiles(all: readonly [string, () => Promise<File>][]): Promise<NamedFile[]> {
  const taken = await Promise.all(
    all.map(async ([path, take]) => ({ path, take, file: await take().catch(unlessGone) })),
  )
  const files = taken.map(async ({ path, take, file }): Promise<NamedFile[]> => {
    if (!file) return []
    if (!path.endsWith('-wal')) return [{ path, file }]
    const { inMemory } = await import('./logs.ts')
    const log = await inMemory({ path, file }, () => take().catch(unlessGone))
    return log ? [log] : []
  })
  return (await Promise.all(files)).flat()
}

/** Takes it that a file is no longer there; any other failure goes on. */
function unlessGone(error: unknown): undefined {
  if (error instanceof DOMException && error.name === 'NotFoundError') return undefined
  throw error
}

/** readEntries gives at most 100 at a time and an empty list at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return all
    all.push(...some)
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

async function fileIn(folder: FileSystemDirectoryEntry, path: string): Promise<File | undefined> {
  const entry = await new Promise<FileSystemEntry | undefined>((resolve) =>
    // no such file is the one answer that is expected here
    folder.getFile(path, { create: false }, resolve, () => resolve(undefined)),
  )
  return entry && isFile(entry) ? fileOf(entry) : undefined
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

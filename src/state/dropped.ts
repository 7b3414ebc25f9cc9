import type { NamedFile } from '../model/source.ts'

/** Files that a person gave: dropped, or chosen in a dialog. `list` fetches the same ones anew, where the browser lets us. */
export interface Given {
  name: string
  kind: 'file' | 'folder'
  files: NamedFile[]
  list?: () => Promise<NamedFile[]>
}

const DATABASE = /\.(db|sqlite3?)(-wal)?$/i
/** Beside a database, but never read: shared memory of a write-ahead log, lock files. */
const ASIDE = /(-shm|\.lock|\.DS_Store)$/i
/** Folders deeper than this below a dropped one hold no database that trackio wrote. */
const DEEPEST = 8

/**
 * What was dropped. Must be called inside the drop event: the browser empties the transfer afterwards. Entries of files and
 * folders give a fresh `File` at every read, so what is still being written can be followed.
 */
export async function readDrop(transfer: DataTransfer): Promise<Given | undefined> {
  const items = [...transfer.items].filter((item) => item.kind === 'file')
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
    // the folders that held databases, and the dropped ones: a new database or log appears there
    list: async () => {
      const again = await collect([...roots.filter((entry) => entry.isFile)], new Set())
      for (const folder of folders) again.push(...(await collectFolder(folder)))
      return again
    },
  }
}

/** Files of an `input`: snapshots, which cannot be followed. */
export function giveFiles(list: readonly File[]): Given {
  const folder = list.some((file) => file.webkitRelativePath !== '')
  const files = list
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => (folder ? DATABASE.test(path) : !ASIDE.test(path)))
  const root = list[0]?.webkitRelativePath.split('/')[0]
  return { name: folder && root ? root : nameOf(files), kind: folder ? 'folder' : 'file', files }
}

/** Changes whenever a file of the list grew, was rewritten, came or went. */
export function stampOf(files: readonly NamedFile[]): string {
  return files
    .map(({ path, file }) => `${path}:${file.size}:${file.lastModified}`)
    .sort()
    .join('\n')
}

function nameOf(files: readonly NamedFile[]): string {
  const databases = files.filter(({ path }) => !path.endsWith('-wal'))
  const first = databases[0] ?? files[0]
  if (!first) return 'nothing'
  return databases.length <= 1 ? first.file.name : `${databases.length} files`
}

async function collect(entries: readonly FileSystemEntry[], folders: Set<FileSystemDirectoryEntry>): Promise<NamedFile[]> {
  const files: NamedFile[] = []
  for (const entry of entries) {
    // what is given by itself is tried whatever its name
    if (isFile(entry) && !ASIDE.test(entry.name)) files.push({ path: entry.name, file: await fileOf(entry) })
    else if (isFolder(entry)) {
      folders.add(entry)
      await walk(entry, entry.name, 0, files, folders)
    }
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
  for (const entry of await entriesOf(folder)) {
    const name = `${path}/${entry.name}`
    if (isFile(entry) && DATABASE.test(entry.name)) {
      folders.add(folder)
      files.push({ path: name, file: await fileOf(entry) })
    } else if (isFolder(entry) && depth < DEEPEST) await walk(entry, name, depth + 1, files, folders)
  }
}

async function collectFolder(folder: FileSystemDirectoryEntry): Promise<NamedFile[]> {
  const files: NamedFile[] = []
  for (const entry of await entriesOf(folder)) {
    if (isFile(entry) && DATABASE.test(entry.name)) files.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry) })
  }
  return files
}

/** readEntries gives at most 100 at a time and an empty list at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

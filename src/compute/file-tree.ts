import { FILE_PARTS, type FileEntry, type FilePart } from '../model/file.ts'

/** A folder or file of the tree. `key` is its place: of saved files their path, of others behind `@data/`, … */
export interface FileNode {
  key: string
  name: string
  level: number
  folder: boolean
  /** Bytes, of a folder those of all files below it that are known. */
  size: number | undefined
  /** Files below a folder. */
  count: number
  entry?: FileEntry | undefined
  /** Of a folder that stands for a part. */
  part?: FilePart | undefined
  children: FileNode[]
}

export interface FileTree {
  roots: FileNode[]
  byKey: ReadonlyMap<string, FileNode>
}

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** What a link calls a file. */
export function fileKey({ part, path }: Pick<FileEntry, 'part' | 'path'>): string {
  return part === 'saved' && !path.startsWith('@') ? path : `@${part}/${path}`
}

/**
 * Saved files by their folders; what else the project has below one folder for each part, behind them. Folders come
 * first, names in natural order.
 */
export function fileTree(entries: readonly FileEntry[]): FileTree {
  const byKey = new Map<string, FileNode>()
  const roots: FileNode[] = []
  for (const part of FILE_PARTS) {
    const own = entries.filter((entry) => entry.part === part)
    if (own.length === 0) continue
    const prefix = part === 'saved' ? '' : `@${part}/`
    const level = part === 'saved' ? 0 : 1
    const top: FileNode[] = part === 'saved' ? roots : []
    for (const entry of own) place(entry, prefix, level, top, byKey)
    if (part === 'saved') continue
    const root = folderNode(`@${part}`, part, 0)
    root.part = part
    root.children = top
    roots.push(root)
    byKey.set(root.key, root)
  }
  for (const root of roots) sumUp(root)
  return {
    roots: [...ordered(roots.filter(({ part }) => !part)), ...roots.filter(({ part }) => part)],
    byKey,
  }
}

function place(
  entry: FileEntry,
  prefix: string,
  level: number,
  top: FileNode[],
  byKey: Map<string, FileNode>,
): void {
  const parts = entry.path.split('/')
  let among = top
  let key = prefix
  for (const [i, name] of parts.slice(0, -1).entries()) {
    key += `${name}/`
    let folder = byKey.get(key)
    if (!folder) {
      folder = folderNode(key, name, level + i)
      byKey.set(key, folder)
      among.push(folder)
    }
    among = folder.children
  }
  const node: FileNode = {
    key: fileKey(entry),
    name: parts.at(-1) ?? entry.path,
    level: level + parts.length - 1,
    folder: false,
    size: entry.size,
    count: 1,
    entry,
    children: [],
  }
  byKey.set(node.key, node)
  among.push(node)
}

function folderNode(key: string, name: string, level: number): FileNode {
  return { key, name, level, folder: true, size: 0, count: 0, children: [] }
}

/** Sizes and counts of folders; a tree is as deep as its paths are long, so this holds a list of its own. */
function sumUp(root: FileNode): void {
  const way: FileNode[] = [root]
  const all: FileNode[] = []
  for (let node = way.pop(); node; node = way.pop()) {
    all.push(node)
    // each by itself: a call takes no 200,000 arguments
    for (const child of node.children) way.push(child)
  }
  for (const node of all.reverse()) {
    if (!node.folder) continue
    node.children = ordered(node.children)
    node.count = node.children.reduce((sum, { count }) => sum + count, 0)
    node.size = node.children.reduce((sum, { size }) => sum + (size ?? 0), 0)
  }
}

function ordered(nodes: readonly FileNode[]): FileNode[] {
  return [...nodes].sort(
    (a, b) =>
      Number(b.folder) - Number(a.folder) || natural.compare(a.name, b.name) || (a.key < b.key ? -1 : 1),
  )
}

/** Files whose path holds a text, or is one of a pattern with `*` and `?`; undefined where nothing is looked for. */
export function fileFilter(text: string): ((entry: FileEntry) => boolean) | undefined {
  const wanted = text.trim()
  if (wanted === '') return undefined
  if (!/[*?]/.test(wanted)) {
    const plain = wanted.toLowerCase()
    return ({ path }) => path.toLowerCase().includes(plain)
  }
  const pattern = wanted.toLowerCase()
  // without a slash it is about names
  return ({ path }) => {
    const name = wanted.includes('/') ? path : path.slice(path.lastIndexOf('/') + 1)
    return matches(name.toLowerCase(), pattern)
  }
}

/**
 * All of a text by `*` and `?`. Only the last star is tried anew, as whatever fits earlier stars first leaves the most
 * to the rest: a regular expression of many stars would try all ways, for ever.
 */
function matches(text: string, pattern: string): boolean {
  let [at, next] = [0, 0]
  let [star, from] = [-1, 0]
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++
      from = at
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      at++
      next++
    } else if (star >= 0) {
      next = star + 1
      at = ++from
    } else return false
  }
  while (pattern[next] === '*') next++
  return next === pattern.length
}

/** Rows of the tree from top to bottom: what lies in folders that are closed is left out. */
export function treeRows({ roots }: FileTree, isOpen: (node: FileNode) => boolean): FileNode[] {
  const rows: FileNode[] = []
  const way = [...roots].reverse()
  for (let node = way.pop(); node; node = way.pop()) {
    rows.push(node)
    if (!node.folder || !isOpen(node)) continue
    for (let i = node.children.length - 1; i >= 0; i--) way.push(node.children[i] as FileNode)
  }
  return rows
}

/** Keys of the folders that a file lies in, from the outermost on. */
export function foldersOf(key: string): string[] {
  const found: string[] = []
  for (let at = key.indexOf('/'); at >= 0; at = key.indexOf('/', at + 1)) {
    const folder = key.slice(0, at + 1)
    found.push(/^@(data|media|artifacts)\/$/.test(folder) ? folder.slice(0, -1) : folder)
  }
  return found
}

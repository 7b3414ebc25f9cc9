import { hashOf } from '../../compute/hash.ts'
import { FRAGMENT } from '../../model/data-files.mjs'
import { canonicalProject } from '../../model/project-name.ts'
import type { TreeEntry } from '../../storage/tree.ts'

/** What a tree holds, as formats look at it. */
export interface Listing {
  /** Without what lies aside. */
  files: readonly TreeEntry[]
  /** Name of what was opened: a static export's project, where nothing else says it. */
  name: string
  /** False where folders were not listed: files given one by one. */
  listed: boolean
  /** Files that a format looked into because their names leave open what they are, see `Format.lookInto`. */
  certain: ReadonlySet<string> | undefined
}

/** `runs/nanogpt.db` → `runs/`; '' for a file that was given without its folder. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

export function byName(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

/** The same for all files that hold a project of this name in this folder, see `ProjectFiles.rival`. */
export function rivalOf(path: string, project: string): string {
  return `${folderOf(path)}\n${canonicalProject(project)}`
}

/**
 * Those that lie in no folder below that of another. A file that was given without its folder says nothing of
 * others.
 */
export function topmost(files: readonly TreeEntry[]): TreeEntry[] {
  const folders = new Set(files.map(({ path }) => folderOf(path)))
  folders.delete('')
  return files.filter(({ path }) => {
    const own = folderOf(path)
    for (let end = own.indexOf('/') + 1; end > 0 && end < own.length; end = own.indexOf('/', end) + 1) {
      if (folders.has(own.slice(0, end))) return false
    }
    return true
  })
}

type Inboxes = ReadonlyMap<string, TreeEntry[]>

/** An inbox may hold thousands of files, and two formats ask for it. */
const inboxes = new WeakMap<Listing['files'], Inboxes>()

/** Fragments in path order, by the folder that their inbox stands in: the databases of a folder share one. */
export function inboxesOf({ files }: Listing): Inboxes {
  const known = inboxes.get(files)
  if (known) return known
  const found = new Map<string, TreeEntry[]>()
  for (const file of files)
    if (FRAGMENT.test(file.path)) addTo(found, file.path.replace(/inbox\/[^/]+\/[^/]+$/, ''), file)
  for (const inbox of found.values()) inbox.sort(byName)
  inboxes.set(files, found)
  return found
}

export function addTo(groups: Map<string, TreeEntry[]>, key: string, file: TreeEntry): void {
  const group = groups.get(key)
  if (group) group.push(file)
  else groups.set(key, [file])
}

/** Differs whenever one of the files may differ. */
export function stampsOf(files: readonly (TreeEntry | undefined)[]): string {
  return files.map((file) => (file ? `${file.path} ${file.stamp}` : '')).join('\n')
}

const inboxStamps = new WeakMap<readonly TreeEntry[], string>()

/** The same of an inbox, worked out once for all that share it. */
export function inboxStampOf(inbox: readonly TreeEntry[]): string {
  const known = inboxStamps.get(inbox) ?? hashOf(stampsOf(inbox))
  inboxStamps.set(inbox, known)
  return known
}

export function sizeOf(files: readonly (TreeEntry | undefined)[]): number {
  return files.reduce((total, file) => total + (file?.size ?? 0), 0)
}

import { FRAGMENT, LINES } from '../../../model/data-files.mjs'
import { canonicalProject } from '../../../model/project-name.ts'
import type { TreeEntry } from '../../../storage/tree.ts'
import { addTo, byName, folderOf, inboxesOf, type Listing } from '../listing.ts'
import type { ProjectFiles } from '../project-files.ts'
import { isDatabase } from '../sqlite/database-files.ts'

const ID = 'fragments'

/** Fragments of projects that have no database. */
export interface InboxFiles extends ProjectFiles {
  format: typeof ID
  inbox: TreeEntry[]
  /** Canonical names of the projects that have a database of their own, which takes their lines. */
  elsewhere: string[]
}

export function isInbox(files: ProjectFiles): files is InboxFiles {
  return files.format === ID
}

/** The inboxes; and where nothing else was given, a `.jsonl` of any name. */
export function claimInboxes(listing: Listing, claimed: readonly ProjectFiles[]): InboxFiles[] {
  const groups = new Map(inboxesOf(listing))
  if (claimed.length === 0) {
    const loose = listing.files.filter(({ path }) => LINES.test(path) && !FRAGMENT.test(path)).sort(byName)
    for (const file of loose) addTo(groups, folderOf(file.path), file)
  }
  const elsewhere = new Map<string, string[]>([...groups.keys()].map((folder) => [folder, []]))
  for (const { path, project, db, wal } of claimed.filter(isDatabase)) {
    // one of 0 bytes takes nothing
    if (db.size > 0 || wal) elsewhere.get(folderOf(path))?.push(canonicalProject(project))
  }
  return [...groups].map(([folder, inbox]) => ({
    format: ID,
    path: `${folder}inbox`,
    // whose they are is only known by reading
    project: undefined,
    media: `${folder}media/`,
    inbox,
    elsewhere: elsewhere.get(folder) ?? [],
  }))
}

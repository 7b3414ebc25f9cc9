import { DATABASE, LINES, MEDIA, PARQUET, SIDECAR } from '../../../model/data-files.mjs'
import type { TreeEntry } from '../../../storage/tree.ts'
import { byName, folderOf, inboxesOf, type Listing, rivalOf, topmost } from '../listing.ts'
import { type ProjectFiles, stemOf } from '../project-files.ts'

const ID = 'database'

/** A database, the log beside it, and the fragments that wait to be put into it. */
export interface DatabaseFiles extends ProjectFiles {
  format: typeof ID
  project: string
  db: TreeEntry
  wal: TreeEntry | undefined
  /** trackio's inbox beside it, in path order; its lines may belong to other projects. */
  inbox: TreeEntry[]
  /** The folder was listed whole, so a log that is not there does not exist. */
  folderSeen: boolean
}

export function isDatabase(files: ProjectFiles): files is DatabaseFiles {
  return files.format === ID
}

/** The databases of a listing; a single file of any name is tried as one. */
export function claimDatabases(listing: Listing): DatabaseFiles[] {
  const { files, listed } = listing
  const byPath = new Map(files.map((file) => [file.path, file]))
  let databases = files.filter(({ path }) => DATABASE.test(path) && !MEDIA.test(path))
  if (databases.length === 0) {
    const others = files.filter(({ path }) => !SIDECAR.test(path))
    const [only] = others
    if (others.length === 1 && only && !isOther(only.path)) databases = others
  }
  return topmost(databases)
    .map((db): DatabaseFiles => {
      const folder = folderOf(db.path)
      const project = stemOf(db.path)
      return {
        format: ID,
        path: db.path,
        project,
        media: `${folder}media/`,
        rival: rivalOf(db.path, project),
        db,
        wal: byPath.get(`${db.path}-wal`),
        inbox: inboxesOf(listing).get(folder) ?? [],
        folderSeen: listed && folder !== '',
      }
    })
    .sort(byName)
}

function isOther(path: string): boolean {
  return PARQUET.test(path) || LINES.test(path) || /\.json$/i.test(path)
}

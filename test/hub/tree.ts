import { createHash } from 'node:crypto'
import { pointerOf } from './content.ts'
import { HubError } from './http.ts'
import { byBytes } from './info.ts'
import type { Commit, Repo, StoredFile, Tree } from './store.ts'

/**
 * As the API lists files (client: lib/list-files.ts, ListFileEntry, and its spec, which holds answers of the
 * Hub).
 */
export function fileEntry(
  repo: Repo,
  path: string,
  file: StoredFile,
  expand: boolean,
): Record<string, unknown> {
  const { size } = file.content
  if (repo.type === 'bucket') {
    // huggingface_hub, _buckets.py, BucketFile: no oid, always xetHash; mtime and uploadedAt as dates
    return {
      type: 'file',
      path,
      size,
      xetHash: file.xetHash(),
      ...(file.mtime ? { mtime: file.mtime } : {}),
      uploadedAt: file.commit.date,
      ...(file.contentType ? { contentType: file.contentType } : {}),
    }
  }
  const entry: Record<string, unknown> = { type: 'file', oid: file.blobId(), size, path }
  if (file.storage !== 'git') {
    const oid = file.sha256()
    entry.lfs = { oid, size, pointerSize: pointerOf(oid, size).length }
    if (file.storage === 'xet') entry.xetHash = file.xetHash()
  }
  if (expand) {
    entry.lastCommit = lastCommit(file)
    // huggingface_hub, hf_api.py, RepoFile and BlobSecurityInfo
    entry.securityFileStatus = { status: 'safe', avScan: null, pickleImportScan: null }
  }
  return entry
}

function folderEntry(repo: Repo, path: string, newest: StoredFile, expand: boolean): Record<string, unknown> {
  if (repo.type === 'bucket') return { type: 'directory', path, uploadedAt: newest.commit.date }
  const oid = createHash('sha1').update(`tree ${repo.id} ${path} ${newest.commit.id}`).digest('hex')
  return { type: 'directory', oid, size: 0, path, ...(expand ? { lastCommit: lastCommit(newest) } : {}) }
}

function lastCommit({ commit: { id, title, date } }: StoredFile) {
  return { id, title, date }
}

export interface Listed {
  path: string
  file: StoredFile | undefined
  /** Of a folder: the file below it that changed last. */
  newest: StoredFile
}

/**
 * What stands below a folder ("" for the root), folders first, each kind in byte order; recursive: at any
 * depth. Clients must not count on it: "The order of the files and folders is not guaranteed" (hf_api.py,
 * list_repo_tree).
 */
export function listed(tree: Tree, folder: string, recursive: boolean): Listed[] {
  const start = folder === '' ? '' : `${folder}/`
  const folders = new Map<string, Listed>()
  const files: Listed[] = []
  for (const [path, file] of tree) {
    if (!path.startsWith(start)) continue
    const inside = path.slice(start.length).split('/')
    const deepest = recursive ? inside.length - 1 : Math.min(1, inside.length - 1)
    for (let depth = 1; depth <= deepest; depth++) {
      const name = start + inside.slice(0, depth).join('/')
      const before = folders.get(name)
      if (!before || before.newest.commit.date < file.commit.date)
        folders.set(name, { path: name, file: undefined, newest: file })
    }
    if (recursive || inside.length === 1) files.push({ path, file, newest: file })
  }
  const order = (a: Listed, b: Listed) => byBytes(a.path, b.path)
  return [...[...folders.values()].sort(order), ...files.sort(order)]
}

export function entryOf(
  repo: Repo,
  { path, file, newest }: Listed,
  expand: boolean,
): Record<string, unknown> {
  return file ? fileEntry(repo, path, file, expand) : folderEntry(repo, path, newest, expand)
}

/** The file or folder of one path, or undefined. */
export function find(tree: Tree, path: string): Listed | undefined {
  const file = tree.get(path)
  if (file) return { path, file, newest: file }
  const below = listed(tree, path, true)
  const newest = below.find((entry) => entry.file)?.newest
  return newest && { path, file: undefined, newest }
}

/** The commit of a branch, a tag, a whole commit id, or HEAD. */
export function commitOf(repo: Repo, revision: string): Commit {
  const commit = repo.refs.get(revision === 'HEAD' ? 'main' : revision) ?? repo.commits.get(revision)
  if (!commit) throw new HubError(404, `Invalid rev id: ${revision}`, 'RevisionNotFound')
  return commit
}

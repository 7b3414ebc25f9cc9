import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { fileHash, getChunks, hashToHex } from '@huggingface/xetchunk-wasm'
import { blobIdOf, type Content, contentOf, contentOnDisk, pointerOf, sha256Of } from './content.ts'

export type RepoType = 'model' | 'dataset' | 'space' | 'bucket'

/**
 * `git`: in the repository itself. `xet`, and `lfs` on a Hub without Xet: behind it, as large and binary
 * files are.
 */
export type Storage = 'git' | 'lfs' | 'xet'

/** A file of one tree. Hashes are worked out when first asked for. */
export interface StoredFile {
  content: Content
  storage: Storage
  sha256(): string
  /** Of the blob git keeps: the file, or its pointer. */
  blobId(): string
  xetHash(): string
  /** The commit that last changed it; of buckets, when it was uploaded. */
  commit: { id: string; title: string; date: string }
  /** Buckets only: what the uploader said, ISO 8601. */
  mtime?: string | undefined
  contentType?: string | undefined
}

export type Tree = Map<string, StoredFile>

export interface Commit {
  id: string
  parent: string | undefined
  title: string
  message: string
  author: string
  date: string
  tree: Tree
}

export interface Repo {
  type: RepoType
  id: string
  /** 24 hex digits, as the Hub's `_id`. */
  objectId: string
  private: boolean
  gated: false | 'auto' | 'manual'
  /** Users let through the gate. */
  granted: Set<string>
  /** The OAuth app that created it, if one did. */
  app?: string
  createdAt: string
  /** Branches by name. A bucket has `main` only, and no history. */
  refs: Map<string, Commit>
  commits: Map<string, Commit>
  /** How often it was changed. */
  changes: number
  /** Former ids, which are answered with a redirect. */
  aliases: Set<string>
  sdk?: string | undefined
  cardData?: Record<string, unknown> | undefined
  tags: string[]
  runtime: Record<string, unknown>
  volumes: { type: string; source: string; mountPath: string }[]
  variables: Map<string, string>
  /** Their names. */
  secrets: Set<string>
}

export interface RepoOptions {
  private?: boolean
  gated?: 'auto' | 'manual'
  granted?: string[]
  files?: Files | undefined
  /** More commits after the one of `files`, oldest first. */
  commits?: { title?: string | undefined; files?: Files | undefined; deleted?: string[] }[]
  sdk?: string | undefined
  /** Instead of what README.md's front matter says. */
  cardData?: Record<string, unknown> | undefined
  tags?: string[]
  runtime?: Record<string, unknown>
  volumes?: Repo['volumes']
}

/** Content by path. */
export type Files = Record<string, string | Uint8Array | Content>

export interface Store {
  repos: Map<string, Repo>
  /** Milliseconds since 1970; tests may stop it. */
  now: () => number
  /** Where large files go. */
  large: 'lfs' | 'xet'
  /** Objects uploaded over LFS or Xet, by SHA-256: what a commit may point to. */
  uploaded: Map<string, Content>
  /**
   * What Xet has, by Xet hash: what was uploaded, and files whose hash was told. A bucket's batch may point
   * to it.
   */
  xet: Map<string, Content>
}

export function makeStore(now: () => number, large: Store['large']): Store {
  return { repos: new Map(), now, large, uploaded: new Map(), xet: new Map() }
}

export function addRepo(store: Store, type: RepoType, id: string, options: RepoOptions = {}): Repo {
  if (!/^[\w.-]+\/[\w.-]+$/.test(id)) throw new Error(`hub double: "${id}" is not namespace/name`)
  if (store.repos.has(`${type}:${id}`)) throw new Error(`hub double: ${type} ${id} is there already`)
  const repo: Repo = {
    type,
    id,
    objectId: createHash('sha1').update(`${type} ${id}`).digest('hex').slice(0, 24),
    private: options.private ?? false,
    gated: options.gated ?? false,
    granted: new Set(options.granted ?? []),
    createdAt: isoOf(store.now()),
    refs: new Map(),
    commits: new Map(),
    changes: 0,
    aliases: new Set(),
    sdk: options.sdk,
    cardData: options.cardData,
    tags: options.tags ?? [],
    runtime: options.runtime ?? {},
    volumes: options.volumes ?? [],
    variables: new Map(),
    secrets: new Set(),
  }
  store.repos.set(`${type}:${id}`, repo)
  commit(store, repo, { title: 'initial commit', files: options.files ?? {} })
  for (const next of options.commits ?? []) commit(store, repo, next)
  return repo
}

export interface Change {
  title?: string | undefined
  message?: string
  author?: string | undefined
  files?: Files | undefined
  /** Files that stand already, under the same or another path. */
  stored?: Record<string, StoredFile>
  /** Paths of files, or of folders with a slash at the end. */
  deleted?: string[]
  branch?: string
}

/** Puts and deletes files in one commit (of a bucket: at once) and gives the new head. */
export function commit(store: Store, repo: Repo, change: Change): Commit {
  const branch = change.branch ?? 'main'
  const parent = repo.refs.get(branch)
  const date = isoOf(store.now())
  const title = change.title ?? 'Upload files'
  const id = createHash('sha1')
    .update(`${repo.type} ${repo.id} ${branch} ${repo.changes++} ${title}`)
    .digest('hex')
  const tree: Tree = new Map(parent?.tree)
  for (const path of change.deleted ?? []) {
    if (!path.endsWith('/')) tree.delete(path)
    else for (const name of [...tree.keys()]) if (name.startsWith(path)) tree.delete(name)
  }
  for (const [path, given] of Object.entries(change.files ?? {})) {
    const content = typeof given === 'string' || given instanceof Uint8Array ? contentOf(given) : given
    const before = tree.get(path)
    const file = storedFile(store, content, storageOf(store, repo.type, path, content), { id, title, date })
    // the same bytes again change nothing, so the file keeps the commit it came with
    if (
      !before ||
      repo.type === 'bucket' ||
      before.content.size !== content.size ||
      before.blobId() !== file.blobId()
    )
      tree.set(path, file)
  }
  for (const [path, file] of Object.entries(change.stored ?? {})) {
    if (repo.type === 'bucket' || tree.get(path)?.blobId() !== file.blobId())
      tree.set(path, { ...file, commit: { id, title, date } })
  }
  const made: Commit = {
    id,
    parent: parent?.id,
    title,
    message: change.message ?? '',
    author: change.author ?? '',
    date,
    tree,
  }
  if (repo.type !== 'bucket') repo.commits.set(id, made)
  repo.refs.set(branch, made)
  return made
}

export function storedFile(
  store: Store,
  content: Content,
  storage: Storage,
  from: StoredFile['commit'],
): StoredFile {
  const sha256 = once(() => sha256Of(content))
  return {
    content,
    storage,
    sha256,
    blobId: once(() => blobIdOf(storage === 'git' ? content : contentOf(pointerOf(sha256(), content.size)))),
    // hashed by the client's own package, so that a file put here and the same file uploaded have one hash
    xetHash: once(() => {
      const hash = hashToHex(fileHash(getChunks(content.read(0, content.size))))
      if (!store.xet.has(hash)) store.xet.set(hash, content)
      return hash
    }),
    commit: from,
  }
}

/** The endings in the .gitattributes that the Hub gives new datasets. */
const LARGE = new Set(
  (
    '7z arrow bin bz2 ckpt gz h5 joblib lz4 mds model msgpack npy npz onnx ot parquet pb pickle pkl pt pth rar safetensors tar tflite tgz wasm ' +
    'xz zip zst pcm sam raw aac flac mp3 ogg wav bmp gif png tiff jpg jpeg webp mp4 webm'
  ).split(' '),
)
const LARGEST_IN_GIT = 10 * 1024 * 1024

/**
 * Where the Hub puts a file: a bucket has only the Xet store; a repository keeps small text in git and sends
 * large, binary and listed kinds to it (client: types/api/api-commit.ts, ApiPreuploadRequest, "automatic LFS
 * detection").
 */
export function storageOf({ large }: Store, type: RepoType, path: string, { size, read }: Content): Storage {
  if (type === 'bucket' || size > LARGEST_IN_GIT || LARGE.has(extname(path).slice(1).toLowerCase()))
    return large
  return read(0, Math.min(512, size)).includes(0) ? large : 'git'
}

/**
 * Every file below a folder of this machine, by its path there with `prefix` before it. Nothing is read yet.
 */
export function filesOf(folder: string, prefix = ''): Files {
  const files: Files = {}
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files[prefix + relative(folder, path).split(sep).join('/')] = contentOnDisk(path)
  }
  return files
}

export function isoOf(time: number): string {
  return new Date(time).toISOString()
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

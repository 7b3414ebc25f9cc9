import { TrackioError } from '../model/errors.ts'
import type { NamedFile, Notice, SourceRef } from '../model/source.ts'
import type { Bytes } from '../storage/bytes.ts'
import { fileBytes } from '../storage/file.ts'
import { urlBytes } from '../storage/url.ts'
import type { OpenFile } from './formats/reader.ts'
import { openSqlite } from './formats/sqlite/file.ts'
import { parseHeader } from './formats/sqlite/header.ts'

export interface Opened {
  files: OpenFile[]
  notices: Notice[]
}

export interface OpenOptions {
  signal?: AbortSignal
  onProgress?: (text: string, bytes: number, totalBytes: number) => void
}

/** A database among dropped files, with the write-ahead log that stands beside it. */
export interface DatabaseFiles {
  path: string
  db: NamedFile
  wal: NamedFile | undefined
  folderSeen: boolean
}

/** Opens what a description names. What cannot be opened becomes a notice; throws when nothing could. */
export async function openSource(ref: SourceRef, options: OpenOptions): Promise<Opened> {
  if (ref.kind === 'url') return { files: [await openUrl(ref.url, ref.name, options)], notices: [] }
  const opened: Opened = { files: [], notices: [] }
  const databases = pairFiles(ref.files)
  if (databases.length === 0) throw nothingFound(ref.files)
  for (const database of databases) {
    options.signal?.throwIfAborted()
    options.onProgress?.(`opening ${database.path}`, 0, 0)
    try {
      opened.files.push(await openFiles(database))
    } catch (cause) {
      if (databases.length === 1) throw cause
      if (!(cause instanceof TrackioError)) throw cause
      opened.notices.push({ level: 'error', subject: cause.subject, text: cause.message, action: cause.action })
    }
  }
  if (opened.files.length > 0) return opened
  const [first] = opened.notices
  throw new TrackioError(ref.name, opened.notices.map((n) => `${n.subject}: ${n.text}`).join('; '), first?.action ?? '')
}

export async function openFiles(database: DatabaseFiles): Promise<OpenFile> {
  const { path, folderSeen } = database
  const [db, wal] = await bytesOf(database)
  return (await openSqlite({ path, db, wal, folderSeen })) ?? notSqlite(path, db)
}

export async function bytesOf({ path, db, wal }: DatabaseFiles): Promise<[Bytes, Bytes | undefined]> {
  // the log first: if a checkpoint moves its rows into the database in between, the database's File dies and says so
  const walBytes = wal && wal.file.size > 0 ? await fileBytes(wal.path, wal.file) : undefined
  return [await fileBytes(path, db.file), walBytes]
}

async function openUrl(url: string, name: string, options: OpenOptions): Promise<OpenFile> {
  const progress = {
    signal: options.signal,
    onProgress: (bytes: number, total: number) => options.onProgress?.(`downloading ${name}`, bytes, total),
  }
  const db = await urlBytes(url, progress)
  if (!db) throw new TrackioError(url, 'not there', 'Check the address.')
  const header = db.size > 0 ? parseHeader(db.read(0, 100)) : undefined
  const at = new URL(url)
  at.pathname += '-wal'
  // most hosts have no log beside the database; without one the page says that newer rows may be missing
  const wal = header?.wal ? await urlBytes(at.href, { ...progress, optional: true }).catch(() => undefined) : undefined
  return (await openSqlite({ path: name, db, wal, folderSeen: false })) ?? notSqlite(name, db)
}

const SIDECAR = /-(wal|shm|journal)$/i

/**
 * Databases among files: everything that ends in .db (or .sqlite, .sqlite3), each with its -wal. A single file of another name is tried too. Of a
 * dropped trackio folder only the projects count: trackio lists the *.db of its own directory, not those below it.
 */
export function pairFiles(files: NamedFile[]): DatabaseFiles[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  let databases = files.filter((file) => /\.(db|sqlite3?)$/i.test(file.path))
  if (databases.length === 0) {
    const others = files.filter((file) => !SIDECAR.test(file.path))
    if (others.length === 1 && files.every((file) => file === others[0] || SIDECAR.test(file.path))) databases = others
  }
  return databases
    .filter((file) => !databases.some((other) => isBelow(file.path, other.path)))
    .map((db) => ({ path: db.path, db, wal: byPath.get(`${db.path}-wal`), folderSeen: db.path.includes('/') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** `path` lies in a folder below that of `other`: trackio keeps caches of registries there, which are no projects. A file that was dropped without its folder says nothing of others. */
function isBelow(path: string, other: string): boolean {
  const folder = other.slice(0, other.lastIndexOf('/') + 1)
  return folder !== '' && path.startsWith(folder) && path.includes('/', folder.length)
}

function nothingFound(files: NamedFile[]): TrackioError {
  const names = files.slice(0, 3).map((file) => file.path)
  const [only] = files
  if (files.length === 1 && only && SIDECAR.test(only.path)) {
    return new TrackioError(only.path, 'only a sidecar of a database', `Drop ${only.path.replace(SIDECAR, '')} together with it.`)
  }
  if (files.length === 0)
    return new TrackioError('folder', 'no files in it', "Choose a .db file, or trackio's folder (~/.cache/huggingface/trackio).")
  return new TrackioError(
    names.join(', '),
    `no .db file among ${files.length === 1 ? 'it' : `${files.length} files`}`,
    "Choose a .db file, or trackio's folder (~/.cache/huggingface/trackio).",
  )
}

function notSqlite(path: string, db: Bytes): never {
  const start = [...db.read(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  throw new TrackioError(
    path,
    `not an SQLite database: it starts with the bytes ${start}`,
    'If it is encrypted, decrypt it first. If it was copied or downloaded, copy it again: trackio’s files start with “SQLite format 3”.',
  )
}

import { TrackioError } from '../../../model/errors.ts'
import { memoryBytes } from '../../../storage/bytes.ts'
import { fileBytes } from '../../../storage/files/file.ts'
import type { Tree } from '../../../storage/tree.ts'
import { copySize, imageChunks } from './checkpointed.ts'
import { parseHeader } from './database-header.ts'
import { makeImage } from './database-image.ts'
import type { DatabaseSource } from './database-source.ts'
import { type ImageFile, imageFile } from './vfs.ts'
import { readWal } from './wal.ts'

/** A database on this machine, in a form that another thread can be handed without copying it. */
export interface SqlFile {
  path: string
  db: Blob
  /** Its write-ahead log, as far as it is committed. */
  wal: Uint8Array | undefined
}

/**
 * The database of a source as SQLite can read it here, at once wherever in it: a File as it lies there; what comes over
 * a network, or is written to by this browser, as a copy. Undefined for one of 0 bytes.
 */
export async function sqlFileOf(
  { image, path, remote }: DatabaseSource,
  tree: Tree,
  options: {
    signal?: AbortSignal | undefined
    onProgress?: ((bytes: number, total: number) => void) | undefined
  } = {},
): Promise<SqlFile | undefined> {
  if (!image) return undefined
  if (!remote && !tree.withLog) {
    const wal = image.wal && (await image.wal.load(0, image.wal.size))
    return { path, db: await tree.blob(path, { signal: options.signal }), wal }
  }
  const parts: Blob[] = []
  options.onProgress?.(0, copySize(image))
  // the parts of a Blob may be kept on disk by the browser
  for await (const chunk of imageChunks(image, options)) parts.push(new Blob([new Uint8Array(chunk)]))
  return { path, db: new Blob(parts), wal: undefined }
}

/** For SQLite of this thread, which has to be one that may read files at once: a worker. */
export async function openSqlFile({ path, db, wal }: SqlFile): Promise<ImageFile> {
  const bytes = await fileBytes(path, db)
  const header = parseHeader(bytes.read(0, 100))
  if (!header) throw new TrackioError(path, 'not an SQLite database', 'Open it again to see what it is now.')
  const log = wal && memoryBytes(wal)
  return imageFile(makeImage(header, bytes, log, log && (await readWal(log))))
}

import { fileBytes } from '../../storage/files/file.ts'
import { copySize, imageChunks } from '../formats/sqlite/checkpointed.ts'
import { parseHeader } from '../formats/sqlite/database-header.ts'
import { makeImage } from '../formats/sqlite/database-image.ts'
import type { DatabaseSource } from '../formats/sqlite/database-source.ts'
import type { ExportOptions } from './export-options.ts'

/**
 * A project's database as one `.db` file that trackio opens unchanged, the write-ahead log folded in. It is
 * put together from pieces that the browser may keep on disk, so a large one never stands in this thread's
 * memory. Throws AbortError, or TrackioError where reading failed.
 */
export async function exportDatabase(
  { image, path }: DatabaseSource,
  { signal, onProgress }: ExportOptions = {},
): Promise<Blob> {
  const parts: Blob[] = []
  if (image) {
    onProgress?.(path, 0, copySize(image))
    const chunks = imageChunks(image, {
      signal,
      onProgress: (bytes, total) => onProgress?.(path, bytes, total),
    })
    // the parts of a Blob are copied on the spot; a view of shared memory, which Blob refuses, never comes
    // from a file
    for await (const chunk of chunks) parts.push(new Blob([new Uint8Array(chunk)]))
  }
  return new Blob(parts, { type: 'application/vnd.sqlite3' })
}

/**
 * The same database on this machine, for who reads it more than once; the browser may keep it on disk
 * meanwhile.
 */
export async function fetched(source: DatabaseSource, options: ExportOptions): Promise<DatabaseSource> {
  const db = await fileBytes(source.path, await exportDatabase(source, options))
  const header = db.size > 0 ? parseHeader(await db.load(0, 100)) : undefined
  return { path: source.path, image: header && makeImage(header, db), remote: false }
}

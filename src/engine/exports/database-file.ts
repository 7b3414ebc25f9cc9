import { copySize, imageChunks } from '../formats/sqlite/checkpointed.ts'
import type { ExportOptions, ExportSource } from './export-source.ts'

/**
 * A project's database as one `.db` file that trackio opens unchanged, the write-ahead log folded in. It is
 * put together from pieces that the browser may keep on disk, so a large one never stands in this thread's
 * memory. Throws AbortError, or TrackioError where reading failed.
 */
export async function exportDatabase(
  { image, path }: ExportSource,
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

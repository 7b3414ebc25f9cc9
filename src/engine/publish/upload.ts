import { type HubWriter, isSame, type OutFile, type RemoteFile } from '../../storage/hub/hub-write.ts'

/** What differs from what is there. */
export interface Changes<File extends OutFile = OutFile> {
  send: File[]
  same: File[]
}

/**
 * So much goes in one commit: what was sent before something breaks off stays, and the Hub advises no more
 * than a hundred files.
 */
const MOST_FILES = 100
const MOST_BYTES = 256 << 20

/**
 * Compares by content: sizes first, then hashes, which are worked out here where nobody knows them. `onFile`:
 * bytes compared so far.
 */
export async function findChanges<File extends OutFile>(
  files: readonly File[],
  remote: readonly RemoteFile[],
  {
    signal,
    onFile,
  }: { signal?: AbortSignal | undefined; onFile?: (file: File, done: number, bytes: number) => void } = {},
): Promise<Changes<File>> {
  const byPath = new Map(remote.map((file) => [file.path, file]))
  const changes: Changes<File> = { send: [], same: [] }
  let bytes = 0
  for (const [done, file] of files.entries()) {
    signal?.throwIfAborted()
    onFile?.(file, done, bytes)
    changes[(await isSame(file, byPath.get(file.path), signal)) ? 'same' : 'send'].push(file)
    bytes += file.size
  }
  return changes
}

/** Files in the order given, in groups that go together. */
export function batchesOf<File extends OutFile>(
  files: readonly File[],
  most = { files: MOST_FILES, bytes: MOST_BYTES },
): File[][] {
  const batches: File[][] = []
  let bytes = 0
  for (const file of files) {
    const last = batches.at(-1)
    if (!last || last.length === most.files || bytes + file.size > most.bytes) {
      batches.push([file])
      bytes = file.size
    } else {
      last.push(file)
      bytes += file.size
    }
  }
  return batches
}

export interface UploadOptions {
  title: string
  signal?: AbortSignal | undefined
  /** `path`: what moved last; files and bytes that have arrived. */
  onProgress?: ((path: string, files: number, bytes: number) => void) | undefined
}

/** Sends files batch after batch, and removes others with the last one. */
export async function upload(
  to: HubWriter,
  files: readonly OutFile[],
  remove: readonly string[],
  { title, signal, onProgress }: UploadOptions,
): Promise<void> {
  const batches: (readonly OutFile[])[] = batchesOf(files)
  if (batches.length === 0 && remove.length > 0) batches.push([])
  let doneFiles = 0
  let doneBytes = 0
  for (const [i, batch] of batches.entries()) {
    signal?.throwIfAborted()
    const sizes = new Map(batch.map(({ path, size }) => [path, size]))
    const parts = new Map<string, number>()
    const last = i === batches.length - 1
    await to.send(batch, last ? remove : [], {
      title: batches.length > 1 ? `${title} (${i + 1} of ${batches.length})` : title,
      signal,
      onProgress(path, part) {
        parts.set(path, Math.max(part, parts.get(path) ?? 0))
        const bytes = [...parts].reduce((sum, [name, fraction]) => sum + fraction * (sizes.get(name) ?? 0), 0)
        onProgress?.(
          path,
          doneFiles + [...parts.values()].filter((fraction) => fraction >= 1).length,
          doneBytes + Math.round(bytes),
        )
      },
    })
    doneFiles += batch.length
    doneBytes += batch.reduce((sum, { size }) => sum + size, 0)
    const { path } = batch.at(-1) ?? { path: '' }
    onProgress?.(path, doneFiles, doneBytes)
  }
}

import type { ArtifactFile, VerifiedFile, VerifyProgress } from '../../model/artifact.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { Waiting } from '../../model/questions.ts'
import { hashOf } from '../files/hash.ts'
import type { StoredFile } from './artifact-files.ts'

const TELL_MS = 100

/** Reads stored files and compares them with their SHA-256, each content once. */
export async function verifyFiles(
  files: readonly ArtifactFile[],
  find: (digest: string) => Promise<StoredFile | undefined>,
  { signal, onProgress }: Waiting<VerifyProgress>,
): Promise<VerifiedFile[]> {
  const contents = [...new Map(files.map((file) => [file.digest, file])).values()]
  const results: VerifiedFile[] = []
  const began = performance.now()
  const progress: VerifyProgress = {
    ...{ files: 0, totalFiles: contents.length, bytes: 0, ms: 0, came: [] },
    totalBytes: contents.reduce((sum, { bytes }) => sum + bytes, 0),
    ...{ current: undefined, currentBytes: 0 },
  }
  let told = began
  const tell = (now = false): void => {
    const time = performance.now()
    if (!now && time - told < TELL_MS) return
    told = time
    onProgress?.({ ...progress, ms: time - began })
    progress.came = []
  }
  for (const file of contents) {
    signal?.throwIfAborted()
    progress.current = file.digest
    progress.currentBytes = 0
    const before = progress.bytes
    tell()
    const result = await verify(file, find, signal, (bytes) => {
      progress.currentBytes = bytes
      progress.bytes = before + Math.min(bytes, file.bytes)
      tell()
    })
    results.push(result)
    progress.came.push(result)
    progress.files++
    progress.bytes = before + file.bytes
  }
  progress.current = undefined
  progress.currentBytes = 0
  tell(true)
  return results
}

async function verify(
  file: ArtifactFile,
  find: (digest: string) => Promise<StoredFile | undefined>,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<VerifiedFile> {
  try {
    const stored = await find(file.digest)
    if (!stored) return { ...file, result: 'missing' }
    const found = await hashOf(file.digest, stored.bytes, { signal, onProgress: onBytes })
    const foundBytes = stored.bytes.size
    return { ...file, result: found === file.digest ? 'same' : 'differs', found, foundBytes }
  } catch (cause) {
    if (isAbort(cause)) throw cause
    return { ...file, result: 'failed', why: noticeOf(cause, file.digest).text }
  }
}

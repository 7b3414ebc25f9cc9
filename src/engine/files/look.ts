import { guessKind } from '../../compute/file-kind.ts'
import { isAbort } from '../../model/errors.ts'
import type { FileHeader, FileLook } from '../../model/file.ts'
import type { ZipEntry } from '../../storage/files/zip-entries.ts'
import type { OpenFile } from './open-file.ts'

const HEAD = 4 << 10

/**
 * What a file is, by its first bytes, and what its header says, by a few ranges. A header that cannot be read is said
 * (`odd`), and the file is bytes then.
 */
export async function lookAt(file: OpenFile, signal: AbortSignal | undefined): Promise<FileLook> {
  const head = await file.bytes.load(0, Math.min(HEAD, file.size))
  const guess = guessKind(file.name, head, file.size)
  const answer = (more: Partial<FileLook>): FileLook => ({
    ...guess,
    size: file.size,
    far: file.far,
    ...more,
    read: file.read(),
  })
  try {
    const header = await headerOf(file, guess.kind, head, signal)
    const kind = header?.kind === 'tensors' ? 'tensors' : guess.kind
    return answer({ kind, header })
  } catch (cause) {
    if (isAbort(cause)) throw cause
    return answer({ kind: 'binary', odd: cause instanceof Error ? cause.message : String(cause) })
  }
}

async function headerOf(
  file: OpenFile,
  kind: FileLook['kind'],
  head: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<FileHeader | undefined> {
  const subject = file.ref.path
  switch (kind) {
    case 'parquet': {
      const { parquetHeader, parquetTable } = await import('./parquet-rows.ts')
      return parquetHeader(await parquetTable(file))
    }
    case 'sqlite':
      return (await import('./sqlite-rows.ts')).sqliteHeader(file, signal)
    case 'archive':
      return archiveHeader(file, signal)
    case 'tensors': {
      if (head[0] === 0x93) return (await import('./numpy.ts')).readNpy(subject, file.bytes)
      if (head[0] === 0x47 && head[1] === 0x47)
        return (await import('./gguf.ts')).readGguf(subject, file.bytes, signal)
      return (await import('./safetensors.ts')).readSafetensors(subject, file.bytes)
    }
    default:
      return undefined
  }
}

async function archiveHeader(file: OpenFile, signal: AbortSignal | undefined): Promise<FileHeader> {
  const { readZip } = await import('../../storage/files/zip-entries.ts')
  const entries = await readZip(file.ref.path, file.bytes)
  if (/\.npz$/i.test(file.name))
    return (await import('./numpy.ts')).readNpz(file.bytes, entries, file.far, signal)
  const isTorch = entries.some(({ path }) => /(^|\/)data\.pkl$/.test(path))
  return {
    kind: 'archive',
    format: isTorch ? 'PyTorch' : 'zip',
    entries: entries.map(({ path, size, packed, method }: ZipEntry) => ({ path, size, packed, method })),
    notes: isTorch
      ? [
          'names and sizes alone: what its pickle says would have to be run, and nothing of a file is run here',
        ]
      : [],
  }
}

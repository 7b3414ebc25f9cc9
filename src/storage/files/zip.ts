import { ZIP } from '../../model/data-files.mjs'
import { TrackioError } from '../../model/errors.ts'
import type { NamedFile } from '../../model/source.ts'
import type { Bytes } from '../bytes.ts'
import { fileBytes } from './file.ts'
import { contentOf, readZip, type ZipEntry } from './zip-entries.ts'

/*
 * Files of a .zip, as those that are downloaded here: what is stored stays where it lies, as a slice of the file;
 * what is packed (deflate) is unpacked once.
 */

/** All that packed files of one .zip may be when they are unpacked: they stand in the browser's memory. */
const MOST_UNPACKED = 2 ** 31
/** What was unpacked is handed to the browser in such pieces, which may put them on disk. */
const PIECE = 16 << 20
const WINDOW = 64 << 10

export interface UnzipOptions {
  signal?: AbortSignal | undefined
  /** `bytes`: of those that are packed, unpacked so far. */
  onProgress?: ((text: string, bytes: number, totalBytes: number) => void) | undefined
}

/** A .zip and what is in it. */
interface Archive extends NamedFile {
  bytes: Bytes
  entries: ZipEntry[]
  /** Bytes that its packed files will have. */
  unpacked: number
}

/**
 * The given files, those of a .zip in its place, below a folder of its name. Throws AbortError, and TrackioError
 * where one is none, or cannot be read here.
 */
export async function withUnzipped(
  files: readonly NamedFile[],
  { signal, onProgress }: UnzipOptions = {},
): Promise<NamedFile[]> {
  const all: (NamedFile | Archive)[] = []
  for (const one of files) all.push(ZIP.test(one.path) ? await archiveOf(one) : one)
  const totalBytes = all.reduce((sum, one) => sum + ('entries' in one ? one.unpacked : 0), 0)
  const found: NamedFile[] = []
  let done = 0
  for (const one of all) {
    if ('entries' in one)
      await eachFile(one, (file) => void found.push(file), {
        signal,
        onBytes: (bytes) => onProgress?.(`unpacking ${one.path}`, done + bytes, totalBytes),
      })
    else found.push(one)
    done += 'entries' in one ? one.unpacked : 0
  }
  return found
}

async function archiveOf({ path, file }: NamedFile): Promise<Archive> {
  const bytes = await fileBytes(path, file)
  const entries = (await readZip(path, bytes))
    .map((entry) => ({ ...entry, path: entry.path.replaceAll('\\', '/') }))
    .filter((entry) => !entry.path.endsWith('/') && !/(^|\/)(__MACOSX\/|\.DS_Store$)/.test(entry.path))
  const unpacked = entries.reduce((sum, { method, size }) => sum + (method === 'stored' ? 0 : size), 0)
  if (unpacked > MOST_UNPACKED)
    throw new TrackioError(
      path,
      `its files would be ${(unpacked / 1e9).toFixed(1)} GB in this page's memory when they are unpacked`,
      'Unpack it on disk, and open the folder.',
    )
  return { path, file, bytes, entries, unpacked }
}

async function eachFile(
  { path, file, bytes, entries }: Archive,
  take: (file: NamedFile) => void,
  { signal, onBytes }: { signal: AbortSignal | undefined; onBytes(bytes: number): void },
): Promise<void> {
  const folder = path.replace(ZIP, '')
  const heads = windowed(bytes)
  let done = 0
  for (const entry of entries) {
    signal?.throwIfAborted()
    onBytes(done)
    const content = await unpack(path, file, entry, await contentOf(heads, entry), signal, (more) =>
      onBytes(done + more),
    )
    done += entry.method === 'stored' ? 0 : entry.size
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1)
    const { lastModified } = file
    take({ path: `${folder}/${entry.path}`, file: new File([content], name, { lastModified }) })
  }
}

/** What stands before each file, of small ones several with one read. */
function windowed(bytes: Bytes): Pick<Bytes, 'load'> {
  let start = 0
  let held = new Uint8Array(0)
  return {
    async load(at, length) {
      if (at < start || at + length > start + held.length) {
        start = at
        held = new Uint8Array(await bytes.load(at, Math.max(length, WINDOW)))
      }
      return held.subarray(at - start, at - start + length)
    },
  }
}

/** The content of an entry that begins at `start`. */
async function unpack(
  path: string,
  file: Blob,
  entry: ZipEntry,
  start: number | undefined,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<Blob> {
  const broken = (why: string): TrackioError =>
    new TrackioError(path, `${entry.path} in it cannot be read: ${why}`, 'Unpack it, and open the folder.')
  if (entry.locked) throw broken('it is encrypted')
  if (entry.method !== 'stored' && entry.method !== 'deflate') throw broken(`packed by ${entry.method}`)
  if (start === undefined) throw broken('it is not where it should be')
  const stored = file.slice(start, start + entry.packed)
  if (stored.size !== entry.packed) throw broken('the file is cut off')
  if (entry.method === 'stored') return stored
  const parts: Blob[] = []
  let gathered: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  let until = PIECE
  const reader = stored.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  try {
    // a list may say less than there is, on purpose
    while (bytes <= entry.size) {
      const next = await reader.read()
      if (next.done) break
      gathered.push(next.value)
      bytes += next.value.length
      if (bytes < until) continue
      signal?.throwIfAborted()
      parts.push(new Blob(gathered))
      gathered = []
      until = bytes + PIECE
      onBytes(bytes)
    }
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw broken(cause instanceof Error ? cause.message : String(cause))
  } finally {
    // what is not wanted any more is not unpacked to its end; of one that broke there is nothing to end
    void reader.cancel().catch(() => {})
  }
  if (bytes !== entry.size) throw broken('it is not as long as it says')
  return new Blob([...parts, ...gathered])
}

import { ZIP } from '../../model/data-files.mjs'
import { TrackioError } from '../../model/errors.ts'
import type { NamedFile } from '../../model/source.ts'

/*
 * Files of a .zip, as those that are downloaded here: what is stored stays where it lies, as a slice of the file;
 * what is packed (deflate) is unpacked once (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
 */

/** All that packed files of one .zip may be when they are unpacked: they stand in the browser's memory. */
const MOST_UNPACKED = 2 ** 31

/** End of the list of files, and what may follow it: a comment. */
const END = 22
const LONGEST_END = END + 0xffff
const LOCAL = 30
const WINDOW = 64 << 10

interface Entry {
  path: string
  method: number
  packed: number
  size: number
  at: number
  encrypted: boolean
}

/**
 * The given files, those of a .zip in its place, below a folder of its name. Throws TrackioError where one is none,
 * or cannot be read here.
 */
export async function withUnzipped(files: readonly NamedFile[]): Promise<NamedFile[]> {
  const all = await Promise.all(files.map((one) => (ZIP.test(one.path) ? filesIn(one) : [one])))
  return all.flat()
}

async function filesIn({ path, file }: NamedFile): Promise<NamedFile[]> {
  const folder = path.replace(ZIP, '')
  const entries = (await listOf(path, file)).filter(
    (entry) => !entry.path.endsWith('/') && !/(^|\/)(__MACOSX\/|\.DS_Store$)/.test(entry.path),
  )
  const unpacked = entries.reduce((sum, { method, size }) => sum + (method === 0 ? 0 : size), 0)
  if (unpacked > MOST_UNPACKED)
    throw new TrackioError(
      path,
      `its files would be ${(unpacked / 1e9).toFixed(1)} GB in this page's memory when they are unpacked`,
      'Unpack it on disk, and open the folder.',
    )
  const heads = makeWindow(file)
  const files: NamedFile[] = []
  for (const entry of entries) {
    const content = await contentOf(path, file, entry, await heads(entry.at))
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1)
    const { lastModified } = file
    files.push({ path: `${folder}/${entry.path}`, file: new File([content], name, { lastModified }) })
  }
  return files
}

/** What stands before each file, of small ones several with one read. */
function makeWindow(file: Blob): (at: number) => Promise<DataView> {
  let start = 0
  let view: DataView = new DataView(new ArrayBuffer(0))
  return async (at) => {
    if (at < start || at + LOCAL > start + view.byteLength) {
      start = at
      view = await viewOf(file, at, WINDOW)
    }
    return new DataView(view.buffer, Math.min(at - start, view.byteLength))
  }
}

async function contentOf(path: string, file: Blob, entry: Entry, head: DataView): Promise<Blob> {
  const broken = (why: string): TrackioError =>
    new TrackioError(path, `${entry.path} in it cannot be read: ${why}`, 'Unpack it, and open the folder.')
  if (entry.encrypted) throw broken('it is encrypted')
  if (entry.method !== 0 && entry.method !== 8) throw broken(`packed by method ${entry.method}`)
  if (head.byteLength < LOCAL || head.getUint32(0, true) !== 0x04034b50)
    throw broken('it is not where it should be')
  const start = entry.at + LOCAL + head.getUint16(26, true) + head.getUint16(28, true)
  const stored = file.slice(start, start + entry.packed)
  if (stored.size !== entry.packed) throw broken('the file is cut off')
  if (entry.method === 0) return stored
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  try {
    const reader = stored.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      bytes += next.value.length
      // a list may say less than there is, on purpose
      if (bytes > entry.size) break
      pieces.push(next.value)
    }
  } catch (cause) {
    throw broken(cause instanceof Error ? cause.message : String(cause))
  }
  if (bytes !== entry.size) throw broken('it is not as long as it says')
  return new Blob(pieces)
}

async function listOf(path: string, file: Blob): Promise<Entry[]> {
  const none = new TrackioError(
    path,
    'no .zip, or one that is cut off: it has no list of its files',
    'Copy or download it again.',
  )
  const from = Math.max(0, file.size - LONGEST_END)
  const tail = await viewOf(file, from, LONGEST_END)
  let end = tail.byteLength - END
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) throw none
  let [count, size, start] = [
    tail.getUint16(end + 10, true),
    tail.getUint32(end + 12, true),
    tail.getUint32(end + 16, true),
  ]
  if (end >= 20 && tail.getUint32(end - 20, true) === 0x07064b50) {
    const large = await viewOf(file, number64(tail, end - 20 + 8), 56)
    if (large.byteLength < 56 || large.getUint32(0, true) !== 0x06064b50) throw none
    ;[count, size, start] = [number64(large, 32), number64(large, 40), number64(large, 48)]
  }
  const list = await viewOf(file, start, size)
  if (list.byteLength < size) throw none
  const entries: Entry[] = []
  for (let at = 0; entries.length < count; ) {
    if (at + 46 > list.byteLength || list.getUint32(at, true) !== 0x02014b50) throw none
    const [name, extra, comment] = [28, 30, 32].map((field) => list.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ]
    entries.push(entryAt(list, at, name, extra))
    at += 46 + name + extra + comment
  }
  return entries
}

function entryAt(list: DataView, at: number, name: number, extra: number): Entry {
  const u32 = (field: number): number => list.getUint32(at + field, true)
  const large = { packed: u32(20), size: u32(24), at: u32(42) }
  for (
    let field = at + 46 + name;
    field + 4 <= at + 46 + name + extra;
    field += 4 + list.getUint16(field + 2, true)
  ) {
    if (list.getUint16(field, true) !== 1) continue
    // only those that had no room, in this order
    let next = field + 4
    for (const key of ['size', 'packed', 'at'] as const)
      if (large[key] === 0xffffffff) {
        large[key] = number64(list, next)
        next += 8
      }
  }
  const bytes = new Uint8Array(list.buffer, list.byteOffset + at + 46, name)
  return {
    ...large,
    path: new TextDecoder().decode(bytes).replaceAll('\\', '/'),
    method: list.getUint16(at + 10, true),
    encrypted: (list.getUint16(at + 8, true) & 1) === 1,
  }
}

function number64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true))
}

async function viewOf(file: Blob, from: number, length: number): Promise<DataView> {
  return new DataView(await file.slice(from, from + length).arrayBuffer())
}

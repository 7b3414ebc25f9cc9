import { TrackioError } from '../../model/errors.ts'
import type { ArchiveEntry } from '../../model/file.ts'
import type { Bytes } from '../bytes.ts'

/** An entry of an archive, and where its local header stands. */
export interface ZipEntry extends ArchiveEntry {
  at: number
  /** Its content is encrypted. */
  locked: boolean
}

const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50
/** The end of a zip may carry a comment of up to 64 KiB. */
const TAIL = 22 + 0xffff + 20
/** A directory of more bytes is not read: half a million names. */
const MOST = 64 << 20

const METHODS: Record<number, string> = {
  0: 'stored',
  8: 'deflate',
  9: 'deflate64',
  12: 'bzip2',
  14: 'lzma',
  93: 'zstd',
  95: 'xz',
  99: 'encrypted',
}

/**
 * What a zip holds, by the directory at its end: two ranges, whatever its size. Throws TrackioError where it has
 * none, or a broken one.
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT §4.3
 */
export async function readZip(subject: string, bytes: Bytes): Promise<ZipEntry[]> {
  const from = Math.max(0, bytes.size - TAIL)
  const tail = await bytes.load(from, bytes.size - from)
  const view = viewOf(tail)
  let end = tail.length - 22
  while (end >= 0 && view.getUint32(end, true) !== END) end--
  if (end < 0) throw broken(subject, 'no directory at its end: cut off, or no zip')
  let place = {
    count: view.getUint16(end + 10, true),
    bytes: view.getUint32(end + 12, true),
    at: view.getUint32(end + 16, true),
  }
  if (end >= 20 && view.getUint32(end - 20, true) === LOCATOR_64) {
    const at = big(view, end - 12)
    const record = viewOf(await bytes.load(at, 56))
    if (record.byteLength < 56 || record.getUint32(0, true) !== END_64)
      throw broken(subject, `its end names byte ${at}, where no directory is told of`)
    place = { count: big(record, 32), bytes: big(record, 40), at: big(record, 48) }
  }
  if (place.at + place.bytes > bytes.size)
    throw broken(subject, `its directory should end at byte ${place.at + place.bytes} of ${bytes.size}`)
  if (place.bytes > MOST) throw broken(subject, `its directory has ${place.bytes} bytes, more than are read`)
  return entriesIn(subject, await bytes.load(place.at, place.bytes), place.count)
}

function entriesIn(subject: string, directory: Uint8Array, count: number): ZipEntry[] {
  const view = viewOf(directory)
  const found: ZipEntry[] = []
  let at = 0
  while (at + 46 <= directory.length && view.getUint32(at, true) === ENTRY) {
    const flags = view.getUint16(at + 8, true)
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((by) => view.getUint16(at + by, true)) as [
      number,
      number,
      number,
    ]
    const name = directory.subarray(at + 46, at + 46 + nameLength)
    const entry: ZipEntry = {
      path: decoded(name),
      method: METHODS[view.getUint16(at + 10, true)] ?? `method ${view.getUint16(at + 10, true)}`,
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
      locked: (flags & 1) === 1,
    }
    widen(entry, view, at + 46 + nameLength, extraLength)
    found.push(entry)
    at += 46 + nameLength + extraLength + noteLength
  }
  if (found.length !== count && (found.length & 0xffff) !== count)
    throw broken(subject, `its directory promises ${count} entries and has ${found.length}`)
  return found
}

/** Of what is larger than 4 GiB the numbers stand behind the name. */
function widen(entry: ZipEntry, view: DataView, from: number, length: number): void {
  const end = Math.min(from + length, view.byteLength)
  for (let at = from; at + 4 <= end; ) {
    const size = view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === 1) {
      let next = at + 4
      for (const part of ['size', 'packed', 'at'] as const) {
        if (entry[part] !== 0xffffffff || next + 8 > end) continue
        entry[part] = big(view, next)
        next += 8
      }
    }
    at += 4 + size
  }
}

/** Where the content of an entry begins; undefined where its local header is none. */
export async function contentOf(bytes: Pick<Bytes, 'load'>, entry: ZipEntry): Promise<number | undefined> {
  const head = viewOf(await bytes.load(entry.at, 30))
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL) return undefined
  return entry.at + 30 + head.getUint16(26, true) + head.getUint16(28, true)
}

function decoded(name: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name)
  } catch {
    // an older writer's code page, which nothing tells: its plain letters are the same in each
    return String.fromCharCode(...name)
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function big(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true))
}

function broken(subject: string, why: string): TrackioError {
  return new TrackioError(subject, why, 'Copy the file again.')
}

import { crc32 } from '../formats/parquet/crc32.ts'

/*
 * A .zip whose files are stored as they are: Parquet, pictures and databases hardly get smaller, and what is stored
 * can be read where it lies. The parts of its Blob are the files' own Blobs, so none is copied to memory
 * (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
 */

export interface Zip {
  /** `path`: parts separated by `/`. Reads the file once, for its checksum. Throws AbortError. */
  add(path: string, blob: Blob, signal?: AbortSignal | undefined): Promise<void>
  end(): Blob
}

interface Entry {
  name: Uint8Array
  crc: number
  size: number
  offset: number
}

const PIECE = 8 << 20
const SMALL = 64 << 10
const GATHERED = 1 << 20
/** From here on numbers stand in the entry's extra field (zip64). */
const FOUR_BYTES = 0xffffffff
const TWO_BYTES = 0xffff
/** Names are UTF-8. */
const UTF8 = 1 << 11
/** 1 January 1980, the earliest that the form knows: what is written twice is the same twice. */
const DATE = 0x21

export function makeZip(): Zip {
  const parts: BlobPart[] = []
  const entries: Entry[] = []
  let offset = 0
  /** Small parts are put together: a Blob of a hundred thousand parts is slow to read. */
  let small: Uint8Array<ArrayBuffer>[] = []
  let smallBytes = 0

  function put(part: Uint8Array<ArrayBuffer>): void {
    small.push(part)
    smallBytes += part.length
    offset += part.length
    if (smallBytes >= GATHERED) gather()
  }

  function gather(): void {
    if (small.length > 0) parts.push(new Blob(small))
    small = []
    smallBytes = 0
  }

  return {
    async add(path, blob, signal) {
      let crc = 0
      let bytes = new Uint8Array(0)
      for (let at = 0; at < blob.size; at += PIECE) {
        signal?.throwIfAborted()
        bytes = new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer())
        crc = crc32(bytes, crc)
      }
      const entry = { name: new TextEncoder().encode(path), crc: crc >>> 0, size: blob.size, offset }
      entries.push(entry)
      put(localHeader(entry))
      if (blob.size <= SMALL) return put(bytes)
      gather()
      parts.push(blob)
      offset += blob.size
    },
    end() {
      const start = offset
      for (const entry of entries) put(centralHeader(entry))
      for (const record of endRecords(entries.length, start, offset)) put(record)
      gather()
      return new Blob(parts, { type: 'application/zip' })
    },
  }
}

function localHeader({ name, crc, size }: Entry): Uint8Array<ArrayBuffer> {
  const large = size >= FOUR_BYTES
  const [shown, extra] = large ? [FOUR_BYTES, [size, size]] : [size, []]
  return record(0x04034b50, [
    ...[u16(large ? 45 : 20), u16(UTF8), u16(0), u16(0), u16(DATE), u32(crc), u32(shown), u32(shown)],
    ...[u16(name.length), u16(extraLength(extra)), name, ...extraOf(extra)],
  ])
}

function centralHeader({ name, crc, size, offset }: Entry): Uint8Array<ArrayBuffer> {
  const large = size >= FOUR_BYTES
  const far = offset >= FOUR_BYTES
  const extra = [...(large ? [size, size] : []), ...(far ? [offset] : [])]
  const version = u16(extra.length > 0 ? 45 : 20)
  const shown = large ? FOUR_BYTES : size
  return record(0x02014b50, [
    ...[version, version, u16(UTF8), u16(0), u16(0), u16(DATE), u32(crc), u32(shown), u32(shown)],
    ...[u16(name.length), u16(extraLength(extra)), u16(0), u16(0), u16(0), u32(0)],
    ...[u32(far ? FOUR_BYTES : offset), name, ...extraOf(extra)],
  ])
}

function endRecords(count: number, start: number, end: number): Uint8Array<ArrayBuffer>[] {
  const size = end - start
  const large = count >= TWO_BYTES || start >= FOUR_BYTES || size >= FOUR_BYTES
  const records: Uint8Array<ArrayBuffer>[] = []
  if (large) {
    records.push(
      record(0x06064b50, [
        ...[u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count), u64(size), u64(start)],
      ]),
      record(0x07064b50, [u32(0), u64(end), u32(1)]),
    )
  }
  const shown = Math.min(count, TWO_BYTES)
  const [bytes, from] = [Math.min(size, FOUR_BYTES), Math.min(start, FOUR_BYTES)]
  records.push(record(0x06054b50, [u16(0), u16(0), u16(shown), u16(shown), u32(bytes), u32(from), u16(0)]))
  return records
}

function extraLength(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : 4 + 8 * numbers.length
}

function extraOf(numbers: readonly number[]): Uint8Array[] {
  return numbers.length === 0 ? [] : [u16(1), u16(8 * numbers.length), ...numbers.map(u64)]
}

function record(signature: number, fields: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = [u32(signature), ...fields]
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const field of all) {
    bytes.set(field, at)
    at += field.length
  }
  return bytes
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff)
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff)
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}

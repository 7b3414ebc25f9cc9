import { decodeText } from '../../columns/json.ts'
import { cellCount, readVarint, spaceDamage, u16, u32, varint, varintEnd } from './btree.ts'
import type { Pages } from './database-image.ts'

/*
 * Rows of a leaf page as records. One cursor is reused for all rows: `serial[c]` and `offset[c]` say what
 * column c holds and where in `bytes`, so that a column nobody asks for costs nothing.
 */
export interface RecordCursor {
  bytes: Uint8Array
  /** Over the same memory as `bytes`. */
  view: DataView
  rowid: number
  /** Columns that the record stores; a row older than an ALTER TABLE stores fewer than the table has. */
  count: number
  /**
   * Serial type (file format §2.1): 0 NULL, 1–6 integers, 7 double, 8 and 9 the integers 0 and 1, even ≥ 12
   * blob, odd ≥ 13 text.
   */
  serial: Float64Array
  offset: Float64Array
  /** After a `false` from `readCell`: the page to load before trying again, or 0 when the cell is garbled. */
  missing: number
  /** Bytes of its payload, as the cell says. */
  payload: number
  /** Bytes that the cell takes up on its page. */
  size: number
}

const MAX_COLUMNS = 2000

export function makeCursor(): RecordCursor {
  const bytes = new Uint8Array(0)
  return {
    bytes,
    view: new DataView(bytes.buffer),
    rowid: 0,
    count: 0,
    serial: new Float64Array(MAX_COLUMNS),
    offset: new Float64Array(MAX_COLUMNS),
    missing: 0,
    payload: 0,
    size: 0,
  }
}

/**
 * Follows the cells of leaves that are read one after the other, and finds what no cell by itself can show.
 */
export interface LeafCheck {
  /** Id of the row before. */
  last: number
  /** Bytes of the cells of this leaf so far. */
  used: number
  garbled: number
  /** Rows of this leaf whose id is not larger than that of the row before. */
  back: number
  /** Of these: pointers to a cell that another one points to. They are not to be read. */
  twice: number
}

export function makeLeafCheck(): LeafCheck {
  return { last: Number.NEGATIVE_INFINITY, used: 0, garbled: 0, back: 0, twice: 0 }
}

export function beginLeaf(check: LeafCheck): void {
  check.used = 0
  check.garbled = 0
  check.back = 0
  check.twice = 0
}

/** A row of an id that is not larger than the one before. False when it is a cell that was read already. */
export function rowGoesBack(
  check: LeafCheck,
  bytes: Uint8Array,
  at: number,
  page: number,
  index: number,
): boolean {
  const pointers = at + (page === 1 ? 108 : 8)
  const cell = u16(bytes, pointers + index * 2)
  check.back++
  for (let i = 0; i < index; i++) {
    if (u16(bytes, pointers + i * 2) !== cell) continue
    check.twice++
    return false
  }
  return true
}

/**
 * What is wrong with a leaf whose cells were all read. `most`: the largest row id that its place in the tree
 * allows.
 */
export function leafDamage(
  check: LeafCheck,
  pages: Pages,
  bytes: Uint8Array,
  at: number,
  page: number,
  most: number,
): string | undefined {
  // hardly any leaf has anything wrong with it
  if (check.garbled + check.back === 0 && check.last <= most)
    return spaceDamage(bytes, at, page, check.used, pages.image)
  const why: string[] = []
  if (check.garbled > 0) why.push(`${check.garbled} of ${cellCount(bytes, at, page)} rows are garbled`)
  if (check.twice > 0) why.push(`${check.twice} ${check.twice === 1 ? 'row is' : 'rows are'} listed twice`)
  if (check.back > check.twice || check.last > most) why.push('its rows are out of order')
  // the size of a garbled cell is not known
  const space = check.garbled > 0 ? undefined : spaceDamage(bytes, at, page, check.used, pages.image)
  if (space) why.push(space)
  return why.length > 0 ? why.join('; ') : undefined
}

/**
 * Reads cell `index` of a leaf page into the cursor. False when the cell is garbled (`missing` 0) or
 * continues on a page that is not in memory (`missing` is its number).
 */
export function readCell(
  cursor: RecordCursor,
  pages: Pages,
  bytes: Uint8Array,
  at: number,
  page: number,
  index: number,
): boolean {
  const size = pages.image.pageSize
  const usable = pages.image.header.usable
  const end = at + size
  cursor.missing = 0
  const pointer = at + (page === 1 ? 108 : 8) + index * 2
  if (pointer + 2 > end) return false
  const start = u16(bytes, pointer)
  if (start < 8 || start + 4 > size) return false
  readVarint(bytes, at + start)
  const payload = varint
  cursor.payload = payload
  readVarint(bytes, varintEnd)
  cursor.rowid = varint
  const body = varintEnd
  const maxLocal = usable - 35
  if (payload <= maxLocal) {
    if (body + payload > end) return false
    cursor.size = body + payload - at - start
    return readRecord(cursor, bytes, body, body + payload)
  }
  const local = localPart(payload, usable)
  if (payload > pages.image.pageCount * size || body + local + 4 > end) return false
  cursor.size = body + local + 4 - at - start
  // a garbled length must not allocate: long rows are put together page by page, by readLongCell
  cursor.missing = u32(bytes, body + local)
  if (payload > LONG || cursor.missing === 0) return false
  const whole = new Uint8Array(payload)
  whole.set(bytes.subarray(body, body + local))
  let filled = local
  let next = cursor.missing
  while (filled < payload) {
    if (next === 0) {
      cursor.missing = 0
      return false
    }
    if (!pages.peek(next)) return false
    const take = Math.min(usable - 4, payload - filled)
    whole.set(pages.bytes.subarray(pages.at + 4, pages.at + 4 + take), filled)
    filled += take
    next = u32(pages.bytes, pages.at)
  }
  cursor.missing = 0
  return readRecord(cursor, whole, 0, payload)
}

const LONG = 1 << 20

/**
 * Reads a cell that continues on other pages, after readCell has named the first of them as `missing`; waits
 * for each. False when the chain breaks off.
 */
export async function readLongCell(
  cursor: RecordCursor,
  pages: Pages,
  bytes: Uint8Array,
  at: number,
  index: number,
  page: number,
): Promise<boolean> {
  const { pageSize: size, header } = pages.image
  readVarint(bytes, at + u16(bytes, at + (page === 1 ? 108 : 8) + index * 2))
  const payload = varint
  readVarint(bytes, varintEnd)
  const rowid = varint
  const body = varintEnd
  const local = localPart(payload, header.usable)
  const parts = [bytes.subarray(body, body + local)]
  let filled = local
  let next = u32(bytes, body + local)
  // a chain longer than the file has pages goes in a circle
  for (let left = pages.image.pageCount; filled < payload; left--) {
    if (left === 0 || next === 0 || !(await pages.load(next))) return false
    const take = Math.min(header.usable - 4, payload - filled)
    parts.push(pages.bytes.slice(pages.at + 4, pages.at + 4 + take))
    filled += take
    next = u32(pages.bytes, pages.at)
  }
  if (payload > pages.image.pageCount * size) return false
  const whole = new Uint8Array(payload)
  let to = 0
  for (const part of parts) {
    whole.set(part, to)
    to += part.length
  }
  cursor.rowid = rowid
  return readRecord(cursor, whole, 0, payload)
}

/** Bytes of a spilled payload that stay in the cell (file format §1.6). */
function localPart(payload: number, usable: number): number {
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const spill = least + ((payload - least) % (usable - 4))
  return spill <= usable - 35 ? spill : least
}

function readRecord(cursor: RecordCursor, bytes: Uint8Array, start: number, end: number): boolean {
  readVarint(bytes, start)
  const headerEnd = start + varint
  if (headerEnd > end) return false
  let at = varintEnd
  let body = headerEnd
  let n = 0
  while (at < headerEnd) {
    let type = bytes[at] as number
    if (type < 0x80) at++
    else {
      readVarint(bytes, at)
      type = varint
      at = varintEnd
    }
    if (n === MAX_COLUMNS) return false
    cursor.serial[n] = type
    cursor.offset[n++] = body
    body += type >= 12 ? (type - 12) >>> 1 : (SIZES[type] as number)
  }
  if (body !== end || at !== headerEnd) return false
  if (cursor.bytes !== bytes) {
    cursor.bytes = bytes
    cursor.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  cursor.count = n
  return true
}

const SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0]

/** Bytes of a text or blob column; −1 for anything else. */
export function lengthOf(cursor: RecordCursor, column: number): number {
  if (column < 0 || column >= cursor.count) return -1
  const type = cursor.serial[column] as number
  return type >= 12 ? (type - 12) >>> 1 : -1
}

const scratch = new DataView(new ArrayBuffer(8))

/** A number column; NaN for NULL, text and blobs. Integers beyond 2^53 come as the nearest double. */
export function numberOf(cursor: RecordCursor, column: number): number {
  if (column < 0 || column >= cursor.count) return Number.NaN
  const { bytes } = cursor
  const at = cursor.offset[column] as number
  switch (cursor.serial[column]) {
    case 1:
      return ((bytes[at] as number) << 24) >> 24
    case 2:
      return (u16(bytes, at) << 16) >> 16
    case 3:
      return (((bytes[at] as number) << 24) | (u16(bytes, at + 1) << 8)) >> 8
    case 4:
      return u32(bytes, at) | 0
    case 5:
      return ((u16(bytes, at) << 16) >> 16) * 2 ** 32 + u32(bytes, at + 2)
    case 6:
      scratch.setUint32(0, u32(bytes, at))
      scratch.setUint32(4, u32(bytes, at + 4))
      return Number(scratch.getBigInt64(0))
    case 7:
      scratch.setUint32(0, u32(bytes, at))
      scratch.setUint32(4, u32(bytes, at + 4))
      return scratch.getFloat64(0)
    case 8:
      return 0
    case 9:
      return 1
    default:
      return Number.NaN
  }
}

/** A text or blob column as text; a number as its digits; null for NULL. */
export function textOf(cursor: RecordCursor, column: number): string | null {
  if (column < 0 || column >= cursor.count) return null
  const type = cursor.serial[column] as number
  // 10 and 11 are never stored; SQLite takes them for NULL
  if (type === 0 || type === 10 || type === 11) return null
  if (type < 12) return String(numberOf(cursor, column))
  const at = cursor.offset[column] as number
  return decodeText(cursor.bytes.subarray(at, at + ((type - 12) >>> 1)))
}

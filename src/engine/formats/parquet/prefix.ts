import { parquetHeader } from 'hyparquet/src/column.js'
import { levelsOf } from './decode.ts'
import type { Page } from './page-index.ts'
import type { Chunk } from './parquet-table.ts'

/*
 * The first rows of a page from its first bytes. A page of plain doubles has 160 kB to 1 MB; a sample of a
 * whole column takes a few thousand bytes of many pages instead of some pages whole: with 24 places, 300 kB
 * of a column of 20 MB, not 4 MB and more.
 */

const WIDTHS: Partial<Record<string, number>> = { DOUBLE: 8, INT64: 8, FLOAT: 4, INT32: 4 }
/** Room for a page's header; those with statistics have some 60 bytes. */
const HEADER = 256
/** A page of which this share is wanted is read whole: that decodes whatever there is. */
const WHOLE_FROM = 0.6

/** How many bytes of a plain page hold its first `rows`; undefined where the page has to be read whole. */
export function prefixBytes(chunk: Chunk, page: Page, rows: number): number | undefined {
  const { leaf, meta } = chunk
  const width = WIDTHS[meta.type]
  if (width === undefined || leaf.path.length !== 2 || leaf.element.repetition_type === 'REPEATED')
    return undefined
  if (meta.codec !== 'SNAPPY' && meta.codec !== 'UNCOMPRESSED') return undefined
  // which rows have a value comes first, of all rows: at most a bit each
  const levels = Math.ceil(page.rows / 8) + 16
  const bytes = HEADER + levels + Math.min(rows, page.rows) * width
  return bytes < (page.end - page.start) * WHOLE_FROM ? bytes : undefined
}

/**
 * The cells of the first rows of a page, at most `rows`, as many as are in `bytes`; null is no value, int64
 * is BigInt. Undefined where the bytes do not tell: another encoding, or more said before the values than
 * expected.
 */
export function readPrefix(
  chunk: Chunk,
  page: Page,
  bytes: Uint8Array,
  rows: number,
): (number | bigint | null)[] | undefined {
  try {
    const reader = { view: viewOf(bytes), offset: 0 }
    const header = parquetHeader(reader)
    const body = bytes.subarray(reader.offset)
    const optional = chunk.leaf.element.repetition_type !== 'REQUIRED'
    const width = WIDTHS[chunk.meta.type] ?? 8
    const one = header.data_page_header
    const two = header.data_page_header_v2
    if (one?.encoding === 'PLAIN') {
      // the levels are packed with the values
      const raw = unpack(chunk, body, 4 + Math.ceil(page.rows / 8) + 16 + rows * width)
      const levels = optional ? viewOf(raw).getUint32(0, true) : 0
      const present = optional ? presentIn(raw.subarray(4, 4 + levels), page.rows, levels) : undefined
      return cells(chunk, raw.subarray(optional ? 4 + levels : 0), present, Math.min(rows, page.rows))
    }
    if (two?.encoding === 'PLAIN') {
      const length = two.definition_levels_byte_length
      const present = length > 0 ? presentIn(body.subarray(0, length), page.rows, length) : undefined
      const packed = body.subarray(two.repetition_levels_byte_length + length)
      const raw = two.is_compressed === false ? packed : unpack(chunk, packed, rows * width)
      return cells(chunk, raw, present, Math.min(rows, page.rows))
    }
    return undefined
  } catch (_untold) {
    // a header or levels that go on behind these bytes; a damaged page says so when it is read whole
    return undefined
  }
}

/** Which rows have a value: 1 where they do. */
function presentIn(bytes: Uint8Array, rows: number, length: number): ArrayLike<number> {
  if (bytes.length < length) throw new RangeError('the levels go on behind these bytes')
  return levelsOf(bytes, 0, length, 1, rows)
}

function cells(
  { meta }: Chunk,
  raw: Uint8Array,
  present: ArrayLike<number> | undefined,
  most: number,
): (number | bigint | null)[] {
  const view = viewOf(raw)
  const width = WIDTHS[meta.type] ?? 8
  const found: (number | bigint | null)[] = []
  for (let row = 0, at = 0; row < most; row++) {
    if (present && present[row] !== 1) {
      found.push(null)
      continue
    }
    if (at + width > raw.length) break
    found.push(valueAt(view, meta.type, at))
    at += width
  }
  return found
}

function valueAt(view: DataView, type: string, at: number): number | bigint {
  switch (type) {
    case 'DOUBLE':
      return view.getFloat64(at, true)
    case 'FLOAT':
      return view.getFloat32(at, true)
    case 'INT64':
      return view.getBigInt64(at, true)
    default:
      return view.getInt32(at, true)
  }
}

function unpack({ meta }: Chunk, bytes: Uint8Array, most: number): Uint8Array {
  return meta.codec === 'SNAPPY' ? unsnap(bytes, most) : bytes
}

/**
 * The beginning of what Snappy packed (https://github.com/google/snappy/blob/main/format_description.txt), at
 * least `most` bytes of it if the input has them: libraries want the whole of it.
 */
export function unsnap(input: Uint8Array, most: number): Uint8Array {
  let at = 0
  while ((input[at] as number) >= 0x80) at++
  at++ // behind the length of the whole
  const out = new Uint8Array(most + 64)
  let length = 0
  while (at < input.length && length < most) {
    const tag = input[at++] as number
    const kind = tag & 3
    if (kind === 0) {
      let count = (tag >>> 2) + 1
      if (count > 60) {
        const extra = count - 60
        if (at + extra > input.length) break
        count = little(input, at, extra) + 1
        at += extra
      }
      // a literal may go on behind the input, or behind what is wanted
      const part = input.subarray(at, at + Math.min(count, out.length - length))
      out.set(part, length)
      length += part.length
      at += count
      continue
    }
    const size = kind === 1 ? 1 : kind === 2 ? 2 : 4
    if (at + size > input.length) break
    const count = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
    const offset = kind === 1 ? ((tag >>> 5) << 8) | (input[at] as number) : little(input, at, size)
    at += size
    if (offset === 0 || offset > length)
      throw new Error(`snappy: a copy from ${offset} bytes before, of ${length}`)
    // byte by byte: a copy may repeat what it writes
    for (let i = 0; i < count && length < out.length; i++) {
      out[length] = out[length - offset] as number
      length++
    }
  }
  return out.subarray(0, length)
}

function little(bytes: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] as number)
  return value
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

import type { DecodedArray, Encoding, PageHeader } from 'hyparquet'
import { assembleLists } from 'hyparquet/src/assemble.js'
import type { readPage } from 'hyparquet/src/column.js'
import { convert, convertWithDictionary } from 'hyparquet/src/convert.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { byteStreamSplit } from 'hyparquet/src/encoding.js'
import { readPlain } from 'hyparquet/src/plain.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'
import { readVarInt } from 'hyparquet/src/thrift.js'
import { crc32 } from './crc32.ts'

/*
 * One page → its cells, where all that its header and the chunk promise is checked: checksum, sizes, levels,
 * the number of values, places in the dictionary. The decoders of hyparquet take what is there; a damaged
 * page would come as other numbers.
 */

export type ColumnDecoder = Parameters<typeof readPage>[2]

/** What a page of a chunk may promise at most, as the footer says. */
export interface Promised {
  /** Values and nulls of the chunk. */
  values: number
  /** Bytes of its pages, unpacked. */
  bytes: number
}

/** A page smaller than this is unpacked whatever the footer says: some writers count its bytes otherwise. */
const SMALL = 16 << 20

/** The levels and values of a data page. */
interface Decoded {
  /** Values and nulls together. */
  count: number
  /** Undefined where no level can be lower than the greatest, or none is. */
  definition: Uint8Array | undefined
  repetition: Uint8Array | undefined
  values: DecodedArray
}

/** The entries of a page with a dictionary. */
export function decodeDictionary(
  body: Uint8Array,
  header: PageHeader,
  decoder: ColumnDecoder,
  promised: Promised,
): DecodedArray {
  const count = header.dictionary_page_header?.num_values
  if (header.type !== 'DICTIONARY_PAGE' || count === undefined)
    throw new Error('a dictionary should be where there is none')
  checkHeader(body, header, promised)
  const bytes = unpacked(body, header.uncompressed_page_size, decoder)
  return typed(plain(bytes, count, decoder), decoder)
}

/**
 * The cells of a data page, one for each row: null is a row without a value. Of a leaf below optional structs
 * (no lists), a row is a nested array: `[]` where the struct is null, `[null]` where its member is.
 */
export function decodePage(
  body: Uint8Array,
  header: PageHeader,
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
  promised: Promised,
): DecodedArray {
  const { count, definition, repetition, values } = decodeData(body, header, decoder, dictionary, promised)
  const { schemaPath } = decoder
  if (schemaPath.length > 2 || repetition)
    return assembleLists(
      [],
      definition && Array.from(definition),
      repetition ? Array.from(repetition) : [],
      values,
      schemaPath,
    )
  if (!definition) return values
  const cells = new Array<unknown>(count)
  let next = 0
  for (let i = 0; i < count; i++) cells[i] = definition[i] === 1 ? values[next++] : null
  return cells
}

/** Checks a data page without putting its rows together; its number of values and nulls. */
export function checkPage(
  body: Uint8Array,
  header: PageHeader,
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
  promised: Promised,
): number {
  return decodeData(body, header, decoder, dictionary, promised).count
}

function decodeData(
  body: Uint8Array,
  header: PageHeader,
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
  promised: Promised,
): Decoded {
  checkHeader(body, header, promised)
  const one = header.type === 'DATA_PAGE' ? header.data_page_header : undefined
  const two = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined
  const info = one ?? two
  if (!info) throw new Error('a page that does not say what it holds')
  const count = info.num_values
  if (!isCount(count) || count > promised.values)
    throw new Error(`a page of ${count} values, where ${promised.values} are promised`)
  const most = {
    repetition: getMaxRepetitionLevel(decoder.schemaPath),
    definition: getMaxDefinitionLevel(decoder.schemaPath),
  }
  const levels = {
    repetition: undefined as Uint8Array | undefined,
    definition: undefined as Uint8Array | undefined,
  }
  let bytes: Uint8Array
  let at = 0
  if (one) {
    bytes = unpacked(body, header.uncompressed_page_size, decoder)
    for (const kind of ['repetition', 'definition'] as const) {
      if (most[kind] === 0) continue
      if (one[`${kind}_level_encoding`] !== 'RLE')
        throw new Error(`unsupported encoding of levels: ${one[`${kind}_level_encoding`]}`)
      if (at + 4 > bytes.length) throw new Error('a page ends before its levels')
      const length = viewOf(bytes).getUint32(at, true)
      at += 4
      if (at + length > bytes.length) throw new Error('a page ends before its levels do')
      levels[kind] = levelsOf(bytes, at, at + length, most[kind], count)
      at += length
    }
  } else {
    const {
      repetition_levels_byte_length: first,
      definition_levels_byte_length: second,
      is_compressed,
    } = two as NonNullable<typeof two>
    if (!isCount(first) || !isCount(second) || first + second > body.length)
      throw new Error('a page ends before its levels do')
    if (most.repetition > 0) levels.repetition = levelsOf(body, 0, first, most.repetition, count)
    if (most.definition > 0) levels.definition = levelsOf(body, first, first + second, most.definition, count)
    const size = header.uncompressed_page_size - first - second
    const packed = body.subarray(first + second)
    bytes = is_compressed === false ? packed : unpacked(packed, size, decoder)
  }
  let present = count
  if (levels.definition) {
    present = 0
    for (const level of levels.definition) if (level === most.definition) present++
    if (present === count) levels.definition = undefined
  }
  if (two && two.num_nulls !== count - present)
    throw new Error(`a page with ${count - present} nulls, where ${two.num_nulls} are promised`)
  const values = valuesOf(bytes, at, present, info.encoding, decoder, dictionary)
  if (values.length !== present) throw new Error(`${values.length} values in a page of ${present}`)
  return { count, ...levels, values }
}

function checkHeader(body: Uint8Array, header: PageHeader, { bytes }: Promised): void {
  const size = header.uncompressed_page_size
  if (!isCount(size)) throw new Error('a page of no size')
  if (size > Math.max(SMALL, bytes)) throw new Error(`a page of ${size} bytes, where ${bytes} are promised`)
  if (header.crc !== undefined && (header.crc | 0) !== (crc32(body) | 0))
    throw new Error('the checksum of a page is wrong')
}

function unpacked(bytes: Uint8Array, size: number, { codec, compressors }: ColumnDecoder): Uint8Array {
  if (codec === 'SNAPPY' && bytes.length > 0) {
    // how long it is stands at its beginning too
    const told = readVarInt({ view: viewOf(bytes), offset: 0 })
    if (told !== size) throw new Error(`a page of ${told} bytes, where ${size} are promised`)
  }
  return decompressPage(bytes, size, codec, compressors)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function valuesOf(
  bytes: Uint8Array,
  from: number,
  count: number,
  encoding: Encoding,
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
): DecodedArray {
  const { type, element } = decoder
  const body = bytes.subarray(from)
  const reader = { view: viewOf(body), offset: 0 }
  switch (encoding) {
    case 'PLAIN':
      return typed(plain(body, count, decoder), decoder)
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      if (count === 0) return []
      if (!dictionary) throw new Error('a page refers to a dictionary that is not there')
      if (body.length === 0) throw new Error('a page ends before its values')
      const places = new Uint32Array(count)
      hybrid(body, 1, body.length, body[0] as number, places, dictionary.length - 1)
      return convertWithDictionary(Array.from(places), dictionary, encoding, decoder)
    }
    case 'RLE': {
      if (type !== 'BOOLEAN') throw new Error(`unsupported encoding: ${encoding}`)
      const bits = new Uint8Array(count)
      if (count > 0) hybrid(body, 4, 4 + lengthBefore(body), 1, bits, 1)
      return Array.from(bits, (bit) => bit === 1)
    }
    case 'BYTE_STREAM_SPLIT':
      if (count * widthOf(decoder) > body.length) throw new Error('a page ends before its values do')
      return typed(byteStreamSplit(reader, count, type, element.type_length), decoder)
    case 'DELTA_BINARY_PACKED': {
      const numbers = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count)
      delta(reader, count, numbers)
      return typed(numbers, decoder)
    }
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return typed(deltaTexts(body, reader, count, false), decoder)
    case 'DELTA_BYTE_ARRAY':
      return typed(deltaTexts(body, reader, count, true), decoder)
    default:
      throw new Error(`unsupported encoding: ${encoding}`)
  }
}

/** Values as their column's type has them. */
function typed(values: DecodedArray, decoder: ColumnDecoder): DecodedArray {
  const range = rangeOf(decoder)
  if (range)
    for (const value of values)
      if (value < range[0] || value > range[1])
        throw new Error(`a number of ${value} in a column of ${range}`)
  return convert(values, decoder)
}

/** Least and greatest of the integers that are stored in more bits than they have. */
function rangeOf({
  element: { converted_type: converted, logical_type: logical },
}: ColumnDecoder): [number, number] | undefined {
  const name =
    logical?.type === 'INTEGER' ? `${logical.isSigned ? '' : 'U'}INT_${logical.bitWidth}` : converted
  switch (name) {
    case 'INT_8':
      return [-128, 127]
    case 'INT_16':
      return [-32768, 32767]
    case 'UINT_8':
      return [0, 255]
    case 'UINT_16':
      return [0, 65535]
    default:
      return undefined
  }
}

function plain(bytes: Uint8Array, count: number, decoder: ColumnDecoder): DecodedArray {
  if (!isCount(count) || count * widthOf(decoder) > bytes.length)
    throw new Error('a page ends before its values do')
  const reader = { view: viewOf(bytes), offset: 0 }
  const values = readPlain(reader, decoder.type, count, decoder.element.type_length)
  // views of the buffer may go on behind the page
  if (reader.offset > bytes.length) throw new Error('a page ends before its values do')
  return values
}

/** The least bytes of a plain value. */
function widthOf({ type, element }: ColumnDecoder): number {
  switch (type) {
    case 'BOOLEAN':
      return 1 / 8
    case 'INT64':
    case 'DOUBLE':
      return 8
    case 'INT96':
      return 12
    case 'FIXED_LEN_BYTE_ARRAY':
      return element.type_length ?? 1
    default:
      return 4
  }
}

/** Values of a run of booleans are preceded by their number of bytes. */
function lengthBefore(body: Uint8Array): number {
  if (body.length < 4) throw new Error('a page ends before its values')
  const length = viewOf(body).getUint32(0, true)
  if (4 + length > body.length) throw new Error('a page ends before its values do')
  return length
}

type Reader = { view: DataView; offset: number }

/**
 * Values of the encoding by differences. Its first numbers say how long its blocks are: no sensible ones are
 * small or very large.
 */
function delta(reader: Reader, count: number, numbers: Int32Array | BigInt64Array): void {
  if (count === 0) return
  const start = reader.offset
  const [block, parts, promised] = [readVarInt(reader), readVarInt(reader), readVarInt(reader)]
  const part = block / parts
  if (
    !(block > 0 && block <= 1 << 20 && parts > 0 && Number.isInteger(part) && part % 8 === 0) ||
    promised !== count
  )
    throw new Error(
      `values by differences: blocks of ${block} in ${parts} parts, ${promised} values instead of ${count}`,
    )
  reader.offset = start
  deltaBinaryUnpack(reader, count, numbers)
  if (reader.offset > reader.view.byteLength) throw new Error('a page ends before its values do')
}

function deltaTexts(body: Uint8Array, reader: Reader, count: number, shared: boolean): Uint8Array[] {
  const prefixes = new Int32Array(count)
  const lengths = new Int32Array(count)
  if (shared) delta(reader, count, prefixes)
  delta(reader, count, lengths)
  const texts: Uint8Array[] = []
  let before = new Uint8Array(0)
  for (let i = 0; i < count; i++) {
    const [prefix, length] = [prefixes[i] as number, lengths[i] as number]
    if (prefix < 0 || prefix > before.length || length < 0 || reader.offset + length > body.length)
      throw new Error('a page ends before its values do')
    const own = body.subarray(reader.offset, reader.offset + length)
    reader.offset += length
    if (prefix > 0) {
      const whole = new Uint8Array(prefix + length)
      whole.set(before.subarray(0, prefix))
      whole.set(own, prefix)
      before = whole
    } else before = own as Uint8Array<ArrayBuffer>
    texts.push(before)
  }
  return texts
}

/** Levels [0, most] of `count` values in bytes [from, to). */
export function levelsOf(
  bytes: Uint8Array,
  from: number,
  to: number,
  most: number,
  count: number,
): Uint8Array {
  const levels = new Uint8Array(count)
  hybrid(bytes, from, to, 32 - Math.clz32(most), levels, most)
  return levels
}

/**
 * Fills `out` from runs and packed groups of numbers of `width` bits in bytes [from, to). Throws where they
 * end before, or a number is larger than `most`.
 */
function hybrid(
  bytes: Uint8Array,
  from: number,
  to: number,
  width: number,
  out: Uint8Array | Uint32Array,
  most: number,
): void {
  if (width > 32) throw new Error(`numbers of ${width} bits`)
  if (most < 0) throw new Error('a dictionary without entries')
  // numbers that are all 0 need no bits; some writers leave out how many there are too
  if (width === 0 && from === to) return
  const size = (width + 7) >> 3
  let at = from
  for (let filled = 0; filled < out.length; ) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= to || shift > 28) throw new Error('a run is cut off')
      const byte = bytes[at++] as number
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const left = out.length - filled
    if (header % 2 === 0) {
      if (at + size > to) throw new Error('a run is cut off')
      let value = 0
      for (let i = 0; i < size; i++) value += (bytes[at + i] as number) * 2 ** (8 * i)
      at += size
      if (header === 0) throw new Error('an empty run')
      const times = Math.min(left, header / 2)
      if (value > most) throw new Error(`a number of ${value}, where ${most} is the greatest`)
      out.fill(value, filled, filled + times)
      filled += times
      continue
    }
    const packed = ((header - 1) / 2) * 8
    const times = Math.min(left, packed)
    // some writers cut the last group of 8 behind what is needed; where more is missing, the number of groups
    // is damaged
    if (at + Math.max(times / 8, packed / 8 - 1) * width > to) throw new Error('packed numbers are cut off')
    unpack(bytes, at, width, out, filled, times, most)
    filled += times
    at += (packed * width) / 8
  }
}

function unpack(
  bytes: Uint8Array,
  from: number,
  width: number,
  out: Uint8Array | Uint32Array,
  filled: number,
  times: number,
  most: number,
): void {
  if (width === 1) {
    for (let i = 0; i < times; i++) {
      const value = ((bytes[from + (i >> 3)] as number) >> (i & 7)) & 1
      if (value > most) throw new Error(`a number of ${value}, where ${most} is the greatest`)
      out[filled + i] = value
    }
    return
  }
  let at = from
  let rest = 0 // bits that were read and not used yet, as a number: up to 39 of them
  let bits = 0
  const over = 2 ** width
  for (let i = 0; i < times; i++) {
    while (bits < width) {
      rest += (bytes[at++] as number) * 2 ** bits
      bits += 8
    }
    const value = rest % over
    rest = (rest - value) / over
    bits -= width
    if (value > most) throw new Error(`a number of ${value}, where ${most} is the greatest`)
    out[filled + i] = value
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

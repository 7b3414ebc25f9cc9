import { nextTurn } from '../../bridge/turn.ts'
import { TrackioError } from '../../model/errors.ts'
import type { FileHeader, TensorInfo } from '../../model/file.ts'
import type { Bytes } from '../../storage/bytes.ts'

type Tensors = Extract<FileHeader, { kind: 'tensors' }>

/** Bytes that are read at once: a header of a large vocabulary has some megabytes. */
const PIECE = 1 << 20
const MOST_TENSORS = 1_000_000
const MOST_KEYS = 100_000
const MOST_TEXT = 16 << 20
/** Values of lists that have to be gone through one by one: a vocabulary and its merges have less than a million. */
const MOST_VALUES = 10_000_000
/** Of a list that many values are shown. */
const SHOWN = 4

/** Of each type of tensor: its name, how many values a block has, and how many bytes. */
const TYPES: Record<number, [name: string, values: number, bytes: number]> = {
  0: ['F32', 1, 4],
  1: ['F16', 1, 2],
  2: ['Q4_0', 32, 18],
  3: ['Q4_1', 32, 20],
  6: ['Q5_0', 32, 22],
  7: ['Q5_1', 32, 24],
  8: ['Q8_0', 32, 34],
  9: ['Q8_1', 32, 36],
  10: ['Q2_K', 256, 84],
  11: ['Q3_K', 256, 110],
  12: ['Q4_K', 256, 144],
  13: ['Q5_K', 256, 176],
  14: ['Q6_K', 256, 210],
  15: ['Q8_K', 256, 292],
  16: ['IQ2_XXS', 256, 66],
  17: ['IQ2_XS', 256, 74],
  18: ['IQ3_XXS', 256, 98],
  19: ['IQ1_S', 256, 50],
  20: ['IQ4_NL', 32, 18],
  21: ['IQ3_S', 256, 110],
  22: ['IQ2_S', 256, 82],
  23: ['IQ4_XS', 256, 136],
  24: ['I8', 1, 1],
  25: ['I16', 1, 2],
  26: ['I32', 1, 4],
  27: ['I64', 1, 8],
  28: ['F64', 1, 8],
  29: ['IQ1_M', 256, 56],
  30: ['BF16', 1, 2],
  34: ['TQ1_0', 256, 54],
  35: ['TQ2_0', 256, 66],
  39: ['MXFP4', 32, 17],
}

/** Bytes of the values of keys, by their type: 8 is text, 9 a list. */
const SIZES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]
const NAMES = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'bool', 'text', 'list', 'u64', 'i64', 'f64']

/**
 * Keys and tensors of a .gguf file. Throws TrackioError where it is none, or a broken one.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function readGguf(
  subject: string,
  bytes: Bytes,
  signal: AbortSignal | undefined,
): Promise<Tensors> {
  const reader = makeReader(subject, bytes, signal)
  await reader.need(8)
  reader.skip(4)
  const version = reader.u32()
  if (version < 2 || version > 3) throw broken(subject, `version ${version} of GGUF is not read`)
  await reader.need(16)
  const [tensorCount, keyCount] = [reader.u64(), reader.u64()]
  if (tensorCount > MOST_TENSORS || keyCount > MOST_KEYS)
    throw broken(
      subject,
      `it promises ${tensorCount.toLocaleString('en')} tensors and ${keyCount.toLocaleString('en')} keys`,
    )
  const metadata: [string, string][] = [['version', String(version)]]
  for (let i = 0; i < keyCount; i++) {
    const key = await reader.text()
    await reader.need(4)
    metadata.push([key, await textOf(reader, reader.u32(), 0)])
  }
  const tensors: TensorInfo[] = []
  let reach = 0
  for (let i = 0; i < tensorCount; i++) {
    const name = await reader.text()
    await reader.need(4)
    const dimensions = reader.u32()
    if (dimensions > 16) throw broken(subject, `${name} has ${dimensions} dimensions`)
    await reader.need(dimensions * 8 + 12)
    // the fastest one first, as rows lie; shown as everywhere else, slowest first
    const shape = Array.from({ length: dimensions }, () => reader.u64()).reverse()
    const type = reader.u32()
    const offset = reader.u64()
    const [dtype, values, each] = TYPES[type] ?? [`type ${type}`, 1, 0]
    const size = (shape.reduce((product, n) => product * n, 1) / values) * each
    tensors.push({ name, dtype, shape, bytes: size })
    reach = Math.max(reach, offset + size)
  }
  const alignment = Number(metadata.find(([key]) => key === 'general.alignment')?.[1] ?? 32) || 32
  const begins = Math.ceil(reader.at() / alignment) * alignment
  return {
    kind: 'tensors',
    format: 'gguf',
    tensors,
    metadata,
    notes:
      begins + reach > bytes.size
        ? [
            `cut off: its tensors reach to byte ${(begins + reach).toLocaleString('en')}, the file has ${bytes.size.toLocaleString('en')}`,
          ]
        : [],
  }
}

type Reader = ReturnType<typeof makeReader>

async function textOf(reader: Reader, type: number, depth: number): Promise<string> {
  if (type === 8) return reader.text()
  if (type === 9) return listOf(reader, depth)
  const size = SIZES[type]
  if (size === undefined) throw reader.broken(`a value of the unknown type ${type}`)
  await reader.need(size)
  return reader.number(type)
}

/** A vocabulary has 100,000 words: the first ones stand for all. */
async function listOf(reader: Reader, depth: number): Promise<string> {
  if (depth > 8) throw reader.broken('lists in lists in lists, nine deep')
  await reader.need(12)
  const [type, count] = [reader.u32(), reader.u64()]
  const shown: string[] = []
  const size = SIZES[type]
  if (size === undefined) throw reader.broken(`a list of the unknown type ${type}`)
  if (size > 0) {
    const first = Math.min(SHOWN, count)
    await reader.need(first * size)
    for (let i = 0; i < first; i++) shown.push(reader.number(type))
    reader.skip((count - first) * size)
  } else {
    // a promise of 2^60 of them would have all of a file read, over a network too
    if (count > MOST_VALUES) throw reader.broken(`a list of ${count.toLocaleString('en')} × ${NAMES[type]}`)
    for (let i = 0; i < count; i++) {
      const value = await textOf(reader, type, depth + 1)
      if (i < SHOWN) shown.push(type === 8 ? JSON.stringify(value) : value)
    }
  }
  return `${shown.join(', ')}${count > SHOWN ? `, … ${count.toLocaleString('en')} × ${NAMES[type]}` : ''}`
}

/** Reads on through a file, piece by piece. */
function makeReader(subject: string, bytes: Bytes, signal: AbortSignal | undefined) {
  let start = 0
  let piece: Uint8Array = new Uint8Array(0)
  let view = new DataView(piece.buffer)
  let at = 0
  const wrong = (why: string): TrackioError => broken(subject, why)

  /** So many bytes are at hand then. */
  async function need(count: number): Promise<void> {
    if (at + count <= piece.length) return
    const from = start + at
    if (from + count > bytes.size) throw wrong(`its header breaks off at byte ${from.toLocaleString('en')}`)
    signal?.throwIfAborted()
    piece = await bytes.load(from, Math.max(count, PIECE))
    if (piece.length < count) throw wrong(`its header breaks off at byte ${from.toLocaleString('en')}`)
    view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength)
    start = from
    at = 0
    await nextTurn()
  }
  const move = (by: number): number => {
    at += by
    return at - by
  }
  const reader = {
    broken: wrong,
    at: () => start + at,
    need,
    skip: (by: number) => void move(by),
    u32: () => view.getUint32(move(4), true),
    u64: () => Number(view.getBigUint64(move(8), true)),
    async text(): Promise<string> {
      await need(8)
      const length = reader.u64()
      if (length > MOST_TEXT) throw wrong(`a text of ${length.toLocaleString('en')} bytes`)
      await need(length)
      const from = move(length)
      return new TextDecoder().decode(piece.subarray(from, from + length))
    },
    number(type: number): string {
      switch (type) {
        case 0:
          return String(view.getUint8(move(1)))
        case 1:
          return String(view.getInt8(move(1)))
        case 2:
          return String(view.getUint16(move(2), true))
        case 3:
          return String(view.getInt16(move(2), true))
        case 4:
          return String(view.getUint32(move(4), true))
        case 5:
          return String(view.getInt32(move(4), true))
        case 6:
          return String(Number(view.getFloat32(move(4), true).toPrecision(9)))
        case 7:
          return view.getUint8(move(1)) === 0 ? 'false' : 'true'
        case 10:
          return String(view.getBigUint64(move(8), true))
        case 11:
          return String(view.getBigInt64(move(8), true))
        default:
          return String(view.getFloat64(move(8), true))
      }
    },
  }
  return reader
}

function broken(subject: string, why: string): TrackioError {
  return new TrackioError(subject, `no GGUF file that can be read: ${why}`, 'Copy the file again.')
}

import { SLICE, type TextEncoding } from '../model/file.ts'
import { decodeText } from './file-kind.ts'

/** Lines that begin in a slice of a file. */
export interface TextSlice {
  lines: string[]
  /** The last one goes on beyond what was read. */
  cut: boolean
  /** Places that are no letters, shown as �. */
  invalid: number
}

/** Bytes beyond a slice that are read for its last line. */
const TAIL = 16 << 10

/** Which bytes have to be read for the lines of a slice. */
export function rangeOf(slice: number, size: number): { from: number; count: number } {
  // with the end of the line before it
  const from = slice === 0 ? 0 : slice * SLICE - 2
  return { from, count: Math.min(size, (slice + 1) * SLICE + TAIL) - from }
}

/** The lines that begin in a slice, out of the bytes of `rangeOf`. `mark`: bytes of the file's byte order mark. */
export function linesOf(
  bytes: Uint8Array,
  slice: number,
  size: number,
  encoding: TextEncoding,
  mark: number,
): TextSlice {
  const { from } = rangeOf(slice, size)
  const unit = encoding === 'utf-8' ? 1 : 2
  const first = slice === 0 ? mark : lineAfter(bytes, slice * SLICE - from - unit, encoding)
  const end = Math.min(bytes.length, (slice + 1) * SLICE - from)
  if (first < 0 || first >= end) return { lines: [], cut: false, invalid: 0 }
  // the line that begins last in the slice ends somewhere behind it
  const last = end - unit < first ? first : lineAfter(bytes, end - unit, encoding)
  const whole = last >= 0 || from + bytes.length >= size
  const text = bytes.subarray(first, last >= 0 ? last : bytes.length)
  const decoded = decodeText(text, encoding)
  const lines = decoded.text.split('\n')
  // behind the last line's end no line begins
  if (lines.at(-1) === '' && lines.length > 1) lines.pop()
  // where it was cut there may be half a letter
  const half = !whole && lines.at(-1)?.endsWith('\ufffd') ? 1 : 0
  if (half) lines[lines.length - 1] = (lines.at(-1) as string).slice(0, -1)
  return {
    lines: lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)),
    cut: !whole,
    invalid: Math.max(0, decoded.invalid - half),
  }
}

/** Where the first line begins whose line's end stands at or behind `at`; −1 where there is none. */
function lineAfter(bytes: Uint8Array, at: number, encoding: TextEncoding): number {
  if (encoding === 'utf-8') {
    const found = bytes.indexOf(10, at)
    return found < 0 ? -1 : found + 1
  }
  const low = encoding === 'utf-16le' ? 0 : 1
  for (let i = at; i + 1 < bytes.length; i += 2)
    if (bytes[i + low] === 10 && bytes[i + 1 - low] === 0) return i + 2
  return -1
}

/** Rows of a text by slices: of those that were not counted how many lines they are likely to have. */
export interface LineMap {
  /** By slice: the row that its first line is, and at the end how many rows there are. */
  starts: Float64Array
  /** Slices from the first on whose lines were all counted: up to there numbers of lines are exact. */
  exact: number
}

/** `counts`: by slice, −1 for what is not known. */
export function lineMap(counts: Int32Array, size: number): LineMap {
  let bytes = 0
  let lines = 0
  let exact = 0
  let unbroken = true
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number
    if (count < 0) {
      unbroken = false
      continue
    }
    if (unbroken) exact = i + 1
    bytes += Math.min(SLICE, size - i * SLICE)
    lines += count
  }
  // before anything is known: lines of 80 letters
  const perByte = bytes === 0 ? 1 / 80 : lines / bytes
  const starts = new Float64Array(counts.length + 1)
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number
    const likely = Math.max(0, Math.round(Math.min(SLICE, size - i * SLICE) * perByte))
    starts[i + 1] = (starts[i] as number) + (count < 0 ? likely : count)
  }
  return { starts, exact }
}

/** The slice that a row lies in. */
export function sliceAt({ starts }: LineMap, row: number): number {
  let low = 0
  let high = starts.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= row) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}

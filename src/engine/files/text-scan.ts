import { nextTurn } from '../../bridge/turn.ts'
import { decodeText } from '../../compute/file-kind.ts'
import { costOf, parseRegex } from '../../compute/pattern.ts'
import { TrackioError } from '../../model/errors.ts'
import { type FileHits, type FileLines, type FileSearch, SLICE, type TextEncoding } from '../../model/file.ts'
import type { Waiting } from '../../model/questions.ts'
import type { OpenFile } from './open-file.ts'

/** Bytes that are read at once. */
const PIECE = 4 << 20
/** A line longer than this is gone through in parts, which overlap by so much. */
const LONG = 8 << 20
const OVERLAP = 1 << 10
const SLICE_MS = 12
const TELL_MS = 250
/** Hits that are listed; the rest is counted. */
const LISTED = 1_000_000
/** Steps that a pattern may take on one line. */
const MOST_STEPS = 1e8

/** How many lines begin in each slice of a file, as far as it was gone through from its beginning. */
interface Counted {
  lines: Uint32Array
  slices: number
}

const known = new WeakMap<OpenFile, Counted>()

function countedOf(file: OpenFile): Counted {
  let found = known.get(file)
  if (!found) {
    found = { lines: new Uint32Array(Math.ceil(file.size / SLICE)), slices: 0 }
    known.set(file, found)
  }
  return found
}

/** Counts the lines that begin in each slice, all of them; goes on from where it was given up. */
export async function countLines(
  file: OpenFile,
  encoding: TextEncoding,
  { signal, onProgress }: Waiting<FileLines>,
): Promise<FileLines> {
  const counted = countedOf(file)
  const answer = (): FileLines => ({
    lines: counted.lines.slice(0, counted.slices),
    counted: counted.slices,
    read: file.read(),
  })
  let told = performance.now()
  while (counted.slices < counted.lines.length) {
    signal?.throwIfAborted()
    const from = counted.slices * SLICE
    // with what ends before it: a line begins behind a line's end
    const before = from === 0 ? 0 : 2
    const piece = await file.bytes.load(from - before, Math.min(PIECE, file.size - from) + before)
    if (piece.length <= before) throw endedEarly(file, from)
    const lines = makeLineStarts(piece, encoding, from - before, file.size)
    const slices = new Uint32Array(Math.ceil((piece.length - before) / SLICE))
    if (from === 0) slices[0] = 1
    for (let at = lines.next(); at >= 0; at = lines.next()) {
      const slice = Math.floor((at - from) / SLICE)
      if (at >= from && slice < slices.length) slices[slice] = (slices[slice] as number) + 1
    }
    counted.lines.set(slices, counted.slices)
    counted.slices += slices.length
    await nextTurn()
    if (performance.now() - told < TELL_MS) continue
    told = performance.now()
    onProgress?.(answer())
  }
  return answer()
}

/** Where lines begin behind the ends of lines in a piece: byte of the file, −1 after the last one. */
function makeLineStarts(
  piece: Uint8Array,
  encoding: TextEncoding,
  begins: number,
  size: number,
): { next(): number } {
  let at = -1
  const wide = encoding !== 'utf-8'
  const other = encoding === 'utf-16le' ? 1 : -1
  return {
    next() {
      for (;;) {
        at = piece.indexOf(10, at + 1)
        if (at < 0) return -1
        if (wide && (piece[at + other] !== 0 || (begins + at + (other < 0 ? 1 : 0)) % 2 !== 0)) continue
        const start = begins + at + (encoding === 'utf-16le' ? 2 : 1)
        // behind the last line's end no line begins
        return start < size ? start : -1
      }
    },
  }
}

/** Finds the lines that hold a text, all of them, from the first on. TrackioError where a pattern could take for ever. */
export async function searchLines(
  file: OpenFile,
  encoding: TextEncoding,
  search: FileSearch,
  { signal, onProgress }: Waiting<FileHits>,
): Promise<FileHits> {
  const test = testOf(file.name, search)
  const hits = { at: [] as number[], line: [] as number[], total: 0 }
  const begun = performance.now()
  let line = 0
  let searched = 0
  const counts = new Uint32Array(Math.ceil(file.size / SLICE))
  if (counts.length > 0) counts[0] = 1
  const answer = (): FileHits => ({
    at: Float64Array.from(hits.at),
    line: Float64Array.from(hits.line),
    total: hits.total,
    lines: counts.slice(0, searched >= file.size ? counts.length : Math.floor(restAt / SLICE)),
    searched,
    size: file.size,
    read: file.read(),
    took: performance.now() - begun,
  })
  let told = begun
  let ends = begun + SLICE_MS
  /** Bytes of a line whose end was not met yet, and where they lie. */
  let rest: Uint8Array = new Uint8Array(0)
  let restAt = 0
  let lastHit = -1
  /** Where the line begins that is gone through. */
  let lineAt = 0
  for (let at = 0; at < file.size; ) {
    signal?.throwIfAborted()
    const piece = await file.bytes.load(at, Math.min(PIECE, file.size - at))
    if (piece.length === 0) throw endedEarly(file, at)
    at += piece.length
    const bytes = joined(rest, piece)
    const last = at >= file.size
    let end = last ? bytes.length : lastLineEnd(bytes, encoding)
    const long = end === 0 && bytes.length > LONG
    if (long) end = bytes.length
    const { text } = decodeText(bytes.subarray(0, end), encoding)
    const starts = makeLineStarts(bytes.subarray(0, end), encoding, restAt, file.size)
    const next = (): number => {
      const start = starts.next()
      if (start >= 0) counts[Math.floor(start / SLICE)] = (counts[Math.floor(start / SLICE)] as number) + 1
      return start
    }
    if (search.pattern || test.mayHold(text)) {
      let start = lineAt
      for (let from = 0; from <= text.length; ) {
        const stop = text.indexOf('\n', from)
        const words = lineWords(text, from, stop, start)
        if (line !== lastHit && !(words === '' && stop < 0) && test.holds(words)) {
          hits.total++
          lastHit = line
          if (hits.at.length < LISTED) {
            hits.at.push(start)
            hits.line.push(line)
          }
        }
        if (stop < 0) break
        from = stop + 1
        start = next()
        line++
        if (start < 0) break
        if ((line & 255) !== 0 || performance.now() < ends) continue
        await nextTurn()
        signal?.throwIfAborted()
        ends = performance.now() + SLICE_MS
      }
    } else while (next() >= 0) line++
    if (!long) lineAt = restAt + end
    const keep = long ? OVERLAP : 0
    rest = bytes.slice(end - keep)
    restAt += end - keep
    searched = at
    if (last) known.set(file, { lines: counts, slices: counts.length })
    await nextTurn()
    ends = performance.now() + SLICE_MS
    if (performance.now() - told < TELL_MS) continue
    told = performance.now()
    onProgress?.(answer())
  }
  return answer()
}

/** What a line says, as it is shown: without the rest of its end, the first one without the byte order mark. */
function lineWords(text: string, from: number, stop: number, start: number): string {
  const begin = start === 0 && text[from] === '\ufeff' ? from + 1 : from
  return text.slice(begin, stop < 0 ? undefined : stop > begin && text[stop - 1] === '\r' ? stop - 1 : stop)
}

interface LineTest {
  /** Some line of a text may hold it: asked of many lines at once. */
  mayHold(text: string): boolean
  holds(line: string): boolean
}

function testOf(name: string, { text, matchCase, pattern }: FileSearch): LineTest {
  if (!pattern) {
    const sought = matchCase ? text : text.toLowerCase()
    const holds = (line: string): boolean => (matchCase ? line : line.toLowerCase()).includes(sought)
    return { mayHold: holds, holds }
  }
  if (!parseRegex(text))
    throw new TrackioError(text, 'not a regular expression', 'Correct it, or search for the text as it is.')
  if (costOf(text, 1000) > MOST_STEPS)
    throw new TrackioError(
      text,
      'this pattern could take for ever on a line of a file',
      'Leave out repeated groups, references back and looks around, or search for a plain text.',
    )
  const regex = new RegExp(text, matchCase ? '' : 'i')
  return {
    mayHold: () => true,
    holds(line) {
      if (line.length > 1000 && costOf(text, line.length) > MOST_STEPS * 100)
        throw new TrackioError(
          name,
          `a line of ${line.length.toLocaleString('en')} letters, on which this pattern could take for ever`,
          'Search for a plain text.',
        )
      return regex.test(line)
    },
  }
}

/** Behind the last line's end; 0 where none ends. */
function lastLineEnd(bytes: Uint8Array, encoding: TextEncoding): number {
  if (encoding === 'utf-8') return bytes.lastIndexOf(10) + 1
  for (let at = bytes.length - (bytes.length % 2) - 2; at >= 0; at -= 2) {
    const [a, b] = [bytes[at], bytes[at + 1]]
    if (encoding === 'utf-16le' ? a === 10 && b === 0 : a === 0 && b === 10) return at + 2
  }
  return 0
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}

function endedEarly({ ref, size }: OpenFile, at: number): TrackioError {
  return new TrackioError(
    ref.path,
    `ends at byte ${at.toLocaleString('en')} of ${size.toLocaleString('en')}`,
    'Read the list of files again.',
  )
}

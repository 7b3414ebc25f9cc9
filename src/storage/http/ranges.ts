import { TrackioError } from '../../model/errors.ts'
import type { Bytes } from '../bytes.ts'
import { type Answer, changed, refused } from './answer.ts'
import { askNow, askPatiently, type Tell } from './client.ts'

/** `Range` for `length` bytes from `offset`: one simple range, which needs no preflight in another origin. */
export function rangeHeader(offset: number, length: number): { Range: string } {
  return { Range: `bytes=${offset}-${offset + length - 1}` }
}

/** A file whose host gives ranges of it, and gave its first bytes. */
export interface RangedFile {
  url: string
  /** What it is called in errors. */
  subject: string
  /** Bytes. */
  size: number
  /** ETag or time of change, where the host tells it. */
  version: string | undefined
  head: Uint8Array
  /** Sent with each request: a pin. */
  headers?: Record<string, string>
  /** The file is one that grows, see BytesOptions. */
  grows?: number | undefined
  tell?: Tell | undefined
  /** Told how many bytes came. */
  count?(bytes: number): void
  /** The error for an answer that is no part and no sign of a change. */
  refuse?(answer: Answer): Error
  /** The error for what asking threw. */
  line?(cause: unknown): unknown
}

/**
 * Of a file without a version so many first bytes are read again after each range: SQLite counts changes in
 * its header, and the first rows of another file are others.
 */
const COMPARED = 16 << 10
/**
 * A host that gives no ranges any more may send the whole file in place of one, if it is no larger than this.
 */
const WHOLE_MOST = 256 << 20

/**
 * Bytes of such a file. Every answer is held against what was asked: range, length and version. What is
 * shortened, shifted, packed or something else altogether is an error that says so (TrackioError); a file
 * that is another by now is a ChangedOnDiskError.
 */
export function rangedBytes(file: RangedFile): Bytes {
  const { url, size, head } = file
  /** Sent in place of a range, by a host that does not give any more. */
  let whole: Uint8Array | undefined
  const compared = file.grows ?? (file.version || file.headers ? 0 : Math.min(COMPARED, head.length))
  let comparing: Promise<void> | undefined
  return { size, read, load }

  function read(offset: number, length: number): Uint8Array {
    const count = Math.min(length, size - offset)
    const here = known(offset, count)
    if (here) return here
    const part = joined(count, (at, left) => take(now(offset + at, left), offset + at, left))
    if (compared > 0 && !whole) compare(take(now(0, compared), 0, compared))
    return part
  }

  async function load(offset: number, length: number): Promise<Uint8Array> {
    const count = Math.min(length, size - offset)
    const here = known(offset, count)
    if (here) {
      // what is at hand may be of a file that was begun anew since
      if (file.grows !== undefined && count > 0) await stillTheSame()
      return here
    }
    let part = take(await later(offset, count), offset, count)
    while (part.length < count) {
      const at = offset + part.length
      part = append(part, take(await later(at, count - part.length), at, count - part.length))
    }
    if (compared > 0 && !whole) await stillTheSame()
    return part
  }

  function known(offset: number, count: number): Uint8Array | undefined {
    if (count <= 0) return new Uint8Array(0)
    if (offset + count <= head.length) return head.subarray(offset, offset + count)
    return whole?.subarray(offset, offset + count)
  }

  /** Whoever asks before the question is on its way shares it; later ones ask again. */
  function stillTheSame(): Promise<void> {
    comparing ??= Promise.resolve().then(async () => {
      comparing = undefined
      compare(take(await later(0, compared), 0, compared))
    })
    return comparing
  }

  function compare(first: Uint8Array): void {
    for (let i = 0; i < compared; i++) if (first[i] !== head[i]) throw changed(file.subject)
  }

  async function later(offset: number, count: number): Promise<Answer> {
    const wanted = ({ status, headers }: Response): boolean =>
      status !== 200 || maySend(headers.get('content-length'))
    try {
      const answer = await askPatiently({ ...ranged(offset, count), tell: file.tell, known: true, wanted })
      file.count?.(answer.bytes.length)
      return answer
    } catch (cause) {
      throw file.line?.(cause) ?? cause
    }
  }

  function ranged(offset: number, count: number): { url: string; headers: Record<string, string> } {
    return { url, headers: { ...rangeHeader(offset, count), ...file.headers } }
  }

  /** 200: the whole file, or something else altogether. */
  function maySend(length: string | null): boolean {
    return size <= WHOLE_MOST && (length === null || Number(length) <= WHOLE_MOST)
  }

  function now(offset: number, count: number): Answer {
    try {
      const answer = askNow(ranged(offset, count))
      file.count?.(answer.bytes.length)
      return answer
    } catch (cause) {
      throw file.line?.(cause) ?? cause
    }
  }

  function take(answer: Answer, offset: number, count: number): Uint8Array {
    if (answer.status === 200 && isWhole(answer)) {
      whole = answer.bytes
      return whole.subarray(offset, offset + count)
    }
    return partOf(answer, { ...file, offset, count })
  }

  function isWhole(answer: Answer): boolean {
    const version = versionOf(answer)
    const { bytes } = answer
    if (bytes.length !== size || (file.version && version && version !== file.version)) return false
    return file.grows === undefined && head.every((byte, i) => byte === bytes[i])
  }
}

/** A range that was asked for. `size` and `version`: of the file as it was opened. */
export interface Wanted extends Pick<RangedFile, 'subject' | 'size' | 'version' | 'grows' | 'refuse'> {
  offset: number
  count: number
}

/**
 * The bytes of a part, from `offset` on and no more than asked for; fewer where the host says itself that it
 * sends fewer. Throws what is wrong with any other answer.
 */
export function partOf(answer: Answer, wanted: Wanted): Uint8Array {
  const { subject, offset, count, size } = wanted
  const { status, bytes } = answer
  const range = `bytes ${offset.toLocaleString('en')} to ${(offset + count - 1).toLocaleString('en')}`
  if (status === 416 || status === 412) throw changed(subject)
  if (status === 200) throw notAPart(answer, wanted, range)
  if (status !== 206) throw wanted.refuse?.(answer) ?? refused(subject, status)
  const type = answer.header('content-type') ?? ''
  if (/^multipart\/byteranges/i.test(type))
    throw odd(subject, `the host sent several parts (${type.split(';')[0]}) where ${range} were asked`)
  const said = answer.header('content-range')
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(said ?? '') ?? []
  if (said !== undefined && first === undefined)
    throw odd(subject, `the host sent “${said}” where ${range} were asked`)
  if (
    total !== undefined &&
    total !== '*' &&
    (wanted.grows === undefined ? Number(total) !== size : Number(total) < size)
  )
    throw changed(subject)
  const version = versionOf(answer)
  if (wanted.grows === undefined && wanted.version && version && version !== wanted.version)
    throw changed(subject)
  if (first !== undefined && Number(first) !== offset)
    throw odd(subject, `the host sent other bytes (${said}) than ${range}`)
  // a host may send less, or more, than it was asked for, if it says so
  const length = last === undefined ? count : Number(last) - offset + 1
  if (bytes.length !== length || length <= 0) {
    const coding = answer.header('content-encoding')
    const packed = coding === undefined ? '' : `, compressed (Content-Encoding: ${coding})`
    const what = bytes.length < length ? 'shortened' : 'longer than it says'
    throw odd(
      subject,
      `the answer of the host is ${what}: ${bytes.length.toLocaleString('en')} bytes came${packed} where ${range} were asked (${length.toLocaleString('en')})`,
    )
  }
  return bytes.length > count ? bytes.subarray(0, count) : bytes
}

/** ETag, or time of change. */
export function versionOf(answer: Answer): string | undefined {
  return answer.header('etag') ?? answer.header('last-modified')
}

/**
 * An HTML page where bytes were asked for: that of a network that wants a sign-in first, or of a host that
 * shows a file's page. `asked`: what is called so is a page itself.
 */
export function isPage({ bytes, header }: Answer, asked = ''): boolean {
  if (/\.html?$/i.test(asked)) return false
  if (!/^text\/html|^application\/xhtml/i.test(header('content-type') ?? '')) return false
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart()
  return start === '' || start.startsWith('<')
}

export function pageInstead(subject: string): TrackioError {
  return new TrackioError(
    subject,
    'a web page came in its place (text/html)',
    'Open the address in a tab of its own: the network may want a sign-in first, or it is the page of the file and not the file.',
  )
}

function notAPart(answer: Answer, { subject, size, version }: Wanted, range: string): Error {
  if (isPage(answer, subject)) return pageInstead(subject)
  const now = versionOf(answer)
  if (version && now && version !== now) return changed(subject)
  const length = Number(answer.header('content-length') ?? answer.bytes.length)
  if (length !== size) return changed(subject)
  return odd(
    subject,
    `the host sent the whole file (${length.toLocaleString('en')} bytes) where ${range} were asked`,
  )
}

function odd(subject: string, message: string): TrackioError {
  return new TrackioError(
    subject,
    message,
    'The file itself may be whole: try again, or download it and drop it here.',
  )
}

function joined(count: number, take: (at: number, left: number) => Uint8Array): Uint8Array {
  let part = take(0, count)
  while (part.length < count) part = append(part, take(part.length, count - part.length))
  return part
}

function append(part: Uint8Array, more: Uint8Array): Uint8Array {
  const both = new Uint8Array(part.length + more.length)
  both.set(part)
  both.set(more, part.length)
  return both
}

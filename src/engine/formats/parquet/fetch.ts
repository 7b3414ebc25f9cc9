import type { AsyncBuffer } from 'hyparquet'
import { TrackioError } from '../../../model/errors.ts'
import type { Bytes } from '../../../storage/bytes.ts'
import { type Limits, piecesOf, planRequests, type Request, type Span } from './plan.ts'

/** Hands out wanted spans of a file, read in few requests. */
export interface Fetcher {
  /**
   * Bytes of the wanted span `i`, a view; each is asked for once. Going by the order in the file keeps the
   * requests ahead useful.
   */
  take(i: number): Promise<Uint8Array>
}

/**
 * `wanted` says whether span `i` is still to be taken: a request that nobody waits for any more is not made.
 */
export function makeFetcher(
  subject: string,
  bytes: Bytes,
  spans: readonly Span[],
  limits: Limits,
  wanted: (i: number) => boolean = () => true,
): Fetcher {
  const requests = planRequests(spans, limits)
  const requestOf = new Uint32Array(spans.length)
  const left = requests.map((request) => request.wanted.length)
  const answers = new Map<number, Promise<Uint8Array>>()
  requests.forEach((request, r) => {
    for (const i of request.wanted) requestOf[i] = r
  })

  return {
    async take(i) {
      const r = requestOf[i] as number
      const { start, end } = spans[i] as Span
      const answer = answerOf(r)
      for (let next = r + 1; next < r + limits.ahead && next < requests.length; next++) {
        // an answer ahead that nobody takes must not be an unhandled rejection; who takes it gets the error
        if (!answers.has(next) && requests[next]?.wanted.some(wanted))
          answerOf(next).catch((_whoTakesItIsTold) => undefined)
      }
      const whole = await answer
      left[r] = (left[r] as number) - 1
      if (left[r] === 0) answers.delete(r)
      const from = start - (requests[r] as Request).start
      return whole.subarray(from, from + end - start)
    },
  }

  function answerOf(r: number): Promise<Uint8Array> {
    let answer = answers.get(r)
    if (!answer) {
      const request = requests[r] as Request
      answer = loadSpan(subject, bytes, request, limits, () => request.wanted.some(wanted))
      answers.set(r, answer)
    }
    return answer
  }
}

/**
 * The bytes of a span, in pieces where it is long; an AbortError once `wanted` is false between two of them.
 * Throws TrackioError where the file ends before the span does.
 */
export async function loadSpan(
  subject: string,
  bytes: Bytes,
  span: Span,
  limits: Pick<Limits, 'most'>,
  wanted: () => boolean = () => true,
): Promise<Uint8Array> {
  const length = span.end - span.start
  if (span.end > bytes.size) throw cutOff(subject, span.end, bytes.size)
  const pieces = piecesOf(span, limits.most)
  if (pieces.length < 2) return whole(await bytes.load(span.start, length))
  const joined = new Uint8Array(length)
  for (const { start, end } of pieces) {
    if (!wanted()) throw new DOMException('nobody waits for the rest', 'AbortError')
    joined.set(whole(await bytes.load(start, end - start), end - start), start - span.start)
  }
  return joined

  function whole(piece: Uint8Array, wanted = length): Uint8Array {
    if (piece.length === wanted) return piece
    throw new TrackioError(
      subject,
      `breaks off: ${piece.length.toLocaleString('en')} of ${wanted.toLocaleString('en')} bytes came from byte ${span.start.toLocaleString('en')}`,
      'Open it again; if it stays so, copy the file again.',
    )
  }
}

/** The same bytes in the form that hyparquet reads. */
export function asyncBuffer(subject: string, bytes: Bytes, limits: Pick<Limits, 'most'>): AsyncBuffer {
  return {
    byteLength: bytes.size,
    async slice(start, end = bytes.size) {
      const loaded = await loadSpan(subject, bytes, { start, end }, limits)
      return loaded.slice().buffer
    },
  }
}

/** The same bytes, with a span of them at hand. */
export async function withSpan(
  subject: string,
  bytes: Bytes,
  span: Span,
  limits: Pick<Limits, 'most'>,
): Promise<Bytes> {
  const held = await loadSpan(subject, bytes, span, limits)
  const isHeld = (offset: number, length: number): boolean =>
    offset >= span.start && offset + length <= span.end
  const part = (offset: number, length: number): Uint8Array =>
    held.subarray(offset - span.start, offset - span.start + length)
  return {
    size: bytes.size,
    read: (offset, length) => (isHeld(offset, length) ? part(offset, length) : bytes.read(offset, length)),
    load: async (offset, length) =>
      isHeld(offset, length) ? part(offset, length) : await bytes.load(offset, length),
  }
}

/** The same bytes, with those from `from` to the end at hand already. */
export function withTail(bytes: Bytes, tail: Uint8Array, from: number): Bytes {
  return {
    size: bytes.size,
    read: (offset, length) =>
      offset >= from ? tail.subarray(offset - from, offset - from + length) : bytes.read(offset, length),
    load: async (offset, length) =>
      offset >= from
        ? tail.subarray(offset - from, offset - from + length)
        : await bytes.load(offset, length),
  }
}

function cutOff(subject: string, wanted: number, size: number): TrackioError {
  return new TrackioError(
    subject,
    `cut off: its footer tells of bytes up to ${wanted.toLocaleString('en')}, but there are ${size.toLocaleString('en')}`,
    'Copy or export the file again.',
  )
}

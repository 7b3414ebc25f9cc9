import { ChangedOnDiskError, TrackioError } from '../model/errors.ts'
import { type Bytes, memoryBytes } from './bytes.ts'

export interface UrlOptions {
  signal?: AbortSignal
  onProgress?: (bytes: number, totalBytes: number) => void
}

/**
 * An address read by HTTP ranges. A host without ranges gets one whole download instead. Undefined where the address
 * answers 404 and `optional` is set. Throws TrackioError with what the host said.
 */
export async function urlBytes(url: string, options: UrlOptions & { optional?: boolean } = {}): Promise<Bytes | undefined> {
  const answer = await request(url, { headers: { Range: 'bytes=0-65535' }, signal: options.signal })
  if (answer.status === 404 && options.optional) return undefined
  // an empty file has no first byte to give
  if (answer.status === 416 && answer.headers.get('content-range') === 'bytes */0') return memoryBytes(new Uint8Array(0))
  if (!answer.ok) throw refused(url, answer.status)
  const total = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? Number.NaN)
  if (answer.status !== 206) return memoryBytes(await received(url, download(answer, options)))
  if (!Number.isFinite(total)) {
    // a host of another origin may hide Content-Range: this is a part of a file of unknown size
    const whole = await request(url, { signal: options.signal })
    if (!whole.ok) throw refused(url, whole.status)
    return memoryBytes(await received(url, download(whole, options)))
  }
  const first = new Uint8Array(await received(url, answer.arrayBuffer()))
  if (first.length >= total) return memoryBytes(first)
  return ranged(url, total, answer.headers.get('etag') ?? answer.headers.get('last-modified'))
}

function ranged(url: string, size: number, version: string | null): Bytes {
  const check = (status: number, now: string | null): void => {
    if (status !== 206) throw status === 200 || status === 416 ? changed(url) : refused(url, status)
    // hosts that hide the header across origins give null: nothing to compare then
    if (version && now && now !== version) throw changed(url)
  }
  return {
    size,
    read(offset, length) {
      const end = Math.min(size, offset + length)
      if (end <= offset) return new Uint8Array(0)
      const ask = new XMLHttpRequest()
      ask.open('GET', url, false)
      ask.responseType = 'arraybuffer'
      ask.setRequestHeader('Range', `bytes=${offset}-${end - 1}`)
      try {
        ask.send()
      } catch (cause) {
        throw unreachable(url, cause)
      }
      check(ask.status, ask.getResponseHeader('etag') ?? ask.getResponseHeader('last-modified'))
      return new Uint8Array(ask.response)
    },
    async load(offset, length) {
      const end = Math.min(size, offset + length)
      if (end <= offset) return new Uint8Array(0)
      const answer = await request(url, { headers: { Range: `bytes=${offset}-${end - 1}` } })
      check(answer.status, answer.headers.get('etag') ?? answer.headers.get('last-modified'))
      return new Uint8Array(await received(url, answer.arrayBuffer()))
    },
  }
}

async function download(answer: Response, options: UrlOptions): Promise<Uint8Array> {
  const total = Number(answer.headers.get('content-length') ?? 0)
  const parts: Uint8Array[] = []
  let bytes = 0
  const reader = answer.body?.getReader()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    bytes += value.length
    options.onProgress?.(bytes, Math.max(total, bytes))
  }
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function request(url: string, init: RequestInit): Promise<Response> {
  return received(url, fetch(url, init))
}

/** What comes over the line; a connection that fails or breaks off is an error with the address. */
async function received<T>(url: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') throw cause
    throw unreachable(url, cause)
  }
}

function unreachable(url: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new TrackioError(
    url,
    `no answer (${why})`,
    'Check the address and the connection. If it opens in a tab of its own, its host does not allow other pages to read it (no CORS header): download the file and drop it here.',
  )
}

function refused(url: string, status: number): Error {
  const hint =
    status === 404
      ? 'Check the address.'
      : status === 401 || status === 403
        ? 'It is not public: download it and drop the file here.'
        : 'Try again later.'
  return new TrackioError(url, `the host answered ${status}`, hint)
}

function changed(url: string): Error {
  return new ChangedOnDiskError(url, 'changed on its host while it was read', 'Open it again to read it as it is now.')
}

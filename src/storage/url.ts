import { type Bytes, memoryBytes } from './bytes.ts'
import { type Answer, askNow, changed, download, rangeHeader, received, refused, unreachable } from './http.ts'

export interface UrlOptions {
  signal?: AbortSignal
  onProgress?: (bytes: number, totalBytes: number) => void
}

/** `version`: ETag or time of change, where the host tells it. */
export interface WebBytes extends Bytes {
  version: string | undefined
}

/** Chromium lets one request at a time through its cache to an address: 48 ranges of a file, each 40 ms away, would take two seconds instead of a third of one. */
const APART: RequestInit = { cache: 'no-store' }

/**
 * An address read by HTTP ranges. A host without ranges gets one whole download instead. Undefined where the address
 * answers 404 and `optional` is set. Throws TrackioError with what the host said.
 */
export async function urlBytes(url: string, options: UrlOptions & { optional?: boolean } = {}): Promise<WebBytes | undefined> {
  const { signal, onProgress } = options
  const answer = await received(url, fetch(url, { ...APART, headers: rangeHeader(0, 65_536), signal }))
  if (answer.status === 404 && options.optional) return undefined
  const version = versionOf(answer)
  // an empty file has no first byte to give
  if (answer.status === 416 && answer.headers.get('content-range') === 'bytes */0') return { ...memoryBytes(new Uint8Array(0)), version }
  if (!answer.ok) throw refused(url, answer.status)
  const total = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? Number.NaN)
  if (answer.status !== 206) return { ...memoryBytes(await received(url, download(answer, onProgress))), version }
  if (!Number.isFinite(total)) {
    // a host of another origin may hide Content-Range: this is a part of a file of unknown size
    const whole = await received(url, fetch(url, { signal }))
    if (!whole.ok) throw refused(url, whole.status)
    return { ...memoryBytes(await received(url, download(whole, onProgress))), version: versionOf(whole) }
  }
  const first = new Uint8Array(await received(url, answer.arrayBuffer()))
  if (first.length >= total) return { ...memoryBytes(first), version }
  return ranged(url, total, version, first)
}

function versionOf({ headers }: Response): string | undefined {
  return headers.get('etag') ?? headers.get('last-modified') ?? undefined
}

/** `head`: its first bytes, which are here already. */
function ranged(url: string, size: number, version: string | undefined, head: Uint8Array): WebBytes {
  const check = (status: number, header: (name: string) => string | null | undefined): void => {
    if (status !== 206) throw status === 200 || status === 416 ? changed(url) : refused(url, status)
    // hosts that hide the header across origins give nothing to compare
    const now = header('etag') ?? header('last-modified')
    if (version && now && now !== version) throw changed(url)
  }
  return {
    size,
    version,
    read(offset, length) {
      const count = Math.min(size - offset, length)
      if (count <= 0) return new Uint8Array(0)
      if (offset + count <= head.length) return head.subarray(offset, offset + count)
      let answer: Answer
      try {
        answer = askNow(url, rangeHeader(offset, count))
      } catch (cause) {
        throw unreachable(url, cause)
      }
      check(answer.status, answer.header)
      return answer.bytes
    },
    async load(offset, length) {
      const count = Math.min(size - offset, length)
      if (count <= 0) return new Uint8Array(0)
      if (offset + count <= head.length) return head.subarray(offset, offset + count)
      const answer = await received(url, fetch(url, { ...APART, headers: rangeHeader(offset, count) }))
      check(answer.status, (name) => answer.headers.get(name))
      return new Uint8Array(await received(url, answer.arrayBuffer()))
    },
  }
}

import { type Bytes, memoryBytes } from '../bytes.ts'
import type { WaitOptions } from '../tree.ts'
import { refused } from './answer.ts'
import { askPatiently, type Tell } from './client.ts'
import { isPage, pageInstead, partOf, rangedBytes, rangeHeader, versionOf } from './ranges.ts'

export interface UrlOptions extends WaitOptions {
  /** Told in words why nothing happens, for as long as the bytes are read. */
  tell?: Tell | undefined
}

/** `version`: ETag or time of change, where the host tells it. */
export interface WebBytes extends Bytes {
  version: string | undefined
}

/** Asked for first: SQLite's header and a Parquet file of a small project are in it. */
export const HEAD = 64 << 10

/**
 * An address read by HTTP ranges. A host without ranges gets one whole download instead. Undefined where the
 * address answers 404 and `optional` is set. Throws TrackioError with what the host said.
 */
export async function urlBytes(
  url: string,
  options: UrlOptions & { optional?: boolean } = {},
): Promise<WebBytes | undefined> {
  const { signal, onProgress, tell } = options
  // a file that lies beside others may be a page itself; the one that was asked for is data
  const asked = options.optional ? url : undefined
  const onBytes = (bytes: number, total: number, { status }: Response): void => {
    if (status === 200) onProgress?.(bytes, total)
  }
  const answer = await askPatiently({ url, headers: rangeHeader(0, HEAD), signal, tell, onBytes })
  if (answer.status === 404 && options.optional) return undefined
  const version = versionOf(answer)
  // an empty file has no first byte to give
  if (answer.status === 416 && answer.header('content-range') === 'bytes */0')
    return { ...memoryBytes(new Uint8Array(0)), version }
  if (answer.status < 200 || answer.status > 299) throw refused(url, answer.status)
  if (isPage(answer, asked)) throw pageInstead(url)
  if (answer.status !== 206) return { ...memoryBytes(answer.bytes), version }
  const total = /\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1]
  if (total === undefined && !/^multipart\//i.test(answer.header('content-type') ?? '')) {
    // a host of another origin may hide Content-Range: this is a part of a file of unknown size
    const whole = await askPatiently({ url, signal, tell, onBytes, known: true })
    if (whole.status < 200 || whole.status > 299) throw refused(url, whole.status)
    if (isPage(whole, asked)) throw pageInstead(url)
    return { ...memoryBytes(whole.bytes), version: versionOf(whole) }
  }
  const size = Number(total ?? HEAD)
  const head = partOf(answer, { subject: url, size, version, offset: 0, count: Math.min(HEAD, size) })
  if (head.length >= size) return { ...memoryBytes(head), version }
  return { ...rangedBytes({ url, subject: url, size, version, head, tell }), version }
}

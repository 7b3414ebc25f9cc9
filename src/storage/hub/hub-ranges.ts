import { type Answer, changed } from '../http/answer.ts'
import { isPage, partOf, rangeHeader } from '../http/ranges.ts'
import { type Place, placeName } from './hub-errors.ts'
import type { HubClient, HubRequest } from './hub-requests.ts'

/** Bytes [start, end) of a file. */
export interface Span {
  start: number
  end: number
}

/** A file far away; what it gives is as long as the span, or an error. */
export interface RangeSource {
  readonly size: number
  load(
    span: Span,
    options?: { signal?: AbortSignal | undefined; onBytes?: ((bytes: number) => void) | undefined },
  ): Promise<Uint8Array>
  /** At once, in workers. */
  read(span: Span): Uint8Array
}

export interface RangeOptions {
  client: HubClient
  place: Place
  /** Address at the Hub, which leads to the signed one. */
  url: string
  size: number
  /** Ends what is under way, for as long as the source lives. */
  signal?: AbortSignal | undefined
  /**
   * Throws when the file is no longer the one that was listed; asked each time a new signed address was
   * given.
   */
  check?: { load(signal?: AbortSignal | undefined): Promise<void>; read(): void } | undefined
}

/** Answers of a signed address that has had its time (CloudFront and S3: 403, others: 400, 401, 404, 410). */
const EXPIRED = [400, 401, 403, 404, 410]

/**
 * A file of the Hub by ranges. The Hub is asked once where the bytes are; the signed address it leads to
 * serves all further ranges until it expires, then the Hub is asked once more. That saves a redirect a range,
 * and the quota for them.
 */
export function hubRanges({ client, place, url, size, signal: lifetime, check }: RangeOptions): RangeSource {
  let address: string | undefined
  /** Somebody is asking the Hub; settles with the answer's head, so others need not wait for its body. */
  let finding: Promise<void> | undefined
  /** A host that knows no ranges has sent the whole file: it is not asked again. */
  let whole: Uint8Array | undefined

  return { size, load, read }

  async function load(
    span: Span,
    {
      signal: own,
      onBytes,
    }: { signal?: AbortSignal | undefined; onBytes?: ((bytes: number) => void) | undefined } = {},
  ) {
    if (whole) return whole.subarray(span.start, span.end)
    const signal = lifetime && own ? AbortSignal.any([lifetime, own]) : (lifetime ?? own)
    const request = {
      place,
      headers: rangeOf(span),
      signal,
      onBytes: onBytes && ((bytes: number) => onBytes(bytes)),
    }
    for (let renewed = false; ; ) {
      if (address === undefined) {
        // whoever comes first asks the Hub, the others wait for what it says
        if (!finding) return find(span, request)
        await finding
        continue
      }
      const known = address
      const answer = await client.ask({ ...request, url: known, allow: renewed ? [416] : [...EXPIRED, 416] })
      if (!EXPIRED.includes(answer.status)) return bytesOf(answer, span)
      renewed = true
      if (address === known) address = undefined
    }
  }

  async function find(span: Span, request: Omit<HubRequest, 'url'>): Promise<Uint8Array> {
    let here = (): void => undefined
    const mine = new Promise<void>((resolve) => {
      here = resolve
    })
    finding = mine
    try {
      let next: string | undefined
      const onHead = (at: string): void => {
        next = at
        // a file that must be checked first is not yet for others
        if (!check) {
          address = at
          here()
        }
      }
      const answer = await client.ask({ ...request, url, onHead, allow: [416] })
      await check?.load(request.signal)
      address = next
      return bytesOf(answer, span)
    } finally {
      if (finding === mine) finding = undefined
      here()
    }
  }

  function read(span: Span): Uint8Array {
    if (whole) return whole.subarray(span.start, span.end)
    const request = { place, headers: rangeOf(span) }
    const known = address
    if (known !== undefined) {
      const answer = client.askNow({ ...request, url: known, allow: [...EXPIRED, 416] })
      if (!EXPIRED.includes(answer.status)) return bytesOf(answer, span)
    }
    const answer = client.askNow({ ...request, url, allow: [416] })
    check?.read()
    address = answer.url
    return bytesOf(answer, span)
  }

  /** The CDN hides Content-Range and ETag from pages of other origins: there only the length tells. */
  function bytesOf(answer: Answer, { start, end }: Span): Uint8Array {
    const { status, bytes } = answer
    if (status === 200 && bytes.length === size && !isPage(answer)) {
      whole = bytes
      return bytes.subarray(start, end)
    }
    const subject = placeName(place)
    const part = partOf(answer, { subject, size, version: undefined, offset: start, count: end - start })
    if (part.length < end - start) throw changed(subject)
    return part
  }
}

function rangeOf({ start, end }: Span): { Range: string } {
  return rangeHeader(start, end - start)
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Content } from './content.ts'
import { type Answer, type Call, type Headers, rangesOf } from './http.ts'

export interface CdnOptions {
  /** Seconds a signed address works. The Hub's: 3600 (its redirects carry X-Amz-Expires=3600). */
  lifetime?: number
  /**
   * True: preflights are answered. False, the default, as people met it (issue 7931 of huggingface/datasets:
   * "Response to preflight request … does not have HTTP ok status"): a page gets on only with requests that
   * need none, which are plain GETs with at most one simple range.
   */
  preflight?: boolean
  /**
   * True: a page may read Content-Range, ETag and the like. False, the default, as nothing says that it may.
   */
  expose?: boolean
}

/** What an address stands for. */
export interface Served {
  content: Content
  etag: string
}

/** Addresses that expire, as behind the Hub's redirects: whoever has one may read, nobody else may. */
export interface Signer {
  /** `path` begins with a slash and is what `find` of the CDN knows; `query` is signed along. */
  sign(path: string, query?: Record<string, string>): string
  /** Why an address is refused, or undefined. */
  refusal(path: string, query: URLSearchParams): string | undefined
  /** Makes every address given out so far worthless. */
  expireAll(): void
}

export function makeSigner(base: string, lifetime: number, now: () => number): Signer {
  let key = 'first'
  let generation = 0
  const signatureOf = (path: string, query: URLSearchParams) => {
    const kept = [...query].filter(([name]) => name !== 'Signature').sort(([a], [b]) => (a < b ? -1 : 1))
    return createHmac('sha256', key)
      .update(`${path}\n${JSON.stringify(kept)}`)
      .digest('hex')
  }
  return {
    sign(path, more = {}) {
      const query = new URLSearchParams({
        ...more,
        Expires: String(Math.ceil(now() / 1000) + lifetime),
        'Key-Pair-Id': 'DOUBLE',
      })
      query.set('Signature', signatureOf(path, query))
      return `${base}${path}?${query}`
    },
    refusal(path, query) {
      const given = Buffer.from(query.get('Signature') ?? '')
      const wanted = Buffer.from(signatureOf(path, query))
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 'AccessDenied'
      return Number(query.get('Expires')) * 1000 <= now() ? 'ExpiredToken' : undefined
    },
    expireAll() {
      generation++
      key = `next ${generation}`
    },
  }
}

/**
 * A GET or HEAD of a signed address: whole, one range (206) or several (multipart/byteranges, which Xet's
 * clients ask for: client, utils/XetBlob.ts, buildMultiRangeHeader). 403 for a signature that is forged or
 * too old, as CloudFront and S3 answer, which the client takes as "expired" (XetBlob.ts: "In case it's
 * expired").
 */
export function serveSigned(
  call: Call,
  signer: Signer,
  found: Served | undefined,
  options: CdnOptions,
): Answer {
  const path = `/${call.segments.join('/')}`
  const cors = corsOf(options)
  const refusal = signer.refusal(path, call.query)
  if (refusal)
    return {
      status: 403,
      headers: { ...cors, 'Content-Type': 'application/xml' },
      body: `<Error><Code>${refusal}</Code></Error>`,
    }
  if (!found)
    return {
      status: 404,
      headers: { ...cors, 'Content-Type': 'application/xml' },
      body: '<Error><Code>NoSuchKey</Code></Error>',
    }
  const signed = call.query.get('X-Xet-Signed-Range')?.slice(6).split(',')
  const asked = call.headers.range?.slice(6).split(',')
  // docs/xet/download-protocol.md: "Not specifying this header will result in an authorization failure"; each
  // signed range may be asked for alone (client: utils/XetBlob.ts, "Each individual range is part of the
  // URL's signed range set")
  if (signed && !asked?.every((range) => signed.includes(range))) {
    return {
      status: 403,
      headers: { ...cors, 'Content-Type': 'application/xml' },
      body: '<Error><Code>RangeNotSigned</Code></Error>',
    }
  }
  const { content, etag } = found
  const headers: Headers = {
    ...cors,
    'Accept-Ranges': 'bytes',
    ETag: `"${etag}"`,
    'Content-Type': call.query.get('response-content-type') ?? 'application/octet-stream',
  }
  const disposition = call.query.get('response-content-disposition')
  if (disposition) headers['Content-Disposition'] = disposition
  const ranges = rangesOf(call.headers.range, content.size)
  if (ranges === 'unsatisfiable')
    return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${content.size}` } }
  const only = ranges?.[0]
  if (!ranges || !only) return { status: 200, headers, part: { content, from: 0, to: content.size } }
  if (ranges.length === 1) {
    headers['Content-Range'] = `bytes ${only.from}-${only.to - 1}/${content.size}`
    return { status: 206, headers, part: { content, from: only.from, to: only.to } }
  }
  const boundary = `part-${etag.slice(0, 16)}`
  const parts = ranges.map(({ from, to }) =>
    Buffer.concat([
      Buffer.from(
        `\r\n--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${from}-${to - 1}/${content.size}\r\n\r\n`,
      ),
      content.read(from, to),
    ]),
  )
  headers['Content-Type'] = `multipart/byteranges; boundary=${boundary}`
  return { status: 206, headers, body: Buffer.concat([...parts, Buffer.from(`\r\n--${boundary}--\r\n`)]) }
}

/**
 * Any origin, and `null`: a request that was redirected from another origin carries `Origin: null` (Fetch,
 * "tainted origin").
 */
export function corsOf({ expose }: CdnOptions): Headers {
  return {
    'Access-Control-Allow-Origin': '*',
    ...(expose
      ? { 'Access-Control-Expose-Headers': 'Content-Range, Content-Length, Accept-Ranges, ETag' }
      : {}),
  }
}

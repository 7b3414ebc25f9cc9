import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Content } from './content.ts'

/**
 * The three hosts of the double, each an origin of its own: the Hub, the store behind its redirects, and
 * Xet's CAS API.
 */
export type Host = 'hub' | 'cdn' | 'cas'

/** One request as it arrived, and how it was answered. */
export interface Seen {
  host: Host
  method: string
  /** Path and query as sent, percent-encoding included. */
  url: string
  /** Path without the query, decoded where it can be. */
  path: string
  range: string | undefined
  origin: string | undefined
  referer: string | undefined
  /** What stood in the Authorization header; tokens themselves are not kept. */
  authorization: 'none' | 'hub token' | 'unknown hub token' | 'xet token' | 'other'
  status: number
  /** Bytes of the answer's body as sent, after compression. */
  bytes: number
  /** Bytes of the request's body. */
  received: number
}

export interface Call {
  method: string
  /** Segments of the path, still encoded: `%2F` is part of a name until it is decoded. */
  segments: string[]
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** The whole body; read once, kept. */
  body(): Promise<Buffer>
  seen: Seen
}

export type Headers = Record<string, string | number>

export interface Answer {
  /** 0 closes the connection without a word. */
  status: number
  headers?: Headers
  /** Sent as JSON. */
  json?: unknown
  body?: string | Uint8Array | undefined
  /** A part of a stored file, [from, to). */
  part?: { content: Content; from: number; to: number }
  /** Compress where the client allows it. */
  gzip?: boolean
}

/** Thrown by a handler to end the call with an error answer of the Hub. */
export class HubError extends Error {
  readonly status: number
  readonly code: string | undefined
  readonly headers: Headers
  readonly data: Record<string, unknown>

  /**
   * `code` becomes X-Error-Code, `message` the body and X-Error-Message; `data` stands beside the message in
   * JSON.
   */
  constructor(
    status: number,
    message: string,
    code?: string,
    headers: Headers = {},
    data: Record<string, unknown> = {},
  ) {
    super(message)
    this.data = data
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export interface Listening {
  origin: string
  close(): Promise<void>
}

/** Listens on a free port of the loopback. `respond` answers everything, preflights included. */
export async function listen(
  host: Host,
  log: Seen[],
  respond: (call: Call) => Promise<Answer>,
): Promise<Listening> {
  const server = createServer((request, response) => {
    handle(host, log, respond, request, response).catch((error: unknown) => {
      // a fault of the double itself: say so loudly in the answer, as nobody reads its console
      if (response.headersSent) return response.destroy()
      response.writeHead(500, { 'Content-Type': 'text/plain', 'Access-Control-Allow-Origin': '*' })
      response.end(`hub double: ${error instanceof Error ? error.stack : String(error)}`)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // an address object, as it listens on a port
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function handle(
  host: Host,
  log: Seen[],
  respond: (call: Call) => Promise<Answer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [pathname = '/', search = ''] = splitOnce(request.url ?? '/', '?')
  const { headers, method = 'GET' } = request
  const seen: Seen = {
    host,
    method,
    url: request.url ?? '/',
    path: decoded(pathname),
    range: headers.range,
    origin: headers.origin,
    referer: headers.referer,
    authorization: headers.authorization === undefined ? 'none' : 'other',
    status: 0,
    bytes: 0,
    received: 0,
  }
  log.push(seen)
  let whole: Promise<Buffer> | undefined
  const body = () => {
    whole ??= readAll(request, seen)
    return whole
  }
  const answer = await respond({
    method,
    segments: pathname.split('/').filter((segment) => segment !== ''),
    query: new URLSearchParams(search),
    headers,
    body,
    seen,
  })
  if (answer.status === 0) return void request.socket.destroy()
  if (!whole) request.resume() // a body nobody read would block the connection
  await send(answer, request, response, seen)
}

async function send(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
  seen: Seen,
): Promise<void> {
  const headers: Headers = { ...answer.headers }
  let body: Uint8Array | undefined
  if (answer.json !== undefined) {
    headers['Content-Type'] ??= 'application/json; charset=utf-8'
    body = Buffer.from(JSON.stringify(answer.json))
  } else if (answer.body !== undefined) {
    headers['Content-Type'] ??= 'text/plain; charset=utf-8'
    body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  }
  const { part } = answer
  const length = part ? part.to - part.from : (body?.length ?? 0)
  // 1000 bytes: below it neither Express nor CloudFront compresses
  if (answer.gzip && length >= 1000 && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    body = gzipSync(part ? part.content.read(part.from, part.to) : (body ?? Buffer.alloc(0)))
    headers['Content-Encoding'] = 'gzip'
    // compressed while it is sent: the length is not known beforehand, ranges cannot be had and an ETag is
    // weak
    delete headers['Accept-Ranges']
    if (typeof headers.ETag === 'string' && !headers.ETag.startsWith('W/')) headers.ETag = `W/${headers.ETag}`
  } else if (answer.status !== 204 && answer.status !== 304) {
    headers['Content-Length'] = length
  }
  seen.status = answer.status
  response.writeHead(answer.status, headers)
  if (request.method === 'HEAD' || answer.status === 204 || answer.status === 304) return void response.end()
  if (part && !headers['Content-Encoding']) return stream(part, response, seen)
  seen.bytes = body?.length ?? 0
  response.end(body)
}

const CHUNK = 1 << 20

/**
 * Sends piece by piece at the client's speed, so that an aborted download of a large file counts only what
 * left.
 */
async function stream(
  { content, from, to }: { content: Content; from: number; to: number },
  response: ServerResponse,
  seen: Seen,
) {
  for (let at = from; at < to && !response.destroyed; at += CHUNK) {
    const piece = content.read(at, Math.min(to, at + CHUNK))
    seen.bytes += piece.length
    if (!response.write(piece))
      await new Promise<void>((resolve) => {
        const go = () => {
          response.off('drain', go).off('close', go)
          resolve()
        }
        response.on('drain', go).on('close', go)
      })
  }
  response.end()
}

async function readAll(request: IncomingMessage, seen: Seen): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) {
    pieces.push(piece)
    seen.received += piece.length
  }
  return Buffer.concat(pieces)
}

/** Undefined for no range or a form that servers may ignore; several ranges are given as they stand. */
export function rangesOf(
  header: string | undefined,
  size: number,
): { from: number; to: number }[] | 'unsatisfiable' | undefined {
  if (!header?.startsWith('bytes=')) return undefined
  const ranges: { from: number; to: number }[] = []
  for (const text of header.slice(6).split(',')) {
    const match = /^\s*(\d*)-(\d*)\s*$/.exec(text)
    if (!match || (!match[1] && !match[2])) return undefined
    const from = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]))
    const to = match[1] && match[2] ? Math.min(Number(match[2]) + 1, size) : size
    if (from < to) ranges.push({ from, to })
  }
  return ranges.length > 0 ? ranges : 'unsatisfiable'
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not an encoding: shown as it was sent
  }
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/*
 * A host whose answers go wrong, in one way at a time. It has `/run.db`, and `/files/` with an `index.json`
 * that lists the same file.
 */

/** A request for the file, and what a good host would do with it. */
export interface Asked {
  request: IncomingMessage
  response: ServerResponse
  /** Of the range that was asked for, [start, end); the whole file where none was. */
  start: number
  end: number
  ranged: boolean
  /** How many requests for the file came before. */
  count: number
  /** The file lies behind the half of it. */
  midway: boolean
  /** How often the fault has struck. */
  struck: number
  /** What the fault notes for itself; forgotten with it. */
  memory: { replaced?: true }
  file: Uint8Array
  other: Uint8Array
  /** Origin of a second host, which is a good one. */
  elsewhere: string
  good(change?: GoodChange): void
}

export interface GoodChange {
  data?: Uint8Array
  headers?: Record<string, string | undefined>
  start?: number
  end?: number
  body?: Uint8Array | undefined
  status?: number
}

/** True: it dealt with the request. */
export type Fault = (asked: Asked) => boolean

export interface Double {
  url: string
  /** From now on; undefined: none. */
  set(fault: Fault | undefined): void
  close(): Promise<void>
}

/** `file`: what lies there; `other`: what takes its place where a fault replaces it. Both are of one size. */
export async function startDouble(file: Uint8Array, other: Uint8Array): Promise<Double> {
  let fault: Fault | undefined
  let count = 0
  let struck = 0
  let memory: Asked['memory'] = {}
  let elsewhere = ''
  const answer = (faulty: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname
    if (path === '/files/index.json') {
      const listing = JSON.stringify({ files: [{ path: 'run.db', size: file.length }] })
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(listing)
    }
    if (path !== '/run.db' && path !== '/files/run.db')
      return void response.writeHead(404, { 'access-control-allow-origin': '*' }).end()
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const start = Number(from ?? 0)
    const end = to === undefined ? file.length : Math.min(Number(to) + 1, file.length)
    const good = (change: GoodChange = {}): void => sendGood(asked, change)
    const midway = start >= file.length / 2
    const ranged = to !== undefined
    const asked: Asked = {
      request,
      response,
      start,
      end,
      ranged,
      count,
      midway,
      struck,
      memory,
      file,
      other,
      elsewhere,
      good,
    }
    count++
    if (faulty && fault?.(asked)) struck++
    else good()
  }
  const servers = [createServer(answer(true)), createServer(answer(false))]
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const [url = '', second = ''] = servers.map(
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  ) // they listen on ports
  elsewhere = second
  return {
    url,
    set(next) {
      fault = next
      count = 0
      struck = 0
      memory = {}
    },
    close: async () => void (await Promise.all(servers.map(closed))),
  }
}

/** Pages of other addresses may read, and see what ranges need. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Content-Range, ETag' }

function sendGood({ request, response, file, start, end, ranged }: Asked, change: GoodChange): void {
  const data = change.data ?? file
  const from = change.start ?? start
  const to = Math.min(change.end ?? end, data.length)
  if (ranged && change.status !== 200 && from >= data.length)
    return void response.writeHead(416, { 'content-range': `bytes */${data.length}` }).end()
  const part = ranged && change.status !== 200
  const body = change.body ?? (part ? data.subarray(from, to) : data)
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/octet-stream',
    'content-length': String(body.length),
    etag: '"one"',
    'last-modified': 'Mon, 02 Mar 2026 10:00:00 GMT',
    'accept-ranges': 'bytes',
    ...CORS,
    ...(part && { 'content-range': `bytes ${from}-${to - 1}/${data.length}` }),
    ...change.headers,
  }
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) response.setHeader(name, value)
  response.writeHead(change.status ?? (part ? 206 : 200))
  response.end(request.method === 'HEAD' ? undefined : body)
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

const LOGIN = new TextEncoder().encode(
  '<!doctype html><title>Welcome to the airport</title><form>Sign in</form>',
)
const loginPage: GoodChange = {
  status: 200,
  body: LOGIN,
  headers: { 'content-type': 'text/html; charset=utf-8', etag: undefined },
}
const NAMELESS = { etag: undefined, 'last-modified': undefined }

/** Does `act` with the requests for which `when` is true. */
function strikes(when: (asked: Asked) => boolean, act: (asked: Asked) => void): Fault {
  return (asked) => {
    if (!when(asked)) return false
    act(asked)
    return true
  }
}

const always = (): boolean => true
const midway = ({ midway }: Asked): boolean => midway
const once = (when: (asked: Asked) => boolean) => (asked: Asked) => asked.struck === 0 && when(asked)
const reset = ({ request }: Asked): void => void request.socket.resetAndDestroy()
const status =
  (code: number, headers: Record<string, string> = {}) =>
  ({ response }: Asked): void =>
    void response.writeHead(code, headers).end()
const half = ({ response, start, end, file }: Asked, then: () => void): void => {
  const length = Math.min(end - start, 1000)
  response.writeHead(206, {
    'content-range': `bytes ${start}-${end - 1}/${file.length}`,
    'content-length': end - start,
    etag: '"one"',
    ...CORS,
  })
  response.write(file.subarray(start, start + length), then)
}

export interface Row {
  fault: Fault
  /** All rows come; or the words of the error, at opening or afterwards. */
  result: 'rows' | RegExp
  /** All rows come where the file is in a live folder: it is read again as it is by then. */
  folder?: 'rows' | RegExp
}

export const FAULTS: Record<string, Row> = {
  'reset at connect': { fault: strikes(always, reset), result: /no answer/ },
  'reset at connect midway': { fault: strikes(midway, reset), result: /no answer/ },
  'reset at connect midway, once': { fault: strikes(once(midway), reset), result: 'rows' },
  'a close that is no HTTP, as of a TLS port': {
    fault: strikes(always, ({ request }) => void request.socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 40]))),
    result: /no answer/,
  },
  'reset in a body': {
    fault: strikes(midway, (asked) => half(asked, () => reset(asked))),
    result: /broke off after 1,000 of [\d,]+ bytes|no answer/,
  },
  'reset in a body, once': {
    fault: strikes(once(midway), (asked) => half(asked, () => reset(asked))),
    result: 'rows',
  },
  'silent at connect': { fault: strikes(always, () => {}), result: /silence: nothing came for [\d.]+ s/ },
  'silent midway': { fault: strikes(midway, () => {}), result: /silence: nothing came for [\d.]+ s/ },
  'silent in a body': {
    fault: strikes(midway, (asked) => half(asked, () => {})),
    result: /silence after 1,000 bytes: nothing came for [\d.]+ s/,
  },
  '429 with Retry-After, twice': {
    fault: strikes(({ struck }) => struck < 2, status(429, { 'retry-after': '2' })),
    result: 'rows',
  },
  '429 without Retry-After, once': { fault: strikes(once(midway), status(429)), result: 'rows' },
  '429 for an hour': {
    fault: strikes(midway, status(429, { 'retry-after': '3600' })),
    result: /too many requests: the host answered 429/,
  },
  '503 once': { fault: strikes(once(midway), status(503)), result: 'rows' },
  '503 for ever': { fault: strikes(always, status(503)), result: /answered 503/ },
  '500 midway': { fault: strikes(midway, status(500)), result: /answered 500/ },
  '404 midway': { fault: strikes(midway, status(404)), result: /answered 404|no longer there/ },
  '401 midway': { fault: strikes(midway, status(401)), result: /answered 401/ },
  '403 midway': { fault: strikes(midway, status(403)), result: /answered 403/ },
  'a redirect to itself': {
    fault: strikes(
      always,
      ({ request, response }) => void response.writeHead(302, { location: request.url ?? '' }).end(),
    ),
    result: /no answer/,
  },
  'a redirect to another host': {
    fault: strikes(
      always,
      ({ request, response, elsewhere }) =>
        void response.writeHead(307, { location: elsewhere + request.url }).end(),
    ),
    result: 'rows',
  },
  'the page of a captive portal': {
    fault: strikes(always, ({ good }) => good(loginPage)),
    result: /a web page came in its place/,
  },
  'the page of a captive portal midway': {
    fault: strikes(midway, ({ good }) => good(loginPage)),
    result: /a web page came in its place/,
  },
  '200 instead of 206': { fault: strikes(always, ({ good }) => good({ status: 200 })), result: 'rows' },
  '200 instead of 206 midway': {
    fault: strikes(midway, ({ good }) => good({ status: 200 })),
    result: 'rows',
  },
  '206 shifted by a page': {
    fault: strikes(midway, ({ good, start, end }) => good({ start: start - 4096, end: end - 4096 })),
    result: /the host sent other bytes/,
  },
  '206 of an earlier range': {
    fault: strikes(midway, ({ good }) => good({ start: 0, end: 65_536 })),
    result: /the host sent other bytes/,
  },
  '206 cut short': {
    fault: strikes(midway, ({ good, file, start, end }) => good({ body: file.subarray(start, end - 4096) })),
    result: /is shortened: [\d,]+ bytes came/,
  },
  '206 that says it is shorter': {
    fault: strikes(midway, ({ good, start, end }) => good({ end: Math.min(end, start + 300_000) })),
    result: 'rows',
  },
  '206 longer than it says': {
    fault: strikes(midway, ({ good, file, start, end }) => good({ body: file.subarray(start - 4096, end) })),
    result: /is longer than it says: [\d,]+ bytes came/,
  },
  '206 without a body': {
    fault: strikes(midway, ({ good }) => good({ body: new Uint8Array(0) })),
    result: /is shortened: 0 bytes came/,
  },
  'another total in Content-Range midway': {
    fault: strikes(midway, ({ good, start, end, file }) =>
      good({ headers: { 'content-range': `bytes ${start}-${end - 1}/${file.length + 4096}` } }),
    ),
    result: /changed on its host/,
    folder: /changed on its host/,
  },
  'a range of the packed file': {
    fault: strikes(midway, ({ good, start, file }) => {
      const packed = gzipSync(file)
      good({ body: packed.subarray(1000 + (start % 1000), 90_000), headers: { 'content-encoding': 'gzip' } })
    }),
    result: /compressed \(Content-Encoding: gzip\)/,
  },
  'the whole file packed': {
    fault: strikes(always, ({ good, file }) =>
      good({ status: 200, body: gzipSync(file), headers: { 'content-encoding': 'gzip' } }),
    ),
    result: 'rows',
  },
  'a packed file': {
    fault: strikes(always, ({ good, file, ranged }) => {
      const packed = gzipSync(file)
      good({ data: packed, ...(ranged ? {} : { body: packed }) })
    }),
    result: /compressed with gzip/,
  },
  'another ETag midway': {
    fault: strikes(midway, ({ good, other }) => good({ data: other, headers: { etag: '"two"' } })),
    result: /changed on its host/,
  },
  'replaced midway, ETag': {
    fault: replaced({ etag: '"two"' }),
    result: /changed on its host/,
    folder: 'rows',
  },
  'replaced midway, Last-Modified': {
    fault: replaced(
      { etag: undefined, 'last-modified': 'Mon, 02 Mar 2026 10:00:01 GMT' },
      { etag: undefined },
    ),
    result: /changed on its host/,
    folder: 'rows',
  },
  'replaced midway, no version': {
    fault: replaced(NAMELESS, NAMELESS),
    result: /changed on its host/,
    folder: 'rows',
  },
  'shorter midway': {
    fault: strikes(midway, ({ good, file }) => good({ data: file.subarray(0, file.length - 8192) })),
    result: /changed on its host/,
  },
  'no version': { fault: strikes(always, ({ good }) => good({ headers: NAMELESS })), result: 'rows' },
  'a weak ETag': {
    fault: strikes(always, ({ good }) => good({ headers: { etag: 'W/"one"' } })),
    result: 'rows',
  },
  'without lengths, in chunks': {
    fault: strikes(always, ({ good }) =>
      good({ headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } }),
    ),
    result: 'rows',
  },
  'HEAD refused': { fault: strikes(({ request }) => request.method === 'HEAD', status(405)), result: 'rows' },
  'no Accept-Ranges': {
    fault: strikes(always, ({ good }) => good({ headers: { 'accept-ranges': undefined } })),
    result: 'rows',
  },
  'a hidden Content-Range': {
    fault: strikes(always, ({ good }) => good({ headers: { 'content-range': undefined } })),
    result: 'rows',
  },
  'several parts': {
    fault: strikes(midway, ({ good }) =>
      good({
        body: new TextEncoder().encode('--x\r\n'),
        headers: { 'content-type': 'multipart/byteranges; boundary=x', 'content-range': undefined },
      }),
    ),
    result: /several parts \(multipart\/byteranges\)/,
  },
  'a trickle': {
    fault: strikes(midway, ({ response, start, end, file }) => {
      response.writeHead(206, {
        'content-range': `bytes ${start}-${end - 1}/${file.length}`,
        etag: '"one"',
        ...CORS,
      })
      const step = Math.ceil((end - start) / 8)
      let at = start
      const timer = setInterval(() => {
        response.write(file.subarray(at, Math.min(end, at + step)))
        at += step
        if (at < end) return
        clearInterval(timer)
        response.end()
      }, 20)
    }),
    result: 'rows',
  },
  'an old answer of a cache first': {
    fault: strikes(
      ({ count }) => count === 0,
      ({ good, other }) => good({ data: other, headers: { etag: '"zero"' } }),
    ),
    result: /changed on its host/,
    folder: 'rows',
  },
}

/** From the first request of the second half on the other file is there, for all requests. */
function replaced(
  after: Record<string, string | undefined>,
  before: Record<string, string | undefined> = {},
): Fault {
  return strikes(always, ({ memory, midway, good, other }) => {
    if (midway) memory.replaced = true
    good(memory.replaced ? { data: other, headers: after } : { headers: before })
  })
}

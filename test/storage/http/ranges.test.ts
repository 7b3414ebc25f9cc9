import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ChangedOnDiskError } from '../../../src/model/errors.ts'
import { patience } from '../../../src/storage/http/client.ts'
import { urlBytes, type WebBytes } from '../../../src/storage/http/url.ts'

/*
 * What hosts, caches and proxies make of a range. Each is told as what it is, and never taken for a part of
 * the file.
 */

const DATA = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) % 256)
const real = { ...patience }
let answer: (request: IncomingMessage, response: ServerResponse, start: number, end: number) => void
let asked: string[] = []
let server: Server
let url = ''

beforeAll(async () => {
  Object.assign(patience, { hiccup: 1, second: 1 })
  server = createServer((request, response) => {
    asked.push(request.headers.range ?? 'whole')
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    answer(request, response, Number(from), Math.min(DATA.length, Number(to) + 1))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/nano.db`
})
afterAll(() => {
  Object.assign(patience, real)
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked = []
})

function send(data: Uint8Array, headers: Record<string, string> = {}): typeof answer {
  return (_, response, start, end) =>
    void response
      .writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${data.length}`, ...headers })
      .end(data.subarray(start, end))
}

async function open(headers: Record<string, string> = { etag: '"1"' }): Promise<WebBytes> {
  answer = send(DATA, headers)
  const bytes = await urlBytes(url)
  if (!bytes) throw new Error('there is an answer')
  return bytes
}

async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('was answered'),
    (reason: unknown) => reason,
  )
}

const PART = DATA.subarray(100_000, 101_000)
const range = 'bytes 100000-100999/300000'

test.each<[string, typeof answer, string]>([
  [
    'one page further',
    (_, response) =>
      void response
        .writeHead(206, { 'content-range': 'bytes 104096-105095/300000' })
        .end(DATA.subarray(104_096, 105_096)),
    'the host sent other bytes (bytes 104096-105095/300000) than bytes 100,000 to 100,999',
  ],
  [
    'that of an earlier request',
    (_, response) =>
      void response.writeHead(206, { 'content-range': 'bytes 0-65535/300000' }).end(DATA.subarray(0, 65_536)),
    'the host sent other bytes (bytes 0-65535/300000) than bytes 100,000 to 100,999',
  ],
  [
    'shorter than it says',
    (_, response) => void response.writeHead(206, { 'content-range': range }).end(PART.subarray(0, 700)),
    'the answer of the host is shortened: 700 bytes came where bytes 100,000 to 100,999 were asked (1,000)',
  ],
  [
    'empty',
    (_, response) => void response.writeHead(206, { 'content-range': range }).end(),
    'the answer of the host is shortened: 0 bytes came where bytes 100,000 to 100,999 were asked (1,000)',
  ],
  [
    'longer than it says',
    (_, response) =>
      void response.writeHead(206, { 'content-range': range }).end(DATA.subarray(100_000, 102_000)),
    'the answer of the host is longer than it says: 2,000 bytes came where bytes 100,000 to 100,999 were asked (1,000)',
  ],
  [
    'a part of the file as it is packed',
    (_, response) =>
      void response
        .writeHead(206, { 'content-range': range, 'content-encoding': 'gzip' })
        .end(gzipSync(DATA).subarray(1000, 2000)),
    'its host sends it compressed (Content-Encoding: gzip), and what came broke off or cannot be unpacked',
  ],
  [
    'several parts',
    (_, response) =>
      void response
        .writeHead(206, { 'content-type': 'multipart/byteranges; boundary=x' })
        .end('--x\r\nContent-Range: bytes 0-1/2\r\n\r\n'),
    'the host sent several parts (multipart/byteranges) where bytes 100,000 to 100,999 were asked',
  ],
  [
    'without a sensible range',
    (_, response) => void response.writeHead(206, { 'content-range': 'pages 1-2' }).end(PART),
    'the host sent “pages 1-2” where bytes 100,000 to 100,999 were asked',
  ],
  [
    'the page of a network that wants a sign-in',
    (_, response) =>
      void response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end('<!doctype html><h1>Welcome</h1>'),
    'a web page came in its place (text/html)',
  ],
])('an answer that is %s is told as that', async (_, wrong, message) => {
  const bytes = await open()
  answer = wrong
  const reason = await reasonOf(bytes.load(100_000, 1000))
  expect(reason).not.toBeInstanceOf(ChangedOnDiskError)
  expect(reason).toMatchObject({ name: 'TrackioError', subject: url, message })
  expect(reason).toHaveProperty('action', expect.not.stringContaining('CORS'))
})

test.each<[string, Record<string, string>]>([
  ['total', { 'content-range': 'bytes 100000-100999/300001' }],
  ['ETag', { etag: '"2"' }],
])('another %s is a change of the file', async (_, headers) => {
  const bytes = await open()
  answer = send(DATA, headers)
  expect(await reasonOf(bytes.load(100_000, 1000))).toBeInstanceOf(ChangedOnDiskError)
})

test('a host that sends less than asked, and says so, is asked for the rest; of more, what was asked for is taken', async () => {
  const bytes = await open()
  answer = (request, response, start, end) => send(DATA)(request, response, start, Math.min(end, start + 300))
  expect(await bytes.load(100_000, 1000)).toEqual(PART)
  expect(asked.slice(1)).toEqual([
    'bytes=100000-100999',
    'bytes=100300-100999',
    'bytes=100600-100999',
    'bytes=100900-100999',
  ])
  answer = (request, response, start, end) => send(DATA)(request, response, start, end + 5000)
  expect(await bytes.load(100_000, 1000)).toEqual(PART)
})

test('a file without a version has its beginning read again after every range, once for those that come together', async () => {
  const bytes = await open({})
  asked = []
  expect(await Promise.all([bytes.load(100_000, 1000), bytes.load(200_000, 1000)])).toEqual([
    PART,
    DATA.slice(200_000, 201_000),
  ])
  expect(asked.filter((line) => line === 'bytes=0-16383').length).toBeLessThanOrEqual(2)
  const other = DATA.slice()
  other[27] = 1 + (other[27] ?? 0) // where SQLite counts changes
  answer = send(other)
  expect(await reasonOf(bytes.load(100_000, 1000))).toBeInstanceOf(ChangedOnDiskError)
})

test('what cannot be a file at all is told when it is opened', async () => {
  const page = '<!doctype html><title>Sign in</title>'
  for (const status of [200, 206])
    for (const headers of [{}, { 'content-range': `bytes 0-${page.length - 1}/${page.length}` }]) {
      answer = (_, response) =>
        void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(page)
      expect(await reasonOf(urlBytes(url))).toMatchObject({
        message: 'a web page came in its place (text/html)',
      })
    }
  answer = (_, response) =>
    void response.writeHead(206, { 'content-type': 'multipart/byteranges; boundary=x' }).end('--x')
  expect(await reasonOf(urlBytes(url))).toMatchObject({ message: expect.stringContaining('several parts') })
})

test('a failure on the way is met with one more try, and not with two', async () => {
  const bytes = await open()
  const good = answer
  const bad: (typeof answer)[] = [
    (_, response) => void response.writeHead(503).end(),
    (request) => void request.socket.destroy(),
    (_, response) => {
      response.writeHead(206, { 'content-range': range, 'content-length': 1000 })
      response.write(PART.subarray(0, 10), () => response.destroy())
    },
  ]
  for (const once of bad) {
    let left = 1
    answer = (...all) => (left-- > 0 ? once(...all) : good(...all))
    expect(await bytes.load(100_000, 1000)).toEqual(PART)
    left = 2
    expect(await reasonOf(bytes.load(100_000, 1000))).toMatchObject({
      action: expect.not.stringContaining('CORS'),
      message: expect.stringMatching(
        /^(the host answered 503|no answer \(.+\)|the connection broke off after 10 of 1,000 bytes)$/,
      ),
    })
  }
})

test('too many requests are waited for, and told of, as long as the host says', async () => {
  const told: string[] = []
  answer = send(DATA, { etag: '"1"' })
  const bytes = await urlBytes(url, { tell: (text) => told.push(text) })
  const good = answer
  let left = 2
  answer = (...all) => (left-- > 0 ? void all[1].writeHead(429, { 'retry-after': '3' }).end() : good(...all))
  expect(await bytes?.load(100_000, 1000)).toEqual(PART)
  expect(told.slice(0, 3)).toEqual(
    [3, 2, 1].map((seconds) => `${new URL(url).host} asks for a pause: going on in ${seconds} s`),
  )
  answer = (_, response) => void response.writeHead(429, { 'retry-after': '900' }).end()
  expect(await reasonOf(bytes?.load(100_000, 1000) ?? Promise.resolve())).toMatchObject({
    message: 'too many requests: the host answered 429',
    action: 'Try again in 15 minutes.',
  })
})

test('silence is told of, and given up: before an answer, after its head, and within a body', async () => {
  Object.assign(patience, { say: 40, end: 160 })
  const told: string[] = []
  const host = new URL(url).host
  answer = send(DATA, { etag: '"1"' })
  const bytes = await urlBytes(url, { tell: (text) => told.push(text) })
  const silences: [typeof answer, string][] = [
    [() => {}, 'silence: nothing came for 0.2 s, so it was given up'],
    [
      (_, response) => response.writeHead(206, { 'content-range': range }).flushHeaders(),
      'silence: nothing came for 0.2 s, so it was given up',
    ],
    [
      (_, response) => void response.writeHead(206, { 'content-range': range }).write(PART.subarray(0, 10)),
      'silence after 10 bytes: nothing came for 0.2 s, so it was given up',
    ],
  ]
  for (const [silence, message] of silences) {
    told.length = 0
    answer = silence
    expect(await reasonOf(bytes?.load(100_000, 1000) ?? Promise.resolve())).toMatchObject({
      name: 'TrackioError',
      message,
    })
    expect(told[0]).toBe(`nothing from ${host} for 0 s: given up after 0.2 s`)
  }
  // as long as something comes it is no silence
  answer = (_, response, start, end) => {
    response.writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/300000` })
    let at = start
    const trickle = setInterval(() => {
      response.write(DATA.subarray(at, at + 100))
      at += 100
      if (at < end) return
      clearInterval(trickle)
      response.end()
    }, 25)
  }
  expect(await bytes?.load(100_000, 1000)).toEqual(PART)
})

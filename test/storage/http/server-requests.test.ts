import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AccessError, isAbort, TrackioError } from '../../../src/model/errors.ts'
import { patience } from '../../../src/storage/http/client.ts'
import {
  makeServer,
  parseServerAddress,
  SaidError,
  type Server,
} from '../../../src/storage/http/server-requests.ts'

let answer: (request: IncomingMessage, response: ServerResponse) => void
let asked: { path: string; headers: IncomingMessage['headers']; body: string }[] = []
let http: HttpServer
let url = ''

beforeAll(async () => {
  http = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push({ path: request.url ?? '', headers: request.headers, body })
    answer(request, response)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
})
afterAll(() => {
  http.closeAllConnections()
  http.close()
})
beforeEach(() => {
  asked = []
})

function says(status: number, body: unknown, headers: Record<string, string> = {}): typeof answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

/** Answers one after the other, the last one from then on. */
function inTurn(...answers: (typeof answer)[]): typeof answer {
  let turn = 0
  return (request, response) => answers[Math.min(turn++, answers.length - 1)]?.(request, response)
}

const reasonOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('was answered'),
    (reason: unknown) => reason,
  )

describe('a request', () => {
  test('names its arguments and gives back the data', async () => {
    answer = says(200, { data: ['a', null] })
    expect(await makeServer(url).call('get_things', { project: 'p', query: 'SELECT \'"é' })).toEqual([
      'a',
      null,
    ])
    expect(asked).toMatchObject([
      { path: '/api/get_things', body: '{"project":"p","query":"SELECT \'\\"é"}' },
    ])
    expect(asked[0]?.headers).not.toHaveProperty('x-trackio-write-token')
  })

  test('carries the token as it is then, and a sign-in', async () => {
    answer = says(200, { data: true })
    let token: string | undefined
    const server = makeServer(url, { token: () => token, session: () => 'signed in' })
    await server.call('a', {})
    token = 'secret'
    await server.call('b', {})
    expect(
      asked.map(({ headers }) => [headers['x-trackio-write-token'], headers['x-trackio-oauth-session']]),
    ).toEqual([
      [undefined, 'signed in'],
      ['secret', 'signed in'],
    ])
  })

  test('counts what came', async () => {
    answer = says(200, '{"data":"éé"}')
    const server = makeServer(url)
    const told: number[] = []
    await server.call('a', {}, { onProgress: (bytes) => told.push(bytes) })
    await server.call('b', {})
    expect([told, server.received()]).toEqual([[15], 30])
  })

  test('that is given up ends at once', async () => {
    const controller = new AbortController()
    answer = () => controller.abort()
    expect(isAbort(await reasonOf(makeServer(url).call('a', {}, { signal: controller.signal })))).toBe(true)
  })
})

describe('when there are too many requests', () => {
  const waits: number[] = []
  const wait = async (ms: number): Promise<void> => void waits.push(ms)
  beforeEach(() => {
    waits.length = 0
  })

  test('it waits as the headers say, as trackio’s own page does where they say nothing', async () => {
    const until = new Date(Date.now() + 30_000).toUTCString()
    answer = inTurn(
      says(429, '', { 'retry-after': '3' }),
      says(429, 'slow down'),
      says(429, '', { 'retry-after': until }),
      says(200, { data: 1 }),
    )
    expect(await makeServer(url, { wait }).call('a', {})).toBe(1)
    expect(waits.slice(0, 2)).toEqual([3000, 12_000])
    expect(waits[2]).toBeGreaterThan(20_000)
    expect(waits[2]).toBeLessThanOrEqual(30_000)
  })

  test('it gives up after some, or when the wait would be long, and says how long', async () => {
    answer = says(429, '', { 'retry-after': '1' })
    expect(await reasonOf(makeServer(url, { wait }).call('a', {}))).toMatchObject({
      message: 'too many requests: its host answered 429',
      action: 'Try again in a few minutes.',
    })
    expect(waits).toEqual([1000, 1000, 1000])
    answer = says(429, '', { 'retry-after': '600' })
    expect(await reasonOf(makeServer(url, { wait }).call('a', {}))).toMatchObject({
      action: 'Try again in 10 minutes.',
    })
    expect(waits.length).toBe(3)
  })

  test('waiting can be given up', async () => {
    answer = says(429, '', { 'retry-after': '100' })
    const controller = new AbortController()
    const call = reasonOf(makeServer(url).call('a', {}, { signal: controller.signal }))
    // once the answer is in, it waits; aborting before or after ends it alike
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    expect(isAbort(await call)).toBe(true)
  })
})

describe('a refusal', () => {
  test('is told in the server’s own words', async () => {
    answer = says(500, { error: 'no such table: metrics' })
    const reason = await reasonOf(makeServer(url).call('a', {}))
    expect(reason).toBeInstanceOf(SaidError)
    expect(reason).toMatchObject({ name: 'TrackioError', subject: url, message: 'no such table: metrics' })
    answer = says(503, { error: 'Writes are paused.' })
    expect(await reasonOf(makeServer(url).call('a', {}))).toMatchObject({
      message: 'Writes are paused.',
      action: 'Try again later.',
    })
  })

  test('for want of a token or a sign-in says how to get one', async () => {
    const cases: [number, unknown, RegExp][] = [
      [400, { error: 'A write_token is required to delete or rename runs.' }, /\?write_token=/],
      [400, { error: 'Sign in with Hugging Face to delete or rename runs.' }, /oauth\/hf\/start/],
      [401, 'no', /Sign in where it is hosted/],
      [403, 'no', /Sign in where it is hosted/],
    ]
    for (const [status, body, action] of cases) {
      answer = says(status, body)
      const reason = await reasonOf(makeServer(url).call('a', {}))
      expect(reason).toBeInstanceOf(AccessError)
      expect(reason).toMatchObject({ action: expect.stringMatching(action) })
    }
  })

  test('for want of a token names where it would be sent, since a page may ask for it', async () => {
    answer = says(400, { error: 'A write_token is required to delete or rename runs.' })
    expect(await reasonOf(makeServer(`${url}prefix/`).call('a', {}))).toMatchObject({
      origin: new URL(url).origin,
    })
  })

  test('of another kind says what it was', async () => {
    const cases: [number, string, Record<string, string>, string][] = [
      [
        404,
        '{"error":"Unknown API: get_thing"}',
        {},
        'the server does not know get_thing: its trackio is too old',
      ],
      [502, '<html>', {}, 'get_thing: the server answered 502'],
      [404, '<html>', {}, 'get_thing: the server answered 404'],
      [200, '<html>', { 'content-type': 'text/html' }, "get_thing: the answer is not trackio's (text/html)"],
      [200, '[1]', {}, "get_thing: the answer is not trackio's (application/json)"],
    ]
    for (const [status, body, headers, message] of cases) {
      answer = says(status, body, headers)
      expect(await reasonOf(makeServer(url).call('get_thing', {}))).toMatchObject({
        name: 'TrackioError',
        message,
      })
    }
  })

  test('by saying nothing for long is told of, and given up', async () => {
    const real = { ...patience }
    Object.assign(patience, { say: 40, end: 160 })
    const told: string[] = []
    const server = makeServer(url, { tell: (text) => told.push(text) })
    for (const silence of [
      () => {},
      (_: IncomingMessage, response: ServerResponse) =>
        void response.writeHead(200, { 'content-length': 100 }).write('{"data"'),
    ]) {
      told.length = 0
      answer = silence
      expect(await reasonOf(server.call('a', {}))).toMatchObject({
        subject: url,
        message: expect.stringMatching(
          /^no answer from the server \(silence.*: nothing came for 0\.2 s, so it was given up\)$/,
        ),
      })
      expect(told[0]).toBe(`nothing from ${server.host} for 0 s: given up after 0.2 s`)
    }
    Object.assign(patience, real)
  })

  test('by going away names the server and what may be the matter', async () => {
    answer = (_, response) => void response.destroy()
    const reason = await reasonOf(makeServer(url).call('a', {}))
    expect(reason).toBeInstanceOf(TrackioError)
    expect(reason).toMatchObject({
      subject: url,
      message: expect.stringMatching(/^no answer from the server/),
    })
  })
})

describe('a server that sends requests on to another address', () => {
  let other: HttpServer
  let seen: IncomingMessage['headers'][]
  let elsewhere = ''
  beforeEach(async () => {
    seen = []
    other = createServer((request, response) => {
      seen.push(request.headers)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":"from elsewhere"}')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    elsewhere = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`
  })
  afterEach(() => {
    other.closeAllConnections()
    other.close()
  })

  test.each([301, 302, 307, 308])(
    '(%i) gets no token and no sign-in there: nothing is asked of it',
    async (status) => {
      answer = (_, response) => void response.writeHead(status, { location: `${elsewhere}/api/a` }).end()
      for (const secret of [{ token: () => 'secret' }, { session: () => 'signed in' }])
        for (const ask of [
          (server: Server) => server.call('a', {}),
          (server: Server) => server.file('file?path=x'),
        ])
          expect(await reasonOf(ask(makeServer(url, secret)))).toMatchObject({
            name: 'TrackioError',
            subject: url,
            message: `the server sends requests on to another address (${elsewhere}): a write token or sign-in is not sent after it`,
          })
      expect(seen).toEqual([])
    },
  )
  test('is followed by who has nothing to hide', async () => {
    answer = (_, response) => void response.writeHead(307, { location: `${elsewhere}/api/a` }).end()
    expect(await makeServer(url).call('a', {})).toBe('from elsewhere')
    expect(seen.length).toBe(1)
  })
})

test('a file is handed out whole, or known to be missing', async () => {
  answer = says(200, 'bytes', { 'content-type': 'image/png' })
  const server = makeServer(`${url}prefix/`)
  const blob = await server.file('file?path=%2Fa%2525b')
  expect([blob?.type, await blob?.text(), asked[0]?.path, server.received()]).toEqual([
    'image/png',
    'bytes',
    '/prefix/file?path=%2Fa%2525b',
    5,
  ])
  answer = says(404, 'Not found')
  expect(await server.file('file?path=x')).toBeUndefined()
  answer = says(500, '')
  await expect(server.file('file?path=x')).rejects.toThrow('the server answered 500')
})

test('an address is that of the server, whatever page of it was copied', () => {
  const cases: [string, string, string | undefined][] = [
    ['http://127.0.0.1:7860/?write_token=a%2Bb', 'http://127.0.0.1:7860/', 'a+b'],
    ['http://127.0.0.1:7860?write_token=t', 'http://127.0.0.1:7860/', 't'],
    ['127.0.0.1:7860', 'http://127.0.0.1:7860/', undefined],
    [' https://me-demo.hf.space/metrics?project=p#x ', 'https://me-demo.hf.space/', undefined],
    ['https://host/track/runs', 'https://host/track/', undefined],
    ['https://host/track', 'https://host/track/', undefined],
    ['https://host/track/', 'https://host/track/', undefined],
    ['http://127.0.0.1:7860/registry', 'http://127.0.0.1:7860/', undefined],
  ]
  for (const [text, url, token] of cases) expect(parseServerAddress(text), text).toEqual({ url, token })
  for (const text of ['', 'http://', 'ftp://host/', 'a b'])
    expect(() => parseServerAddress(text), text).toThrow('not the address of a server')
})

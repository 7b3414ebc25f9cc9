import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ChangedOnDiskError, isAbort, TrackioError } from '../../../src/model/errors.ts'
import { urlBytes } from '../../../src/storage/http/url.ts'

// the synchronous way (XMLHttpRequest in a worker) exists in browsers only

const DATA = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) % 256)

/** What the host does with the next requests. */
let answer: (request: IncomingMessage, response: ServerResponse) => void
let asked: { range: string | undefined }[] = []
let server: Server
let url = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ range: request.headers.range })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/nano.db`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked = []
})

/** A host with ranges, as object stores are. */
function ranges(data: Uint8Array, headers: Record<string, string> = {}): typeof answer {
  return (request, response) => {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const start = Number(from)
    if (start >= data.length)
      return void response.writeHead(416, { 'content-range': `bytes */${data.length}` }).end()
    const end = Math.min(data.length, to ? Number(to) + 1 : data.length)
    response
      .writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${data.length}`, ...headers })
      .end(data.subarray(start, end))
  }
}

const reasonOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('was answered'),
    (reason: unknown) => reason,
  )

describe('a host with ranges', () => {
  test('gives the size first and then only what is asked for', async () => {
    answer = ranges(DATA, { etag: '"1"' })
    const bytes = await urlBytes(url)
    expect(bytes?.size).toBe(DATA.length)
    expect(asked).toEqual([{ range: 'bytes=0-65535' }])
    expect(await bytes?.load(100_000, 10)).toEqual(DATA.slice(100_000, 100_010))
    expect(asked.at(-1)).toEqual({ range: 'bytes=100000-100009' })
  })
  test('gives less at the end, and nothing behind it without asking', async () => {
    answer = ranges(DATA)
    const bytes = await urlBytes(url)
    expect(await bytes?.load(DATA.length - 5, 100)).toEqual(DATA.slice(-5))
    const before = asked.length
    expect(await bytes?.load(DATA.length, 100)).toEqual(new Uint8Array(0))
    expect(await bytes?.load(DATA.length + 9, 100)).toEqual(new Uint8Array(0))
    expect(bytes?.read(DATA.length, 5)).toEqual(new Uint8Array(0))
    expect(asked.length).toBe(before)
  })
  test('is asked once for a file that fits the first answer', async () => {
    answer = ranges(DATA.subarray(0, 5000))
    const bytes = await urlBytes(url)
    expect(bytes?.size).toBe(5000)
    expect(await bytes?.load(0, 9999)).toEqual(DATA.slice(0, 5000))
    expect(bytes?.read(4000, 10)).toEqual(DATA.slice(4000, 4010))
    expect(asked.length).toBe(1)
  })
  test('is not asked again for what its first answer brought', async () => {
    answer = ranges(DATA, { etag: '"1"' })
    const bytes = await urlBytes(url)
    expect(await bytes?.load(0, 65_536)).toEqual(DATA.slice(0, 65_536))
    expect(bytes?.read(65_000, 100)).toEqual(DATA.slice(65_000, 65_100))
    expect(asked.length).toBe(1)
    expect(await bytes?.load(65_500, 100)).toEqual(DATA.slice(65_500, 65_600))
    expect(asked.length).toBe(2)
  })
  test('that holds an empty file is an empty file', async () => {
    answer = ranges(new Uint8Array(0))
    expect((await urlBytes(url))?.size).toBe(0)
  })
  test('whose file changed meanwhile is told', async () => {
    for (const header of ['etag', 'last-modified']) {
      answer = ranges(DATA, { [header]: '"1"' })
      const bytes = await urlBytes(url)
      if (!bytes) throw new Error('there is an answer')
      expect((await bytes.load(100_000, 10)).length).toBe(10)
      answer = ranges(DATA, { [header]: '"2"' })
      expect(await reasonOf(bytes.load(100_000, 10))).toBeInstanceOf(ChangedOnDiskError)
    }
  })
  test('whose file became shorter is told too', async () => {
    answer = ranges(DATA)
    const bytes = await urlBytes(url)
    if (!bytes) throw new Error('there is an answer')
    answer = ranges(DATA.subarray(0, 1000))
    expect(await reasonOf(bytes.load(200_000, 10))).toBeInstanceOf(ChangedOnDiskError)
  })
  test('that gives no ranges any more has the whole taken, if it is the same', async () => {
    answer = ranges(DATA, { etag: '"1"' })
    const bytes = await urlBytes(url)
    answer = (_, response) => void response.writeHead(200, { etag: '"2"' }).end(DATA)
    expect(await reasonOf(bytes?.load(200_000, 10) ?? Promise.resolve())).toBeInstanceOf(ChangedOnDiskError)
    answer = (_, response) => void response.writeHead(200, { etag: '"1"' }).end(DATA)
    expect(await bytes?.load(200_000, 10)).toEqual(DATA.slice(200_000, 200_010))
    const before = asked.length
    expect([await bytes?.load(250_000, 10), bytes?.read(299_999, 5)]).toEqual([
      DATA.slice(250_000, 250_010),
      DATA.slice(299_999),
    ])
    expect(asked.length).toBe(before)
  })
  test('that fails later says its status', async () => {
    answer = ranges(DATA)
    const bytes = await urlBytes(url)
    if (!bytes) throw new Error('there is an answer')
    answer = (_, response) => void response.writeHead(503).end()
    const reason = await reasonOf(bytes.load(100_000, 10))
    expect(reason).not.toBeInstanceOf(ChangedOnDiskError)
    expect(reason).toMatchObject({ name: 'TrackioError', subject: url, message: 'the host answered 503' })
  })
})

describe('a host without ranges', () => {
  test('or one that does not let the page see the size, gives the whole file too', async () => {
    // across origins Content-Range is hidden unless the host exposes it: 206 and 64 KiB, of who knows how
    // many
    answer = (request, response) =>
      request.headers.range
        ? void response.writeHead(206).end(DATA.subarray(0, 65_536))
        : void response.end(DATA)
    const bytes = await urlBytes(url)
    expect(bytes?.size).toBe(DATA.length)
    expect(bytes?.read(200_000, 10)).toEqual(DATA.slice(200_000, 200_010))
  })
  test('gives the whole file in one download, with progress', async () => {
    answer = (_, response) => void response.writeHead(200, { 'content-length': DATA.length }).end(DATA)
    const seen: [number, number][] = []
    const bytes = await urlBytes(url, { onProgress: (done, total) => seen.push([done, total]) })
    expect(bytes?.size).toBe(DATA.length)
    expect(bytes?.read(123_456, 100)).toEqual(DATA.slice(123_456, 123_556))
    expect(Buffer.compare((await bytes?.load(0, DATA.length)) ?? new Uint8Array(0), DATA)).toBe(0)
    expect(asked.length).toBe(1)
    expect(seen.at(-1)).toEqual([DATA.length, DATA.length])
    expect(seen.every(([done, total]) => done <= total)).toBe(true)
  })
  test('and without a length is read to its end', async () => {
    answer = (_, response) => {
      response.writeHead(200)
      response.write(DATA.subarray(0, 1000))
      response.end(DATA.subarray(1000, 2000))
    }
    expect((await urlBytes(url))?.size).toBe(2000)
  })
  test('that breaks off half way is an error to act on, not half a file', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': DATA.length })
      response.write(DATA.subarray(0, 1000), () => response.destroy())
    }
    const reason = await reasonOf(urlBytes(url))
    expect(reason).toBeInstanceOf(TrackioError)
    expect(reason).toMatchObject({ subject: url })
  })
})

describe('a host that refuses', () => {
  test.each([404, 401, 403, 500])('with %i is an error with the address and what to do', async (status) => {
    answer = (_, response) => void response.writeHead(status).end('no')
    const reason = await reasonOf(urlBytes(url))
    expect(reason).toBeInstanceOf(TrackioError)
    expect(reason).toMatchObject({ subject: url, message: `the host answered ${status}` })
    expect(reason).toHaveProperty('action', expect.stringMatching(/^[A-Z].*\.$/))
  })
  test('with 404 is nothing where the file need not exist', async () => {
    answer = (_, response) => void response.writeHead(404).end()
    expect(await urlBytes(url, { optional: true })).toBeUndefined()
    answer = (_, response) => void response.writeHead(500).end()
    expect(await reasonOf(urlBytes(url, { optional: true }))).toBeInstanceOf(TrackioError)
  })
  test('or does not answer at all is an error too', async () => {
    answer = (request) => void request.socket.destroy()
    expect(await reasonOf(urlBytes(url))).toMatchObject({
      name: 'TrackioError',
      subject: url,
      message: expect.stringContaining('no answer'),
    })
  })
})

describe('abort', () => {
  test('before and during a request is an AbortError', async () => {
    answer = ranges(DATA)
    expect(isAbort(await reasonOf(urlBytes(url, { signal: AbortSignal.abort() })))).toBe(true)
    const controller = new AbortController()
    answer = () => controller.abort()
    expect(isAbort(await reasonOf(urlBytes(url, { signal: controller.signal })))).toBe(true)
  })
  test('during a download is an AbortError', async () => {
    const controller = new AbortController()
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': DATA.length })
      response.write(DATA.subarray(0, 1000))
    }
    expect(
      isAbort(
        await reasonOf(urlBytes(url, { signal: controller.signal, onProgress: () => controller.abort() })),
      ),
    ).toBe(true)
  })
})

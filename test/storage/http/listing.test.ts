import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { listen, makeServer } from '../../../src/cli/server.mjs'
import { shareFiles } from '../../../src/cli/shared-files.mjs'
import { ChangedOnDiskError, isAbort, TrackioError } from '../../../src/model/errors.ts'
import { listingTree } from '../../../src/storage/http/listing.ts'
import { type Served, serve } from '../../browser/server.ts'

// over the server of npx trackio-lite, which notes what it is asked for; reading at once (XMLHttpRequest) is
// tested in a browser

const DATA = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) % 256)
const LOG = DATA.subarray(0, 90_000)
let folder: string
let server: Server
let url: string
/** `GET bytes=0-9 206 10 a.db`: method, range, status, bytes of the body, path below files/. */
let asked: string[] = []
/** Runs before the n-th request from now is answered. */
let meanwhile: (() => void)[] = []

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'trackio-lite-listing-')))
  server = makeServer({ page: folder, shared: await shareFiles(folder), name: 'runs' })
  server.prependListener('request', (request, response) => {
    meanwhile.shift()?.()
    response.on('finish', () => {
      const range = request.headers.range ? `${request.headers.range} ` : ''
      asked.push(
        `${request.method} ${range}${response.statusCode} ${response.getHeader('content-length') ?? 0} ${request.url?.slice('/files/'.length)}`,
      )
    })
  })
  url = `http://127.0.0.1:${await listen(server, 0, { next: false })}/files/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  put('a.db', DATA)
  put('a.db-wal', LOG)
  put('media/a/run 1/0/ä #%?.png', DATA.subarray(0, 100))
  asked = []
  meanwhile = []
})
afterEach(() => {
  for (const name of ['a.db', 'a.db-wal', 'media', 'b.db'])
    rmSync(join(folder, name), { recursive: true, force: true })
})

/** Written an hour ago, so that no clock's grain matters. */
function put(path: string, data: Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), data)
  const then = new Date(Date.now() - 3_600_000)
  utimesSync(join(folder, path), then, then)
}

/** Bytes of all answers since the last time it was asked. */
function transferred(): number {
  const sum = asked.reduce((total, line) => total + Number(/ (\d+) \S+$/.exec(line)?.[1]), 0)
  asked = []
  return sum
}

async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('was answered'),
    (reason: unknown) => reason,
  )
}

describe('the list', () => {
  test('has every file with size and stamp, and the name of the folder', async () => {
    const tree = listingTree(url)
    expect([tree.whole, tree.host, tree.name()]).toEqual([true, '', 'files'])
    const list = await tree.list()
    expect(list.map(({ path, size }) => [path, size])).toEqual([
      ['a.db', 300_000],
      ['a.db-wal', 90_000],
      ['media/a/run 1/0/ä #%?.png', 100],
    ])
    expect(tree.name()).toBe('runs')
    expect(asked).toEqual([expect.stringMatching(/^GET 200 \d+ index\.json$/)])
  })
  test('costs no bytes while nothing changed, and only itself when something did', async () => {
    const tree = listingTree(url)
    const before = await tree.list()
    asked = []
    expect(await tree.list()).toEqual(before)
    expect(asked).toEqual(['GET 304 0 index.json'])
    appendFileSync(join(folder, 'a.db-wal'), 'frames')
    const after = await tree.list()
    expect(after.map(({ size }) => size)).toEqual([300_000, 90_006, 100])
    expect(after.map(({ stamp }, i) => stamp === before[i]?.stamp)).toEqual([true, false, true])
    expect(transferred()).toBeLessThan(1000)
  })
  test('tells a rewritten file of the same size', async () => {
    const tree = listingTree(url)
    const [before] = await tree.list()
    writeFileSync(join(folder, 'a.db'), DATA)
    expect((await tree.list())[0]).toMatchObject({
      size: before?.size,
      stamp: expect.not.stringMatching(String(before?.stamp)),
    })
  })
  test('answers `find` without asking; what came since is asked for by itself', async () => {
    const tree = listingTree(url)
    await tree.list()
    asked = []
    expect(await tree.find('a.db-wal')).toMatchObject({ path: 'a.db-wal', size: 90_000 })
    expect(asked).toEqual([])
    expect(await tree.find('b.db')).toBeUndefined()
    put('b.db', DATA)
    expect(await tree.find('b.db')).toMatchObject({
      path: 'b.db',
      size: 300_000,
      stamp: expect.stringMatching(/^"493e0-/),
    })
    expect(asked).toEqual([expect.stringMatching(/^HEAD 404 \d+ b\.db$/), 'HEAD 200 300000 b.db'])
  })
  test('is found by the address of the folder or of the list itself', async () => {
    for (const address of [url, url.slice(0, -1), `${url}index.json`, `${url}index.json/`, `${url}?x=1#y`])
      expect([address, (await listingTree(address).list()).length]).toEqual([address, 3])
  })
})

describe('bytes', () => {
  test('are read by ranges: one request to open, one for each load, none for what is there already', async () => {
    const tree = listingTree(url)
    await tree.list()
    asked = []
    const bytes = await tree.bytes('a.db')
    expect(bytes.size).toBe(300_000)
    expect(asked).toEqual(['GET bytes=0-65535 206 65536 a.db'])
    expect(bytes.read(0, 100)).toEqual(DATA.slice(0, 100))
    expect(await bytes.load(65_000, 536)).toEqual(DATA.slice(65_000, 65_536))
    expect(asked.length).toBe(1)
    expect(await bytes.load(100_000, 10)).toEqual(DATA.slice(100_000, 100_010))
    expect(await bytes.load(299_990, 4096)).toEqual(DATA.slice(299_990))
    expect(await bytes.load(300_000, 10)).toEqual(new Uint8Array(0))
    expect(asked.slice(1)).toEqual([
      'GET bytes=100000-100009 206 10 a.db',
      'GET bytes=299990-299999 206 10 a.db',
    ])
  })
  test('of a small file come whole; of an empty one nobody is asked', async () => {
    put('b.db', DATA.subarray(0, 5000))
    const tree = listingTree(url)
    await tree.list()
    asked = []
    const bytes = await tree.bytes('b.db')
    expect(await bytes.load(0, 9999)).toEqual(DATA.slice(0, 5000))
    expect(bytes.read(4000, 10)).toEqual(DATA.slice(4000, 4010))
    expect(asked).toEqual(['GET bytes=0-65535 206 5000 b.db'])
    put('b.db', new Uint8Array(0))
    await tree.list()
    asked = []
    expect((await tree.bytes('b.db')).size).toBe(0)
    expect(asked).toEqual([])
  })
  test('of a file that was not listed yet are found', async () => {
    const tree = listingTree(url)
    expect((await tree.bytes('a.db')).size).toBe(300_000)
    expect(asked.map((line) => line.replace(/ \d+ (?=\S+$)/, ' '))).toEqual([
      'GET 200 index.json',
      'GET bytes=0-65535 206 a.db',
    ])
  })
  test('are those of the list: a file written since is not opened, one written later not read on', async () => {
    const tree = listingTree(url)
    await tree.list()
    const open = await tree.bytes('a.db')
    appendFileSync(join(folder, 'a.db'), 'page')
    expect(await reasonOf(tree.bytes('a.db'))).toBeInstanceOf(ChangedOnDiskError)
    expect(await reasonOf(open.load(100_000, 10))).toMatchObject({
      name: 'ChangedOnDiskError',
      subject: 'a.db',
    })
    await tree.list()
    const now = await tree.bytes('a.db')
    expect(now.size).toBe(300_004)
    expect(await reasonOf(open.load(100_000, 10)), 'the older one stays what it was').toBeInstanceOf(
      ChangedOnDiskError,
    )
    truncateSync(join(folder, 'a.db'), 1000)
    expect(await reasonOf(now.load(200_000, 10))).toBeInstanceOf(ChangedOnDiskError)
    rmSync(join(folder, 'a.db'))
    expect(await reasonOf(now.load(200_000, 10))).toMatchObject({
      name: 'ChangedOnDiskError',
      message: expect.stringContaining('no longer there'),
    })
    await tree.list()
    expect(await reasonOf(tree.bytes('a.db'))).toMatchObject({ name: 'ChangedOnDiskError', subject: 'a.db' })
  })
  test('asked for in a moment in which the file is written are refused, never mixed', async () => {
    const tree = listingTree(url)
    await tree.list()
    const bytes = await tree.bytes('a.db')
    meanwhile = [() => {}, () => writeFileSync(join(folder, 'a.db'), new Uint8Array(300_000))]
    expect(await bytes.load(70_000, 100_000)).toEqual(DATA.slice(70_000, 170_000))
    expect(await reasonOf(bytes.load(170_000, 100_000))).toBeInstanceOf(ChangedOnDiskError)
  })
  test('end with an AbortError when they are given up', async () => {
    const tree = listingTree(url)
    await tree.list()
    const ended = AbortSignal.abort()
    for (const wait of [
      tree.list({ signal: ended }),
      tree.bytes('a.db', { signal: ended }),
      tree.blob('a.db', { signal: ended }),
    ])
      expect(isAbort(await reasonOf(wait))).toBe(true)
  })
})

describe('a growing database', () => {
  test('costs what is new: the list, and the ranges of log and pages that are asked for', async () => {
    const tree = listingTree(url)
    await tree.list()
    appendFileSync(join(folder, 'a.db-wal'), DATA.subarray(0, 4120))
    await tree.list()
    transferred()
    const log = await tree.bytes('a.db-wal')
    expect(await log.load(90_000, 4120)).toEqual(DATA.slice(0, 4120))
    expect(transferred()).toBe(65_536 + 4120)
  })
  test('whose log was appended to since it was listed is read as it is then, and stays readable while it grows', async () => {
    const tree = listingTree(url)
    await tree.list()
    appendFileSync(join(folder, 'a.db-wal'), DATA.subarray(0, 4120))
    expect(await reasonOf(tree.bytes('a.db-wal')), 'as it was listed').toBeInstanceOf(ChangedOnDiskError)
    const log = await tree.bytes('a.db-wal', { grows: 32 })
    expect(log.size).toBe(94_120)
    appendFileSync(join(folder, 'a.db-wal'), 'frame')
    expect(await log.load(90_000, 9000)).toEqual(DATA.slice(0, 4120))
    expect(await log.load(0, 32)).toEqual(DATA.slice(0, 32))
  })
  test('whose log was begun anew while it is read is one that changed, also where what is asked for came before', async () => {
    const tree = listingTree(url)
    await tree.list()
    const log = await tree.bytes('a.db-wal', { grows: 32 })
    const other = LOG.slice()
    other.set([1, 2, 3, 4], 16)
    put('a.db-wal', other)
    for (const at of [80_000, 0])
      expect(await reasonOf(log.load(at, 32))).toMatchObject({
        name: 'ChangedOnDiskError',
        subject: 'a.db-wal',
      })
    truncateSync(join(folder, 'a.db-wal'), 50_000)
    expect(await reasonOf(log.load(80_000, 32))).toBeInstanceOf(ChangedOnDiskError)
  })
  test('whose log was deleted by its writer since it was listed is one that changed', async () => {
    const tree = listingTree(url)
    await tree.list()
    rmSync(join(folder, 'a.db-wal'))
    expect(await reasonOf(tree.bytes('a.db-wal'))).toBeInstanceOf(ChangedOnDiskError)
  })
})

test('a database that is written to in every moment has no version to hold it to', async () => {
  const tree = listingTree(url)
  const write = (): void => appendFileSync(join(folder, 'a.db'), 'page')
  write()
  const busy = setInterval(write, 2)
  await tree.list()
  clearInterval(busy)
  expect(await reasonOf(tree.bytes('a.db'))).toBeInstanceOf(ChangedOnDiskError)
  await tree.list()
  expect((await tree.bytes('a.db')).size).toBeGreaterThan(300_000)
})

describe('whole files', () => {
  test('have any name and bring their type', async () => {
    const tree = listingTree(url)
    const blob = await tree.blob('media/a/run 1/0/ä #%?.png')
    expect([blob.size, blob.type]).toEqual([100, 'image/png'])
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(DATA.slice(0, 100))
    expect(tree.received(), 'this machine').toBe(0)
  })
  test('that are lost, or would lie outside the folder, are said', async () => {
    const tree = listingTree(url)
    expect(await reasonOf(tree.blob('media/a/lost.png'))).toMatchObject({
      name: 'TrackioError',
      subject: 'media/a/lost.png',
      message: 'not there',
    })
    for (const path of ['../a.db', 'media/../../x', '', '/etc/hostname', 'media//x'])
      expect([path, await reasonOf(tree.blob(path))]).toMatchObject([
        path,
        { message: 'not a path below the folder' },
      ])
    expect(asked.length).toBe(1)
  })
})

describe('what is no listing', () => {
  test.each<[string, string]>([
    ['<!doctype html>', 'not a listing of files: '],
    ['[]', 'not a listing of files: it has no list "files"'],
    ['{"files":{}}', 'not a listing of files: it has no list "files"'],
    ['{"files":["a.db"]}', 'not a listing of files: no path below the folder: "a.db"'],
    [
      '{"files":[{"path":"../a.db","size":1}]}',
      'not a listing of files: no path below the folder: "../a.db"',
    ],
    ['{"files":[{"path":"a.db","size":"1"}]}', 'not a listing of files: a.db has no size'],
  ])('%s', async (text, message) => {
    const host = join(folder, 'site')
    mkdirSync(host, { recursive: true })
    writeFileSync(join(host, 'index.json'), text)
    const site = await serve(host)
    const reason = await reasonOf(listingTree(site.url).list())
    expect(reason).toMatchObject({
      name: 'TrackioError',
      subject: `${site.url}index.json`,
      message: expect.stringContaining(message),
    })
    expect(reason).toHaveProperty('action', expect.stringContaining('docs/hosting.md'))
    await site.close()
    rmSync(host, { recursive: true })
  })
  test('a folder without one is told how to get one', async () => {
    const site = await serve(folder)
    const reason = await reasonOf(listingTree(site.url).list())
    expect(reason).toBeInstanceOf(TrackioError)
    expect(reason).toMatchObject({
      subject: site.url,
      message: 'no index.json in it that lists its files',
      action: expect.stringContaining('npx trackio-lite'),
    })
    await site.close()
  })
  test('a refusal says what the host said; an ended command says how to start it again', async () => {
    const gone = await shareFiles(folder)
    const broken = makeServer({
      page: folder,
      shared: { ...gone, list: () => Promise.reject(new Error('the disk is on fire')) },
    })
    const address = `http://127.0.0.1:${await listen(broken, 0, { next: false })}/files/`
    const tree = listingTree(address)
    expect(await reasonOf(tree.list())).toMatchObject({
      message: 'the host answered 500: the disk is on fire',
    })
    broken.closeAllConnections()
    await new Promise((resolve) => broken.close(resolve))
    expect(await reasonOf(tree.list())).toMatchObject({
      name: 'TrackioError',
      message: expect.stringContaining('no answer'),
      action: 'Start it again: npx trackio-lite',
    })
  })
})

describe('a folder on any web host', () => {
  const png = 'media/a/run 1/0/ä #%?.png'
  const far = 'https://runs.example/files/'
  let site: Served

  beforeEach(async () => {
    put(
      'index.json',
      Buffer.from(
        JSON.stringify({
          files: [
            { path: 'a.db', size: 1 },
            { path: png, size: 100 },
          ],
        }),
      ),
    )
    site = await serve(folder)
    const near = fetch
    vi.stubGlobal('fetch', (address: string, init: RequestInit) => near(address.replace(far, site.url), init))
  })
  afterEach(async () => {
    vi.unstubAllGlobals()
    await site.close()
    rmSync(join(folder, 'index.json'))
  })

  test('is read by ranges too, with the size that the host says: its list may be older', async () => {
    const tree = listingTree(far)
    expect(tree.host).toBe('runs.example')
    expect((await tree.list()).map(({ path, size, stamp }) => [path, size, stamp])).toEqual([
      ['a.db', 1, '1-'],
      [png, 100, '100-'],
    ])
    const bytes = await tree.bytes('a.db')
    expect(bytes.size).toBe(300_000)
    expect(await bytes.load(200_000, 1000)).toEqual(DATA.slice(200_000, 201_000))
    expect((await tree.blob(png)).size).toBe(100)
    expect(tree.received()).toBe(site.bytes())
    appendFileSync(join(folder, 'a.db'), 'page')
    expect(await reasonOf(bytes.load(200_000, 1000))).toBeInstanceOf(ChangedOnDiskError)
  })
  test('without ranges is downloaded once', async () => {
    await site.close()
    site = await serve(folder, { ranges: false })
    const bytes = await listingTree(far).bytes('a.db')
    const before = site.requests.length
    expect([bytes.size, await bytes.load(200_000, 1000), bytes.read(0, 10)]).toEqual([
      300_000,
      DATA.slice(200_000, 201_000),
      DATA.slice(0, 10),
    ])
    expect(site.requests.length).toBe(before)
  })
  test('that does not answer is told with its address', async () => {
    await site.close()
    expect(await reasonOf(listingTree(far).list())).toMatchObject({
      name: 'TrackioError',
      subject: far,
      message: expect.stringContaining('no answer'),
    })
  })
})

import { execFile } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listen, makeServer } from '../../src/cli/server.mjs'
import { builtPage } from '../browser/harness.ts'
import { type Answer, ask, type Running, serveWith } from './command.ts'

// all of it through the real command: what is safe has to be safe as it is started

const fixture = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'wal-0.43.0', 'data')
const TEXT = '0123456789'
let root: string
let folder: string
let served: Running

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(served.port, path, { headers })
const text = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
  (await get(path, headers)).body.toString()
const listed = async (
  port = served.port,
): Promise<{ path: string; size: number; mtimeMs: number; etag: string }[]> =>
  JSON.parse((await ask(port, '/files/index.json')).body.toString()).files
const paths = async (port?: number): Promise<string[]> => (await listed(port)).map(({ path }) => path)

beforeAll(async () => {
  builtPage()
  root = realpathSync(mkdtempSync(join(tmpdir(), 'trackio-lite-served-')))
  folder = join(root, '.trackio') // a dot of the given path itself does not matter
  cpSync(fixture, folder, { recursive: true })
  writeFileSync(join(root, 'secret.db'), 'outside')
  served = await serveWith([folder])
})
afterAll(async () => {
  await served?.stop()
  rmSync(root, { recursive: true, force: true })
})

describe('the listing', () => {
  test('has path, size, time and version of each file', async () => {
    const answer = await get('/files/index.json')
    expect(answer.headers['content-type']).toBe('application/json')
    const { name, files } = JSON.parse(answer.body.toString())
    expect(name).toBe('.trackio')
    expect(files).toEqual([
      {
        path: 'walproject.db',
        size: 200_704,
        mtimeMs: expect.any(Number),
        etag: expect.stringMatching(/^"31000-[0-9a-f]+"$/),
      },
      { path: 'walproject.db-wal', size: 296_672, mtimeMs: expect.any(Number), etag: expect.any(String) },
    ])
  })
  test('is not sent again while nothing changed', async () => {
    const first = await get('/files/index.json')
    const again = await get('/files/index.json', { 'If-None-Match': String(first.headers.etag) })
    expect([again.status, again.body.length]).toEqual([304, 0])
    appendFileSync(join(folder, 'walproject.db-wal'), 'x')
    expect((await get('/files/index.json', { 'If-None-Match': String(first.headers.etag) })).status).toBe(200)
    cpSync(fixture, folder, { recursive: true })
  })
  test('names what the page reads and nothing else', async () => {
    const full = join(root, 'full')
    const wanted = [
      'exports/aux/configs.parquet',
      'exports/media/run 1/0/b.png',
      'exports/metrics.parquet',
      'exports/runs.json',
      'exports/settings.json',
      'inbox/writer/00000000.jsonl',
      'media/proj/run/with/slash/3/ä #%?.png',
      'proj.db',
      'proj.db-wal',
    ]
    const others = [
      '.hidden.db',
      '.ssh/id.db',
      'artifacts/proj/blobs/sha256/ab/x.db',
      'config.json',
      'inbox/writer/tmp1.tmp',
      'media/proj/.hidden.png',
      'node_modules/package/test.db',
      'photos/media/holiday.png',
      'proj.db-shm',
      'proj.lock',
      'registry-cache/user--bucket/reg.db',
      'project.hash',
      'settings.json',
      'token',
      'traces/proj/run/1.jsonl',
    ]
    for (const path of [...wanted, ...others]) {
      mkdirSync(dirname(join(full, path)), { recursive: true })
      writeFileSync(join(full, path), TEXT)
    }
    const all = await serveWith([full])
    expect(await paths(all.port)).toEqual(wanted)
    for (const path of wanted) {
      const answer = await ask(all.port, `/files/${path.split('/').map(encodeURIComponent).join('/')}`)
      expect([path, answer.status, answer.body.toString()]).toEqual([path, 200, TEXT])
    }
    for (const path of others)
      expect([path, (await ask(all.port, `/files/${path}`)).status]).toEqual([path, 404])
    await all.stop()
  })
  test('follows files and folders that come, grow and go', async () => {
    const live = join(root, 'live')
    mkdirSync(live)
    writeFileSync(join(live, 'a.db'), TEXT)
    const all = await serveWith([live])
    expect(await paths(all.port)).toEqual(['a.db'])
    writeFileSync(join(live, 'b.db'), TEXT)
    mkdirSync(join(live, 'media', 'a', 'run', '0'), { recursive: true })
    writeFileSync(join(live, 'media', 'a', 'run', '0', 'x.png'), TEXT)
    expect(await paths(all.port)).toEqual(['a.db', 'b.db', 'media/a/run/0/x.png'])
    // not listed yet when it is asked for: looked for again
    writeFileSync(join(live, 'media', 'a', 'run', '0', 'y.png'), TEXT)
    expect((await ask(all.port, '/files/media/a/run/0/y.png')).status).toBe(200)
    const [before] = await listed(all.port)
    appendFileSync(join(live, 'a.db'), 'more')
    const [after] = await listed(all.port)
    expect([before?.size, after?.size]).toEqual([10, 14])
    expect(after?.etag).not.toBe(before?.etag)
    rmSync(join(live, 'b.db'))
    rmSync(join(live, 'media'), { recursive: true })
    expect(await paths(all.port)).toEqual(['a.db'])
    expect((await ask(all.port, '/files/b.db')).status).toBe(404)
    rmSync(live, { recursive: true })
    const gone = await ask(all.port, '/files/index.json')
    expect([gone.status, gone.body.toString()]).toEqual([500, expect.stringContaining('ENOENT')])
    await all.stop()
  })
})

describe('a single file', () => {
  test('comes with its log and the media of its project, whatever else lies beside it', async () => {
    const beside = join(root, 'beside')
    for (const path of [
      'myproja.db',
      'myproja.db-wal',
      'other.db',
      'media/myproja/r/0/1.png',
      'media/my.proj/a/r/0/2.png',
      'media/other/r/0/3.png',
      'runs.json',
    ]) {
      mkdirSync(dirname(join(beside, path)), { recursive: true })
      writeFileSync(join(beside, path), TEXT)
    }
    symlinkSync(join(beside, 'myproja.db'), join(root, 'link.db'))
    for (const given of [join(beside, 'myproja.db'), join(root, 'link.db')]) {
      const one = await serveWith([given])
      expect(await paths(one.port)).toEqual([
        'media/my.proj/a/r/0/2.png',
        'media/myproja/r/0/1.png',
        'myproja.db',
        'myproja.db-wal',
      ])
      for (const path of ['other.db', 'runs.json', 'media/other/r/0/3.png'])
        expect([path, (await ask(one.port, `/files/${path}`)).status]).toEqual([path, 404])
      await one.stop()
    }
  })
})

describe('ranges', () => {
  beforeEach(() => writeFileSync(join(folder, 'ten.db'), TEXT))
  afterAll(() => rmSync(join(folder, 'ten.db')))
  test.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=-99', 206, TEXT, 'bytes 0-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=5-2', 200, TEXT, undefined],
    ['bytes=0-1,4-5', 200, TEXT, undefined],
    ['bytes=-', 200, TEXT, undefined],
    ['lines=1-2', 200, TEXT, undefined],
  ])('%s → %i', async (range, status, body, contentRange) => {
    const answer = await get('/files/ten.db', { Range: range })
    expect([answer.status, answer.body.toString(), answer.headers['content-range']]).toEqual([
      status,
      body,
      contentRange,
    ])
  })
  test('an empty file is empty, and by ranges has none', async () => {
    writeFileSync(join(folder, 'ten.db'), '')
    expect(await get('/files/ten.db')).toMatchObject({ status: 200, headers: { 'content-length': '0' } })
    expect(await get('/files/ten.db', { Range: 'bytes=0-65535' })).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */0' },
    })
  })
  test('HEAD sends the headers alone', async () => {
    const answer = await ask(served.port, '/files/ten.db', { method: 'HEAD' })
    expect([answer.status, answer.headers['content-length'], answer.body.length]).toEqual([200, '10', 0])
  })
  test('odd ones of the page itself are answered whole, and nothing ends', async () => {
    const page = readFileSync(join(builtPage(), 'index.html'), 'utf8')
    for (const Range of ['bytes=5-2', 'bytes=0-0', 'bytes=-5', 'bytes=a-b', 'bytes=99999999-'])
      expect([Range, await text('/', { Range })]).toEqual([Range, page])
    expect(await text('/', { Range: 'bytes=0-14' })).toBe('<!doctype html>')
  })
  test('larger ones than 16 MiB are streamed, byte for byte', async () => {
    const large = Buffer.alloc(20 << 20, 'abcdefg')
    writeFileSync(join(folder, 'ten.db'), large)
    expect((await get('/files/ten.db')).body.equals(large)).toBe(true)
    expect(
      (await get('/files/ten.db', { Range: 'bytes=3-18874370' })).body.equals(large.subarray(3, 18_874_371)),
    ).toBe(true)
  })
})

describe('a file that is being written', () => {
  const etag = async (): Promise<string> => String((await get('/files/growing.db')).headers.etag)
  beforeEach(() => writeFileSync(join(folder, 'growing.db'), TEXT))
  afterAll(() => rmSync(join(folder, 'growing.db'), { force: true }))

  test('is sent as it is at each request', async () => {
    appendFileSync(join(folder, 'growing.db'), 'abc')
    expect(await text('/files/growing.db')).toBe(`${TEXT}abc`)
    expect((await get('/files/growing.db', { Range: 'bytes=10-' })).headers['content-range']).toBe(
      'bytes 10-12/13',
    )
    truncateSync(join(folder, 'growing.db'), 4)
    expect(await text('/files/growing.db')).toBe('0123')
  })
  test('has a version that changes with every write, also within a millisecond', async () => {
    const seen = new Set<string>()
    for (const seconds of [1.7e9, 1.7e9 + 0.000_01, 1.7e9 + 0.000_02, 1.7e9 + 0.001]) {
      utimesSync(join(folder, 'growing.db'), seconds, seconds)
      seen.add(await etag())
    }
    expect(seen.size).toBe(4)
  })
  test('is 412 once it is not the version that was asked for', async () => {
    const before = await etag()
    expect((await get('/files/growing.db', { 'If-Match': before, Range: 'bytes=0-3' })).status).toBe(206)
    appendFileSync(join(folder, 'growing.db'), 'abc')
    const after = await get('/files/growing.db', { 'If-Match': before, Range: 'bytes=0-3' })
    expect([after.status, after.body.length]).toEqual([412, 0])
    expect(after.headers.etag).toBe(await etag())
  })
  test('is never longer than it said: the next answer on the same connection is whole', async () => {
    const path = join(folder, 'growing.db')
    const socket = createConnection({ host: '127.0.0.1', port: served.port })
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk
    })
    const writer = appendElsewhere(path, 200)
    for (let i = 0; i < 50; i++)
      socket.write(`GET /files/growing.db HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\n\r\n`)
    socket.write(
      `GET /files/growing.db HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nConnection: close\r\n\r\n`,
    )
    await Promise.all([writer, new Promise((resolve) => socket.on('close', resolve))])
    let answers = 0
    for (let at = 0; at < received.length; answers++) {
      const head = /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*?Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/.exec(
        received.slice(at),
      )
      if (!head)
        throw new Error(`answer ${answers} begins with ${JSON.stringify(received.slice(at, at + 40))}`)
      at += head[0].length + Number(head[1])
    }
    expect(answers).toBe(51)
  })
})

describe('who may ask', () => {
  test('only requests to this machine by its names and port: a foreign name that leads here is refused, for the page too', async () => {
    for (const Host of [`127.0.0.1:${served.port}`, `localhost:${served.port}`, `[::1]:${served.port}`])
      expect([Host, (await get('/files/index.json', { Host })).status]).toEqual([Host, 200])
    for (const Host of [
      'evil.example',
      `evil.example:${served.port}`,
      '127.0.0.1',
      `127.0.0.1:${served.port + 1}`,
      `localhost.:${served.port}`,
      `127.0.0.1.evil.example:${served.port}`,
    ])
      for (const path of ['/', '/files/index.json', '/files/walproject.db'])
        expect([Host, path, (await get(path, { Host })).status]).toEqual([Host, path, 421])
  })
  test('only this page: a page of another site is refused, and no header lets one read', async () => {
    for (const site of ['cross-site', 'same-site'])
      expect((await get('/files/walproject.db', { 'Sec-Fetch-Site': site })).status).toBe(403)
    for (const site of ['same-origin', 'none'])
      expect((await get('/files/walproject.db', { 'Sec-Fetch-Site': site })).status).toBe(200)
    for (const path of ['/', '/files/index.json', '/files/walproject.db', '/missing']) {
      const { headers } = await get(path, { Origin: 'https://evil.example' })
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      })
      if (path.startsWith('/files/')) expect(headers['cache-control']).toBe('no-store')
    }
  })
  test('only by reading', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])
      for (const path of ['/files/walproject.db', '/files/index.json', '/']) {
        const answer = await ask(served.port, path, { method })
        expect([method, path, answer.status, answer.headers.allow]).toEqual([method, path, 405, 'GET, HEAD'])
      }
    expect(
      readFileSync(join(folder, 'walproject.db')).equals(readFileSync(join(fixture, 'walproject.db'))),
    ).toBe(true)
  })
})

describe('nothing outside the folder', () => {
  test.each([
    '/files/../secret.db',
    '/files/%2e%2e/secret.db',
    '/files/%2E%2E%2Fsecret.db',
    '/files/..%2fsecret.db',
    '/files/..%5csecret.db',
    '/files/%252e%252e%252fsecret.db',
    '/files/./walproject.db',
    '/files//walproject.db',
    '/files/walproject.db/',
    '/files/walproject.db%00.png',
    '/files/%',
    '/files/%ff',
    '/files/%2fetc%2fhostname',
    '/files//etc/hostname',
    '/files/',
    '/files',
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/../../package.json',
    '/assets/..%5c..%5cpackage.json',
    '/src/cli.mjs',
  ])('%s is not there', async (path) => {
    const answer = await get(path)
    expect([answer.status, answer.body.toString().length < 40]).toEqual([404, true])
  })
  test('a target that is no path is refused', async () => {
    for (const path of ['http://evil.example/files/walproject.db', '*'])
      expect([path, (await get(path)).status]).toEqual([path, 400])
  })
  test('links are not followed: files, folders, and what becomes one later', async () => {
    symlinkSync(join(root, 'secret.db'), join(folder, 'link.db'))
    symlinkSync(root, join(folder, 'up'))
    symlinkSync(root, join(folder, 'media'))
    expect(await paths()).toEqual(['walproject.db', 'walproject.db-wal'])
    for (const path of ['link.db', 'up/secret.db', 'media/secret.db'])
      expect([path, (await get(`/files/${path}`)).status]).toEqual([path, 404])
    mkdirSync(join(folder, 'sub'))
    writeFileSync(join(folder, 'sub', 'secret.db'), 'inside')
    expect(await text('/files/sub/secret.db')).toBe('inside')
    renameSync(join(folder, 'sub'), join(folder, 'sub-old'))
    symlinkSync(root, join(folder, 'sub'))
    expect((await get('/files/sub/secret.db')).status).toBe(404)
    for (const name of ['link.db', 'up', 'media', 'sub', 'sub-old'])
      rmSync(join(folder, name), { recursive: true })
  })
  test('what a run logged is bytes here: no page, no script of this address', async () => {
    mkdirSync(join(folder, 'media'))
    for (const [name, type] of [
      ['page.html', 'application/octet-stream'],
      ['drawing.svg', 'application/octet-stream'],
      ['script.js', 'application/octet-stream'],
      ['image.PNG', 'image/png'],
      ['sound.wav', 'audio/wav'],
    ] as const) {
      writeFileSync(join(folder, 'media', name), TEXT)
      expect([name, (await get(`/files/media/${name}`)).headers['content-type']]).toEqual([name, type])
    }
    rmSync(join(folder, 'media'), { recursive: true })
  })
})

test('a port that is taken is left alone: the next one', async () => {
  const server = makeServer({ page: builtPage() })
  expect(await listen(server, served.port, { next: true })).toBeGreaterThan(served.port)
  server.close()
  await expect(listen(makeServer({ page: builtPage() }), served.port, { next: false })).rejects.toMatchObject(
    { code: 'EADDRINUSE' },
  )
})

/** Another process that writes to the file while it is read. */
async function appendElsewhere(path: string, times: number): Promise<void> {
  const code = `const fs = require('fs'); for (let i = 0; i < ${times}; i++) fs.appendFileSync(${JSON.stringify(path)}, 'x'.repeat(5000))`
  await promisify(execFile)(process.execPath, ['-e', code])
}

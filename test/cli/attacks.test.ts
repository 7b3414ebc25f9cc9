import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtPage } from '../browser/harness.ts'
import { type Running, serveWith } from './command.ts'

/*
 * What somebody on this machine, or a page of another site in this machine's browser, may try against `npx
 * trackio-lite`. Written to the socket as it stands here, since every client would tidy it up. A row is what
 * is sent, and what may come back; whatever comes back, it never holds a byte of the secrets beside and above
 * the folder.
 */

const SECRET = 'SECRET-7f3a'
let root: string
let folder: string
let served: Running

beforeAll(async () => {
  builtPage()
  root = realpathSync(mkdtempSync(join(tmpdir(), 'trackio-lite-attacked-')))
  folder = join(root, 'runs')
  cpSync(join(dirname(import.meta.dirname), 'fixtures', 'wal-0.43.0', 'data'), folder, { recursive: true })
  for (const path of [
    'secret.db',
    'runs-2/secret.db',
    'runs/.hidden.db',
    'runs/.git/config.db',
    'runs/token',
    'runs/settings.json',
    'runs/notes.txt',
    'runs/project.lock',
    'runs/artifacts/a.db',
    'runs/node_modules/x/y.db',
  ]) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), SECRET)
  }
  mkdirSync(join(folder, 'media', 'walproject', 'run', '0'), { recursive: true })
  writeFileSync(join(folder, 'media', 'walproject', 'run', '0', 'page.html'), '<script>alert(1)</script>')
  symlinkSync(join(root, 'secret.db'), join(folder, 'link.db'))
  symlinkSync(root, join(folder, 'up'))
  symlinkSync(root, join(folder, 'inbox'))
  symlinkSync('/etc/passwd', join(folder, 'media', 'walproject', 'run', '0', 'passwd.png'))
  served = await serveWith([folder])
}, 60_000)

afterAll(async () => {
  await served?.stop()
  rmSync(root, { recursive: true, force: true })
})

/**
 * One request as raw text, `\r\n` for each line; the answers until the server closes or `ms` have gone by.
 */
async function raw(request: string | Buffer, ms = 3000): Promise<string> {
  const socket = createConnection({ host: '127.0.0.1', port: served.port })
  let received = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    received += chunk
  })
  socket.on('error', () => {}) // reset: what was received counts
  socket.write(request)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => resolve(void socket.destroy()), ms)
    socket.on('close', () => resolve(clearTimeout(timer)))
  })
  return received
}

const host = (): string => `127.0.0.1:${served.port}`
/** One that the server is asked to close after, so that the time is for a busy machine alone. */
const ask = (target: string, lines: string[] = [], method = 'GET'): Promise<string> =>
  raw(
    [`${method} ${target} HTTP/1.1`, `Host: ${host()}`, 'Connection: close', ...lines, '', ''].join('\r\n'),
    30_000,
  )
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4)

function harmless(answer: string): void {
  expect(answer).not.toContain(SECRET)
  expect(answer).not.toContain('root:')
  expect(answer.toLowerCase()).not.toContain('access-control-allow')
  expect(bodyOf(answer)).not.toContain(root)
}

describe('paths', () => {
  const up = [
    '..',
    '%2e%2e',
    '%2E.',
    '.%2e',
    '..%00',
    '..;',
    '%252e%252e',
    '%c0%ae%c0%ae',
    '%uff0e%uff0e',
    '．．',
    '․․',
    '..%ef%bc%8f',
  ]
  const slash = ['/', '%2f', '%5c', '\\', '%c0%af', '%252f']
  test.each(up.flatMap((dots) => slash.map((separator) => `/files/${dots}${separator}secret.db`)))(
    '%s leads nowhere',
    async (target) => {
      const answer = await ask(target)
      harmless(answer)
      expect([400, 404]).toContain(statusOf(answer))
    },
  )

  test.each([
    '/files/media/../../secret.db',
    '/files/media/walproject/../../../secret.db',
    '/files/walproject.db/../../secret.db',
    '/files/../runs-2/secret.db',
    '/../secret.db',
    '/../../../../../../etc/passwd',
    '/assets/../../secret.db',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/files//etc/passwd',
    '/files/%2fetc%2fpasswd',
    '/files/file:///etc/passwd',
    '//etc/passwd',
    '/files/C:/Windows/win.ini',
    '/files/C:%5cWindows%5cwin.ini',
    '/files/%5c%5chost%5cshare',
    '/files/walproject.db::$DATA',
    '/files/walproject.db.',
    '/files/walproject.db%20',
    '/files/WALPRO~1.DB',
    '/files/WALPROJECT.DB',
    '/files/CON',
    '/files/NUL.db',
    '/files/walproject.db%00',
    '/files/walproject.db%00.png',
    '/files/%00',
    '/files/walproject%0a.db',
    '/files/walproject.db%0d%0aX-Injected:%201',
    '/files/walproject.db;x=1',
    '/files/walproject.db/',
    '/files/./walproject.db',
    '/files//walproject.db',
    '/files/%77alproject.db%',
    '/files/%ff%fe',
    '/files/__proto__',
    '/files/constructor',
    '/files/link.db',
    '/files/up/secret.db',
    '/files/up/runs-2/secret.db',
    '/files/inbox/secret.db',
    '/files/media/walproject/run/0/passwd.png',
    '/files/.hidden.db',
    '/files/.git/config.db',
    '/files/%2ehidden.db',
    '/files/token',
    '/files/settings.json',
    '/files/notes.txt',
    '/files/project.lock',
    '/files/artifacts/a.db',
    '/files/node_modules/x/y.db',
    '/files/media',
    '/files/media/',
    '/files/',
    '/files',
    '/src/cli.mjs',
    '/package.json',
    '/.env',
    '/.git/config',
    `/files/${'a/'.repeat(4000)}x.db`,
    `/files/${'%2e%2e%2f'.repeat(1000)}etc/passwd`,
  ])('%s is not there', async (target) => {
    const answer = await ask(target)
    harmless(answer)
    expect([400, 404]).toContain(statusOf(answer))
    expect(answer).not.toContain('X-Injected')
  })

  test.each([
    'http://evil.example/files/walproject.db',
    'http://127.0.0.1/files/walproject.db',
    '*',
    'files/walproject.db',
    '',
    'javascript:alert(1)',
    '?x',
    '#x',
  ])('the target %j is no path of this server', async (target) => {
    const answer = await ask(target)
    harmless(answer)
    expect(statusOf(answer)).toBe(400)
  })
})

describe('who asks', () => {
  test.each([
    ['another name', () => ['Host: evil.example']],
    ['another name with our port', () => [`Host: evil.example:${served.port}`]],
    ['our name as a subdomain', () => [`Host: 127.0.0.1.evil.example:${served.port}`]],
    ['our name before an at', () => [`Host: ${host()}@evil.example`]],
    ['a user in it', () => [`Host: evil@${host()}`]],
    ['our address written otherwise', () => [`Host: 2130706433:${served.port}`]],
    ['our address in hex', () => [`Host: 0x7f.1:${served.port}`]],
    ['all addresses', () => [`Host: 0.0.0.0:${served.port}`]],
    ['a mapped address', () => [`Host: [::ffff:127.0.0.1]:${served.port}`]],
    ['another port', () => [`Host: 127.0.0.1:${served.port + 1}`]],
    ['no port', () => ['Host: localhost']],
    ['capitals', () => [`Host: LOCALHOST.:${served.port}`]],
    ['none', () => []],
    ['an empty one', () => ['Host:']],
    ['two', () => [`Host: ${host()}`, 'Host: evil.example']],
    ['two the other way', () => ['Host: evil.example', `Host: ${host()}`]],
    ['one that a proxy is to believe', () => ['Host: evil.example', `X-Forwarded-Host: ${host()}`]],
    ['a folded one', () => ['Host: evil.example', ` ${host()}`]],
  ])('the host header holds %s: refused, the page too', async (_, headers) => {
    for (const target of ['/', '/files/index.json', '/files/walproject.db']) {
      const answer = await raw(
        [`GET ${target} HTTP/1.1`, ...headers(), 'Connection: close', '', ''].join('\r\n'),
      )
      harmless(answer)
      expect([400, 421]).toContain(statusOf(answer))
      expect(bodyOf(answer).length).toBeLessThan(200)
    }
  })

  test.each([
    ['Sec-Fetch-Site: cross-site'],
    ['Sec-Fetch-Site: same-site'],
    ['Sec-Fetch-Site: CROSS-SITE'],
    ['Sec-Fetch-Site: x'],
  ])('a page of another site (%s) gets no file', async (line) => {
    for (const target of ['/files/index.json', '/files/walproject.db']) {
      const answer = await ask(target, [
        line,
        'Origin: https://evil.example',
        'Referer: https://evil.example/',
      ])
      harmless(answer)
      expect(statusOf(answer)).toBe(403)
    }
  })

  test('a preflight is told nothing, and a form can send nothing', async () => {
    const preflight = await ask(
      '/files/index.json',
      ['Origin: https://evil.example', 'Access-Control-Request-Method: GET'],
      'OPTIONS',
    )
    expect(statusOf(preflight)).toBe(405)
    harmless(preflight)
  })
})

describe('what is asked', () => {
  test.each([
    'POST',
    'PUT',
    'DELETE',
    'PATCH',
    'OPTIONS',
    'TRACE',
    'CONNECT',
    'PROPFIND',
    'MKCOL',
    'MOVE',
    'COPY',
    'LOCK',
    'PURGE',
    'get',
    'G\x00T',
    'GET\tx',
    'X'.repeat(5000),
  ])('the method %s changes nothing', async (method) => {
    const before = readFileSync(join(folder, 'walproject.db'))
    const answer = await ask(
      '/files/walproject.db',
      ['Content-Length: 4', 'X-HTTP-Method-Override: DELETE', '', 'evil'],
      method,
    )
    harmless(answer)
    expect([0, 400, 405, 431]).toContain(statusOf(answer))
    expect(readFileSync(join(folder, 'walproject.db')).equals(before)).toBe(true)
  })

  test.each([
    [
      'a length and chunks',
      [
        'Content-Length: 4',
        'Transfer-Encoding: chunked',
        '',
        '0',
        '',
        'GET /files/.hidden.db HTTP/1.1',
        'Host: x',
      ],
    ],
    ['two lengths', ['Content-Length: 0', 'Content-Length: 60', '', 'GET /files/.hidden.db HTTP/1.1']],
    ['a length below zero', ['Content-Length: -1']],
    ['a length in hex', ['Content-Length: 0x4', '', 'evil']],
    ['an odd encoding', ['Transfer-Encoding: xchunked', '', '0']],
    ['a space before the colon', ['Transfer-Encoding : chunked', '', '0']],
    ['a lone line feed', ['X: a\nHost: evil.example']],
    ['a zero', ['X: a\0b']],
    ['a name of nothing', [': x']],
    ['a header without a colon', ['nonsense']],
    ['20 kB of header', [`X: ${'a'.repeat(20_000)}`]],
    ['3000 headers', Array.from({ length: 3000 }, (_, i) => `X-${i}: 1`)],
    ['an expectation', ['Expect: 200-maybe']],
    [
      'an upgrade',
      ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'],
    ],
    [
      'HTTP/2 over plain text',
      ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
    ],
  ])('a request with %s gets one plain answer at most', async (_, lines) => {
    const answer = await ask('/files/index.json', lines)
    harmless(answer)
    expect([0, 200, 400, 417, 431]).toContain(statusOf(answer))
    // what is smuggled behind it is not answered as a request of its own with a file
    expect(answer.match(/HTTP\/1\.1 200/g)?.length ?? 0).toBeLessThanOrEqual(1)
  })

  test.each([
    ['GET /files/index.json'],
    ['GET /files/index.json HTTP/0.9'],
    ['GET /files/index.json HTTP/2.0'],
    ['GET  /files/index.json  HTTP/1.1'],
    ['\0\0\0'],
    ['\x16\x03\x01\x02\x00'],
    ['PRI * HTTP/2.0'],
  ])('the line %j is taken for a plain request, or refused', async (line) => {
    const answer = await raw(`${line}\r\nHost: ${host()}\r\n\r\n`)
    harmless(answer)
    expect([0, 200, 400, 505]).toContain(statusOf(answer))
    expect(answer.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(1)
  })

  test.each([
    'bytes=-99999999999999999999',
    'bytes=99999999999999999999-',
    'bytes=0-99999999999999999999',
    'bytes=-0',
    'bytes=--1',
    'bytes=1--1',
    'bytes=0x0-0xff',
    'bytes=1e3-2e3',
    'bytes= 0-1',
    'bytes=0-1,-1',
    `bytes=${Array.from({ length: 1500 }, (_, i) => `${i}-${i}`).join(',')}`,
    'bytes=NaN-Infinity',
    'bytes=0-0\t',
    'Bytes=0-1',
    'seconds=1-2',
    'bytes',
  ])('the range %s gets bytes of this file or none', async (range) => {
    const file = readFileSync(join(folder, 'walproject.db'))
    for (const target of ['/files/walproject.db', '/', '/files/index.json']) {
      const answer = await ask(target, [`Range: ${range}`])
      harmless(answer)
      expect([200, 206, 400, 416]).toContain(statusOf(answer))
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0)
      if (target.endsWith('.db') && statusOf(answer) !== 416) {
        expect(length).toBeLessThanOrEqual(file.length)
        expect(bodyOf(answer).length).toBe(length)
      }
    }
  })

  test('a logged page is bytes, never a page of this address', async () => {
    const answer = await ask('/files/media/walproject/run/0/page.html')
    expect(answer).toMatch(/content-type: application\/octet-stream/i)
    expect(answer).toMatch(/x-content-type-options: nosniff/i)
  })
})

describe('meanwhile', () => {
  test('a listed file that becomes a link, a folder, or what may not be read, is never another file', async () => {
    const place = join(folder, 'swap.db')
    for (let round = 0; round < 20; round++) {
      rmSync(place, { recursive: true, force: true })
      writeFileSync(place, 'inside')
      expect(await ask('/files/index.json')).toContain('swap.db')
      const asked = Array.from({ length: 6 }, () => ask('/files/swap.db'))
      rmSync(place)
      if (round % 3 === 0) symlinkSync(join(root, 'secret.db'), place)
      else if (round % 3 === 1) mkdirSync(place)
      else {
        writeFileSync(`${place}.new`, 'other')
        renameSync(`${place}.new`, place)
      }
      for (const answer of await Promise.all(asked)) {
        harmless(answer)
        expect([200, 404, 500]).toContain(statusOf(answer))
        if (statusOf(answer) === 200) expect(['inside', 'other']).toContain(bodyOf(answer))
      }
    }
    rmSync(place, { recursive: true, force: true })
  }, 60_000)

  test('a folder on the way that becomes a link is not followed', async () => {
    const inner = join(folder, 'inner')
    mkdirSync(inner)
    writeFileSync(join(inner, 'secret.db'), 'inside')
    expect(await ask('/files/index.json')).toContain('inner/secret.db')
    renameSync(inner, `${inner}-old`)
    symlinkSync(root, inner)
    const answer = await ask('/files/inner/secret.db')
    harmless(answer)
    expect(statusOf(answer)).toBe(404)
    rmSync(inner)
    rmSync(`${inner}-old`, { recursive: true })
  })

  test.skipIf(process.platform === 'win32')('a pipe under a database’s name holds nobody up', async () => {
    const pipe = join(folder, 'pipe.db')
    execFileSync('mkfifo', [pipe])
    expect(await ask('/files/index.json')).not.toContain('pipe.db')
    expect(statusOf(await ask('/files/pipe.db'))).toBe(404)
    rmSync(pipe)
  })

  test('300 connections that say nothing, or a letter at a time, keep nobody else out', async () => {
    const idle: Socket[] = Array.from({ length: 300 }, (_, i) => {
      const socket = createConnection({ host: '127.0.0.1', port: served.port })
      socket.on('error', () => {})
      if (i % 2) socket.write('GET /files/walproject.db HTTP/1.1\r\nX')
      return socket
    })
    const start = performance.now()
    expect(statusOf(await ask('/files/index.json'))).toBe(200)
    expect(performance.now() - start).toBeLessThan(3000)
    for (const socket of idle) socket.destroy()
  })

  test('answers that nobody reads are not kept in memory', async () => {
    writeFileSync(join(folder, 'large.db'), Buffer.alloc(64 << 20, 'x'))
    const before = memory()
    const deaf = Array.from({ length: 10 }, () => {
      const socket = createConnection({ host: '127.0.0.1', port: served.port })
      socket.on('error', () => {})
      socket.pause()
      socket.write(`GET /files/large.db HTTP/1.1\r\nHost: ${host()}\r\n\r\n`)
      return socket
    })
    // what it must not do has no end that could be waited for
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(memory() - before).toBeLessThan(200)
    expect(statusOf(await ask('/files/index.json'))).toBe(200)
    for (const socket of deaf) socket.destroy()
    rmSync(join(folder, 'large.db'))
  })

  test('after all of it the server serves, and nothing was written', async () => {
    expect(statusOf(await ask('/'))).toBe(200)
    expect(statusOf(await ask('/files/walproject.db'))).toBe(200)
    expect(served.said()).not.toMatch(/Error|at .*\.mjs/)
    expect(readFileSync(join(root, 'secret.db'), 'utf8')).toBe(SECRET)
  })

  test.skipIf(!existsSync('/proc/net/tcp'))('it listens on this machine’s own address alone', () => {
    const listening =
      readFileSync('/proc/net/tcp', 'utf8') +
      (existsSync('/proc/net/tcp6') ? readFileSync('/proc/net/tcp6', 'utf8') : '')
    const port = served.port.toString(16).toUpperCase().padStart(4, '0')
    const addresses = [...listening.matchAll(new RegExp(`: ([0-9A-F]+):${port} [0-9A-F]+:0000 0A`, 'g'))].map(
      (match) => match[1],
    )
    expect(addresses).toEqual(['0100007F'])
  })
})

/** MB that the server holds. */
function memory(): number {
  const children = execFileSync('ps', ['-eo', 'pid,ppid,rss,args'], { encoding: 'utf8' }).split('\n')
  const line = children.find((text) => text.includes('cli.mjs') && text.includes(folder)) ?? ''
  return Number(line.trim().split(/\s+/)[2] ?? 0) / 1024
}

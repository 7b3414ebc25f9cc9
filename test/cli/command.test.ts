import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trackioFolder } from '../../src/cli/trackio-folder.mjs'
import { builtPage } from '../browser/harness.ts'
import { command, serveWith } from './command.ts'

const fixture = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'wal-0.43.0', 'data')
let folder: string

beforeAll(() => {
  builtPage() // the command serves the build
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'trackio-lite-cli-')))
  cpSync(fixture, join(folder, 'runs'), { recursive: true })
  mkdirSync(join(folder, 'nothing', 'below'), { recursive: true })
  writeFileSync(join(folder, 'nothing', 'below', 'notes.txt'), 'no runs')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('words', () => {
  test('--help names the arguments, the default folder and the way in from another machine', async () => {
    const { code, stdout, stderr } = await command(['--help'])
    expect([code, stderr]).toEqual([0, ''])
    for (const word of [
      'trackio-lite [file or folder]',
      '--port',
      '--no-open',
      'TRACKIO_DIR',
      'HF_HOME',
      'Ctrl-C',
      'ssh -L',
    ])
      expect(stdout).toContain(word)
    expect(stdout, 'it listens on this machine only').not.toContain('--host')
  })
  test('--version prints the version of package.json', async () => {
    const { version } = JSON.parse(
      readFileSync(join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'package.json'), 'utf8'),
    )
    expect(await command(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('what it cannot do it says, with what to do', () => {
  test.each([
    [['missing.db'], /^trackio-lite: no such file or folder: .*missing\.db\n$/],
    [['nothing'], /nothing of trackio's in .*nothing: no \.db, .*trackio keeps its databases in /],
    [
      ['runs/walproject.db-wal'],
      /walproject\.db-wal is only a sidecar of a database: give .*walproject\.db\n/,
    ],
    [
      ['runs', 'nothing'],
      /one file or folder at a time, not 2: runs, nothing\. A folder shows all its projects\./,
    ],
    [['runs', '--port', 'http'], /--port: not a port number: http\. Try: trackio-lite --port 8080/],
    [['runs', '--port', '70000'], /--port: not a port number: 70000/],
    [['runs', '--host', '0.0.0.0'], /Unknown option '--host'\. Run trackio-lite --help\./],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await command(args, { cwd: folder })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(words)
    expect(stderr, 'words, no stack').not.toMatch(/\n\s+at /)
  })
  test('a port that is taken, when it was asked for', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { code, stderr } = await command(['runs', '--no-open', '--port', `${port}`], { cwd: folder })
    other.close()
    expect(code).toBe(1)
    expect(stderr).toContain(
      `port ${port} cannot be used (EADDRINUSE). Try another: trackio-lite --port ${port + 1}`,
    )
  })
})

describe("trackio's own folder", () => {
  // what trackio.utils.TRACKIO_DIR of 0.43.0 is with HOME=/h and nothing else set
  test.each<[Record<string, string>, string]>([
    [{}, '/h/.cache/huggingface/trackio'],
    [{ TRACKIO_DIR: 'runs' }, 'runs'],
    [{ TRACKIO_DIR: '~/runs' }, '~/runs'],
    [{ TRACKIO_DIR: '' }, '/h/.cache/huggingface/trackio'],
    [{ HF_HOME: '/x/hf' }, '/x/hf/trackio'],
    [{ HF_HOME: '~/hf' }, '/h/hf/trackio'],
    [{ HF_HOME: '$BASE/hf', BASE: '/b' }, '/b/hf/trackio'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a shell writes a variable
    [{ HF_HOME: '${BASE}/hf', BASE: '/b' }, '/b/hf/trackio'],
    [{ HF_HOME: '$NOPE/hf' }, '$NOPE/hf/trackio'],
    [{ HF_HOME: '' }, 'trackio'],
    [{ XDG_CACHE_HOME: '/xdg' }, '/xdg/huggingface/trackio'],
    [{ XDG_CACHE_HOME: '' }, 'huggingface/trackio'],
    [{ XDG_CACHE_HOME: '~/c' }, '/h/c/huggingface/trackio'],
    [{ HF_HOME: '/x', TRACKIO_DIR: '/t', XDG_CACHE_HOME: '/c' }, '/t'],
    [{ HF_HOME: '~nobody/hf' }, '~nobody/hf/trackio'],
  ])('with %j is where Python looks', (env, path) => {
    expect(trackioFolder(env, '/h').path).toBe(path)
  })
  test('is served when no name is given, wherever the variables point', async () => {
    const home = join(folder, 'home')
    cpSync(fixture, join(home, '.cache', 'huggingface', 'trackio'), { recursive: true })
    cpSync(fixture, join(home, 'hf', 'trackio'), { recursive: true })
    for (const [env, path] of [
      [{ HOME: home }, join(home, '.cache', 'huggingface', 'trackio')],
      [{ HOME: home, HF_HOME: '~/hf' }, join(home, 'hf', 'trackio')],
      [{ HOME: home, TRACKIO_DIR: 'runs' }, join(folder, 'runs')],
    ] as const) {
      const served = await serveWith([], { env, cwd: folder })
      expect(served.said()).toContain(`1 database in ${path}, live and read-only.`)
      await served.stop()
    }
  })
  test('that is not there is said with the variable that led to it', async () => {
    const none = await command(['--no-open'], { env: { HOME: join(folder, 'nobody') }, cwd: folder })
    expect(none.stderr).toMatch(
      /trackio's folder does not exist: .*\/nobody\/\.cache\/huggingface\/trackio\. Log something with trackio, or name a file/,
    )
    const set = await command(['--no-open'], { env: { HOME: folder, TRACKIO_DIR: '~/runs' }, cwd: folder })
    expect(set.stderr).toContain(
      `trackio's folder (from TRACKIO_DIR) does not exist: ${join(folder, '~', 'runs')}.`,
    )
    const empty = await command(['--no-open'], { env: { HOME: folder, TRACKIO_DIR: 'nothing' }, cwd: folder })
    expect(empty.stderr).toContain(
      `trackio's folder (from TRACKIO_DIR) is empty: ${join(folder, 'nothing')}.`,
    )
  })
})

describe('while it runs', () => {
  test('it serves the built page, and Ctrl-C ends it without an error', async () => {
    const served = await serveWith(['runs'], { cwd: folder })
    const page = await fetch(served.url)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8'])
    expect(await page.text()).toBe(readFileSync(join(builtPage(), 'index.html'), 'utf8'))
    const ended = await served.stop()
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    await expect(fetch(served.url)).rejects.toThrow()
  })
  // xdg-open takes the program that BROWSER names where there is no desktop
  test.skipIf(process.platform !== 'linux')('it opens the browser at the address of the files', async () => {
    const browser = join(folder, 'browser.sh')
    const seen = join(folder, 'seen')
    mkdirSync(seen)
    writeFileSync(
      browser,
      `#!/bin/sh\nprintf %s "$1" > "${seen}/part"\nmv "${seen}/part" "${seen}/address"\n`,
    )
    chmodSync(browser, 0o755)
    const asked = new Promise<void>((resolve) => {
      const watcher = watch(seen, () => {
        if (!existsSync(join(seen, 'address'))) return
        watcher.close()
        resolve()
      })
    })
    const served = await serveWith(['runs'], {
      cwd: folder,
      env: { HOME: folder, BROWSER: browser },
      browser: true,
    })
    await asked
    expect(readFileSync(join(seen, 'address'), 'utf8')).toBe(`${served.url}?folder=files/`)
    await served.stop()
  })
  test('without a browser, or on a machine reached by SSH, it goes on and says so', async () => {
    const alone = await serveWith(['runs'], {
      cwd: folder,
      env: { HOME: folder, BROWSER: 'false', PATH: '/nowhere' },
      browser: true,
    })
    expect((await fetch(alone.url)).status).toBe(200)
    expect((await alone.stop()).code).toBe(0)
    const remote = await serveWith(['runs'], {
      cwd: folder,
      env: { HOME: folder, SSH_CONNECTION: '::1 1 ::1 22' },
      browser: true,
    })
    expect((await fetch(remote.url)).status).toBe(200)
    const { code, stdout } = await remote.stop()
    expect(code).toBe(0)
    expect(stdout).toContain(`ssh -L ${remote.port}:127.0.0.1:${remote.port} user@machine`)
  })
})

test('what is left out because it is a link is said', async () => {
  const linked = join(folder, 'linked')
  cpSync(fixture, linked, { recursive: true })
  symlinkSync(join(folder, 'runs', 'walproject.db'), join(linked, 'other.db'))
  const served = await serveWith([linked])
  const { stdout, stderr } = await served.stop()
  expect(stdout).toContain('1 database in')
  expect(stderr).toBe('trackio-lite: left out: other.db: a link\n')
})

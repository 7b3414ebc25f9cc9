import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const built = existsSync(join(dist, 'index.html')) && process.env.TRACKIO_BUILD !== 'failed'

/** Everything we depend on. A package more or another version is a change of this list, on purpose. */
const PACKAGES = {
  // what the command runs with: all else is built into dist, and nobody who installs the package needs it
  dependencies: {
    open: '11.0.4',
    sirv: '3.0.2',
  },
  devDependencies: {
    '@axe-core/playwright': '4.14.0',
    '@biomejs/biome': '2.5.15',
    '@dagrejs/dagre': '3.1.3',
    '@huggingface/hub': '2.17.5',
    '@huggingface/xetchunk-wasm': '0.2.0', // comes with the one above
    '@lezer/common': '1.5.5',
    '@lezer/highlight': '1.2.5',
    '@lezer/javascript': '1.5.6',
    '@lezer/json': '1.0.3',
    '@lezer/markdown': '1.8.1',
    '@lezer/python': '1.1.19',
    '@lezer/yaml': '1.0.4',
    '@sqlite.org/sqlite-wasm': '3.54.1-build1',
    '@tanstack/solid-virtual': '3.13.53',
    '@types/node': '26.6.6',
    '@types/papaparse': '5.5.2',
    '@types/three': '0.187.0',
    comlink: '4.4.2',
    dompurify: '3.5.0',
    esbuild: '0.28.2', // a test builds with it what others would
    fflate: '0.8.3',
    hyparquet: '1.31.5',
    'hyparquet-compressors': '1.1.2',
    'hyparquet-writer': '0.17.0',
    marked: '18.2.1',
    papaparse: '5.7.1',
    'playwright-core': '1.65.1',
    'solid-js': '1.9.19',
    three: '0.187.0',
    typescript: '7.0.2',
    uplot: '1.6.32',
    vite: '8.3.8',
    'vite-plugin-solid': '2.11.14',
    vitest: '4.1.12',
  },
}

/** Gzipped bytes that have to arrive before the first chart stands, SQLite included. */
const BUDGET = 600 * 1024

/**
 * Bytes of the files beside trackio.js: 65 % of the 2,920,049 that they were while each of three held SQLite,
 * the Hub and the exports; the reader knows all pages, files and SQL since, the writer knows changes. What a first
 * `log()` fetches of them is in test/browser/tracking-package.test.ts.
 */
const TRACKING = 1_900_000

/** Hosts that may stand in built text. None of them is fetched unless a person typed an address there. */
const WORDS: Record<string, string> = {
  'www.w3.org': 'names of XML namespaces',
  'sqlite.org': "SQLite's own messages and comments",
  'www.sqlite.org': "SQLite's own messages and comments",
  'huggingface.co': 'a link for people',
  'github.com': 'a link for people',
  'raw.githubusercontent.com': 'where the file behind a page of GitHub is, when a person typed that page',
  'gist.githubusercontent.com': 'the same for a gist',
  'emscripten.org': 'a message of the SQLite build',
  'developer.chrome.com': 'a comment of the SQLite package',
  'developer.mozilla.org': 'a message of the SQLite build',
  localhost: 'the base of relative addresses',
  '127.0.0.1': 'the base of relative addresses',
}

/** Whether a range of `>=`, `^` and plain numbers, joined by `||`, holds a version. */
function admits(range: string, version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return range.split('||').some((part) => {
    const [, sign, from = '0', more = '0'] = /^\s*(>=|\^)?\s*(\d+|\*)(?:\.(\d+))?/.exec(part) ?? []
    if (from === '*') return true
    const above = major > Number(from) || (major === Number(from) && minor >= Number(more))
    return above && (sign === '>=' || major === Number(from))
  })
}

describe('package.json', () => {
  const text = readFileSync(join(root, 'package.json'), 'utf8')

  test('depends on exactly the packages of the list, in exact versions', () => {
    const { dependencies, devDependencies, ...rest } = JSON.parse(text)
    expect({ dependencies, devDependencies }).toEqual(PACKAGES)
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)),
    )
    expect(loose).toEqual([])
    expect(
      Object.keys(rest).filter((key) => /dependencies$/i.test(key)),
      'other kinds of dependencies',
    ).toEqual([])
  })

  test('the lock file asks for the same versions and names no host', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
    const { dependencies, devDependencies } = JSON.parse(lock).packages['']
    expect({ dependencies, devDependencies }).toEqual(PACKAGES)
    expect(lock, 'npm install --omit-lockfile-registry-resolved leaves the hosts out').not.toMatch(
      /"resolved": "(?!file:)/,
    )
  })

  test('the lock file serves every platform', () => {
    // a registry that lacks a platform's build makes npm leave it out, and npm ci then fails everywhere
    const packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }> =
      JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter(
          (name) =>
            !packages[`${path}/node_modules/${name}`]?.version && !packages[`node_modules/${name}`]?.version,
        )
        .map((name) => `${name}, wanted by ${path}`),
    )
    expect(missing).toEqual([])
  })

  test('whoever installs the package is not warned, with the oldest Node that it names', () => {
    const { engines } = JSON.parse(text)
    const oldest = String(engines.node).replace('>=', '')
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(
      `[Node](https://nodejs.org) ${oldest} or newer`,
    )
    const packages: Record<string, { dev?: boolean; engines?: { node?: string } }> = JSON.parse(
      readFileSync(join(root, 'package-lock.json'), 'utf8'),
    ).packages
    const newer = Object.entries(packages).filter(
      ([, { dev, engines }]) => !dev && !admits(engines?.node ?? '*', oldest),
    )
    expect(newer.map(([path, { engines }]) => `${path} wants Node ${engines?.node}`)).toEqual([])
  })

  test('says name, licence and the Node it needs', () => {
    expect(JSON.parse(text)).toMatchObject({
      name: 'trackio-lite',
      license: 'MIT',
      type: 'module',
      engines: { node: '>=20.19' },
    })
    expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toContain('MIT License')
  })
})

test('the package may be published, and says what it is for, what it holds and that none of it acts by being imported', () => {
  const {
    private: kept,
    keywords,
    sideEffects,
    exports: given,
    types,
    files: held,
    bin,
  } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(kept).toBeUndefined()
  expect(keywords).toContain('trackio')
  // what the entry does at its start serves its own exports: a bundler may leave it out where none of them is
  // used
  expect(sideEffects).toBe(false)
  expect(given['.']).toEqual({ types: './types/trackio.d.ts', default: './dist/trackio.js' })
  expect(types).toBe(given['.'].types)
  expect(held).toEqual(['dist', 'types', 'src/cli.mjs', 'src/cli', 'src/model/data-files.mjs'])
  expect(bin).toEqual({ 'trackio-lite': 'src/cli.mjs' })
})

describe.skipIf(!built)('dist', () => {
  test(`the first chart needs at most ${BUDGET / 1024} KB, gzipped`, () => {
    const rows = firstFiles()
      .map((path) => ({ path, gzipped: gzipSync(readFileSync(join(dist, path))).length }))
      .sort((a, b) => b.gzipped - a.gzipped)
    const sum = rows.reduce((total, { gzipped }) => total + gzipped, 0)
    for (const kind of ['html', 'css', 'js', 'wasm'])
      expect(
        rows.some(({ path }) => path.endsWith(`.${kind}`)),
        `a .${kind} file in dist`,
      ).toBe(true)
    expect(
      sum,
      `${sum} bytes:\n${rows.map(({ path, gzipped }) => `${String(gzipped).padStart(8)} ${path}`).join('\n')}`,
    ).toBeLessThanOrEqual(BUDGET)
  })

  test('what lays Markdown out is fetched with the first text of it: at most 30 kB', () => {
    const parts = readdirSync(join(dist, 'assets')).filter((name) => /^markdown-html-.*\.js$/.test(name))
    expect(parts.length).toBe(1)
    const size = gzipSync(readFileSync(join(dist, 'assets', parts[0] ?? ''))).length
    expect(size).toBeLessThanOrEqual(30 * 1024)
    expect(size, 'it holds both packages').toBeGreaterThan(15 * 1024)
  })

  test('what draws 3D objects is fetched with the first of them: at most 200 kB', () => {
    const parts = readdirSync(join(dist, 'assets')).filter((name) => /^object-scene-.*\.js$/.test(name))
    expect(parts.length).toBe(1)
    const size = gzipSync(readFileSync(join(dist, 'assets', parts[0] ?? ''))).length
    expect(size).toBeLessThanOrEqual(200 * 1024)
    expect(size, 'it holds the package').toBeGreaterThan(100 * 1024)
  })

  test('what lays lineage out is a worker of its own, which starts with the first graph: at most 20 kB', () => {
    const assets = readdirSync(join(dist, 'assets'))
    const sizeOf = (part: RegExp): number[] =>
      assets
        .filter((name) => part.test(name))
        .map((name) => gzipSync(readFileSync(join(dist, 'assets', name))).length)
    const [worker = 0, ...more] = sizeOf(/^lineage\.worker-.*\.js$/)
    expect(more).toEqual([])
    expect(worker).toBeLessThanOrEqual(20 * 1024)
    expect(worker, 'it holds the package').toBeGreaterThan(12 * 1024)
    // the page around it: toolbar, graph on its canvas, list, side panel
    const [page = 0, ...others] = sizeOf(/^lineage-.*\.js$/)
    expect(others).toEqual([])
    expect(page).toBeLessThanOrEqual(20 * 1024)
    expect(firstFiles().filter((path) => /lineage/.test(path))).toEqual([])
  })

  test(`the tracking API holds nothing twice: at most ${TRACKING} bytes beside trackio.js`, () => {
    const parts = files().filter((path) => /^trackio-.*\.js$/.test(path))
    expect(parts.sort()).toEqual(
      ['here', 'hub', 'reader', 'sqlite', 'writer'].map((name) => `trackio-${name}.js`),
    )
    const text = (path: string): string => readFileSync(join(dist, path), 'utf8')
    const sizes = parts.map((path) => `${text(path).length} ${path}`)
    const sum = parts.reduce((total, path) => total + statSync(join(dist, path)).size, 0)
    expect(sum, sizes.join(', ')).toBeLessThanOrEqual(TRACKING)
    // SQLite is in one text, packed; and in what writes where no worker may start
    expect(parts.filter((path) => text(path).includes('sqlite3_open_v2'))).toEqual(['trackio-here.js'])
    // words of the Hub's client
    expect(parts.filter((path) => text(path).includes('xet-write-token'))).toEqual(['trackio-hub.js'])
  })

  test('works from any sub-path: index.html names its files relatively', () => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8')
    const urls = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? '')
    expect(urls.length).toBeGreaterThan(2)
    expect(urls.filter((url) => !url.startsWith('./'))).toEqual([])
    expect(
      urls.filter((url) => !existsSync(join(dist, url))),
      'named but not in dist',
    ).toEqual([])
    expect(html).not.toMatch(/<base\b/)
  })

  test('the policy of index.html names its one inline script, and is as strict otherwise', () => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8')
    const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '')
    const hashes = inline.map((code) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`)
    expect(/script-src ([^;]*);/.exec(html)?.[1]?.split(' ')).toEqual([
      "'self'",
      ...hashes,
      "'wasm-unsafe-eval'",
    ])
    expect(hashes).toHaveLength(1)
  })

  test('nothing is fetched from another host', () => {
    const wrong: string[] = []
    for (const path of files().filter((path) => /\.(html|css|m?js|svg)$/.test(path))) {
      const text = readFileSync(join(dist, path), 'utf8')
      for (const match of text.matchAll(/\b(?:https?|wss?):\/\/([a-z0-9][a-z0-9.-]*)/gi)) {
        const around = text.slice(Math.max(0, match.index - 60), match.index + 80).replaceAll('\n', ' ')
        const host = match[1]?.replace(/\.$/, '') ?? ''
        const fetched = /(?:fetch|import|importScripts|Worker|url|src=|action=|@import)\s*\(?\s*["'`]?$/.test(
          text.slice(Math.max(0, match.index - 24), match.index),
        )
        if (fetched || !Object.hasOwn(WORDS, host)) wrong.push(`dist/${path}: …${around}…`)
      }
      if (/\.(html|css)$/.test(path) && /(?:src|href)="\/\/|url\(\s*["']?\/\//.test(text))
        wrong.push(`dist/${path}: an address that starts with //`)
    }
    expect(wrong, `hosts that may stand in text: ${Object.keys(WORDS).join(', ')}`).toEqual([])
  })
})

/**
 * What is there before the first chart: the page and its worker with all that they import at once, and
 * SQLite, which files need whose rows have to be sorted.
 */
function firstFiles(): string[] {
  const all = files()
  const text = (path: string): string => readFileSync(join(dist, path), 'utf8')
  const sqlite = all.filter(
    (path) => /sqlite3-[\w-]+\.wasm$/.test(path) || (/\.js$/.test(path) && isSqlite(path, text(path))),
  )
  const styles = [...text('index.html').matchAll(/\shref="\.\/([^"]+\.css)"/g)].map((match) => match[1] ?? '')
  const found = new Set(['index.html', ...styles, ...sqlite])
  const queue = [
    ...[...text('index.html').matchAll(/\ssrc="\.\/([^"]+\.js)"/g)].map((match) => match[1] ?? ''),
    ...all.filter((path) => /(engine|reader)\.worker-[\w-]+\.js$/.test(path)),
  ]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue
    found.add(path)
    for (const match of text(path).matchAll(
      /(?:^|[;}\n])\s*(?:import|export)\b[^;'"()]*?['"](\.\/[^'"]+\.js)['"]/g,
    ))
      queue.push(posix.join(posix.dirname(path), match[1] ?? ''))
  }
  return [...found]
}

/** The library itself, not the workers for its own OPFS storage, which are never used. */
function isSqlite(path: string, text: string): boolean {
  return (
    /^assets\//.test(path) &&
    !/sqlite3-(opfs|worker)/.test(path) &&
    text.includes('sqlite3_open_v2') &&
    text.includes('sqlite3InitModule')
  )
}

function files(below = ''): string[] {
  return readdirSync(join(dist, below), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(below, entry.name)
    return entry.isDirectory() ? files(path) : [path]
  })
}

import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtPage } from '../browser/harness.ts'
import { serveWith } from './command.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
let folder: string
let files: string[]

beforeAll(() => {
  builtPage()
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'trackio-lite-pack-')))
  // no scripts: prepack would build while other tests use the build
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  execFileSync('npm', args, { cwd: root, shell: process.platform === 'win32' })
  const [tarball = ''] = readdirSync(folder)
  execFileSync('tar', ['-xzf', tarball], { cwd: folder })
  files = readdirSync(join(folder, 'package'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(join(folder, 'package'), join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
    )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('npm pack takes the command, the built page, the types and what tells about them, and nothing else', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'package.json',
      'README.md',
      'LICENSE',
      'src/cli.mjs',
      'src/cli/server.mjs',
      'src/model/data-files.mjs',
      'dist/index.html',
    ]),
  )
  expect(
    files.filter(
      (path) =>
        !/^(package\.json|README\.md|LICENSE|src\/cli(\.mjs|\/[\w-]+\.mjs)|src\/model\/data-files\.mjs|dist\/.+|types\/.+\.d\.ts)$/.test(
          path,
        ),
    ),
  ).toEqual([])
})

test('what is packed depends on nothing that is built into it, and on nothing but what the command runs with', () => {
  const packed: unknown = JSON.parse(readFileSync(join(folder, 'package', 'package.json'), 'utf8'))
  expect(Object.keys(Object(packed)).filter((key) => /dependencies$/i.test(key))).toEqual([
    'dependencies',
    'devDependencies',
  ])
  const needed = Object.keys(Reflect.get(Object(packed), 'dependencies')).sort()
  expect(needed).toEqual(['open', 'sirv'])
  // what the page and the API are made of is in them: no import by a package's name is left
  const scripts = files.filter((path) => /^(dist|src)\/.*\.m?js$/.test(path))
  const named = scripts.flatMap((path) => importsOf(readFileSync(join(folder, 'package', path), 'utf8')))
  expect([...new Set(named.filter((name) => !/^(\.|node:)/.test(name)))].sort()).toEqual(needed)
  // and what is said to be in it is in it
  const { bin, exports: named_, types } = Object(packed)
  const promised = [...Object.values(Object(bin)), ...Object.values(Object(named_)['.']), types].map((path) =>
    posix.normalize(String(path)),
  )
  expect(promised.filter((path) => !files.includes(path))).toEqual([])
})

test('installed into an empty folder, npx trackio-lite serves the page with a folder of runs', {
  timeout: 120_000,
}, async () => {
  const place = join(folder, 'empty')
  mkdirSync(join(place, 'runs'), { recursive: true })
  writeFileSync(join(place, 'runs', 'a.db'), '')
  const npm = (args: string[]): string =>
    execFileSync('npm', args, { cwd: place, shell: process.platform === 'win32', encoding: 'utf8' })
  npm(['init', '--yes', '--silent'])
  // what it depends on stands in for the registry: copied from here, and npm may ask nobody
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  const quiet = ['--offline', '--no-audit', '--no-fund', '--loglevel=error']
  npm([
    'install',
    ...quiet,
    '--install-links',
    join(folder, tarball),
    ...runtimePackages().map((path) => join(root, path)),
  ])
  const installed = JSON.parse(
    readFileSync(join(place, 'node_modules', '.package-lock.json'), 'utf8'),
  ).packages
  expect(Object.keys(installed).sort()).toEqual(['node_modules/trackio-lite', ...runtimePackages()].sort())
  const { url, stop } = await serveWith(['runs'], { cwd: place, npx: true })
  try {
    expect(await (await fetch(url)).text()).toContain('<title>Trackio Lite</title>')
    expect((await fetch(`${url}trackio.js`)).status).toBe(200)
    expect(await (await fetch(`${url}files/index.json`)).json()).toMatchObject({ files: [{ path: 'a.db' }] })
  } finally {
    expect(await stop()).toMatchObject({ stderr: '' })
  }
})

/** Where the lock file has what comes with `npm install trackio-lite`. */
function runtimePackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries<{ dev?: boolean }>(packages).flatMap(([path, { dev }]) =>
    path === '' || dev ? [] : [path],
  )
}

/** What a module imports by a text, static or not. */
function importsOf(text: string): string[] {
  const { staticImports, staticExports, dynamicImports } = parseSync('module.js', text).module
  const fixed = [...staticImports, ...staticExports.flatMap(({ entries }) => entries)].map(
    ({ moduleRequest }) => moduleRequest?.value,
  )
  const later = dynamicImports.map(
    ({ moduleRequest }) => /^(["'`])(.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[2],
  )
  return [...fixed, ...later].filter((name) => name !== undefined)
}

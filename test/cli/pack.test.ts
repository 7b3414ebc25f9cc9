import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
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
    .map((entry) => relative(join(folder, 'package'), join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('npm pack takes the command, the built page, the types and what tells about them, and nothing else', () => {
  expect(files).toEqual(
    expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'src/cli.mjs', 'src/cli/server.mjs', 'dist/index.html']),
  )
  expect(
    files.filter((path) => !/^(package\.json|README\.md|LICENSE|src\/cli(\.mjs|\/[\w-]+\.mjs)|dist\/.+|types\/.+\.d\.ts)$/.test(path)),
  ).toEqual([])
})

test('what is packed runs where it is installed: the page with a folder of runs', async () => {
  const place = join(folder, 'node_modules', 'trackio-lite')
  mkdirSync(dirname(place))
  renameSync(join(folder, 'package'), place)
  // as npm installs them beside it
  for (const name of ['sirv', 'open'])
    symlinkSync(realpathSync(join(root, 'node_modules', name)), join(folder, 'node_modules', name), 'junction')
  mkdirSync(join(folder, 'runs'))
  writeFileSync(join(folder, 'runs', 'a.db'), '')
  const served = await serveWith([join(folder, 'runs')], { script: join(place, 'src', 'cli.mjs') })
  expect(await (await fetch(served.url)).text()).toContain('<title>Trackio Lite</title>')
  expect(await (await fetch(`${served.url}files/index.json`)).json()).toMatchObject({ files: [{ path: 'a.db' }] })
  expect(await served.stop()).toMatchObject({ code: 0, stderr: '' })
})

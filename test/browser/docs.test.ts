import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { filesOf } from '../engine/golden-fixtures.ts'
import { builtPage, openPage, useBrowser, useFolder, useServer } from './harness.ts'
import { DEMO_FILE } from './steps.ts'

/*
 * The code of docs/embedding.md, run as it stands there.
 */

const DOCS = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'embedding.md'), 'utf8')
const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; assert sys.version_info >= (3, 8)']).status === 0,
)
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())
const other = await useServer(folder)

beforeAll(async () => {
  for (const { path, file } of filesOf('wal-0.43.0'))
    writeFileSync(join(folder, path), new Uint8Array(await file.arrayBuffer()))
  copyFileSync(DEMO_FILE, join(folder, 'demo.db'))
})

function code(language: string): string[] {
  const found = [...DOCS.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(([, name]) => name === language)
  return found.map(([, , text]) => (text ?? '').replaceAll('https://YOUR-HOST', site.origin))
}

/** A page of another site with this in it; resolves once the frame in it shows charts. */
async function show(html: string): Promise<{ page: Page; project: string; close(): Promise<void> }> {
  writeFileSync(
    join(folder, 'page.html'),
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>${html}`,
  )
  const { page, expectClean, close } = await openPage(
    browser,
    `${other.url.replace('127.0.0.1', 'localhost')}page.html`,
  )
  const inside = () => page.frames().find((one) => one.url().startsWith(site.url))
  await expect.poll(inside).toBeDefined()
  const frame = inside()
  if (!frame) throw new Error('no frame')
  await frame.waitForFunction(
    () => document.documentElement.dataset.ready === 'true' && document.querySelector('figure[data-metric]'),
  )
  const project = await frame.evaluate(() => document.querySelector('h1')?.textContent ?? '')
  expectClean()
  return { page, project, close }
}

describe.skipIf(!python)('a notebook', () => {
  /** What the cells give, without IPython itself: its two classes only carry what they are given. */
  function cell(lines: string): string {
    mkdirSync(join(folder, 'IPython'), { recursive: true })
    writeFileSync(
      join(folder, 'IPython', 'display.py'),
      'class IFrame:\n    def __init__(self, src, width, height): self.src = src\nclass HTML:\n    def __init__(self, data): self.data = data\n',
    )
    const { stdout, stderr, status } = spawnSync(String(python), ['-c', lines], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: folder, PYTHONIOENCODING: 'utf-8' },
    })
    expect([status, stderr]).toEqual([0, ''])
    return stdout.trim()
  }

  test('shows an address', () => {
    const [text = ''] = code('python')
    const [address, all] = cell(
      `${text.trim().replace(/\n(show\(.*\))$/, '\nprint($1.src)')}\nprint(show("my project", bucket="user/name", metrics="train/loss").src)`,
    ).split('\n')
    expect(address).toBe(`${site.origin}/?sidebar=hidden&dataset=user%2Fmy-experiments`)
    expect(Object.fromEntries(new URL(all ?? '').searchParams)).toEqual({
      sidebar: 'hidden',
      bucket: 'user/name',
      metrics: 'train/loss',
      project: 'my project',
    })
  })

  test('hands over a database that it has just written, with its log', async () => {
    const text =
      code('python')[1]?.replace(
        '~/.cache/huggingface/trackio/my-project.db',
        join(folder, 'walproject.db'),
      ) ?? ''
    const html = cell(text.trim().replace(/\n(show_file\(.*\))$/, '\nprint($1.data)'))
    const { project, close } = await show(html)
    expect(project).toBe('Metrics of walproject')
    await close()
  })
})

test('the example of messages opens a file, and asks', async () => {
  const [text = ''] = code('js')
  const { page, project, close } = await show(`
    <iframe title="runs" width="800" height="480"></iframe>
    <script type="module">
      const file = new File([await (await fetch('demo.db')).blob()], 'demo.db')
      ${text}
      Reflect.set(globalThis, 'ask', ask)
    </script>`)
  expect(project).toBe('Metrics of demo')
  expect(await page.evaluate(() => Reflect.get(globalThis, 'ask')({ type: 'getState' }))).toMatchObject({
    type: 'state',
    state: { project: 'demo', metrics: ['train/loss'] },
  })
  await close()
})

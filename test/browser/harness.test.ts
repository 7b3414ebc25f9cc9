import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dropFiles, dropPaths, launch, openPage, type Served, serve } from './harness.ts'

const PAGE = `<!doctype html><title>drops</title><link rel="icon" href="data:,"><script>
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', async (event) => {
    event.preventDefault()
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry())
    const files = [...event.dataTransfer.files]
    const sums = entries.some((entry) => entry?.isDirectory) ? [] : await Promise.all(files.map(async (file) =>
      new Uint8Array(await file.arrayBuffer()).reduce((sum, byte) => (sum * 31 + byte) % 65521, 0)))
    document.title = JSON.stringify({ names: files.map((file) => file.name), sums, folders: entries.map((entry) => entry?.isDirectory ?? null) })
  })
</script>`

let folder: string
let browser: Browser
let site: Served

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trackio-lite-drop-'))
  writeFileSync(join(folder, 'index.html'), PAGE)
  mkdirSync(join(folder, 'trackio'))
  writeFileSync(join(folder, 'trackio', 'a.db'), 'abc')
  site = await serve(folder)
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('dropFiles brings names and bytes, in more than one chunk too', async () => {
  const bytes = Uint8Array.from({ length: 7_000_001 }, (_, index) => (index * 7) % 251)
  const sum = (all: Uint8Array) => all.reduce((total, byte) => (total * 31 + byte) % 65521, 0)
  const { page, expectClean, close } = await openPage(browser, site.url)
  await dropFiles(page, [join(folder, 'trackio', 'a.db'), { name: 'big.db', bytes }])
  await page.waitForFunction(() => document.title.startsWith('{'))
  expect(JSON.parse(await page.title())).toEqual({
    names: ['a.db', 'big.db'],
    sums: [sum(new TextEncoder().encode('abc')), sum(bytes)],
    folders: [null, null],
  })
  expectClean()
  await close()
})

test('dropPaths brings real entries, folders too', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  await dropPaths(page, [join(folder, 'trackio', 'a.db'), join(folder, 'trackio')])
  await page.waitForFunction(() => document.title.startsWith('{'))
  expect(JSON.parse(await page.title())).toEqual({
    names: ['a.db', 'trackio'],
    sums: [],
    folders: [false, true],
  })
  expectClean()
  await close()
})

test('console errors and uncaught errors are problems', async () => {
  const { page, problems, expectClean, close } = await openPage(browser, site.url)
  await page.evaluate(() => {
    console.error('first')
    setTimeout(() => {
      throw new Error('second')
    })
  })
  await expect.poll(() => problems.length).toBe(2)
  expect(() => expectClean()).toThrow()
  expectClean(/first/, /second/)
  await close()
})

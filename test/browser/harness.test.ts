import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import {
  builtPage,
  dropFiles,
  dropPaths,
  openPage,
  ready,
  serve,
  useBrowser,
  useFolder,
  usePage,
  useServer,
} from './harness.ts'
import { DEMO } from './steps.ts'

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

const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(folder)

beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), PAGE)
  mkdirSync(join(folder, 'trackio'))
  writeFileSync(join(folder, 'trackio', 'a.db'), 'abc')
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

test('a page that was closed goes on by a link; one in use does not, nor one with a dialog over it', async () => {
  const app = await serve(builtPage())
  let opens = 0
  const opened = usePage(async (hash) => {
    opens++
    const session = await openPage(browser, `${app.url}?db=${DEMO}.db${hash}`)
    await ready(session.page)
    return session
  })
  const first = await opened('#/metrics?smoothing=0')
  const beside = await opened('#/metrics')
  expect(opens).toBe(2)
  await first.close()
  const again = await opened('#/runs')
  expect([again.page === first.page, opens]).toEqual([true, 2])
  expect(await again.page.evaluate(() => document.documentElement.dataset.page)).toBe('runs')
  await again.page.keyboard.press('?')
  await again.page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await again.close()
  expect(again.page.isClosed()).toBe(true)
  await beside.close()
  expect((await opened('#/metrics')).page).toBe(beside.page)
  expect(opens).toBe(2)
  await app.close()
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

test('a page that crashes takes no other with it', async () => {
  const [broken, whole] = [await openPage(browser, site.url), await openPage(browser, site.url)]
  const crashed = broken.page.waitForEvent('crash')
  const session = await broken.page.context().newCDPSession(broken.page)
  session.send('Page.crash').catch(() => {}) // the page is gone before it can answer
  await crashed
  expect(broken.problems).toEqual(['the page crashed'])
  expect(await whole.page.title()).toBe('drops')
  whole.expectClean()
})

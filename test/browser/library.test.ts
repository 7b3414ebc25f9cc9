import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { filesOf } from '../engine/golden-fixtures.ts'
import { buildPage } from './build.ts'
import { launchLasting, useBrowser, useFolder, useServer } from './harness.ts'
import type { LibraryPage } from './library/main.ts'

// The library on the real storage of a real browser; its rules are tested in test/engine/library.test.ts.

const WAL = ['walproject.db', 'walproject.db-wal']
const DEMO = ['demoprojectv4ö.db']
const folder = useFolder()
// its own origin each time, and readable for a frame without one
const site = await useServer(join(folder, 'site'), { cors: true })
const browser = await useBrowser()

beforeAll(async () => {
  await buildPage('library', join(folder, 'site'))
  mkdirSync(join(folder, 'site', 'data'))
  for (const { path, file } of [...filesOf('wal-0.43.0'), ...filesOf('v0.43.0')]) {
    writeFileSync(join(folder, 'site', 'data', path), new Uint8Array(await file.arrayBuffer()))
  }
})

test('a kept project is listed, opened with the rows of its log, renamed, exported and removed', async () => {
  const { page, context } = await tab()
  expect(await call(page, 'list')).toEqual([])
  expect(await call(page, 'keep', WAL)).toMatchObject({
    name: 'walproject',
    form: 'database',
    from: 'a test',
  })
  expect(await call(page, 'keep', WAL)).toMatchObject({ name: 'walproject (2)' })
  const rows = await call(page, 'rows', 'walproject')
  expect(Object.values(rows as Record<string, number>).reduce((a, b) => a + b, 0)).toBeGreaterThan(0)

  // another tab sees the same, and what it changes
  const other = await tab(context)
  expect(await call(other.page, 'rename', 'walproject (2)', 'second look')).toMatchObject({
    name: 'second look',
  })
  expect(await namesIn(page)).toEqual(['second look', 'walproject'])
  expect(await call(page, 'rows', 'second look')).toEqual(rows)

  const exported = await call(page, 'exported', 'second look')
  expect(exported).toMatchObject({
    head: 'SQLite format 3',
    files: { 'metrics.parquet': expect.any(Number), 'runs.json': expect.any(Number) },
  })

  // an open copy that is removed elsewhere says so instead of giving something else
  expect(await call(page, 'hold', 'second look')).toBe((exported as { db: number }).db)
  expect(await call(other.page, 'remove', 'second look')).toBe(null)
  expect(await call(page, 'heldByte')).toMatchObject({ failed: true, name: 'ChangedOnDiskError' })
  expect(await namesIn(page)).toEqual(['walproject'])
  await call(page, 'remove', 'walproject')
  expect(await call(page, 'files')).toEqual({})
  await context.close()
})

// a private window keeps its files in memory, and is full in another way
test.each(['private', 'lasting'])(
  'a full disk ends a copy and everything else stays whole, in a %s window',
  async (kind) => {
    const own = kind === 'lasting' ? await launchLasting(join(folder, 'profile')) : undefined
    const { page, context } = await tab(own)
    await call(page, 'keep', WAL)
    const before = await call(page, 'files')
    const rows = await call(page, 'rows', 'walproject')
    const devtools = await context.newCDPSession(page)
    const full = { origin: site.origin, quotaSize: 8_000_000 }
    await devtools.send('Storage.overrideQuotaForOrigin', full)

    expect(await call(page, 'keepLarge', 'demoprojectv4ö.db', 20_000_000)).toMatchObject({
      failed: true,
      name: 'TrackioError',
      subject: 'demoprojectv4ö',
      message: expect.stringMatching(/^no room in this browser: 20 MB needed, and it refused to write it/),
      action: expect.stringMatching(/Nothing was changed/),
    })
    expect(await call(page, 'files')).toEqual(before)
    expect(await namesIn(page)).toEqual(['walproject'])
    expect(await call(page, 'rows', 'walproject')).toEqual(rows)
    // what failed took no room with it
    expect(await call(page, 'keep', DEMO)).toMatchObject({ name: 'demoprojectv4ö' })
    expect(await call(page, 'rows', 'walproject')).toEqual(rows)
    await context.close()
  },
)

test('what cannot fit is refused before anything is written, where the browser says how much is free', async () => {
  const { page, context } = await tab()
  await call(page, 'say', 1_100_000)
  expect(await call(page, 'room')).toEqual({
    used: 1_000_000,
    quota: 1_100_000,
    free: 100_000,
    persisted: false,
  })
  expect(await call(page, 'keep', DEMO)).toMatchObject({
    name: 'TrackioError',
    subject: 'demoprojectv4ö',
    message: 'no room in this browser: 279 kB needed, 100 kB of 1.1 MB free',
  })
  expect(await call(page, 'files')).toEqual({})
  await context.close()
})

test('a tab that is closed while it copies leaves nothing that is listed, and the next one clears it away', async () => {
  const first = await tab()
  await call(first.page, 'keep', WAL)
  void call(first.page, 'endless').catch(() => {}) // never answers: the page goes
  const { page, context } = await tab(first.context)
  const halves = async (): Promise<string[]> =>
    Object.keys((await call(page, 'files')) as object).filter((path) => path.includes('half'))
  await expect.poll(halves, { timeout: 10_000 }).toHaveLength(1)
  // while it is being written nobody takes it for a leftover
  expect(await namesIn(page)).toEqual(['walproject'])
  expect(await halves()).toHaveLength(1)

  await first.page.close()
  await expect
    .poll(
      async () => {
        const next = await tab(context)
        const names = await namesIn(next.page)
        await next.page.close()
        return [names, await halves()]
      },
      { timeout: 10_000 },
    )
    .toEqual([['walproject'], []])
  await context.close()
})

test('two writes of one file at once leave one of them, whole', async () => {
  const { page, context } = await tab()
  expect(await call(page, 'twoWrites')).toEqual({ paths: ['a/b.bin 2000000'], same: true, after: [] })
  await context.close()
})

test('what is being tracked is read while it is held open for writing, and a change is noticed', async () => {
  const context = await launchLasting(join(folder, 'tracking'))
  const { page } = await tab(context)
  const { rows, changed } = (await call(page, 'tracked', 'demoprojectv4ö.db')) as {
    rows: number[]
    changed: string
  }
  expect(rows.reduce((a, b) => a + b, 0)).toBeGreaterThan(100)
  expect(changed).toBe('ChangedOnDiskError')
  await context.close()
})

test('where the browser gives no storage the refusal says what to do', async () => {
  const { page, context } = await tab()
  await page.setContent(`<iframe sandbox="allow-scripts" src="${site.url}"></iframe>`)
  const frame = page.frames().find((one) => one !== page.mainFrame())
  await frame?.waitForFunction(() => 'library' in window)
  const refusal = await frame?.evaluate(() =>
    (window as unknown as { library: LibraryPage }).library.refusal(),
  )
  expect(refusal).toMatchObject({
    name: 'TrackioError',
    subject: 'storage',
    action: expect.stringContaining('tab of its own'),
  })
  expect(refusal).toMatchObject({ message: expect.stringContaining('SecurityError') })
  await context.close()
})

async function tab(within?: BrowserContext): Promise<{ page: Page; context: BrowserContext }> {
  const context = within ?? (await browser.newContext())
  const page = await context.newPage()
  await page.goto(site.url)
  await page.waitForFunction(() => 'library' in window)
  return { page, context }
}

function call(page: Page, method: string, ...args: unknown[]): Promise<unknown> {
  return page.evaluate(
    ([method, args]) => (window as unknown as { library: LibraryPage }).library.call(method, ...args),
    [method, args] as const,
  )
}

async function namesIn(page: Page): Promise<string[]> {
  return ((await call(page, 'list')) as { name: string }[]).map(({ name }) => name)
}

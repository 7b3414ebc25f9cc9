import { cpSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { filesOf } from '../engine/golden-fixtures.ts'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import {
  builtPage,
  dropFiles,
  dropPaths,
  openPage,
  ready,
  type Served,
  type ServeOptions,
  serve,
  useBrowser,
  useFolder,
  useServer,
} from './harness.ts'
import { charts, DEMO, DEMO_FILE, dropAndDraw, figure, history, onPage, said, shownRuns } from './steps.ts'

/*
 * Every way in, and every way in which it can go wrong.
 */

const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())

describe('files', () => {
  test('a database with its log: rows that are only in the log appear', async () => {
    const root = await unpack('wal-0.43.0')
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [join(root, 'walproject.db'), join(root, 'walproject.db-wal')])
    expect((await shownRuns(page)).sort()).toEqual(['checkpointed', 'only in wal'])
    expect((await history(page, 'walproject', 'only in wal')).loss?.values).toHaveLength(20)
    expect((await history(page, 'walproject', 'checkpointed')).loss?.values).toHaveLength(50)
    expect(await page.locator('.log-mark').count()).toBe(0)
    expectClean()
    await close()
  })

  test('a log that is cut off counts up to its last whole commit, as SQLite counts it', async () => {
    const root = await unpack('damaged-wal')
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [join(root, 'walproject.db'), join(root, 'walproject.db-wal')])
    expect(await shownRuns(page)).toEqual(['checkpointed'])
    expect((await history(page, 'walproject', 'checkpointed')).loss?.values).toHaveLength(50)
    expectClean()
    await close()
  })

  test('a database in WAL mode without its log has a mark beside its name, and the words for it where the source is', async () => {
    const root = await unpack('wal-0.43.0')
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [join(root, 'walproject.db')])
    expect(await shownRuns(page)).toEqual(['checkpointed'])
    expect(
      (await said(page)).filter((words) => /-wal/.test(words)),
      'nothing over the charts',
    ).toEqual([])
    const source = page.getByRole('button', { name: 'Source', exact: true })
    expect(await source.getAttribute('aria-description')).toMatch(
      /walproject\.db.*newer rows are missing.*walproject\.db-wal/,
    )
    expect(await page.locator('.source-line .log-mark').isVisible()).toBe(true)
    await source.click()
    await page.getByRole('menu', { name: 'Source' }).getByText('newer rows are missing').waitFor()
    expectClean()
    await close()
  })

  test('several at once are several projects in the picker', async () => {
    const root = await unpack('v0.43.0')
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [DEMO_FILE, join(root, 'demoprojectv4ö.db'), join(root, 'demoprojectv4öcsv.db')])
    const picker = page.getByRole('combobox', { name: 'Project', exact: true })
    expect((await picker.locator('option').allTextContents()).sort()).toEqual([
      'demoprojectv4ö',
      'demoprojectv4öcsv',
      DEMO,
    ])
    await picker.selectOption({ label: 'demoprojectv4ö' })
    await ready(page)
    expect(await shownRuns(page)).toContain('lr 1e-3/50% #5 🚀')
    await picker.selectOption({ label: DEMO })
    await ready(page)
    expect(await shownRuns(page)).toContain('muon-lr2e-2-s0')
    expectClean()
    await close()
  })

  test('the file dialog, again with another file, and closing one', async () => {
    const root = await unpack('v0.3.2')
    const { page, expectClean, close } = await openPage(browser, site.url)
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose files' }).click(),
    ])
    await chooser.setFiles([DEMO_FILE])
    await onPage(page, 'metrics')
    await ready(page)
    expect(await shownRuns(page)).toHaveLength(8)
    await page
      .locator('input[type=file][aria-label="Choose files"]')
      .setInputFiles([join(root, 'diffusionv1.db')])
    const picker = page.getByRole('combobox', { name: 'Project', exact: true })
    await expect.poll(() => picker.locator('option:checked').textContent()).toBe('diffusionv1')
    await ready(page)
    await page.getByRole('button', { name: 'Source', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Close diffusionv1.db' }).click()
    await expect.poll(() => picker.locator('option').allTextContents()).toEqual([DEMO])
    await ready(page)
    expect(await shownRuns(page)).toHaveLength(8)
    expectClean()
    await close()
  })

  test('bytes without a place on disk', async () => {
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropFiles(page, [DEMO_FILE])
    await onPage(page, 'metrics')
    await ready(page)
    expect(await shownRuns(page)).toHaveLength(8)
    expectClean()
    await close()
  })

  test('the demo at one click', async () => {
    const { page, expectClean, close } = await openPage(browser, site.url)
    await page.getByRole('button', { name: /Optimizers on GPT-2/ }).click()
    await onPage(page, 'metrics')
    await ready(page)
    expect(await shownRuns(page)).toHaveLength(8)
    await expect.poll(() => page.url()).toContain(`?db=${DEMO}.db`)
    expectClean()
    await close()
  })
})

describe('a folder', () => {
  test('rows that are logged later appear by themselves, also a new run and a new project', async () => {
    const root = join(folder, 'live', 'trackio')
    mkdirSync(root, { recursive: true })
    const made = await makeProject()
    made.log('first', 40)
    writeFileSync(join(root, 'live.db'), made.file())
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [root])
    const limit = () => figure(page, 'loss').getAttribute('data-xmax')
    expect([await limit(), await page.getByRole('complementary').textContent()]).toEqual([
      '39',
      expect.stringContaining('live'),
    ])
    made.log('first', 60)
    writeFileSync(join(root, 'live.db'), made.file())
    await expect.poll(limit, { timeout: 10_000 }).toBe('99')
    expect((await history(page, 'live', 'first')).loss?.values).toHaveLength(100)
    made.log('second', 5)
    writeFileSync(join(root, 'live.db'), made.file())
    await expect.poll(() => shownRuns(page), { timeout: 10_000 }).toEqual(['second', 'first'])
    writeFileSync(join(root, 'other.db'), made.file())
    await expect
      .poll(
        () =>
          page.getByRole('combobox', { name: 'Project', exact: true }).locator('option').allTextContents(),
        { timeout: 10_000 },
      )
      .toEqual(['live', 'other'])
    expect(
      await page
        .getByRole('combobox', { name: 'Project', exact: true })
        .locator('option:checked')
        .textContent(),
    ).toBe('live')
    made.close()
    expectClean()
    await close()
  })

  test('a log that appears beside its database is read', async () => {
    const source = await unpack('wal-0.43.0')
    const root = join(folder, 'wal', 'trackio')
    mkdirSync(root, { recursive: true })
    cpSync(join(source, 'walproject.db'), join(root, 'walproject.db'))
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [root])
    expect(await shownRuns(page)).toEqual(['checkpointed'])
    cpSync(join(source, 'walproject.db-wal'), join(root, 'walproject.db-wal'))
    await expect
      .poll(async () => (await shownRuns(page)).toSorted(), { timeout: 10_000 })
      .toEqual(['checkpointed', 'only in wal'])
    expect((await history(page, 'walproject', 'checkpointed')).loss?.values).toHaveLength(50)
    expectClean()
    await close()
  })

  test('a folder without a database says so', async () => {
    const root = join(folder, 'empty')
    mkdirSync(root, { recursive: true })
    writeFileSync(join(root, 'notes.txt'), 'nothing')
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropPaths(page, [root])
    await expect.poll(() => alerts(page)).toMatch(/empty.*no trackio database/)
    expectClean()
    await close()
  })

  test('what is drawn stays when the folder loses its database, and the page says so', async () => {
    const root = join(folder, 'lost', 'trackio')
    mkdirSync(root, { recursive: true })
    cpSync(DEMO_FILE, join(root, 'demo.db'))
    const { page, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [root])
    const before = await charts(page)
    rmSync(join(root, 'demo.db'))
    await page.getByText('stale', { exact: true }).waitFor({ timeout: 10_000 })
    expect(await charts(page)).toEqual(before)
    await close()
  })
})

describe('an address', () => {
  test('with ranges: the charts are drawn, and no byte is read twice over', async () => {
    const { url, host, end } = await hosted({ cors: true })
    const { page, expectClean, close } = await openPage(browser, url)
    await ready(page)
    expect(await shownRuns(page)).toHaveLength(8)
    const asked = host.requests.filter(({ path }) => path.endsWith('.db'))
    expect(asked.every(({ status }) => status === 206)).toBe(true)
    expect(host.bytes('.db')).toBeLessThan(1.2 * 1_994_752)
    expect(await page.getByRole('contentinfo').textContent()).toMatch(/read from 127\.0\.0\.1/)
    expectClean(/\.db-wal/)
    await close()
    await end()
  })

  test('without ranges: one download', async () => {
    const { url, host, end } = await hosted({ cors: true, ranges: false })
    const { page, expectClean, close } = await openPage(browser, url)
    await ready(page)
    expect(await shownRuns(page)).toHaveLength(8)
    expect(host.bytes('.db')).toBe(1_994_752)
    expectClean(/\.db-wal/)
    await close()
    await end()
  })

  test('an answer of 404, no CORS, no host, no database: each says what and where', async () => {
    const { host, end } = await hosted({ cors: true })
    const closed = await hosted({})
    for (const [address, words] of [
      [`${host.url}gone.db`, /gone\.db.*404/],
      [`${closed.host.url}${DEMO}.db`, /no answer.*CORS/],
      ['http://127.0.0.1:9/x.db', /127\.0\.0\.1:9.*no answer/],
      [`${site.url}index.html`, /index\.html.*a web page came in its place/],
    ] as const) {
      const { page, close } = await openPage(browser, `${site.url}?db=${encodeURIComponent(address)}`)
      await expect.poll(() => alerts(page)).toMatch(words)
      await ready(page)
      await close()
    }
    await closed.end()
    await end()
  })

  test('a file that changes on its host while it is read says so', async () => {
    const root = join(folder, 'changing')
    mkdirSync(root, { recursive: true })
    cpSync(DEMO_FILE, join(root, 'demo.db'))
    let asked = 0
    const host = await serve(root, {
      cors: true,
      intercept(path) {
        if (path.endsWith('.db') && ++asked === 6) truncateSync(join(root, 'demo.db'), 1_000_000)
        return undefined
      },
    })
    const { page, close } = await openPage(
      browser,
      `${site.url}?db=${encodeURIComponent(`${host.url}demo.db`)}`,
    )
    await expect
      .poll(async () => (await said(page)).join('\n'), { timeout: 10_000 })
      .toMatch(/demo\.db.*changed/)
    await close()
    await host.close()
  })

  test('values that mean nothing are said quietly', async () => {
    const { page, expectClean, close } = await openPage(
      browser,
      `${site.url}?db=${DEMO}.db&smoothing=lots&xmin=left&y=cubic&runs=sgd-lr3e-1-s0,nobody&metrics=eval/loss,eval/pain`,
    )
    await ready(page)
    const more = page.getByRole('button', { name: /^\d+ more$/ })
    if (await more.count()) await more.click()
    const words = (await said(page)).join('\n')
    for (const bad of [
      /smoothing.*"lots"/,
      /xmin.*"left"/,
      /y.*"cubic"/,
      /runs.*nobody/,
      /metrics.*eval\/pain/,
    ])
      expect(words).toMatch(bad)
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await shownRuns(page)).toEqual(['sgd-lr3e-1-s0'])
    expect(await page.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('10')
    await page.getByRole('button', { name: 'Dismiss smoothing' }).click()
    expect((await said(page)).join('\n')).not.toMatch(/lots/)
    expectClean()
    await close()
  })
})

describe('what cannot be read', () => {
  const cases: [string, RegExp][] = [
    ['damaged-empty', /0 bytes|empty|no rows/],
    ['damaged-truncated', /project\.db.*(cut|short|incomplete)/],
    ['damaged-page', /project\.db.*damaged/],
    ['damaged-random', /project\.db.*(not an? .*SQLite|encrypted)/i],
    ['damaged-json', /project.*(\b6\b|six)/],
    ['foreign-places', /project\.db.*not one of trackio/],
    ['foreign-utf16', /project\.db.*UTF-16/],
  ]

  test('each says which file, what and what to do; what was open stays', async () => {
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [DEMO_FILE])
    const picker = page.getByRole('combobox', { name: 'Project', exact: true })
    for (const [name, words] of cases) {
      const root = await unpack(name)
      await dropPaths(
        page,
        filesOf(name).map(({ path }) => join(root, path)),
      )
      await expect
        .poll(async () => `${await said(page)} ${await page.getByRole('main').textContent()}`, {
          message: name,
        })
        .toMatch(words)
      await ready(page)
      expect(await picker.locator('option').allTextContents(), name).toContain(DEMO)
      if ((await picker.locator('option:checked').textContent()) === DEMO) continue
      const [other] = (await picker.locator('option').allTextContents()).filter((option) => option !== DEMO)
      expect(other, name).toMatch(/project/)
      await page.getByRole('button', { name: 'Source', exact: true }).click()
      await page.getByRole('menuitem', { name: /^Close/ }).click()
      await expect.poll(() => picker.locator('option').allTextContents()).toEqual([DEMO])
    }
    await ready(page)
    expect(await shownRuns(page)).toHaveLength(8)
    expectClean(/sqlite3/)
    await close()
  })

  test('text, a picture and an unknown name are named', async () => {
    const { page, expectClean, close } = await openPage(browser, site.url)
    for (const [name, text] of [
      ['notes.txt', 'just words'],
      ['page.db', '<!doctype html>'],
      ['tiny.db', 'SQLite format 3\0'],
    ] as const) {
      await dropFiles(page, [{ name, bytes: new TextEncoder().encode(text) }])
      await expect.poll(() => alerts(page)).toContain(name)
    }
    await ready(page)
    expect(await page.evaluate(() => document.documentElement.dataset.page)).toBe('open')
    expectClean()
    await close()
  })

  test('a chosen file that changes or vanishes before it is read is named, and what was open stays', async () => {
    const gate = await makeGate()
    const { page, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [DEMO_FILE])
    for (const [name, harm] of [
      ['cut.db', (path: string) => truncateSync(path, 4096)],
      ['gone.db', (path: string) => rmSync(path)],
    ] as const) {
      const path = join(folder, name)
      cpSync(DEMO_FILE, path)
      // the engine's thread is held while the file is chosen and then harmed
      await gate.hold(page)
      await page.locator('input[type=file][aria-label="Choose files"]').setInputFiles([path])
      harm(path)
      gate.open()
      await expect
        .poll(async () => (await said(page)).join('\n'))
        .toMatch(new RegExp(`${name}.*(changed|vanished|no longer)`))
      await ready(page)
      expect(await shownRuns(page)).toHaveLength(8)
    }
    await close()
    await gate.close()
  })
})

/** Writes a fixture's files to disk, unpacked. */
async function unpack(name: string): Promise<string> {
  const root = join(folder, 'fixtures', name)
  for (const { path, file } of filesOf(name)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), new Uint8Array(await file.arrayBuffer()))
  }
  return root
}

async function alerts(page: Page): Promise<string> {
  return (await page.getByRole('alert').allTextContents()).join('\n')
}

/** The demo on a host of its own, and the page's address that opens it there. */
async function hosted(options: ServeOptions): Promise<{ url: string; host: Served; end(): Promise<void> }> {
  const host = await serve(dirname(DEMO_FILE), options)
  const address = `${host.url}${basename(DEMO_FILE)}`
  return { url: `${site.url}?db=${encodeURIComponent(address)}`, host, end: host.close }
}

/** A project as trackio logs it, in memory; `log` adds rows to a run. */
async function makeProject(): Promise<{
  log(run: string, rows: number): void
  file(): Uint8Array
  close(): void
}> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL)`)
  const steps = new Map<string, number>()
  let row = 0
  return {
    log(run, rows) {
      for (let i = 0; i < rows; i++) {
        const step = steps.get(run) ?? 0
        steps.set(run, step + 1)
        const time = new Date(Date.UTC(2026, 0, 1) + 1000 * row++).toISOString().replace('Z', '000+00:00')
        db.exec({
          sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
          bind: [`id-${run}`, time, run, step, JSON.stringify({ loss: 1 / (step + 1), acc: step / 100 })],
        })
      }
    },
    file,
    close,
  }
}

/** Holds the engine's thread by a synchronous request that is answered when the gate opens. */
async function makeGate(): Promise<{
  hold(page: Page): Promise<void>
  open(): void
  close(): Promise<void>
}> {
  let answer: (() => void) | undefined
  let arrived: (() => void) | undefined
  const server = createServer((_request, response) => {
    answer = () => response.writeHead(204, { 'Access-Control-Allow-Origin': '*' }).end()
    arrived?.()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // an address object, as it listens on a port
  return {
    async hold(page) {
      const held = new Promise<void>((resolve) => {
        arrived = resolve
      })
      const engine = page.workers().find((worker) => /engine/.test(worker.url()))
      if (!engine) throw new Error('no engine worker')
      void engine.evaluate((url) => {
        const ask = new XMLHttpRequest()
        ask.open('GET', url, false)
        ask.send()
      }, `http://127.0.0.1:${port}/`)
      await held
    },
    open: () => answer?.(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

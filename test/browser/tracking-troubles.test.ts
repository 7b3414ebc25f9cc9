import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { trackingPage } from './build.ts'
import { useFolder, useLasting, useServer } from './harness.ts'
import type { TrackingPage } from './tracking/main.ts'
import { tabOf } from './tracking/tab.ts'

declare const window: TrackingPage & { heldBack?: Promise<unknown> }

const folder = useFolder()
// readable for a frame without an origin
const site = await useServer(await trackingPage(), { cors: true })
const context = await useLasting(join(folder, 'profile'))

/** A tab, and what it says as warnings. */
async function tab(): Promise<{ page: Page; warnings: string[] }> {
  const warnings: string[] = []
  const page = await tabOf(context, site)
  page.on('console', (message) => {
    if (message.type() === 'warning') warnings.push(message.text())
  })
  return { page, warnings }
}

test('a full disk: rows wait in memory, it is said once, and they are stored when there is room again', async () => {
  const { page, warnings } = await tab()
  const session = await context.newCDPSession(page)
  await page.evaluate(async () => {
    await window.trackio.init({ project: 'full', name: 'run' })
    window.trackio.log({ n: 0 })
    await window.trackio.flush()
  })
  const { usage } = await session.send('Storage.getUsageAndQuota', { origin: site.origin })
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: usage + 60_000 })
  const refused = await page.evaluate(async () => {
    for (let n = 1; n <= 500; n++) window.trackio.log({ n, text: 'x'.repeat(1000) })
    return window.trackio.flush().then(
      () => 'stored',
      (cause: Error) => cause.message,
    )
  })
  expect(refused).toMatch(/^no room left in this browser's storage/)
  await page.evaluate(() => window.trackio.log({ n: 501 }))
  expect(warnings.filter((text) => text.includes('no room left'))).toHaveLength(1)
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin })
  const finished = await page.evaluate(() => window.trackio.finish())
  expect(finished).toMatchObject({ rows: 502, waiting: 0, dropped: 0, kept: 'stored' })
  const { runs } = await page.evaluate(() => window.look('full'))
  expect(runs[0]?.steps).toEqual(Array.from({ length: 502 }, (_, n) => n))
  await page.close()
})

test('a media file that cannot be read any more, or finds no room: its rows and the others are stored, it is said and counted', async () => {
  const { page, warnings } = await tab()
  const session = await context.newCDPSession(page)
  const path = join(folder, 'image.png')
  writeFileSync(path, 'a picture')
  await page.evaluate(() =>
    document.body.append(Object.assign(document.createElement('input'), { type: 'file' })),
  )
  await page.locator('input[type=file]').setInputFiles(path)
  // gone, not changed: when the browser notes by what it knows the chosen file again is its own affair
  rmSync(path)
  const finished = await page.evaluate(async () => {
    const { trackio } = window
    const [file] = document.querySelector('input')?.files ?? []
    if (!file) throw new Error('no file')
    await trackio.init({ project: 'media', name: 'a\\b' })
    trackio.log({ n: 0, image: new trackio.Image(file) })
    trackio.log({ n: 1, image: new trackio.Image(new Blob(['ok'], { type: 'image/png' })) })
    await trackio.flush()
    return trackio.finish()
  })
  expect(finished).toMatchObject({ rows: 2, unstored: 1, waiting: 0, dropped: 0 })
  expect(warnings).toEqual([
    expect.stringMatching(
      /^trackio could not store the file media\/a\\b\/0\/.*\.png of run 'a\\b': Error: it is empty, or was removed after it was chosen\. The row that names it is stored\.$/,
    ),
  ])
  // a backslash in the run's name, which no browser takes in a file's
  const files = await page.evaluate(async () =>
    (await window.trackio.exportFiles('media')).map(({ path }) => path),
  )
  expect(files).toEqual(['media.db', expect.stringMatching(/^media\/media\/a\/b\/1\/.*\.png$/)])

  const { usage } = await session.send('Storage.getUsageAndQuota', { origin: site.origin })
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: usage + 300_000 })
  const large = await page.evaluate(async () => {
    const { trackio } = window
    await trackio.init({ project: 'media', name: 'large' })
    trackio.log({
      n: 0,
      image: new trackio.Image(new Blob([new Uint8Array(2_000_000)], { type: 'image/png' })),
    })
    trackio.log({ n: 1 })
    const why = await trackio.flush().then(
      () => '',
      (cause: Error) => cause.message,
    )
    for (;;) {
      const stored = await trackio.flush().then(
        () => true,
        () => false,
      )
      if (stored) return { why, finished: await trackio.finish() }
      await new Promise((resolve) => setTimeout(resolve))
    }
  })
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin })
  expect(large.why).toMatch(/^the file media\/large\/0\/.*\.png could not be stored: QuotaExceededError/)
  expect(large.finished).toMatchObject({ rows: 2, unstored: 1, waiting: 0 })
  const { runs } = await page.evaluate(() => window.look('media'))
  expect(runs.map(({ steps }) => steps)).toEqual([
    [0, 1],
    [0, 1],
  ])
  await page.close()
})

test('storage cleared while a run logs: it is said, and logging goes on in a new file with the config', async () => {
  const { page, warnings } = await tab()
  const session = await context.newCDPSession(page)
  await page.evaluate(async () => {
    await window.trackio.init({ project: 'cleared', name: 'run', config: { lr: 1 } })
    window.trackio.log({ n: 0 })
    await window.trackio.flush()
  })
  await session.send('Storage.clearDataForOrigin', { origin: site.origin, storageTypes: 'file_systems' })
  // the writer looks every two seconds whether its files are still there, and says nothing when they are
  await page.waitForTimeout(2100)
  await page.evaluate(async () => {
    window.trackio.log({ n: 1 })
    await window.trackio.finish()
  })
  expect(warnings.find((text) => text.includes('storage was cleared'))).toMatch(
    /What was stored before is gone/,
  )
  const { runs } = await page.evaluate(() => window.look('cleared'))
  expect(runs).toEqual([{ name: 'run', steps: [1] }])
  const config = await page.evaluate(async () => {
    const text = await (await window.trackio.exportDatabase('cleared')).text()
    return /\{"lr":1,[^}]*\}/.exec(text)?.[0]
  })
  expect(config).toMatch(/^\{"lr":1,"_Username":null/)
  await page.close()
})

test('two tabs that log to one run: every row of both is there, each once', async () => {
  const [first, second] = [(await tab()).page, (await tab()).page]
  const begin = (page: Page): Promise<string> =>
    page.evaluate(
      async () => (await window.trackio.init({ project: 'both', name: 'run', resume: 'allow' })).id,
    )
  const log = (page: Page): Promise<void> =>
    page.evaluate(async () => {
      for (let n = 0; n < 200; n++) {
        window.trackio.log({ n })
        if (n % 50 === 0) await window.trackio.flush()
      }
      await window.trackio.flush()
    })
  const id = await begin(first)
  await log(first)
  expect([await begin(first), await begin(second)]).toEqual([id, id])
  await Promise.all([log(first), log(second)])
  const { runs } = await first.evaluate(() => window.look('both'))
  // each counts on from what it found, so steps come twice
  expect(runs.map(({ steps }) => steps.length)).toEqual([600])
  expect(new Set(runs[0]?.steps).size).toBe(400)
  await first.close()
  await second.close()
})

test('a frame of another site, whose storage is blocked: kept in memory, said once, and it can be saved', async () => {
  const page = await context.newPage()
  const warnings: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'warning') warnings.push(message.text())
  })
  // localhost and 127.0.0.1 are different sites; Debian's Chromium blocks the storage of frames of others
  await page.goto(site.url.replace('127.0.0.1', 'localhost'))
  const finished = await framed(page, `<iframe src="${site.url}"></iframe>`)
  expect(finished).toMatchObject({ rows: 100, waiting: 0, kept: 'memory', saved: expect.any(Number) })
  expect(warnings.filter((text) => text.includes('kept in memory'))).toEqual([
    expect.stringMatching(
      /^trackio: this page may not store anything \((SecurityError|UnknownError).*Call trackio\.download\(\) to save them\.$/,
    ),
  ])
  await page.close()
})

test('a frame without an origin, which may not even have a worker: kept in memory on its own thread', async () => {
  const page = await context.newPage()
  await page.goto(site.url)
  const finished = await framed(page, `<iframe sandbox="allow-scripts" src="${site.url}"></iframe>`)
  expect(finished).toMatchObject({ rows: 100, waiting: 0, kept: 'memory', saved: expect.any(Number) })
  expect(finished.saved).toBeGreaterThan(4096)
  await page.close()
})

async function framed(page: Page, html: string): Promise<{ saved: number }> {
  await page.setContent(html)
  const frame = page.frames().find((one) => one !== page.mainFrame())
  if (!frame) throw new Error('no frame')
  await frame.waitForFunction(() => 'trackio' in window)
  return frame.evaluate(async () => {
    const { trackio } = window
    void trackio.init({ project: 'framed' })
    for (let n = 0; n < 100; n++) trackio.log({ n })
    const finished = await trackio.finish()
    return { ...finished, saved: (await trackio.exportDatabase('framed')).size }
  })
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type {} from '../../src/state/host/page-api.ts'
import { builtPage, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { charts, DEMO, run, shownRuns } from './steps.ts'

/*
 * The page inside other pages, and below a path of its host.
 */

const folder = useFolder()
const browser = await useBrowser('whole')
const site = await useServer(builtPage(), { subpath: '/spaces/me/trackio' })
const other = await useServer(folder)

/**
 * A page of another site with the dashboard in a frame. The name instead of the number makes it another site,
 * not only another origin.
 */
async function embed(
  query: string,
  attributes = '',
): Promise<{ page: Page; frame: Frame; expectClean(): void; close(): Promise<void> }> {
  const name = `${encodeURIComponent(query)}.html`.replaceAll('%', '_')
  writeFileSync(
    join(folder, name),
    `<!doctype html><html lang="en"><title>Another page</title><link rel="icon" href="data:,"><body style="margin:0">
     <iframe title="runs" width="800" height="480" style="border:0" ${attributes} src="${site.url}?${query.replaceAll('&', '&amp;')}"></iframe>
     <div style="height:3000px"></div></body></html>`,
  )
  const opened = await openPage(browser, other.url.replace('127.0.0.1', 'localhost') + name)
  const frame = opened.page.frames().find((one) => one.url().startsWith(site.url))
  if (!frame) throw new Error('no frame')
  await frame.waitForFunction(() => document.documentElement.dataset.ready === 'true', undefined, {
    timeout: 20_000,
  })
  return { ...opened, frame }
}

test('in a frame of another site, without storage: the charts asked for and nothing else', async () => {
  const { page, frame, expectClean, close } = await embed(
    `db=${DEMO}.db&sidebar=hidden&metrics=train/loss,eval_loss`,
  )
  const storage = await frame.evaluate(() => {
    try {
      return `storage of length ${localStorage.length}`
    } catch (error) {
      return error instanceof Error ? error.name : String(error)
    }
  })
  expect(storage, 'this test is about blocked storage').toBe('SecurityError')
  const figures = frame.locator('figure[data-metric]')
  expect(
    await figures.evaluateAll((all) =>
      all.map((one) => [one.dataset.metric, one.dataset.state, one.dataset.series]),
    ),
  ).toEqual([
    ['train/loss', 'ready', '8'],
    ['eval/loss', 'ready', '8'],
  ])
  expect(await frame.locator('aside').count()).toBe(0)
  expect(
    await frame.evaluate(() => {
      const { scrollHeight, scrollWidth } = document.documentElement
      const out = [...document.querySelectorAll('body *')].filter((one) => {
        const { right, bottom } = one.getBoundingClientRect()
        return right > innerWidth + 1 || bottom > innerHeight + 1
      })
      return scrollHeight <= innerHeight && scrollWidth <= innerWidth
        ? 'fits'
        : `${scrollWidth} × ${scrollHeight} in ${innerWidth} × ${innerHeight}: ${out
            .slice(0, 5)
            .map((one) => `${one.tagName}.${one.className}`)
            .join(', ')}`
    }),
  ).toBe('fits')
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)

  const full = frame.getByRole('link', { name: 'Open full' })
  expect(await full.getAttribute('target')).toBe('_blank')
  const address = await full.evaluate((link) => (link instanceof HTMLAnchorElement ? link.href : ''))
  await frame.getByRole('checkbox', { name: 'muon-lr2e-2-s1' }).click()
  await expect.poll(() => figures.first().getAttribute('data-series')).toBe('7')
  expectClean()
  await close()

  const whole = await openPage(browser, address)
  await ready(whole.page)
  expect(await whole.page.locator('aside').count()).toBe(1)
  expect(Object.keys(await charts(whole.page))).toEqual(['train/loss', 'eval/loss'])
  whole.expectClean()
  await whole.close()
})

test('in a frame without storage the page to open something says why nothing is kept', async () => {
  const { frame, expectClean, close } = await embed('#/open')
  await frame.getByText('This browser keeps no files for this page here').waitFor()
  expectClean()
  await close()
})

test('in a sandbox without an origin, on a host that lets nobody load its modules, the page of one file stands in', async () => {
  const { frame, close } = await embed('#/open', 'sandbox="allow-scripts"')
  expect(await frame.evaluate(() => location.pathname)).toBe('/spaces/me/trackio/single.html')
  await frame.getByRole('heading', { name: 'Open a trackio project' }).waitFor()
  expect(await frame.evaluate(() => window.trackio?.projects())).toEqual([])
  await close()
})

test('in a frame, the wheel over a chart scrolls the page around it', async () => {
  const { page, expectClean, close } = await embed(`db=${DEMO}.db&sidebar=hidden&metrics=train/loss`)
  await page.mouse.move(400, 240)
  await page.mouse.wheel(0, 300)
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0)
  expectClean()
  await close()
})

test('sidebar=collapsed: a rail with a button that opens it', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db&sidebar=collapsed`)
  await ready(page)
  expect(await page.getByRole('searchbox', { name: 'Filter runs' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Open sidebar' }).click()
  await run(page, 'sgd-lr3e-1-s0').click()
  await ready(page)
  expect(await shownRuns(page)).toHaveLength(7)
  expectClean()
  await close()
})

test('sidebar=visible stays open where there is little room, accordion=hidden has no heads, theme is the host’s', async () => {
  const { page, expectClean, close } = await openPage(
    browser,
    `${site.url}?db=${DEMO}.db&sidebar=visible&accordion=hidden&__theme=dark`,
    {
      viewport: { width: 800, height: 600 },
    },
  )
  await ready(page)
  expect(await page.getByRole('searchbox', { name: 'Filter runs' }).count()).toBe(1)
  expect(
    await page
      .locator('main button[aria-expanded]')
      .filter({ hasText: /^(eval|train)/ })
      .count(),
  ).toBe(0)
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  expectClean()
  await close()
})

test('below a path of its host: nothing is asked outside of it, and the demo is found', async () => {
  const from = site.requests.length
  const { page, expectClean, close } = await openPage(browser, site.url)
  await page.getByRole('button', { name: /Optimizers on GPT-2/ }).click()
  await page.waitForFunction(() => document.documentElement.dataset.page === 'metrics')
  await ready(page)
  expect(await shownRuns(page)).toHaveLength(8)
  const asked = site.requests.slice(from)
  expect(
    asked.filter(({ path, status }) => !path.startsWith('/spaces/me/trackio/') || status >= 400),
  ).toEqual([])
  expectClean()
  await close()
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { doubles, made, structure } from '../engine/formats/parquet/made-table.ts'
import { writeFarFile } from './far-file.ts'
import { builtPage, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { charts, DEMO, dropAndDraw, onPage } from './steps.ts'

/*
 * What the three frames (full, phone, embed) offer, and that none of them hides what goes on.
 */

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const EMBED: BrowserContextOptions = { viewport: { width: 800, height: 480 } }
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())
const far = await useServer(folder, { cors: true })

beforeAll(async () => {
  writeFarFile(join(folder, 'far.db'), 120 << 20)
})

/**
 * Looks in each frame from now on whether the page claims more than its charts show; gives the claims that
 * were too early.
 */
async function watchClaims(page: Page): Promise<() => Promise<string[]>> {
  const found = await page.evaluateHandle(() => {
    const found = new Set<string>()
    const text = (selector: string): string =>
      [...document.querySelectorAll(selector)].map((one) => one.textContent).join(' ')
    const look = () => {
      if (/preview|reading/.test(text('.chart-note'))) {
        const claim = text('footer').match(/Every row drawn|Lines keep/)
        if (claim) found.add(claim[0])
        if (asked && document.documentElement.dataset.ready === 'true') found.add('ready')
      }
      requestAnimationFrame(look)
    }
    let asked = false
    document.addEventListener('click', () => setTimeout(() => (asked = true)), { once: true })
    look()
    return found
  })
  return () => found.evaluate((all) => [...all])
}

describe('a preview of a large database far away', () => {
  test.each([
    ['full', '', {}],
    ['phone', '', PHONE],
    ['embed', '&sidebar=hidden&metrics=train/loss', EMBED],
  ])('says what it is in the %s frame, and reads the rest when asked', async (frame, more, options) => {
    const { page, expectClean, close } = await openPage(
      browser,
      `${site.url}?db=${encodeURIComponent(`${far.url}far.db`)}${more}`,
      options,
    )
    await onPage(page, 'metrics')
    await page.getByText('Preview from samples of 126 MB').waitFor()
    await ready(page)
    expect(await page.getByText('still reading').count()).toBe(0)
    if (frame === 'full') expect(await page.getByText(/^0 bytes read/).count()).toBe(0)
    const series = async () => Object.values(await charts(page)).map((one) => one.series)
    expect((await series()).length).toBeGreaterThan(0)
    const claims = await watchClaims(page)
    await page.getByRole('button', { name: 'Read all' }).click()
    await page.getByText('Preview from samples').waitFor({ state: 'detached' })
    await ready(page)
    expect(await claims()).toEqual([])
    if (frame === 'full') await page.getByText('22,512 points').waitFor()
    expect(await page.locator('.chart-note', { hasText: 'preview' }).count()).toBe(0)
    expectClean()
    await close()
  })
})

test('the same of a large Parquet file', async () => {
  const rows = 1_300_000
  const values = Array.from({ length: rows }, (_, i) => Math.sin(i / 999) + (i % 7) / 50)
  const metrics = Array.from({ length: 12 }, (_, m) => doubles(`loss/${m}`, values, 'UNCOMPRESSED'))
  writeFileSync(join(folder, 'large.parquet'), made([...structure(rows), ...metrics]))
  const address = encodeURIComponent(`${far.url}large.parquet`)
  const { page, expectClean, close } = await openPage(
    browser,
    `${site.url}?parquet=${address}&metrics=loss/0,loss/1`,
  )
  await onPage(page, 'metrics')
  await page.getByText(/^Preview from samples of/).waitFor()
  await ready(page)
  const series = async () => Object.values(await charts(page)).map((one) => one.series)
  expect(await series()).toEqual(['2', '2'])
  expect(await page.locator('.chart-note', { hasText: 'preview' }).count()).toBe(2)
  const claims = await watchClaims(page)
  await page.getByRole('button', { name: 'Read all' }).click()
  await ready(page, 60_000)
  expect(await claims()).toEqual([])
  expect(await series()).toEqual(['2', '2'])
  expect(await page.locator('.chart-note', { hasText: 'preview' }).count()).toBe(0)
  expectClean()
  await close()
}, 120_000)

test('one chart in a small frame fills it', async () => {
  const { page, expectClean, close } = await openPage(
    browser,
    `${site.url}?db=${DEMO}.db&sidebar=hidden&metrics=train/loss`,
    {
      viewport: { width: 400, height: 300 },
    },
  )
  await ready(page)
  const [scrolls, height] = await page
    .locator('#charts')
    .evaluate((sheet) => [
      sheet.scrollHeight - sheet.clientHeight,
      sheet.querySelector('figure')?.clientHeight,
    ])
  expect(scrolls).toBe(0)
  expect(height).toBe(300 - 36 - 34)
  expectClean()
  await close()
})

describe('on a phone', () => {
  test('the source sheet lists what can be done, and the settings have the phone’s own frame', async () => {
    const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`, PHONE)
    await ready(page)
    await page.getByRole('button', { name: 'Source and project' }).click()
    const sheet = page.getByRole('dialog', { name: 'Source and project' })
    expect(await sheet.getByRole('combobox', { name: 'Project' }).count()).toBe(1)
    for (const name of ['Keep a copy in this browser', 'Download as .db', 'Open another'])
      await sheet.getByRole('button', { name }).waitFor()
    await sheet.getByRole('button', { name: 'Keep a copy in this browser' }).click()
    await sheet.waitFor({ state: 'detached' })
    await page.getByText('kept in this browser').waitFor()

    await page.getByRole('button', { name: 'Search', exact: true }).click()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Search metrics',
    )

    await page.getByRole('button', { name: 'Jump to' }).click()
    await page.keyboard.type('Settings')
    await page.getByRole('option', { name: 'Settings' }).click()
    await onPage(page, 'settings')
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    expect(await page.locator('aside').count()).toBe(0)
    await page.getByRole('link', { name: 'Metrics' }).click()
    await onPage(page, 'metrics')
    expectClean()
    await close()
  })

  test('fields are as high as the buttons beside them, and large enough that the page is not enlarged', async () => {
    const { page, expectClean, close } = await openPage(browser, site.url, PHONE)
    await ready(page)
    const field = page.getByRole('textbox', { name: 'Dataset' })
    const height = async (of: typeof field) => (await of.boundingBox())?.height
    expect(await height(page.locator('.field', { has: field }))).toBe(
      await height(page.getByRole('button', { name: 'Open', exact: true })),
    )
    expect(
      await field.evaluate((input) => Number.parseFloat(getComputedStyle(input).fontSize)),
    ).toBeGreaterThanOrEqual(16)
    expectClean()
    await close()
  })
})

test('controls that a small window moves into the menu have their names there', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`, EMBED)
  await ready(page)
  await page.getByRole('button', { name: 'More controls' }).click()
  const menu = page.getByRole('dialog', { name: 'More controls' })
  for (const name of ['Range', 'Columns', 'X scale']) await menu.getByText(name, { exact: true }).waitFor()
  expectClean()
  await close()
})

test('a database whose rows are damaged is not called empty', async () => {
  const { page, close } = await openPage(browser, site.url)
  await dropAndDraw(page, [join(import.meta.dirname, '..', 'fixtures', 'damaged-truncated', 'data')])
  await page.getByRole('heading', { name: 'No rows of project could be read' }).waitFor()
  expect(await page.getByText('import trackio').count()).toBe(0)
  await close()
})

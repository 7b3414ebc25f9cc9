import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtPage, launch, openPage, type Served, serve } from './harness.ts'

let browser: Browser
let site: Served

beforeAll(async () => {
  site = await serve(builtPage(), { subpath: '/some/where' })
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

test('the example trains, its dashboard follows, and the rows are stored', async () => {
  const { page, close, expectClean } = await openPage(browser, `${site.url}examples/train.html`)
  await page.getByLabel('Steps').fill('400')
  await page.getByRole('button', { name: 'Train' }).click()
  const dashboard = page.frameLocator('iframe')
  await dashboard.locator('figure[data-metric="train/loss"]').waitFor()
  await page.getByText(/411 rows, stored in this browser/).waitFor()
  // the dashboard hears of the last rows by itself
  await dashboard.getByText('Step 399', { exact: false }).first().waitFor()
  expect(await page.getByText(/% of held-out points right/).textContent()).toMatch(/^dainty-sunset-0: step 400 of 400, \d/)
  expectClean()
  await close()
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { builtPage, launch, openPage, ready, type Served, serve } from './harness.ts'

let site: Served
let browser: Browser

beforeAll(async () => {
  site = await serve(builtPage())
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

test('a page whose workers stand still, without an error, is no white one', async () => {
  const before = async (page: Page): Promise<void> => {
    await page.addInitScript(() => {
      const construct = (Real: typeof Worker): Worker => new Real(URL.createObjectURL(new Blob([''])))
      Reflect.set(window, 'Worker', new Proxy(window.Worker, { construct }))
    })
  }
  const { page, close } = await openPage(browser, site.url, { before })
  await page.getByRole('heading', { name: 'Open a trackio project' }).waitFor()
  await ready(page)
  await close()
})

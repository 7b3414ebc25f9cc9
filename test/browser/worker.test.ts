import type { Page } from 'playwright-core'
import { test } from 'vitest'
import { builtPage, openPage, ready, useBrowser, useServer } from './harness.ts'

const site = await useServer(builtPage())
const browser = await useBrowser()

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

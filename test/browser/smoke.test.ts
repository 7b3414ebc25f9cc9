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

test('the built page opens from a sub-path and asks only its own host', async () => {
  const { page, requests, expectClean, close } = await openPage(browser, site.url)
  await page.getByRole('region', { name: 'Drop zone' }).waitFor()
  expect(await page.title()).toMatch(/Trackio Lite/)
  expect(requests.filter((url) => !url.startsWith(site.url) && !/^(blob|data):/.test(url))).toEqual([])
  expect(site.requests.filter(({ status }) => status >= 400)).toEqual([])
  expectClean()
  await close()
})

test('a chosen theme stands before the app starts', async () => {
  const themes: Record<string, string> = {}
  const cases = {
    '': 'dark',
    '?theme=light': 'light',
    '?__theme=light#/metrics?theme=dark': 'dark',
    '?theme=auto': '',
    '?theme=pink': 'dark',
  }
  for (const link of Object.keys(cases)) {
    const { page, close } = await openPage(browser, site.url + link, {
      before: async (page) => {
        await page.route('**/assets/*.js', (route) => route.abort())
        await page.addInitScript(() => localStorage.setItem('trackio-lite', '{"theme":"dark"}'))
      },
    })
    themes[link] = await page.evaluate(() => document.documentElement.dataset.theme ?? '')
    await close()
  }
  expect(themes).toEqual(cases)
})

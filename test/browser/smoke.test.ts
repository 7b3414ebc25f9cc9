import { expect, test } from 'vitest'
import { builtPage, openPage, useBrowser, useServer } from './harness.ts'

const browser = await useBrowser()
const site = await useServer(builtPage(), { subpath: '/some/where' })

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

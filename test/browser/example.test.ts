import { expect, test } from 'vitest'
import type * as Tracking from '../../src/entries/trackio.ts'
import { builtPage, openPage, serve, useBrowser, useServer } from './harness.ts'

const browser = await useBrowser()
const site = await useServer(builtPage(), { subpath: '/some/where' })

test('a dashboard of another origin is handed the database', async () => {
  const { page, close } = await openPage(browser, `${site.url}config.json`)
  const other = await serve(builtPage(), { cors: true })
  await page.addScriptTag({
    type: 'module',
    content: `import * as trackio from '${other.url}trackio.js'; window.tracking = trackio`,
  })
  await page.waitForFunction(() => 'tracking' in window)
  const shown = await page.evaluate(async () => {
    const trackio: typeof Tracking = Reflect.get(window, 'tracking')
    document.body.innerHTML = '<div id="here"></div>'
    void trackio.init({ project: 'handed over' })
    for (let i = 0; i < 20; i++) trackio.log({ loss: 1 / (i + 1) })
    const { url, element } = await trackio.show({ into: '#here', view: 'sidebar=hidden' })
    return { url, height: element?.style.height }
  })
  expect(shown).toEqual({
    url: `${other.url}?sidebar=hidden&origin=${encodeURIComponent(site.origin)}`,
    height: '600px',
  })
  await page.frameLocator('iframe').locator('figure[data-metric="loss"][data-state="ready"]').waitFor()
  const refused = await page.evaluate(async () => {
    const { show }: typeof Tracking = Reflect.get(window, 'tracking')
    const words = (cause: Error): string => cause.message
    return [await show({ port: 1 } as object).catch(words), await show({ into: '#nowhere' }).catch(words)]
  })
  expect(refused).toEqual([
    "trackio.show() got an unexpected option 'port'",
    'no element #nowhere in this page',
  ])
  await close()
  await other.close()
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
  expect(await page.getByText(/% of held-out points right/).textContent()).toMatch(
    /^dainty-sunset-0: step 400 of 400, \d/,
  )
  expectClean()
  await close()
})

import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtPage, launch, openPage, ready, type Served, serve } from './harness.ts'
import { DEMO, drawn, figure, onPage, run } from './steps.ts'

/*
 * axe finds nothing to complain about, in both themes, in every state that a person meets.
 */

let browser: Browser
let site: Served

beforeAll(async () => {
  site = await serve(builtPage())
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test('the page to open something, with and without a message', async () => {
    const { page, close } = await openPage(browser, site.url, { colorScheme })
    await onPage(page, 'open')
    await ready(page)
    await clean(page, 'open')
    await page.getByRole('textbox', { name: 'Dataset' }).fill(`${site.url}gone.db`)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.getByRole('alert').waitFor()
    await clean(page, 'open with an error', 'main')
    await close()
  })

  describe.sequential('metrics', () => {
    let page: Page
    let close: () => Promise<void>
    beforeAll(async () => {
      ;({ page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db&project=other&smoothing=much`, { colorScheme }))
      await ready(page)
    })
    afterAll(async () => {
      await close?.()
    })

    test('charts and notices', async () => {
      expect(await page.getByRole('main').getByRole('status').count()).toBeGreaterThan(0)
      await clean(page, 'charts and notices')
    })

    test('groups, a hidden run and a table', async () => {
      await page.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'optimizer.name' })
      await run(page, 'sgd-lr3e-1-s0').click()
      const chart = await drawn(page, 'eval/loss')
      await chart.getByRole('button', { name: 'Show as table' }).click()
      await chart.locator('td[data-value]').first().waitFor()
      await ready(page)
      await clean(page, 'a table')
    })

    test('the crosshair and full screen', async () => {
      await figure(page, 'eval/arc_easy_acc').getByRole('application').focus()
      await page.keyboard.press('End')
      await page.locator('.chart-tip').waitFor()
      await clean(page, 'crosshair', 'main')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'eval/arc_easy_acc' }).waitFor()
      await ready(page)
      await clean(page, 'full screen', 'dialog[open]')
      await page.keyboard.press('Escape')
      await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
    })

    test('chart settings, the menu of a chart, the list of keys', async () => {
      await page.getByRole('button', { name: 'Chart settings' }).click()
      await clean(page, 'chart settings', 'aside')
      await page.getByRole('button', { name: 'Chart settings' }).click()
      await figure(page, 'eval/arc_easy_acc').hover()
      await figure(page, 'eval/arc_easy_acc').getByRole('button', { name: 'More', exact: true }).click()
      await page.getByRole('menu', { name: 'More' }).waitFor()
      await clean(page, 'menu', ':popover-open')
      await page.keyboard.press('Escape')
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor()
      await clean(page, 'keys', 'dialog[open]')
      await page.keyboard.press('Escape')
      await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
    })

    test('settings', async () => {
      await page.getByRole('link', { name: 'Settings' }).click()
      await onPage(page, 'settings')
      await ready(page)
      await clean(page, 'settings')
    })
  })

  test('on a phone: charts and the list of runs', async () => {
    const { page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`, {
      colorScheme,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await ready(page)
    await clean(page, 'phone')
    await page.getByRole('button', { name: /^Runs/ }).click()
    await page.getByRole('dialog').waitFor()
    await clean(page, 'phone, runs', 'dialog[open]')
    await close()
  })

  test('in a frame without a sidebar', async () => {
    const { page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db&sidebar=hidden&metrics=train/loss,eval_loss`, {
      colorScheme,
      viewport: { width: 800, height: 480 },
    })
    await ready(page)
    await clean(page, 'embed')
    await close()
  })
})

/** The whole page, or the part of it that is new. */
async function clean(page: Page, where: string, part?: string): Promise<void> {
  // legacy: without a second page for the results, which only frames of other origins need
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode()
  const { violations } = await (part === undefined ? axe : axe.include(part)).analyze()
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${help}\n${html.slice(0, 300)}\n${failureSummary}`),
  )
  expect(found, where).toEqual([])
}

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { builtPage, openPage, ready, serve, useBrowser, useServer } from './harness.ts'
import { onPage } from './steps.ts'

/*
 * The Open page while something opens, and after it failed.
 */

const browser = await useBrowser()
const site = await useServer(builtPage(), {
  intercept: (path) => (path.endsWith('slow.db') ? { status: 503, delay: 600 } : undefined),
})

/** Places of what a person may be about to press. */
function places(page: Page): Promise<number[]> {
  return page
    .getByRole('main')
    .locator('button:visible, input:visible')
    .evaluateAll((all) =>
      all
        .filter((one) => !one.closest('.open-outcome'))
        .map((one) => Math.round(one.getBoundingClientRect().top + scrollY)),
    )
}

test('nothing moves while something opens, nor when it fails', async () => {
  const { page, close } = await openPage(browser, site.url)
  await ready(page)
  const before = await places(page)
  await page.getByRole('radio', { name: 'URL' }).click()
  await page.getByRole('textbox', { name: 'URL' }).fill(`${site.url}slow.db`)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await page.getByRole('progressbar', { name: 'Opening' }).waitFor()
  expect(await places(page)).toEqual(before)
  await page.getByRole('alert').waitFor()
  expect(await places(page)).toEqual(before)
  await close()
})

test('a link that cannot be opened stands in the form to be corrected, with the reason in sight', async () => {
  const { page, close } = await openPage(browser, `${site.url}?db=gone.db`, {
    viewport: { width: 800, height: 480 },
  })
  await onPage(page, 'open')
  await ready(page)
  expect(await page.getByRole('radio', { name: 'URL' }).getAttribute('aria-checked')).toBe('true')
  expect(await page.getByRole('textbox', { name: 'URL' }).inputValue()).toBe('gone.db')
  const seen = await page.getByRole('alert').evaluate((alert) => {
    const { top, bottom } = alert.getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight
  })
  expect(seen).toBe(true)
  await close()
})

test('an empty form leads to its field instead of opening nothing', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  await ready(page)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Dataset')
  expectClean()
  await close()
})

test('the page is not settled before its parts are there, however long they take', async () => {
  const slow = await serve(builtPage(), {
    intercept: (path) => (/assets\/(open|phone|embed)-/.test(path) ? { delay: 800 } : undefined),
  })
  for (const [query, options, wanted] of [
    ['', {}, 'h1'],
    ['?db=gpt2-124m-optimizers.db&sidebar=hidden', {}, 'figure[data-state=ready]'],
    ['?db=gpt2-124m-optimizers.db', { viewport: { width: 390, height: 844 } }, 'figure[data-state=ready]'],
  ] as const) {
    const { page, expectClean, close } = await openPage(browser, `${slow.url}${query}`, options)
    await ready(page)
    expect(await page.locator(wanted).count(), query).toBeGreaterThan(0)
    expectClean()
    await close()
  }
  await slow.close()
})

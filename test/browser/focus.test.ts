import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { builtPage, dropPaths, openPage, ready, useBrowser, useServer } from './harness.ts'
import { DEMO, dropAndDraw, figure, onPage } from './steps.ts'

/*
 * Where the focus is, and where it goes when what had it disappears: never to the top of the page.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const browser = await useBrowser()
const site = await useServer(builtPage())

/** Name of what has the focus, once it is the wanted one. */
async function focused(page: Page, name: string | RegExp): Promise<void> {
  const read = (): Promise<string> =>
    page.evaluate(() => {
      const at = document.activeElement
      const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : undefined
      return at === document.body
        ? 'nothing'
        : (at?.getAttribute('aria-label') ?? label ?? at?.textContent ?? '').trim()
    })
  await expect.poll(read).toEqual(name instanceof RegExp ? expect.stringMatching(name) : name)
}

describe('menus', () => {
  test('open on their first entry, are walked by arrows, and give the focus back', async () => {
    const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`)
    await ready(page)
    const source = page.getByRole('button', { name: 'Source', exact: true })
    await source.focus()
    await page.keyboard.press('Enter')
    await focused(page, /^gpt2-124m-optimizers\.db/)
    await page.keyboard.press('ArrowDown')
    await focused(page, 'Keep a copy in this browser')
    await page.keyboard.press('End')
    await focused(page, /^Close /)
    await page.keyboard.press('Escape')
    await focused(page, 'Source')

    await page.keyboard.press('Enter')
    await focused(page, /^gpt2-124m-optimizers\.db/)
    await page.keyboard.press('Tab')
    await focused(page, 'All runs')
    expect(await page.getByRole('menu').count()).toBe(0)

    // choosing an entry may draw all of them anew
    const chart = figure(page, 'train/loss')
    await chart.getByRole('button', { name: 'More', exact: true }).focus()
    await page.keyboard.press('Enter')
    await focused(page, /^Log y axis/)
    await page.keyboard.press('Enter')
    await focused(page, 'More')
    await ready(page)
    expect(await chart.getAttribute('data-y-scale')).toBe('log')
    expectClean()
    await close()
  })

  test('an open sidebar that lies over the charts closes with Esc', async () => {
    const { page, expectClean, close } = await openPage(
      browser,
      `${site.url}?db=${DEMO}.db&sidebar=collapsed`,
    )
    await ready(page)
    await page.getByRole('button', { name: 'Open sidebar' }).click()
    await page.getByRole('combobox', { name: 'Project' }).focus()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('searchbox', { name: 'Filter runs' }).count()).toBe(0)
    await focused(page, 'Open sidebar')
    expectClean()
    await close()
  })
})

test('a dialog begins where one types, or at the harmless choice, and ends where it was opened', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  for (const name of ['wal-0.43.0', 'v0.1.1']) {
    await dropPaths(page, [join(FIXTURES, name, 'data')])
    await onPage(page, 'metrics')
    await ready(page)
    await page.getByRole('button', { name: 'Source', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Keep a copy in this browser' }).click()
    await page.getByText('kept in this browser').first().waitFor()
    await page.evaluate(() => document.querySelector<HTMLElement>('[aria-label^="Dismiss"]')?.click())
  }
  await page.goto(`${site.url}#/open`)
  await page.reload()
  await ready(page)

  const more = (name: string) => page.getByRole('button', { name: `More about ${name}`, exact: true })
  await more('walproject').press('Enter')
  await focused(page, 'Open')
  await page.getByRole('menuitem', { name: 'Rename' }).press('Enter')
  await focused(page, 'New name')
  expect(await page.evaluate(() => String(getSelection()))).toBe('walproject')
  await page.keyboard.press('Escape')
  await focused(page, 'More about walproject')

  await more('walproject').press('Enter')
  await page.getByRole('menuitem', { name: 'Rename' }).press('Enter')
  await focused(page, 'New name')
  await page.keyboard.type('zebra')
  await page.keyboard.press('Enter')
  await focused(page, 'More about zebra')

  await more('zebra').press('Enter')
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
  // nobody is asked, as it can be undone: the next one takes the focus
  await focused(page, /^More about (?!zebra)/)
  await page.keyboard.press('Control+z')
  await more('zebra').waitFor()
  await focused(page, /^More about (?!zebra)/)
  expectClean()
  await close()
})

test('a notice that is dismissed leaves the focus at the next one, the last at the charts; all go at once', async () => {
  const view =
    'with=other&smoothing=much&x_axis=nothing&metrics=train/loss,nothing&runs=nobody,sgd-lr3e-1-s0&theme=pink'
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db&${view}`)
  await ready(page)
  const dismiss = page.getByRole('main').getByRole('button', { name: /^Dismiss (?!all)/ })
  expect(await dismiss.count()).toBe(4)
  await page.getByRole('main').getByRole('button', { name: /more$/ }).click()
  const count = await dismiss.count()
  expect(count).toBeGreaterThan(4)
  await dismiss.first().press('Enter')
  await expect.poll(() => dismiss.count()).toBe(count - 1)
  await focused(page, /^Dismiss /)
  await page.getByRole('button', { name: 'Dismiss all' }).click()
  await expect.poll(() => dismiss.count()).toBe(0)
  expectClean()
  await close()
})

test('forgetting a recent one leaves the focus at the next', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  await dropAndDraw(page, [join(FIXTURES, 'wal-0.43.0', 'data')])
  await dropPaths(page, [join(FIXTURES, 'v0.1.1')])
  await expect
    .poll(() => page.evaluate(async () => (await window.trackio?.projects())?.length))
    .toBeGreaterThan(1)
  await ready(page)
  await page.goto(`${site.url}#/open`)
  await page.reload()
  await ready(page)
  const forget = page.getByRole('button', { name: /^Forget/ })
  expect(await forget.count()).toBe(2)
  await forget.first().press('Enter')
  await expect.poll(() => forget.count()).toBe(1)
  await focused(page, /^Forget/)
  expectClean()
  await close()
})

test('full screen stays a dialog when its chart is pointed at for the first time: Esc closes it', async () => {
  const { page, expectClean, close } = await openPage(
    browser,
    `${site.url}?db=${DEMO}.db#/?chart=train%2Floss`,
  )
  await ready(page)
  const dialog = page.getByRole('dialog')
  const modal = () => dialog.evaluate((element) => element.matches(':modal'))
  expect(await modal()).toBe(true)
  await dialog.getByRole('application').first().hover()
  await page.locator('.chart-tip').waitFor()
  expect(await modal()).toBe(true)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect.poll(() => dialog.count()).toBe(0)
  expectClean()
  await close()
})

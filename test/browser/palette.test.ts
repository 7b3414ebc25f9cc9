import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { builtPage, openPage, ready, useBrowser, usePage, useServer } from './harness.ts'
import { DEMO, download, figure, shownRuns, soon } from './steps.ts'

/*
 * The palette knows what can be done, by the words that people use, and says the key for it.
 */

const METRIC = 'eval/arc_easy_acc'
const browser = await useBrowser()
const site = await useServer(builtPage())

const openDemo = usePage(async (hash, options: BrowserContextOptions = {}) => {
  const opened = await openPage(browser, `${site.url}?db=${DEMO}.db${hash}`, options)
  await ready(opened.page)
  return opened
})

const chartOf = (page: Page, metric = METRIC) => figure(page, metric).getByRole('application')

const options = (page: Page) => page.getByRole('listbox', { name: 'Found' }).getByRole('option')

/** What the palette finds, each as its name and its key. */
async function find(page: Page, text: string): Promise<[string, string][]> {
  const box = page.getByRole('combobox', { name: 'Jump to' })
  // what the last action opened may take the focus while the key is on its way
  await vi.waitFor(
    async () => {
      if ((await box.count()) === 0) await page.keyboard.press('Control+k')
      await box.fill(text, { timeout: 2000 })
    },
    { timeout: 12_000 },
  )
  return options(page).evaluateAll((all) =>
    all.map((one): [string, string] => [
      one.querySelector('span')?.textContent ?? '',
      one.querySelector('kbd')?.textContent ?? '',
    ]),
  )
}

/** A key that ends the palette, which is then not there any more. */
async function end(page: Page, key: 'Enter' | 'Escape'): Promise<void> {
  await page.keyboard.press(key)
  await page.getByRole('combobox', { name: 'Jump to' }).waitFor({ state: 'detached' })
}

async function choose(page: Page, text: string): Promise<void> {
  await find(page, text)
  await end(page, 'Enter')
}

test('people’s words find an action', async () => {
  const { page, expectClean, close } = await openDemo('')
  await page.getByRole('region', { name: 'All charts' }).focus()
  for (const [word, action] of [
    ['table', 'Show as table…'],
    ['csv', 'Download CSV…'],
    ['png', 'Download PNG…'],
    ['svg', 'Save figure…'],
    ['figure', 'Save figure…'],
    ['group', 'Group runs by optimizer.name'],
    ['smoothing', 'Smoothing'],
    ['export', 'Download as Parquet'],
    ['compare', 'Compare with another project'],
    ['log', 'Log y axes'],
    ['full screen', 'Full screen…'],
    ['fullscreen', 'Full screen…'],
    ['theme', 'Dark theme'],
    ['dark mode', 'Dark theme'],
    ['publish', 'Publish to the Hub'],
    ['share', 'Publish to the Hub'],
    ['download', 'Download as .db'],
    ['shortcuts', 'Keys'],
    ['columns', '3 columns'],
    ['ema', 'Smoothing'],
  ] as const) {
    expect([word, (await find(page, `>${word}`)).map(([name]) => name)]).toEqual([
      word,
      expect.arrayContaining([action]),
    ])
    const [first] = await find(page, word)
    expect([word, first?.[0].length]).not.toEqual([word, undefined])
  }
  expectClean()
  await close()
})

test('every single key of the page stands beside its action', async () => {
  const { page, expectClean, close } = await openDemo('')
  const source = readFileSync(
    join(import.meta.dirname, '..', '..', 'src', 'ui', 'shell', 'shortcuts.ts'),
    'utf8',
  )
  const keys = [...source.matchAll(/^ {6}case '(.+)':(?: \{)?$/gm)].map((match) =>
    (match[1] ?? '').replace('\\\\', '\\'),
  )
  const actions: Record<string, string> = {
    g: 'Metrics',
    '?': 'Keys',
    '\\': 'Sidebar',
    '/': 'Filter runs',
    f: 'Search metrics',
    s: 'Smoothing',
    x: 'Next x axis',
    l: 'Log y axes',
    L: 'Log y axis',
    t: 'Show as table',
    p: 'Pin',
    '[': 'Zoom back',
    ']': 'Zoom forward',
    '0': 'Reset zoom',
    j: 'Next chart',
    k: 'Previous chart',
  }
  expect(Object.keys(actions).sort()).toEqual([...keys].sort())
  for (const [key, action] of Object.entries(actions)) {
    const found = await find(page, action)
    expect([key, found]).toEqual([
      key,
      expect.arrayContaining([[expect.stringContaining(action), key === 'g' ? 'g m' : key]]),
    ])
  }
  expectClean()
  await close()
})

test('an action on a chart takes the one that has the focus or the pointer, else it asks', async () => {
  const { page, expectClean, close } = await openDemo('')
  await chartOf(page).focus()
  expect(await find(page, 'csv')).toEqual(expect.arrayContaining([[`Download CSV: ${METRIC}`, '']]))
  const given = await download(page, () => page.keyboard.press('Enter'))
  expect(given.name).toBe(`${DEMO}-eval-arc_easy_acc.csv`)

  await page.getByRole('region', { name: 'All charts' }).focus()
  await page.mouse.move(5, 5)
  await find(page, 'csv')
  await page.keyboard.press('Enter')
  await page.keyboard.type('train/loss')
  expect((await options(page).first().textContent()) ?? '').toBe('Download CSV: train/loss')
  const asked = await download(page, () => page.keyboard.press('Enter'))
  expect(asked.name).toBe(`${DEMO}-train-loss.csv`)

  // both in one go
  await find(page, 'csv eval/loss')
  expect((await options(page).first().textContent()) ?? '').toBe('Download CSV: eval/loss')
  await end(page, 'Escape')

  // a chart that is far off is brought here, as a table that has the keys
  await choose(page, 'table train/loss')
  await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
    'train/loss as table',
  )
  await page.keyboard.press('t')

  await chartOf(page).focus()
  await choose(page, 'svg')
  const dialog = page.getByRole('dialog', { name: 'Save figure' })
  await dialog.waitFor()
  expect(await dialog.getByRole('textbox', { name: 'Title' }).inputValue()).toBe(METRIC)
  await page.keyboard.press('Escape')
  await soon(() => page.locator('dialog').count()).toBe(0)
  await soon(() => page.evaluate(() => document.activeElement?.closest('figure')?.dataset.metric)).toBe(
    METRIC,
  )

  await choose(page, 'full screen')
  await page.getByRole('dialog', { name: METRIC }).waitFor()
  expect(await find(page, 'csv')).toEqual(expect.arrayContaining([[`Download CSV: ${METRIC}`, '']]))
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await soon(() => page.locator('dialog').count()).toBe(0)
  expectClean()
  await close()
})

test('actions do what they say', async () => {
  const { page, expectClean, close } = await openDemo('')
  await choose(page, 'publish')
  await soon(() =>
    page.evaluate(() => document.activeElement?.closest('dialog')?.getAttribute('aria-label')),
  ).toBe('Publish')
  await page.keyboard.press('Escape')
  await soon(() => page.locator('dialog').count()).toBe(0)

  await choose(page, 'dark')
  await soon(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  await choose(page, 'group optimizer.name')
  await page.getByRole('checkbox', { name: 'Group muon' }).waitFor()
  await choose(page, 'hide all runs')
  await soon(() => shownRuns(page)).toHaveLength(0)
  await choose(page, 'show all runs')
  await soon(() => shownRuns(page)).toHaveLength(8)
  await choose(page, 'smoothing off')
  await soon(() => page.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('0')
  await choose(page, '>smoothing')
  await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Smoothing')
  // the field is in a sidebar that is not there
  await choose(page, '>sidebar')
  await choose(page, '>filter runs')
  await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
    'Filter runs',
  )
  expectClean()
  await close()
})

test('on a phone, what has no room on the page opens as its sheet', async () => {
  const { page, expectClean, close } = await openDemo('', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  for (const [action, sheet] of [
    ['>smoothing', 'Smoothing'],
    ['>filter runs', 'Runs shown'],
  ] as const) {
    await choose(page, action)
    await page.getByRole('dialog', { name: sheet }).waitFor()
    await page.keyboard.press('Escape')
    await soon(() => page.locator('dialog').count()).toBe(0)
  }
  expectClean()
  await close()
})

import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { builtPage, dropPaths, openPage, ready, useBrowser, usePage, useServer } from './harness.ts'
import { DEMO, drawn, figure, onPage, soon } from './steps.ts'

/*
 * Everything that opens over the page, with motion as people have it: it takes the focus at once, what is
 * typed lands in it, and Esc gives the focus back to where it was.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const METRIC = 'eval/arc_easy_acc'
const browser = await useBrowser()
const site = await useServer(builtPage())

const openDemo = usePage(async (hash) => {
  const opened = await openPage(browser, `${site.url}?db=${DEMO}.db${hash}`)
  await ready(opened.page)
  return opened
})

/** The demo, where the palette's code comes once `arrive` is called. */
async function openWithLatePalette() {
  let arrive = (): void => {}
  const gate = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const opened = await openPage(browser, `${site.url}?db=${DEMO}.db`, {
    before: async (page) => {
      await page.route(/palette-[^/]*\.js$/, async (route) => {
        await gate
        await route.continue()
      })
    },
  })
  await ready(opened.page)
  return { ...opened, arrive }
}

/** What has the focus: within which dialog, popover or figure, and its own name. */
function focus(page: Page): Promise<{ in: string; at: string }> {
  return page.evaluate(() => {
    const at = document.activeElement
    const around = at?.closest('dialog, [popover], figure, form')
    const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : undefined
    return {
      in: around?.getAttribute('aria-label') ?? around?.className ?? '',
      at:
        at === document.body
          ? 'nothing'
          : (at?.getAttribute('aria-label') ?? label ?? at?.textContent ?? '').trim(),
    }
  })
}

async function focusedIn(page: Page, name: string | RegExp): Promise<void> {
  await soon(() => focus(page).then((now) => now.in)).toEqual(
    name instanceof RegExp ? expect.stringMatching(name) : name,
  )
}

async function focused(page: Page, name: string | RegExp): Promise<void> {
  await soon(() => focus(page).then((now) => now.at)).toEqual(
    name instanceof RegExp ? expect.stringMatching(name) : name,
  )
}

async function nothingOpen(page: Page): Promise<void> {
  await soon(() => page.locator('dialog, [popover]:popover-open').count()).toBe(0)
}

async function chartFocused(page: Page, metric = METRIC): Promise<void> {
  await soon(() =>
    page.evaluate(() => {
      const at = document.activeElement
      return `${at?.getAttribute('role')} of ${at?.closest('figure')?.dataset.metric}`
    }),
  ).toBe(`application of ${metric}`)
}

/** The full screen is there and has the focus; the card behind it has the same name. */
async function alone(page: Page): Promise<void> {
  await soon(() =>
    page.evaluate(() => document.activeElement?.closest('dialog')?.getAttribute('aria-label')),
  ).toBe(METRIC)
}

const chartOf = (page: Page, metric = METRIC) => figure(page, metric).getByRole('application')

describe('dialogs', () => {
  test('the palette: what is typed right after its keys lands in the field', async () => {
    const { page, expectClean, close } = await openDemo('')
    expect(await page.evaluate(() => matchMedia('(prefers-reduced-motion: reduce)').matches)).toBe(false)
    for (let i = 0; i < 2; i++) {
      await chartOf(page).focus()
      await page.keyboard.press('Control+k')
      // the first time it is fetched
      if (i === 0) await page.getByRole('dialog', { name: 'Jump to' }).waitFor()
      await page.keyboard.type('lamb')
      await focused(page, 'Jump to')
      expect(await page.getByRole('combobox', { name: 'Jump to' }).inputValue()).toBe('lamb')
      await page.keyboard.press('Escape')
      await nothingOpen(page)
      await chartFocused(page)
    }
    expectClean()
    await close()
  })

  test('the palette: words and Enter that come before it are its own, and press no button', async () => {
    const { page, arrive, expectClean, close } = await openWithLatePalette()
    await page.getByRole('button', { name: 'Copy link' }).focus()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('Dark theme')
    await page.keyboard.press('Enter')
    arrive()
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
    expect(await page.locator('dialog').count()).toBe(0)
    expect(await page.getByText('Copied', { exact: true }).count()).toBe(0)
    expectClean()
    await close()
  })

  test('the palette: what is typed while it is still on its way stands in its field', async () => {
    const { page, arrive, expectClean, close } = await openWithLatePalette()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('lamb')
    expect(await page.locator('dialog').count()).toBe(0)
    arrive()
    await focused(page, 'Jump to')
    await page.keyboard.type('ada')
    expect(await page.getByRole('combobox', { name: 'Jump to' }).inputValue()).toBe('lambada')
    await page.keyboard.press('Enter')
    await chartFocused(page, 'eval/lambada_acc')
    expectClean()
    await close()
  })

  test('the list of keys: its own button first, Esc goes back to the chart', async () => {
    const { page, expectClean, close } = await openDemo('')
    await chartOf(page).focus()
    await page.keyboard.press('?')
    await focusedIn(page, 'Keys')
    await page.keyboard.press('Escape')
    await nothingOpen(page)
    await chartFocused(page)
    expectClean()
    await close()
  })

  test('publishing: begins at the name of the Space, Esc goes back to the menu it came from', async () => {
    const { page, expectClean, close } = await openDemo('')
    await page.getByRole('button', { name: 'Source', exact: true }).press('Enter')
    await page.getByRole('menuitem', { name: 'Publish to the Hub' }).press('Enter')
    await focused(page, 'Space')
    await page.keyboard.type('me/here')
    expect(await page.getByRole('textbox', { name: 'Space' }).inputValue()).toBe('me/here')
    await page.keyboard.press('Escape')
    await nothingOpen(page)
    await focused(page, 'Source')
    expectClean()
    await close()
  })

  test('renaming: begins in the name, all of it selected; deleting asks nothing, and is undone', async () => {
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropPaths(page, [join(FIXTURES, 'v0.1.1', 'data')])
    await onPage(page, 'metrics')
    await ready(page)
    await page.getByRole('button', { name: 'Source', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Keep a copy in this browser' }).click()
    await page.getByText('kept in this browser').first().waitFor()
    await page.goto(`${site.url}#/open`)
    await page.reload()
    await ready(page)
    const more = page.getByRole('button', { name: /^More about/ }).first()
    const name = (await more.getAttribute('aria-label')) ?? ''
    await more.press('Enter')
    await page.getByRole('menuitem', { name: 'Rename' }).press('Enter')
    await focused(page, 'New name')
    await page.keyboard.type('zebra')
    expect(await page.getByRole('textbox', { name: 'New name' }).inputValue()).toBe('zebra')
    await page.keyboard.press('Escape')
    await nothingOpen(page)
    await focused(page, name)
    await more.press('Enter')
    await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
    await nothingOpen(page)
    await soon(() => more.count()).toBe(0)
    await page.keyboard.press('Control+z')
    await soon(() => more.getAttribute('aria-label')).toBe(name)
    expectClean()
    await close()
  })

  test('full screen: takes the arrows, and gives the focus back to the chart or the button it came from', async () => {
    const { page, expectClean, close } = await openDemo('')
    await chartOf(page).focus()
    await page.keyboard.press('Enter')
    await alone(page)
    await page.keyboard.press('Escape')
    await nothingOpen(page)
    await chartFocused(page)

    // by its button, which stays hidden until the card is under the pointer or has the focus
    await figure(page, METRIC).getByRole('button', { name: 'Fullscreen' }).press('Enter')
    await alone(page)
    await page.keyboard.press('Escape')
    await nothingOpen(page)
    await focused(page, 'Fullscreen')

    await chartOf(page).focus()
    await page.keyboard.press('Enter')
    await alone(page)
    await page.getByRole('dialog', { name: METRIC }).getByRole('button', { name: 'Close' }).click()
    await nothingOpen(page)
    await chartFocused(page)
    expectClean()
    await close()
  })

  test('full screen: a card that was taken away behind it is there again, and has the focus', async () => {
    const { page, expectClean, close } = await openDemo('#/metrics?cols=1')
    await figure(page, METRIC).scrollIntoViewIfNeeded()
    await chartOf(page).focus()
    await page.keyboard.press('Enter')
    await alone(page)
    await page.evaluate(() => document.querySelector('#charts')?.scrollTo(0, 1e6))
    await soon(() => page.locator(`main figure.waiting[data-metric="${METRIC}"]`).count()).toBe(1)
    await page.keyboard.press('Escape')
    await nothingOpen(page)
    await chartFocused(page)
    expectClean()
    await close()
  })

  test('the sheets of a phone', async () => {
    const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await ready(page)
    for (const [button, sheet] of [
      [/^Runs/, 'Runs shown'],
      [/^Smoothing/, 'Smoothing'],
      [/^Axes/, 'Axes'],
      ['Source and project', 'Source and project'],
    ] as const) {
      await page.getByRole('button', { name: button }).first().press('Enter')
      await focusedIn(page, sheet)
      await page.keyboard.press('Escape')
      await nothingOpen(page)
      await focused(page, button)
    }
    expectClean()
    await close()
  })
})

describe('what opens at its button', () => {
  test('menus and panels take the focus and give it back', async () => {
    const { page, expectClean, close } = await openDemo('')
    const places = [
      [page.getByRole('button', { name: 'Source', exact: true }), 'Source'],
      [page.getByRole('button', { name: 'More controls' }), 'More controls'],
      [page.getByRole('button', { name: /^Value and order/ }), /^Value and order/],
      [page.locator('button[aria-label="More about muon-lr2e-2-s0"]'), 'More about muon-lr2e-2-s0'],
      [figure(page, METRIC).getByRole('button', { name: 'More', exact: true }), 'More'],
    ] as const
    // its tools are drawn for the row that has the pointer
    await page.getByRole('checkbox', { name: 'muon-lr2e-2-s0', exact: true }).hover()
    for (const [button, name] of places) {
      await button.press('Enter')
      await focusedIn(page, name)
      expect(await page.evaluate(() => document.activeElement?.closest('[popover]') !== null)).toBe(true)
      await page.keyboard.press('Escape')
      await nothingOpen(page)
      await focused(page, name)
    }
    expectClean()
    await close()
  })

  test('typed limits begin in the field, and leave the focus at the chart', async () => {
    const { page, expectClean, close } = await openDemo('')
    await figure(page, METRIC).getByRole('button', { name: 'More', exact: true }).press('Enter')
    await page.getByRole('menuitemradio', { name: 'Set limits…' }).press('Enter')
    await focusedIn(page, 'chart-limits')
    await page.keyboard.type('0.25')
    await page.keyboard.press('Enter')
    await ready(page)
    expect(await figure(page, METRIC).getAttribute('data-ymin')).toBe('0.25')
    await focusedIn(page, METRIC)
    expectClean()
    await close()
  })
})

describe('the table of a chart', () => {
  test('t gives it the keys, t and Esc give them back to the chart', async () => {
    const { page, expectClean, close } = await openDemo('')
    const table = (): Promise<void> => focused(page, `${METRIC} as table`)
    await chartOf(page).focus()
    for (const back of ['t', 'Escape']) {
      await page.keyboard.press('t')
      await table()
      await page.keyboard.press('PageDown')
      await page.keyboard.press(back)
      await chartFocused(page)
      await ready(page)
    }
    // by its button the focus stays where it is pressed
    await figure(page, METRIC).getByRole('button', { name: 'Show as table' }).press('Enter')
    await focused(page, 'Show as chart')
    await page.keyboard.press('Enter')
    await focused(page, 'Show as table')

    // under the pointer alone: nothing had the focus
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
    await (await drawn(page, 'train/loss')).hover()
    await page.keyboard.press('t')
    await focused(page, 'train/loss as table')
    await page.keyboard.press('t')
    await chartFocused(page, 'train/loss')
    expectClean()
    await close()
  })

  test('the same in full screen, where Esc leaves the table first', async () => {
    const { page, expectClean, close } = await openDemo('')
    await chartOf(page).focus()
    await page.keyboard.press('Enter')
    await alone(page)
    await page.keyboard.press('t')
    await focused(page, `${METRIC} as table`)
    await page.keyboard.press('Escape')
    await soon(() => page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(true)
    await soon(() => page.getByRole('dialog').getByRole('application').count()).toBe(1)
    await page.keyboard.press('t')
    await focused(page, `${METRIC} as table`)
    await page.keyboard.press('t')
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('application')
    await page.keyboard.press('Escape')
    await nothingOpen(page)
    await chartFocused(page)
    expectClean()
    await close()
  })
})

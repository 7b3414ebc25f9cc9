import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { builtPage, type Opened, openPage, ready, useBrowser, useServer } from './harness.ts'
import { charts, DEMO, figure, run } from './steps.ts'

/*
 * The filter over the runs, as people type it, on the demo: eight runs, one of which ended in NaN.
 */

const MUON = ['muon-lr2e-2-s1', 'muon-lr2e-2-s0']
const NAN = 'adamw-lr3e-3-s0'
const DEMO_LINK = `?db=${DEMO}.db`
const browser = await useBrowser()
const site = await useServer(builtPage())
let opened: Opened

async function open(hash = '', options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
  opened = await openPage(browser, `${site.url}${DEMO_LINK}${hash}`, options)
  await ready(opened.page)
  return opened.page
}

const fieldOf = (page: Page): Locator => page.getByRole('searchbox', { name: 'Filter runs' })
const options = (page: Page): Promise<string[]> =>
  page
    .getByRole('listbox', { name: 'Completions' })
    .getByRole('option')
    .locator('span:first-child')
    .allTextContents()
const active = async (page: Page): Promise<string | undefined> => {
  const id = await fieldOf(page).getAttribute('aria-activedescendant')
  return id === null
    ? undefined
    : ((await page.locator(`[id="${id}"] span`).first().textContent()) ?? undefined)
}

function listed(page: Page): Promise<string[]> {
  const boxes = page.getByRole('group', { name: 'Runs', exact: true }).getByRole('checkbox')
  return boxes.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label') ?? ''))
}

describe('what is compared', () => {
  let page: Page
  beforeAll(async () => {
    page = await open()
  })
  afterAll(async () => {
    opened.expectClean()
    await opened.close()
  })
  beforeEach(() => fieldOf(page).fill(''))

  test('the number that stands beside the run', async () => {
    const least = await values(page)
    expect(Object.keys(least)).toHaveLength(8)
    expect(least[NAN]).toBe('NaN')
    const limit = Number(least['muon-lr2e-2-s1'])
    await fieldOf(page).fill(`eval/loss < ${limit}`)
    await expect
      .poll(() => listed(page))
      .toEqual(Object.keys(least).filter((name) => Number(least[name]) < limit))
    // another statistic is chosen for it: the same words compare that one
    await page.getByRole('button', { name: /^Value and order/ }).click()
    await page.getByRole('radio', { name: 'Max', exact: true }).click()
    await page.keyboard.press('Escape')
    await expect.poll(() => listed(page)).toEqual([])
    await fieldOf(page).fill('eval/loss > 10')
    await expect.poll(async () => (await listed(page)).length).toBe(7)
    await fieldOf(page).fill('eval/loss = nan')
    await expect.poll(() => listed(page)).toEqual([NAN])
    await page.getByRole('button', { name: /^Value and order/ }).click()
    await page.getByRole('button', { name: 'Newest first' }).click()
    await page.keyboard.press('Escape')
  })

  test.each<[string, (names: string[]) => void]>([
    ['optimizer.name in (muon, lion)', (names) => expect(names).toHaveLength(4)],
    ['min(eval/loss) < 3.32 and name ~ muon', (names) => expect(names).toEqual(MUON)],
    ['last(eval/loss) < 3.3', (names) => expect(names).toEqual(['muon-lr2e-2-s0'])],
    ['mean(train/loss) > 1', (names) => expect(names).toHaveLength(7)],
    ['state = live', (names) => expect(names).toEqual([])],
    ['muon or sgd', (names) => expect(names).toEqual([...MUON, 'sgd-lr3e-1-s0'])],
  ])('%s', async (text, check) => {
    await fieldOf(page).fill(text)
    await expect.poll(() => page.locator('.filter-error').count()).toBe(0)
    await expect.poll(async () => (await listed(page)).length, { timeout: 3000 }).not.toBe(8)
    check(await listed(page))
  })

  test('an unknown key says so with the nearest, where the field is, and the last result stays', async () => {
    const field = fieldOf(page)
    await field.fill('lr < 1e-3')
    await expect.poll(async () => (await listed(page)).length).toBe(4)
    await field.fill('learning_rate < 1e-3')
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
    const words = page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`)
    expect(await words.textContent()).toBe('no key "learning_rate"; lr?')
    await field.fill('sed = 1')
    await expect.poll(() => words.textContent()).toBe('no key "sed"; seed?')
    await field.fill('loss < 3')
    await expect.poll(() => words.textContent()).toBe('no key "loss"; eval/loss?')
    expect(await listed(page)).toHaveLength(4)
  })

  test('its placeholder is an example that some runs pass and others do not', async () => {
    const field = fieldOf(page)
    const [, example = ''] = /^Name, or (.+)$/.exec((await field.getAttribute('placeholder')) ?? '') ?? []
    expect(example).toMatch(/^lr < /)
    await field.fill(example)
    await expect.poll(async () => (await listed(page)).length).toBeLessThan(8)
    expect((await listed(page)).length).toBeGreaterThan(0)
    expect(await field.getAttribute('aria-invalid')).toBeNull()
  })
})

describe('completion', () => {
  let page: Page
  beforeAll(async () => {
    page = await open()
  })
  afterAll(async () => {
    opened.expectClean()
    await opened.close()
  })
  beforeEach(async () => {
    await fieldOf(page).fill('')
    await fieldOf(page).focus()
  })

  test('keys, metrics and functions as one types; arrows, Enter, Tab and Esc', async () => {
    const field = fieldOf(page)
    await page.keyboard.type('schedu')
    await expect.poll(() => options(page)).toEqual(['schedule'])
    // no run is called so: it is chosen
    expect(await active(page)).toBe('schedule')
    await page.keyboard.press('Tab')
    expect(await field.inputValue()).toBe('schedule ')
    await page.keyboard.type('= ')
    const schedules = await options(page)
    expect(schedules.length).toBeGreaterThan(1)
    await page.keyboard.press('ArrowDown')
    expect(await active(page)).toBe(schedules[1])
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe(`schedule = ${schedules[0]} `)
    await page.keyboard.type('and mi')
    expect((await options(page)).slice(0, 2)).toEqual(['min_lr', 'min('])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    // in a function metrics are offered at once
    expect((await options(page)).length).toBeGreaterThan(10)
    await page.keyboard.type('eval/lo')
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe(`schedule = ${schedules[0]} and min(eval/loss) `)
    expect(await page.getByRole('listbox', { name: 'Completions' }).count()).toBe(0)
    await page.keyboard.type('and le')
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    expect(await field.inputValue()).toBe('')
  })

  test('Esc closes the list first, and what was typed stays', async () => {
    await page.keyboard.type('opti')
    await expect.poll(async () => (await options(page)).length).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    expect(await options(page)).toEqual([])
    expect(await fieldOf(page).inputValue()).toBe('opti')
  })

  test('what may be a part of a name chooses nothing: Tab leaves the field, Enter changes nothing', async () => {
    await page.keyboard.type('lr')
    await expect.poll(() => options(page)).toContain('min_lr')
    expect(await active(page)).toBeUndefined()
    await page.keyboard.press('Enter')
    expect(await fieldOf(page).inputValue()).toBe('lr')
    await page.keyboard.press('Tab')
    expect(await fieldOf(page).evaluate((input) => input === document.activeElement)).toBe(false)
    expect(await options(page)).toEqual([])
    expect(await fieldOf(page).inputValue()).toBe('lr')
  })

  test('a click takes an entry, and the focus stays in the field', async () => {
    await page.keyboard.type('seed = 0 and optimizer.na')
    await page
      .getByRole('listbox')
      .getByRole('option', { name: /^optimizer\.name/ })
      .click()
    expect(await fieldOf(page).inputValue()).toBe('seed = 0 and optimizer.name ')
    expect(await fieldOf(page).evaluate((input) => input === document.activeElement)).toBe(true)
  })

  test('the arrow down in an empty field offers everything', async () => {
    await page.keyboard.press('ArrowDown')
    const all = await options(page)
    expect(all).toEqual(expect.arrayContaining(['lr', 'eval/loss', 'group', 'min(']))
    expect(await active(page)).toBe(all[0])
  })
})

describe('charts that follow the filter', () => {
  test('are switched beside the field, and the sheet says once that no run matches', async () => {
    const page = await open()
    await fieldOf(page).fill('name ~ ^muon')
    await expect.poll(() => listed(page)).toEqual(MUON)
    await ready(page)
    expect((await charts(page))['eval/arc_easy_acc']?.series).toBe('8')
    const follow = page.getByRole('switch', { name: 'Charts follow filter' })
    await follow.click()
    expect(await follow.getAttribute('aria-checked')).toBe('true')
    await expect.poll(async () => (await charts(page))['eval/arc_easy_acc']?.series).toBe('2')
    expect(await page.getByRole('contentinfo').textContent()).toContain('2 of 8 runs')

    await fieldOf(page).fill('min(eval/loss) < 1')
    const main = page.getByRole('main')
    await main.getByRole('heading', { name: 'No run matches' }).waitFor()
    expect(
      await main
        .getByText(/No visible run logged/)
        .locator('visible=true')
        .count(),
    ).toBe(0)
    expect(await main.getByText('No run matches').count()).toBe(1)
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await expect.poll(async () => (await charts(page))['eval/arc_easy_acc']?.series).toBe('8')

    // all that match are hidden
    await run(page, MUON[0] ?? '').click()
    await fieldOf(page).fill(`name = ${MUON[0]}`)
    await page.getByRole('button', { name: 'Show it' }).click()
    await expect.poll(() => figure(page, 'eval/arc_easy_acc').getAttribute('data-series')).toBe('1')
    opened.expectClean()
    await opened.close()
  })

  test('a link draws what its filter leaves before it says that it is settled', async () => {
    const page = await open('#/metrics?rq=min(eval/loss) < 3.25&follow=true')
    expect((await charts(page))['eval/arc_easy_acc']?.series).toBe('1')
    opened.expectClean()
    await opened.close()
  })
})

describe('the run menu', () => {
  test('says why runs of a file are not renamed, and X offers epoch at once', async () => {
    const page = await open()
    await run(page, NAN).hover()
    await page.getByRole('button', { name: `More about ${NAN}` }).click()
    await page.getByRole('button', { name: 'Delete run' }).click()
    const why = page.getByRole('dialog', { name: 'This source is only read' })
    await why.getByText('Data of an address is only read. Nothing was changed.').waitFor()
    await why.getByRole('button', { name: 'Keep a copy and open it' }).waitFor()
    await page.keyboard.press('Escape')
    await why.waitFor({ state: 'detached' })

    const axis = page.getByRole('combobox', { name: 'X axis' })
    expect((await axis.locator('option').allTextContents()).slice(0, 5)).toEqual([
      'Step',
      'Relative time',
      'Wall time',
      'epoch',
      'tokens',
    ])
    await page.getByRole('button', { name: 'epoch', exact: true }).click()
    await expect.poll(() => figure(page, 'eval/arc_easy_acc').getAttribute('data-x')).toBe('epoch')
    expect(await page.getByRole('button', { name: 'epoch', exact: true }).count()).toBe(0)
    opened.expectClean()
    await opened.close()
  })
})

test('on a phone the list opens in the sheet, with entries that a finger hits', async () => {
  const page = await open('', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await page.getByRole('button', { name: /^Runs/ }).tap()
  await fieldOf(page).tap()
  await page.keyboard.type('min(eval/lo')
  const entry = page.getByRole('option', { name: /^eval\/loss/ })
  await entry.waitFor()
  expect((await entry.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await entry.tap()
  expect(await fieldOf(page).inputValue()).toBe('min(eval/loss) ')
  opened.expectClean()
  await opened.close()
})

/** The numbers beside the runs, by name. */
async function values(page: Page): Promise<Record<string, string>> {
  await expect.poll(() => page.locator('.run-value').count()).toBe(8)
  return page
    .locator('.run-row')
    .evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.querySelector('.run-main')?.getAttribute('aria-label'),
          row.querySelector('.run-value')?.textContent,
        ]),
      ),
    )
}

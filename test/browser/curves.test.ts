import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { builtPage, openPage, ready, useBrowser, useServer } from './harness.ts'
import { chooseInMenu, DEMO, drawn, figure, history, run, said, soon } from './steps.ts'

/*
 * What a person does with curves on the Metrics page beside looking at them: values are those that were logged.
 */

const LOSS = 'train/loss'
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())

async function openDemo(view = '', options: Parameters<typeof openPage>[2] = {}) {
  const opened = await openPage(browser, `${site.url}?db=${DEMO}.db#/metrics?${view}`, options)
  await ready(opened.page)
  return opened
}

/** Where a step stands in a chart's canvas, CSS pixels. */
async function placeOf(chart: Locator, step: number, of: Locator = chart): Promise<{ x: number; y: number }> {
  const [min, max] = [Number(await of.getAttribute('data-xmin')), Number(await of.getAttribute('data-xmax'))]
  const box = await chart.locator('.chart-base .u-over').boundingBox()
  if (!box) throw new Error('no picture')
  return { x: box.x + ((step - min) / (max - min)) * box.width, y: box.y + 40 }
}

async function click(page: Page, chart: Locator, step: number): Promise<void> {
  const { x, y } = await placeOf(chart, step)
  await page.mouse.move(x - 30, y)
  await page.mouse.click(x, y)
}

/** Value that a run logged at or before a step. */
async function logged(page: Page, id: string, metric: string, step: number): Promise<number> {
  const { [metric]: points } = await history(page, DEMO, id, [metric])
  const at = points?.steps.findLastIndex((one) => one <= step) ?? -1
  return points?.values[at] ?? Number.NaN
}

const tip = (page: Page) => page.locator('.chart-tip')
/** `−0.0123` and `1.2k` as a number. */
const number = (text: string | undefined): number => {
  const [, sign, digits, thousands] = /^([+−]?)([\d.e−-]+)(k?)$/.exec(text ?? '') ?? []
  return (sign === '−' ? -1 : 1) * Number(digits?.replace('−', '-')) * (thousands ? 1000 : 1)
}

describe('the crosshair', () => {
  test('a click pins it, a second one tells the change between the two, a third begins anew, Esc clears', async () => {
    const { page, expectClean, close } = await openDemo('smoothing=0')
    const chart = await drawn(page, LOSS)
    await click(page, chart, 5000)
    await soon(() => tip(page).textContent()).toMatch(/^Step 5,0/)
    const head = await tip(page).locator('b').first().textContent()
    // what is pinned stays when the pointer goes
    const { x, y } = await placeOf(chart, 9000)
    await page.mouse.move(x, y)
    expect(await tip(page).locator('b').first().textContent()).toBe(head)
    await page.mouse.click(x, y)
    await soon(() => tip(page).textContent()).toMatch(/^Step 5,0\d\d to (8,9|9,0)\d\dfromtochange/)
    const [from, to] = ((await tip(page).locator('b').first().textContent()) ?? '')
      .slice(5)
      .split(' to ')
      .map((part) => Number(part.replace(',', '')))
    const rows = await tip(page)
      .locator('.chart-tip-row')
      .evaluateAll((all) =>
        all.map((row) => [
          row.querySelector('.chart-tip-name')?.textContent ?? '',
          ...[...row.querySelectorAll('em, .chart-tip-change')].map((one) => one.textContent ?? ''),
        ]),
      )
    expect(rows).toHaveLength(8)
    for (const [name = '', before, after, change] of rows) {
      const id = (await run(page, name).getAttribute('data-run-id')) ?? ''
      const [a, b] = [await logged(page, id, LOSS, from ?? 0), await logged(page, id, LOSS, to ?? 0)]
      if (before !== '–') expect(number(before)).toBeCloseTo(a, 3)
      if (after !== '–') expect(number(after)).toBeCloseTo(b, 3)
      if (before !== '–' && after !== '–') expect(number(change)).toBeCloseTo(b - a, 3)
      else expect(change).toBe('–')
    }
    expect(await tip(page).locator('.chart-tip-foot').textContent()).toMatch(
      new RegExp(`^${((to ?? 0) - (from ?? 0)).toLocaleString('en-US')} steps, .*logged values$`),
    )
    await click(page, chart, 2000)
    await soon(() => tip(page).textContent()).toMatch(/^Step (1,9|2,0)\d\dlogged/)
    await page.keyboard.press('Escape')
    await soon(() => tip(page).count()).toBe(0)
    expectClean()
    await close()
  })

  test('a click on what is pinned lets it go', async () => {
    const { page, close } = await openDemo()
    const chart = await drawn(page, LOSS)
    await click(page, chart, 5000)
    await soon(() => tip(page).count()).toBe(1)
    const { x, y } = await placeOf(chart, 5000)
    await page.mouse.click(x, y)
    await page.mouse.move(x, 5)
    await soon(() => tip(page).count()).toBe(0)
    await close()
  })

  test('by keys: Space pins, arrows lead a second one and the change is spoken, Esc clears', async () => {
    const { page, expectClean, close } = await openDemo('smoothing=0')
    const chart = await drawn(page, LOSS)
    const canvas = chart.locator('.chart-overlay')
    await canvas.focus()
    for (const key of ['Home', ' ', 'Shift+ArrowRight', 'Shift+ArrowRight']) await page.keyboard.press(key)
    const name = (await soonSpoken(chart, / to .*, change [+−]/))?.match(/, ([\w-]+) [\d.]+ to /)?.[1] ?? ''
    const [, from, to, before, after, change] =
      /^Step ([\d,]+) to ([\d,]+), [\w-]+ ([\d.]+) to ([\d.]+), change ([+−][\d.]+)$/.exec(
        (await chart.locator('.chart-spoken').textContent()) ?? '',
      ) ?? []
    const id = (await run(page, name).getAttribute('data-run-id')) ?? ''
    const a = await logged(page, id, LOSS, Number(from?.replace(',', '')))
    const b = await logged(page, id, LOSS, Number(to?.replace(',', '')))
    expect(number(before)).toBeCloseTo(a, 3)
    expect(number(after)).toBeCloseTo(b, 3)
    expect(number(change)).toBeCloseTo(b - a, 3)
    await page.keyboard.press('Escape')
    await soon(() => tip(page).count()).toBe(0)
    expectClean()
    await close()
  })

  test('in full screen the table of runs has the change, and sorts by it', async () => {
    const { page, expectClean, close } = await openDemo(`smoothing=0&chart=${LOSS}`)
    const dialog = page.getByRole('dialog', { name: LOSS })
    await ready(page)
    const box = await dialog.locator('.chart-full-plot .u-over').first().boundingBox()
    for (const share of [0.4, 0.7]) {
      const [x, y] = [(box?.x ?? 0) + share * (box?.width ?? 0), (box?.y ?? 0) + 200]
      await page.mouse.move(x - 20, y)
      await page.mouse.click(x, y)
    }
    const head = dialog.getByRole('button', { name: 'Change', exact: true })
    await head.click()
    const values = await dialog.locator('.chart-runs tbody tr td:last-child').allTextContents()
    const numbers = values.filter((text) => text !== '–').map(number)
    expect(numbers.length).toBeGreaterThan(5)
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a))
    expectClean()
    await close()
  })

  test('a finger: a tap puts it down, one on it pins it, the next tells the change', async () => {
    const { page, expectClean, close } = await openDemo('', PHONE)
    const chart = await drawn(page, LOSS)
    const tap = async (step: number) => {
      const { x, y } = await placeOf(chart, step)
      await page.touchscreen.tap(x, y + 30)
    }
    await tap(4000)
    await soon(() => tip(page).textContent()).toMatch(/^Step [34],/)
    // not a double tap, which resets
    await apart(page)
    await tap(4000)
    await apart(page)
    await tap(9000)
    await soon(() => tip(page).textContent()).toMatch(/^Step [34],\d+ to [89],\d+/)
    expectClean()
    await close()
  })

  test('the tooltip says since when a run logs nothing but NaN', async () => {
    const { page, expectClean, close } = await openDemo()
    const chart = await drawn(page, 'train/grad_norm')
    const { x, y } = await placeOf(chart, 4700)
    await page.mouse.move(x - 30, y)
    await page.mouse.move(x, y)
    await soon(() => tip(page).textContent()).toContain('NaN from 4,575')
    const evals = await drawn(page, 'eval/loss')
    const there = await placeOf(evals, 4760)
    await page.mouse.move(there.x - 30, there.y)
    await page.mouse.move(there.x, there.y)
    await soon(() => tip(page).textContent()).toContain('NaN at 4,750')
    expectClean()
    await close()
  })
})

/** Two taps further apart than a double tap. */
async function apart(page: Page): Promise<void> {
  const from = await page.evaluate(() => performance.now())
  await page.waitForFunction((start) => performance.now() - start > 360, from)
}

/** What is spoken of a chart, once it says so. */
async function soonSpoken(chart: Locator, pattern: RegExp): Promise<string | null> {
  await soon(() => chart.locator('.chart-spoken').textContent()).toMatch(pattern)
  return chart.locator('.chart-spoken').textContent()
}

describe('the y axis of one chart', () => {
  test('its limits and its scale are in the link, and the other charts keep theirs', async () => {
    const { page, expectClean, close } = await openDemo()
    const chart = await drawn(page, LOSS)
    await chart.hover()
    await chart.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitemradio', { name: 'Set limits…' }).click()
    await chart.getByRole('textbox', { name: 'Min' }).fill('3.1')
    await chart.getByRole('textbox', { name: 'Max' }).fill('4.2')
    await page.keyboard.press('Enter')
    await chart.locator('.chart-overlay').focus()
    await page.keyboard.press('Shift+L')
    await ready(page)
    await expect.poll(() => page.url(), { timeout: 6000 }).toContain(`axes=${LOSS}~log~3.1..4.2`)
    const url = page.url()
    await page.goto('about:blank')
    await page.goto(url)
    await ready(page)
    const again = await drawn(page, LOSS)
    const axis = (of: Locator) =>
      of.evaluate((one) => [one.dataset.yScale, one.dataset.ymin, one.dataset.ymax].join(' '))
    expect(await axis(again)).toBe('log 3.1 4.2')
    expect(await figure(page, 'eval/loss').getAttribute('data-y-scale')).toBe('linear')
    await chooseInMenu(page, again, 'As the other charts')
    await ready(page)
    expect(await again.getAttribute('data-y-scale')).toBe('linear')
    await expect.poll(() => page.url(), { timeout: 6000 }).not.toContain('axes=')
    expectClean()
    await close()
  })
})

describe('a zoom', () => {
  const limits = (chart: Locator) =>
    chart.evaluate((one) => [Number(one.dataset.xmin), Number(one.dataset.xmax)])

  test('goes along to another x axis by its steps, and comes back as it was; [ and ] walk it', async () => {
    const { page, expectClean, close } = await openDemo('xmin=2000&xmax=6010')
    const chart = await drawn(page, LOSS)
    await page.getByRole('combobox', { name: 'X axis' }).selectOption('relative')
    await ready(page)
    await soon(() => chart.getAttribute('data-x')).toBe('relative')
    const ids = await page
      .getByRole('group', { name: 'Runs', exact: true })
      .locator('[data-run-id]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-run-id') ?? ''))
    let [least, most] = [Infinity, -Infinity]
    for (const id of ids) {
      const all = Object.values(await history(page, DEMO, id))
      const start = Math.min(...all.map(({ timestamps }) => timestamps[0] ?? Infinity))
      for (const { steps, timestamps } of all)
        steps.forEach((step, i) => {
          if (step < 2000 || step > 6010) return
          const at = ((timestamps[i] ?? 0) - start) / ((timestamps[i] ?? 0 > 1e11) ? 1000 : 1)
          least = Math.min(least, at)
          most = Math.max(most, at)
        })
    }
    const [low = 0, high = 0] = await limits(chart)
    expect(low).toBeCloseTo(least, 3)
    expect(high).toBeCloseTo(most, 3)
    await page.getByRole('combobox', { name: 'X axis' }).selectOption('step')
    await ready(page)
    expect(await limits(chart)).toEqual([2000, 6010])
    // and through the history, which belongs to an axis too
    await page.keyboard.press('0')
    await ready(page)
    await page.keyboard.press('x')
    await ready(page)
    await page.keyboard.press('[')
    await ready(page)
    await soon(async () => (await limits(chart))[1]).toBeCloseTo(most, 3)
    await page.keyboard.press(']')
    await ready(page)
    expect((await limits(chart))[1]).toBeGreaterThan(most)
    expectClean()
    await close()
  })

  test('without a row on the new axis it is reset, and a notice says so', async () => {
    const { page, expectClean, close } = await openDemo('xmin=2010&xmax=2020')
    await page.getByRole('combobox', { name: 'X axis' }).selectOption('wall')
    await ready(page)
    expect((await said(page)).join(' ')).toContain(
      'no row of the shown runs that was in view has a time; all of it is shown',
    )
    await soon(() => new URL(page.url()).hash).not.toContain('xmin')
    expectClean()
    await close()
  })
})

describe('colours by a value', () => {
  const colors = (page: Page) =>
    page
      .getByRole('group', { name: 'Runs', exact: true })
      .locator('[data-run-id] .swatch')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).getPropertyValue('--c').trim()))

  test('numbers stand on a scale with its ends, values have a colour each, and the link keeps it', async () => {
    const { page, expectClean, close } = await openDemo()
    const own = await colors(page)
    const more = page.getByRole('button', { name: /^Value and order/ })
    await more.click()
    await page.getByRole('combobox', { name: 'Colour by' }).selectOption('config:lr')
    await ready(page)
    await page.keyboard.press('Escape')
    const key = page.getByRole('region', { name: 'Colour by lr' })
    // 1e-4 to 0.3: wide apart, so by powers of ten
    expect((await key.locator('.color-key-scale').textContent())?.trim()).toBe('1.0e−40.3000log')
    const names = await page
      .getByRole('group', { name: 'Runs', exact: true })
      .locator('[data-run-id]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
    const now = await colors(page)
    const of = (name: string) => now[names.indexOf(name)]
    expect([of('lion-lr1e-4-s0'), of('sgd-lr3e-1-s0')]).toEqual(['#8995ac', '#0b2159'])
    expect(of('adamw-lr6e-4-s0')).toBe(of('adamw-lr6e-4-s1'))
    // what is drawn has it too
    const line = await (await drawn(page, LOSS)).locator('.chart-base canvas').evaluate((canvas) => {
      const context = (canvas as HTMLCanvasElement).getContext('2d')
      const { data } = context?.getImageData(0, 0, (canvas as HTMLCanvasElement).width, 300) ?? { data: [] }
      let found = 0
      for (let i = 0; i < data.length; i += 4) if (data[i] === 0x0b && data[i + 1] === 0x21) found++
      return found
    })
    expect(line).toBeGreaterThan(20)
    await soon(() => page.url()).toContain('color_by=config:lr')
    await page.reload()
    await ready(page)
    expect(await colors(page)).toEqual(now)

    await page.getByRole('button', { name: 'Own colours again' }).click()
    await ready(page)
    expect(await colors(page)).toEqual(own)
    await more.click()
    await page.getByRole('combobox', { name: 'Colour by' }).selectOption('config:optimizer.name')
    await ready(page)
    await page.keyboard.press('Escape')
    expect(
      (
        await page
          .getByRole('region', { name: 'Colour by optimizer.name' })
          .getByRole('listitem')
          .allTextContents()
      ).sort(),
    ).toEqual(['adamw', 'lion', 'muon', 'sgd'])
    expectClean()
    await close()
  })

  test('a metric: the run that ended in NaN has no value, which is said', async () => {
    const { page, expectClean, close } = await openDemo('color_by=min:eval/loss')
    const key = page.getByRole('region', { name: 'Colour by eval/loss, min' })
    await soon(() => key.textContent()).toContain('1 without a value: grey, dotted')
    expectClean()
    await close()
  })
})

describe('a run called otherwise', () => {
  test('by F2: everywhere on the page and in the link, and as it was logged in the data', async () => {
    const { page, expectClean, close } = await openDemo('runs=sgd-lr3e-1-s0,lion-lr1e-4-s0')
    const box = run(page, 'sgd-lr3e-1-s0')
    const id = (await box.getAttribute('data-run-id')) ?? ''
    await box.focus()
    await page.keyboard.press('F2')
    const dialog = page.getByRole('dialog', { name: 'Rename in this view' })
    await dialog.getByRole('textbox').fill('baseline, ~ 50%')
    await page.keyboard.press('Enter')
    await soon(() => run(page, 'baseline, ~ 50%').count()).toBe(1)
    await soon(() => run(page, 'baseline, ~ 50%').evaluate((one) => one === document.activeElement)).toBe(
      true,
    )
    await ready(page)
    // the link names runs as they were logged
    expect(await (await drawn(page, LOSS)).getAttribute('data-series')).toBe('2')
    await soon(() => page.url()).toContain('names=')
    await page.reload()
    await ready(page)
    const chart = await drawn(page, LOSS)
    await chart.getByRole('button', { name: 'Show as table' }).click()
    await ready(page)
    expect(await chart.getByRole('columnheader').allTextContents()).toContain('baseline, ~ 50%')
    const logged = await page.evaluate(async (project) => {
      const all = await window.trackio?.runs(project)
      return all?.map(({ name }) => name)
    }, DEMO)
    expect(logged).toContain('sgd-lr3e-1-s0')
    // and back, by the menu
    await page.locator(`[data-run-id="${id}"]`).hover()
    await page.getByRole('button', { name: 'More about baseline, ~ 50%' }).click()
    await page.getByRole('button', { name: 'Name as logged again' }).click()
    await soon(() => run(page, 'sgd-lr3e-1-s0').count()).toBe(1)
    expectClean()
    await close()
  })
})

import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { builtPage, openPage, ready, useBrowser, usePage, useServer } from './harness.ts'
import { chooseInMenu, DEMO, download, drawn, figure, history, run, said, soon } from './steps.ts'

/*
 * What a person does with curves on the Metrics page beside looking at them: values are those that were logged.
 */

const LOSS = 'train/loss'
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())

const opened = usePage(open)

async function open(hash: string, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, `${site.url}?db=${DEMO}.db${hash}`, options)
  await ready(opened.page)
  return opened
}

/** The demo in the page of these tests; `alone` in one of its own. */
function openDemo(view = '', options: BrowserContextOptions = {}, alone = false) {
  return (alone ? open : opened)(`#/metrics?${view}`, options)
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
    expect(numbers.length).toBeGreaterThan(4)
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
    await soon(async () => (await said(page)).join(' ')).toContain(
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
    const { page, expectClean, close } = await openDemo('runs=sgd-lr3e-1-s0,lion-lr1e-4-s0', {}, true)
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
    await soon(() => chart.getByRole('columnheader').allTextContents()).toContain('baseline, ~ 50%')
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

describe('the overview in full screen', () => {
  test('its window is the part in view: dragged by its middle and its ends, moved by keys, walked back by [', async () => {
    const { page, expectClean, close } = await openDemo(`chart=${LOSS}&xmin=3000&xmax=6000`)
    const dialog = page.getByRole('dialog', { name: LOSS })
    const slider = (name: string) => dialog.getByRole('slider', { name, exact: true })
    const window = slider('Part in view')
    await soon(() => window.getAttribute('aria-valuetext')).toBe('3,000 to 6,000')
    const zoom = () => {
      const params = new URLSearchParams(new URL(page.url()).hash.split('?')[1])
      return [Number(params.get('xmin')), Number(params.get('xmax'))]
    }
    const text = () => window.getAttribute('aria-valuetext')
    const box = await window.boundingBox()
    if (!box) throw new Error('no window')
    // 3,000 steps are the window's width
    await page.mouse.move(box.x + box.width / 2, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width, box.y + 20, { steps: 4 })
    await page.mouse.move(box.x + 1.5 * box.width, box.y + 20, { steps: 4 })
    await page.mouse.up()
    await ready(page)
    const [from = 0, to = 0] = await soonZoom(zoom, ([low = 0]) => low > 5900)
    expect(Math.abs(from - 6000)).toBeLessThan(60)
    expect(Math.abs(to - 9000)).toBeLessThan(60)
    await page.keyboard.press('[')
    await soon(text).toBe('3,000 to 6,000')
    await page.keyboard.press(']')
    await soon(text).not.toBe('3,000 to 6,000')
    await page.keyboard.press('[')
    await soon(text).toBe('3,000 to 6,000')

    const end = slider('End of the part in view')
    const grip = await end.boundingBox()
    await page.mouse.move((grip?.x ?? 0) + 12, (grip?.y ?? 0) + 30)
    await page.mouse.down()
    await page.mouse.move((grip?.x ?? 0) + 12 - box.width / 2, (grip?.y ?? 0) + 30, { steps: 5 })
    await page.mouse.up()
    const shorter = await soonZoom(zoom, ([, high = 0]) => high < 5000)
    expect(shorter[0]).toBe(3000)
    expect(Math.abs((shorter[1] ?? 0) - 4500)).toBeLessThan(60)

    await slider('Start of the part in view').focus()
    await page.keyboard.press('ArrowLeft')
    const [low = 0] = await soonZoom(zoom, ([one = 0]) => one < 3000)
    // a hundredth of the 12,000 steps
    expect(Math.abs(2880 - low)).toBeLessThan(12)
    await page.keyboard.press('Home')
    await soon(text).toMatch(/^0 to/)
    await end.focus()
    await page.keyboard.press('End')
    await soon(() => page.url()).not.toContain('xm')
    // Tab reaches window and ends, and the arrows have not walked the metrics
    expect(await dialog.getAttribute('aria-label')).toBe(LOSS)
    expectClean()
    await close()
  })

  test('on a phone too, by a finger', async () => {
    const { page, expectClean, close } = await openDemo(`chart=${LOSS}&xmin=3000&xmax=6000`, PHONE)
    const window = page.getByRole('slider', { name: 'Part in view', exact: true })
    await soon(() => window.getAttribute('aria-valuetext')).toBe('3,000 to 6,000')
    const box = await window.boundingBox()
    if (!box) throw new Error('no window')
    const session = await page.context().newCDPSession(page)
    const [x, y] = [box.x + box.width / 2, box.y + 20]
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: at === undefined ? [] : [{ x: at, y }],
      })
    await touch('touchStart', x)
    for (const by of [10, 20, 30]) await touch('touchMove', x + by)
    await touch('touchEnd')
    await soon(() => window.getAttribute('aria-valuetext')).not.toBe('3,000 to 6,000')
    expectClean()
    await close()
  })
})

/** The zoom of the link, once it is as wanted. */
async function soonZoom(zoom: () => number[], wanted: (zoom: number[]) => boolean): Promise<number[]> {
  await soon(() => wanted(zoom())).toBe(true)
  return zoom()
}

describe('a chart of several metrics', () => {
  const PATTERN = String.raw`layers/(\d+)/grad_norm`

  test('picked: drawn with a line for each run and metric, tabled, exported, pinned, linked and removed', async () => {
    const { page, expectClean, close } = await openDemo(
      'runs=muon-lr2e-2-s0,adamw-lr6e-4-s0&smoothing=0',
      {},
      true,
    )
    await chooseInMenu(page, await drawn(page, 'train/loss'), 'With other metrics…')
    const dialog = page.getByRole('dialog', { name: 'Chart of several metrics' })
    expect(await dialog.getByRole('checkbox', { name: 'train/loss' }).isChecked()).toBe(true)
    await dialog.getByRole('searchbox').fill('eval/loss')
    await dialog.getByRole('checkbox', { name: 'eval/loss' }).check()
    await soon(() => dialog.getByRole('status').textContent()).toBe('2 metrics, 4 lines in the shown runs')
    await dialog.getByRole('textbox', { name: 'Name of the chart' }).fill('losses')
    await dialog.getByRole('button', { name: 'Add chart' }).click()
    await ready(page)
    const chart = await drawn(page, 'losses')
    expect(await chart.getAttribute('data-series')).toBe('4')
    expect(await chart.locator('.chart-overlay').getAttribute('aria-label')).toMatch(
      /^losses, 4 lines of 2 runs/,
    )
    // its limits hold what the charts of both have
    const limits = async (name: string) => {
      const { ymin, ymax } = await (await drawn(page, name)).evaluate((one) => ({ ...one.dataset }))
      return [Number(ymin), Number(ymax)]
    }
    const [low = 0, high = 0] = await limits('losses')
    for (const name of ['train/loss', 'eval/loss']) {
      const [least = 0] = await limits(name)
      expect(low).toBeLessThanOrEqual(least + 0.2)
      expect(high).toBeGreaterThan(least)
    }

    const { x, y } = await placeOf(await drawn(page, 'losses'), 5000)
    await page.mouse.move(x - 20, y)
    await page.mouse.move(x, y)
    await soon(async () =>
      (await tip(page).locator('.chart-tip-name').allTextContents()).map((text) => text.trim()).sort(),
    ).toEqual([
      'adamw-lr6e-4-s0 eval/loss',
      'adamw-lr6e-4-s0 train/loss',
      'muon-lr2e-2-s0 eval/loss',
      'muon-lr2e-2-s0 train/loss',
    ])
    await page.mouse.move(2, 2)

    await chart.getByRole('button', { name: 'Show as table' }).click()
    await ready(page)
    await soon(() => chart.getByRole('columnheader').count()).toBe(5)
    const heads = await chart.getByRole('columnheader').allTextContents()
    const column = heads.indexOf('muon-lr2e-2-s0 eval/loss')
    const cells = await chart
      .locator('tbody tr')
      .evaluateAll(
        (rows, at) => rows.map((row) => (row.children[at] as HTMLElement | undefined)?.dataset.value),
        column,
      )
    const id = (await run(page, 'muon-lr2e-2-s0').getAttribute('data-run-id')) ?? ''
    const { 'eval/loss': points } = await history(page, DEMO, id, ['eval/loss'])
    expect(cells.filter((value) => value !== undefined).map(Number)).toEqual(points?.values)
    await chart.getByRole('button', { name: 'Show as chart' }).click()
    await ready(page)

    const { name, bytes } = await download(page, () => chooseInMenu(page, chart, 'Download CSV'))
    expect(name).toBe(`${DEMO}-losses.csv`)
    const [head, ...rows] = bytes.toString('utf8').trim().split('\n')
    expect(head).toBe('run,run_id,metric,step,timestamp,value')
    expect(rows.filter((row) => row.startsWith(`muon-lr2e-2-s0,${id},eval/loss,`))).toHaveLength(
      points?.values.length ?? 0,
    )
    const png = await download(page, () => chooseInMenu(page, chart, 'Download PNG'))
    expect(png.bytes.readUInt32BE(0)).toBe(0x89504e47)

    await chart.getByRole('button', { name: 'Pin', exact: true }).click()
    await ready(page)
    expect(
      await page.locator('section[data-section="*pinned"] figure').first().getAttribute('data-metric'),
    ).toBe('losses')
    await soon(() => decodeURIComponent(page.url())).toContain('panels=losses~train/loss~eval/loss')
    await page.reload()
    await ready(page)
    expect(await (await drawn(page, 'losses')).getAttribute('data-series')).toBe('4')
    await page.keyboard.press('Escape')
    await (await drawn(page, 'losses')).locator('.chart-overlay').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'losses' }).getByRole('slider').first().waitFor()
    await page.getByRole('button', { name: 'Close' }).click()

    await chooseInMenu(page, await drawn(page, 'losses'), 'Remove chart')
    await soon(() => figure(page, 'losses').count()).toBe(0)
    await soon(() => page.url()).not.toContain('panels=')
    expectClean()
    await close()
  })

  test('by a pattern: what its group catches names the lines, one run has them along the scale', async () => {
    const { page, expectClean, close } = await openDemo('runs=muon-lr2e-2-s0&smoothing=0', {}, true)
    await page.getByRole('button', { name: 'More controls' }).click()
    await page.getByRole('button', { name: 'Chart of several metrics…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Chart of several metrics' })
    await dialog.getByRole('radio', { name: 'By a pattern' }).click()
    const field = dialog.getByRole('textbox', { name: 'Regular expression' })
    await field.fill('layers/(')
    await soon(() => dialog.getByRole('status').textContent()).toBe('not a regular expression yet')
    expect(await dialog.getByRole('button', { name: 'Add chart' }).isDisabled()).toBe(true)
    await field.fill(`/${PATTERN}/`)
    await soon(() =>
      dialog.getByRole('list', { name: 'Metrics of the pattern' }).locator('em').allTextContents(),
    ).toEqual(['0', '11'])
    await field.press('Enter')
    await ready(page)
    const chart = await drawn(page, `/${PATTERN}/`)
    expect(await chart.getAttribute('data-series')).toBe('2')
    const { x, y } = await placeOf(chart, 5000)
    await page.mouse.move(x - 20, y)
    await page.mouse.move(x, y)
    await soon(async () =>
      tip(page)
        .locator('.chart-tip-row')
        .evaluateAll((all) =>
          all
            .map(
              (row) =>
                `${row.querySelector('.chart-tip-name')?.textContent} ${row.querySelector('line')?.getAttribute('stroke')}`,
            )
            .sort(),
        ),
    ).toEqual(['0 #8995ac', '11 #0b2159'])
    // and changed by its menu
    await chooseInMenu(page, chart, 'Change metrics…')
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name of the chart' }).fill('gradients')
    await page.keyboard.press('Enter')
    await ready(page)
    expect(await (await drawn(page, 'gradients')).getAttribute('data-series')).toBe('2')
    expectClean()
    await close()
  })

  test('several stand in the order of the link, which Alt and the arrows change; a search finds them by their metrics', async () => {
    const { page, expectClean, close } = await openDemo(
      `panels=${encodeURIComponent(`losses~train/loss~eval/loss,norms~/${PATTERN}/`)}&pin=`,
      {},
      true,
    )
    const titles = () =>
      page
        .locator('section[data-section="*several"] figure')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-metric')))
    expect(await titles()).toEqual(['losses', 'norms'])
    await (await drawn(page, 'losses')).locator('.chart-overlay').focus()
    await page.keyboard.press('Alt+ArrowRight')
    await soon(titles).toEqual(['norms', 'losses'])
    await page.getByRole('searchbox', { name: 'Search metrics' }).fill('grad_norm')
    await ready(page)
    await soon(titles).toEqual(['norms'])
    expectClean()
    await close()
  })
})

describe('by a finger', () => {
  test('a chart is put elsewhere when its caption is held, a section by its head; a finger that moves at once scrolls', async () => {
    const { page, expectClean, close } = await openDemo('', PHONE, true)
    const names = () =>
      page
        .locator('section[data-section="train/"] > .cell figure')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-metric')))
    const before = await names()
    const session = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
    const moving = page.locator('.moving')
    // what takes a finger is fetched once the charts stand
    const hold = async (x: number, y: number): Promise<void> => {
      await touch('touchStart', x, y)
      while (
        !(await moving.waitFor({ timeout: 1500 }).then(
          () => true,
          () => false,
        ))
      ) {
        await touch('touchEnd')
        await touch('touchStart', x, y)
      }
    }
    const caption = (await figure(page, before[0] ?? '')
      .locator('.chart-name')
      .boundingBox()) ?? { x: 0, y: 0 }
    const [x, y] = [caption.x + 12, caption.y + 8]
    await hold(x, y)
    // past the middle of the next chart
    for (const by of [60, 140, 220, 300, 400]) await touch('touchMove', x, y + by)
    expect(await page.locator('#charts').evaluate((sheet) => sheet.scrollTop)).toBe(0)
    await touch('touchEnd')
    await soon(names).toEqual([before[1], before[0], ...before.slice(2)])
    await ready(page)
    await soon(() => page.url()).toContain('order=')

    // a quick one is the page's
    await touch('touchStart', x, 600)
    for (const by of [20, 60, 120, 180]) await touch('touchMove', x, 600 - by)
    await touch('touchEnd')
    await soon(() => page.locator('#charts').evaluate((sheet) => sheet.scrollTop)).toBeGreaterThan(50)
    expect(await moving.count()).toBe(0)
    expect(await names()).toEqual([before[1], before[0], ...before.slice(2)])

    // anew: the quick one keeps the sheet going
    await page.reload()
    await ready(page)
    const heads = page.locator('.section-head')
    const sections = () =>
      page
        .locator('section[data-section]')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-section')))
    const order = await sections()
    // folded, so that the second one is in reach
    for (const at of [0, 1]) await heads.nth(at).getByRole('button').first().click()
    const boxes = () =>
      page
        .locator('section[data-section]')
        .evaluateAll((all) => all.slice(0, 2).map((one) => one.getBoundingClientRect().toJSON()))
    await soon(async () => (await boxes()).map(({ height }) => height < 60)).toEqual([true, true])
    const [first, second] = await boxes()
    await hold(first.x + 40, first.y + 12)
    for (const part of [0.3, 0.6, 0.9])
      await touch('touchMove', first.x + 40, second.y + second.height * part)
    await touch('touchEnd')
    await soon(sections).toEqual([order[1], order[0], ...order.slice(2)])
    expectClean()
    await close()
  })
})

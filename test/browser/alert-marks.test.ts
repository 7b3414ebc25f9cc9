import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { builtPage, type Opened, openPage, ready, useBrowser, usePage, useServer } from './harness.ts'
import { chooseInMenu, download, drawn, dropAndDraw, run, soon } from './steps.ts'

/*
 * Marks of alerts on charts. The run `main` of this file warned at step 45 (warn), 40 (info) and 13 (error);
 * another one that logged no metric died.
 */

const FILE = join(import.meta.dirname, '..', 'fixtures', 'v0.43.0', 'data', 'demoprojectv4ö.db')
/** Left gutter and height of the plot's upper edge, CSS pixels of the picture. */
const LEFT = 52
const TOP = 8

const browser = await useBrowser()
const site = await useServer(builtPage())

const show = usePage(open)

async function open(hash = '#/?runs=main'): Promise<Opened> {
  const opened = await openPage(browser, site.url + hash)
  await dropAndDraw(opened.page, [FILE])
  return opened
}

const count = (chart: Locator) => soon(() => chart.getAttribute('data-alerts'))

/** Pixels of a colour in the strip of the marks, of those that are nearly opaque. */
function strip(chart: Locator, css: string): Promise<number> {
  return chart.locator('.chart-base canvas').evaluate(
    (canvas, [css, from, to]) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas')
      const { data } = canvas
        .getContext('2d')!
        .getImageData(0, Number(from), canvas.width, Number(to) - Number(from))
      const wanted = [1, 3, 5].map((at) => Number.parseInt(String(css).slice(at, at + 2), 16))
      let found = 0
      for (let i = 0; i < data.length; i += 4) {
        if (
          (data[i + 3] ?? 0) > 250 &&
          wanted.every((value, at) => Math.abs(value - (data[i + at] ?? 0)) < 3)
        )
          found++
      }
      return found
    },
    [css, TOP - 4, TOP + 4] as const,
  )
}

/** Where a step stands in the chart's picture. */
async function placeOf(chart: Locator, step: number): Promise<number> {
  const [min, max] = [
    Number(await chart.getAttribute('data-xmin')),
    Number(await chart.getAttribute('data-xmax')),
  ]
  const plot = await chart
    .locator('.chart-base .u-over')
    .evaluate((over) => over.getBoundingClientRect().width)
  return LEFT + ((step - min) / (max - min)) * plot
}

async function hover(page: Page, chart: Locator, x: number, y: number): Promise<void> {
  const box = await chart.locator('.chart-overlay').boundingBox()
  if (!box) throw new Error('no picture')
  await page.mouse.move(box.x + x - 30, box.y + 60)
  await page.mouse.move(box.x + x, box.y + y)
}

test('a chart marks what its runs warned of, in three shapes, and says so to pointer and keys', async () => {
  const { page, expectClean, close } = await show('#/?runs=main')
  const chart = await drawn(page, 'train/loss')
  await count(chart).toBe('3')
  await ready(page)
  expect(await chart.locator('.chart-note').textContent()).toContain('3 alerts')
  expect(await chart.locator('.chart-overlay').getAttribute('aria-label')).toContain('3 alerts')
  for (const color of ['#b3261e', '#8a5a00', '#6b6b65'])
    expect(await strip(chart, color), color).toBeGreaterThan(12)

  // 4 px beside the shape: the crosshair goes to its step
  await hover(page, chart, (await placeOf(chart, 13)) + 4, TOP)
  const tip = page.locator('.chart-tip')
  await soon(() => tip.textContent()).toMatch(
    /^Step 13.*Error.*NaN gradient <script>.*step 13.*main.*grad_norm is NaN/,
  )
  expect(await tip.textContent()).not.toContain('stop?')
  await hover(page, chart, await placeOf(chart, 30), 80)
  await soon(() => tip.textContent()).toMatch(/^Step 30/)
  expect(await tip.textContent()).not.toContain('Error')
  // further down, where the crosshair stands on the step itself
  await hover(page, chart, await placeOf(chart, 45), 80)
  await soon(() => tip.textContent()).toMatch(/^Step 45.*Warn.*Loss spike/)

  await page.mouse.move(2, 2)
  await chart.locator('.chart-overlay').focus()
  for (const key of ['Home', 'Shift+ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight'])
    await page.keyboard.press(key)
  await soon(() => chart.locator('.chart-spoken').textContent()).toMatch(
    /^Step 13, .*\. Error: NaN gradient <script>, main, step 13, grad_norm is NaN$/,
  )
  expectClean()
  await close()
})

test('marks go with their run, stand at their time on axes of time, and have no place on a metric', async () => {
  const { page, expectClean, close } = await show('#/?runs=main')
  const chart = await drawn(page, 'train/loss')
  await count(chart).toBe('3')
  await run(page, 'media & traces').click()
  await ready(page)
  await count(chart).toBe('3')
  await run(page, 'main').click()
  await count(chart).toBe('0')
  expect(await chart.locator('.chart-note').textContent()).not.toContain('alert')
  await run(page, 'main').click()
  await count(chart).toBe('3')
  const axis = page.getByRole('combobox', { name: 'X axis' })
  for (const [x, alerts] of [
    ['relative', '3'],
    ['wall', '3'],
    ['epoch', '0'],
  ] as const) {
    await axis.selectOption(x === 'epoch' ? { label: x } : x)
    // the sheet is another one: the chart may have left the window
    await drawn(page, 'train/loss')
    await soon(() => chart.getAttribute('data-x')).toBe(x)
    await count(chart).toBe(alerts)
  }
  expectClean()
  await close()
})

test('a switch of the chart settings and an entry of More turn marks off for all charts, and this browser keeps it', async () => {
  const { page, expectClean, close } = await open()
  const chart = await drawn(page, 'train/loss')
  await count(chart).toBe('3')
  await page.getByRole('button', { name: 'Chart settings' }).click()
  await page.getByRole('switch', { name: 'Alert marks' }).click()
  await count(chart).toBe('0')
  await soon(() => strip(chart, '#b3261e')).toBe(0)
  await page.keyboard.press('Escape')
  expect(await page.evaluate(() => localStorage.getItem('trackio-lite'))).toContain('"alertMarks":false')

  await chart.hover()
  await chart.getByRole('button', { name: 'Fullscreen' }).click()
  const full = page.getByRole('dialog', { name: 'train/loss' })
  await full.getByRole('button', { name: 'More' }).click()
  await full.getByRole('menuitemcheckbox', { name: 'Alert marks' }).click()
  await soon(() => full.locator('.chart-note').textContent()).toContain('3 alerts')
  await page.keyboard.press('Escape')
  await count(chart).toBe('3')
  expectClean()
  await close()
})

test('a figure has the marks, and says how many of which level', async () => {
  const { page, expectClean, close } = await show('#/?runs=main')
  const chart = await drawn(page, 'train/loss')
  await count(chart).toBe('3')
  await chooseInMenu(page, chart, 'Save figure…')
  const dialog = page.getByRole('dialog', { name: 'Save figure' })
  await dialog.getByRole('radio', { name: 'SVG' }).click()
  const { bytes } = await download(page, () =>
    dialog.getByRole('button', { name: 'Save', exact: true }).click(),
  )
  const svg = bytes.toString()
  expect(svg).toContain('3 alerts: 1 error ▼, 1 warn ▲, 1 info ●')
  for (const color of ['#b3261e', '#8a5a00'])
    expect(svg).toMatch(new RegExp(`<path d="[^"]*z" fill="${color}"`))
  expectClean()
  await close()
})

test('a project without alerts fetches nothing for them and has no switch', async () => {
  const { page, requests, close } = await openPage(browser, site.url)
  await dropAndDraw(page, [join(FILE, '..', 'demoprojectv4öcsv.db')])
  await page.getByRole('button', { name: 'Chart settings' }).click()
  await page.getByRole('switch', { name: 'Raw line' }).waitFor()
  expect(await page.getByRole('switch', { name: 'Alert marks' }).count()).toBe(0)
  expect(requests.filter((address) => address.includes('alert-'))).toEqual([])
  await close()
})

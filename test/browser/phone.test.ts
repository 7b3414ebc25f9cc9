import { expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { builtPage, openPage, ready, useBrowser, useServer } from './harness.ts'
import { DEMO, figure, soon } from './steps.ts'

const browser = await useBrowser()
const site = await useServer(builtPage())

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

test('a phone’s tooltip covers at most a third of the chart, and says step, values and smoothing', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`, PHONE)
  await ready(page)
  const chart = figure(page, 'eval/arc_easy_acc')
  const plot = chart.getByRole('application')
  // a chart below what is seen is drawn when it comes near
  await chart.scrollIntoViewIfNeeded()
  await plot.scrollIntoViewIfNeeded()
  await plot.tap({ position: { x: 150, y: 60 } })
  const tip = chart.locator('.chart-tip')
  await tip.waitFor()
  const [over, under] = [await tip.boundingBox(), await plot.boundingBox()]
  if (!over || !under) throw new Error('no tooltip to measure')
  expect(over.height).toBeLessThanOrEqual(under.height / 3)
  expect(over.y).toBeGreaterThanOrEqual(under.y)
  expect(over.x + over.width).toBeLessThanOrEqual(390)
  const said = (await tip.innerText()).replaceAll('\n', ' ')
  expect(said).toMatch(/^Step [\d,]+ 4 of 8, as logged, /)
  expect(await tip.locator('.chart-tip-row').count()).toBe(4)
  // nothing of it is cut away
  expect(await tip.evaluate((element) => element.scrollHeight <= element.clientHeight)).toBe(true)
  for (const value of await tip.locator('.chart-tip-value').all())
    expect(await value.innerText()).toMatch(/^[\d.]+$/)
  expectClean()
  await close()
})

test('charts of a phone name their runs in one line, on the sheet and alone', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`, PHONE)
  await ready(page)
  const chart = figure(page, 'eval/arc_easy_acc')
  const legend = chart.getByRole('list', { name: 'Legend' })
  await chart.scrollIntoViewIfNeeded()
  await legend.waitFor()
  const names = () => legend.getByRole('listitem').allTextContents()
  await expect.poll(names).toHaveLength(8)
  expect(await names()).toContain('muon-lr2e-2-s0')
  const [line, box, plot] = [
    await legend.boundingBox(),
    await chart.boundingBox(),
    await chart.getByRole('application').boundingBox(),
  ]
  if (!line || !box || !plot) throw new Error('no legend to measure')
  expect(line.height).toBeLessThanOrEqual(24)
  expect(line.y).toBeGreaterThanOrEqual(plot.y + plot.height - 1)
  expect(line.y + line.height).toBeLessThanOrEqual(box.y + box.height)
  expect(await legend.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)

  // words and buttons of a caption end in an ellipsis where they do not fit, in front of the tools, and say
  // all in their titles
  const notes = await page.locator('.chart-note > *').evaluateAll((all) =>
    all.map((element) => ({
      text: element.textContent ?? '',
      title: element.getAttribute('title') ?? '',
      ellipsis: getComputedStyle(element).textOverflow,
      width: element.clientWidth,
      cut: element.scrollWidth > element.clientWidth,
      over:
        element.getBoundingClientRect().right -
        (element.closest('figure')?.querySelector('.chart-tools')?.getBoundingClientRect().left ?? 0),
    })),
  )
  expect(notes.some(({ cut }) => cut)).toBe(true)
  for (const { text, title, ellipsis, width, cut, over } of notes) {
    expect({ ellipsis, inside: over <= 0, seen: width >= 12 }, text).toEqual({
      ellipsis: 'ellipsis',
      inside: true,
      seen: true,
    })
    if (text === 'log?') expect(cut).toBe(false)
    else expect(title).toContain(text)
  }

  await chart.getByRole('button', { name: 'Fullscreen' }).click()
  const alone = page.getByRole('dialog', { name: 'eval/arc_easy_acc' })
  await soon(() => alone.getByRole('list', { name: 'Legend' }).getByRole('listitem').count()).toBe(8)
  expectClean()
  await close()
})

test('the table of runs has a bar below it, whose sheets group, sort and choose columns', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db#/runs`, PHONE)
  await ready(page)
  const bar = page.getByRole('group', { name: 'Table', exact: true })
  const box = await bar.boundingBox()
  if (!box) throw new Error('no bar')
  expect([Math.round(box.x), Math.round(box.width)]).toEqual([0, 390])
  expect(Math.round(box.y + box.height)).toBe(844)
  for (const button of await bar.getByRole('button').all())
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  const texts = () => bar.getByRole('button').allTextContents()
  expect(await texts()).toEqual([
    'GroupNone',
    expect.stringMatching(/^Sort.+[↓↑]$/),
    expect.stringMatching(/^Columns\d+ of \d+$/),
  ])

  const dialog = page.getByRole('dialog')
  await bar.getByRole('button', { name: /^Group/ }).tap()
  await dialog.getByRole('combobox', { name: 'Group runs' }).selectOption('seeds')
  await page.keyboard.press('Escape')
  await soon(texts).toEqual(['GroupAll but seed', expect.anything(), expect.anything()])

  await bar.getByRole('button', { name: /^Sort/ }).tap()
  await expectAccessible(page, 'sort', 'dialog[open]')
  await dialog.getByRole('button', { name: 'Run', exact: true }).tap()
  await dialog.getByRole('button', { name: 'Run, ascending', exact: true }).tap()
  await page.keyboard.press('Escape')
  await soon(() => page.url()).toContain('sort=-name')
  expect((await texts())[1]).toBe('SortRun ↓')

  await bar.getByRole('button', { name: /^Columns/ }).tap()
  await dialog.getByRole('searchbox', { name: 'Search columns' }).waitFor()
  await expectAccessible(page, 'columns', 'dialog[open]')
  // the first one leaves the field
  for (const _ of [1, 2]) await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  // what no bar has stays in the toolbar, and plots have theirs
  await page.getByRole('button', { name: 'Export the table' }).waitFor()
  await page.getByRole('radio', { name: 'Scatter' }).tap()
  await bar.waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  expectClean()
  await close()
})

test.each([
  ['a phone', PHONE, '#/files'],
  ['a narrow window', { viewport: { width: 1024, height: 700 } }, '#/files'],
  ['a narrow window at its first page', { viewport: { width: 1024, height: 700 } }, '#/metrics'],
])(
  'the pages are a strip that ends before what stands beside it, with the one on screen in it: %s',
  async (_, options, hash) => {
    const { page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db${hash}`, options)
    await ready(page)
    const places = () =>
      page.getByRole('navigation', { name: 'Pages' }).evaluate((nav) => {
        const [box, current] = [
          nav.getBoundingClientRect(),
          nav.querySelector('[aria-current]')?.getBoundingClientRect(),
        ]
        const jump = document.querySelector('.jump')?.getBoundingClientRect()
        return {
          within: current !== undefined && current.left >= box.left - 1 && current.right <= box.right + 1,
          apart: jump === undefined || box.right <= jump.left,
          oneLine: jump === undefined || jump.height <= 28,
          clips: getComputedStyle(nav).overflowX !== 'visible',
        }
      })
    await soon(places).toEqual({ within: true, apart: true, oneLine: true, clips: true })
    await close()
  },
)

test('the page on screen stays in the strip when the window is made narrower and names grow, not once it was moved by hand', async () => {
  const { page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db#/files`, {
    viewport: { width: 1700, height: 700 },
  })
  await ready(page)
  const nav = page.getByRole('navigation', { name: 'Pages' })
  const within = () =>
    nav.evaluate((strip) => {
      const current = strip.querySelector('[aria-current]')?.getBoundingClientRect()
      const { left, right } = strip.getBoundingClientRect()
      return current !== undefined && current.left >= left - 1 && current.right <= right + 1
    })
  expect(await within()).toBe(true)
  await page.setViewportSize({ width: 900, height: 700 })
  await soon(within).toBe(true)
  const pushed = () =>
    nav.evaluate((strip) => {
      const first = strip.querySelector('a')
      if (first) first.style.minWidth = '900px'
    })
  await pushed()
  await soon(within).toBe(true)
  await nav.evaluate((strip) => strip.querySelector('a')?.removeAttribute('style'))
  await soon(within).toBe(true)

  const box = await nav.boundingBox()
  await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 10)
  await page.mouse.wheel(-2000, 0)
  await soon(() => nav.evaluate((strip) => strip.scrollLeft)).toBe(0)
  await pushed()
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  expect(await nav.evaluate((strip) => strip.scrollLeft)).toBe(0)
  await close()
})

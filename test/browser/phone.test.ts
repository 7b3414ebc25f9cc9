import { expect, test } from 'vitest'
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

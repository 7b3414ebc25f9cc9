import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { builtPage, openPage, ready, useBrowser, usePage, useServer } from './harness.ts'
import { chooseInMenu, DEMO, download, drawn, run, shownRuns, soon } from './steps.ts'

/*
 * Figures that people save: what they chose is what they get, in the words of the page.
 */

const METRIC = 'train/loss'
const browser = await useBrowser()
const site = await useServer(builtPage())

async function openFigure(page: Page, metric = METRIC) {
  await chooseInMenu(page, await drawn(page, metric), 'Save figure…')
  const dialog = page.getByRole('dialog', { name: 'Save figure' })
  await dialog.getByRole('img').waitFor()
  await ready(page)
  const choose = (group: string, name: string) =>
    dialog.getByRole('radiogroup', { name: group }).getByRole('radio', { name }).click()
  const save = () => download(page, () => dialog.getByRole('button', { name: 'Save', exact: true }).click())
  return { dialog, choose, save }
}

/** An SVG as a reader of XML sees it. */
function parsed(page: Page, svg: string) {
  return page.evaluate((text) => {
    const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml')
    const all = [...root.querySelectorAll('*')]
    return {
      root: root.tagName,
      size: [root.getAttribute('width'), root.getAttribute('height')],
      fonts: root.getAttribute('font-family'),
      elements: [...new Set(all.map((element) => element.tagName))].sort(),
      attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))].sort(),
      texts: all.filter((element) => element.tagName === 'text').map((element) => element.textContent ?? ''),
      title: root.querySelector('title')?.textContent,
      lines: all.filter(
        (element) => element.getAttribute('stroke-width') === '1.5' && element.hasAttribute('clip-path'),
      ).length,
      background: root.querySelector('rect[width="700"][height="500"]')?.getAttribute('fill'),
    }
  }, svg)
}

/** Width and height of a PNG, and one of its pixels. */
async function png(page: Page, bytes: Buffer, x = 2, y = 2) {
  const pixel = await page.evaluate(
    async ([base64, x, y]) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob())
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
      context?.drawImage(image, 0, 0)
      return [...(context?.getImageData(x, y, 1, 1).data ?? [])]
    },
    [bytes.toString('base64'), x, y] as const,
  )
  return { size: [bytes.readUInt32BE(16), bytes.readUInt32BE(20)], pixel }
}

const openDemo = usePage(async (hash) => {
  const opened = await openPage(browser, `${site.url}?db=${DEMO}.db${hash}`, {
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await ready(opened.page)
  return opened
})

test('SVG: title, axis titles, names of the shown runs, smoothing and rows, all as text, and nothing from outside', async () => {
  const { page, requests, expectClean, close } = await openDemo('')
  await run(page, 'sgd-lr3e-1-s0').click()
  await ready(page)
  const { dialog, choose, save } = await openFigure(page)
  await soon(() => page.evaluate(() => String(getSelection()))).toBe(METRIC)
  const title = 'Loss <script>alert("1")</script> & more'
  await page.keyboard.type(title)
  await choose('Format', 'SVG')
  await dialog.getByRole('spinbutton', { name: 'Width' }).fill('700')
  await dialog.getByRole('spinbutton', { name: 'Height' }).fill('500')
  await choose('Legend', 'Below')
  await ready(page)
  const asked = requests.length
  const { name, bytes } = await save()
  expect(name).toBe('gpt2-124m-optimizers-train-loss.svg')
  const text = bytes.toString('utf8')
  const svg = await parsed(page, text)
  expect(svg).toMatchObject({ root: 'svg', size: ['700', '500'], title, lines: 7, background: '#ffffff' })
  expect(svg.elements).toEqual(['clipPath', 'desc', 'path', 'rect', 'text', 'title'])
  expect(svg.attributes.filter((name) => /href|src|style|^on/.test(name))).toEqual([])
  expect(text.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|@import|url\((?!#)/)
  expect(svg.fonts).toMatch(/sans-serif$/)
  const shown = await shownRuns(page)
  expect(shown).toHaveLength(7)
  expect(svg.texts).toEqual(expect.arrayContaining([title, 'Step', METRIC, ...shown]))
  expect(svg.texts).not.toContain('sgd-lr3e-1-s0')
  // in two lines where alerts are told of
  expect(svg.texts.join(' ')).toMatch(
    / gpt2-124m-optimizers, mean of 11 rows, range robust, .*7 runs,? [\d,]+ rows, (exact|thinned)$/,
  )
  expect(requests.slice(asked).filter((url) => !/^(blob|data):/.test(url))).toEqual([])

  // what was chosen stays for the next one, but for its title
  await soon(() => page.locator('dialog').count()).toBe(0)
  const next = await openFigure(page, 'eval/loss')
  expect(await next.dialog.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('eval/loss')
  expect(await next.dialog.getByRole('spinbutton', { name: 'Width' }).inputValue()).toBe('700')
  await next.choose('Legend', 'None')
  await next.dialog.getByRole('switch', { name: 'Axis titles' }).click()
  await next.dialog.getByRole('switch', { name: 'Line that says what is drawn' }).click()
  await next.dialog.getByRole('textbox', { name: 'Title' }).fill('')
  const bare = await parsed(page, (await next.save()).bytes.toString('utf8'))
  expect(bare.texts.filter((text) => /[a-z]{2}/.test(text))).toEqual([])
  expectClean()
  await close()
})

test('PNG: as many pixels as chosen, on the chosen ground, and the same into the clipboard', async () => {
  const { page, expectClean, close } = await openDemo('')
  for (const [width, height, scale, ground, pixel] of [
    [640, 360, '3×', 'Light', [255, 255, 255, 255]],
    [500, 300, '1×', 'Dark', [0x13, 0x14, 0x16, 255]],
    [400, 400, '2×', 'None', [0, 0, 0, 0]],
  ] as const) {
    const { dialog, choose, save } = await openFigure(page)
    await choose('Format', 'PNG')
    await dialog.getByRole('spinbutton', { name: 'Width' }).fill(String(width))
    await dialog.getByRole('spinbutton', { name: 'Height' }).fill(String(height))
    await choose('Scale', scale)
    await choose('Background', ground)
    await ready(page)
    const { name, bytes } = await save()
    expect(name).toBe('gpt2-124m-optimizers-train-loss.png')
    const times = Number.parseInt(scale, 10)
    expect(await png(page, bytes)).toEqual({ size: [width * times, height * times], pixel })
    expect(bytes.length).toBeGreaterThan(3000)
    await soon(() => page.locator('dialog').count()).toBe(0)
  }
  const { dialog } = await openFigure(page)
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await expect.poll(() => page.locator('dialog').count(), { timeout: 10_000 }).toBe(0)
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    const image = await createImageBitmap((await item?.getType('image/png')) ?? new Blob())
    return [image.width, image.height]
  })
  expect(copied).toEqual([800, 800])
  // without the dialog: as it was chosen last
  const { bytes } = await download(page, async () =>
    chooseInMenu(page, await drawn(page, METRIC), 'Download PNG'),
  )
  expect((await png(page, bytes)).size).toEqual([800, 800])
  expectClean()
  await close()
})

test('a size out of bounds is put right, and Esc in full screen closes the figure alone', async () => {
  const { page, expectClean, close } = await openDemo('')
  await (await drawn(page, METRIC)).getByRole('application').press('Enter')
  const full = page.getByRole('dialog', { name: METRIC })
  await full.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Save figure…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save figure' })
  const width = dialog.getByRole('spinbutton', { name: 'Width' })
  await width.fill('99999')
  await width.blur()
  expect(await width.inputValue()).toBe('4000')
  await dialog
    .getByRole('radiogroup', { name: 'Format' })
    .getByRole('radio', { name: 'PNG' })
    .press('ArrowRight')
  expect(await dialog.getByRole('radio', { name: 'SVG' }).getAttribute('aria-checked')).toBe('true')
  await page.keyboard.press('Escape')
  await soon(() => dialog.count()).toBe(0)
  expect(await full.count()).toBe(1)
  expect(await full.getAttribute('aria-label')).toBe(METRIC)
  expectClean()
  await close()
})

test('files of one project are named in one way', async () => {
  const { page, expectClean, close } = await openDemo('')
  const chart = await drawn(page, METRIC)
  const csv = await download(page, () => chooseInMenu(page, chart, 'Download CSV'))
  expect(csv.name).toBe('gpt2-124m-optimizers-train-loss.csv')
  const source = page.getByRole('button', { name: 'Source', exact: true })
  for (const [entry, name] of [
    ['Download as .db', 'gpt2-124m-optimizers.db'],
    ['Download as CSV', 'gpt2-124m-optimizers.csv'],
    ['Download as a page of one file', 'gpt2-124m-optimizers.html'],
  ] as const) {
    await source.click()
    const given = await download(page, () => page.getByRole('menuitem', { name: entry }).click())
    expect(given.name).toBe(name)
  }
  expectClean()
  await close()
})

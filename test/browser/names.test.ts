import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unzipSync } from 'fflate'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeLocalStore } from '../../src/engine/tracking/local-store.ts'
import { memoryTree } from '../../src/storage/opfs/write-tree.ts'
import { builtPage, dropFiles, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { download, dropAndDraw, figure, onPage } from './steps.ts'

/*
 * Names that try to run, to hide, to pass for others and to break lines, in every field that has one: nothing
 * runs, no two look alike, each has one line, and what is exported has them byte for byte.
 */

const NAMES = [
  'run',
  'run\u202egpj',
  'run\u202dgpj',
  'run\u2066gpj\u2069',
  'ru\u200bn',
  'ru\u200dn',
  'run\u200e',
  'run ',
  ' run',
  'run\u00a0',
  'r\u00adun',
  'ru\nn',
  'ru\r\nn',
  'ru\tn',
  'run⟨RLO⟩gpj',
  'שלום run',
  '<img src=x onerror="window.ran=1">',
  '"><script>window.ran=1</script>',
  "'); DROP TABLE metrics; --",
  '=HYPERLINK("http://x","y")',
  '👩‍🚀🏳️‍🌈',
  `e${'\u0301'.repeat(60)}`,
  'x'.repeat(10_000),
  '__proto__',
]
const GOOD = 'plain'
const FILE = 'run\u202elqs\n<img src=x onerror="window.ran=1">.db'

const folder = useFolder()
const site = await useServer(builtPage())
const browser = await useBrowser()
let database: Uint8Array

beforeAll(async () => {
  const store = makeLocalStore(memoryTree())
  for (const [i, name] of NAMES.entries()) {
    // each name is that of a run, its group, its metric, and of a key and a value of its config
    const metrics = JSON.stringify({ [GOOD]: i, [name]: i, [`${name}/${name}`]: i })
    await store.write({
      run: { project: 'names', id: i.toString(16).padStart(32, '0'), name },
      space: null,
      config: JSON.stringify({
        _Created: new Date(1e12 + i * 1000).toISOString(),
        _Group: name,
        _Username: name,
        [name]: i,
        key: name,
      }),
      rows: {
        ids: i.toString(16).padStart(20, '0'),
        first: 0,
        times: Float64Array.from([0, 1, 2], (row) => 1e12 + i * 1000 + row),
        steps: Float64Array.of(0, 1, 2),
        payloads: [metrics, metrics, metrics].join('\n'),
      },
    })
  }
  database = new Uint8Array(await (await store.exportDatabase('names')).arrayBuffer())
}, 60_000)

describe.sequential('hostile names', () => {
  let page: Page
  let close: () => Promise<void>
  let expectClean: (...allowed: RegExp[]) => void

  beforeAll(async () => {
    ;({ page, close, expectClean } = await openPage(browser, site.url))
    await dropFiles(page, [{ name: FILE, bytes: database }])
    await onPage(page, 'metrics')
    await ready(page)
  }, 60_000)
  afterAll(async () => {
    expect(await ran(page)).toEqual({ ran: false, images: 0, scripts: 0 })
    expectClean()
    await close()
  })

  test('runs: exact to checks and screen readers, different and on one line to the eye', async () => {
    const boxes = page.locator('#runs [role=checkbox][data-run-id]')
    expect(
      (await boxes.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).sort(),
    ).toEqual([...NAMES].sort())
    await differ(page.locator('#runs .run-name'), NAMES.length)
    await oneLine(page.locator('#runs .run-row'))
    await oneLine(page.locator('.source-block > *, .status > span:visible, .source-line .name'), 40)
  })

  test('groups and config keys', async () => {
    const select = page.getByRole('combobox', { name: 'Group by' })
    await differ(select.locator('option'), NAMES.length)
    await select.selectOption('group')
    await differ(page.locator('#runs .group-row .label'), 10)
    await oneLine(page.locator('#runs .group-row'))
    await select.selectOption(`config:${NAMES[1]}`)
    await oneLine(page.locator('#runs .group-row'))
    await select.selectOption('none')
  })

  test('metrics: captions, section heads, table, full screen, tooltip', async () => {
    const figures = page.locator('main figure[data-metric]')
    expect(await figures.evaluateAll((all) => all.map((one) => one.getAttribute('data-metric')))).toContain(
      'run\u202egpj',
    )
    // a caption is the last part of a name, below the head of its section
    const captions = await page
      .locator('main figure .chart-name')
      .evaluateAll((all) =>
        all.map((one) => `${one.closest('section')?.querySelector('h2')?.textContent}: ${one.textContent}`),
      )
    expect(captions.length).toBeGreaterThan(4)
    expect(new Set(captions).size).toBe(captions.length)
    await oneLine(page.locator('main figure figcaption'))
    await oneLine(page.locator('main .section-head h2'))

    const chart = figure(page, GOOD)
    await chart.scrollIntoViewIfNeeded()
    await chart.getByRole('application').focus()
    await page.keyboard.press('End')
    await page.locator('.chart-tip').waitFor()
    await oneLine(page.locator('.chart-tip-row'))
    await differ(page.locator('.chart-tip-name'), 4)

    await chart.getByRole('button', { name: 'Show as table' }).click()
    await chart.locator('th[title]').first().waitFor()
    await differ(chart.locator('thead th'), NAMES.length)
    await oneLine(chart.locator('thead tr'), 60)
    await chart.getByRole('button', { name: 'Show as chart' }).click()
    await chart.hover()
    await chart.getByRole('button', { name: 'Fullscreen' }).click()
    const full = page.locator('dialog.chart-full')
    await differ(full.locator('tbody tr td:first-child'), NAMES.length)
    await oneLine(full.locator('tbody tr'))
    for (let i = 0; i < NAMES.length; i++) {
      await full.getByRole('button', { name: 'Next metric' }).click()
      expect(
        await full.locator('h2').evaluate((head) => head.getBoundingClientRect().height),
        await full.getAttribute('aria-label').then((text) => text?.slice(0, 40) ?? ''),
      ).toBeLessThan(40)
      expect(
        await full
          .getByRole('button', { name: 'Close' })
          .evaluate((button) => button.getBoundingClientRect().right),
      ).toBeLessThanOrEqual(1440)
    }
    await page.keyboard.press('Escape')
    await full.waitFor({ state: 'detached' })
  })

  test('the palette, the settings, the page to open something', async () => {
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Jump to' })
    for (const kind of ['@', '#', '>']) {
      await palette.getByRole('combobox').fill(kind)
      await oneLine(palette.getByRole('option'))
      await differ(palette.getByRole('option'), 4)
    }
    await page.keyboard.press('Escape')
    for (const [link, name] of [
      ['#/settings', 'settings'],
      ['#/open', 'open'],
    ] as const) {
      await page.evaluate((link) => {
        location.hash = link
      }, link)
      await onPage(page, name)
      if (name === 'open') await oneLine(page.locator('.open-list .entry'), 64)
      expect(await overflow(page)).toBe(0)
    }
    expect(await page.locator('.open-list b').first().textContent()).toContain('⟨RLO⟩')
    await page.goBack()
    await page.goBack()
    await onPage(page, 'metrics')
    await ready(page)
  })

  test('a phone and an embedded frame are as wide as they were', async () => {
    try {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.locator('.phone-head').waitFor()
      await ready(page)
      expect(await overflow(page)).toBe(0)
      await page.getByRole('contentinfo', { name: 'View' }).getByRole('button', { name: /^Runs/ }).click()
      await oneLine(page.getByRole('dialog').locator('.run-row'))
      await page.keyboard.press('Escape')
    } finally {
      await page.setViewportSize({ width: 1440, height: 900 })
      await ready(page)
    }
  })

  test.each([
    ['Download as .db', 'db'],
    ['Download as Parquet', 'parquet'],
    ['Download as a page of one file', 'html'],
  ])('%s has the names as they are', async (entry, form) => {
    const { name, bytes } = await download(page, async () => {
      await page.getByRole('button', { name: 'Source', exact: true }).click()
      await page.getByRole('menuitem', { name: entry }).click()
    })
    expect(name).not.toMatch(/[\n\u202e/]/)
    const again = await reopened(form, bytes)
    const names = await again.page.evaluate(async () => {
      const [project] = (await window.trackio?.projects()) ?? []
      const runs = (await window.trackio?.runs(project?.id ?? '')) ?? []
      const found: { name: string; group: string | null; metrics: string[] }[] = []
      for (const run of runs)
        found.push({
          name: run.name,
          group: run.group,
          metrics: Object.keys((await window.trackio?.history(project?.id ?? '', run.name)) ?? {}),
        })
      return found
    })
    expect(names.map((run) => run.name).sort()).toEqual([...NAMES].sort())
    for (const run of names) {
      expect(run.group).toBe(run.name)
      expect(run.metrics.sort()).toEqual([GOOD, run.name, `${run.name}/${run.name}`].sort())
    }
    expect(await ran(again.page)).toMatchObject({ ran: false, images: 0 })
    again.expectClean()
    await again.close()
  })

  test('CSV has them quoted', async () => {
    const { bytes } = await download(page, async () => {
      await page.getByRole('button', { name: 'Source', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Download as CSV' }).click()
    })
    const [head = [], ...rows] = parseCsv(bytes.toString())
    // what a spreadsheet would take for a formula has an apostrophe before it
    const cell = (name: string): string => (/^[=+@-]/.test(name) ? `'${name}` : name)
    expect(head.slice(4).sort()).toEqual(
      [GOOD, ...NAMES, ...NAMES.map((name) => `${name}/${name}`)].map(cell).sort(),
    )
    expect([...new Set(rows.map(([name]) => name))].sort()).toEqual(NAMES.map(cell).sort())
  })
})

async function ran(page: Page): Promise<{ ran: boolean; images: number; scripts: number }> {
  return page.evaluate(() => ({
    ran: 'ran' in window,
    images: document.querySelectorAll('img[src="x"]').length,
    scripts: [...document.scripts].filter(({ text }) => text === 'window.ran=1').length,
  }))
}

/**
 * The visible words are different from one another, and nothing in them hides or turns. At least `least` are
 * there.
 */
async function differ(all: Locator, least: number): Promise<void> {
  await expect.poll(() => all.count(), { timeout: 10_000 }).toBeGreaterThanOrEqual(least)
  const words = await all.evaluateAll((elements) => elements.map((element) => element.textContent ?? ''))
  expect(words.filter((text, i) => words.indexOf(text) !== i).map((text) => text.slice(0, 60))).toEqual([])
  for (const text of words)
    expect(text.slice(0, 60)).not.toMatch(/[\n\r\t\u202a-\u202e\u2066\u2067\u200b\u200e\u200f\u00ad\u00a0]/)
}

/** None is taller than the lowest of them, or than `most` pixels. */
async function oneLine(all: Locator, most?: number): Promise<void> {
  await all.first().waitFor({ state: 'attached' })
  const heights = await all.evaluateAll((elements) =>
    elements
      .map((element) => Math.round(element.getBoundingClientRect().height))
      .filter((height) => height > 0),
  )
  expect(heights.length).toBeGreaterThan(0)
  expect(Math.max(...heights)).toBeLessThanOrEqual(most ?? Math.min(...heights) + 1)
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, (document.scrollingElement?.scrollWidth ?? 0) - innerWidth))
}

async function reopened(form: string, bytes: Buffer): ReturnType<typeof openPage> {
  if (form === 'html') {
    const path = join(folder, 'names.html')
    writeFileSync(path, bytes)
    const opened = await openPage(browser, pathToFileURL(path).href)
    await onPage(opened.page, 'metrics')
    await ready(opened.page)
    return opened
  }
  const opened = await openPage(browser, site.url)
  const place = join(folder, form)
  const files = form === 'db' ? { 'names.db': bytes } : unzipSync(bytes)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), content)
  }
  await dropAndDraw(opened.page, [place])
  return opened
}

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  const cell = /("(?:[^"]|"")*"|[^",\n]*)(,|\n|$)/y
  while (cell.lastIndex < text.length) {
    const [, raw = '', end] = cell.exec(text) ?? []
    if (end === undefined) throw new Error(`csv: broken at ${cell.lastIndex}`)
    rows.at(-1)?.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw)
    if (end === '\n') rows.push([])
  }
  return rows.filter((row) => row.length > 1)
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { binnedQuantile, readBins } from '../../src/compute/histogram.ts'
import type { Json } from '../../src/model/run.ts'
import { readFixture } from '../engine/golden-fixtures.ts'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropFiles,
  dropPaths,
  follow,
  type Opened,
  openPage,
  ready,
  useBrowser,
  usePage,
  useServer,
} from './harness.ts'
import { figure, history, onPage, run, soon } from './steps.ts'

/* The Histograms page over the fixtures, beside what Python reads of them, and over made ones. */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())

interface Logged {
  run: string
  key: string
  step: number
  value: { bins: number[]; values: number[] }
}
const WANTED: Record<string, Record<string, (Logged & { kind: string; value: Json })[]>> = JSON.parse(
  readFileSync(join(FIXTURES, 'values.json'), 'utf8'),
)
/** Where projects with histograms lie, each kind of source, and what Python reads there. */
const SOURCES: [string, string, Logged[]][] = [
  ['a database', 'v0.43.0/data/demoprojectv4ö.db', inValues('v0.43.0')],
  ['a Parquet export', 'parquet-0.43.0/data', inTables('parquet-0.43.0')],
  ['a static export', 'static-0.43.0/data/bucket', inTables('static-0.43.0')],
]

function inValues(folder: string): Logged[] {
  return Object.values(WANTED[folder] ?? {})
    .flat()
    .filter(({ kind }) => kind === 'trackio.histogram')
    .map(({ run: name, key, step, value }) => ({
      ...{ run: name, key, step },
      value: value as unknown as Logged['value'],
    }))
}

function inTables(folder: string): Logged[] {
  return readFixture(folder).projects.flatMap(({ runs }) =>
    runs.flatMap((one) =>
      (
        (one as { histograms?: { key: string; step: number; bins: number[]; values: number[] }[] })
          .histograms ?? []
      ).map(({ key, step, bins, values }) => ({ run: one.name, key, step, value: { bins, values } })),
    ),
  )
}

describe.each(SOURCES)('%s', (_, path, wanted) => {
  test('every bin of every step is there as it was logged, and percentiles are series of them', async () => {
    const { page, expectClean, close } = await openPage(browser, `${site.url}#/histograms`)
    await dropPaths(page, [join(FIXTURES, path)])
    await onPage(page, 'histograms')
    await ready(page)
    await page.getByRole('checkbox', { name: 'All runs' }).check()
    for (const { key, step, value } of wanted) {
      await follow(page, `#/histograms?range=full&open=${encodeURIComponent(key)}&step=${step}`)
      const open = page.locator(`figure[data-histogram="${key}"][data-kind="heat"]`)
      await expect(open.getAttribute('data-outside')).resolves.toBe('0')
      await open.hover()
      await open.getByRole('button', { name: 'Show as table' }).click()
      const cells = () =>
        open
          .locator('tbody tr')
          .evaluateAll((rows) =>
            rows.map((row) =>
              [...row.querySelectorAll('td[data-value]')].map((td) => Number(td.getAttribute('data-value'))),
            ),
          )
      await soon(cells).toEqual(value.values.map((count, i) => [value.bins[i], value.bins[i + 1], count]))
      await open.getByRole('button', { name: 'Show as chart' }).click()
    }
    const key = 'hist/weights'
    await follow(page, `#/histograms?view=percentiles&q=${key}`)
    const chart = figure(page, `percentiles of ${key}`)
    await soon(() => chart.getAttribute('data-state')).toBe('ready')
    const { project, runs } = await about(page)
    const { run: name } = wanted[0] as Logged
    const found = await history(page, project, runs.get(name) ?? '', [`p50 of ${key}`])
    const own = wanted.filter((one) => one.key === key && one.value.values.length > 0)
    expect(found[`p50 of ${key}`]?.steps).toEqual(own.map(({ step }) => step))
    expect(found[`p50 of ${key}`]?.values).toEqual(own.map(({ value }) => quantile(value, 0.5)))
    expectClean()
    await close()
  })
})

describe('a made project', () => {
  let file: Uint8Array
  let closeDatabase: () => void
  beforeAll(async () => {
    const made = await memoryDatabase()
    closeDatabase = made.close
    made.db.exec(
      'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
    )
    const put = made.db.prepare(
      'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)',
    )
    const log = (name: string, step: number, metrics: object): void => {
      const at = new Date(Date.UTC(2026, 0, 1) + step * 1000).toISOString().replace('.000Z', '+00:00')
      put.bind([at, name, step, JSON.stringify(metrics)]).stepReset()
    }
    const histogram = (bins: Json, values: Json) => ({ _type: 'trackio.histogram', bins, values })
    for (let step = 0; step < 40; step++)
      for (const [r, name] of ['one', 'two', 'three'].entries())
        log(name, step, {
          'grads/loss': 1 / (step + 1),
          'grads/h': histogram([-2, -1, 0, 1, 2], [1, 10 * (r + 1), 100, 1000 + step]),
          ...(name === 'one' && { 'grads/only one': histogram([0, 1], [step]) }),
        })
    log('one', 40, { 'grads/h': histogram([0, 1], [1, 2]) })
    log('one', 41, { 'grads/<img src=x onerror=alert(1)>': histogram([0, 1], [1]) })
    log('hidden', 0, { 'grads/of hidden': histogram([0, 1], [3]) })
    put.finalize()
    file = made.file()
  })
  afterAll(() => closeDatabase())
  const open = async (hash: string, options: object = {}): Promise<Opened> => {
    const found = await openPage(browser, `${site.url}${hash}`, options)
    await dropFiles(found.page, [{ name: 'made.db', bytes: file }])
    await ready(found.page)
    return found
  }
  const opened = usePage(open)

  test('the pointer reads a bin: its ends, its count, its share, and that it is exact', async () => {
    const { page, expectClean, close } = await opened(
      '#/histograms?runs=one&range=full&value=linear&q=grads%2Fh',
    )
    const strip = page.locator('figure[data-histogram="grads/h"][data-kind="heat"]')
    const canvas = strip.locator('canvas.chart-overlay')
    const box = await canvas.boundingBox()
    if (!box) throw new Error('no strip')
    // the strip of 40 steps lies between 52 at the left and 16 at the right, 8 from the top and 24 from below
    const x = 52 + ((25.5 + 0) / 40) * (box.width - 68)
    const y = 8 + (box.height - 32) * 0.1
    await page.mouse.move(box.x + x, box.y + y)
    const tip = strip.locator('.histogram-tip')
    await soon(() => tip.innerText()).toContain('Step 25')
    const words = await tip.innerText()
    expect(words).toContain('1.00 to 2.00')
    expect(words).toContain('1,025')
    expect(words).toContain('90.2 % of 1,136')
    expect(words).toContain('exact')
    // the same step is at the crosshair of the others, and its bins stand beside the strip
    await soon(() => strip.locator('.histogram-side').innerText()).toContain('Step 25')
    // a click keeps it
    await page.mouse.click(box.x + x, box.y + y)
    await soon(() => page.evaluate(() => location.hash)).toContain('step=25')
    await soon(() => page.getByRole('slider', { name: 'Step' }).getAttribute('aria-valuenow')).toBe('25')
    expectClean()
    await close()
  })

  test('keys walk steps and values, and say where they are', async () => {
    const { page, close } = await opened('#/histograms?runs=one&range=full&value=linear&q=grads%2Fh')
    const strip = page.locator('figure[data-histogram="grads/h"][data-kind="heat"]')
    const canvas = strip.locator('canvas.chart-overlay')
    await canvas.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowUp')
    await soon(() => strip.locator('[aria-live]').innerText()).toContain('Step 1, 1.000 to 2.000, 1,001')
    await page.keyboard.press('Enter')
    await soon(() => page.evaluate(() => location.hash)).toContain('step=1')
    await close()
  })

  test('each view is in the link, and shows the runs that have some', async () => {
    const { page, expectClean, close } = await open('#/histograms?view=heat')
    const heat = page.locator('figure[data-histogram="grads/h"]')
    await soon(() => heat.getAttribute('data-series')).toBe('3')
    expect(await heat.getAttribute('data-entries')).toBe('120')
    await expect(
      page.locator('figure[data-histogram="grads/only one"]').getAttribute('data-series'),
    ).resolves.toBe('1')
    for (const view of ['Ridge', 'Outlines', 'Percentiles', 'Mixed']) {
      await page.getByRole('radiogroup', { name: 'View' }).getByRole('radio', { name: view }).click()
      await ready(page)
      const states = await page
        .locator('main figure.histogram')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-state')))
      expect(
        states.every((state) => state === 'ready'),
        `${view}: ${states}`,
      ).toBe(true)
    }
    await page.goBack()
    await page.reload()
    expectClean()
    await close()
  })

  test('what cannot be read is said on its card with its run, its step and why', async () => {
    const { page, close } = await opened('#/histograms?runs=one&q=grads%2Fh')
    const strip = page.locator('figure[data-histogram="grads/h"][data-kind="heat"]')
    await soon(() => strip.locator('figcaption .chart-warn').innerText()).toContain(
      '1 histogram cannot be read: run one, step 40: 2 edges for 2 counts: there should be 3',
    )
    await close()
  })

  test('a search that finds none, hidden runs that have some, and no histograms at all are said', async () => {
    const { page, expectClean, close } = await opened('#/histograms?q=nothing+has+this+name')
    await soon(() =>
      page
        .getByRole('status')
        .allInnerTexts()
        .then((all) => all.join()),
    ).toContain('No histogram matches')
    await page.getByRole('button', { name: 'Clear search' }).click()
    await ready(page)
    expect(await page.locator('main figure.histogram').count()).toBeGreaterThan(0)
    for (const name of ['one', 'two', 'three']) await run(page, name).uncheck()
    await ready(page)
    expect(await page.locator('figure[data-histogram="grads/of hidden"]').count()).toBeGreaterThan(0)
    await run(page, 'hidden').uncheck()
    await page.getByRole('button', { name: /^Show/ }).first().waitFor()
    expectClean()
    await close()

    const none = await openPage(browser, `${site.url}#/histograms`)
    await dropPaths(none.page, [join(FIXTURES, 'v0.1.1', 'data')])
    await none.page.getByText('No histograms logged').waitFor()
    await none.close()
  })

  test('percentiles group with a band where one of them stands alone', async () => {
    const { page, expectClean, close } = await opened('#/histograms?view=percentiles&only=p50&q=grads%2Fh')
    const chart = figure(page, 'p50 of grads/h')
    await soon(() => chart.getAttribute('data-state')).toBe('ready')
    expect(await chart.getAttribute('data-series')).toBe('3')
    await chart.hover()
    await chart.getByRole('button', { name: 'Show as table' }).click()
    const first = () =>
      chart
        .locator('tbody tr')
        .first()
        .locator('td')
        .evaluateAll((all) => all.map((td) => Number(td.getAttribute('data-value'))).sort((a, b) => a - b))
    const expected = [30, 20, 10].map((n) =>
      quantile({ bins: [-2, -1, 0, 1, 2], values: [1, n, 100, 1000] }, 0.5),
    )
    await soon(first).toEqual(expected)
    // pinned, it is a chart of Metrics
    await chart.getByRole('button', { name: 'Pin' }).click()
    await follow(page, '#/metrics')
    await soon(() => figure(page, 'p50 of grads/h').getAttribute('data-state')).toBe('ready')
    expect(await page.locator('section.section').first().getAttribute('aria-label')).toBe('Pinned')
    expectClean()
    await close()
  })

  test('they stand on Metrics beside the lines of their section, and lead to their page', async () => {
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropFiles(page, [{ name: 'made.db', bytes: file }])
    await onPage(page, 'metrics')
    await ready(page)
    const section = page.locator('section.section', { hasText: 'grads' }).first()
    const card = section.locator('figure[data-histogram="grads/h"]')
    await soon(() => card.getAttribute('data-state')).toBe('ready')
    expect(await card.getAttribute('data-kind')).toBe('outlines')
    await card.hover()
    await card.getByRole('button', { name: 'Open in Histograms' }).click()
    await onPage(page, 'histograms')
    await ready(page)
    await soon(() => page.locator('figure[data-histogram="grads/h"].sided').count()).toBe(1)
    expectClean()
    await close()
  })

  test.each([{}, PHONE])('axe finds nothing: %o', async (options) => {
    const { page, expectClean, close } = await opened('#/histograms', options)
    for (const hash of ['#/histograms', '#/histograms?view=heat', '#/histograms?view=outlines']) {
      await follow(page, hash)
      await expectAccessible(page, hash)
    }
    // nothing is wider than the screen
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    expectClean()
    await close()
  })
})

async function about(page: Page): Promise<{ project: string; runs: Map<string, string> }> {
  const found = await page.evaluate(async () => {
    const [project] = (await window.trackio?.projects()) ?? []
    const name =
      typeof project === 'string' ? project : ((project as { name?: string } | undefined)?.name ?? '')
    const all = (await window.trackio?.runs(name)) ?? []
    return { project: name, runs: all.map((one) => [one.name, one.id ?? one.name] as const) }
  })
  return { project: found.project, runs: new Map(found.runs) }
}

function quantile(value: { bins: number[]; values: number[] }, q: number): number {
  const read = readBins(value)
  if ('why' in read) throw new Error(read.why)
  return binnedQuantile(read.bins, q)
}

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Locator, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropFiles,
  dropPaths,
  openPage,
  ready,
  useBrowser,
  useFolder,
  usePage,
  useServer,
} from './harness.ts'
import { figure, onPage, soon } from './steps.ts'

/* The System page over the machines of test/make/system.py, beside what numpy says of them. */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const TOLD: Record<string, { stats: Record<string, Record<string, number>> }> = JSON.parse(
  readFileSync(join(FIXTURES, 'system-data.json'), 'utf8'),
)
const MACHINES = gunzipSync(readFileSync(join(FIXTURES, 'system-0.43.0', 'data', 'machines.db.gz')))
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())
const folder = useFolder()
const opened = usePage(async (hash, options: object = {}) => {
  const session = await openPage(browser, site.url + hash, options)
  await drop(session.page)
  return session
})

describe('the summary', () => {
  test('has a row for each shown run, with what numpy finds over all of its devices', async () => {
    const { page, expectClean, close } = await opened('#/system')
    const told = TOLD['two-gpus']?.stats ?? {}
    const row = await values(page, 'two-gpus')
    expect(row.Utilisation).toBeCloseTo(told['gpu/utilization all']?.mean ?? 0, 9)
    expect(row.p5).toBeCloseTo(told['gpu/utilization all']?.p5 ?? 0, 9)
    expect(row['Idle, < 50 %']).toBeCloseTo(100 * (told['gpu/utilization all']?.idle ?? 0), 9)
    expect(row['Power, mean']).toBeCloseTo(told['gpu/power all']?.sum ?? 0, 6)
    expect(row.Energy).toBeCloseTo(told['gpu/power all']?.integral ?? 0, 2)
    expect(row['Memory, peak']).toBe(told['gpu/allocated_memory all']?.max)
    expect(row['at step']).toBe(told['gpu/allocated_memory all']?.maxStep)
    expect(row.Samples).toBe(told['gpu/utilization all']?.count)
    expect(await cells(page, 'two-gpus')).toContain('0.103 kWh')
    expect(await rowNames(page)).toEqual(['two-gpus', 'sixteen-gpus', 'no-machine'])
    // a run without samples has dashes, not zeros
    expect((await cells(page, 'no-machine')).every((text) => text === '–')).toBe(true)
    expectClean()
    await close()
  })

  test('has one for a stretch that is dragged on a chart; the link opens it again, Clear takes it away', async () => {
    const { page, expectClean, close } = await opened('#/system?runs=two-gpus')
    const chart = await drawnAt(page, 'gpu/power')
    const box = await chart.locator('canvas.chart-overlay').boundingBox()
    if (!box) throw new Error('no chart')
    await page.mouse.move(box.x + 120, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + 200, box.y + 60, { steps: 4 })
    await page.mouse.up()
    await soon(() => page.url()).toMatch(/stretch=step:\d+,\d+/)
    await page.goto(`${site.url}#/system?runs=two-gpus&stretch=step:40,90`)
    await page.reload()
    await drop(page)
    const told = TOLD['two-gpus']?.stats ?? {}
    const row = await values(page, 'two-gpus', true)
    expect(row.Utilisation).toBeCloseTo(told['gpu/utilization step 40 90']?.mean ?? 0, 9)
    expect(row.Energy).toBeCloseTo(told['gpu/power step 40 90']?.integral ?? 0, 2)
    expect(row.Samples).toBe(told['gpu/utilization step 40 90']?.count)
    expect(await page.locator('tr.area').innerText()).toContain('step 40 to 90')
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await soon(() => figure(page, 'gpu/power').getAttribute('data-xmin')).toBe('40')
    expect(await figure(page, 'gpu/power').getAttribute('data-xmax')).toBe('90')
    await page.goBack()
    expectClean()
    await close()
  })
})

describe('charts', () => {
  test('merge devices: by colour for one run, thin lines behind their mean for several', async () => {
    const { page, close } = await opened('#/system?runs=two-gpus')
    const chart = await drawnAt(page, 'gpu/power')
    expect(await chart.getAttribute('data-series')).toBe('2')
    expect(await chart.locator('.chart-unit').innerText()).toBe('W')
    // one NaN among the samples; the gap of 74 s is none
    expect(await chart.getAttribute('data-nonfinite')).toBe('1')
    expect(await figures(page)).toEqual([
      ...['gpu/utilization', 'gpu/power', 'gpu/allocated_memory', 'gpu/temp'],
      ...['cpu/utilization', 'memory/used', 'cpu/*/utilization'],
    ])
    await page.getByRole('checkbox', { name: 'sixteen-gpus' }).click()
    await ready(page)
    await soon(() => chart.getAttribute('data-series')).toBe('20')
    await page.getByRole('switch', { name: 'Split devices' }).click()
    await ready(page)
    expect((await figures(page)).slice(0, 2)).toEqual(['gpu/0/utilization', 'gpu/1/utilization'])
    await close()
  })

  test('of nine devices and more a strip, whose values the keys read', async () => {
    const { page, expectClean, close } = await opened('#/system?runs=sixteen-gpus')
    const strip = figure(page, 'gpu/utilization')
    expect(await strip.getAttribute('data-series')).toBe('16')
    const canvas = strip.getByRole('application')
    expect(await canvas.getAttribute('aria-label')).toMatch(
      /^gpu\/utilization, 16 devices, 4,640 samples, longest gap 42 s, step 0 to 1,490/,
    )
    await canvas.focus()
    await page.keyboard.press('Home')
    for (let i = 0; i < 11; i++) await page.keyboard.press('ArrowDown')
    for (let i = 0; i < 90; i++) await page.keyboard.press('Shift+ArrowRight')
    await soon(() => strip.locator('.strip-tip .hot').innerText()).toMatch(/^gpu\/11\s+8\d\.\d %$/)
    await soon(() => strip.locator('[aria-live]').innerText()).toMatch(/^Step [\d,]+, gpu\/11 8\d\.\d %$/)
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    for (let i = 0; i < 20; i++) await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Enter')
    await soon(() => page.locator('tr.area').innerText()).toMatch(/^step 0 to \d+/)
    await page.keyboard.press('Escape')
    await soon(() => page.locator('tr.area').count()).toBe(0)
    await strip.getByRole('button', { name: 'Show as table' }).click()
    expect(await strip.getByRole('row').count()).toBe(17)
    expect(await strip.getByRole('row').nth(12).innerText()).toMatch(/^gpu\/11\s+90\.1 %/)
    expectClean()
    await close()
  })

  test('follow search, devices, range and axis, all of which the link keeps', async () => {
    const { page, close } = await opened('#/system?runs=two-gpus')
    await page.getByRole('searchbox', { name: 'Search system metrics' }).fill('gpu/[pt]')
    await soon(() => figures(page)).toEqual([])
    await page.getByRole('button', { name: 'Regular expression' }).click()
    await soon(() => figures(page)).toEqual(['gpu/power', 'gpu/temp'])
    await page.getByRole('button', { name: /^Devices/ }).click()
    await page.getByRole('checkbox', { name: 'gpu/1' }).uncheck()
    await page.keyboard.press('Escape')
    await soon(() => figure(page, 'gpu/power').getAttribute('data-series')).toBe('1')
    await page.getByRole('combobox', { name: 'X axis' }).selectOption('relative')
    await ready(page)
    await soon(() => figure(page, 'gpu/power').getAttribute('data-x')).toBe('relative')
    // the machine was sampled before the first step was logged
    expect(Number(await figure(page, 'gpu/power').getAttribute('data-xmin'))).toBeCloseTo(-12.15, 1)
    await soon(() => page.url()).toContain('off=gpu/1')
    await soon(() => page.url()).toContain('x=relative')
    await page.reload()
    await drop(page)
    expect(await figures(page)).toEqual(['gpu/power', 'gpu/temp'])
    expect(await figure(page, 'gpu/power').getAttribute('data-series')).toBe('1')
    expect(await figure(page, 'gpu/power').getAttribute('data-x')).toBe('relative')
    await close()
  })
})

test('under a chart of the metrics a system metric has the same axis, and a value at the crosshair', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}#/metrics?runs=two-gpus`)
  await dropFiles(page, [{ name: 'machines.db', bytes: MACHINES }])
  await onPage(page, 'metrics')
  await ready(page)
  await page.getByRole('button', { name: 'More controls' }).click()
  const select = page.getByRole('combobox', { name: 'System metric below charts' })
  await select.focus()
  await soon(() => select.locator('option').allInnerTexts()).toContain('gpu/power')
  await select.selectOption('gpu/power')
  await page.keyboard.press('Escape')
  const strip = figure(page, 'loss').locator('.chart-under')
  await soon(() => strip.getAttribute('data-lines')).toBe('1')
  await soon(() => page.url()).toContain('under=gpu/power')
  await figure(page, 'loss').getByRole('application').focus()
  await page.keyboard.press('End')
  // the last sample at the last step: the mean of both GPUs, as the database has them
  await soon(() => strip.innerText()).toMatch(/^gpu\/power 3\d\d\.\d W$/)
  expectClean()
  await close()
})

test('where there are none it says what would make some', async () => {
  const { page, close } = await openPage(browser, `${site.url}#/system`).then(async (session) => {
    const bytes = gunzipSync(readFileSync(join(FIXTURES, 'real-constants', 'data', 'constants.db.gz')))
    await dropFiles(session.page, [{ name: 'constants.db', bytes }])
    await ready(session.page)
    return session
  })
  await page.getByRole('heading', { name: 'No system metrics logged' }).waitFor()
  expect(await page.locator('main pre').innerText()).toContain('trackio.log_system')
  await close()
})

test('on a phone nothing stands beside the window', async () => {
  const { page, expectClean, close } = await opened('#/system?runs=sixteen-gpus', PHONE)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  expect((await figure(page, 'gpu/utilization').boundingBox())?.width).toBe(390)
  expectClean()
  await close()
})

test('axe finds nothing in both themes', async () => {
  for (const hash of ['#/system?runs=sixteen-gpus&stretch=step:400,900', '#/system']) {
    const { page, close } = await opened(hash)
    await expectAccessible(page, hash)
    await close()
  }
})

describe('a folder that is written to', async () => {
  const { db, file, close: closeDatabase } = await memoryDatabase(4096)
  afterAll(closeDatabase)
  db.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    CREATE TABLE system_metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT, timestamp TEXT, run_name TEXT, metrics TEXT)`)
  const at = (second: number): string =>
    new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString().replace('.000Z', '+00:00')
  const sample = (second: number): void =>
    void db.exec(
      `INSERT INTO system_metrics (run_id, timestamp, run_name, metrics) VALUES ('a', '${at(second)}', 'a', '{"gpu/0/power":${300 + second}}')`,
    )
  const write = (): void => writeFileSync(join(folder, 'live.db'), file())

  test('samples come by themselves, also without a row of metrics', async () => {
    db.exec(
      `INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('a', '${at(0)}', 'a', 0, '{"v":1}')`,
    )
    for (let second = 0; second < 10; second++) sample(second)
    write()
    const { page, expectClean, close } = await openPage(browser, `${site.url}#/system?x=relative`)
    await dropPaths(page, [folder])
    await onPage(page, 'system')
    await ready(page)
    expect(await figure(page, 'gpu/power').getAttribute('data-xmax')).toBe('9')
    for (let second = 10; second < 20; second++) sample(second)
    write()
    await expect
      .poll(() => figure(page, 'gpu/power').getAttribute('data-xmax'), { timeout: 15_000 })
      .toBe('19')
    await expect.poll(async () => (await values(page, 'a')).Samples, { timeout: 15_000 }).toBe(20)
    expectClean()
    await close()
  })
})

async function drop(page: Page): Promise<void> {
  await dropFiles(page, [{ name: 'machines.db', bytes: MACHINES }])
  await onPage(page, 'system')
  await ready(page)
}

function summary(page: Page): Locator {
  return page.getByRole('table', { name: 'System summary' })
}

function rowNames(page: Page): Promise<string[]> {
  return summary(page).locator('tbody tr:not(.area) th').allInnerTexts()
}

/** Texts of a run's row, or of its stretch. */
async function cells(page: Page, run: string, area = false): Promise<string[]> {
  return (await rowOf(page, run, area)).locator('td').allInnerTexts()
}

/** Its numbers with all digits, by the heads of their columns. */
async function values(page: Page, run: string, area = false): Promise<Record<string, number>> {
  const heads = await summary(page).locator('thead th').allInnerTexts()
  const numbers = await (await rowOf(page, run, area))
    .locator('td')
    .evaluateAll((all) => all.map((cell) => Number((cell as HTMLElement).dataset.value)))
  return Object.fromEntries(numbers.map((value, i) => [heads[i + 1] ?? '', value]))
}

async function rowOf(page: Page, run: string, area: boolean): Promise<Locator> {
  const row = summary(page).locator('tbody tr:not(.area)', { hasText: run }).first()
  const id = await row.getAttribute('data-run-id')
  return area ? summary(page).locator(`tr.area[data-run-id="${id}"]`) : row
}

/** Metrics with a figure, in page order. */
function figures(page: Page): Promise<string[]> {
  return page
    .locator('main figure[data-metric]')
    .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.metric ?? ''))
}

async function drawnAt(page: Page, metric: string): Promise<Locator> {
  const found = figure(page, metric)
  await found.scrollIntoViewIfNeeded()
  await expect.poll(() => found.getAttribute('data-state')).toBe('ready')
  await ready(page)
  return found
}

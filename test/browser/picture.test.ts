import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { makeRandom } from '../random.ts'
import { builtPage, dropFiles, openPage, ready, useBrowser, useServer } from './harness.ts'
import { drawn, figure, history, onPage } from './steps.ts'

/*
 * What a person sees at first sight, on real files and at defaults, with motion: the picture against what was
 * logged.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const browser = await useBrowser()
const site = await useServer(builtPage())

async function open(): Promise<{ page: Page; close(): Promise<void> }> {
  return openPage(browser, site.url, { reducedMotion: 'no-preference' })
}

/** Drops a real database on a page with nothing open, and waits until its charts are drawn. */
async function show(page: Page, name: string): Promise<void> {
  const folder = join(FIXTURES, `real-${name}`, 'data')
  const [file = ''] = readdirSync(folder)
  await dropFiles(page, [
    { name: file.replace('.gz', ''), bytes: gunzipSync(readFileSync(join(folder, file))) },
  ])
  await onPage(page, 'metrics')
  await ready(page)
}

/** In how many rows of pixels coloured ones lie, and whether anything touches the left edge. */
function ink(chart: Locator): Promise<{ rows: number; left: boolean }> {
  return chart.locator('.chart-base canvas').evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas')
    const { width, height } = canvas
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, width, height) ?? {
      data: new Uint8ClampedArray(0),
    }
    const at = (x: number, y: number): number[] => [
      ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
    ]
    // lines are coloured, axes and labels grey; the end dot and the labels' samples at the right are left out
    const coloured = (x: number, y: number): boolean => {
      const [r = 0, g = 0, b = 0, a = 0] = at(x, y)
      return a > 40 && Math.max(r, g, b) - Math.min(r, g, b) > 28
    }
    let rows = 0
    for (let y = 0; y < height; y++)
      if (Array.from({ length: width - 170 }, (_, x) => x + 60).some((x) => coloured(x, y))) rows++
    const left = Array.from(
      { length: height },
      (_, y) => (at(0, y)[3] ?? 0) > 60 || (at(1, y)[3] ?? 0) > 60,
    ).some(Boolean)
    return { rows, left }
  })
}

const caption = (chart: Locator): Promise<string> => chart.locator('.chart-note').innerText()

describe('constants', () => {
  test('are flat, whatever their size, and say that they stand as logged', async () => {
    const { page, close } = await open()
    await show(page, 'constants')
    for (const metric of ['constant/lr', 'constant/dropout', 'constant/eps']) {
      const chart = await drawn(page, metric)
      const { rows } = await ink(chart)
      expect(rows, `${metric}: rows of pixels with a line`).toBeLessThanOrEqual(
        4 * Number(await chart.getAttribute('data-series')),
      )
      expect(await caption(chart)).toContain('as logged')
    }
    await close()
  })
  test('and all else keep their labels within the gutter', async () => {
    const { page, close } = await open()
    await show(page, 'constants')
    const metrics = await page
      .locator('main figure[data-metric]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-metric')))
    expect(metrics.length).toBeGreaterThan(10)
    for (const metric of metrics) {
      const chart = await drawn(page, metric ?? '')
      if ((await chart.locator('.chart-base canvas').count()) === 0) continue // single values are bars
      expect((await ink(chart)).left, `${metric}: ink at the left edge`).toBe(false)
    }
    await close()
  })
})

test('a TRL run: evaluations as logged with their last values, counters and schedule as logged', async () => {
  const { page, close } = await open()
  await show(page, 'trl-sft')
  const project = (await page.evaluate(async () => (await window.trackio?.projects())?.[0]?.name)) ?? ''
  const runs = (await page.evaluate(async (name) => window.trackio?.runs(name), project)) ?? []
  const chart = await drawn(page, 'eval/loss')
  expect(await caption(chart)).toMatch(/^as logged, \d+( to \d+)? points/)
  for (const metric of ['train/global_step', 'train/epoch', 'train/num_tokens'])
    expect(await caption(await drawn(page, metric)), metric).toContain('as logged')

  // the numbers of the full screen's table are those of history()
  await (await drawn(page, 'eval/loss')).getByRole('button', { name: 'Fullscreen' }).click({ force: true })
  await ready(page)
  const table = page.getByRole('table', { name: 'Runs of this metric' })
  await table.waitFor()
  for (const { name, id } of runs) {
    const values = (await history(page, project, id ?? name, ['eval/loss']))['eval/loss']?.values ?? []
    const cells = await table
      .locator('tr', { has: page.locator(`td[title="${name}"]`) })
      .getByRole('cell')
      .allInnerTexts()
    const wanted = [values.at(-1) ?? NaN, Math.min(...values), Math.max(...values)].map((value) =>
      value.toPrecision(4),
    )
    expect(cells.slice(1, 4), name).toEqual(wanted)
  }
  await close()
})

test('sparse evaluations stand as logged beside a dense line that is smoothed', async () => {
  const { page, close } = await open()
  await show(page, 'sparse-eval')
  expect(await caption(await drawn(page, 'eval/loss'))).toContain('as logged')
  expect(await caption(await drawn(page, 'train/loss'))).toContain('mean of 11 rows')
  await close()
})

describe('a width that a link sets', () => {
  test('is obeyed, and said; one that nobody set is none of the link', async () => {
    const { page, close } = await openPage(browser, `${site.url}#/metrics?smoothing=10`, {
      reducedMotion: 'no-preference',
    })
    await show(page, 'trl-sft')
    expect(await caption(await drawn(page, 'train/loss'))).toContain('mean of 11 rows')
    expect(await page.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('10')
    expect(page.url()).toContain('smoothing=10')
    await page.getByRole('button', { name: 'Smoothing 10; back to automatic' }).click()
    await ready(page)
    // 60 rows take three points to each side
    expect(await caption(await drawn(page, 'train/loss'))).toMatch(/mean of 7 to 11 points/)
    await expect.poll(() => page.url()).not.toContain('smoothing=')
    await close()
  })
})

describe('a sweep of 30 runs', () => {
  const random = makeRandom(21)
  const RUNS = 30
  const STEPS = 120
  const loss = Array.from({ length: RUNS }, (_, r) =>
    Array.from({ length: STEPS }, (_, step) => 1 + r / 50 + 2 * Math.exp(-step / 15) + 0.3 * random()),
  )
  // best by one point, though not by its mean
  loss[12] = loss[12]?.map((value, step) => (step === 77 ? 0.4 : value)) ?? []
  // diverges, then NaN
  loss[3] =
    loss[3]?.map((value, step) => (step > 100 ? Number.NaN : step > 80 ? 10 ** (step - 78) : value)) ?? []

  async function sweep(): Promise<Uint8Array> {
    const { db, file, close } = await memoryDatabase()
    db.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL, run_id TEXT, run_name TEXT NOT NULL,
      step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT)`)
    db.exec('BEGIN')
    loss.forEach((values, r) => {
      values.forEach((value, step) => {
        const time = new Date(Date.UTC(2026, 0, 1 + r, 0, 0, step)).toISOString().replace('Z', '+00:00')
        const text = JSON.stringify({ 'eval/loss': Number.isNaN(value) ? 'NaN' : value })
        db.exec({
          sql: 'INSERT INTO metrics (timestamp, run_id, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
          bind: [time, `id-${r}`, `run-${r}`, step, text],
        })
      })
    })
    db.exec('COMMIT')
    const bytes = file()
    close()
    return bytes
  }

  test('has every best value on the axis, and ranks the run first that logged the best', async () => {
    const { page, close } = await open()
    await dropFiles(page, [{ name: 'sweep.db', bytes: await sweep() }])
    await onPage(page, 'metrics')
    await ready(page)
    const chart = await drawn(page, 'eval/loss')
    const [low, high] = [
      Number(await chart.getAttribute('data-ymin')),
      Number(await chart.getAttribute('data-ymax')),
    ]
    for (const values of loss) {
      const least = Math.min(...values.filter(Number.isFinite))
      expect(least >= low && least <= high, `${least} in ${low} to ${high}`).toBe(true)
    }
    // the run that diverged does not put all others on the floor
    expect(high).toBeLessThan(5)
    const words = await chart.locator('.chart-note').innerText()
    expect(words).toContain('30 of 30 best values in view')
    expect(words).toMatch(/points above the axis/)
    // best first
    await page.getByRole('button', { name: /^Value and order/ }).click()
    await page
      .getByRole('menuitem', { name: 'Best first' })
      .or(page.getByRole('button', { name: 'Best first' }))
      .first()
      .click()
    await ready(page)
    await expect
      .poll(() =>
        page.getByRole('group', { name: 'Runs' }).getByRole('checkbox').first().getAttribute('aria-label'),
      )
      .toBe('run-12')
    expect(
      await page
        .locator('.run-row')
        .filter({ has: page.locator('[aria-label="run-12"]') })
        .locator('.run-value')
        .innerText(),
    ).toBe('0.4000')
    await close()
  })
})

test('x of a metric that was logged in other rows carries its last value on, and the caption says so', async () => {
  const { page, close } = await openPage(browser, `${site.url}#/metrics?x=train/epoch`, {
    reducedMotion: 'no-preference',
  })
  await show(page, 'trl-sft')
  const chart = figure(page, 'eval/loss')
  await drawn(page, 'eval/loss')
  expect(Number(await chart.getAttribute('data-series'))).toBeGreaterThan(0)
  await close()
})

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
import { builtPage, dropFiles, openPage, ready, useBrowser, usePage, useServer } from './harness.ts'
import { chooseInMenu, download, figure, onPage, soon } from './steps.ts'

/*
 * Charts of groups over runs whose means and intervals numpy and scipy worked out (test/make/bands-vectors.py):
 * four seeds that log at steps of their own, the same a whole 1 higher, and a group of two.
 */

type Row = [x: number, mean: number, low: number | null, high: number | null, n: number]
const known: { runs: [number[], number[]][]; rows: Row[] } = JSON.parse(
  readFileSync(new URL('../fixtures/bands-data.json', import.meta.url), 'utf8'),
).curves

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const GROUPS = '#/metrics?group=seeds&draw=groups'
const browser = await useBrowser()
const site = await useServer(builtPage())
const opened = usePage(async (hash, options: object = {}) => {
  const session = await openPage(browser, site.url + hash, options)
  await dropFiles(session.page, [{ name: 'sweep.db', bytes: data }])
  await onPage(session.page, 'metrics')
  await ready(session.page)
  return session
})
let data: Uint8Array

beforeAll(async () => {
  data = await sweep()
})

describe('runs that are grouped', () => {
  test('are drawn as lines with bands, whose table has the numbers of numpy and scipy', async () => {
    const { page, expectClean, close } = await opened('')
    const chart = figure(page, 'eval/loss')
    expect(await chart.getAttribute('data-series')).toBe('10')
    await page.getByRole('combobox', { name: 'Group by' }).selectOption('seeds')
    await soon(() => chart.getAttribute('data-groups')).toBe('2')
    await ready(page)
    // two groups, and the two runs of the third
    expect(await chart.getAttribute('data-series')).toBe('4')
    const note = await chart.locator('.chart-note > span').first().getAttribute('title')
    expect(note).toContain('mean, 95 % t, n 4')
    expect(note).toContain('1 group of fewer than 3 runs: the runs, no band')
    expect(note).toContain('interpolated inside each run’s range, none outside')
    await chart.getByRole('button', { name: 'Show as table' }).click()
    await soon(() => chart.locator('tbody tr').count()).toBe(known.rows.length)
    const table = await tableOf(page)
    expect(table.heads).toEqual(['Step', 'a-run', 'b-run', 'c-run-s0', 'c-run-s1'])
    known.rows.forEach(([x, mean, low, high, n], i) => {
      const [at, ...cells] = table.rows[i] as number[]
      expect(at).toBe(x)
      near(cells.slice(0, 3), [mean, low ?? Number.NaN, high ?? Number.NaN])
      expect(cells[3]).toBe(n)
      near(cells.slice(4, 7), [mean + 1, (low ?? Number.NaN) + 1, (high ?? Number.NaN) + 1])
    })
    expectClean()
    await close()
  })

  test('have mean and n in the sidebar, and the link carries what is drawn of them', async () => {
    const { page, close } = await opened(`${GROUPS}&agg=median`)
    const draw = page.getByRole('radiogroup', { name: 'Draw' })
    expect(await draw.getByRole('radio', { name: 'Groups' }).getAttribute('aria-checked')).toBe('true')
    const row = page.locator('.group-row', { hasText: 'a-run' })
    const least = known.runs.map(([, values]) => Math.min(...values))
    const mean = least.reduce((sum, value) => sum + value, 0) / 4
    await soon(() => row.locator('.group-value').innerText()).toMatch(/4$/)
    expect(Number.parseFloat(await row.locator('.group-value').innerText())).toBeCloseTo(mean, 3)
    await draw.getByRole('radio', { name: 'Groups' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('button', { name: /^Line and band of groups: median/ }).click()
    await page.getByRole('combobox', { name: 'Band of groups' }).selectOption('bootstrap')
    await soon(() => page.url()).toMatch(/draw=both.*agg=median.*band=bootstrap/)
    await ready(page)
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await dropFiles(page, [{ name: 'sweep.db', bytes: data }])
    await ready(page)
    await soon(() => draw.getByRole('radio', { name: 'Both' }).getAttribute('aria-checked')).toBe('true')
    const note = await figure(page, 'eval/loss').locator('.chart-note > span').first().getAttribute('title')
    expect(note).toContain('median, bootstrap 95 %, n 4')
    await close()
  })

  test('are given as a file with band and n', async () => {
    const { page, close } = await opened(GROUPS)
    const { name, bytes } = await download(page, () =>
      chooseInMenu(page, figure(page, 'eval/loss'), 'Download groups as CSV'),
    )
    expect(name).toBe('sweep-eval-loss-groups.csv')
    const lines = bytes.toString().trim().split('\n')
    expect(lines[0]).toBe('line,step,mean of eval/loss,low (t95),high (t95),n')
    const own = lines.filter((line) => line.startsWith('a-run,'))
    expect(own.length).toBe(known.rows.length)
    own.forEach((line, i) => {
      const [, x, mean, , , n] = line.split(',').map(Number)
      const row = known.rows[i] as Row
      near([x, mean, n] as number[], [row[0], row[1], row[4]])
    })
    await close()
  })

  test('say at the crosshair how many runs there are and how wide the band is', async () => {
    const { page, close } = await opened(`${GROUPS}&smoothing=0&base=group:%3D${encodeURIComponent('lr 2')}`)
    const chart = figure(page, 'eval/loss')
    await chart.locator('.chart-overlay').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('End')
    const tip = page.locator('.chart-tip')
    await soon(() => tip.innerText()).toContain('Step 210')
    // one run alone goes on to 210
    await soon(() => tip.locator('.chart-tip-row', { hasText: 'a-run' }).innerText()).toMatch(/n 1$/)
    await page.keyboard.press('Home')
    await soon(() => tip.innerText()).toContain('Step 0')
    const row = known.rows.find(([x]) => x === 0) as Row
    const words = await tip.locator('.chart-tip-row', { hasText: 'a-run' }).innerText()
    expect(words).toContain('n 3')
    const half = Number(/± ([\d.]+)/.exec(words)?.[1])
    expect(half).toBeCloseTo(((row[3] as number) - (row[2] as number)) / 2, 3)
    await close()
  })
})

describe('a baseline', () => {
  test('turns a chart into differences, taken by seed', async () => {
    const { page, expectClean, close } = await opened(GROUPS)
    const row = page.locator('.group-row', { hasText: 'a-run' })
    await row.hover()
    await row.getByRole('button', { name: /^More about group/ }).click()
    await page.getByRole('button', { name: 'Baseline' }).click()
    await page.keyboard.press('Escape')
    await soon(() => row.locator('.run-base').count()).toBe(1)
    const chart = figure(page, 'eval/loss')
    await chart.hover()
    await chart.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Difference to the baseline' }).click()
    await soon(() => chart.getAttribute('data-difference')).toBe('')
    await ready(page)
    await soon(() => page.url()).toMatch(/base=group.*diff=eval\/loss/)
    const note = await chart.locator('.chart-note > span').first().getAttribute('title')
    expect(note).toContain('difference to a-run, by seed')
    await chart.getByRole('button', { name: 'Show as table' }).click()
    await soon(() => chart.locator('tbody tr').count()).toBeGreaterThan(10)
    const { rows, heads } = await tableOf(page)
    expect(heads.slice(0, 2)).toEqual(['Step', 'b-run'])
    // every run of b is a whole 1 above its partner, wherever it logged
    for (const [, value] of rows.filter(([, value]) => !Number.isNaN(value))) expect(value).toBeCloseTo(1, 10)
    expectClean()
    await close()
  })

  test('may be one run, by the key = alone', async () => {
    const { page, close } = await opened('')
    const box = page.getByRole('checkbox', { name: 'a-run-s0', exact: true })
    await box.focus()
    await page.keyboard.press('=')
    await soon(() => page.url()).toContain('base=run:a-run-s0')
    await page.goto(`${page.url()}&diff=*`)
    await page.reload()
    await dropFiles(page, [{ name: 'sweep.db', bytes: data }])
    await ready(page)
    const chart = figure(page, 'eval/loss')
    await soon(() => chart.getAttribute('data-difference')).toBe('')
    // without the baseline itself
    await soon(() => chart.getAttribute('data-series')).toBe('9')
    expect(await page.getByText('base', { exact: true }).count()).toBe(1)
    await close()
  })

  test('in full screen two groups are held against one another', async () => {
    const { page, expectClean, close } = await opened(`${GROUPS}&chart=eval%2Floss`)
    const side = page.getByRole('dialog').locator('.group-side')
    await soon(() => side.getByRole('row').count()).toBeGreaterThan(8)
    const versus = side.getByRole('region', { name: 'Group against group' })
    await versus.getByRole('combobox', { name: 'First group' }).selectOption({ label: 'a-run' })
    await versus.getByRole('combobox', { name: 'Second group' }).selectOption({ label: 'b-run' })
    await soon(() => versus.innerText()).toMatch(/Difference, by seed\s+−1\.000 ± 0/)
    expect(await versus.innerText()).toMatch(/Lower in\s+16 of 16 pairs of runs/)
    expect(await versus.innerText()).toMatch(/Probability of improvement\s+1\.00/)
    expect(await versus.innerText()).toContain('outside seed noise')
    await expectAccessible(page, 'full screen of groups')
    expectClean()
    await close()
  })
})

describe('charts of groups', () => {
  test.each([
    ['on a desk', {}],
    ['on a phone', PHONE],
  ])('have nothing that axe complains of, %s', async (where, options) => {
    const { page, expectClean, close } = await opened(
      `${GROUPS}&agg=iqm&band=quartiles&envelope=true`,
      options,
    )
    await soon(() => figure(page, 'eval/loss').getAttribute('data-groups')).toBe('2')
    await expectAccessible(page, where)
    expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(
      await page.evaluate(() => innerWidth),
    )
    expectClean()
    await close()
  })
})

async function tableOf(page: Page): Promise<{ heads: string[]; rows: number[][] }> {
  return page.locator('.chart-table table').evaluate((table) => ({
    heads: [...(table.querySelectorAll('thead tr:first-child th') ?? [])].map((th) =>
      (th.textContent ?? '').trim(),
    ),
    rows: [...table.querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((cell) => Number(cell.getAttribute('data-value') ?? Number.NaN)),
    ),
  }))
}

function near(got: readonly number[], wanted: readonly number[]): void {
  got.forEach((value, i) => {
    if (Number.isNaN(wanted[i])) expect(value).toBeNaN()
    else expect(value).toBeCloseTo(wanted[i] as number, 9)
  })
}

/** Runs a-run-s0 … s3 as numpy knows them, b-run-s0 … s3 each 1 higher, c-run-s0 and s1. */
async function sweep(): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL);
  `)
  let minute = 0
  const at = (second: number): string => new Date(1.767e12 + minute * 600_000 + second * 1000).toISOString()
  ;['a', 'b', 'c'].forEach((group, g) => {
    known.runs.slice(0, group === 'c' ? 2 : 4).forEach(([steps, values], seed) => {
      const name = `${group}-run-s${seed}`
      minute++
      db.exec(
        `INSERT INTO configs (run_id, run_name, config, created_at) VALUES ('${name}', '${name}', '{"lr": ${g + 1}, "seed": ${seed}}', '${at(0)}')`,
      )
      steps.forEach((step, i) => {
        db.exec(
          `INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('${name}', '${at(step)}', '${name}', ${step}, '${JSON.stringify({ 'eval/loss': (values[i] as number) + g })}')`,
        )
      })
    })
  })
  const bytes = file()
  close()
  return bytes
}

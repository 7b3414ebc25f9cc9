import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { builtPage, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import {
  chooseInMenu,
  DEMO,
  DEMO_FILE,
  dropAndDraw,
  figure,
  history,
  metrics,
  onPage,
  said,
  soon,
} from './steps.ts'

/*
 * What the page does when something breaks: a line, a worker, a pattern that takes for ever.
 */

const ROWS = 30_000
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())
let broken = false
const host = await useServer(folder, {
  cors: true,
  intercept(_, request) {
    const from = Number(/^bytes=(\d+)/.exec(request.headers.range ?? '')?.[1] ?? 0)
    return broken && from >= 1 << 22 ? { status: 500 } : undefined
  },
})

beforeAll(async () => {
  const { db, file, close } = await memoryDatabase()
  db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
  )
  db.transaction(() => {
    for (let i = 0; i < ROWS; i++) {
      const time = new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString().replace('Z', '000+00:00')
      db.exec({
        sql: 'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?,?,?,?)',
        bind: [time, 'run', i, JSON.stringify({ loss: 1 / (i + 1), note: 'x'.repeat(100) })],
      })
    }
  })
  writeFileSync(join(folder, 'nanogpt.db'), file())
  close()
})

function address(): string {
  return `${site.url}?db=${encodeURIComponent(`${host.url}nanogpt.db`)}`
}

async function choose(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: /^Source/ }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

test('of a line that breaks the page saves no part without asking, and the file then says that it is one', async () => {
  broken = true
  const { page, close } = await openPage(browser, address())
  await onPage(page, 'metrics')
  await page.getByText('Reading failed').waitFor()
  await ready(page)
  const code = await page.evaluate(() =>
    window.trackio?.history('nanogpt', 'run').catch((error: Error) => `${error.name}: ${error.message}`),
  )
  expect(code).toMatch(/^IncompleteError: [\d,]+ of 30,000 rows read: /)
  const chart = figure(page, 'loss')
  // the chart's own CSV
  await chooseInMenu(page, chart, 'Download CSV')
  const dialog = page.getByRole('dialog', { name: 'Save a part' })
  await dialog.getByText(/^Only [\d,]+ of 30,000 rows were read\. Save this part\?$/).waitFor()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Read on')
  const [part] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save part' }).click(),
  ])
  expect(part.suggestedFilename()).toBe('nanogpt-loss-part.csv')
  expect(readFileSync(await part.path(), 'utf8').split('\n')[0]).toMatch(/^# part: [\d,]+ of 30,000 rows, /)
  expect(await dialog.count()).toBe(0)
  // Esc is a no
  await choose(page, 'Download as CSV')
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  // the line is back: reading on gives all of it
  await choose(page, 'Download as CSV')
  await dialog.waitFor()
  broken = false
  const [whole] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Read on' }).click(),
  ])
  expect(whole.suggestedFilename()).toBe('nanogpt.csv')
  expect(readFileSync(await whole.path(), 'utf8').split('\n')).toHaveLength(ROWS + 2)
  expect((await history(page, 'nanogpt', 'run', ['loss'])).loss?.values.length).toBe(ROWS)
  await close()
})

test('a table of a part says how much of it is there', async () => {
  broken = true
  const { page, close } = await openPage(browser, address())
  await onPage(page, 'metrics')
  await page.getByText('Reading failed').waitFor()
  await ready(page)
  await figure(page, 'loss').hover()
  await figure(page, 'loss').getByRole('button', { name: 'Show as table' }).click()
  const table = page.getByRole('group', { name: 'loss as table' })
  await table.getByText(/^Only [\d,]+ of 30,000 rows were read: /).waitFor()
  expect(await table.locator('tbody tr').count()).toBe(0)
  await table.getByRole('button', { name: 'Show this part' }).click()
  await table.locator('tbody tr').first().waitFor()
  broken = false
  await table.getByRole('button', { name: 'Read on' }).click()
  await table.getByText(/of 30,000 rows/).waitFor()
  expect(await table.getByText(/^Only/).count()).toBe(0)
  await close()
})

test('a link with a pattern that takes for ever does not block the page, and says so', async () => {
  const pattern = '(.+)+(.+)+(.+)+!'
  const { page, expectClean, close } = await openPage(
    browser,
    `${site.url}?db=${DEMO}.db&metric_filter=${encodeURIComponent(pattern)}&project=${DEMO}`,
  )
  await onPage(page, 'metrics')
  await ready(page)
  expect(
    await page.getByText(`${pattern} takes longer than 0.2 s to try, so it matches nothing`).count(),
  ).toBe(1)
  expect(await metrics(page)).toEqual([])
  // the page goes on
  await page.getByRole('button', { name: 'Show all' }).click()
  await ready(page)
  expect((await metrics(page)).length).toBeGreaterThan(3)
  expect(await page.getByText('takes longer than').count()).toBe(0)
  expectClean()
  await close()
})

test('a worker that crashes is started again with what was open; the second time the page says so and offers a reload', async () => {
  const { page, close } = await openPage(browser, site.url)
  await dropAndDraw(page, [DEMO_FILE])
  const before = await metrics(page)
  const crash = () =>
    page
      .workers()
      .find((worker) => worker.url().includes('engine.worker'))
      ?.evaluate(
        () =>
          void setTimeout(
            () => Promise.resolve().then(() => queueMicrotask(() => Reflect.get(globalThis, 'nothing').at())),
            0,
          ),
      )
  await crash()
  await page.getByText('ended, and was started again').waitFor()
  await ready(page)
  expect(await metrics(page)).toEqual(before)
  const series = await history(page, DEMO, 'muon-lr2e-2-s0', ['train/loss'])
  expect(series['train/loss']?.values.length).toBeGreaterThan(10)
  await crash()
  const alert = page.getByRole('alert').filter({ hasText: 'Reload the page to go on' })
  await alert.getByRole('button', { name: 'Reload' }).click()
  await onPage(page, 'open')
  await ready(page)
  // the file is not kept: the link tells which one it was
  await soon(() => said(page)).toEqual([expect.stringContaining('Drop that file to see it')])
  await close()
})

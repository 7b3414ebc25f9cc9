import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { damagedAlerts } from '../engine/damaged-alerts.ts'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import {
  builtPage,
  dropFiles,
  dropPaths,
  type Opened,
  openPage,
  ready,
  useBrowser,
  usePage,
  useServer,
} from './harness.ts'
import { download, onPage, shownRuns, soon } from './steps.ts'

const DATA = (fixture: string): string => join(import.meta.dirname, '..', 'fixtures', fixture, 'data')
const FOUR = join(DATA('v0.43.0'), 'demoprojectv4ö.db')
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())
const opened = usePage((hash, options?: object) => open(many, hash, options))
let many: Uint8Array

beforeAll(async () => {
  many = await sweep()
})

describe('the alerts of a project', () => {
  test('are listed newest first, with level, run, step, title and text; what comes from data is text', async () => {
    const { page, expectClean, close } = await open(FOUR)
    expect(await cells(page)).toEqual([
      ['Error', 'alert only', '0', 'Run died', 'no metric was ever logged'],
      ['Error', 'main', '13', 'NaN gradient <script>', 'grad_norm is NaN↵↵**stop?** 🚨'],
      ['Info', 'main', '40', 'Checkpoint saved', ''],
      ['Warn', 'main', '45', 'Loss spike', 'train/loss rose by 30% — see `val/loss`'],
    ])
    expect(await rows(page).nth(3).locator('time').getAttribute('datetime')).toBe('2026-11-23T15:22:06.404Z')
    await rows(page).nth(1).click()
    await page.keyboard.press(' ')
    expect(await rows(page).nth(1).locator('.whole p').innerText()).toBe('grad_norm is NaN\n\n**stop?** 🚨')
    expectClean()
    await close()
  })

  test('are counted in the nav, in the colour of the gravest, from whatever page', async () => {
    const { page, close } = await open(FOUR, '')
    const link = page.getByRole('link', { name: 'Alerts 4' })
    await link.waitFor()
    expect(await link.getAttribute('title')).toBe('4 alerts, 2 errors')
    expect(await link.locator('small.error').count()).toBe(1)
    await link.click()
    await onPage(page, 'alerts')
    await soon(() => rows(page).count()).toBe(4)
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await onPage(page, 'metrics')
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await onPage(page, 'alerts')
    await close()
  })

  test.each([
    ['v0.18.0/data/预训练large.db.gz', 4],
    ['mutated-0.36.0/data/mutated.db.gz', 3],
  ])('of %s are all there', async (file, count) => {
    const { page, expectClean, close } = await open(
      gunzipSync(readFileSync(join(import.meta.dirname, '..', 'fixtures', file))),
      '#/alerts?fold=off',
    )
    expect(await rows(page).count()).toBe(count)
    await page.getByRole('link', { name: `Alerts ${count}` }).waitFor()
    expectClean()
    await close()
  })

  test('where there are none: what would make some; of a static export, that it cannot tell', async () => {
    const before = join(DATA('real-constants'), 'constants.db.gz')
    const none = await open(gunzipSync(readFileSync(before)))
    await none.page.getByText('No alerts logged').waitFor()
    expect(await none.page.locator('main pre').innerText()).toContain(
      'trackio.alert(title="Loss spike", level=trackio.AlertLevel.WARN)',
    )
    expect(await none.page.getByRole('link', { name: 'Alerts', exact: true }).count()).toBe(1)
    none.expectClean()
    await none.close()
    const exported = await open(DATA('parquet-0.43.0'))
    await exported.page.getByText("trackio's static exports hold no alerts").waitFor()
    await exported.close()
  })
})

test('alerts that cannot be read are told of over the charts too, which lack their marks', async () => {
  const { page, close } = await open(await damagedAlerts(), '')
  const told = page.getByText(/of [\d,]+ alerts that can be read others may be missing/)
  await told.waitFor()
  await page.getByRole('link', { name: /^Alerts \d+$/ }).click()
  await onPage(page, 'alerts')
  await soon(() => told.count()).toBe(1)
  await close()
})

describe('many alerts', () => {
  test('repeats are one line with their number and steps; unfolded, every one stands', async () => {
    const { page, close } = await opened('#/alerts')
    // 3 runs × 2 titles, of which each run has 50 of one and 30 of another
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('7')
    expect((await rows(page).first().innerText()).replaceAll('\n', ' ')).toContain('× 50')
    expect((await cells(page))[0]).toEqual(['Error', 'c', '0 to 490', 'Loss is not finite', 'at 490'])
    await page.getByRole('switch', { name: 'Fold repeats' }).click()
    await soon(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('241')
    // only what is in sight is in the page
    expect(await rows(page).count()).toBeLessThan(80)
    await rows(page).first().focus()
    await page.keyboard.press('End')
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'))).toBe('241')
    expect(
      await page.evaluate(() => (document.activeElement?.getBoundingClientRect().bottom ?? 0) <= innerHeight),
    ).toBe(true)
    await page.keyboard.press('Home')
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'))).toBe('2')
    await close()
  })

  test('by level, run, words and step; the filter is in the address and comes back with it', async () => {
    const { page, close } = await opened('#/alerts')
    await page.getByRole('radio', { name: 'Error 150' }).click()
    await page.getByRole('combobox', { name: 'Runs' }).selectOption({ label: 'b' })
    await page.keyboard.press('/')
    await page.keyboard.type('finite step > 400')
    await soon(() => cells(page)).toEqual([['Error', 'b', '410 to 490', 'Loss is not finite', 'at 490']])
    await soon(() => page.url()).toContain('level=error&run=rb&q=finite%20step%20%3E%20400')
    await page.reload()
    await drop(page, many)
    expect(await cells(page)).toEqual([['Error', 'b', '410 to 490', 'Loss is not finite', 'at 490']])
    await page.getByRole('searchbox', { name: 'Search alerts' }).fill('nobody')
    await page.getByRole('heading', { name: 'No alert matches' }).waitFor()
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await soon(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('7')
    // the metrics' own search is another thing
    await soon(() => page.url()).not.toContain('q=')
    await close()
  })

  test('by the heads of columns; of shown runs alone', async () => {
    const { page, close } = await opened('#/alerts')
    await page.getByRole('columnheader', { name: 'Run', exact: true }).getByRole('button').click()
    await soon(async () => (await cells(page)).map(([, run]) => run)).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
    expect(await page.getByRole('columnheader', { name: 'Run', exact: true }).getAttribute('aria-sort')).toBe(
      'ascending',
    )
    await page.getByRole('columnheader', { name: 'Level', exact: true }).getByRole('button').click()
    await soon(async () => (await cells(page)).map(([level]) => level)).toEqual([
      'Error',
      'Error',
      'Error',
      'Info',
      'Info',
      'Info',
    ])
    await page.goto(`${site.url}#/alerts?only=shown&hide_ids=rc,ra`)
    await page.reload()
    await drop(page, many)
    expect((await cells(page)).map(([, run]) => run)).toEqual(['b', 'b'])
    await close()
  })

  test('go to the charts around their step; a hidden run is drawn then', async () => {
    const { page, expectClean, close } = await opened(
      '#/alerts?fold=off&hide_ids=rc&q=step%20%3D%20200&level=error',
    )
    expect((await cells(page))[0]?.slice(0, 3)).toEqual(['Error', 'c', '200'])
    await rows(page).first().focus()
    await page.getByRole('button', { name: 'Show on charts' }).waitFor()
    await page.keyboard.press('Enter')
    await onPage(page, 'metrics')
    await ready(page)
    // 5 % of 490 steps, rounded
    await soon(() => new URL(page.url().replace('#/', '')).searchParams.get('xmin')).toBe('175')
    expect(page.url()).toContain('xmax=225')
    expect(await shownRuns(page)).toContain('c')
    await page.goBack()
    await onPage(page, 'alerts')
    await soon(() => rows(page).count()).toBe(3)
    expectClean()
    await close()
  })

  test('are saved as CSV, every one that passes', async () => {
    const { page, close } = await opened('#/alerts?level=info&run=ra')
    const { name, bytes } = await download(page, () => page.getByRole('button', { name: 'Export' }).click())
    expect(name).toBe('sweep-alerts.csv')
    const lines = bytes.toString('utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(31)
    expect(lines.slice(0, 2)).toEqual([
      'level,timestamp,run,run_id,step,title,text',
      `info,2026-01-01T00:04:50+00:00,a,ra,290,"New best, so far",'=1+1`,
    ])
    await close()
  })

  test('on a phone: cards, nothing beside the window, a tap opens one', async () => {
    const { page, expectClean, close } = await opened('#/alerts', PHONE)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    for (const row of (await rows(page).all()).slice(0, 3)) expect((await row.boundingBox())?.width).toBe(390)
    await rows(page).nth(1).tap()
    const open = page.getByRole('button', { name: /^Open in Metrics, step/ })
    await open.tap()
    await onPage(page, 'metrics')
    await ready(page)
    expectClean()
    await close()
  })
})

async function open(data: string | Uint8Array, hash = '#/alerts', options: object = {}): Promise<Opened> {
  const session = await openPage(browser, site.url + hash, options)
  await drop(session.page, data, hash === '' ? 'metrics' : 'alerts')
  return session
}

async function drop(page: Page, data: string | Uint8Array, to = 'alerts'): Promise<void> {
  if (typeof data === 'string') await dropPaths(page, [data])
  else await dropFiles(page, [{ name: 'sweep.db', bytes: data }])
  await onPage(page, to)
  await ready(page)
}

function rows(page: Page): Locator {
  return page.getByRole('grid', { name: 'Alerts' }).locator('.alert-row')
}

/** Level, run, step, title and text of the lines in the page, in order. */
function cells(page: Page): Promise<string[][]> {
  return rows(page).evaluateAll((all) =>
    all
      .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
      .map((row) =>
        [...row.querySelectorAll('[role=gridcell]')].map((cell) => (cell.textContent ?? '').trim()),
      )
      .map(([level = '', , run = '', step = '', title = '', text = '']) => [level, run, step, title, text]),
  )
}

/** Three runs of 50 steps: an error at each, and every other kind of text. */
async function sweep(): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE alerts (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, title TEXT NOT NULL, text TEXT, level TEXT NOT NULL, step INTEGER, alert_id TEXT);
  `)
  const two = (value: number) => String(value).padStart(2, '0')
  for (const [hour, name] of ['a', 'b', 'c'].entries()) {
    for (let i = 0; i < 50; i++) {
      const step = i * 10
      const at = `2026-01-01T${two(hour)}:${two(Math.floor(step / 60))}:${two(step % 60)}+00:00`
      db.exec(
        `INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('r${name}', '${at}', '${name}', ${step}, '{"loss": ${i}}')`,
      )
      const add = (level: string, title: string, text: string) =>
        db.exec(
          `INSERT INTO alerts (run_id, timestamp, run_name, title, text, level, step, alert_id) VALUES ('r${name}', '${at}', '${name}', '${title}', '${text}', '${level}', ${step}, '${name}${step}${level}')`,
        )
      if (i < 30) add('info', 'New best, so far', '=1+1')
      add('error', 'Loss is not finite', `at ${step}`)
    }
  }
  const bytes = file()
  close()
  return bytes
}

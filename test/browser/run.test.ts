import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ExpectedRun, numberOf, readFixture } from '../engine/golden-fixtures.ts'
import { ROWS } from '../engine/row-lines.ts'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropFiles,
  type Opened,
  openPage,
  ready,
  useBrowser,
  usePage,
  useServer,
} from './harness.ts'
import { onPage, soon, useDropped } from './steps.ts'

/*
 * The page of one run: over a fixture whose rows and numbers Python has told, over a sweep of three seeds whose
 * values are known, and over rows that no element is high enough for.
 */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const COPYING = { permissions: ['clipboard-read', 'clipboard-write'] }
const FIXTURE = join(import.meta.dirname, '..', 'fixtures', 'v0.43.0', 'data', 'demoprojectv4ö.db')
/** Rows of 24 px: 7,200,000, almost twice what is drawn as it is. */
const MANY = 300_000
const browser = await useBrowser()
const site = await useServer(builtPage())
const ofSweep = usePage((hash, options?: object) => open(hash, 'sweep.db', sweep, options))
const fixture = useDropped(browser, site.url, [FIXTURE], 'run')
let sweep: Uint8Array
let long: Uint8Array

beforeAll(async () => {
  sweep = await sweepFile()
  long = await longFile()
})

describe('a run of a project', () => {
  test('has the numbers of each metric as Python reads them', async () => {
    const { page, expectClean, close } = await fixture('#/run?run=main')
    const main = expectedRun('main')
    expect(await fact(page, 'Rows')).toBe(String(main.rows))
    expect(await fact(page, 'Steps')).toBe(String(main.last_step))
    expect(await fact(page, 'Id')).toBe(main.id)
    const lines = page.locator('.metric-line[data-metric]')
    expect(await lines.count()).toBe(Object.keys(main.metrics).length)
    for (const [name, { values, steps }] of Object.entries(main.metrics)) {
      const numbers = values.map(numberOf)
      const finite = numbers.filter(Number.isFinite)
      const cells = await lines
        .and(page.locator(`[data-metric=${JSON.stringify(name)}]`))
        .locator('[role=cell]')
        .evaluateAll((all) => all.map((cell) => cell.getAttribute('data-value')))
      const [, , first, last, min, max, , , count, nonFinite] = cells
      expect([first, last].map(Number), name).toEqual([numbers[0], numbers.at(-1)].map(Number))
      expect([min, max].map(Number), name).toEqual([
        finite.length > 0 ? Math.min(...finite) : Number.NaN,
        finite.length > 0 ? Math.max(...finite) : Number.NaN,
      ])
      expect([Number(count), Number(nonFinite)], name).toEqual([
        numbers.length,
        numbers.length - finite.length,
      ])
      if (name === 'train/loss') {
        const at = steps[numbers.indexOf(Math.min(...finite))]
        expect(cells[6]).toBe(String(at))
      }
    }
    expectClean()
    await close()
  })

  test('has its rows character by character as they were logged', async () => {
    const { keys, runs } = ROWS['v0.43.0']?.['demoprojectv4ö.db'] ?? { keys: [], runs: [] }
    for (const name of ['main', 'media & traces']) {
      const wanted = runs.find((run) => run.name === name)?.first ?? []
      const shown = keys.filter((key) => wanted.some((line) => line.includes(` | ${key} = `)))
      expect(shown.length).toBeGreaterThan(0)
      const cols = encodeURIComponent(shown.join(','))
      const { page, close } = await fixture(`#/run?run=${encodeURIComponent(name)}&cols=${cols}&at=rows`, {
        // wide enough for all of them: columns out of sight are not in the page
        viewport: { width: 5200, height: 900 },
      })
      for (const [i, line] of wanted.entries()) {
        const row = page.locator(`.raw-line[data-row="${i + 1}"]`)
        const [timestamp, step, ...cells] = line.split(' | ')
        expect(await row.locator('.time').getAttribute('title')).toBe(timestamp)
        expect(await row.locator('.number').nth(1).innerText()).toBe(step)
        const values = await row
          .locator('[data-value]')
          .evaluateAll((all) => all.map((cell) => cell.getAttribute('data-value')))
        expect(values).toEqual(cells.map((cell) => cell.slice(cell.indexOf(' = ') + 3)))
      }
      await close()
    }
  })

  test('says what it warned of, with ways to the rows and to all alerts', async () => {
    const { page, close } = await fixture('#/run?run=main&at=alerts')
    const alerts = page.locator('.run-alerts li')
    await soon(() => alerts.count()).toBe(3)
    expect(await alerts.nth(0).innerText()).toMatch(/Error\s*step 13\s*NaN gradient <script>/)
    // its step is a way to its rows
    await alerts.nth(0).getByRole('button', { name: 'step 13' }).click()
    await soon(() => selectedSteps(page)).toEqual(['13'])
    await page.getByRole('button', { name: 'Open Alerts' }).click()
    await onPage(page, 'alerts')
    await soon(() => page.locator('.alert-row').count()).toBe(3)
    await page.locator('.alert-row').first().getByRole('link', { name: 'main' }).click()
    await onPage(page, 'run')
    await soon(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('main')
    await close()
  })

  test('says how its machines were, or that nobody looked', async () => {
    const { page, expectClean, close } = await fixture('#/run?run=main')
    const role = (metric: string) =>
      page.locator(`.run-role[data-metric="${metric}"] [data-value]`).getAttribute('data-value')
    // six samples each: 40 to 77.5 on one GPU, 0 on the other; 180 to 185 W and 60.5 W
    await soon(() => role('gpu/utilization')).toBe('29.375')
    expect(await role('gpu/power')).toBe('243')
    expect(await role('gpu/allocated_memory')).toBe('3.875')
    expect(await role('gpu/temp')).toBe('60')
    expect(await page.locator('.run-role').first().innerText()).toMatch(/29.4 % mean/)
    await page.getByRole('button', { name: 'Previous run' }).click()
    await soon(() => page.locator('[data-place="system"] em').innerText()).toBe(
      'No system metrics logged by this run',
    )
    expectClean()
    await close()
  })

  test('says how much it holds beside numbers', async () => {
    const { page, close } = await fixture('#/run?run=media%20%26%20traces')
    const kinds = Object.values(expectedRun('media & traces').other).map((other) => other.kinds)
    const tables = kinds.reduce((sum, one) => sum + (one['trackio.table'] ?? 0), 0)
    await soon(() => page.locator('.run-counts').innerText()).toContain(`Tables ${tables}`)
    // the versions that it made, each with its way there
    const artifacts = page.locator('.run-artifacts li')
    await soon(() => artifacts.evaluateAll((all) => all.map((one) => one.textContent))).toEqual([
      expect.stringMatching(/^madetiny-model:v0model1.04 kB/),
      expect.stringMatching(/^madetiny-model:v1model1.29 kB/),
      expect.stringMatching(/^madedata.set:v0dataset60 bytes/),
    ])
    await artifacts.nth(1).getByRole('button').click()
    await onPage(page, 'artifacts')
    await soon(() => page.url()).toContain('of=tiny-model:v1')
    await close()
  })
})

describe('a run of a sweep', () => {
  test('stands beside its group: keys that vary, keys that differ within it, mean and interval', async () => {
    const { page, expectClean, close } = await swept('#/run?run=bravo-s2')
    expect(await fact(page, 'Group')).toBe('bravo, 3 runs')
    const key = (path: string) => page.locator(`.config-line[data-path="${path}"]`)
    expect(await key('seed').innerText()).toMatch(/seed\s*differs from its group\s*2/)
    expect(await key('opt.lr').innerText()).toMatch(/lr\s*1 of 2\s*0.001/)
    expect(await key('opt.name').innerText()).toMatch(/name\s*"adam"/)
    // best accuracies of its three seeds: 0.31 0.32 0.33; 4.3027 · 0.01 / √3 = 0.0248
    const accuracy = page.locator('.metric-line[data-metric="eval/accuracy"]')
    expect((await accuracy.locator('.rule').innerText()).replaceAll(/\s+/g, ' ')).toBe('0.32000 ± 0.025')
    expect(await accuracy.locator('.best').innerText()).toBe('0.32000')
    // the search looks at paths and values, and is in the link
    await page.getByRole('searchbox', { name: 'Search config' }).fill('adam')
    await soon(() => page.locator('.config-line').count()).toBe(2)
    await soon(() => page.url()).toContain('q=adam')
    await page.getByRole('searchbox', { name: 'Search config' }).fill('')
    await page.getByRole('button', { name: 'Varies' }).click()
    await soon(() =>
      page.locator('.config-line').evaluateAll((all) => all.map((one) => one.getAttribute('data-path'))),
    ).toEqual(['opt', 'opt.lr', 'seed'])
    expectClean()
    await close()
  })

  test('is reached from its name in the table, its menu in the list; brackets walk the order it was come from', async () => {
    const { page, close } = await swept('#/runs?sort=-config:opt.lr,name')
    await page.locator('.runs-grid').getByRole('link', { name: 'bravo-s2' }).click()
    await onPage(page, 'run')
    const title = () => page.getByRole('heading', { level: 1 }).innerText()
    await soon(title).toBe('bravo-s2')
    expect(await page.locator('.run-place').innerText()).toMatch(/^2 of 6 by /)
    expect(await page.getByRole('link', { name: /^Runs 6/ }).getAttribute('aria-current')).toBe('true')
    await page.keyboard.press(']')
    await soon(title).toBe('bravo-s3')
    await page.keyboard.press(']')
    await soon(title).toBe('alpha-s1')
    await page.keyboard.press('[')
    await soon(title).toBe('bravo-s3')
    await soon(() => page.url()).toContain('run=bravo-s3')
    // in a field, a bracket is a bracket
    await page.getByRole('searchbox', { name: 'Search config' }).fill('')
    await page.getByRole('searchbox', { name: 'Search config' }).press(']')
    expect(await title()).toBe('bravo-s3')
    // the way back
    await page.goBack()
    await onPage(page, 'runs')
    await page.keyboard.press('\\')
    await page.getByRole('checkbox', { name: 'alpha-s2', exact: true }).hover()
    await page.getByRole('button', { name: 'More about alpha-s2' }).click()
    await page.getByRole('button', { name: 'Open run' }).click()
    await onPage(page, 'run')
    await soon(title).toBe('alpha-s2')
    await close()
  })

  test('comes back by its link as it was left', async () => {
    const { page, close } = await swept('#/run?run=alpha-s1')
    await page.getByRole('textbox', { name: 'Jump to step' }).fill('30')
    await page.getByRole('textbox', { name: 'Jump to step' }).press('Enter')
    await soon(() => selectedSteps(page)).toEqual(['30'])
    await soon(() => page.url()).toMatch(/at=rows.*step=30|step=30.*at=rows/)
    await page.getByRole('button', { name: /^Columns/ }).click()
    await page.getByRole('checkbox', { name: 'note' }).uncheck()
    await page.keyboard.press('Escape')
    await soon(() => page.url()).toContain('cols=')
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await dropFiles(page, [{ name: 'sweep.db', bytes: sweep }])
    await onPage(page, 'run')
    await ready(page)
    await soon(() => selectedSteps(page)).toEqual(['30'])
    expect(await page.locator('.raw-heads').innerText()).not.toContain('note')
    await close()
  })

  test('has rows that a train and an eval call of one step wrote apart; keys walk, select and copy them', async () => {
    const { page, expectClean, close } = await swept('#/run?run=alpha-s1&step=20', COPYING)
    expect(await selectedSteps(page)).toEqual(['20'])
    const grid = page.getByRole('grid', { name: 'Raw rows' })
    await grid.focus()
    await page.keyboard.press('Shift+ArrowDown')
    await soon(() => selectedSteps(page)).toEqual(['20', '20'])
    await page.keyboard.press('Control+c')
    await soon(() => page.locator('.run-said').allInnerTexts()).toContain('2 rows copied')
    const text = await page.evaluate(() => navigator.clipboard.readText())
    // digit by digit
    expect(text).toContain('"train/loss": 0.50')
    expect(JSON.parse(text)).toEqual([
      {
        ...{ row: 3, step: 20, timestamp: '2026-01-01T00:00:20+00:00' },
        metrics: { 'train/loss': 0.5, note: 'x' },
      },
      {
        ...{ row: 4, step: 20, timestamp: '2026-01-01T00:00:20+00:00' },
        metrics: { 'eval/accuracy': 0.22 },
      },
    ])
    await page.keyboard.press('End')
    await soon(() => selectedSteps(page)).toEqual(['50'])
    expectClean()
    await close()
  })

  test('that is not there is said so, with the way to those that are', async () => {
    const { page, close } = await swept('#/run?run=gone', {}, false)
    await page.getByText('No run of this id').waitFor()
    await page.getByRole('main').getByRole('link', { name: 'All runs' }).last().click()
    await onPage(page, 'runs')
    await close()
  })

  test.each([
    ['on a desk', {}],
    ['on a phone', PHONE],
  ])('has nothing that axe complains of, %s', async (where, options) => {
    const { page, expectClean, close } = await swept('#/run?run=bravo-s2&step=20', options)
    await expectAccessible(page, where)
    expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(
      await page.evaluate(() => innerWidth),
    )
    expectClean()
    await close()
  })

  test('on a phone its parts are a strip that leads to each of them', async () => {
    const { page, close } = await swept('#/run?run=bravo-s2', PHONE)
    const parts = page.getByRole('navigation', { name: 'Parts of this run' })
    await parts.getByRole('button', { name: 'Raw rows' }).tap()
    await soon(() => parts.locator('[aria-current]').innerText()).toBe('Raw rows')
    await soon(() => page.locator('.raw-heads').isVisible()).toBe(true)
    await parts.getByRole('button', { name: 'Metrics' }).tap()
    await soon(() => page.locator('.metric-line[data-metric="eval/accuracy"]').innerText()).toContain(
      'best 0.32000 at 50',
    )
    await close()
  })
})

describe('more rows than an element is high', () => {
  test('are all there: the last one, the middle, and pixel by pixel under the wheel', async () => {
    const { page, expectClean, close } = await open('#/run?run=long', 'long.db', long)
    expect(await page.locator('.raw-grid .long-rows').evaluate((list) => list.clientHeight)).toBe(4_000_000)
    const grid = page.getByRole('grid', { name: 'Raw rows' })
    await grid.focus()
    await page.keyboard.press('End')
    await soon(() => selectedSteps(page)).toEqual([(MANY - 1).toLocaleString('en-US')])
    expect(await cellOf(page, MANY)).toBe(`${MANY - 1}.5`)
    expect(await inSight(page, MANY)).toBe(true)
    // somewhere in the middle
    await page.getByRole('textbox', { name: 'Jump to step' }).fill('123,456')
    await page.getByRole('textbox', { name: 'Jump to step' }).press('Enter')
    await soon(() => selectedSteps(page)).toEqual(['123,456'])
    expect(await cellOf(page, 123_457)).toBe('123456.5')
    const top = await topOf(page, 123_457)
    await page.mouse.move(900, 500)
    await page.mouse.wheel(0, 48)
    await soon(() => topOf(page, 123_457)).toBeCloseTo(top - 48, 0)
    // once the scrolling has ended the bar is put right, and nothing moves
    await soon(() => topOf(page, 123_459)).toBeCloseTo(top, 0)
    await grid.focus()
    await page.keyboard.press('PageDown')
    await page.keyboard.press('Home')
    await soon(() => selectedSteps(page)).toEqual(['0'])
    expect(await cellOf(page, 1)).toBe('0.5')
    // the thumb of the scroll bar: to half of all that is there
    await page.locator('.run-sheet').evaluate((sheet) => {
      sheet.scrollTop = sheet.scrollHeight / 2
    })
    const seen = async (): Promise<number> =>
      Math.min(
        ...(await page
          .locator('.raw-line[data-row]')
          .evaluateAll((all) => all.map((row) => Number(row.getAttribute('data-row'))))),
      )
    await soon(async () => Math.abs((await seen()) / MANY - 0.5)).toBeLessThan(0.001)
    const row = (await seen()) + 20
    await soon(() => cellOf(page, row)).toBe(`${row - 1}.5`)
    expectClean()
    await close()
  })
})

async function open(hash: string, name: string, bytes: Uint8Array, options: object = {}): Promise<Opened> {
  const session = await openPage(browser, site.url + hash, options)
  await dropFiles(session.page, [{ name, bytes }])
  await onPage(session.page, /^#\/(\w+)/.exec(hash)?.[1] ?? '')
  await ready(session.page)
  return session
}

async function swept(hash: string, options: object = {}, listed = true): Promise<Opened> {
  const session = await ofSweep(hash, options)
  if (listed && hash.startsWith('#/run?'))
    await session.page.locator('.metric-line[data-metric]').first().waitFor()
  return session
}

function expectedRun(name: string): ExpectedRun {
  const project = readFixture('v0.43.0').projects.find(({ file }) => file === 'demoprojectv4ö.db')
  const run = project?.runs.find((one) => one.name === name)
  if (!run) throw new Error(`no run ${name}`)
  return run
}

function fact(page: Page, name: string): Promise<string> {
  return page
    .locator('.run-facts > div', { has: page.locator('dt', { hasText: name }) })
    .locator('dd')
    .innerText()
}

/** Steps of the rows that are selected. */
function selectedSteps(page: Page): Promise<string[]> {
  return page
    .locator('.raw-line[aria-selected="true"]')
    .evaluateAll((all) =>
      all
        .sort((a, b) => Number(a.getAttribute('data-row')) - Number(b.getAttribute('data-row')))
        .map((row) => (row.children[1] as HTMLElement).innerText),
    )
}

function rowAt(page: Page, row: number): Locator {
  return page.locator(`.raw-line[data-row="${row}"]`)
}

async function cellOf(page: Page, row: number): Promise<string | null> {
  return rowAt(page, row).locator('[data-value]').first().getAttribute('data-value')
}

async function topOf(page: Page, row: number): Promise<number> {
  return (await rowAt(page, row).boundingBox())?.y ?? Number.NaN
}

async function inSight(page: Page, row: number): Promise<boolean> {
  const [box, sheet] = [await rowAt(page, row).boundingBox(), await page.locator('.run-sheet').boundingBox()]
  return box !== null && sheet !== null && box.y >= sheet.y && box.y + box.height <= sheet.y + sheet.height
}

const TABLES = `
  CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
  CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL);
`

/** Two configurations of three seeds; every run logs a row at 10, and two at 20 to 50. */
async function sweepFile(): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(TABLES)
  for (const [c, name] of ['alpha', 'bravo'].entries())
    for (const seed of [1, 2, 3]) {
      const run = `${name}-s${seed}`
      const at = (second: number): string =>
        `2026-01-01T0${c * 3 + seed - 1}:00:${String(second).padStart(2, '0')}+00:00`
      const config = { seed, opt: { lr: c === 0 ? 1e-4 : 1e-3, name: 'adam' }, dry: false }
      db.exec({
        sql: 'INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)',
        bind: [run, run, JSON.stringify(config), at(0)],
      })
      const log = (step: number, values: string): void =>
        void db.exec({
          sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
          bind: [run, at(step), run, step, values],
        })
      log(0, '{"train/loss": 0.90, "note": "x"}')
      log(10, '{"train/loss": 0.70, "note": "x"}')
      for (let step = 20; step <= 50; step += 10) {
        log(step, '{"train/loss": 0.50, "note": "x"}')
        // best at the end: 0.3 + 0.01 · seed
        log(
          step,
          `{"eval/accuracy": ${(0.01 * seed + (c === 0 ? 0.15 : 0.25) + 0.05 * (step === 50 ? 1 : 0) + (c === 0 && step === 20 ? 0.06 : 0)).toFixed(2)}}`,
        )
      }
    }
  const bytes = file().slice()
  close()
  return bytes
}

async function longFile(): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(TABLES)
  db.exec(`
    WITH RECURSIVE steps(step) AS (SELECT 0 UNION ALL SELECT step + 1 FROM steps WHERE step < ${MANY - 1})
    INSERT INTO metrics (run_id, timestamp, run_name, step, metrics)
    SELECT 'long', '2026-01-01T00:00:00+00:00', 'long', step, '{"value":' || step || '.5}' FROM steps
  `)
  const bytes = file().slice()
  close()
  return bytes
}

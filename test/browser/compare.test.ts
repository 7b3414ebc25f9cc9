import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
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
import { download, onPage, soon } from './steps.ts'

/*
 * Runs side by side, over the sweep that pandas and scipy looked at (test/make/effect-vectors.py): 3 learning
 * rates × 2 betas × 2 losses × 3 seeds, with a hole, two runs that diverged, and two runs of another kind.
 */

interface Vectors {
  configs: Record<string, unknown>[]
  values: (number | null)[]
  effects: {
    key: string
    from: unknown
    to: unknown
    expected: { n: number; mean: number; half?: number } | null
  }[]
}

const VECTORS: Vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'effect-data.json'), 'utf8'),
)
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const PROMPT =
  'You are a helpful assistant. Think first, then answer in at most 200 words and give a number at the end.'
const browser = await useBrowser()
const site = await useServer(builtPage())
const opened = usePage((hash, options?: object) => open(hash, options), compared)
let data: Uint8Array
let wide: Uint8Array

beforeAll(async () => {
  const runs: LoggedRun[] = VECTORS.configs.map((config, i) => ({
    name: `run-${i}`,
    config: { ...config, same: 1 },
    rows: [
      { step: 0, values: { 'eval/acc': 0.1, kl: i } },
      { step: 10, values: { 'eval/acc': VECTORS.values[i] ?? 'NaN', kl: 2 * i } },
    ],
  }))
  runs.push(
    {
      name: 'asks',
      config: { prompt: PROMPT, optimizer: { lr: 5e-6, betas: [0.9, 0.95] } },
      rows: [{ step: 3, values: { 'eval/acc': 0.5, only_here: 1 } }],
    },
    {
      name: 'tells',
      config: { prompt: PROMPT.replace('200', '400'), optimizer: { lr: 1e-5, betas: [0.9, 0.999] } },
      rows: [{ step: 3, values: { 'eval/acc': 0.6 } }],
    },
  )
  data = await database(runs)
  wide = await database(
    Array.from({ length: 200 }, (_, run) => ({
      name: `wide-${run}`,
      config: Object.fromEntries(
        Array.from({ length: 2000 }, (_, key) => [
          `part${key % 40}.key_${key}`,
          key < 1000 ? (run * 7919 + key * 104_729) % 13 : key,
        ]),
      ),
      rows: [{ step: 1, values: { loss: run } }],
    })),
  )
})

describe('runs side by side', () => {
  test('show what differs, and what each key alone does to a metric, as scipy has it', async () => {
    const { page, expectClean, close } = await opened(
      '#/compare?runs=run-0,run-6,run-12,run-30,run-3&on=eval/acc',
    )
    // the columns are those of the link; run-12 and run-30 have the other learning rates, run-3 the other loss
    expect(await heads(page)).toEqual(['run-0', 'run-6', 'run-12', 'run-30', 'run-3'])
    for (const [key, to] of [
      ['optimizer.lr', 1e-5],
      ['optimizer.lr', 5e-5],
      ['loss', 'hinge'],
    ] as const) {
      const { expected } = VECTORS.effects.find((one) => one.key === key && one.to === to) ?? {}
      const text = await effectOf(page, key, `to ${to === 5e-5 ? '5e-5' : to === 1e-5 ? '1e-5' : to}`)
      const [, mean, half, n] = /^(?:≈ )?([+−][\d.]+) ± ([\d.]+), n (\d+)$/.exec(text) ?? []
      expect(Number(mean?.replace('−', '-')), `${key} to ${to}: ${text}`).toBeCloseTo(expected?.mean ?? 0, 4)
      expect(Number(half), `${key} to ${to}: ${text}`).toBeCloseTo(expected?.half ?? 0, 4)
      expect(Number(n)).toBe(expected?.n)
    }
    expect(await middleOf(page, 'beta')).toBe('always changes with schedule[1]')
    expect(await middleOf(page, 'run_name')).toBe('differs in every run')
    // what does most comes first
    expect((await keys(page)).slice(0, 3)).toEqual(['Config that differs5', 'optimizer.lr', 'to 1e-5'])
    expect(await words(page)).toContain('5 runs, 5 of 8 keys differ')
    expect(await words(page)).toContain('run_name aside; 2 diverged left out')
    expectClean()
    await close()
  })

  test('are held against the first: what is within the noise of its seeds is told apart', async () => {
    const { page, close } = await opened('#/compare?runs=run-0,run-1,run-12&on=eval/acc')
    const [a, b, c] = [0, 1, 12].map((run) => VECTORS.values[run] ?? 0) as [number, number, number]
    const seeds = [0, 1, 2].map((run) => VECTORS.values[run] ?? 0)
    const mean = seeds.reduce((sum, value) => sum + value, 0) / 3
    const sd = Math.sqrt(seeds.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2)
    // t(2) · s · √(1/3 + 1)
    const noise = 4.302652729749462 * sd * Math.sqrt(1 / 3 + 1)
    expect(await middleOf(page, 'eval/acc, max')).toBe(`grey within ± ${noise.toFixed(4)}, its seed noise`)
    const said = (value: number): string => {
      const change = value - a
      const text = `${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(4)}`
      return `${value.toFixed(4)} ${Math.abs(change) <= noise ? '≈ ' : ''}${text}`
    }
    expect(await cells(page, 'eval/acc, max')).toEqual([a.toFixed(4), said(b), said(c)])
    expect(Math.abs(b - a)).toBeLessThan(noise)
    expect(Math.abs(c - a)).toBeGreaterThan(noise)
    await page.getByRole('radio', { name: 'Percent' }).click()
    await soon(async () => (await cells(page, 'eval/acc, max'))[2]).toMatch(/^\+\d\.\d\d %$/)
    await page.getByRole('radio', { name: 'Value' }).click()
    await soon(async () => (await cells(page, 'eval/acc, max'))[2]).toBe(c.toFixed(4))
    await page.getByRole('combobox', { name: 'Statistic' }).selectOption('first')
    await soon(() => cells(page, 'eval/acc, first')).toEqual(['0.1000', '0.1000', '0.1000'])
    await close()
  })

  test('are reloaded by their link, and the way back has them as they were', async () => {
    const { page, close } = await opened('#/compare?runs=run-0,run-12&on=eval/acc')
    await page.getByRole('searchbox', { name: 'Search keys and metrics' }).fill('opti lr')
    await soon(() => keys(page)).toEqual(['Config that differs1', 'optimizer.lr', 'to 1e-5'])
    await page.getByRole('button', { name: 'More for run-12' }).click()
    await page.getByRole('menuitem', { name: 'Make it the baseline' }).click()
    await soon(() => heads(page)).toEqual(['run-12', 'run-0'])
    await soon(() => page.url()).toMatch(/base=run:.*q=opti%20lr|q=opti%20lr.*base=run:/)
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await dropFiles(page, [{ name: 'sweep.db', bytes: data }])
    await onPage(page, 'compare')
    await ready(page)
    await soon(() => heads(page)).toEqual(['run-12', 'run-0'])
    await soon(() => keys(page)).toEqual(['Config that differs1', 'optimizer.lr', 'to 5e-6'])
    await page.getByRole('button', { name: 'More for run-0' }).click()
    await page.getByRole('menuitem', { name: 'Make it the baseline' }).click()
    await soon(() => heads(page)).toEqual(['run-0', 'run-12'])
    // the Runs page has the same baseline, and the way back leads here again
    await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
    await onPage(page, 'runs')
    await soon(() => words(page)).toContain('baseline run-0')
    await page.goBack()
    await onPage(page, 'compare')
    await soon(() => heads(page)).toEqual(['run-0', 'run-12'])
    await close()
  })

  test('without a link are the shown ones; one alone is no comparison, and more are added', async () => {
    const { page, close } = await opened('#/compare')
    await soon(async () => (await page.locator('.crumb').innerText()).trim()).toMatch(
      `Compare ${VECTORS.configs.length + 2}`,
    )
    await page.goto(`${site.url}#/compare?runs=nobody,run-3`)
    await page.getByRole('heading', { name: 'Add a run to compare' }).waitFor()
    await page.getByText('Not in this project: nobody').waitFor()
    await page.getByRole('searchbox', { name: 'Search runs' }).fill('run-1')
    // the table takes the place of the list
    await page.getByRole('checkbox', { name: 'run-12', exact: true }).click()
    await soon(() => heads(page)).toEqual(['run-3', 'run-12'])
    await page.getByRole('button', { name: 'Add runs' }).click()
    await page.getByRole('checkbox', { name: 'run-0', exact: true }).check()
    await soon(() => heads(page)).toEqual(['run-3', 'run-12', 'run-0'])
    await close()
  })

  test('have nested keys, items of lists, long texts by word, and what only some logged', async () => {
    const { page, close } = await opened('#/compare?runs=asks,tells&on=eval/acc')
    const listed = await keys(page)
    expect(listed).toContain('optimizer.betas[1]')
    expect(listed).not.toContain('optimizer.betas[0]')
    expect(await cells(page, 'optimizer.betas[1]')).toEqual(['0.95', '0.999'])
    expect(await cells(page, 'only_here, last')).toEqual(['1', 'not logged'])
    // nothing is paired: the status bar says why nothing is grey
    expect(await words(page)).toContain('Nothing grey: one seed')
    const cell = line(page, 'prompt').locator('[role="gridcell"]').last()
    await cell.focus()
    await page.keyboard.press('Enter')
    const whole = page.getByRole('region', { name: 'prompt, tells' })
    expect(await whole.locator('del').allInnerTexts()).toEqual(['200'])
    expect(await whole.locator('ins').allInnerTexts()).toEqual(['400'])
    expect(await whole.locator('p').innerText()).toBe(PROMPT.replace('200', '200400'))
    await page.keyboard.press('Escape')
    await soon(() => whole.count()).toBe(0)
    await page.getByRole('combobox', { name: 'Keys and metrics' }).selectOption('base')
    await soon(() => keys(page)).toEqual(['Logged in some only1', 'only_here, last'])
    await page.getByRole('combobox', { name: 'Keys and metrics' }).selectOption('new')
    await page.getByText('No key or metric matches').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await soon(async () => (await keys(page)).length).toBeGreaterThan(8)
    await close()
  })

  test('fold what is equal, and leave it out where only differences are asked for', async () => {
    const { page, close } = await opened('#/compare?runs=run-0,run-1&on=eval/acc')
    const same = page.getByRole('button', { name: /^Config, same in all/ })
    expect(await same.getAttribute('aria-expanded')).toBe('false')
    await same.click()
    await soon(() => keys(page)).toContain('same')
    await page.getByRole('checkbox', { name: 'Differences only' }).check()
    await soon(() => same.count()).toBe(0)
    await soon(() => page.url()).toContain('differ=on')
    await close()
  })

  test('go out as CSV with every digit', async () => {
    const { page, close } = await opened('#/compare?runs=run-0,run-12&on=eval/acc')
    await page.getByRole('button', { name: 'Export the comparison' }).click()
    const entry = page.getByRole('menuitem', { name: /^Download as CSV/ })
    await soon(() => entry.isEnabled()).toBe(true)
    const file = await download(page, () => entry.click())
    const lines = String(file.bytes).split('\n')
    const [a = 0, b = 0] = [VECTORS.values[0] ?? 0, VECTORS.values[12] ?? 0]
    expect(lines[0]).toBe('section,key,effect,run-0,run-12,Δ run-12')
    expect(lines).toContain(`metrics,"eval/acc, max",,${a},${b},${b - a}`)
    expect(lines).toContain('same,schedule[0],,0,0,')
    expect(lines.find((text) => text.startsWith('config,optimizer.lr'))).toMatch(
      /^config,optimizer\.lr,"to 1e-5: \+0\.\d+ ± [\d.]+, n \d+",0\.000005,0\.00001,$/,
    )
    await close()
  })

  test('go by the keys alone: cells, sections, baseline, leaving out', async () => {
    const { page, close } = await opened('#/compare?runs=run-0,run-1,run-12&on=eval/acc')
    await page.getByRole('searchbox', { name: 'Search keys and metrics' }).focus()
    for (let i = 0; i < 40 && !(await inGrid(page)); i++) await page.keyboard.press('Tab')
    expect(await focused(page)).toMatch(/^Config that differs/)
    await page.keyboard.press('Enter')
    await soon(() => keys(page)).not.toContain('optimizer.lr')
    await page.keyboard.press(' ')
    await soon(() => keys(page)).toContain('optimizer.lr')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    expect(await focused(page)).toBe('1e-5')
    await page.keyboard.press('b')
    await soon(() => heads(page)).toEqual(['run-12', 'run-0', 'run-1'])
    await page.keyboard.press('End')
    await page.keyboard.press('Delete')
    await soon(() => heads(page)).toEqual(['run-12', 'run-0'])
    await close()
  })

  test('200 of 2,000 keys: only what is in sight is in the page, and the last is reached', async () => {
    const { page, expectClean, close } = await open('#/compare?runs=&differ=on', {}, wide)
    await compared(page)
    await page.getByRole('combobox', { name: 'Effect on' }).waitFor()
    await page.getByRole('button', { name: 'Add runs' }).click()
    await page.getByRole('button', { name: 'Add all 200' }).click()
    await page.keyboard.press('Escape')
    await soon(async () => (await page.locator('.crumb').innerText()).trim()).toMatch('Compare 200')
    await ready(page)
    expect(await page.locator('.compare-body .compare-cell').count()).toBeLessThan(700)
    await page.locator('.compare-body [tabindex="0"]').first().focus()
    await page.keyboard.press('Shift+End')
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('data-column'))).not.toBe(
      ' key',
    )
    expect(await page.locator('.compare-body .compare-cell').count()).toBeLessThan(700)
    expectClean()
    await close()
  })

  test.each([
    ['on a desk', {}, ''],
    ['transposed', {}, '&turn=on'],
    ['on a phone', PHONE, ''],
    ['transposed on a phone', PHONE, '&turn=on'],
  ])('have nothing that axe complains of, %s', async (where, options, more) => {
    const hash = `#/compare?runs=run-0,run-12,asks,tells&on=eval/acc${more}`
    const { page, expectClean, close } = await opened(hash, options)
    await expectAccessible(page, where)
    expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(
      await page.evaluate(() => innerWidth),
    )
    expectClean()
    await close()
  })

  test('transposed have runs as rows and keys as columns', async () => {
    const { page, close } = await opened('#/compare?runs=run-0,run-12&on=eval/acc&turn=on')
    await soon(() => heads(page)).toContain('optimizer.lr')
    expect((await keys(page)).slice(1).map((text) => text.replace(/baseline$/, ''))).toEqual([
      'run-0',
      'run-12',
    ])
    const row = page.locator('.compare-body .compare-row').nth(2)
    expect(await row.locator('[role="gridcell"]').first().innerText()).toBe('1e-5')
    await page.getByRole('button', { name: 'Transpose' }).click()
    await soon(() => heads(page)).toEqual(['run-0', 'run-12'])
    await close()
  })
})

async function open(hash: string, options: object = {}, bytes = data): Promise<Opened> {
  const session = await openPage(browser, site.url + hash, options)
  await dropFiles(session.page, [{ name: 'sweep.db', bytes }])
  await onPage(session.page, 'compare')
  await ready(session.page)
  return session
}

async function compared(page: Page): Promise<void> {
  await soon(() => page.locator('.compare-body .compare-row').count()).toBeGreaterThan(1)
  await soon(() => page.locator('.compare-body .cell-waits').count()).toBe(0)
}

/** Names over the columns of runs. */
function heads(page: Page): Promise<string[]> {
  return inOrder(page.locator('.compare-head .run-words b'))
}

/** What stands in the first column. */
function keys(page: Page): Promise<string[]> {
  return page.locator('.compare-body .compare-row').evaluateAll((all) =>
    all
      .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
      .map((row) => {
        const first = row.querySelector<HTMLElement>('[data-column]')
        const note = first?.querySelector<HTMLElement>('.section-name .note')?.textContent ?? ''
        return (first?.textContent ?? '').replace(note, '').trim()
      }),
  )
}

function inOrder(found: Locator): Promise<string[]> {
  return found.evaluateAll((all) =>
    all
      .sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)
      .map((one) => one.textContent ?? ''),
  )
}

/** The line whose first cell says so. */
function line(page: Page, label: string): Locator {
  return page
    .locator('.compare-body .compare-row')
    .filter({ has: page.getByRole('rowheader', { name: label, exact: true }) })
}

/** Texts of a line's runs. */
function cells(page: Page, label: string): Promise<string[]> {
  return line(page, label)
    .locator('[role="gridcell"]')
    .evaluateAll((all) =>
      all
        .sort((a, b) => Number(a.getAttribute('aria-colindex')) - Number(b.getAttribute('aria-colindex')))
        .slice(1)
        .map((cell) => (cell as HTMLElement).innerText.replace(/\s+/g, ' ').trim()),
    )
}

async function middleOf(page: Page, label: string): Promise<string> {
  const cell = line(page, label).locator('[role="gridcell"]').first()
  return (await cell.innerText()).replace(/\s+/g, ' ').trim()
}

/** What is said of a value of a key: the line below the key. */
async function effectOf(page: Page, key: string, label: string): Promise<string> {
  const rows = await page
    .locator('.compare-body .compare-row')
    .evaluateAll((all) =>
      all
        .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
        .map((row) =>
          [...row.querySelectorAll<HTMLElement>('[data-column]')].slice(0, 2).map((cell) => cell.innerText),
        ),
    )
  const from = rows.findIndex(([first]) => first?.trim() === key)
  const found = rows.slice(from + 1).find(([first]) => first?.trim() === label)
  return (found?.[1] ?? '').replace(/\s+/g, ' ').trim()
}

function words(page: Page): Promise<string> {
  return page.locator('footer').innerText()
}

function inGrid(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.closest('.compare-body') !== null)
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => (document.activeElement?.textContent ?? '').trim())
}

interface LoggedRun {
  name: string
  config: object
  rows: { step: number; values: object }[]
}

async function database(runs: readonly LoggedRun[]): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL);
  `)
  runs.forEach(({ name, config, rows }, i) => {
    const at = new Date(1_767_225_600_000 + i * 60_000).toISOString()
    db.exec({
      sql: 'INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)',
      bind: [`id-${name}`, name, JSON.stringify(config), at],
    })
    for (const { step, values } of rows)
      db.exec({
        sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
        bind: [`id-${name}`, at, name, step, JSON.stringify(values)],
      })
  })
  const bytes = file()
  close()
  return bytes
}

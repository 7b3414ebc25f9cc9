import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/model/run.ts'
import type {} from '../../src/state/host/page-api.ts'
import { filesOf } from '../engine/golden-fixtures.ts'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
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
import { servePage } from './page-server.ts'
import { download, onPage, soon } from './steps.ts'
import { column, counts, expectTables, type Logged, line, rowCount, steps } from './tables-page.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())
/** Two runs, the one with three steps, the other with two. */
const made = usePage(open)

/** What Python read of a database's tables. */
function loggedIn(folder: string, file: string): Logged[] {
  const all = JSON.parse(readFileSync(join(FIXTURES, 'values.json'), 'utf8'))
  const values: { run: string; step: number; key: string; kind: string; value: { _value: Json } }[] =
    all[folder][file]
  return values
    .filter(({ kind }) => kind === 'trackio.table')
    .map(({ run, step, key, value }) => ({ key, run, step, rows: value._value }))
}

/** The same of Parquet, by pyarrow: a null stands for each cell that other rows have. */
function expectedIn(folder: string): Logged[] {
  const { runs } = JSON.parse(readFileSync(join(FIXTURES, folder, 'expected.json'), 'utf8'))
  return runs.flatMap(({ name, tables = [] }: { name: string; tables: Omit<Logged, 'run'>[] }) =>
    tables.map((one) => ({ ...one, run: name })),
  )
}

describe('every table is there, cell by cell, as Python read it', () => {
  test.each([
    ['v0.3.2', 'diffusionv1.db', 'rows are lists'],
    ['v0.14.2', 'rl-ppo.db', 'columns are numbers'],
    ['v0.43.0', 'demoprojectv4ö.db', 'rows are objects'],
    [
      'real-trl-sft',
      Object.keys(JSON.parse(readFileSync(join(FIXTURES, 'values.json'), 'utf8'))['real-trl-sft'])[0] ?? '',
      'TRL',
    ],
  ])('%s %s: %s', async (folder, file) => {
    const opened = await openPage(browser, site.url)
    const stored = filesOf(folder).find(({ path }) => path === file)?.file
    await dropFiles(opened.page, [{ name: file, bytes: new Uint8Array((await stored?.arrayBuffer()) ?? []) }])
    await toTables(opened.page)
    await expectTables(opened.page, loggedIn(folder, file))
    await expectRead(opened.page, loggedIn(folder, file))
    opened.expectClean()
    await opened.close()
  })

  test.each(['parquet-0.43.0', 'static-0.43.0', 'static-dataset-0.23.0'])('%s, a folder', async (folder) => {
    const opened = await openPage(browser, site.url)
    await dropAnd(opened.page, [join(FIXTURES, folder, 'data')])
    await expectTables(opened.page, expectedIn(folder))
    await opened.close()
  })

  test('a live server', async () => {
    const file = 'demoprojectv4ö.db'
    const double = await servePage(readFileSync(join(FIXTURES, 'v0.43.0', 'data', file)))
    const opened = await openPage(browser, `${double.url}#/tables`)
    await ready(opened.page)
    await expectTables(opened.page, loggedIn('v0.43.0', file))
    await opened.close()
    await double.stop()
  })
})

describe('a table of many steps', () => {
  test('is one step, or all of them as one long table; the step that is shown is told', async () => {
    const { page, expectClean, close } = await made('#/tables')
    await soon(() => rowCount(page)).toBe(8)
    expect(await page.getByRole('slider', { name: 'Step', exact: true }).getAttribute('aria-valuenow')).toBe(
      '300',
    )
    // the second run has nothing at 300: what is shown of it says so
    expect(await column(page, '@step')).toEqual(['300', '300', '300', '300', '200', '200', '200', '200'])
    expect(await line(page, 5).locator('[data-column="@step"]').getAttribute('title')).toBe('200, asked 300')
    await page.getByRole('button', { name: 'Previous step' }).click()
    await soon(() => column(page, '@step')).toEqual(Array(8).fill('200'))
    await steps(page, 'All')
    await soon(() => rowCount(page)).toBe(20)
    expect(await column(page, '@run')).toEqual([...Array(12).fill('alpha'), ...Array(8).fill('beta')])
    await soon(() => page.url()).toContain('steps=all')
    expectClean()
    await close()
  })

  test('sorts, filters by a cell, by a head and by hand; every filter can be taken away', async () => {
    const { page, expectClean, close } = await made('#/tables?steps=all')
    await soon(() => rowCount(page)).toBe(20)
    await page.getByRole('button', { name: 'tokens' }).click()
    await soon(async () => (await column(page, '.tokens')).slice(0, 3)).toEqual(['323', '322', '321'])
    await page.getByRole('button', { name: 'tokens' }).click()
    await soon(async () => (await column(page, '.tokens')).slice(0, 3)).toEqual(['120', '120', '121'])
    await line(page, 3).locator('[data-column=".right"]').click()
    await page.getByRole('button', { name: '= true' }).click()
    await soon(() => counts(page)).toContain('10 of 20 rows')
    expect(new Set(await column(page, '.right'))).toEqual(new Set(['true']))
    const bars = page.getByRole('slider', { name: 'Filter tokens' })
    await bars.focus()
    await page.keyboard.press('ArrowRight')
    await soon(() => counts(page)).toContain('4 of 20 rows')
    await page.keyboard.press('Delete')
    await soon(() => counts(page)).toContain('10 of 20 rows')
    await page.getByRole('button', { name: 'Remove right = true' }).click()
    await soon(() => rowCount(page)).toBe(20)
    await page.getByRole('button', { name: 'Add a filter' }).click()
    await page.getByRole('combobox', { name: 'Column' }).selectOption({ label: 'answer' })
    await page.getByRole('textbox', { name: 'Value' }).fill('NEEDLE')
    await page.keyboard.press('Enter')
    await soon(() => counts(page)).toContain('1 of 20 rows')
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await soon(() => rowCount(page)).toBe(20)
    expectClean()
    await close()
  })

  test('answers Ctrl F, walks what it finds, and opens a row with its long text', async () => {
    const { page, expectClean, close } = await made('#/tables?steps=all')
    await soon(() => rowCount(page)).toBe(20)
    await page.keyboard.press('Control+f')
    await page.keyboard.type('needle')
    await soon(() => page.locator('.tables-toolbar .found').innerText()).toBe('1 of 1')
    await page.getByRole('grid').focus()
    await page.keyboard.press('n')
    await page.keyboard.press('Enter')
    const opened = page.locator('[data-opened]')
    await opened.waitFor()
    expect(await opened.locator('pre').first().innerText()).toBe(`line one\n${'long '.repeat(30)}needle`)
    expect(await opened.locator('mark').count()).toBe(1)
    await page.keyboard.press('Escape')
    await soon(() => opened.count()).toBe(0)
    expectClean()
    await close()
  })

  test('is saved and copied as it is filtered, and no text of it is a formula', async () => {
    const { page, expectClean, close } = await made('#/tables?steps=all&filters=[[".right","=",true]]')
    await soon(() => rowCount(page)).toBe(10)
    const { name, bytes } = await download(page, async () => {
      await page.getByRole('button', { name: 'Export' }).click()
      await page.getByRole('menuitem', { name: 'Save all rows as CSV' }).click()
    })
    expect(name).toMatch(/tables.*samples.*\.csv$/)
    const lines = bytes.toString().trimEnd().split('\n')
    expect(lines[0]).toBe('step,run,prompt,answer,tokens,right')
    // a text has a line break
    expect(lines.length).toBe(12)
    expect(lines.find((one) => one.includes('SUM'))).toContain("'=SUM(A1)")
    expectClean()
    await close()
  })

  test('is compared with another step by a key, word by word', async () => {
    const { page, expectClean, close } = await made('#/tables?diff=on')
    await soon(() => rowCount(page)).toBe(4)
    expect(await page.getByRole('combobox', { name: 'Key' }).inputValue()).toBe('.prompt')
    expect(await page.getByRole('radiogroup', { name: 'Rows' }).innerText()).toMatch(
      /All 4\s*Changed 4\s*Same 0/,
    )
    const answer = line(page, 1).locator('[data-column=".answer"]')
    expect(await answer.locator('del').allInnerTexts()).toEqual(['100'])
    expect(await answer.locator('ins').allInnerTexts()).toEqual(['300'])
    await page.getByRole('combobox', { name: 'Step of B' }).selectOption('100')
    await page.getByRole('radio', { name: /Same/ }).click()
    await soon(() => rowCount(page)).toBe(4)
    await page.getByRole('button', { name: 'Back to the table' }).click()
    await page.getByRole('group', { name: 'Step' }).waitFor()
    expectClean()
    await close()
  })

  test('has nothing that axe complains about, on a phone too, and no markup of data in it', async () => {
    for (const options of [{}, PHONE]) {
      const { page, expectClean, close } = await made('#/tables?steps=all', options)
      await soon(() => rowCount(page)).toBe(20)
      await line(page, 3).locator('.data-number').click()
      await page.locator('[data-opened] dl').waitFor()
      expect(await page.locator('[data-opened] img, .data-grid script').count()).toBe(0)
      await expectAccessible(page, 'a table')
      await page.evaluate(() => {
        location.hash = '#/tables?diff=on'
      })
      await page.locator('.diff-means').waitFor()
      await expectAccessible(page, 'a comparison')
      expectClean()
      await close()
    }
  })
})

test('a project without tables says what would fill the page, hidden runs that have some are offered', async () => {
  const { page, close } = await openPage(browser, `${site.url}#/tables`)
  await dropFiles(page, [{ name: 'none.db', bytes: await database([['alone', 1, { loss: 1 }]]) }])
  await page.getByRole('heading', { name: 'No tables logged' }).waitFor()
  expect(await page.getByRole('navigation').getByRole('link', { name: 'Tables' }).getAttribute('class')).toBe(
    'hush',
  )
  await close()
  const other = await made('#/tables')
  await soon(() => rowCount(other.page)).toBe(8)
  for (const name of ['alpha', 'beta'])
    await other.page.getByRole('checkbox', { name, exact: true }).first().click()
  await other.page.getByText('2 hidden runs have one.').waitFor()
  await other.page.getByRole('button', { name: 'Show them' }).click()
  await soon(() => rowCount(other.page)).toBe(8)
  await other.close()
})

test('a comparison with a table without rows ends, and says what it lacks', async () => {
  const { page, close } = await openPage(browser, `${site.url}#/tables?diff=on`)
  const none = { samples: { _type: 'trackio.table', _value: [] } }
  const bytes = await database([
    ['alone', 1, none],
    ['alone', 2, { samples: samples(2) }],
  ])
  await dropFiles(page, [{ name: 'none.db', bytes }])
  await onPage(page, 'tables')
  await page.getByRole('heading', { name: 'Nothing to compare by' }).waitFor()
  await ready(page)
  await page.getByRole('button', { name: 'Swap A and B' }).click()
  await soon(() => rowCount(page)).toBe(4)
  await close()
})

test('a million rows scroll to their end, and sort', { timeout: 90_000 }, async () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => ({ i, text: `row ${i % 100}` }))
  const values = Array.from({ length: 100 }, (_, step): [string, number, object] => [
    'run',
    step,
    { big: { _type: 'trackio.table', _value: rows } },
  ])
  const { page, close } = await openPage(browser, `${site.url}#/tables?steps=all`)
  await dropFiles(page, [{ name: 'big.db', bytes: await database(values) }])
  await expect.poll(() => counts(page), { timeout: 60_000 }).toContain('1,000,000 rows')
  await page.getByRole('grid').focus()
  await page.keyboard.press('End')
  await soon(() => line(page, 1_000_000).locator('[data-column=".i"]').getAttribute('data-value')).toBe(
    '9999',
  )
  await page.getByRole('button', { name: 'i', exact: true }).click()
  await expect
    .poll(async () => (await column(page, '.i')).slice(0, 2), { timeout: 20_000 })
    .toEqual(['9999', '9999'])
  await close()
})

async function dropAnd(page: Page, paths: string[]): Promise<void> {
  await dropPaths(page, paths)
  await toTables(page)
}

async function toTables(page: Page): Promise<void> {
  await onPage(page, 'metrics')
  await ready(page)
  await page.evaluate(() => {
    location.hash = '#/tables'
  })
  await onPage(page, 'tables')
  await ready(page)
}

/** What `window.trackio` reads is the same. */
async function expectRead(page: Page, wanted: Logged[]): Promise<void> {
  const [project] = (await page.evaluate(() => window.trackio?.projects())) ?? []
  for (const key of new Set(wanted.map((one) => one.key))) {
    const found = await page.evaluate(
      async ([id, of]) =>
        (await window.trackio?.tables(id ?? '', { key: of }))?.map(({ step, rows }) => ({ step, rows })),
      [project?.id, key],
    )
    const all = wanted.filter((one) => one.key === key)
    expect(found).toEqual(all.map(({ step, rows }) => ({ step, rows: rows ?? [] })))
  }
}

async function open(hash: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const values = ['alpha', 'beta'].flatMap((run, r) =>
    [100, 200, 300]
      .slice(0, 3 - r)
      .map((step): [string, number, object] => [run, step, { samples: samples(step) }]),
  )
  const opened = await openPage(browser, `${site.url}${hash}`, options)
  await dropFiles(opened.page, [{ name: 'tables.db', bytes: await database(values) }])
  await onPage(opened.page, 'tables')
  await ready(opened.page)
  return opened
}

function samples(step: number): object {
  const prompts = ['what?', '=SUM(A1)', '<img src=x onerror=alert(1)><script>1</script>', 'why?']
  return {
    _type: 'trackio.table',
    _value: prompts.map((prompt, i) => ({
      prompt,
      answer:
        step === 300 && i === 3 ? `line one\n${'long '.repeat(30)}needle` : `the answer ${step} is ${i}`,
      tokens: step + 20 + i,
      right: i % 2 === 1,
    })),
  }
}

async function database(rows: [run: string, step: number, metrics: object][]): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(
    `CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
      run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT)`,
  )
  rows.forEach(([run, step, metrics], i) => {
    const at = new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString()
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
      bind: [`${run}-id`, at, run, step, JSON.stringify(metrics)],
    })
  })
  const bytes = file()
  close()
  return bytes
}

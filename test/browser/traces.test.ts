import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropFiles,
  dropPaths,
  openPage,
  ready,
  useBrowser,
  usePage,
  useServer,
} from './harness.ts'
import { onPage, soon } from './steps.ts'

const DATA = (fixture: string): string => join(import.meta.dirname, '..', 'fixtures', fixture, 'data')
const FOUR = join(DATA('v0.43.0'), 'demoprojectv4ö.db')
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
/** 2 × 2 pixels, red. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg=='
const SPANS = 20_000
const DEPTH = 3000
const browser = await useBrowser()
const site = await useServer(builtPage())
const ofRollouts = usePage((hash, options?: BrowserContextOptions) => open(made, hash, options))
let made: Uint8Array

beforeAll(async () => {
  made = await rollouts()
})

describe('the traces of a project', () => {
  test('of a database of 0.43 stand in the list with their run, step and what was asked', async () => {
    const { page, expectClean, close } = await opened(FOUR)
    expect(await lines(page).count()).toBe(5)
    const first = lines(page).filter({ hasText: 'What is 2+2? é' })
    expect(await first.innerText()).toMatch(/media & traces\n56, .*\n.*tool error/s)
    await page.getByRole('link', { name: 'Traces 5' }).waitFor()
    await first.click()
    const detail = page.getByRole('region', { name: 'Trace', exact: true })
    await detail.getByText('You are terse.').waitFor()
    expect(await roles(page)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant'])
    expect(await detail.locator('.piece.call .words').innerText()).toBe('{"a":2,"b":2}')
    // its file was not dropped with the database
    await detail.getByText('missing file').waitFor()
    // spans say of one tool that it failed, and what the generation took
    expect(await detail.locator('.trace-totals').innerText()).toMatch(/1 tool call, 1 failed/)
    expect(await detail.locator('.trace-totals').innerText()).toMatch(/15 tokens, 12 in, 3 out/)
    expect(await detail.locator('.trace-totals').innerText()).toMatch(/2 s\s+\$0\.0001/)
    expectClean()
    await close()
  })

  test.each([
    ['Parquet', 'parquet-0.43.0', 5],
    ['a static export', 'static-0.43.0', 5],
  ])('of %s are there', async (_, fixture, count) => {
    const { page, expectClean, close } = await opened(DATA(fixture))
    await soon(() => lines(page).count()).toBe(count)
    await lines(page).filter({ hasText: 'What is 2+2? é' }).click()
    await page.getByText('You are terse.').waitFor()
    expectClean()
    await close()
  })

  test('of 0.25, which stand in rows of metrics, are there', async () => {
    const bytes = gunzipSync(readFileSync(join(DATA('v0.25.1'), 'agenttraces.db.gz')))
    const { page, expectClean, close } = await opened(bytes)
    await soon(() => lines(page).count()).toBe(2)
    await page.getByRole('link', { name: 'Traces 2' }).waitFor()
    await lines(page).filter({ hasText: 'What is 2+2? é' }).click()
    await page.getByText('You are terse.').waitFor()
    expectClean()
    await close()
  })

  test('a source without any says so, and what would make some', async () => {
    const { page, close } = await opened(join(DATA('v0.43.0'), 'demoprojectv4öcsv.db'))
    await page.getByText('This source holds no traces').waitFor()
    expect(await page.locator('main pre').innerText()).toContain('trackio.Trace(messages=[')
    await close()
  })

  test('a link opens the very trace, on its tab', async () => {
    const { page, close } = await opened(made)
    await lines(page).nth(3).click()
    await page.getByRole('radio', { name: 'JSON' }).click()
    await page.getByRole('region', { name: 'As it is stored' }).waitFor()
    const title = await page.locator('.detail-head h2').getAttribute('title')
    await soon(() => page.evaluate(() => window.location.hash)).toMatch(/tab=json/)
    expect(await page.evaluate(() => window.location.hash)).toContain(`trace=${title}`)
    const hash = await page.evaluate(() => window.location.hash)
    await lines(page).nth(5).click()
    await soon(() => page.locator('.detail-head h2').getAttribute('title')).not.toBe(title)
    const again = await opened(made, hash)
    await again.page.getByRole('region', { name: 'As it is stored' }).waitFor()
    expect(await again.page.locator('.detail-head h2').getAttribute('title')).toBe(title)
    await again.close()
    await close()
  })
})

describe('a search', () => {
  test('counts by step, run and role, each of them a filter; n and p go over the hits of all traces', async () => {
    const { page, expectClean, close } = await opened(made)
    await page.getByRole('searchbox', { name: 'Search traces' }).fill('REMAINDER')
    // each of 12 traces: once in the reasoning, once in what a tool says of every second one
    await soon(() => page.locator('.trace-search .found').innerText()).toBe('18 in 12 of 14')
    expect(await counts(page, '.by-run')).toEqual({ a: '9', b: '9' })
    expect(await counts(page, '.by-role')).toMatchObject({ assistant: '12', tool: '6', system: '0' })
    await page.locator('.by-role').getByRole('button', { name: 'tool' }).click()
    await soon(() => page.locator('.trace-search .found').innerText()).toBe('6 in 6 of 14')
    await page.locator('.by-role').getByRole('button', { name: 'tool' }).click()
    await page.locator('.by-run').getByRole('button', { name: 'a' }).click()
    await soon(() => page.locator('.trace-search .found').innerText()).toBe('9 in 6 of 14')
    await page.getByRole('combobox', { name: 'Step' }).selectOption('20')
    await soon(() => page.locator('.trace-search .found').innerText()).toBe('3 in 2 of 14')

    await page.getByRole('listbox', { name: 'Traces' }).focus()
    const at = () =>
      page.evaluate(() =>
        ['.detail-head h2', '.hit-number']
          .map((part) => document.querySelector(part)?.textContent)
          .join(', '),
      )
    // the first one stands there already
    await soon(at).toBe('rollout/1, Hit 1 of 2')
    for (const place of ['rollout/1, Hit 2 of 2', 'rollout/0, Hit 1 of 1']) {
      await page.keyboard.press('n')
      await soon(at).toBe(place)
    }
    await page.keyboard.press('p')
    await soon(() => page.locator('.hit-number').innerText()).toBe('Hit 2 of 2')
    // reasoning is folded, unless a hit is in it
    expect(await page.locator('mark.now').innerText()).toBe('remainder')
    await page.keyboard.press('Control+f')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Search traces',
    )
    expectClean()
    await close()
  })

  test('keeps the focus on the count that was pressed, though all of them change', async () => {
    const { page, close } = await opened(made, '#/traces?q=remainder')
    await soon(() => page.locator('.trace-search .found').innerText()).toBe('18 in 12 of 14')
    const focused = () => page.evaluate(() => document.activeElement?.querySelector('.name')?.textContent)
    await page.locator('.by-run').getByRole('button', { name: 'b' }).focus()
    await page.keyboard.press('Enter')
    await soon(() => page.locator('.trace-search .found').innerText()).toBe('9 in 6 of 14')
    expect(await focused()).toBe('b')
    await page.locator('.by-role').getByRole('button', { name: 'tool' }).focus()
    await page.keyboard.press('Enter')
    await soon(() => page.locator('.trace-search .found').innerText()).toBe('3 in 3 of 14')
    expect(await focused()).toBe('tool')
    await close()
  })

  test('that finds nothing says so, and is cleared', async () => {
    const { page, close } = await opened(made)
    await page.getByRole('searchbox', { name: 'Search traces' }).fill('nowhere to be found')
    await page.getByText('No trace matches').waitFor()
    await page.getByRole('button', { name: 'Clear search and filters' }).click()
    await soon(() => lines(page).count()).toBe(14)
    await close()
  })

  test('finds what a span says, and shows that span', async () => {
    const { page, close } = await opened(made)
    await page.getByRole('searchbox', { name: 'Search traces' }).fill('needle in a span')
    await soon(() => page.locator('.trace-search .found').innerText()).toBe('1 in 1 of 14')
    await page.getByRole('listbox', { name: 'Traces' }).focus()
    await page.keyboard.press('n')
    await page.getByRole('tree', { name: 'Spans' }).waitFor()
    await soon(() => page.getByRole('treeitem', { selected: true }).innerText()).toContain('deep')
    await page.getByRole('region', { name: 'The chosen span' }).locator('mark').first().waitFor()
    await close()
  })
})

describe('a trace', () => {
  const title = (page: Page) => page.locator('.detail-head h2').getAttribute('title')
  const hash = (page: Page) => page.evaluate(() => window.location.hash)

  test('is shown beside the list before any is chosen, and the link does not say so', async () => {
    const { page, expectClean, close } = await opened(made)
    await soon(() => title(page)).toBe('b:30:rollout:1')
    expect(await lines(page).first().getAttribute('aria-selected')).toBe('true')
    expect(await hash(page)).not.toContain('trace=')
    await page.getByRole('combobox', { name: 'Order' }).selectOption('step')
    await soon(() => title(page)).toBe('hostile')
    // a view of it is one of that very trace
    await page.getByRole('radio', { name: 'JSON' }).click()
    await soon(() => hash(page)).toMatch(/trace=hostile.*tab=json/)
    const again = await opened(made, await hash(page))
    await again.page.getByRole('region', { name: 'As it is stored' }).waitFor()
    expect(await title(again.page)).toBe('hostile')
    await again.close()
    expectClean()
    await close()
  })

  test('that is opened from the list is a step that Back undoes; the keys walk on in one', async () => {
    const { page, expectClean, close } = await opened(made)
    await soon(() => title(page)).toBe('b:30:rollout:1')
    await lines(page).nth(2).click()
    await soon(() => title(page)).toBe('a:30:rollout:1')
    await lines(page).nth(4).click()
    await soon(() => title(page)).toBe('b:20:rollout:1')
    for (const id of ['b:20:rollout:0', 'a:20:rollout:1']) {
      await page.keyboard.press('ArrowDown')
      await soon(() => title(page)).toBe(id)
    }
    await soon(() => hash(page)).toContain('trace=a:20:rollout:1')
    await page.goBack()
    await soon(() => title(page)).toBe('a:30:rollout:1')
    await page.goBack()
    await soon(() => title(page)).toBe('b:30:rollout:1')
    expect(await hash(page)).toMatch(/^#\/traces(?!.*trace=)/)
    await page.goForward()
    await soon(() => title(page)).toBe('a:30:rollout:1')
    expectClean()
    await close()
  })
})

describe('the list', () => {
  test('has a column for the numbers that some trace has, and all of the time', async () => {
    const { page, close } = await opened(made)
    expect(await page.locator('.list-head .number').allInnerTexts()).toEqual(['duration'])
    const bare = await opened(await completions())
    expect(await bare.page.locator('.list-head .number').allInnerTexts()).toEqual(['correctness_reward'])
    const line = lines(bare.page).first()
    expect(await line.locator('.number').innerText()).toBe('0.5')
    for (const part of ['.when', '.number'])
      expect(await line.locator(part).evaluate((all) => all.scrollWidth <= all.clientWidth)).toBe(true)
    await expectAccessible(bare.page, 'completions')
    await bare.close()
    await close()
  })
})

test('a run says how many traces it has, and leads to them', async () => {
  const { page, expectClean, close } = await opened(made)
  await page.locator('.detail-head').getByRole('link', { name: 'b' }).click()
  await page.getByRole('button', { name: '6 traces' }).click()
  await soon(() => lines(page).count()).toBe(6)
  expectClean()
  await close()
})

test('numbers of the traces stand below the metrics; a point opens its traces, and Back returns', async () => {
  const { page, expectClean, close } = await opened(made, '#/metrics', {}, 'metrics')
  const section = page.getByRole('region', { name: 'Traces', exact: true })
  const chart = section.locator('figure[data-metric="traces/tool_error_share"]')
  await chart.scrollIntoViewIfNeeded()
  await soon(() => chart.getAttribute('data-state')).toBe('ready')
  expect(await section.getByRole('button', { name: /^Traces/ }).innerText()).toMatch(/^Traces\s+8/)
  await expectAccessible(page, 'Metrics with traces')
  const box = await chart.locator('canvas').first().boundingBox()
  if (!box) throw new Error('the chart has no place')
  await page.mouse.click(box.x + box.width / 2, box.y + 12)
  await onPage(page, 'traces')
  await soon(() => page.evaluate(() => window.location.hash)).toMatch(/step=20/)
  await soon(() => lines(page).count()).toBe(4)
  await page.goBack()
  await onPage(page, 'metrics')
  await soon(() => chart.count()).toBe(1)
  // folded, it stays so
  await section.getByRole('button', { name: /^Traces/ }).click()
  await soon(() => chart.count()).toBe(0)
  await page.getByRole('searchbox', { name: 'Search metrics' }).fill('tool')
  await section.getByRole('button', { name: /^Traces/ }).click()
  await soon(() => section.locator('figure[data-metric]').count()).toBe(1)
  expectClean()
  await close()
})

test('a project without traces has no such section, and nothing of it is fetched', async () => {
  const { page, requests, close } = await opened(
    join(DATA('v0.43.0'), 'demoprojectv4öcsv.db'),
    '#/metrics',
    {},
    'metrics',
  )
  await page.locator('.closing').waitFor()
  expect(await page.locator('.sheet-traces').count()).toBe(0)
  expect(requests.filter((url) => /sheet-section/.test(url))).toEqual([])
  await close()
})

describe('spans', () => {
  test(`${SPANS} of them, ${DEPTH} levels deep, stand as a tree that folds, with only what is in sight in the page`, async () => {
    const { page, expectClean, close } = await opened(made, '#/traces?trace=big&tab=spans')
    const tree = page.getByRole('tree', { name: 'Spans' })
    await tree.waitFor()
    expect(await page.locator('.span-sums').innerText()).toContain(`20,000 spans, depth 3,000`)
    expect(await page.getByRole('treeitem').count()).toBeLessThan(80)
    await tree.focus()
    await page.keyboard.press('ArrowLeft')
    await soon(() => page.getByRole('treeitem').count()).toBe(1)
    expect(await page.getByRole('treeitem').first().getAttribute('aria-expanded')).toBe('false')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('End')
    await soon(() => page.getByRole('treeitem', { selected: true }).count()).toBe(1)
    await page.getByRole('button', { name: 'Errors 1' }).click()
    await soon(() => page.getByRole('treeitem', { selected: true }).innerText()).toContain('deep')
    expectClean()
    await close()
  })
})

test('two traces of one prompt stand side by side, with the words that differ marked', async () => {
  const { page, expectClean, close } = await opened(made, '#/traces?trace=a:30:rollout:0&tab=compare')
  const compared = page.getByRole('region', { name: 'Comparison of two traces' })
  await compared.locator('del').first().waitFor()
  expect(await compared.locator('.side-head b').allInnerTexts()).toEqual(['Step 10', 'Step 30'])
  expect(await compared.locator('del').first().innerText()).toBe('10')
  expect(await compared.locator('ins').first().innerText()).toBe('30')
  await compared.getByText('2 pieces, the same words').first().waitFor()
  await compared.getByRole('radio', { name: 'Runs' }).click()
  await soon(() => compared.locator('.side-head b').allInnerTexts()).toEqual(['Step 30', 'Step 30'])
  expectClean()
  await close()
})

test('numbers of the traces are charts; the step that is pinned lists its traces', async () => {
  const { page, expectClean, close } = await opened(made)
  await page.getByRole('button', { name: 'Charts' }).click()
  const chart = page.locator('figure[data-metric="traces/tool_error_share"]')
  await soon(() => chart.getAttribute('data-state')).toBe('ready')
  expect(await chart.getAttribute('data-series')).toBe('2')
  await chart.getByRole('button', { name: 'Show as table' }).click()
  const cells = chart.getByRole('row').nth(1).getByRole('cell')
  // of 2 calls one failed
  await soon(() => cells.first().getAttribute('data-value')).toBe('0.5')
  await chart.getByRole('button', { name: 'Show as chart' }).click()
  await soon(() => chart.getAttribute('data-state')).toBe('ready')
  const box = await chart.locator('canvas').first().boundingBox()
  if (!box) throw new Error('the chart has no place')
  await page.mouse.click(box.x + box.width / 2, box.y + 12)
  await soon(() => page.evaluate(() => window.location.hash)).toMatch(/step=20/)
  await soon(() => lines(page).count()).toBe(4)
  expectClean()
  await close()
})

test('nothing of a trace runs or is fetched: scripts, Markdown, HTML, addresses of other places', async () => {
  const { page, requests, expectClean, close } = await open(made, '#/traces?trace=hostile&as=markdown')
  await page.locator('.markdown strong').first().waitFor()
  const text = await page.getByRole('region', { name: 'Conversation' }).innerText()
  expect(text).toContain('<script>window.ran = 1</script>')
  expect(text).toContain('[picture not fetched: spy, https://spy.example/a.png]')
  expect(text).toContain('https://spy.example/b.png')
  expect(
    await page.locator('.markdown a').evaluateAll((all) => all.map((a) => a.getAttribute('href'))),
  ).toEqual(['https://spy.example/a.png', 'https://ok.example/'])
  for (const link of await page.locator('.markdown a').all())
    expect(await link.getAttribute('rel')).toContain('noopener')
  expect(await page.locator('main script, main iframe, main object').count()).toBe(0)
  await page.getByRole('button', { name: /^Metadata/ }).click()
  expect(await page.evaluate(() => Reflect.get(window, 'ran'))).toBeUndefined()
  expect(requests.filter((url) => !url.startsWith(site.url) && !/^(blob|data):/.test(url))).toEqual([])
  // the picture that lies in the text is one, and its base64 is nowhere to be read
  const picture = page.locator('.picture img')
  await soon(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(2)
  expect(text).not.toContain(PNG.slice(0, 30))
  expectClean()
  await close()
})

test('code on the page gets traces as they were logged, of all runs or of one', async () => {
  const { page, close } = await opened(made)
  const got = await page.evaluate(async () => {
    const all = (await window.trackio?.traces('rollouts')) ?? []
    const own = (await window.trackio?.traces('rollouts', { run: 'b' })) ?? []
    return { all: all.length, own: own.map(({ id }) => id), first: own[0] }
  })
  expect(got.all).toBe(14)
  expect(got.own).toEqual([10, 20, 30].flatMap((step) => [0, 1].map((i) => `b:${step}:rollout:${i}`)))
  expect(got.first).toMatchObject({ key: 'rollout', index: 0, run: 'b', runName: 'b', step: 10 })
  expect(got.first?.metadata).toEqual({ reward: 10 / 30, duration_ms: 1010 })
  await close()
})

test('the phone has the list, and a trace as a page of its own', async () => {
  const { page, expectClean, close } = await opened(made, '#/traces', PHONE)
  expect(await page.getByRole('region', { name: 'Trace', exact: true }).count()).toBe(0)
  const before = await page.evaluate(() => history.length)
  for (const back of [
    () => page.getByRole('button', { name: 'Back to the list' }).tap(),
    () => page.goBack(),
  ]) {
    await lines(page).first().tap()
    await page.getByRole('region', { name: 'Conversation' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    expect(await page.evaluate(() => history.length)).toBe(before + 1)
    await back()
    await soon(() => lines(page).count()).toBeGreaterThan(5)
  }
  expectClean()
  await close()
})

const VIEWS = {
  'a search': '?q=remainder&trace=a:20:rollout:1',
  spans: '?trace=a:20:rollout:1&tab=spans',
  'a comparison': '?trace=a:20:rollout:1&tab=compare',
  JSON: '?trace=a:20:rollout:1&tab=json',
  charts: '?tab=charts',
}

test('axe finds nothing in any view', async () => {
  for (const [view, hash] of Object.entries(VIEWS)) {
    const { page, close } = await opened(made, `#/traces${hash}`)
    await expectAccessible(page, view)
    await close()
  }
})

function lines(page: Page): Locator {
  return page.getByRole('listbox', { name: 'Traces' }).getByRole('option')
}

function roles(page: Page): Promise<string[]> {
  return page.locator('.message .who b').allInnerTexts()
}

async function counts(page: Page, part: string): Promise<Record<string, string>> {
  const all = await page
    .locator(`${part} .count-line`)
    .evaluateAll((found) =>
      found.map((line) => [
        line.querySelector('.name')?.textContent ?? '',
        line.querySelector('b')?.textContent ?? '',
      ]),
    )
  return Object.fromEntries(all)
}

/** The rollouts in the page of these tests, all else in one of its own. */
function opened(
  what: string | Uint8Array,
  hash = '#/traces',
  options: BrowserContextOptions = {},
  on = 'traces',
) {
  return what === made && on === 'traces' ? ofRollouts(hash, options) : open(what, hash, options, on)
}

async function open(
  what: string | Uint8Array,
  hash = '#/traces',
  options: BrowserContextOptions = {},
  on = 'traces',
) {
  const all = await openPage(browser, site.url + hash, options)
  if (typeof what === 'string') await dropPaths(all.page, [what])
  else await dropFiles(all.page, [{ name: 'rollouts.db', bytes: what }])
  await onPage(all.page, on)
  await ready(all.page)
  return all
}

/** As a trainer logs completions: neither tokens nor durations, names of runs as long as they are there. */
async function completions(): Promise<Uint8Array> {
  const { put, log, bytes } = await tracesDatabase()
  for (const rate of ['1e-6', '5e-6'])
    for (const step of [0, 25]) {
      const run = `Qwen2.5-1.5B-Instruct-GRPO-gsm8k-lr${rate}-seed42`
      const at = `2026-01-01T00:00:${step + 10}+00:00`
      log(run, at, step)
      for (const index of [0, 1])
        put({
          ...{ id: `${run}:${step}:completions:${index}`, run, at, step, index },
          messages: [
            { role: 'user', content: 'Weng earns $12 an hour for babysitting. How much did she earn?' },
            { role: 'assistant', content: '<answer>\n10\n</answer>' },
          ],
          metadata: { correctness_reward: 0.5, advantage: -0.25 },
        })
    }
  return bytes()
}

async function tracesDatabase() {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE traces (id TEXT PRIMARY KEY, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, key TEXT NOT NULL, trace_index INTEGER, messages TEXT NOT NULL, metadata TEXT NOT NULL, search_text TEXT NOT NULL, log_id TEXT, space_id TEXT, spans TEXT NOT NULL DEFAULT '[]');
  `)
  const put = (row: Record<string, unknown>): void => {
    const { id, run, at, step, index = null, messages, metadata = {}, spans = [] } = row
    db.exec({
      sql: 'INSERT INTO traces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      bind: [
        ...[id, run, at, run, step, 'rollout', index],
        ...[JSON.stringify(messages), JSON.stringify(metadata), '', null, null, JSON.stringify(spans)],
      ] as string[],
    })
  }
  const log = (run: string, at: string, step: number): void => {
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
      bind: [run, at, run, step, '{"loss": 1}'],
    })
  }
  const bytes = (): Uint8Array => {
    const all = file()
    close()
    return all
  }
  return { put, log, bytes }
}

/** Two runs of three steps with two traces each, one with many spans, and one that means harm. */
async function rollouts(): Promise<Uint8Array> {
  const { put, log, bytes } = await tracesDatabase()
  for (const run of ['a', 'b'])
    for (const step of [10, 20, 30]) {
      const at = `2026-01-01T00:00:${step}+00:00`
      log(run, at, step)
      for (const index of [0, 1]) {
        const call = { id: 'c', type: 'function', function: { name: 'python', arguments: 'divmod(85, 7)' } }
        put({
          ...{ id: `${run}:${step}:rollout:${index}`, run, at, step, index },
          messages: [
            { role: 'system', content: 'Think first.' },
            { role: 'user', content: `Question ${index}: how many loaves?` },
            {
              ...{ role: 'assistant', content: null, tool_calls: [call] },
              reasoning_content: `At step ${step} of ${run} the remainder matters.`,
            },
            index === 0
              ? { role: 'tool', tool_call_id: 'c', content: 'NameError: crates', is_error: true }
              : { role: 'tool', tool_call_id: 'c', content: '{"remainder": 1}' },
            { role: 'assistant', content: `**${step}** loaves` },
          ],
          metadata: { reward: step / 30, duration_ms: 1000 + step },
          spans: [
            {
              id: 's',
              name: 'rollout',
              start_time: '2026-01-01T00:00:00Z',
              end_time: '2026-01-01T00:00:04Z',
            },
            {
              id: 'g',
              parent_id: 's',
              name: 'generate',
              kind: 'generation',
              start_time: '2026-01-01T00:00:00Z',
              end_time: '2026-01-01T00:00:03Z',
            },
          ],
        })
      }
    }
  const chain = Array.from({ length: SPANS }, (_, i) => ({
    ...{ id: `s${i}`, name: i === DEPTH - 1 ? 'deep' : `span ${i}`, duration_ms: 1 },
    ...(i > 0 && { parent_id: i < DEPTH ? `s${i - 1}` : 's0' }),
    ...(i === DEPTH - 1 && { status: 'error', error: 'a needle in a span' }),
  }))
  const at = '2026-01-01T00:00:05+00:00'
  put({ id: 'big', run: 'a', at, step: 5, messages: [{ role: 'user', content: 'deep' }], spans: chain })
  put({
    ...{ id: 'hostile', run: 'a', at, step: 5 },
    messages: [
      {
        role: 'user',
        content: [
          {
            type: 'text',
            text: '**bold** <script>window.ran = 1</script> <img src=x onerror="window.ran = 2"> ![spy](https://spy.example/a.png) [x](javascript:window.ran=3) [in](#/settings) [ok](https://ok.example/)',
          },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
          { type: 'image_url', image_url: { url: 'https://spy.example/b.png' } },
        ],
      },
      { role: '<img src=x onerror=window.ran=4>', content: '<svg onload="window.ran = 5">' },
    ],
    metadata: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`<b>${i}`, '=1+1'])),
  })
  return bytes()
}

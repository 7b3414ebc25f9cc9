import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
import { builtPage, dropPaths, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { onPage, soon, unpackFixture, useDropped } from './steps.ts'

/*
 * Lineage: a graph that is folded, walked and searched, and the same as a list; across projects of a folder; of
 * Parquet exports; of names that mean harm.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())
const root = useFolder()
/** A team's: a model that is trained in one project, and used in another. */
const folder = join(root, 'trackio')
const cross = join(root, 'cross')

beforeAll(() => {
  unpackFixture('registry-0.43.0', ['grpo', 'evals', 'registry-acme'], folder)
  unpackFixture('cross-0.43.0', ['consumer', 'producer'], cross)
})

const project = useDropped(browser, site.url, [folder], 'lineage')

describe('a graph', () => {
  test('is around the newest version, with like siblings folded, across the projects of the folder', async () => {
    const { page, expectClean, close } = await project('#/lineage?project=grpo')
    await soon(() => chosen(page)).toMatch(/^qwen3-grpo:v5, model, best, latest, made from 1, 1 made of it/)
    expect(await foot(page)).toContain('23 nodes, 9 drawn, 17 folded into 3')
    const side = page.getByRole('complementary', { name: 'Chosen node' })
    expect(await lines(page, 'Made from, 5')).toEqual([
      'dr-grpo-s0-resumed step 1,200',
      'base-sft:v0 3 bytes',
      'gsm8k-prompts:v0 9 bytes',
      'sft-s0 step 1,200',
      'prepare step 1,200',
    ])
    expect((await lines(page, 'Made of it, 7'))[0]).toMatch(/^evals\/eval-hard-s0/)
    expect(await side.innerText()).toContain('9 bytes, 1 file')
    expect(await page.getByRole('link', { name: /^Artifacts/ }).getAttribute('aria-current')).toBe('true')
    await soon(() => page.getByRole('contentinfo').innerText()).toMatch(
      /23 nodes, 28 edges, laid out in \d+ ms/,
    )
    expectClean()
    await close()
  })

  test('is walked by arrow keys along its edges; Space opens a fold and closes it; Enter leads on', async () => {
    const { page, expectClean, close } = await project('#/lineage?project=grpo')
    const graph = page.getByRole('application', { name: 'Lineage graph' })
    await graph.focus()
    await page.keyboard.press('ArrowLeft')
    await soon(() => chosen(page)).toMatch(/^dr-grpo-s0-resumed, run/)
    await page.keyboard.press('ArrowDown')
    await soon(() => chosen(page)).toMatch(/^5 runs, /)
    await page.keyboard.press(' ')
    await soon(() => foot(page)).toContain('13 drawn, 12 folded into 2')
    await soon(() => page.url()).toContain('open=')
    await soon(() => chosen(page)).toMatch(/^grpo-/)
    await page.keyboard.press(' ')
    await soon(() => foot(page)).toContain('9 drawn')
    // a fold leads to itself, a node to its page
    await page.keyboard.press('ArrowRight')
    await soon(() => chosen(page)).toMatch(/^5 versions, qwen3-grpo v0, v1/)
    await page.keyboard.press('Enter')
    await soon(() => foot(page)).toContain('13 drawn')
    await page.keyboard.press('Enter')
    await onPage(page, 'artifacts')
    await soon(() => page.url()).toMatch(/of=qwen3-grpo:v\d/)
    await page.goBack()
    await onPage(page, 'lineage')
    expectClean()
    await close()
  })

  test('is what its link says: around a node, one side of it, unfolded, another node chosen', async () => {
    const { page, expectClean, close } = await project(
      '#/lineage?project=grpo&around=grpo/base-sft:v0&show=of&fold=off&node=grpo/qwen3-grpo:v2',
    )
    await soon(() => foot(page)).toContain('20 nodes')
    expect(await foot(page)).not.toContain('folded')
    await soon(() => chosen(page)).toMatch(/^qwen3-grpo:v2/)
    await page.getByRole('button', { name: 'Centre here' }).click()
    await soon(() => page.url()).toContain('around=grpo/qwen3-grpo:v2')
    await soon(() => foot(page)).toContain('1 node')
    await page.getByRole('radio', { name: 'Made from' }).click()
    await soon(() => foot(page)).toContain('6 nodes')
    await soon(() => page.url()).toContain('show=from')
    await page.reload()
    await dropPaths(page, [folder])
    await soon(() => foot(page)).toContain('6 nodes')
    expectClean()
    await close()
  })

  test('tells the path to another node, or what both come from', async () => {
    const { page, expectClean, close } = await project('#/lineage?project=grpo')
    const to = page.getByRole('combobox', { name: 'Path to' })
    await to.focus()
    await to.selectOption({ label: 'gsm8k-prompts:v0 (latest)' })
    const path = page.getByRole('region', { name: 'Path' })
    await soon(() => path.innerText()).toContain('gsm8k-prompts:v0 to qwen3-grpo:v5, 2 edges:')
    await soon(() => page.url()).toContain('to=grpo/gsm8k-prompts:v0')
    await to.focus()
    await to.selectOption({ label: 'qwen3-grpo:v1' })
    await soon(() => path.innerText()).toMatch(/No path. Both are made from .*base-sft:v0/)
    expectClean()
    await close()
  })

  test('is searched: hits are counted and walked, by keys too', async () => {
    const { page, expectClean, close } = await project('#/lineage?project=grpo&fold=off')
    await page.keyboard.press('f')
    const field = page.getByRole('searchbox', { name: 'Find a version or run' })
    expect(await field.evaluate((one) => one === document.activeElement)).toBe(true)
    await field.fill('eval-gsm')
    await soon(() => chosen(page)).toMatch(/^evals\/eval-gsm8k-0/)
    await page.keyboard.press('Enter')
    await soon(() => page.locator('.toolbar .found').innerText()).toBe('2 of 5')
    await page.getByRole('application').focus()
    await page.keyboard.press('n')
    await soon(() => page.locator('.toolbar .found').innerText()).toBe('3 of 5')
    await page.keyboard.press('p')
    await soon(() => page.locator('.toolbar .found').innerText()).toBe('2 of 5')
    expectClean()
    await close()
  })

  test('is moved by pointer and wheel, and Fit shows all of it', async () => {
    const { page, expectClean, close } = await project('#/lineage?project=grpo')
    const scale = () => page.locator('.toolbar .scale').innerText()
    const before = await scale()
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await soon(scale).not.toBe(before)
    await page.getByRole('button', { name: 'Fit' }).click()
    await soon(scale).toBe(before)
    const box = await page.getByRole('application').boundingBox()
    if (!box) throw new Error('no graph')
    await page.mouse.move(box.x + box.width / 2, box.y + 40)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -100)
    await page.keyboard.up('Control')
    await soon(scale).not.toBe(before)
    expectClean()
    await close()
  })

  test('leads to the run and to its curves, of another project too', async () => {
    const { page, close } = await project('#/lineage?project=grpo&node=run+evals/')
    await page.getByText(/No version or run here is called evals/).waitFor()
    await page.getByRole('button', { name: 'evals/eval-math500 run' }).click()
    await page.getByRole('button', { name: 'Curves' }).click()
    await onPage(page, 'metrics')
    await soon(() => page.getByRole('combobox', { name: 'Project' }).first().inputValue()).toMatch(/evals/)
    await soon(() => page.url()).toContain('run_ids=')
    await page.goBack()
    await close()
  })
})

describe('the list', () => {
  test('says the same as a tree, walked and opened by keys', async () => {
    const { page, expectClean, close } = await project('#/lineage?project=grpo&as=list')
    const tree = page.getByRole('tree', { name: 'Lineage of qwen3-grpo:v5' })
    await tree.waitFor()
    const texts = async () =>
      (await tree.getByRole('treeitem').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())
    expect((await texts()).slice(0, 4)).toEqual([
      'Made from 5 nodes',
      'dr-grpo-s0-resumed run, 1,200 steps 2',
      'base-sft:v0 best, latest 3 bytes 1',
      'sft-s0 run, 1,200 steps 1',
    ])
    await tree.focus()
    await page.keyboard.press('ArrowRight')
    await soon(() => chosenName(page)).toBe('dr-grpo-s0-resumed')
    await page.keyboard.press('ArrowLeft')
    await soon(async () => (await texts()).length).toBe(10)
    await page.keyboard.press('End')
    await soon(() => chosenName(page)).toMatch(/eval-gsm8k-4/)
    await page.keyboard.press('Enter')
    await onPage(page, 'run')
    expectClean()
    await close()
  })
})

test('a run of another project is never the local run of its name, and what is gone is said', async () => {
  const { page, expectClean, close } = await dropped(cross, '#/lineage?project=consumer')
  // the consumer has no artifact of its own: what its runs used is drawn
  await soon(() => chosen(page)).toMatch(/^producer\/shared-model:v1/)
  await soon(() => foot(page)).toContain('5 nodes')
  const runs = (await lines(page, 'Made of it, 2')).map((line) => line.replace(/ (step|run).*/, ''))
  expect(runs).toEqual(['train', 'only uses'])
  expect(await lines(page, 'Made from, 1')).toEqual(['producer/train run'])
  expectClean()
  await close()
})

test('of a project that is not open, what links say of it is drawn, and it is said', async () => {
  const { page, close } = await dropped(join(cross, 'consumer.db'), '#/lineage')
  await page.getByText(/Links lead to producer, which this source does not hold/).waitFor()
  await page.getByText(/producer is not open here/).waitFor()
  await close()
})

test.each(['parquet-0.43.0', 'static-0.43.0'])('%s: an export has its lineage', async (name) => {
  const where = join(FIXTURES, name, 'data')
  const { page, close } = await dropped(where, '#/lineage?find=tiny-model')
  await soon(() => page.locator('.toolbar .found').innerText()).toMatch(/^\d|^0$/)
  await page.getByRole('combobox', { name: 'Around' }).focus()
  await page.getByRole('combobox', { name: 'Around' }).selectOption({ label: 'tiny-model:v1 (latest, prod)' })
  await soon(() => chosen(page)).toMatch(/^tiny-model:v1, model/)
  expect(await lines(page, 'Made of it, 1')).toHaveLength(1)
  await close()
})

test('a project without artifacts says how they come', async () => {
  const { page, close } = await dropped(join(FIXTURES, 'v0.1.1', 'data', 'cifar10resnet.db'), '#/lineage')
  await page.getByRole('heading', { name: /^No artifacts in/ }).waitFor()
  await expectAccessible(page, 'no lineage')
  await close()
})

test('names that mean harm run nothing', async () => {
  const bad = '<img src=x onerror="window.harmed=1">'
  const where = join(root, 'hostile.db')
  const { db, file, close: done } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    CREATE TABLE artifacts (id INTEGER PRIMARY KEY, name TEXT, type TEXT, description TEXT, created_at TEXT);
    CREATE TABLE artifact_versions (id INTEGER PRIMARY KEY, artifact_id INTEGER, version INTEGER, manifest_digest TEXT, manifest TEXT,
      metadata TEXT, size_bytes INTEGER, producer_run_id TEXT, producer_run_name TEXT, created_at TEXT);
    CREATE TABLE artifact_aliases (artifact_id INTEGER, alias TEXT, artifact_version_id INTEGER);
    CREATE TABLE run_artifact_links (id INTEGER PRIMARY KEY, run_id TEXT, run_name TEXT, run_project TEXT, artifact_version_id INTEGER,
      direction TEXT, created_at TEXT);`)
  const run = (sql: string, ...bind: (string | number | null)[]): void => void db.exec({ sql, bind })
  run("INSERT INTO metrics VALUES (1, 'r', '2026-01-01T00:00:00', ?, 1, '{\"loss\":1}')", bad)
  run("INSERT INTO artifacts VALUES (1, ?, ?, ?, '2026-01-01T00:00:00')", bad, bad, bad)
  for (let i = 0; i < 3; i++)
    run(
      "INSERT INTO artifact_versions VALUES (?, 1, ?, ?, '[]', ?, 99, 'r', ?, 'no time')",
      i + 1,
      i,
      bad,
      bad,
      bad,
    )
  run('INSERT INTO artifact_aliases VALUES (1, ?, 1)', bad)
  // a circle, a run of a project that nobody has, a link to nothing
  const link =
    'INSERT INTO run_artifact_links (run_id, run_name, run_project, artifact_version_id, direction) VALUES (?, ?, ?, ?, ?)'
  run(link, 'r', bad, null, 1, 'output')
  run(link, 'r', bad, null, 1, 'input')
  run(link, 'x', bad, bad, 1, 'input')
  run(link, 'r', bad, null, 9, 'output')
  run(link, 'r', bad, null, 2, 'output')
  writeFileSync(where, file())
  done()
  const { page, expectClean, close } = await dropped(where, '#/lineage')
  await soon(() => foot(page)).toMatch(/nodes?/)
  await page.getByRole('combobox', { name: 'Around' }).focus()
  await page.getByRole('radio', { name: 'List' }).click()
  await page.getByRole('tree').waitFor()
  expect(await page.evaluate(() => Reflect.get(window, 'harmed'))).toBeUndefined()
  await expectAccessible(page, 'hostile lineage')
  expectClean()
  await close()
})

test('is free of violations in both themes, as a list, and on a phone; a frame has no toolbar of views', async () => {
  const { page, close } = await project('#/lineage?project=grpo')
  await soon(() => foot(page)).toContain('nodes')
  await expectAccessible(page, 'lineage')
  await page.getByRole('radio', { name: 'List' }).click()
  await page.getByRole('tree').waitFor()
  await expectAccessible(page, 'lineage as a list')
  await page.getByRole('radio', { name: 'Graph' }).click()
  await close()
  const phone = await openPage(browser, `${site.url}#/lineage?project=grpo`, PHONE)
  await dropPaths(phone.page, [folder])
  await onPage(phone.page, 'lineage')
  await ready(phone.page)
  await soon(() => foot(phone.page)).toContain('nodes')
  await expectAccessible(phone.page, 'lineage, phone')
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await phone.close()
  const embed = await openPage(browser, `${site.url}?sidebar=hidden#/lineage?project=grpo`)
  await dropPaths(embed.page, [folder])
  await onPage(embed.page, 'lineage')
  await soon(() => foot(embed.page)).toContain('nodes')
  expect(await embed.page.getByRole('navigation', { name: 'Views of artifacts' }).count()).toBe(0)
  await embed.close()
})

async function dropped(path: string, hash: string) {
  const session = await openPage(browser, `${site.url}${hash}`)
  await dropPaths(session.page, [path])
  await onPage(session.page, 'lineage')
  await ready(session.page)
  return session
}

/** What is said of the chosen node. */
async function chosen(page: Page): Promise<string> {
  return (await page.locator('#lineage-node').textContent()) ?? ''
}

function chosenName(page: Page): Promise<string> {
  return page.locator('.lineage-side h2').innerText()
}

function foot(page: Page): Promise<string> {
  return page.locator('.lineage-foot').innerText()
}

/** Lines of a part of the side panel, by its heading. */
async function lines(page: Page, heading: string): Promise<string[]> {
  const part = page.locator('.lineage-side section', { has: page.getByRole('heading', { name: heading }) })
  await part.waitFor()
  return (await part.getByRole('button').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())
}

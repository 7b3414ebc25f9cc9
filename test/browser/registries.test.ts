import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { startHub } from '../hub/double.ts'
import { expectAccessible } from './axe.ts'
import { builtPage, dropPaths, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { download, onPage, soon, unpackFixture, useDropped } from './steps.ts'

/*
 * Registries: who was `production` when, by a question, a time line and events; of databases, of a bucket; with
 * events that cannot be followed, and with names that mean harm.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())
const root = useFolder()
const folder = join(root, 'trackio')
const SOLVER = '#/registries?project=grpo&collection=gsm8k-solver'

beforeAll(() => unpackFixture('registry-0.43.0', ['grpo', 'evals', 'registry-acme'], folder))

const team = useDropped(browser, site.url, [folder], 'registries')

describe('who was production', () => {
  test('is answered for any moment, with the run, its curves and its files', async () => {
    const { page, expectClean, close } = await team(`${SOLVER}&at=2026-11-23T09:00:00Z`)
    await soon(() => answer(page)).toBe(
      '6 Nov 2026, 08:30 to 27 Nov 2026, 08:30, 21 d v4 is qwen3-grpo:v4 of dr-grpo-s0 step 1,200, 9 bytes',
    )
    // the event that it rests on is marked
    const marked = page.locator('.registry-rows .row.answers')
    expect(await marked.count()).toBe(1)
    expect((await marked.innerText()).replace(/\s+/g, ' ')).toContain('promote production v1 → v4')
    const moment = page
      .getByRole('textbox', { name: 'Moment' })
      .or(page.locator('input[type=datetime-local]'))
    await moment.first().fill('2026-10-25T12:00:00')
    await soon(() => answer(page)).toContain('v2 is qwen3-grpo:v2 of gspo-s0')
    await soon(() => page.url()).toContain('at=2026-10-25T12:00:00.000Z')
    await moment.first().fill('2026-09-20T12:00:00')
    await soon(() => answer(page)).toBe('before 22 Sep 2026, 08:30 Nobody was production yet')
    await page.getByRole('combobox', { name: 'Alias' }).selectOption('candidate')
    await moment.first().fill('2026-11-10T12:00:00')
    await soon(() => answer(page)).toMatch(
      /^since 30 Oct 2026, 15:10 Nobody was candidate: it had been taken away/,
    )
    await page.getByRole('button', { name: 'Now', exact: true }).click()
    await page.getByRole('combobox', { name: 'Alias' }).selectOption('production')
    await soon(() => answer(page)).toContain('v5 is qwen3-grpo:v5 of dr-grpo-s0-resumed')
    await page.locator('.registry-ask').getByRole('button', { name: 'Run' }).click()
    await onPage(page, 'run')
    await page.goBack()
    await onPage(page, 'registries')
    await page.locator('.registry-ask').getByRole('button', { name: 'Files' }).click()
    await onPage(page, 'artifacts')
    await soon(() => page.url()).toContain('of=qwen3-grpo:v5')
    await page.goBack()
    await page.locator('.registry-ask').getByRole('button', { name: 'Curves' }).click()
    await onPage(page, 'metrics')
    await soon(() => page.url()).toContain('run_ids=')
    expectClean()
    await close()
  })

  test('is walked on the time line by keys: from move to move, and from alias to alias', async () => {
    const { page, expectClean, close } = await team(`${SOLVER}&at=2026-11-23T09:00:00Z`)
    const line = page.getByRole('slider', { name: 'When production is asked about' })
    await line.focus()
    await page.keyboard.press('ArrowLeft')
    await soon(() => answer(page)).toContain('v4 is')
    await page.keyboard.press('ArrowLeft')
    await soon(() => answer(page)).toContain('26 Oct 2026, 08:30 to 6 Nov')
    expect(await line.getAttribute('aria-valuetext')).toContain('v1 is qwen3-grpo:v1 of grpo-b0-s0')
    await page.keyboard.press('ArrowDown')
    await soon(() => page.url()).toContain('alias=canary')
    await page.keyboard.press('Home')
    await soon(() => answer(page)).toContain('Nobody was canary yet')
    await page.keyboard.press('End')
    await soon(() => answer(page)).toContain('v5 is')
    await soon(() => page.url()).not.toContain('at=')
    // the pointer asks too
    const box = await page.getByRole('slider').boundingBox()
    if (!box) throw new Error('no time line')
    await page.mouse.click(box.x + box.width * 0.3, box.y + 30)
    await soon(() => page.url()).toContain('alias=production')
    await soon(() => page.url()).toContain('at=2026-10')
    expectClean()
    await close()
  })

  test('is in the link: reload and Back ask the same again', async () => {
    const { page, close } = await team(`${SOLVER}&alias=staging&at=2026-10-21T00:00:00Z&kind=promote`)
    await soon(() => answer(page)).toContain('v2 is')
    await page.reload()
    await dropPaths(page, [folder])
    await soon(() => answer(page)).toContain('v2 is')
    expect(await page.getByRole('radio', { name: 'Promote' }).getAttribute('aria-checked')).toBe('true')
    await close()
  })
})

test('events are listed newest first, asked about by keys, filtered and exported; versions with what is linked now', async () => {
  const { page, expectClean, close } = await team(SOLVER)
  const grid = page.getByRole('grid', { name: 'Events' })
  await soon(() => page.locator('.registry-events-head .words').innerText()).toBe('22, newest first')
  await grid.focus()
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await soon(() => page.url()).toContain('at=2026-10-31T11:00:00')
  await soon(() => page.url()).toContain('alias=latest')
  await soon(() => answer(page)).toContain('v4 is')
  await page.getByRole('radio', { name: 'Unlink' }).click()
  await soon(() => page.locator('.registry-rows .row').count()).toBe(1)
  expect((await page.locator('.registry-rows .row').innerText()).replace(/\s+/g, ' ')).toMatch(
    /unlink candidate, 1 more v3 → – .* of grpo-b0-s1/,
  )
  // of the sixth row that keys had reached
  expect(await grid.getAttribute('aria-activedescendant')).toBe('registry-row-0')
  const saved = await download(page, () => page.getByRole('button', { name: 'Export events' }).click())
  const text = new TextDecoder().decode(saved.bytes)
  expect(saved.name).toMatch(/^acme.*events\.csv$/)
  expect(text.split('\n')[1]).toMatch(
    /^2026-10-30T15:10.*,unlink,gsm8k-solver,candidate,v3,,v3,grpo,qwen3-grpo,3,/,
  )
  await page.getByRole('radio', { name: 'Versions' }).click()
  await soon(() => page.locator('.registry-rows .row').count()).toBe(5)
  expect((await page.locator('.registry-rows .row').first().innerText()).replace(/\s+/g, ' ')).toMatch(
    /^v5 canary, latest, production grpo\/qwen3-grpo:v5/,
  )
  await page.getByRole('grid', { name: 'Versions' }).getByRole('button', { name: 'Run' }).last().focus()
  await page.keyboard.press('Enter')
  await onPage(page, 'run')
  expectClean()
  await close()
})

test('collections are found by name and alias, and what lies elsewhere is said', async () => {
  const { page, expectClean, close } = await team('#/registries?project=grpo')
  const tree = page.getByRole('navigation', { name: 'Collections' })
  expect((await tree.innerText()).replace(/\s+/g, ' ')).toContain(
    '3 collections, 7 versions, 29 events since 16 Sep 2026',
  )
  await page.keyboard.press('f')
  await page.keyboard.type('candid')
  await soon(() => tree.locator('.entry').count()).toBe(1)
  await page.getByRole('searchbox', { name: 'Find a collection or alias' }).fill('')
  await tree.getByRole('button', { name: /reward-judge/ }).click()
  await soon(() => answer(page)).toContain(
    'v0 is judge:v7 judges & co is not open here: it was linked from what lies in the Space team/judges',
  )
  await tree.getByRole('button', { name: /gsm8k-prompts/ }).click()
  await page.getByText('Prompts and answers').waitFor()
  expectClean()
  await close()
})

test('in the list of projects a registry stands as one, and leads to its page', async () => {
  const { page, close } = await team('#/registries?project=grpo')
  await page
    .getByRole('button', { name: 'Open sidebar' })
    .or(page.locator('[aria-label="Open sidebar"]'))
    .first()
    .click()
  const select = page.getByRole('combobox', { name: 'Project' })
  expect(await select.locator('optgroup').getAttribute('label')).toBe('Registries')
  await select.selectOption({ label: 'registry-acme' })
  await onPage(page, 'registries')
  await page.getByRole('link', { name: 'Metrics' }).click()
  await page.getByRole('heading', { name: 'registry-acme is a registry' }).waitFor()
  await page.getByRole('link', { name: 'Show what it names' }).click()
  await onPage(page, 'registries')
  await soon(() => page.locator('.registry-collection h2').innerText()).toBe('gsm8k-prompts')
  await page.reload()
  await dropPaths(page, [folder])
  await onPage(page, 'registries')
  await close()
})

test('a bucket of the Hub has its registries as files of events', async () => {
  const hub = await startHub()
  hub.repo('bucket', 'me/models')
  // a bucket that holds a registry and nothing else is a source too
  const at = join(root, 'bucket', 'trackio', 'registries', 'models')
  const from = join(FIXTURES, 'bucket-0.43.0', 'data', 'trackio', 'registries', 'models')
  mkdirSync(join(at, 'events'), { recursive: true })
  writeFileSync(join(at, 'registry.json'), readFileSync(join(from, 'registry.json')))
  for (const uid of [
    '20261123T154735330092-bda50165-000000',
    '20261123T154735375717-bda50165-000001',
    '20261123T154735411695-bda50165-000002',
    '20261123T154735412063-bda50165-000003',
  ])
    writeFileSync(join(at, 'events', `${uid}.json`), readFileSync(join(from, 'events', `${uid}.json`)))
  writeFileSync(
    join(at, 'events', '20261124T000000000000-bda50165-000004.json'),
    '{"kind":"archive","ts":"2026-11-24T00:00:00+00:00","payload":{"collection":"notes"}}',
  )
  writeFileSync(join(at, 'events', '20261125T000000000000-bda50165-000005.json'), 'cut of')
  hub.addFolder('bucket', 'me/models', join(root, 'bucket'))
  const where = `${site.url}?bucket=me/models&hub=${encodeURIComponent(hub.url)}`
  const { page, close } = await openPage(browser, `${where}#/registries`)
  await soon(() => page.locator('.registry-collection h2').innerText()).toBe('notes')
  await soon(() => answer(page)).toMatch(/v0 is notes:v0 live project.é is not open here/)
  const notes = page.locator('.registry-notes')
  await soon(() => notes.innerText()).toContain('1 event could not be followed and changed nothing here')
  expect(await notes.innerText()).toContain('unknown kind "archive"')
  expect(await notes.innerText()).toContain('an event could not be read')
  await close()
  await hub.stop()
})

test('trackio 0.36 and a source without any', async () => {
  const old = join(root, 'registry-models.db')
  writeFileSync(old, gunzipSync(readFileSync(join(FIXTURES, 'v0.36.0', 'data', 'registry-models.db.gz'))))
  const { page, close } = await dropped(old)
  await soon(() => answer(page)).toMatch(/v1 is tiny-model:v0 point clouds\/é v2 is not open here/)
  await close()
  const none = await dropped(join(FIXTURES, 'v0.1.1', 'data', 'cifar10resnet.db'))
  await none.page.getByRole('heading', { name: /^No registry in/ }).waitFor()
  await expectAccessible(none.page, 'no registry')
  await none.close()
})

test('names and payloads that mean harm run nothing', async () => {
  const bad = '<img src=x onerror="window.harmed=1">'
  const { db, file, close: done } = await memoryDatabase()
  db.exec(`
    CREATE TABLE project_metadata (key TEXT PRIMARY KEY, value TEXT);
    CREATE TABLE registry_events (id INTEGER PRIMARY KEY, event_uid TEXT, ts TEXT, kind TEXT, payload TEXT);
    CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)`)
  const run = (sql: string, ...bind: (string | number)[]): void => void db.exec({ sql, bind })
  run("INSERT INTO project_metadata VALUES ('registry_created_at', ?)", bad)
  run("INSERT INTO project_metadata VALUES ('registry_description', ?)", bad)
  const source = {
    source_project: bad,
    source_artifact: bad,
    source_version: 0,
    source_space_id: bad,
    run_name: bad,
  }
  const events: [string, object | string][] = [
    ['create', { collection: bad, type: bad, description: bad }],
    ['link', { collection: bad, ...source }],
    ['promote', { collection: bad, alias: bad, ...source }],
    [bad, { collection: bad }],
    ['link', bad],
  ]
  for (const [i, [kind, payload]] of events.entries())
    run(
      'INSERT INTO registry_events VALUES (?, ?, ?, ?, ?)',
      ...[i + 1, bad + i, i === 1 ? bad : `2026-01-0${i + 1}T00:00:00+00:00`, kind],
      typeof payload === 'string' ? payload : JSON.stringify(payload),
    )
  const path = join(root, 'registry-bad.db')
  writeFileSync(path, file())
  done()
  const { page, expectClean, close } = await dropped(path)
  await soon(() => answer(page)).toContain('onerror')
  await page.getByRole('radio', { name: 'Versions' }).click()
  expect(await page.evaluate(() => Reflect.get(window, 'harmed'))).toBeUndefined()
  await expectAccessible(page, 'hostile registry')
  expectClean()
  await close()
})

test('is free of violations in both themes and on a phone', async () => {
  const { page, close } = await team(`${SOLVER}&at=2026-11-23T09:00:00Z`)
  await soon(() => answer(page)).toContain('v4')
  await expectAccessible(page, 'registries')
  await page.getByRole('radio', { name: 'Versions' }).click()
  await expectAccessible(page, 'versions of a collection', '.registry-collection')
  await close()
  const phone = await openPage(browser, `${site.url}${SOLVER}`, PHONE)
  await dropPaths(phone.page, [folder])
  await onPage(phone.page, 'registries')
  await ready(phone.page)
  await soon(() => answer(phone.page)).toContain('v5')
  await expectAccessible(phone.page, 'registries, phone')
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await phone.page.getByRole('combobox', { name: 'Collection' }).selectOption('reward-judge')
  await soon(() => answer(phone.page)).toContain('judge:v7')
  await phone.close()
})

async function dropped(path: string) {
  const session = await openPage(browser, `${site.url}#/registries`)
  await dropPaths(session.page, [path])
  await onPage(session.page, 'registries')
  await ready(session.page)
  return session
}

/** What is answered, on one line. */
async function answer(page: Page): Promise<string> {
  return (await page.locator('.registry-ask .answer').innerText()).replace(/\s+/g, ' ').trim()
}

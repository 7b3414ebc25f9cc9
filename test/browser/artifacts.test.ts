import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { startHub } from '../hub/double.ts'
import { expectAccessible } from './axe.ts'
import { builtPage, dropPaths, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { download, onPage, soon, unpackFixture, useDropped } from './steps.ts'

/*
 * The page of artifacts: over a database in its folder, beside what Python reads; over the other kinds of
 * sources; and over names, manifests and files that mean harm.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const GOLDEN = JSON.parse(readFileSync(join(FIXTURES, 'artifacts.json'), 'utf8'))
const DATABASE = join(FIXTURES, 'v0.43.0', 'data', 'demoprojectv4ö.db')
const BLOBS = join(FIXTURES, 'static-0.43.0', 'data', 'bucket', 'artifacts', 'blobs', 'sha256')
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())
const root = useFolder()
/** trackio's own, with one project. */
const folder = join(root, 'trackio')
const project = useDropped(browser, site.url, [folder], 'artifacts')

/** Digests of tiny-model, by path, of its two versions. */
const [SECOND, FIRST] = GOLDEN['v0.43.0']['demoprojectv4ö.db'].artifacts.find(
  ({ name }: { name: string }) => name === 'tiny-model',
).versions
const digestOf = (version: typeof SECOND, path: string): string =>
  version.manifest.find((entry: { path: string }) => entry.path === path).digest

beforeAll(() => {
  copyFileSync(DATABASE, put('demoprojectv4ö.db'))
  unpackFixture('cross-0.43.0', ['consumer', 'producer'], join(root, 'cross'))
  for (const version of [SECOND, FIRST])
    for (const { digest } of version.manifest)
      copyFileSync(join(BLOBS, digest.slice(0, 2), digest), put(blobPath(digest)))
  // the first version's weights were changed on disk, and the files of other artifacts are not there
  writeFileSync(put(blobPath(digestOf(FIRST, 'model.bin'))), 'changed')
})

describe('a project with its folder', () => {
  test('lists types, artifacts, versions and aliases as Python reads them', async () => {
    const { page, expectClean, close } = await project('#/artifacts?q=v')
    const lines = page.getByRole('treeitem')
    await soon(() => words(page, '[role="treeitem"]')).toEqual([
      'config 1',
      'only-config 1',
      'v0 latest 20 bytes',
      'dataset 1',
      'data.set 1',
      'v0 latest 60 bytes',
      'model 1',
      'tiny-model 2',
      'v1 latest prod 1.29 kB',
      'v0 best 1.04 kB',
    ])
    expect(await page.getByRole('link', { name: 'Artifacts 3' }).getAttribute('aria-current')).toBe('page')
    // the newest of the first stands beside; another one is chosen, and Back leads to the first
    await heading(page, 'only-config:v0')
    await lines.filter({ hasText: 'prod' }).click()
    await heading(page, 'tiny-model:v1')
    await soon(() => page.url()).toContain('of=tiny-model:v1')
    await page.goBack()
    await heading(page, 'only-config:v0')
    // keys walk and fold
    await page.getByRole('tree', { name: 'Artifacts' }).focus()
    await page.keyboard.press('End')
    await heading(page, 'tiny-model:v0')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await soon(() => lines.count()).toBe(8)
    await page.getByRole('searchbox', { name: 'Search artifacts' }).fill('no such thing')
    await page.getByRole('heading', { name: 'No artifact matches' }).waitFor()
    await page.getByRole('button', { name: 'Clear search' }).click()
    await soon(() => lines.count()).toBeGreaterThan(5)
    expectClean()
    await close()
  })

  test('a version says what it is, who made and used it, and what is in it beside the one before', async () => {
    const { page, expectClean, close } = await project('#/artifacts?of=tiny-model:v1')
    await heading(page, 'tiny-model:v1')
    const facts = page.locator('.artifact-facts')
    expect(await facts.innerText()).toContain('1.29 kB, 2 files')
    expect(await facts.innerText()).toContain('second version')
    expect(await facts.getByRole('link', { name: 'media & traces' }).count()).toBe(1)
    expect(await facts.getByRole('link', { name: 'consumer of artifacts' }).count()).toBe(1)
    expect(await facts.innerText()).toContain('trackio.use_artifact("tiny-model:v1")')
    await soon(() => page.getByRole('contentinfo').innerText()).toContain('Manifest digest agrees')
    expect(await rows(page)).toEqual([
      `changed model.bin 1.28 kB +256 bytes ${digestOf(SECOND, 'model.bin').slice(0, 8)}… not read`,
      `same sub dir/tokenizer é.json 12 bytes ${digestOf(SECOND, 'sub dir/tokenizer é.json').slice(0, 8)}… not read`,
    ])
    expect(await page.locator('.artifact-diff').innerText()).toContain(
      '1.28 kB changed, 12 bytes the same; 1 % stored once for both',
    )
    await page.getByRole('radio', { name: 'Same 1' }).click()
    await soon(async () => (await rows(page)).length).toBe(1)
    // against a version of another artifact, and against nothing
    await page.getByRole('combobox', { name: 'Against' }).selectOption({ label: 'data.set:v0' })
    await soon(() => rows(page)).toHaveLength(5)
    await page.getByRole('combobox', { name: 'Against' }).selectOption('')
    await soon(() => rows(page)).toEqual([
      expect.stringMatching(/^model.bin 1.28 kB/),
      expect.stringMatching(/^sub dir/),
    ])
    await soon(() => page.url()).toContain('to=none')
    // metadata as a tree
    await page.getByRole('button', { name: '2 more' }).click()
    expect(await words(page, '.artifact-metadata [role="treeitem"]')).toEqual([
      'acc 0.5',
      'tags 1',
      '0 "x"',
      'nan null',
    ])
    expectClean()
    await close()
  })

  test('files are looked into and downloaded under their own names; all of them as a .zip', async () => {
    const { page, expectClean, close } = await project('#/artifacts?of=tiny-model:v1&path=model.bin')
    const preview = page.getByRole('region', { name: 'Preview of model.bin' })
    await preview.getByRole('region', { name: 'First bytes of the file' }).waitFor()
    await page.locator('[role="row"][data-path^="sub dir"]').click()
    const text = page.getByRole('region', { name: 'Text of the file' })
    const stored = readFileSync(join(folder, blobPath(digestOf(SECOND, 'sub dir/tokenizer é.json'))), 'utf8')
    expect(JSON.parse(await text.innerText())).toEqual(JSON.parse(stored))
    const one = await download(page, () =>
      page.locator('.artifact-preview').getByRole('button', { name: 'Download' }).click(),
    )
    expect([one.name, new TextDecoder().decode(one.bytes)]).toEqual(['tokenizer é.json', stored])
    const all = await download(page, () => page.getByRole('button', { name: 'Download 1.29 kB' }).click())
    expect(all.name).toBe('tiny-model-v1.zip')
    expect(new TextDecoder('latin1').decode(all.bytes)).toContain('model.bin')
    await page.getByRole('grid', { name: 'Files' }).focus()
    await page.keyboard.press('Escape')
    await soon(() => page.locator('.artifact-preview').count()).toBe(0)
    expectClean()
    await close()
  })

  test('stored files are checked against their digests: one that differs and those that are away are named', async () => {
    const { page, expectClean, close } = await project('#/artifacts?of=tiny-model:v0&to=none')
    await page.getByRole('button', { name: 'Verify 2 files' }).click()
    const check = page.locator('.artifact-check')
    await soon(() => check.innerText()).toMatch(/Verified/)
    expect((await check.innerText()).replace(/\s+/g, ' ')).toContain('2 files, 1.04 kB in')
    expect(await check.innerText()).toContain('1 of 2 agree')
    expect(await check.innerText()).toContain('1 differs')
    const states = () => page.locator('.artifact-row .state').allInnerTexts()
    await soon(states).toEqual([
      'verified',
      // sha256 of "changed"
      `differs: ${digestOf(FIRST, 'model.bin').slice(0, 8)}… is d67e2e94…`,
      'same digest',
    ])
    await page.getByRole('button', { name: 'Verify all 4 versions' }).click()
    await soon(() => check.innerText()).toMatch(/Verified all versions/)
    // of five contents one differs, and the files of two artifacts were never there
    expect((await check.innerText()).replace(/\s+/g, ' ')).toMatch(
      /5 files, .* 2 of 3 agree 1 differs 2 missing/,
    )
    expectClean()
    await close()
  })

  test('a reference is shown as one, is never verified, and leads out only by an address of the web', async () => {
    const { page, expectClean, close } = await project('#/artifacts?of=data.set:v0&path=remote.bin')
    const link = page.getByRole('link', { name: 'https://example.invalid/data/part-0.bin?x=1' })
    await link.waitFor()
    expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([
      '_blank',
      'noopener noreferrer',
    ])
    await page.getByRole('button', { name: 'Verify 1 file' }).click()
    await soon(() => page.locator('.artifact-check').innerText()).toContain('1 missing')
    expect(await page.locator('.artifact-row .state').allInnerTexts()).toEqual([
      'verified',
      'reference, not stored here',
      'missing',
      'reference, not stored here',
    ])
    await page.locator('[data-path="config.yaml"]').click()
    await page.getByText('file:///tmp/trackio-fixture').first().waitFor()
    expect(await page.locator('.artifact-preview a').count()).toBe(0)
    expectClean()
    await close()
  })

  test('a reload shows what the address says', async () => {
    const { page, close } = await openPage(
      browser,
      `${site.url}#/artifacts?of=tiny-model:v0&to=data.set:v0&show=added`,
    )
    for (let times = 0; times < 2; times++) {
      await dropPaths(page, [folder])
      await heading(page, 'tiny-model:v0')
      await soon(async () => (await rows(page)).length).toBe(2)
      if (times === 0) await page.reload()
    }
    await close()
  })

  test('curves of the run that made it are one click away', async () => {
    const { page, close } = await project('#/artifacts?of=tiny-model:v1')
    await page.getByRole('button', { name: 'Curves' }).click()
    await onPage(page, 'metrics')
    await soon(() => page.url()).toMatch(/run_ids=/)
    await close()
  })

  test('is free of violations in both themes and on a phone, where a version is a page of its own', async () => {
    const { page, close } = await project('#/artifacts?of=tiny-model:v1&path=model.bin')
    await page.getByRole('region', { name: 'First bytes of the file' }).waitFor()
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await expectAccessible(page, `artifacts, ${scheme}`)
    }
    await close()
    const phone = await openPage(browser, `${site.url}#/artifacts`, PHONE)
    await dropPaths(phone.page, [folder])
    await onPage(phone.page, 'artifacts')
    await ready(phone.page)
    await expectAccessible(phone.page, 'artifacts, phone')
    await phone.page.getByRole('treeitem', { name: /tiny-model/ }).click()
    await phone.page.getByRole('treeitem', { name: /prod/ }).click()
    await heading(phone.page, 'tiny-model:v1')
    await expectAccessible(phone.page, 'a version, phone')
    const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBe(390)
    await phone.page.getByRole('button', { name: 'All artifacts' }).click()
    await phone.page.getByRole('tree', { name: 'Artifacts' }).waitFor()
    await phone.close()
  })
})

describe('other sources', () => {
  test('a static export of the Hub has all of it, and files are read when they are asked for', async () => {
    const hub = await startHub()
    hub.repo('bucket', 'me/export')
    hub.addFolder('bucket', 'me/export', join(FIXTURES, 'static-0.43.0', 'data', 'bucket'))
    const where = `${site.url}?bucket=me/export&hub=${encodeURIComponent(hub.url)}`
    const { page, close } = await openPage(browser, `${where}#/artifacts?of=tiny-model:v0`)
    await heading(page, 'tiny-model:v0')
    await page.getByRole('button', { name: 'Verify 2 files' }).click()
    await soon(() => page.locator('.artifact-check').innerText()).toContain('2 of 2 agree')
    await page.locator('[data-path^="sub dir"]').click()
    await page.getByRole('region', { name: 'Text of the file' }).waitFor()
    await close()
    await hub.stop()
  })

  test('a Dataset of the scheduler says that it has no files', async () => {
    const { page, close } = await dropped(join(FIXTURES, 'parquet-0.43.0', 'data'), 'tiny-model:v1')
    await soon(async () => (await rows(page)).length).toBe(2)
    await page.getByText(/Only the lists are here: a Dataset of trackio’s scheduler/).waitFor()
    expect(await page.getByRole('button', { name: 'Verify 2 files' }).isDisabled()).toBe(true)
    await close()
  })

  test('a database alone says where its files lie, and offers nothing that needs them', async () => {
    const { page, close } = await dropped(DATABASE, 'tiny-model:v1')
    await page.getByText(/Only the lists are here: its files were not opened along/).waitFor()
    expect(await page.getByRole('button', { name: 'Verify 2 files' }).isDisabled()).toBe(true)
    await close()
  })

  test('runs that used artifacts of another project name them, and the other project completes them', async () => {
    const { page, close } = await dropped(join(root, 'cross'), undefined)
    await page.getByRole('treeitem', { name: /producer\/shared-model:v1/ }).click()
    await heading(page, 'producer/shared-model:v1')
    await page.getByRole('button', { name: 'Put it beside this one' }).click()
    await page
      .getByRole('treeitem', { name: /shared-model/ })
      .first()
      .waitFor()
    await soon(() => page.locator('.artifact-facts').innerText()).toContain('Used by 2 runs')
    await close()
  })

  test('a project without any says how they come', async () => {
    const { page, close } = await dropped(join(FIXTURES, 'v0.1.1', 'data', 'cifar10resnet.db'), undefined)
    await page.getByRole('heading', { name: 'No artifacts logged' }).waitFor()
    await expectAccessible(page, 'no artifacts')
    await close()
  })
})

test('names, metadata, manifests and files that mean harm run nothing and leave the page whole', async () => {
  const bad = '<img src=x onerror="window.harmed=1">'
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>window.harmed=1</script></svg>'
  const where = await hostileFolder(bad, svg)
  const { page, expectClean, close } = await dropped(where, undefined)
  await onPage(page, 'artifacts')
  await page
    .getByRole('treeitem', { name: /onerror/ })
    .first()
    .waitFor()
  // what cannot be read is told, with the rest on screen
  await page.getByText(/1 × manifest that cannot be read: .*its manifest is no JSON/).waitFor()
  await page
    .getByRole('treeitem', { name: /onerror/ })
    .last()
    .click()
  await soon(async () => (await rows(page)).length).toBeGreaterThan(4)
  for (const path of ['picture.svg', '../../../escape.txt', 'script', bad]) {
    await page.locator('.artifact-files [role="row"]', { hasText: path }).click()
    await page.locator('.artifact-preview').waitFor()
  }
  await page.locator('.artifact-files [role="row"]', { hasText: 'picture.svg' }).click()
  await page.locator('.artifact-picture img').waitFor()
  expect(await page.locator('.artifact-preview a[href^="javascript:"]').count()).toBe(0)
  const saved = await download(page, () => page.getByRole('button', { name: /^Download \d/ }).click())
  const zip = new TextDecoder('latin1').decode(saved.bytes)
  expect(zip).not.toContain('../')
  expect(await page.evaluate(() => Reflect.get(window, 'harmed'))).toBeUndefined()
  await expectAccessible(page, 'hostile artifacts')
  expectClean()
  await close()
})

/** A project whose names, metadata, references, paths and files all try something. */
async function hostileFolder(bad: string, svg: string): Promise<string> {
  const files: [path: string, content: string][] = [
    ['picture.svg', svg],
    ['../../../escape.txt', 'out'],
    [bad, bad],
    ['page.html', '<script>window.harmed=1</script>'],
  ]
  const entries = files.map(([path, content]) => {
    const digest = createHash('sha256').update(content).digest('hex')
    writeFileSync(put(`../hostile/${blobPath(digest, 'hostile')}`), content)
    return { path, digest, size: content.length }
  })
  const manifest = [
    ...entries,
    { path: 'script', digest: 'x', size: 1, ref: 'javascript:window.harmed=1' },
    { path: 'no digest', size: 1 },
    'nothing',
  ]
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    CREATE TABLE artifacts (id INTEGER PRIMARY KEY, name TEXT, type TEXT, description TEXT, created_at TEXT);
    CREATE TABLE artifact_versions (id INTEGER PRIMARY KEY, artifact_id INTEGER, version INTEGER, manifest_digest TEXT, manifest TEXT,
      metadata TEXT, size_bytes INTEGER, producer_run_id TEXT, producer_run_name TEXT, created_at TEXT);
    CREATE TABLE artifact_aliases (artifact_id INTEGER, alias TEXT, artifact_version_id INTEGER);
    CREATE TABLE run_artifact_links (id INTEGER PRIMARY KEY, run_id TEXT, run_name TEXT, artifact_version_id INTEGER, direction TEXT,
      created_at TEXT);`)
  const run = (sql: string, ...bind: (string | number)[]): void => void db.exec({ sql, bind })
  run("INSERT INTO metrics VALUES (1, 'r', '2026-01-01T00:00:00', ?, 1, '{\"loss\":1}')", bad)
  run("INSERT INTO artifacts VALUES (1, ?, ?, ?, '2026-01-01T00:00:00')", bad, bad, bad)
  const version = 'INSERT INTO artifact_versions VALUES (?, 1, ?, ?, ?, ?, 99, ?, ?, ?)'
  const metadata = JSON.stringify({ [bad]: [bad, { [bad]: bad }] })
  run(version, 1, 0, 'no digest', JSON.stringify(manifest), metadata, 'r', bad, 'no time')
  run(version, 2, 1, bad, bad, bad, 'gone', bad, '')
  run('INSERT INTO artifact_aliases VALUES (1, ?, 1)', bad)
  run("INSERT INTO run_artifact_links VALUES (1, 'r', ?, 1, 'output', '')", bad)
  writeFileSync(put('../hostile/hostile.db'), file())
  close()
  return join(root, 'hostile')
}

async function dropped(path: string, of: string | undefined) {
  const session = await openPage(browser, `${site.url}#/artifacts${of === undefined ? '' : `?of=${of}`}`)
  await dropPaths(session.page, [path])
  await onPage(session.page, 'artifacts')
  await ready(session.page)
  return session
}

function put(path: string): string {
  const whole = join(folder, path)
  mkdirSync(dirname(whole), { recursive: true })
  return whole
}

function blobPath(digest: string, project = 'demoprojectv4ö'): string {
  return `artifacts/${project}/blobs/sha256/${digest.slice(0, 2)}/${digest}`
}

async function heading(page: Page, name: string): Promise<void> {
  await soon(async () => (await words(page, '.artifact-head h2')).join().replaceAll(' ', '')).toBe(name)
}

/** Texts of elements in the order in which they stand, each on one line. */
async function words(page: Page, selector: string): Promise<string[]> {
  const all = await page.locator(selector).evaluateAll((found) =>
    found
      .map((one) => ({ top: one.getBoundingClientRect().top, text: (one as HTMLElement).innerText }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text),
  )
  return all.map((text) => text.replace(/\s+/g, ' ').trim())
}

/** Lines of the manifest. */
async function rows(page: Page): Promise<string[]> {
  return (await words(page, '.artifact-files [role="row"][data-path]')).map((text) =>
    text.replace(/^[~+=−] /, ''),
  )
}

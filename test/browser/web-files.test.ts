import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readFixture } from '../engine/golden-fixtures.ts'
import { expectProject } from './expected.ts'
import { builtPage, openPage, ready, useBrowser, useServer } from './harness.ts'
import { onPage } from './steps.ts'

/*
 * Files of another host by their address, and files of this machine by the browser's own pickers.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const browser = await useBrowser()
const site = await useServer(builtPage())
const open = await useServer(FIXTURES, { cors: true })
const closed = await useServer(FIXTURES)

const query = (...pairs: [string, string][]): string => `${site.url}?${new URLSearchParams(pairs)}`

describe('addresses', () => {
  test('a Parquet file opens, its configs are found beside it, and only what is looked at is read', async () => {
    const path = 'parquet-0.43.0/data/demoprojectv4ö.parquet'
    const { page, expectClean, close } = await openPage(
      browser,
      query(['parquet', open.url + encodeURI(path)]),
    )
    await onPage(page, 'metrics')
    await ready(page)
    const [expected] = readFixture('parquet-0.43.0').projects
    // runs that only an artifact names stand in a table nobody asked for
    if (expected)
      await expectProject(page, expected.project, { runs: expected.runs.filter(({ rows }) => rows > 0) })
    expect(open.requests.filter(({ status }) => status === 200)).toEqual([])
    expectClean()
    await close()
  })

  test('several files of one kind are one source, each its own project', async () => {
    const files = ['v0.43.0/data/demoprojectv4ö.db', 'v0.43.0/data/registry-models.db']
    const { page, expectClean, close } = await openPage(
      browser,
      query(...files.map((file): [string, string] => ['db', open.url + encodeURI(file)])),
    )
    await onPage(page, 'metrics')
    await ready(page)
    expect(
      await page.evaluate(async () => (await window.trackio?.projects())?.map(({ name }) => name)),
    ).toEqual(['demoprojectv4ö', 'registry-models'])
    const [expected] = readFixture('v0.43.0').projects
    if (expected) await expectProject(page, 'demoprojectv4ö', expected)
    // a database in WAL mode may have its newest rows beside it, which is asked for
    expectClean(/-wal/)
    await close()
  })

  test('a host that allows no other page to read is explained', async () => {
    const { page, close } = await openPage(
      browser,
      query(['db', `${closed.url}wal-0.43.0/data/walproject.db`]),
    )
    await ready(page)
    const words = (await page.getByRole('alert').innerText()).replaceAll('\n', ' ')
    expect(words).toMatch(/no answer.*CORS/)
    expect(words).toContain('walproject.db')
    await close()
  })
})

test('a folder chosen to be followed is read live, and opens again with one click', async () => {
  const files = readdirSync(join(FIXTURES, 'wal-0.43.0', 'data')).map((name): [string, string] => [
    name,
    readFileSync(join(FIXTURES, 'wal-0.43.0', 'data', name)).toString('base64'),
  ])
  const { page, expectClean, close } = await openPage(browser, site.url, {
    // a folder of the browser's own storage has handles of the same kind as one that a person picks
    before: async (blank) =>
      void (await blank.addInitScript(() => {
        Reflect.set(window, 'showDirectoryPicker', async () =>
          (await navigator.storage.getDirectory()).getDirectoryHandle('trackio', { create: true }),
        )
      })),
  })
  await page.evaluate(async (all) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('trackio', {
      create: true,
    })
    for (const [name, text] of all) {
      const file = await (await folder.getFileHandle(name ?? '', { create: true })).createWritable()
      await file.write(Uint8Array.from(atob(text ?? ''), (letter) => letter.charCodeAt(0)))
      await file.close()
    }
  }, files)
  await page.getByRole('button', { name: 'a folder' }).click()
  await onPage(page, 'metrics')
  await ready(page)
  const [expected] = readFixture('wal-0.43.0').projects
  if (expected) await expectProject(page, expected.project, expected)
  expect(await page.getByRole('complementary').textContent()).toContain('live')

  await page.goto(`${site.url}#/open`)
  await page.reload()
  await ready(page)
  await page.getByRole('listitem').filter({ hasText: 'trackio' }).getByRole('button').first().click()
  await onPage(page, 'metrics')
  await ready(page)
  if (expected) await expectProject(page, expected.project, expected)
  expectClean()
  await close()
})

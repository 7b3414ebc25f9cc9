import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { readFixture } from '../engine/golden-fixtures.ts'
import { expectProject } from './expected.ts'
import { builtPage, dropPaths, openPage, ready, useBrowser, useServer } from './harness.ts'
import { dropAndDraw, onPage } from './steps.ts'

/*
 * Copies in this browser, and downloads, by the page's own buttons.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const browser = await useBrowser()
const site = await useServer(builtPage())

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Source' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a copy with the log’s rows stays in the browser, opens after a reload, is renamed and deleted', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  const [expected] = readFixture('wal-0.43.0').projects
  if (!expected) throw new Error('no project')
  await dropAndDraw(page, [join(FIXTURES, 'wal-0.43.0', 'data')])
  await choose(page, 'Keep a copy in this browser')
  await page.getByText('kept in this browser').waitFor()
  await page.goto(site.url)
  await ready(page)
  await page.getByText(/used, .* free as far as the browser says/).waitFor()
  await page.getByRole('button', { name: `More about ${expected.project}` }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByRole('textbox', { name: 'New name' }).fill('my copy')
  await page.getByRole('button', { name: 'Rename', exact: true }).click()
  await page.getByRole('button', { name: /^my copy/ }).click()
  await onPage(page, 'metrics')
  await ready(page)
  await expectProject(page, expected.project, expected)
  await page.goto(`${site.url}#/open`)
  await page.reload()
  await ready(page)
  await page.getByRole('button', { name: 'More about my copy' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect.poll(() => page.getByRole('button', { name: /^my copy/ }).count()).toBe(0)
  expectClean()
  await close()
})

test('downloads are the whole database, and the tables of a static export', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  await dropAndDraw(page, [join(FIXTURES, 'wal-0.43.0', 'data')])
  const [db] = await Promise.all([page.waitForEvent('download'), choose(page, 'Download as .db')])
  const path = await db.path()
  expect(db.suggestedFilename()).toBe('walproject.db')
  // in one file now: its header does not speak of a log any more
  expect([...readFileSync(path).subarray(18, 20)]).toEqual([1, 1])
  const [zip] = await Promise.all([page.waitForEvent('download'), choose(page, 'Download as Parquet')])
  const files = unzipSync(readFileSync(await zip.path()))
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(
      ['metrics.parquet', 'runs.json', 'settings.json'].map((name) => `walproject/${name}`),
    ),
  )

  // the downloaded database opens by itself, and holds what was in the log
  const again = await openPage(browser, site.url)
  await dropPaths(again.page, [path])
  await onPage(again.page, 'metrics')
  await ready(again.page)
  const [expected] = readFixture('wal-0.43.0').projects
  const [name] = await again.page.evaluate(
    async () => (await window.trackio?.projects())?.map(({ name }) => name) ?? [],
  )
  if (expected) await expectProject(again.page, name ?? '', expected)
  await again.close()
  expectClean()
  await close()
})

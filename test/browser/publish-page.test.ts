import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFixture } from '../engine/golden-fixtures.ts'
import { type HubDouble, startHub } from '../hub/double.ts'
import { expectProject } from './expected.ts'
import { builtPage, openPage, ready, useBrowser, useServer } from './harness.ts'
import { dropAndDraw, onPage } from './steps.ts'

/*
 * Publishing by the page's own button, and opening what was published.
 */

const browser = await useBrowser()
const site = await useServer(builtPage())
let hub: HubDouble

beforeAll(async () => {
  hub = await startHub()
  hub.setUser('me')
  hub.setToken('me', 'hf_writetokenofme1234', { scopes: ['write-repos', 'manage-repos'] })
})

afterAll(async () => {
  await hub?.stop()
})

test('a dropped project becomes a public dashboard, and a second time nothing is sent', {
  timeout: 60_000,
}, async () => {
  const [expected] = readFixture('wal-0.43.0').projects
  if (!expected) throw new Error('no project')
  const { page, expectClean, close } = await openPage(
    browser,
    `${site.url}?hub=${encodeURIComponent(hub.url)}`,
  )
  await dropAndDraw(page, [join(import.meta.dirname, '..', 'fixtures', 'wal-0.43.0', 'data')])
  const open = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Source' }).click()
    await page.getByRole('menuitem', { name: 'Publish to the Hub' }).click()
  }
  const status = page.getByRole('contentinfo', { name: 'Status' })
  expect(await status.textContent()).toMatch(/0 bytes sent$/)
  await open()
  await page.getByRole('textbox', { name: 'Space' }).fill('me/board')
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  // without a token the Hub says so, and the dialog stays as it was filled in
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Token with write access').fill('hf_writetokenofme1234')
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByRole('link', { name: 'me/board' }).waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Done' }).click()
  await open()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByText('Everything was there already').waitFor({ timeout: 30_000 })
  await page.keyboard.press('Escape')
  // the page's files and the project's tables
  const [, megabytes, host] = /([\d.]+) MB sent to (\S+)$/.exec((await status.textContent()) ?? '') ?? []
  expect([Number(megabytes) > 1, host]).toEqual([true, new URL(hub.url).host])
  expect(hub.leaks()).toEqual([])
  expectClean(/status of 40[14]/)
  await close()

  const again = await openPage(browser, `${site.url}?hub=${encodeURIComponent(hub.url)}&space=me/board`)
  await onPage(again.page, 'metrics')
  await ready(again.page)
  await expectProject(again.page, expected.project, expected)
  again.expectClean()
  await again.close()
})

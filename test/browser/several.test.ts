import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { builtPage, dropPaths, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { charts, DEMO_FILE, drawn, dropAndDraw } from './steps.ts'

/*
 * Several sources at once: each in the picker, closed by itself, and compared in one chart and one table.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())

/** Drops a folder on a page that shows something already, and waits until it is shown. */
async function dropToo(page: Page, path: string): Promise<void> {
  const before = await page.evaluate(async () => (await window.trackio?.projects())?.length)
  await dropPaths(page, [path])
  await expect
    .poll(() => page.evaluate(async () => (await window.trackio?.projects())?.length), { timeout: 8000 })
    .not.toBe(before)
  await ready(page)
}

test('projects of two sources are drawn in one chart, listed in one table, and a link names both', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=gpt2-124m-optimizers.db`)
  await ready(page)
  await dropToo(page, join(FIXTURES, 'wal-0.43.0', 'data'))
  const options = page.getByRole('combobox', { name: 'Project' }).locator('option')
  expect(await options.count()).toBeGreaterThan(1)
  const other = await page
    .getByRole('combobox', { name: 'Project' })
    .evaluate((select) => (select instanceof HTMLSelectElement ? select.selectedOptions[0]?.text : ''))
  await page.getByRole('combobox', { name: 'Project' }).selectOption({ label: 'gpt2-124m-optimizers' })
  await ready(page)

  await page.getByRole('button', { name: 'Source' }).click()
  await page.getByRole('menuitemcheckbox', { name: String(other) }).click()
  await ready(page)
  const names = await page
    .getByRole('group', { name: 'Runs' })
    .getByRole('checkbox')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
  const [mine, theirs] = [
    names.filter((name) => !name.startsWith(`${other}/`)),
    names.filter((name) => name.startsWith(`${other}/`)),
  ]
  expect([mine.length, theirs.length > 0]).toEqual([8, true])

  const logged = await page.evaluate(async (name) => {
    const run = (await window.trackio?.runs(name))?.[0]
    return window.trackio
      ?.history(name, run?.id ?? run?.name ?? '')
      .then((all) => Object.entries(all).map(([metric, { values }]) => [metric, [...values]] as const))
  }, other ?? '')
  const [metric, values] = logged?.[0] ?? ['', []]
  const chart = await drawn(page, metric)
  await chart.getByRole('button', { name: 'Show as table' }).click()
  await chart.getByRole('columnheader').first().waitFor()
  const heads = await chart.getByRole('columnheader').allTextContents()
  expect(heads.some((head) => head.startsWith(`${other}/`))).toBe(true)
  const cells = await chart
    .locator('td[data-value]')
    .evaluateAll((all) => all.map((cell) => cell.getAttribute('data-value') ?? ''))
  expect(cells).toContain(String(values[0]))

  // what is beside a project is part of the view
  await expect.poll(() => page.evaluate(() => location.hash)).toContain(`with=${other}`)
  await page.getByRole('button', { name: 'Source' }).click()
  await page.getByRole('menuitemcheckbox', { name: String(other) }).click()
  await ready(page)
  expect(Object.values(await charts(page)).every((one) => Number(one.series) <= 8)).toBe(true)
  expectClean()
  await close()
})

test('of many projects the menu names a few, and all are found by name', async () => {
  const small = join(FIXTURES, 'v0.1.1', 'data', 'cifar10resnetcsv.db')
  for (let i = 10; i < 40; i++) cpSync(small, join(folder, `project ${i}.db`))
  const { page, expectClean, close } = await openPage(browser, site.url)
  await dropAndDraw(page, [folder])
  const source = page.getByRole('button', { name: 'Source', exact: true })
  await source.click()
  await page.getByRole('menu').getByRole('group', { name: 'Compare with' }).waitFor()
  expect(await page.getByRole('menuitemcheckbox').count()).toBe(6)
  await page.getByRole('menuitem', { name: '23 more…' }).click()
  await page.getByRole('combobox', { name: 'Jump to' }).pressSequentially('project 37')
  await page.getByRole('option', { name: 'Compare with project 37' }).click()
  await ready(page)
  await source.click()
  expect(await page.getByRole('menuitemcheckbox', { name: 'project 37' }).getAttribute('aria-checked')).toBe(
    'true',
  )
  expectClean()
  await close()
})

test('a source is closed by itself, and the other stays', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  await dropAndDraw(page, [DEMO_FILE])
  await dropToo(page, join(FIXTURES, 'wal-0.43.0', 'data'))
  await page.getByRole('button', { name: 'Source' }).click()
  await page.getByRole('menuitem', { name: /^Close / }).click()
  await ready(page)
  expect(
    await page.evaluate(async () => (await window.trackio?.projects())?.map(({ name }) => name)),
  ).toEqual(['gpt2-124m-optimizers'])
  expectClean()
  await close()
})

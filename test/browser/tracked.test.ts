import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { builtPage, openPage, ready, useBrowser, useServer } from './harness.ts'
import { onPage, run, shownRuns } from './steps.ts'

/*
 * What pages of this site tracked, changed from the dashboard: while a page that tracks owns the storage, and
 * when none does.
 */

const browser = await useBrowser()
const site = await useServer(builtPage())

interface Tracking {
  init(options: object): Promise<unknown>
  log(row: object): void
  flush(): Promise<void>
  finish(): Promise<unknown>
}

declare const window: Window & { tracking?: Tracking }

/** A page of the site that tracks two runs; it goes on with the second. */
async function tracks(page: Page): Promise<void> {
  await page.goto(`${site.url}config.json`)
  await page.addScriptTag({
    type: 'module',
    content: "import * as trackio from './trackio.js'\nwindow.tracking = trackio",
  })
  await page.waitForFunction(() => window.tracking)
  await page.evaluate(async () => {
    const { tracking } = window
    await tracking?.init({ project: 'demo', name: 'first' })
    tracking?.log({ loss: 1 })
    await tracking?.finish()
    await tracking?.init({ project: 'demo', name: 'second' })
    tracking?.log({ loss: 2 })
    await tracking?.flush()
  })
}

async function logs(page: Page): Promise<void> {
  await page.evaluate(async () => {
    window.tracking?.log({ loss: 3 })
    await window.tracking?.flush()
  })
}

function shownInList(page: Page): Promise<string[]> {
  const boxes = page.getByRole('group', { name: 'Runs', exact: true }).getByRole('checkbox')
  return boxes.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label') ?? ''))
}

async function change(page: Page, name: string, item: string, to?: string): Promise<void> {
  await run(page, name).hover()
  await page.getByRole('button', { name: `More about ${name}`, exact: true }).click()
  await page.getByRole('button', { name: item }).click()
  if (to !== undefined) {
    await page.getByLabel('New name').fill(to)
    await page.getByRole('dialog').getByRole('button', { name: 'Rename', exact: true }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await page.getByRole('button', { name: 'Now', exact: true }).click()
  await expect.poll(() => page.locator('.change-line').count(), { timeout: 15_000 }).toBe(0)
}

test('a run is live while its page logs it, and no longer when it is finished or the page is gone', {
  timeout: 60_000,
}, async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  const tracking = await page.context().newPage()
  await tracks(tracking)
  await page.bringToFront()
  await page.goto(`${site.url}?tracked=&project=demo`)
  await page.reload()
  await ready(page)
  const live = (name: string) => run(page, name).locator('.run-live').count()
  // the first one was finished a moment ago
  await expect.poll(() => live('second')).toBe(1)
  expect(await live('first')).toBe(0)
  const field = page.getByRole('searchbox', { name: 'Filter runs' })
  await field.fill('state = live')
  await expect.poll(() => shownInList(page)).toEqual(['second'])
  await field.fill('')

  await tracking.evaluate(() => window.tracking?.finish())
  await expect.poll(() => live('second'), { timeout: 10_000 }).toBe(0)

  await tracking.evaluate(async () => {
    await window.tracking?.init({ project: 'demo', name: 'third' })
    window.tracking?.log({ loss: 1 })
    await window.tracking?.flush()
  })
  await expect.poll(() => live('third'), { timeout: 10_000 }).toBe(1)
  await tracking.close()
  await expect.poll(() => live('third'), { timeout: 10_000 }).toBe(0)
  expectClean()
  await close()
})

test('its runs are renamed and deleted, by the page that tracks or without one', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  const tracking = await page.context().newPage()
  await tracks(tracking)
  await page.bringToFront()
  await page.goto(`${site.url}?tracked=&project=demo`)
  await page.reload()
  await ready(page)
  await expect.poll(() => shownRuns(page)).toEqual(expect.arrayContaining(['first', 'second']))
  expect(await page.getByRole('button', { name: 'Rename on the server' }).count()).toBe(0)

  await change(page, 'second', 'Rename in this browser', 'second, renamed')
  await run(page, 'second, renamed').waitFor()
  // the page that tracks goes on under the new name
  await logs(tracking)
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const history = await window.trackio?.history('demo', 'second, renamed', { metrics: ['loss'] })
        return [...(history?.loss?.values ?? [])]
      }),
    )
    .toEqual([2, 3])
  await tracking.close()

  await change(page, 'first', 'Delete from this browser')
  await run(page, 'first').waitFor({ state: 'detached' })
  await change(page, 'second, renamed', 'Rename in this browser', 'last')
  await run(page, 'last').waitFor()
  await ready(page)
  expect(
    await page.evaluate(async () => (await window.trackio?.runs('demo'))?.map(({ name }) => name)),
  ).toEqual(['last'])

  // the storage was given back: another page tracks
  const again = await page.context().newPage()
  await tracks(again)
  await run(page, 'first').waitFor()
  expectClean()
  await close()
})

test('its projects are renamed and deleted on the Open page', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  await tracks(page)
  await page.goto(`${site.url}#/open`)
  await onPage(page, 'open')
  const item = (name: string) => page.locator('.open-list.kept li', { hasText: name })
  await item('demo').waitFor()
  expect(await item('demo').locator('small').textContent()).toMatch(/^[\d.]+ .?B, tracked in this browser$/)

  const more = async (name: string, what: string) => {
    await page.getByRole('button', { name: `More about ${name}`, exact: true }).click()
    await page.getByRole('menuitem', { name: what }).click()
  }
  await more('demo', 'Rename')
  await page.getByLabel('New name').fill('another')
  await page.getByRole('button', { name: 'Rename', exact: true }).click()
  await item('another').waitFor()
  expect(await item('demo').count()).toBe(0)
  await item('another').locator('button.entry').click()
  await onPage(page, 'metrics')
  await ready(page)
  expect(
    await page.evaluate(async () => (await window.trackio?.runs('another'))?.map(({ name }) => name)),
  ).toEqual(['first', 'second'])

  await page.goto(`${site.url}#/open`)
  await onPage(page, 'open')
  await more('another', 'Delete')
  await item('another').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Now', exact: true }).click()
  await expect.poll(() => page.locator('.change-line').count(), { timeout: 15_000 }).toBe(0)
  await page.reload()
  await onPage(page, 'open')
  expect(await item('another').count()).toBe(0)
  expectClean()
  await close()
})

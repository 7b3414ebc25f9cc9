import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { builtPage, dropFiles, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { charts, DEMO, DEMO_FILE, download, dropAndDraw, metrics, onPage, said } from './steps.ts'

/*
 * A link of what was dropped: what it holds, what it cannot hold, and what whoever opens it is told.
 */

const PERMISSIONS = { permissions: ['clipboard-read', 'clipboard-write'] }
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())
let file: string

beforeAll(async () => {
  mkdirSync(join(folder, 'secret place'))
  file = join(folder, 'secret place', 'nanogpt.db')
  cpSync(DEMO_FILE, file)
})

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

let link: Promise<string> | undefined

/** A link of the dropped file with a view of its own: the same for all who open it. */
function copied(): Promise<string> {
  link ??= copyLink()
  return link
}

async function copyLink(): Promise<string> {
  const { page, expectClean, close } = await openPage(browser, site.url, PERMISSIONS)
  await dropAndDraw(page, [file])
  await page.getByRole('radiogroup', { name: 'Y scale' }).getByRole('radio', { name: 'Log' }).click()
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByRole('dialog', { name: 'Link copied' }).waitFor()
  const link = await clipboard(page)
  expectClean()
  await close()
  return link
}

test('copying says that the file is only here, and offers ways to hand it over; the link names it without its place', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url, PERMISSIONS)
  await dropAndDraw(page, [file])
  await page.getByRole('button', { name: 'Copy link' }).click()
  const panel = page.getByRole('dialog', { name: 'Link copied' })
  await panel
    .getByText(
      'The link holds the view. nanogpt.db is only here: whoever opens the link is asked to drop that file.',
    )
    .waitFor()
  const link = await clipboard(page)
  expect(link).toMatch(/#\/metrics\?.*file=nanogpt\.db~\d+$/)
  expect(link).not.toMatch(/secret/)
  expect(await panel.getByRole('button').allTextContents()).toEqual([
    '',
    'Download as a page of one file',
    'Publish to the Hub',
    'Keep a copy in this browser',
  ])
  const saved = await download(page, () =>
    panel.getByRole('button', { name: 'Download as a page of one file' }).click(),
  )
  expect(saved.name).toMatch(/\.html$/)
  await panel.waitFor({ state: 'detached' })
  expectClean()
  await close()
})

test('by keys alone: the panel has the focus, Esc gives it back, and publishing is a dialog from there', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url, PERMISSIONS)
  await dropAndDraw(page, [file])
  await page.getByRole('button', { name: 'Copy link' }).focus()
  await page.keyboard.press('Control+Shift+C')
  const panel = page.getByRole('dialog', { name: 'Link copied' })
  await panel.waitFor()
  expect(await panel.evaluate((one) => one.contains(document.activeElement))).toBe(true)
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Copy link')

  await page.keyboard.press('Control+K')
  await page.keyboard.type('Copy link')
  await page.keyboard.press('Enter')
  await panel.waitFor()
  await panel.getByRole('button', { name: 'Publish to the Hub' }).press('Enter')
  await page.getByRole('dialog', { name: 'Publish' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expectClean()
  await close()
})

test('a link of what has an address holds it all, and nothing is offered', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`, PERMISSIONS)
  await ready(page)
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByText('Copied', { exact: true }).first().waitFor()
  expect(await clipboard(page)).not.toMatch(/file=/)
  expect(await page.getByRole('dialog').count()).toBe(0)
  expectClean()
  await close()
})

test('who opens it is told which file to drop, and has the view then', async () => {
  const link = await copied()
  const { page, expectClean, close } = await openPage(browser, link)
  await onPage(page, 'open')
  await ready(page)
  const words =
    /^This link shows nanogpt\.db, [\d.]+ MB, which is on the disk of whoever made it\. Drop that file to see it\.$/
  await page.getByText(words).waitFor()
  await page.getByText('Drop nanogpt.db here').waitFor()
  await dropAndDraw(page, [file])
  expect(new Set(Object.values(await charts(page)).map((chart) => chart.yScale))).toEqual(new Set(['log']))
  expect((await said(page)).filter((words) => /nanogpt\.db/.test(words) && /link/.test(words))).toEqual([])
  expect(page.url(), 'and it can be handed on').toMatch(/file=nanogpt\.db~\d+$/)
  expectClean()
  await close()
})

test('in a frame the words stand in it, and a dropped file takes their place', async () => {
  const link = (await copied()).replace('#', '?sidebar=hidden#')
  const { page, expectClean, close } = await openPage(browser, link, {
    viewport: { width: 800, height: 480 },
  })
  await ready(page)
  await page
    .getByRole('heading', {
      name: /^This link shows nanogpt\.db, [\d.]+ MB, which is on the disk of whoever made it\.$/,
    })
    .waitFor()
  await page.getByText('Drop that file to see it.').waitFor()
  expect(await page.getByRole('button', { name: 'Choose files' }).count()).toBe(1)
  expect(await page.getByRole('link', { name: 'Open full' }).getAttribute('href')).toMatch(
    /file=nanogpt\.db~/,
  )
  await dropFiles(page, [file])
  await expect.poll(() => metrics(page)).toContain('train/loss')
  expectClean()
  await close()
})

test('another file opens all the same, with a word on how it differs', async () => {
  const link = await copied()
  for (const [address, words] of [
    [
      link.replace(/nanogpt\.db~\d+/, 'other.db~5000'),
      /nanogpt\.db: not the file of the link, which is of other\.db, 5 kB/,
    ],
    [link.replace(/~\d+/, '~5000'), /nanogpt\.db: [\d.]+ MB here, 5 kB in the link/],
  ] as const) {
    const { page, expectClean, close } = await openPage(browser, address)
    await ready(page)
    await dropAndDraw(page, [file])
    await expect.poll(async () => (await said(page)).join('\n')).toMatch(words)
    expect(new Set(Object.values(await charts(page)).map((chart) => chart.yScale))).toEqual(new Set(['log']))
    expectClean()
    await close()
  }
})

test('a link pasted where something else is open leaves that as it is and asks for its file', async () => {
  const link = await copied()
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`)
  await ready(page)
  await page.evaluate((hash) => location.assign(hash), new URL(link).hash)
  await expect
    .poll(async () => (await said(page)).join('\n'))
    .toMatch(/file: the link shows nanogpt\.db, [\d.]+ MB, on the disk/)
  await dropFiles(page, [file])
  await expect
    .poll(() =>
      page.getByRole('combobox', { name: 'Project', exact: true }).locator('option:checked').textContent(),
    )
    .toMatch(/nanogpt/)
  expectClean()
  await close()
})

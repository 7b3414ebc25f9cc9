import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { filesOf } from '../engine/golden-fixtures.ts'
import { builtPage, dropFiles, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { charts, DEMO, DEMO_FILE, drawn, dropAndDraw, metrics, onPage, said } from './steps.ts'

/*
 * What an address asks for, as people write it into their pages: found in its order, or said where they look.
 */

const EMBED = { viewport: { width: 800, height: 480 } }
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())
const host = await useServer(folder, { cors: true })

beforeAll(async () => {
  cpSync(DEMO_FILE, join(folder, 'one.db'))
  const [log] = filesOf('wal-0.43.0').filter(({ path }) => !path.endsWith('-wal'))
  writeFileSync(join(folder, 'alone.db'), new Uint8Array(await (log?.file ?? new File([], '')).arrayBuffer()))
})

const demo = (more: string): string => `${site.url}?db=${DEMO}.db&${more}`

describe('metrics', () => {
  test.each([
    ['the page', '', {}],
    ['a frame', '&sidebar=hidden', EMBED],
  ])(
    'are found by the last part of their name, in the order of the link, in %s',
    async (_, more, options) => {
      const { page, expectClean, close } = await openPage(
        browser,
        demo(`metrics=grad_norm,loss${more}`),
        options,
      )
      await ready(page)
      const found = await metrics(page)
      expect(found).toEqual([
        'layers/0/grad_norm',
        'layers/11/grad_norm',
        'train/grad_norm',
        'eval/loss',
        'train/loss',
      ])
      expectClean()
      await close()
    },
  )

  test('one that is not there is said, and the others are drawn', async () => {
    const { page, expectClean, close } = await openPage(browser, demo('metrics=train/loss,gone,eval_loss'))
    await ready(page)
    expect(await metrics(page)).toEqual(['train/loss', 'eval/loss'])
    expect((await said(page)).join('\n')).toMatch(
      /metrics: no metric is called gone; there are .*\/.* and \d+ more/,
    )
    expectClean()
    await close()
  })

  test('none that is there draws nothing, and says what there is', async () => {
    const { page, expectClean, close } = await openPage(browser, demo('metrics=gone&sidebar=hidden'), EMBED)
    await ready(page)
    expect(await metrics(page)).toEqual([])
    await page.getByRole('heading', { name: 'No metric is called gone' }).waitFor()
    await page.getByText(/^\d+ metrics in gpt2-124m-optimizers: .+ and \d+ more\.$/).waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect.poll(() => metrics(page)).toContain('train/loss')
    expectClean()
    await close()
  })
})

describe('a project that is not there', () => {
  test.each([
    ['the page', '', {}],
    ['a frame', '&sidebar=hidden', EMBED],
  ])('shows no other project’s charts in %s, and names those that there are', async (_, more, options) => {
    const { page, expectClean, close } = await openPage(browser, demo(`project=gpt3${more}`), options)
    await ready(page)
    await page.getByRole('heading', { name: 'No project is called gpt3' }).waitFor()
    expect(await metrics(page)).toEqual([])
    expect(await page.getByRole('button', { name: 'Choose files' }).count(), 'no Open page').toBe(0)
    expect(page.url(), 'the address is as it was').toContain(`db=${DEMO}.db`)
    await page.getByRole('main').getByRole('button', { name: DEMO }).click()
    await ready(page)
    expect(await metrics(page)).toContain('train/loss')
    expectClean()
    await close()
  })
})

describe('missing data in a frame', () => {
  test.each([
    ['a database', 'db=404.db', /404\.db could not be opened.*404/s],
    ['a host', 'db=http://127.0.0.1:9/x.db', /x\.db could not be opened.*No answer/s],
    ['anything', '', /Nothing is open here.*\?dataset=/s],
  ])('%s: said in its place, without the Open page', async (_, query, words) => {
    const { page, close } = await openPage(browser, `${site.url}?${query}&sidebar=hidden`, EMBED)
    await ready(page)
    expect(await page.getByRole('main').innerText()).toMatch(words)
    expect(await page.getByRole('main').innerText()).not.toMatch(/Open a trackio project/)
    expect(await page.evaluate(() => document.documentElement.dataset.page)).toBe('metrics')
    expect(await page.getByRole('alert').count()).toBe(query === '' ? 0 : 1)
    expect(await page.getByRole('link', { name: 'Open full' }).count()).toBe(1)
    await close()
  })

  test('with a rail as well, where another page is around it; alone it is the Open page', async () => {
    mkdirSync(join(folder, 'pages'), { recursive: true })
    const address = `${site.url}?db=404.db&sidebar=collapsed`
    writeFileSync(
      join(folder, 'pages', 'frame.html'),
      `<!doctype html><title>A page</title><iframe width="800" height="480" src="${address}"></iframe>`,
    )
    const around = await openPage(browser, `${host.url.replace('127.0.0.1', 'localhost')}pages/frame.html`)
    const inside = (): Frame | undefined =>
      around.page.frames().find((frame) => frame.url().startsWith(site.url))
    await expect.poll(() => inside()?.evaluate(() => document.documentElement.dataset.ready)).toBe('true')
    expect(await inside()?.locator('main').innerText()).toMatch(/404\.db could not be opened/)
    await around.close()

    const alone = await openPage(browser, address)
    await onPage(alone.page, 'open')
    await alone.close()
  })

  test('a file dropped on it is shown', async () => {
    const { page, expectClean, close } = await openPage(browser, `${site.url}?sidebar=hidden`, EMBED)
    await ready(page)
    await dropFiles(page, [DEMO_FILE])
    await expect.poll(() => metrics(page)).toContain('train/loss')
    await ready(page)
    expectClean()
    await close()
  })
})

test('an x range without points says so over the chart, and offers all of it', async () => {
  const { page, expectClean, close } = await openPage(
    browser,
    demo('metrics=train/loss&xmin=1000000&xmax=2000000&sidebar=hidden'),
    EMBED,
  )
  await ready(page)
  const chart = page.locator('figure[data-metric="train/loss"]')
  expect(await chart.getAttribute('data-state')).toBe('empty')
  await chart.getByText('No points between 1,000,000 and 2,000,000').waitFor()
  await chart.getByRole('button', { name: 'Show the full range' }).click()
  await ready(page)
  expect(await chart.getAttribute('data-state')).toBe('ready')
  expect(await chart.getByText('No points').count()).toBe(0)
  expectClean()
  await close()
})

test('a range beyond one end says that it is open', async () => {
  const { page, close } = await openPage(browser, demo('metrics=train/loss&xmin=1000000'))
  await (await drawn(page, 'train/loss')).getByText('No points from 1,000,000 on').waitFor()
  await close()
})

test('values beyond what there is are said once, in one line', async () => {
  const { page, expectClean, close } = await openPage(
    browser,
    demo('smoothing=500&plots_per_row=9#/metrics?smoothing=500'),
  )
  await ready(page)
  expect((await said(page)).filter((words) => words.includes('500'))).toEqual([
    expect.stringContaining('smoothing: 500, shown with 100; plots_per_row: 9, shown with 6'),
  ])
  expect(await page.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('100')
  await page.getByRole('button', { name: 'Dismiss smoothing' }).click()
  expect((await said(page)).filter((words) => words.includes('500'))).toEqual([])
  expectClean()
  await close()
})

describe('a missing log', () => {
  test('is no matter of a file of a host that has none', async () => {
    const { page, close } = await openPage(
      browser,
      `${site.url}?db=${encodeURIComponent(`${host.url}alone.db`)}`,
    )
    await ready(page)
    expect(Object.keys(await charts(page)).length).toBeGreaterThan(0)
    expect(await page.locator('.log-mark').count()).toBe(0)
    expect(await page.getByText('-wal').count()).toBe(0)
    await close()
  })

  test('has a mark on a phone too, with its words in the sheet', async () => {
    const { page, expectClean, close } = await openPage(browser, site.url, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await dropAndDraw(page, [join(folder, 'alone.db')])
    await page.getByRole('button', { name: 'Source and project' }).click()
    await page
      .getByRole('dialog', { name: 'Source and project' })
      .getByText('newer rows are missing')
      .waitFor()
    expectClean()
    await close()
  })
})

test('the demo is a button beside the others', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  await ready(page)
  const zone = page.getByRole('region', { name: 'Drop zone' })
  expect(await zone.getByRole('button').allTextContents()).toEqual(
    expect.arrayContaining(['Choose files', 'Open the demo', 'Choose folder']),
  )
  await zone.getByRole('button', { name: 'Open the demo' }).click()
  await onPage(page, 'metrics')
  await ready(page)
  expect(await metrics(page)).toContain('train/loss')
  expectClean()
  await close()
})

test('a baseline that there is not is said: nothing passes for a difference to it', async () => {
  const { page, expectClean, close } = await openPage(browser, `${demo('')}#/metrics?base=run:gone`)
  await ready(page)
  expect((await said(page)).join('\n')).toMatch(/no run gone in this project: nothing is held against it/)
  await page.goto(`${demo('')}#/metrics?base=group:gone&diff=*`)
  await page.reload()
  await ready(page)
  expect((await said(page)).join('\n')).toMatch(/no such group: charts show no differences to it/)
  expectClean()
  await close()
})

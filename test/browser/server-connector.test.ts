import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  f64,
  type Logger,
  pythonMissing,
  type RealServer,
  startLogger,
  startServer,
  trackioPython,
} from '../python/python.ts'
import { builtPage, openPage, ready, useBrowser, useFolder } from './harness.ts'
import { figure, history, run, said, same, shownRuns } from './steps.ts'

/*
 * `trackio show --frontend dist`: the built page as the frontend of the real server, while the real trackio
 * logs.
 */

const folder = useFolder()
const browser = await useBrowser()

describe.skipIf(pythonMissing)('as the frontend of a trackio server, the page', { timeout: 60_000 }, () => {
  let server: RealServer
  let logger: Logger

  beforeAll(async () => {
    await trackioPython()
    logger = await startLogger(join(folder, 'trackio'))
    await logger.init({ project: 'other', name: 'elsewhere' })
    await logger.log({ loss: f64(0.5) })
    await logger.init({ project: 'live', name: 'first', config: { lr: 0.1 } })
    for (let step = 0; step < 200; step++)
      await logger.log({ 'train/loss': f64(lossAt(step)), 'train/gap': f64(step === 100 ? Number.NaN : 1) })
    await logger.flush()
    server = await startServer(join(folder, 'trackio'), builtPage())
  }, 300_000)
  afterAll(async () => {
    await server?.stop()
    await logger?.stop()
  })

  test('shows what Python logged, and rows as they are logged, with only those carried', async () => {
    const { page, requests, expectClean, close } = await openPage(browser, `${server.url}?project=live`)
    await ready(page)
    expect(await page.evaluate(() => document.documentElement.dataset.page)).toBe('metrics')
    expect(
      await page.evaluate(async () => (await window.trackio?.projects())?.map(({ name }) => name)),
    ).toEqual(['live', 'other'])
    const before = await history(page, 'live', 'first')
    same(
      before['train/loss']?.values ?? [],
      Array.from({ length: 200 }, (_, step) => lossAt(step)),
      'loss',
    )
    same(before['train/gap']?.values.slice(99, 102) ?? [], [1, Number.NaN, 1], 'a NaN')
    expect(await figure(page, 'train/gap').getAttribute('data-nonfinite')).toBe('1')

    const asked = requests.length
    await logger.log({ 'train/loss': f64(7.25) })
    await logger.flush()
    await expect
      .poll(async () => (await history(page, 'live', 'first'))['train/loss']?.values.at(-1), {
        timeout: 10_000,
      })
      .toBe(7.25)
    // the chart follows by itself
    await expect
      .poll(() => figure(page, 'train/loss').getAttribute('data-xmax'), { timeout: 10_000 })
      .toBe('200')
    // every answer is one of the API's; none is a whole database, and none goes elsewhere
    const since = requests.slice(asked).map((url) => url.replace(server.url, ''))
    expect(
      since.filter((path) => !/^(api\/(get_all_projects|query_project)|assets\/.*)$/.test(path)),
    ).toEqual([])

    await logger.init({ project: 'live', name: 'second', config: { lr: 0.2 } })
    for (let step = 0; step < 5; step++) await logger.log({ 'train/loss': f64(step) }, step)
    await logger.flush()
    await run(page, 'second').waitFor({ timeout: 10_000 })
    await expect
      .poll(async () => (await history(page, 'live', 'second'))['train/loss']?.steps, { timeout: 10_000 })
      .toEqual([0, 1, 2, 3, 4])
    await ready(page)
    expect((await shownRuns(page)).sort()).toEqual(['first', 'second'])
    expect((await said(page)).filter((words) => words !== 'live: all rows read')).toEqual([])
    expectClean()
    await close()
  })

  test('shows alerts as they are logged, and counts them from whatever page', async () => {
    await logger.init({ project: 'alerting', name: 'watched' })
    for (let step = 0; step < 5; step++) await logger.log({ loss: f64(1 / (step + 1)) })
    await logger.alert('before', undefined, 'info')
    await logger.flush()
    const { page, expectClean, close } = await openPage(browser, `${server.url}?project=alerting`)
    await ready(page)
    await page.getByRole('link', { name: 'Alerts 1', exact: true }).click()
    const rows = page.locator('.alert-row')
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(1)
    await logger.alert('Loss <b>spike</b>', 'rose by 30 %', 'error')
    await logger.flush()
    // without a row of metrics beside it, too
    await expect.poll(() => rows.first().innerText(), { timeout: 15_000 }).toContain('Loss <b>spike</b>')
    expect(await rows.first().innerText()).toMatch(/Error[\s\S]*watched[\s\S]*4[\s\S]*rose by 30 %/)
    await page.getByRole('link', { name: 'Alerts 2', exact: true }).waitFor()
    await page.getByRole('link', { name: 'Metrics', exact: true }).click()
    await expect.poll(() => figure(page, 'loss').getAttribute('data-alerts'), { timeout: 10_000 }).toBe('2')
    expectClean()
    await close()
  })

  test('renames and deletes runs for whoever opened the address that trackio printed, and keeps the token out of sight', async () => {
    await logger.init({ project: 'to change', name: 'goes' })
    await logger.log({ loss: 1 })
    await logger.init({ project: 'to change', name: 'stays' })
    await logger.log({ loss: 2 })
    await logger.finish()
    await logger.flush()
    const stranger = await openPage(browser, `${server.url}?project=tochange`)
    await ready(stranger.page)
    await menuOf(stranger.page, 'goes')
    expect(await stranger.page.getByRole('button', { name: 'Rename on the server' }).count()).toBe(0)
    await stranger.page.getByRole('button', { name: 'Rename run' }).click()
    await stranger.page.getByText('lets nobody change runs without its write token').waitFor()
    stranger.expectClean()
    await stranger.close()

    const { page, requests, expectClean, close } = await openPage(
      browser,
      `${server.address}&project=tochange`,
    )
    await ready(page)
    expect(page.url()).not.toContain('write_token')
    await menuOf(page, 'stays')
    await page.getByRole('button', { name: 'Rename on the server' }).click()
    // one types at once, and Esc leads back to the run
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName,
      )
    await expect.poll(focused).toBe('INPUT')
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('stays')
    await menuOf(page, 'stays')
    await page.getByRole('button', { name: 'Rename on the server' }).click()
    await page.getByLabel('New name').fill('stays, renamed')
    await page.getByRole('button', { name: 'Rename', exact: true }).click()
    // shown at once, and sent when the time to undo is over, or nobody needs it
    await run(page, 'stays, renamed').waitFor()
    const sent = () => requests.filter((url) => /api\/(rename|delete)_run/.test(url)).length
    expect(sent()).toBe(0)
    await page.getByRole('button', { name: 'Now', exact: true }).click()
    await expect.poll(() => page.locator('.change-line').count(), { timeout: 15_000 }).toBe(0)
    expect(sent()).toBe(1)
    await menuOf(page, 'goes')
    await page.getByRole('button', { name: 'Delete from the server' }).click()
    await run(page, 'goes').waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('stays, renamed')
    // undone, it was never sent
    await page.keyboard.press('Control+z')
    await run(page, 'goes').waitFor()
    expect(sent()).toBe(1)
    await menuOf(page, 'goes')
    await page.getByRole('button', { name: 'Delete from the server' }).click()
    await page.getByRole('button', { name: 'Now', exact: true }).click()
    await expect.poll(() => page.locator('.change-line').count(), { timeout: 15_000 }).toBe(0)
    expect(sent()).toBe(2)
    await ready(page)
    const runs = await page.evaluate(async () =>
      (await window.trackio?.runs('tochange'))?.map(({ name }) => name),
    )
    expect(runs).toEqual(['stays, renamed'])
    expect(requests.filter((url) => url.includes(server.token)).length).toBe(1) // the address itself
    expectClean()
    await close()
  })

  test('reads one at another address only where it may, and says why where it may not', async () => {
    const site = await startServer(join(folder, 'another'), builtPage())
    const { page, close } = await openPage(browser, `${site.url}?server=${encodeURIComponent(server.url)}`)
    await expect
      .poll(() => said(page), { timeout: 10_000 })
      .toContainEqual(expect.stringContaining('trackio show --frontend'))
    await close()
    await site.stop()
  })
})

function lossAt(step: number): number {
  return 2.5 / (1 + step / 7) + Math.sin(step) / 20
}

async function menuOf(page: Page, name: string): Promise<void> {
  await run(page, name).hover()
  await page.getByRole('button', { name: `More about ${name}`, exact: true }).click()
}

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { f64, type Logger, pythonMissing, startLogger, trackioPython } from '../python/python.ts'
import { builtPage, dropPaths, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { figure, history, onPage } from './steps.ts'

/*
 * trackio's own folder, dropped on the page while the real trackio logs into it.
 */

/** From being written to being on screen. */
const SOON = { timeout: 2000, intervals: [50] }
const home = join(useFolder(), 'trackio')
const browser = await useBrowser()
const site = await useServer(builtPage())

describe.skipIf(pythonMissing)('a dropped folder that trackio writes to', { timeout: 60_000 }, () => {
  let logger: Logger

  beforeAll(async () => {
    await trackioPython()
    logger = await startLogger(home)
    await logger.init({ project: 'live', name: 'first', config: { lr: 0.1 } })
    for (let step = 0; step < 50; step++) await logger.log({ loss: f64(1 / (step + 1)) })
    await logger.flush()
  }, 300_000)
  afterAll(async () => {
    await logger?.stop()
  })

  const values = async (page: Page, run: string): Promise<number[]> =>
    (await history(page, 'live', run)).loss?.values ?? []
  const runs = (page: Page): Promise<string[]> =>
    page.evaluate(async () => (await window.trackio?.runs('live'))?.map(({ name }) => name) ?? [])

  test('shows rows, runs, projects and media within two seconds of being written', async () => {
    const { page, expectClean, close } = await openPage(browser, site.url)
    await dropPaths(page, [home])
    await onPage(page, 'metrics')
    await ready(page)
    expect(await values(page, 'first')).toHaveLength(50)
    expect(await page.getByRole('complementary').textContent()).toContain('live')

    await logger.log({ loss: f64(-7) })
    await logger.flush()
    await expect.poll(() => figure(page, 'loss').getAttribute('data-xmax'), SOON).toBe('50')
    expect((await values(page, 'first')).at(-1)).toBe(-7)

    await logger.init({ project: 'live', name: 'second' })
    await logger.log({ loss: f64(3), picture: { $image: [2, 3] } })
    await logger.flush()
    await expect.poll(() => page.getByRole('checkbox', { name: 'second' }).count(), SOON).toBe(1)
    expect(await runs(page)).toEqual(['first', 'second'])

    // the picture is found by the path that its row names
    const path =
      readdirSync(join(home, 'media'), { recursive: true, encoding: 'utf8' }).find((name) =>
        name.endsWith('.png'),
      ) ?? ''
    const size = await page.evaluate(async (file) => (await window.trackio?.media('live', file))?.size, path)
    expect(size).toBe(statSync(join(home, 'media', path)).size)

    await logger.init({ project: 'another', name: 'only' })
    await logger.log({ loss: f64(1) })
    await logger.flush()
    await expect
      .poll(
        () =>
          page.getByRole('combobox', { name: 'Project', exact: true }).locator('option').allTextContents(),
        SOON,
      )
      .toEqual(['live', 'another'])
    // whatever came, the person still looks at what they looked at
    expect(await page.evaluate(() => document.querySelector('main h1')?.textContent)).toBe('Metrics of live')
    expectClean()
    await close()
  })
})

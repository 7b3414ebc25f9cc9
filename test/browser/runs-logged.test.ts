import type { BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropPaths,
  type Opened,
  openPage,
  ready,
  useBrowser,
  useFolder,
  useServer,
} from './harness.ts'
import { cells, heads, lines, names } from './runs-page.ts'
import { SIDE_RUNS, tableRows, tracesOf, writeSides } from './sides-project.ts'
import { onPage, soon } from './steps.ts'

/* Columns of the table of runs that are of what stands beside numbers. */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const COLUMNS =
  '#/runs?cols=picture:samples/face,media:samples/face,table:eval/completions,traces,last:p50 of grads/head'
const browser = await useBrowser()
const site = await useServer(builtPage())
const folder = useFolder()

beforeAll(async () => {
  await writeSides(folder)
})

describe('the table of runs', () => {
  test('offers columns of media, tables, traces and percentiles, and reads them when they are chosen', async () => {
    const { page, requests, expectClean, close } = await opened('#/runs?cols=state')
    const code = (): string[] => requests.filter((address) => /\/logged-columns-[^/]*\.js$/.test(address))
    expect(code()).toEqual([])
    await page.getByRole('button', { name: /^Columns/ }).click()
    for (const name of ['face, last picture', 'face, values', 'voice, values', 'completions, rows', 'Traces'])
      expect(await page.getByRole('checkbox', { name, exact: true }).count(), name).toBe(1)
    await page.getByRole('checkbox', { name: 'completions, rows' }).check()
    await page.getByRole('searchbox', { name: 'Search columns' }).fill('p50 of grads/h')
    await page.getByRole('checkbox', { name: 'p50 of grads/head' }).check()
    await page.keyboard.press('Escape')
    await soon(() => heads(page)).toEqual(['State', 'completions, rows', 'p50 of head, last'])
    expect(code()).toHaveLength(1)
    await soon(async () => (await cells(lines(page).nth(0))).length).toBe(4)
    await soon(() => page.url()).toMatch(/table:eval/)
    expectClean()
    await close()
  })

  test('has their values, sorts by them, and is reloaded by its link', async () => {
    const { page, close } = await opened(`${COLUMNS}&sort=-table:eval/completions`)
    const rows = new Map(SIDE_RUNS.map((run) => [run.name, tableRows(run, run.steps.at(-1) ?? 0).length]))
    await soon(() => names(page)).toEqual(['beta', 'alpha', 'gamma'])
    const found = await table(page)
    // beta has two pictures of its last step
    expect(found.beta?.slice(0, 4)).toEqual([
      'step 300',
      '5',
      String(rows.get('beta')),
      String(tracesOf(SIDE_RUNS[1]!)),
    ])
    expect(found.alpha?.slice(0, 4)).toEqual(['step 300', '4', String(rows.get('alpha')), '8'])
    expect(found.gamma?.slice(0, 4)).toEqual(['step 200', '3', String(rows.get('gamma')), ''])
    // the middle of what alpha counted is 0, and those of the others lie further right
    expect(Number(found.alpha?.[4])).toBeCloseTo(0, 3)
    expect(Number(found.gamma?.[4])).toBeGreaterThan(Number(found.beta?.[4]))
    await soon(() => page.locator('.logged-picture canvas:not(.blank)').count()).toBe(3)
    await page.getByRole('button', { name: 'Traces', exact: true }).click()
    await soon(() => names(page)).toEqual(['beta', 'alpha', 'gamma'])
    await page.getByRole('button', { name: 'Traces', exact: true }).click()
    await soon(() => names(page)).toEqual(['alpha', 'beta', 'gamma'])
    await soon(() => page.url()).toMatch(/sort=-traces/)
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await dropPaths(page, [folder])
    await onPage(page, 'runs')
    await ready(page)
    await soon(() => names(page)).toEqual(['alpha', 'beta', 'gamma'])
    await close()
  })

  test('leads from a cell to where its values are, by keys too', async () => {
    const { page, close } = await opened(COLUMNS)
    await soon(async () => (await table(page)).beta?.[3]).toBe('4')
    await page.locator('[data-run-id="id-beta"] [data-column="0"]').focus()
    await page.keyboard.press('Enter')
    const strip = page.getByRole('group', { name: /last picture/ })
    await strip.waitFor()
    await soon(() => strip.locator('canvas:not(.blank)').count()).toBe(1)
    await page.keyboard.press('Enter')
    await onPage(page, 'media')
    await soon(() => page.locator('.pane').count()).toBe(1)
    await page.goBack()
    await onPage(page, 'runs')
    await soon(async () => (await table(page)).beta?.[3]).toBe('4')
    await page.locator('[data-run-id="id-beta"] [data-column="3"]').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Open in Traces' }).click()
    await onPage(page, 'traces')
    await soon(() => page.url()).toMatch(/run=id-beta/)
    await close()
  })

  test.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' as const }],
    ['at 390 px', PHONE],
  ])('is accessible with them, %s', async (where, options) => {
    const { page, expectClean, close } = await opened(COLUMNS, options)
    await soon(() => page.locator('.logged-picture canvas:not(.blank)').count()).toBe(3)
    await expectAccessible(page, where)
    expectClean()
    await close()
  })
})

async function opened(hash: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const found = await openPage(browser, `${site.url}${hash}`, options)
  await dropPaths(found.page, [folder])
  await onPage(found.page, 'runs')
  await ready(found.page)
  return found
}

/** Texts of the cells of each run, without its name. */
async function table(page: Page): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const line of await lines(page).all()) {
    const [name = '', ...rest] = await cells(line)
    found[name] = rest
  }
  return found
}

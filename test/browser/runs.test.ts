import { beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { builtPage, dropFiles, openPage, ready, useBrowser, usePage, useServer } from './harness.ts'
import { cells, heads, lines, names, sweep } from './runs-page.ts'
import { download, onPage, soon } from './steps.ts'

/*
 * The table of runs over a sweep of 3 configurations × 3 seeds and a run that diverged, whose values are known.
 */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())
const opened = usePage(
  async (hash, options: object = {}) => {
    const session = await openPage(browser, site.url + hash, options)
    await dropFiles(session.page, [{ name: 'sweep.db', bytes: data }])
    await onPage(session.page, 'runs')
    await ready(session.page)
    return session
  },
  async (page) => {
    await soon(() => lines(page).count()).toBeGreaterThan(1)
    await soon(() => page.locator('.head-waits').count()).toBe(0)
  },
)
let data: Uint8Array

beforeAll(async () => {
  data = await sweep()
})

describe('the runs of a project', () => {
  test('are listed best first, with what differs between them and the statistics of their metrics', async () => {
    const { page, expectClean, close } = await opened('#/runs')
    expect(await heads(page)).toEqual([
      ...['State', 'Started', 'Duration', 'Steps', 'lr', 'accuracy, max', 'kl, last'],
    ])
    const first = await cells(lines(page).nth(0))
    expect(first).toEqual(['lr3-s3', 'ended', '1 Jan 08:00', '10 s', '10', '0.003', '0.3300', '3.000'])
    // NaN at its end: last, whatever it had reached
    expect(await names(page)).toEqual([
      ...['lr3-s3', 'lr3-s2', 'lr3-s1', 'lr2-s3', 'lr2-s2', 'lr2-s1', 'lr1-s3', 'lr1-s2', 'lr1-s1', 'broken'],
    ])
    expect(await page.getByRole('link', { name: 'Runs 10' }).count()).toBe(1)
    expectClean()
    await close()
  })

  test('are sorted by a head, by several with Shift, and the link says so', async () => {
    const { page, close } = await opened('#/runs')
    await page.getByRole('button', { name: 'lr', exact: true }).click()
    await soon(() => names(page)).toEqual([
      ...['lr1-s1', 'lr1-s2', 'lr1-s3', 'lr2-s1', 'lr2-s2', 'lr2-s3', 'lr3-s1', 'lr3-s2', 'lr3-s3', 'broken'],
    ])
    await page.getByRole('button', { name: 'accuracy, max' }).click({ modifiers: ['Shift'] })
    await soon(async () => (await names(page)).slice(0, 4)).toEqual(['lr1-s3', 'lr1-s2', 'lr1-s1', 'lr2-s3'])
    await soon(() => page.url()).toMatch(/sort=.*accuracy/)
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await dropFiles(page, [{ name: 'sweep.db', bytes: data }])
    await onPage(page, 'runs')
    await ready(page)
    await soon(async () => (await names(page)).slice(0, 4)).toEqual(['lr1-s3', 'lr1-s2', 'lr1-s1', 'lr2-s3'])
    await close()
  })

  test('come together by all keys but the seed: mean, interval, number; a group opens', async () => {
    const { page, close } = await opened('#/runs?group=seeds')
    // 0.31 0.32 0.33: mean 0.32, 4.3027 · 0.01 / √3 = 0.0248
    expect(await cells(lines(page).nth(0))).toEqual([
      ...['lr3 3', 'ended', '1 Jan 07:00', '10 s', '10', '0.003', '0.3200 ± 0.025', '2.000 ± 2.5'],
    ])
    await page.getByRole('button', { name: 'Open lr3' }).click()
    await soon(() => names(page)).toEqual([
      'lr3 3',
      'lr3-s3',
      'lr3-s2',
      'lr3-s1',
      'lr2 3',
      'lr1 3',
      'lr 0.009 1',
    ])
    await close()
  })

  test('are held against a baseline: what is within the noise of its seeds is told apart', async () => {
    const { page, close } = await opened('#/runs?group=seeds&cols=max:acc%2Faccuracy,Δmax:acc%2Faccuracy')
    await lines(page).nth(1).getByRole('gridcell').first().focus()
    await page.keyboard.press('b')
    // noise of lr2: 4.3027 · 0.01 · √(1/3 + 1/3) = 0.0351 for groups of three
    await soon(async () => (await cells(lines(page).nth(1)))[2]).toBe('baseline')
    expect((await cells(lines(page).nth(0)))[2]).toBe('+0.100')
    await soon(() => page.locator('footer').innerText()).toContain('Δ against lr2, 3 seeds')
    await close()
  })

  test('are filtered by a value that is clicked, and what stands in the head counts all', async () => {
    const { page, close } = await opened('#/runs')
    const cell = lines(page).nth(0).locator('[data-column="4"]')
    await cell.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Filter: lr = 0.003' }).click()
    await soon(() => names(page)).toEqual(['lr3-s3', 'lr3-s2', 'lr3-s1'])
    expect(await page.getByRole('searchbox', { name: 'Filter runs' }).first().inputValue()).toBe('lr = 0.003')
    expect(await page.getByText('3 of 10', { exact: true }).count()).toBe(1)
    await page.getByRole('searchbox', { name: 'Filter runs' }).first().fill('max(acc/accuracy) > 5')
    await page.getByText('No run matches').waitFor()
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await soon(async () => (await names(page)).length).toBe(10)
    await close()
  })

  test('have any statistic of any metric as a column', async () => {
    const { page, close } = await opened('#/runs?cols=count:acc%2Faccuracy,first:acc%2Faccuracy,nonfinite:kl')
    expect(await cells(lines(page).nth(0))).toEqual(['broken', '2', '0.9000', '0'])
    await page.getByRole('button', { name: /^Columns \d/ }).click()
    await page.getByRole('searchbox', { name: 'Search columns' }).fill('seed')
    await page.getByRole('checkbox', { name: 'seed' }).check()
    await soon(async () => (await heads(page)).at(-1)).toBe('seed')
    await close()
  })

  test('go by the keys alone, and out as CSV with every digit', async () => {
    const { page, close } = await opened('#/runs')
    await lines(page).nth(0).getByRole('gridcell').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('ended')
    await page.keyboard.press(' ')
    await soon(() => lines(page).nth(1).getByRole('checkbox').getAttribute('aria-checked')).toBe('false')
    await page.getByRole('button', { name: 'Export the table' }).click()
    const file = await download(page, () => page.getByRole('menuitem', { name: 'Download as CSV' }).click())
    const [head, first] = String(file.bytes).split('\n')
    expect(head).toBe('Run,State,Started,Duration,Steps,lr,max(acc/accuracy),last(kl)')
    expect(first).toBe('lr3-s3,ended,2026-01-01T08:00:00.000Z,10 s,10,0.003,0.33,3')
    await close()
  })

  test('go out with columns that nobody saw, read when they are asked for', async () => {
    const metrics = ['acc/accuracy', 'kl']
    const by = ['last', 'first', 'min', 'max', 'mean', 'tail', 'count', 'nonfinite']
    const cols = ['area:kl', ...by.flatMap((one) => metrics.map((metric) => `${one}:${metric}`))]
    const { page, close } = await opened(`#/runs?cols=state,started,${cols.join(',')}`)
    await page.getByRole('button', { name: 'Export the table' }).click()
    const file = await download(page, () => page.getByRole('menuitem', { name: 'Download as CSV' }).click())
    const rows = String(file.bytes)
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    expect(rows[0]).toHaveLength(3 + cols.length)
    expect(
      rows.slice(1).flatMap((row) => row.flatMap((cell, i) => (cell === '' ? [rows[0]?.[i]] : []))),
    ).toEqual([])
    await close()
  })

  test.each([
    ['on a desk', {}, '#/runs?group=seeds'],
    ['on a phone', PHONE, '#/runs'],
  ])('have nothing that axe complains of, %s', async (where, options, hash) => {
    const { page, expectClean, close } = await opened(hash, options)
    await expectAccessible(page, where)
    expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(
      await page.evaluate(() => innerWidth),
    )
    expectClean()
    await close()
  })
})

import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { builtPage, type Opened, openPage, ready, useBrowser, useServer } from './harness.ts'
import {
  charts,
  chooseInMenu,
  DEMO,
  DEMO_FILE,
  download,
  drawn,
  dropAndDraw,
  figure,
  history,
  metrics,
  run,
  same,
  shownRuns,
} from './steps.ts'

/*
 * One journey of one person, in order: each step starts where the one before ended.
 */

const browser = await useBrowser()
const site = await useServer(builtPage())
let opened: Opened

beforeAll(async () => {
  opened = await openPage(browser, site.url)
})

afterEach(() => opened.expectClean())

describe.sequential('a journey with a dropped file', () => {
  test('drop: all runs and metrics are there, and nothing is asked of any other host', async () => {
    const { page, requests } = opened
    await dropAndDraw(page, [DEMO_FILE])
    expect(
      await page.getByRole('combobox', { name: 'Project' }).locator('option:checked').textContent(),
    ).toBe(DEMO)
    expect(await shownRuns(page)).toHaveLength(8)
    expect(await metrics(page)).toHaveLength(20)
    const seen = await charts(page)
    expect(Object.keys(seen).length).toBeGreaterThanOrEqual(8)
    for (const [metric, data] of Object.entries(seen)) expect([metric, data.state]).toEqual([metric, 'ready'])
    expect(requests.filter((url) => !url.startsWith(site.url) && !/^(blob|data):/.test(url))).toEqual([])
    expect(site.requests.filter(({ path }) => path.endsWith('.db'))).toEqual([])
  })

  test('search: only matching metrics stay, and an invalid pattern counts as text', async () => {
    const { page } = opened
    const search = page.getByRole('searchbox', { name: 'Search metrics' })
    await page.keyboard.press('f')
    await page.keyboard.type('loss')
    await ready(page)
    expect(await metrics(page)).toEqual(['train/loss', 'eval/loss'])
    await page.getByRole('button', { name: 'Regular expression' }).click()
    await search.fill('^eval/(loss|piqa)')
    await ready(page)
    expect(await metrics(page)).toEqual(['eval/loss', 'eval/piqa_acc'])
    await search.fill('(loss')
    await ready(page)
    expect(await metrics(page)).toEqual([])
    await page.getByRole('button', { name: 'Regular expression' }).click()
    await search.press('Escape')
    await ready(page)
    expect(await metrics(page)).toHaveLength(20)
    await search.press('Escape')
  })

  test('runs: one off and on again, one alone and all again', async () => {
    const { page } = opened
    const series = async () => (await charts(page))['eval/arc_easy_acc']?.series
    await run(page, 'lion-lr1e-4-s0').click()
    await ready(page)
    expect([await run(page, 'lion-lr1e-4-s0').getAttribute('aria-checked'), await series()]).toEqual([
      'false',
      '7',
    ])
    await run(page, 'lion-lr1e-4-s0').press('Space')
    await ready(page)
    expect([await shownRuns(page).then((all) => all.length), await series()]).toEqual([8, '8'])
    await run(page, 'muon-lr2e-2-s1').press('o')
    await ready(page)
    expect([await shownRuns(page), await series()]).toEqual([['muon-lr2e-2-s1'], '1'])
    await run(page, 'muon-lr2e-2-s1').click({ modifiers: ['Alt'] })
    await ready(page)
    expect([await shownRuns(page).then((all) => all.length), await series()]).toEqual([8, '8'])
  })

  test('groups: by a config key, and one of them hidden as one', async () => {
    const { page } = opened
    await page.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'optimizer.name' })
    const groups = page.locator('[role=checkbox][aria-label^="Group "]')
    expect(
      await groups.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label')).sort()),
    ).toEqual(['Group adamw', 'Group lion', 'Group muon', 'Group sgd'])
    const adamw = page.getByRole('checkbox', { name: 'Group adamw' })
    await adamw.click()
    await ready(page)
    expect(await adamw.getAttribute('aria-checked')).toBe('false')
    expect((await shownRuns(page)).sort()).toEqual([
      'lion-lr1e-4-s0',
      'lion-lr3e-4-s0',
      'muon-lr2e-2-s0',
      'muon-lr2e-2-s1',
      'sgd-lr3e-1-s0',
    ])
    expect((await charts(page))['eval/arc_easy_acc']?.series).toBe('5')
    await run(page, 'adamw-lr6e-4-s0').click()
    expect(await adamw.getAttribute('aria-checked')).toBe('mixed')
    await adamw.click()
    await page.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'Group' })
    await ready(page)
    expect(await shownRuns(page)).toHaveLength(8)
  })

  test('filter: an expression over config and metrics narrows the list, not the charts', async () => {
    const { page } = opened
    await page.keyboard.press('/')
    await page.keyboard.type('lr < 1e-3 and seed = 0')
    await expect
      .poll(() => page.getByRole('group', { name: 'Runs', exact: true }).getByRole('checkbox').count())
      .toBe(3)
    expect((await charts(page))['eval/arc_easy_acc']?.series).toBe('8')
    const field = page.getByRole('searchbox', { name: 'Filter runs' })
    await field.fill('lr <')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.press('Escape')
    await field.press('Escape')
    expect(await page.getByRole('group', { name: 'Runs', exact: true }).getByRole('checkbox').count()).toBe(8)
  })

  test('smoothing: at 0 the drawn values are the logged ones', async () => {
    const { page } = opened
    await page.getByRole('radiogroup', { name: 'Range' }).getByRole('radio', { name: 'Full' }).click()
    const chart = await drawn(page, 'train/loss')
    const slider = page.getByRole('slider', { name: 'Smoothing' })
    const tip = page.locator('.chart-tip')
    const row = tip.locator('.chart-tip-row', { hasText: 'muon-lr2e-2-s1' })
    const { values = [] } = (await history(page, DEMO, 'muon-lr2e-2-s1', ['train/loss']))['train/loss'] ?? {}
    const words = (value = Number.NaN) => String(Number(value.toPrecision(5)))
    await slider.fill('4') // a mean of 5 points, of 3 at the last one
    await ready(page)
    await chart.getByRole('application').focus()
    await page.keyboard.press('End')
    const mean = values.slice(-3).reduce((sum, value) => sum + value, 0) / 3
    await expect.poll(() => row.textContent()).toBe(`muon-lr2e-2-s1${words(values.at(-1))}${words(mean)}`)
    expect(await tip.textContent()).toContain('Step 9,000')
    await slider.fill('0')
    await ready(page)
    await chart.getByRole('application').focus()
    await page.keyboard.press('End')
    await expect.poll(() => row.textContent()).toBe(`muon-lr2e-2-s1${words(values.at(-1))}`)
    // the axis holds all values as logged, and 6 % around them
    const all: number[] = []
    for (const name of await shownRuns(page)) {
      all.push(...((await history(page, DEMO, name, ['train/loss']))['train/loss']?.values ?? []))
    }
    const finite = all.filter(Number.isFinite)
    const [low, high] = [Math.min(...finite), Math.max(...finite)]
    expect(Number(await chart.getAttribute('data-ymin'))).toBeCloseTo(low - 0.06 * (high - low), 12)
    expect(Number(await chart.getAttribute('data-ymax'))).toBeCloseTo(high + 0.06 * (high - low), 12)
    await page.keyboard.press('Escape')
    expect(await tip.count()).toBe(0)
    await slider.fill('10')
    await page.getByRole('radiogroup', { name: 'Range' }).getByRole('radio', { name: 'Robust' }).click()
    await ready(page)
  })

  test('zoom: a drag in one chart zooms all of them; back, forward and reset', async () => {
    const { page } = opened
    const range = async () =>
      Object.values(await charts(page)).filter((data) => data.xmin !== undefined && Number(data.series) === 8)
    const reset = page.getByRole('button', { name: 'Reset zoom' })
    expect(await reset.count()).toBe(0)
    const box = await figure(page, 'eval/arc_easy_acc').getByRole('application').boundingBox()
    if (!box) throw new Error('no chart to drag in')
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2)
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2)
    await page.mouse.up()
    await ready(page)
    const zoomed = await range()
    expect(zoomed.length).toBeGreaterThanOrEqual(8)
    const [first] = zoomed
    expect(Number(first?.xmin)).toBeGreaterThan(1500)
    expect(Number(first?.xmax)).toBeLessThan(10_000)
    expect(new Set(zoomed.map(({ xmin, xmax }) => `${xmin} ${xmax}`)).size).toBe(1)
    await page.keyboard.press('[')
    await ready(page)
    expect(new Set((await range()).map(({ xmin, xmax }) => `${xmin} ${xmax}`))).toEqual(new Set(['0 12000']))
    await page.keyboard.press(']')
    await ready(page)
    expect((await range())[0]?.xmin).toBe(first?.xmin)
    await reset.click()
    await ready(page)
    expect(new Set((await range()).map(({ xmin, xmax }) => `${xmin} ${xmax}`))).toEqual(new Set(['0 12000']))
    expect(await reset.count()).toBe(0)
  })

  test('axes: log y by its radio and by its key; every x axis', async () => {
    const { page } = opened
    await page.getByRole('radiogroup', { name: 'Y scale' }).getByRole('radio', { name: 'Log' }).click()
    await ready(page)
    const chart = figure(page, 'eval/loss')
    expect(await chart.getAttribute('data-y-scale')).toBe('log')
    expect(Number(await chart.getAttribute('data-ymin'))).toBeGreaterThan(0)
    await page.keyboard.press('l')
    await ready(page)
    expect(await chart.getAttribute('data-y-scale')).toBe('linear')
    const axis = page.getByRole('combobox', { name: 'X axis' })
    for (const [label, wanted] of [
      ['Relative time', 'relative'],
      ['Wall time', 'wall'],
      ['tokens', 'tokens'],
      ['Step', 'step'],
    ] as const) {
      await axis.selectOption({ label })
      await ready(page)
      expect([label, await chart.getAttribute('data-x'), await chart.getAttribute('data-state')]).toEqual([
        label,
        wanted,
        'ready',
      ])
    }
  })

  test('table: every cell is the logged value, to the last bit', async () => {
    const { page } = opened
    const chart = await drawn(page, 'eval/loss')
    await chart.getByRole('button', { name: 'Show as table' }).click()
    const table = chart.getByRole('table')
    await table.locator('td[data-value]').first().waitFor()
    const read = await table.evaluate((element) => ({
      caption: element.querySelector('caption')?.textContent,
      heads: [...element.querySelectorAll('thead th')].map((head) => head.textContent?.trim()),
      rows: [...element.querySelectorAll('tbody tr')].map((row) =>
        [...row.children].map((cell) => cell.getAttribute('data-value')),
      ),
    }))
    expect(read.caption).toBe('eval/loss')
    expect(read.heads[0]).toBe('Step')
    expect(read.heads.slice(1).sort()).toEqual((await shownRuns(page)).sort())
    for (const [column, name] of read.heads.entries()) {
      if (column === 0) continue
      const { steps = [], values = [] } =
        (await history(page, DEMO, name ?? '', ['eval/loss']))['eval/loss'] ?? {}
      const cells = read.rows.filter((row) => row[column] !== null)
      same(
        cells.map((row) => Number(row[0])),
        steps,
        `steps of ${name}`,
      )
      same(
        cells.map((row) => Number(row[column])),
        values,
        `values of ${name}`,
      )
    }
    expect(read.rows.flat()).toContain('NaN')
    await run(page, 'sgd-lr3e-1-s0').click()
    await ready(page)
    expect(await table.locator('thead th').allTextContents()).not.toContain('sgd-lr3e-1-s0')
    await run(page, 'sgd-lr3e-1-s0').click()
    await chart.getByRole('button', { name: 'Show as chart' }).click()
    await ready(page)
    expect(await chart.getByRole('table').count()).toBe(0)
  })

  test('full screen: the arrows walk the metrics, Esc goes back to the chart', async () => {
    const { page } = opened
    const chart = figure(page, 'eval/hellaswag_acc')
    await chart.getByRole('application').focus()
    await page.keyboard.press('Enter')
    const dialog = (name: string) => page.getByRole('dialog', { name, exact: true })
    await dialog('eval/hellaswag_acc').waitFor()
    await page.keyboard.press('ArrowRight')
    await dialog('eval/lambada_acc').waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await dialog('eval/arc_easy_acc').waitFor()
    await ready(page)
    expect(
      await dialog('eval/arc_easy_acc')
        .getByRole('table', { name: 'Runs of this metric' })
        .getByRole('row')
        .count(),
    ).toBe(9)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('dialog').count()).toBe(0)
    expect(await chart.getByRole('application').evaluate((canvas) => canvas === document.activeElement)).toBe(
      true,
    )
  })

  test('CSV: all logged rows of the shown runs', async () => {
    const { page } = opened
    const chart = await drawn(page, 'train/loss')
    const { name, bytes } = await download(page, () => chooseInMenu(page, chart, 'Download CSV'))
    expect(name).toMatch(/train.loss\.csv$/)
    const [head, ...lines] = bytes.toString('utf8').trimEnd().split('\n')
    expect(head).toBe('run,run_id,step,timestamp,train/loss')
    const rows = lines.map((line) => line.split(','))
    let count = 0
    for (const name of await shownRuns(page)) {
      const {
        steps = [],
        values = [],
        timestamps = [],
      } = (await history(page, DEMO, name, ['train/loss']))['train/loss'] ?? {}
      const own = rows.filter(([run]) => run === name)
      same(
        own.map((row) => Number(row[2])),
        steps,
        `steps of ${name}`,
      )
      same(
        own.map((row) => Number(row[4])),
        values,
        `values of ${name}`,
      )
      expect(Math.abs(Date.parse(own[0]?.[3] ?? '') - (timestamps[0] ?? 0))).toBeLessThan(1)
      count += steps.length
    }
    expect(rows).toHaveLength(count)
  })

  test('PNG: an image of the chart', async () => {
    const { page } = opened
    const { name, bytes } = await download(page, () =>
      chooseInMenu(page, figure(page, 'train/loss'), 'Download PNG'),
    )
    expect(name).toMatch(/train.loss\.png$/)
    expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10])
    expect(bytes.readUInt32BE(16)).toBeGreaterThan(300)
    expect(bytes.readUInt32BE(20)).toBeGreaterThan(200)
    expect(bytes.length).toBeGreaterThan(5000)
  })

  test('keys: the list of keys, the sidebar, the crosshair and undo', async () => {
    const { page } = opened
    await page.getByRole('region', { name: 'All charts' }).focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('dialog').count()).toBe(0)
    await page.keyboard.press('\\')
    await page.getByRole('button', { name: 'Open sidebar' }).waitFor()
    await page.keyboard.press('\\')
    await page.getByRole('button', { name: 'Collapse sidebar' }).waitFor()
    await page.keyboard.press('l')
    await ready(page)
    expect(await figure(page, 'train/loss').getAttribute('data-y-scale')).toBe('log')
    await page.keyboard.press('Control+z')
    await ready(page)
    expect(await figure(page, 'train/loss').getAttribute('data-y-scale')).toBe('linear')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Jump to' }).waitFor()
    await page.keyboard.type('lambada')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('dialog').count()).toBe(0)
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('figure')?.getAttribute('data-metric')))
      .toBe('eval/lambada_acc')
  })
})

test('a link is the screen: what was chosen stands again after a reload and in another browser', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`, {
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await ready(page)
  await page.getByRole('searchbox', { name: 'Search metrics' }).fill('eval')
  await run(page, 'sgd-lr3e-1-s0').click()
  await run(page, 'adamw-lr6e-4-s1').click()
  await page.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'optimizer.name' })
  await page.getByRole('slider', { name: 'Smoothing' }).fill('3')
  await page.getByRole('radiogroup', { name: 'Y scale' }).getByRole('radio', { name: 'Log' }).click()
  await page.getByRole('radiogroup', { name: 'Columns' }).getByRole('radio', { name: '2' }).click()
  await ready(page)
  const box = await figure(page, 'eval/loss').getByRole('application').boundingBox()
  if (!box) throw new Error('no chart to drag in')
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, { steps: 3 })
  await page.mouse.up()
  await page.mouse.move(0, 0)
  await ready(page)
  const before = { charts: await charts(page), runs: await shownRuns(page), metrics: await metrics(page) }
  expect(before.runs).toHaveLength(6)
  expect(before.metrics).toHaveLength(6)

  await page.getByRole('button', { name: 'Copy link' }).click()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^http/)
  const link = await page.evaluate(() => navigator.clipboard.readText())
  await page.reload()
  await ready(page)
  expect({ charts: await charts(page), runs: await shownRuns(page), metrics: await metrics(page) }).toEqual(
    before,
  )
  expect(await page.getByRole('checkbox', { name: 'Group muon' }).getAttribute('aria-checked')).toBe('true')
  expectClean()
  await close()

  const other = await openPage(browser, link)
  await ready(other.page)
  expect({
    charts: await charts(other.page),
    runs: await shownRuns(other.page),
    metrics: await metrics(other.page),
  }).toEqual(before)
  other.expectClean()
  await other.close()
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExpectedRun } from '../engine/golden-fixtures.ts'
import { numberOf, readFixture, spelled, timeOf } from '../engine/golden-fixtures.ts'
import { builtPage, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import {
  charts,
  DEMO,
  DEMO_FILE,
  drawn,
  dropAndDraw,
  figure,
  history,
  metrics,
  onPage,
  run,
  same,
} from './steps.ts'

/*
 * The names and attributes that checks from outside rely on, and the reading handle.
 */

const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())

describe.sequential('the demo', () => {
  let page: Page
  let close: () => Promise<void>
  let expectClean: () => void

  beforeAll(async () => {
    ;({ page, close, expectClean } = await openPage(browser, site.url, { colorScheme: 'dark' }))
  })
  afterAll(async () => {
    expectClean()
    await close()
  })

  test('the page to open something: input, region, theme', async () => {
    await onPage(page, 'open')
    await ready(page)
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    expect(await page.locator('input[type=file][aria-label="Choose files"]').count()).toBe(1)
    expect(await page.getByRole('region', { name: 'Drop zone' }).count()).toBe(1)
    expect(await page.getByRole('button', { name: 'Open', exact: true }).count()).toBe(1)
    expect(await page.getByRole('main').textContent()).toMatch(/not uploaded/)
  })

  test('not settled while something opens, settled when it is drawn', async () => {
    await page.evaluate(() => {
      const seen: string[] = []
      new MutationObserver(() => seen.push(document.documentElement.dataset.ready ?? '')).observe(
        document.documentElement,
        {
          attributeFilter: ['data-ready'],
        },
      )
      Object.assign(window, { seen })
    })
    await dropAndDraw(page, [DEMO_FILE])
    expect(await page.evaluate(() => 'seen' in window && window.seen)).toContain('false')
    expect(await page.evaluate(() => document.documentElement.dataset.page)).toBe('metrics')
    await page.evaluate(() => window.trackio?.ready())
  })

  test('every chart in the window tells what it draws', async () => {
    const seen = Object.entries(await charts(page))
    expect(seen.length).toBeGreaterThan(5)
    for (const [metric, data] of seen) {
      expect([metric, data.state]).toEqual([metric, 'ready'])
      for (const name of ['xmin', 'xmax', 'ymin', 'ymax', 'series', 'clipped', 'nonfinite'] as const) {
        expect(
          Number.isFinite(Number(data[name])) && data[name] !== '',
          `${metric}: data-${name} is ${data[name]}`,
        ).toBe(true)
      }
      expect([data.x, data.yScale]).toEqual(['step', 'linear'])
      expect(
        await page.getByRole('figure', { name: metric, exact: true }).locator('canvas').count(),
      ).toBeGreaterThan(0)
      for (const tool of ['Show as table', 'Fullscreen', 'More']) {
        expect(
          await figure(page, metric).getByRole('button', { name: tool, exact: true }).count(),
          `${tool} of ${metric}`,
        ).toBe(1)
      }
    }
    const loss = Object.fromEntries(seen)['eval/loss']
    expect([loss?.series, loss?.xmin, loss?.xmax, loss?.nonfinite]).toEqual(['8', '0', '12000', '1'])
    expect(Number(loss?.clipped)).toBeGreaterThan(0)
  })

  test('a chart out of sight is drawn when it is scrolled to', async () => {
    const chart = await drawn(page, 'train/update_ratio')
    expect(await chart.getAttribute('data-state')).toBe('ready')
  })

  test('controls have their roles and names', async () => {
    const slider = page.locator('input[type=range][aria-label=Smoothing]')
    expect(
      await slider.evaluate((input) => ['min', 'max', 'step'].map((name) => input.getAttribute(name))),
    ).toEqual(['0', '20', '1'])
    expect(await slider.inputValue()).toBe('10')
    const counts = {
      'searchbox Search metrics': page.getByRole('searchbox', { name: 'Search metrics' }),
      'searchbox Filter runs': page.getByRole('searchbox', { name: 'Filter runs' }),
      'combobox X axis': page.getByRole('combobox', { name: 'X axis' }),
      'combobox Group by': page.getByRole('combobox', { name: 'Group by' }),
      'combobox Project': page.getByRole('combobox', { name: 'Project', exact: true }),
      'button Source': page.getByRole('button', { name: 'Source', exact: true }),
      'switch Latest only': page.getByRole('switch', { name: 'Latest only' }),
      'checkbox All runs': page.getByRole('checkbox', { name: 'All runs' }),
      'aside Runs and source': page.getByRole('complementary', { name: 'Runs and source' }),
      'footer Status': page.getByRole('contentinfo', { name: 'Status' }),
      'link Settings': page.getByRole('link', { name: 'Settings' }),
    }
    for (const [what, found] of Object.entries(counts)) expect([what, await found.count()]).toEqual([what, 1])
    const radios = (name: string) =>
      page
        .getByRole('radiogroup', { name, exact: true })
        .getByRole('radio')
        .evaluateAll((all) => all.map((radio) => radio.getAttribute('aria-label') ?? radio.textContent))
    expect(await radios('Y scale')).toEqual(['Linear', 'Log'])
    expect(await radios('Range')).toEqual(['Robust', 'Full', 'From zero'])
    expect(await radios('Columns')).toEqual(['Auto', '1', '2', '3', '4', '6'])
    const current = page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name: 'Metrics', exact: true })
    expect(await current.getAttribute('aria-current')).toBe('page')
  })

  test('runs are checkboxes with id, slot and exactly their name', async () => {
    const rows = await page
      .getByRole('group', { name: 'Runs', exact: true })
      .getByRole('checkbox')
      .evaluateAll((all) =>
        all.map((box) =>
          ['aria-label', 'aria-checked', 'data-run-id', 'data-slot'].map((name) => box.getAttribute(name)),
        ),
      )
    const runs = await page.evaluate(
      async (project) => (await window.trackio?.runs(project))?.map(({ id, name }) => [name, id]),
      DEMO,
    )
    expect(rows).toEqual((runs ?? []).map(([name, id], slot) => [name, 'true', id, String(slot)]).reverse())
    await page.getByRole('switch', { name: 'Latest only' }).click()
    await ready(page)
    expect(await page.getByRole('checkbox', { name: 'All runs' }).getAttribute('aria-checked')).toBe('mixed')
    expect(await run(page, 'muon-lr2e-2-s1').getAttribute('aria-checked')).toBe('true')
    expect(await run(page, 'sgd-lr3e-1-s0').getAttribute('aria-checked')).toBe('false')
    await page.getByRole('switch', { name: 'Latest only' }).click()
    await page.getByRole('checkbox', { name: 'All runs' }).click()
    await ready(page)
    expect(await run(page, 'muon-lr2e-2-s1').getAttribute('aria-checked')).toBe('false')
    expect(await page.getByRole('main').textContent()).toContain('No runs shown')
    await page.getByRole('checkbox', { name: 'All runs' }).click()
    await ready(page)
  })

  test('sections fold by their heading', async () => {
    const section = page.getByRole('region', { name: 'eval', exact: true })
    const head = section.getByRole('button', { name: /^eval/ }).first()
    expect(await head.getAttribute('aria-expanded')).toBe('true')
    await head.click()
    await ready(page)
    expect(await head.getAttribute('aria-expanded')).toBe('false')
    expect(await metrics(page)).not.toContain('eval/loss')
    await head.click()
    await ready(page)
    expect(await head.getAttribute('aria-expanded')).toBe('true')
    expect(await metrics(page)).toContain('eval/loss')
  })

  test('a metric that no shown run has is hidden with a word, and empty when it is shown', async () => {
    await run(page, 'adamw-lr3e-3-s0').click({ modifiers: ['Alt'] })
    await ready(page)
    expect(await metrics(page)).not.toContain('final/mmlu')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    const chart = await drawn(page, 'final/mmlu')
    expect([await chart.getAttribute('data-state'), await chart.getAttribute('data-series')]).toEqual([
      'empty',
      '0',
    ])
    await chart.getByRole('button', { name: 'Show those 7' }).click()
    await ready(page)
    expect([await chart.getAttribute('data-state'), await chart.getAttribute('data-series')]).toEqual([
      'ready',
      '7',
    ])
  })

  test('the handle lists what is open, and says what it does not know', async () => {
    const projects = await page.evaluate(() => window.trackio?.projects())
    expect(projects?.map(({ name, file }) => [name, file])).toEqual([[DEMO, `${DEMO}.db`]])
    const runs = await page.evaluate((id) => window.trackio?.runs(id), projects?.[0]?.id ?? '')
    expect(runs?.[0]).toMatchObject({
      name: 'sgd-lr3e-1-s0',
      group: 'sgd',
      status: null,
      config: { optimizer: { name: 'sgd', momentum: 0.9 } },
    })
    expect(Object.keys(await history(page, DEMO, runs?.[0]?.id ?? '', ['train/lr', 'epoch'])).sort()).toEqual(
      ['epoch', 'train/lr'],
    )
    const kinds = await page.evaluate(async (project) => {
      const { loss } = { loss: (await window.trackio?.history(project, 'sgd-lr3e-1-s0'))?.['train/loss'] }
      return [loss?.steps, loss?.values, loss?.timestamps].map((array) => array?.constructor.name)
    }, DEMO)
    expect(kinds).toEqual(['Float64Array', 'Float64Array', 'Float64Array'])
    const fails = async (project: string, run: string, metric: string) =>
      history(page, project, run, [metric]).then(
        () => 'no error',
        (error: Error) => error.message,
      )
    expect(await fails('gpt3', 'sgd-lr3e-1-s0', 'train/loss')).toMatch(/no project "gpt3"/)
    expect(await fails(DEMO, 'sgd', 'train/loss')).toMatch(/no run "sgd"/)
    expect(await fails(DEMO, 'sgd-lr3e-1-s0', 'train_loss')).toMatch(/no metric "train_loss"/)
  })
})

test('a link may ask for smoothing up to 100, and the slider then reaches there', async () => {
  const { page, expectClean, close } = await openPage(browser, `${site.url}?db=${DEMO}.db&smoothing=250`)
  await ready(page)
  const slider = page.getByRole('slider', { name: 'Smoothing' })
  expect([await slider.getAttribute('max'), await slider.inputValue()]).toEqual(['100', '100'])
  expectClean()
  await close()
})

describe('window.trackio reads what Python reads', () => {
  test.each(['v0.43.0', 'v0.1.1', 'mixed-0.23.0-0.36.0', 'rebuilt-0.23.0', 'extra-0.0.5'])(
    '%s',
    async (name) => {
      const fixture = readFixture(name)
      const root = join(folder, name)
      for (const { path, file } of fixture.files) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), new Uint8Array(await file.arrayBuffer()))
      }
      const { page, expectClean, close } = await openPage(browser, site.url)
      await dropAndDraw(page, [root])
      const open = (await page.evaluate(() => window.trackio?.projects())) ?? []
      expect(open.map((project) => project.name).sort()).toEqual(
        fixture.projects.map(({ project }) => project).sort(),
      )
      for (const wanted of fixture.projects) {
        const id = open.find((project) => project.name === wanted.project)?.id ?? ''
        const runs = (await page.evaluate((id) => window.trackio?.runs(id), id)) ?? []
        const order = wanted.runs.toSorted(
          (a, b) => compare(a.created_at, b.created_at) || compare(a.id ?? a.name, b.id ?? b.name),
        )
        expect(
          runs.map(({ id, name, group, config }) => ({ id, name, group, config: spelled(config) })),
        ).toEqual(order.map(({ id, name, group, config }) => ({ id, name, group, config })))
        for (const one of order) await checkHistory(page, id, one)
      }
      expectClean()
      await close()
    },
  )
})

async function checkHistory(page: Page, project: string, run: ExpectedRun): Promise<void> {
  const got = await history(page, project, run.id ?? run.name)
  expect(Object.keys(got).sort(), `metrics of ${run.name}`).toEqual(Object.keys(run.metrics).sort())
  for (const [metric, wanted] of Object.entries(run.metrics)) {
    const { steps = [], values = [], timestamps = [] } = got[metric] ?? {}
    same(steps, wanted.steps.map(numberOf), `steps of ${metric} of ${run.name}`)
    same(values, wanted.values.map(numberOf), `values of ${metric} of ${run.name}`)
    const [first, last] = wanted.timestamps_first_last.map(timeOf)
    expect([timestamps[0], timestamps.at(-1)].map((time) => time?.toFixed(2))).toEqual([
      first?.toFixed(2),
      last?.toFixed(2),
    ])
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

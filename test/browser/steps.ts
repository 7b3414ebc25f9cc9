import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Browser, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type {} from '../../src/state/host/page-api.ts'
import { dropPaths, type Opened, openPage, ready, usePage } from './harness.ts'

/** Things that people do on the page, by the names of the automation contract. */

export const DEMO = 'gpt2-124m-optimizers'
export const DEMO_FILE = join(import.meta.dirname, '..', '..', 'public', `${DEMO}.db`)

export interface Points {
  steps: number[]
  values: number[]
  timestamps: number[]
}

/** Drops files or folders on a page with nothing open, and waits until the charts are drawn. */
export async function dropAndDraw(page: Page, paths: string[]): Promise<void> {
  await dropPaths(page, paths)
  await onPage(page, 'metrics')
  await ready(page)
}

export async function onPage(page: Page, name: string): Promise<void> {
  await page.waitForFunction((wanted) => document.documentElement.dataset.page === wanted, name)
}

/** At each link of a page that it is asked for, what lies at `paths`. */
export function useDropped(
  browser: Browser,
  url: string,
  paths: string[],
  name: string,
): (hash: string, options?: object) => Promise<Opened> {
  return usePage(async (hash, options: object = {}) => {
    const session = await openPage(browser, url + hash, options)
    await dropPaths(session.page, paths)
    await onPage(session.page, name)
    await ready(session.page)
    return session
  })
}

/** Puts databases of a fixture, which are kept packed, into a folder. */
export function unpackFixture(fixture: string, names: readonly string[], to: string): void {
  mkdirSync(to, { recursive: true })
  const data = join(import.meta.dirname, '..', 'fixtures', fixture, 'data')
  for (const name of names)
    writeFileSync(join(to, `${name}.db`), gunzipSync(readFileSync(join(data, `${name}.db.gz`))))
}

export function figure(page: Page, metric: string): Locator {
  return page.locator(`main figure[data-metric=${JSON.stringify(metric)}]`).first()
}

/** Scrolls to a chart, and waits until it is drawn. */
export async function drawn(page: Page, metric: string): Promise<Locator> {
  const found = figure(page, metric)
  // what stands for a chart becomes that chart while it is scrolled to
  await expect
    .poll(() =>
      found.scrollIntoViewIfNeeded().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
  await expect.poll(() => found.getAttribute('data-state'), { timeout: 10_000 }).not.toBe('loading')
  await ready(page)
  return found
}

/**
 * What the charts in the window say of themselves, by metric; of alerts nothing: they are read once the
 * charts stand.
 */
export function charts(page: Page): Promise<Record<string, Record<string, string | undefined>>> {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>('main figure[data-metric]')]
        .filter((figure) => {
          const { top, bottom } = figure.getBoundingClientRect()
          return bottom > 0 && top < innerHeight
        })
        .map((figure) => [figure.dataset.metric ?? '', { ...figure.dataset, alerts: undefined }]),
    ),
  )
}

/** Names of the metrics that have a chart, drawn or to be drawn, in page order. */
export function metrics(page: Page): Promise<string[]> {
  return page
    .locator('main figure[data-metric]')
    .evaluateAll((all) => all.map((figure) => figure.getAttribute('data-metric') ?? ''))
}

/** The checkbox of a run. */
export function run(page: Page, name: string): Locator {
  return page.getByRole('group', { name: 'Runs', exact: true }).getByRole('checkbox', { name, exact: true })
}

/** Names of the shown runs, in list order. */
export function shownRuns(page: Page): Promise<string[]> {
  return page
    .getByRole('group', { name: 'Runs', exact: true })
    .locator('[role=checkbox][data-run-id][aria-checked=true]')
    .evaluateAll((all) => all.map((box) => box.getAttribute('aria-label') ?? ''))
}

/** `window.trackio.history`, as plain arrays. */
export function history(
  page: Page,
  project: string,
  run: string,
  metrics?: string[],
): Promise<Record<string, Points>> {
  return page.evaluate(
    async ([project, run, metrics]) => {
      const found = await window.trackio?.history(project, run, metrics ? { metrics } : {})
      return Object.fromEntries(
        Object.entries(found ?? {}).map(([name, { steps, values, timestamps }]) => [
          name,
          { steps: [...steps], values: [...values], timestamps: [...timestamps] },
        ]),
      )
    },
    [project, run, metrics] as const,
  )
}

/** Same doubles, NaN and the sign of zero included. */
export function same(got: readonly number[], wanted: readonly number[], what: string): void {
  const at = got.length === wanted.length ? got.findIndex((value, i) => !Object.is(value, wanted[i])) : 0
  if (at !== -1)
    expect({ length: got.length, at, value: got[at] }, what).toEqual({
      length: wanted.length,
      at,
      value: wanted[at],
    })
}

/** A menu entry of a chart. */
export async function chooseInMenu(page: Page, chart: Locator, entry: string): Promise<void> {
  await chart.hover()
  await chart.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menu', { name: 'More' }).getByRole('menuitem', { name: entry }).click()
}

/** What `act` hands to the browser's downloads. */
export async function download(
  page: Page,
  act: () => Promise<void>,
): Promise<{ name: string; bytes: Buffer }> {
  const [given] = await Promise.all([page.waitForEvent('download'), act()])
  return { name: given.suggestedFilename(), bytes: readFileSync(await given.path()) }
}

/** Words of everything that is said on the page: errors, warnings, notices. */
export function said(page: Page): Promise<string[]> {
  return page
    .locator('[role=alert], [role=status]')
    .evaluateAll((all) => all.map((one) => (one.textContent ?? '').trim()).filter(Boolean))
}

/** Waits for what the page does soon, also on a machine that has much to do. */
export function soon<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { timeout: 6000 })
}

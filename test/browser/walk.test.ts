import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { builtPage, dropFiles, openPage, ready, useBrowser, usePage, useServer } from './harness.ts'
import { cells, lines } from './runs-page.ts'
import { chooseInMenu, download, figure, history, onPage, soon } from './steps.ts'
import { SWEEP, sweepOf90 } from './sweep-90.ts'

/*
 * From the file of a sweep of 90 runs to an answer that can be handed on: docs/walk.md. Each drop, click, key and
 * text is an action.
 */

const BEST = 'sigmoid-lr1e-05-b0.1'
const SECOND = 'hinge-lr1e-05-b0.1'
const browser = await useBrowser()
const site = await useServer(builtPage())
const opened = usePage(async (hash, options: object = {}) => {
  const session = await openPage(browser, site.url + hash, options)
  await dropFiles(session.page, [{ name: `${SWEEP}.db`, bytes: data }])
  await soon(() => settled(session.page)).toBe(true)
  await ready(session.page)
  return session
})
let data: Uint8Array

beforeAll(async () => {
  data = await sweepOf90()
})

test('which of 90 runs is best, by how much beyond seed noise, and what made it so, in eleven actions', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url, {
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  let actions = 0
  const act = async <T>(work: () => Promise<T>): Promise<T> => {
    actions++
    const answer = await work()
    await ready(page)
    return answer
  }
  await act(() => dropFiles(page, [{ name: `${SWEEP}.db`, bytes: data }]))
  await onPage(page, 'metrics')
  await act(() => page.getByRole('combobox', { name: 'Group by' }).selectOption('seeds'))
  await act(() =>
    page.getByRole('radiogroup', { name: 'Draw' }).getByRole('radio', { name: 'Groups' }).click(),
  )
  const chart = figure(page, 'eval/loss')
  await chart.hover()
  await act(() => chart.getByRole('button', { name: 'Fullscreen' }).click())

  // the best configuration stands first, with its mean, its interval and its number of seeds
  const full = page.getByRole('dialog', { name: 'eval/loss' })
  const groups = full.getByRole('table', { name: 'Groups of this metric' })
  await soon(() => groups.locator('.group-side-head').count()).toBe(30)
  const [first = '', second = ''] = await groups.locator('.group-side-head').allInnerTexts()
  expect(first.trim().split(/\s+/)).toEqual([BEST, '3', '0.4496', '0.0042'])
  expect(second.trim().split(/\s+/).slice(0, 2)).toEqual([SECOND, '3'])
  // and is held against the second, by seed
  const verdict = full.getByRole('region', { name: 'Group against group' })
  // in sight without a scroll, below 30 groups
  const [place, window] = [await verdict.boundingBox(), page.viewportSize()]
  expect((place?.y ?? 0) + (place?.height ?? 0)).toBeLessThanOrEqual(window?.height ?? 0)
  const words = await verdict.innerText()
  const [, change = '', half = ''] = /Difference, by seed\s+−([\d.]+) ± ([\d.]+)/.exec(words) ?? []
  const known = await differences(page)
  expect(Number(change)).toBeCloseTo(-known.mean, 5)
  expect(Number(half)).toBeCloseTo(known.half, 3)
  // 0.0046 ± 0.017: three seeds do not tell them apart, and the page says so
  expect(known.half).toBeGreaterThan(-known.mean)
  expect(words).toContain('not told apart with 3 seeds')

  // the two alone, for the figure
  await act(() => page.keyboard.press('Escape'))
  await act(() =>
    page.getByRole('searchbox', { name: 'Filter runs' }).fill('learning_rate = 1e-5 and beta = 0.1'),
  )
  await act(() => page.getByRole('switch', { name: 'Charts follow filter' }).click())
  await soon(() => chart.getAttribute('data-groups')).toBe('2')
  actions++
  const { name, bytes } = await act(() => download(page, () => chooseInMenu(page, chart, 'Download PNG')))
  expect(name).toBe(`${SWEEP}-eval-loss.png`)
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')

  // what differs between them, and what that alone does, over all pairs of the sweep
  await act(async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('c')
  })
  await onPage(page, 'compare')
  await soon(async () => (await page.locator('.crumb').innerText()).trim()).toMatch('Compare 6')
  const line = page.getByRole('row').filter({ hasText: /^\s*to (hinge|sigmoid)/ })
  await soon(() => line.innerText()).toMatch(/[+−]0\.\d+\s+± 0\.\d+, n 45/)
  await act(() => page.getByRole('button', { name: 'Copy link' }).click())
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).toMatch(/#\/compare\?.*file=gpt2-xl-dpo-sweep\.db~\d+/)
  expect(actions).toBe(11)
  expectClean()
  await close()

  // who opens the link and drops the file sees the same
  const other = await openPage(browser, link)
  await dropFiles(other.page, [{ name: `${SWEEP}.db`, bytes: data }])
  await onPage(other.page, 'compare')
  await ready(other.page)
  await soon(async () => (await other.page.locator('.crumb').innerText()).trim()).toMatch('Compare 6')
  await other.close()
})

test('the table of runs finds the same, and says in its own words what it shows', async () => {
  const { page, close } = await opened('#/runs?group=seeds')
  const [name, , , , , , , , loss] = await cells(lines(page).nth(0))
  // in two parts, so that its end stays where there is little room
  expect(name?.replaceAll(' ', '')).toBe(`${BEST}3`)
  expect(loss).toBe('0.4496 ± 0.0042')
  // one notation in a column
  expect((await page.locator('.runs-cell .half').allInnerTexts()).filter((text) => /e−/.test(text))).toEqual(
    [],
  )
  const words = await page.locator('footer').innerText()
  expect(words).toContain('90 of 90 runs, 50 shown in charts')
  expect(words).not.toContain('50 of 90 runs')
  await close()
})

test('keys of the config that differ at their ends alone are told apart', async () => {
  const { page, close } = await opened('#/run')
  const ends = await page.locator('.config-key').evaluateAll((all) =>
    all
      .filter((key) => key.textContent?.startsWith('accelerator_config'))
      .map((key) => ({
        end: key.lastElementChild?.textContent,
        whole: (key.lastElementChild?.scrollWidth ?? 1) <= (key.lastElementChild?.clientWidth ?? 0),
      })),
  )
  expect(ends.length).toBeGreaterThan(9)
  expect(ends.every(({ whole }) => whole)).toBe(true)
  expect(new Set(ends.map(({ end }) => end)).size).toBe(ends.length)
  await close()
})

test('on a phone names of groups keep their ends, and heads of axes do not run into each other', async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
  const table = await opened('#/runs?group=seeds', phone)
  const ends = await table.page
    .locator('.runs-line.group .runs-name-text')
    .evaluateAll((all) => all.map((name) => name.lastElementChild?.textContent))
  expect(ends.slice(0, 3)).toEqual(['-05-b0.1', '-05-b0.1', '05-b0.05'])
  // days without their hours
  const range = table.page.locator('.runs-head-cell', { hasText: 'Started' }).locator('.head-range')
  expect((await range.innerText()).split(/\n/)).toEqual(['21 Sept', '24 Sept'])
  await table.close()
  const axes = await opened('#/runs?view=parallel', phone)
  const notes = await axes.page.locator('.parallel-note').evaluateAll((all) =>
    all.map((note) => ({
      within: [...note.children].every((part) => {
        const [inner, outer] = [part.getBoundingClientRect(), note.getBoundingClientRect()]
        return inner.left >= outer.left && inner.right <= outer.right
      }),
    })),
  )
  expect(notes.length).toBeGreaterThan(6)
  expect(notes.every(({ within }) => within)).toBe(true)
  await axes.close()
})

test('a button of the bar of a selection stands within it', async () => {
  const { page, close } = await opened('#/runs?view=parallel')
  const bar = await page.locator('.selection-bar').boundingBox()
  const button = await page.locator('.selection-bar .button').boundingBox()
  expect(button?.y).toBeGreaterThan((bar?.y ?? 0) + 1)
  expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThan((bar?.y ?? 0) + (bar?.height ?? 0) - 1)
  await close()
})

/** Mean of the differences of the two best configurations by seed, and half of its 95 % interval. */
async function differences(page: Page): Promise<{ mean: number; half: number }> {
  const each: number[] = []
  for (const seed of [42, 43, 44]) {
    const least: number[] = []
    for (const name of [BEST, SECOND]) {
      const found = await history(page, SWEEP, `${name}-s${seed}`, ['eval/loss'])
      least.push(Math.min(...(found['eval/loss']?.values ?? [])))
    }
    each.push((least[0] ?? Number.NaN) - (least[1] ?? Number.NaN))
  }
  const mean = each.reduce((sum, one) => sum + one, 0) / 3
  const sd = Math.sqrt(each.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2)
  // Student's t of two degrees of freedom
  return { mean, half: (4.302652729749462 * sd) / Math.sqrt(3) }
}

function settled(page: Page): Promise<boolean> {
  return page.evaluate(() => ['runs', 'run'].includes(document.documentElement.dataset.page ?? ''))
}

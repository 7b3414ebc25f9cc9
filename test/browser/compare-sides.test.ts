import { join } from 'node:path'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
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
import { SIDE_RUNS, tableRows, tracesOf, writeSides } from './sides-project.ts'
import { DEMO_FILE, download, onPage, soon } from './steps.ts'

/* What runs logged beside numbers, side by side in the comparison: it leads to the pages of each kind. */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const browser = await useBrowser()
const site = await useServer(builtPage())
const folder = useFolder()
const [alpha, beta, gamma] = SIDE_RUNS as [
  (typeof SIDE_RUNS)[0],
  (typeof SIDE_RUNS)[0],
  (typeof SIDE_RUNS)[0],
]

beforeAll(async () => {
  await writeSides(folder)
})

describe('runs side by side', () => {
  test('show their last pictures, each with its step where those differ', async () => {
    const { page, expectClean, close } = await opened('#/compare?q=face')
    expect(await cells(page, 'samples/face')).toEqual(['step 300', 'step 300, 1 of 2', 'step 200'])
    expect(await middle(page, 'samples/face')).toBe('image, each at its last step')
    // red, green, blue: the picture of each run
    for (const [i, strongest] of [0, 1, 2].entries()) {
      const canvas = line(page, 'samples/face').locator('canvas').nth(i)
      await soon(() => strongestOf(canvas)).toBe(strongest)
    }
    const names = await line(page, 'samples/face')
      .getByRole('button', { name: /^image, / })
      .evaluateAll((all) => all.map((one) => one.textContent))
    expect(names).toEqual([
      'image, alpha, step 300, alpha at 300',
      'image, beta, step 300, another one',
      'image, gamma, step 200, gamma at 200',
    ])
    await search(page, 'voice')
    expect(await middle(page, 'samples/voice')).toBe('audio clip, all at step 100')
    expect(await cells(page, 'samples/voice')).toEqual(['audio clip wav', 'audio clip wav', 'not logged'])
    expectClean()
    await close()
  })

  test('lead to Media: a picture to those of all runs, a key to all values of these runs', async () => {
    const { page, close } = await opened('#/compare?runs=gamma,beta&q=face')
    await page.getByRole('button', { name: /^image, gamma/ }).click()
    await onPage(page, 'media')
    await soon(() => page.locator('.pane').count()).toBe(2)
    const text = await page.locator('main').innerText()
    expect(text).toContain('gamma')
    expect(text).toContain('beta')
    expect(text).not.toContain('alpha')
    await page.goBack()
    await onPage(page, 'compare')
    await line(page, 'samples/face').getByRole('button', { name: 'samples/face', exact: true }).click()
    await onPage(page, 'media')
    await soon(() => page.locator('.media-row-head .name').allInnerTexts()).toEqual(['beta', 'gamma'])
    await close()
  })

  test('lay their histograms over each other at the last step that all have', async () => {
    const { page, close } = await opened('#/compare?q=grads')
    const head = page.locator('figure[data-histogram="grads/head"]')
    await soon(() => head.getAttribute('data-series')).toBe('3')
    expect(await head.getAttribute('data-kind')).toBe('outlines')
    expect(await head.locator('.chart-note').innerText()).toContain('3 runs at step 200')
    const body = page.locator('figure[data-histogram="grads/body"]')
    expect(await body.locator('.chart-note').innerText()).toContain('1 run at step 300')
    await head.hover()
    await head.getByRole('button', { name: 'Open in Histograms' }).click()
    await onPage(page, 'histograms')
    await soon(() => page.url()).toMatch(/step=200/)
    await close()
  })

  test('say how large their last tables are, and lead to the two of them row by row', async () => {
    const { page, close } = await opened('#/compare?q=completions')
    const size = (run: typeof alpha, step: number): string =>
      `${tableRows(run, step).length} × 2 step ${step}`
    await soon(() => cells(page, 'eval/completions')).toEqual([
      size(alpha, 300),
      `${size(beta, 300)} Compare rows`,
      `${size(gamma, 200)} Compare rows`,
    ])
    await page.getByRole('button', { name: 'Compare eval/completions of gamma with alpha' }).click()
    await onPage(page, 'tables')
    await soon(() => page.url()).toMatch(/diff=on/)
    await soon(() => page.locator('main').innerText()).toMatch(/alpha[\s\S]*300[\s\S]*gamma[\s\S]*200/)
    await close()
  })

  test('go out as CSV with the rest', async () => {
    const { page, close } = await opened('#/compare')
    await soon(() => page.locator('[data-line], .compare-row').count()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Export the comparison' }).click()
    const entry = page.getByRole('menuitem', { name: /^Download as CSV/ })
    await soon(() => entry.isEnabled()).toBe(true)
    const file = await download(page, () => entry.click())
    const lines = String(file.bytes).split('\n')
    const size = (run: typeof alpha, step: number): string =>
      `${tableRows(run, step).length} × 2 at step ${step}`
    expect(lines).toContain(
      'media,samples/face,,alpha at 300 at step 300,another one at step 300,gamma at 200 at step 200,,',
    )
    expect(lines).toContain(
      `tables,eval/completions,,${[size(alpha, 300), size(beta, 300), size(gamma, 200)].join(',')},,`,
    )
    expect(lines).toContain(`traces,Traces,,${tracesOf(alpha)} traces,${tracesOf(beta)} traces,,,`)
    await close()
  })

  test('count their traces and lead to those of a run', async () => {
    const { page, close } = await opened('#/compare?q=traces')
    await soon(() => cells(page, 'Traces')).toEqual([
      `${tracesOf(alpha)} 1 ended with an error`,
      `${tracesOf(beta)} 1 ended with an error`,
      'not logged',
    ])
    await page.getByRole('button', { name: '4 traces of beta' }).click()
    await onPage(page, 'traces')
    await soon(() => page.url()).toMatch(/run=id-beta/)
    await close()
  })

  test('are walked and opened by keys, folded, transposed, and reloaded by their link', async () => {
    const { page, close } = await opened('#/compare?runs=alpha,gamma&q=e')
    await line(page, 'samples/face').locator('[data-column="id-gamma"]').focus()
    await page.keyboard.press('Enter')
    await onPage(page, 'media')
    await soon(() => page.locator('.pane').count()).toBe(2)
    await page.goBack()
    await onPage(page, 'compare')
    await search(page, '')
    await page.getByRole('button', { name: 'Transpose' }).click()
    await soon(() => page.locator('figure[data-histogram="grads/head"]').count()).toBe(1)
    await search(page, 'face')
    await soon(() => page.locator('.side-media .note').allInnerTexts()).toEqual(['step 300', 'step 200'])
    // the address is written a moment later
    await soon(() => page.url()).toMatch(/q=face.*turn=on|turn=on.*q=face/)
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await dropPaths(page, [folder])
    await onPage(page, 'compare')
    await ready(page)
    await soon(() => page.locator('.side-media .note').allInnerTexts()).toEqual(['step 300', 'step 200'])
    await close()
  })

  test.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' as const }],
    ['at 390 px', PHONE],
  ])('are accessible, %s', async (where, options) => {
    const { page, expectClean, close } = await opened('#/compare?q=s', options)
    await soon(() => page.locator('.side-media canvas:not(.blank)').count()).toBeGreaterThan(0)
    await expectAccessible(page, where)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
    expect(wide).toBe(true)
    expectClean()
    await close()
  })

  test('a picture that is gone is said in its place', async () => {
    const { page, close } = await opened('#/compare?q=face', {}, [join(folder, 'sides.db')])
    await soon(() => line(page, 'samples/face').locator('.card-words b').allInnerTexts()).toEqual([
      'missing file',
      'missing file',
      'missing file',
    ])
    await close()
  })

  test('of a database that trackio wrote they show what it holds; of numbers alone nothing is fetched', async () => {
    const folded = '#/compare?fold=differ,metrics,some,facts,media,histograms,tables,traces'
    const real = await opened(folded, {}, [join(FIXTURES, 'v0.43.0', 'data', 'demoprojectv4ö.db')])
    const code = (one: Opened): string[] =>
      one.requests.filter((address) => /\/sides-[^/]*\.js$/.test(address))
    await soon(() => heads(real.page)).toEqual(['Media', 'Histograms', 'Tables', 'Traces'])
    expect(code(real)).toHaveLength(1)
    real.expectClean()
    await real.close()
    const plain = await opened(folded, {}, [DEMO_FILE])
    expect(await plain.page.locator('.compare-row.section').count()).toBeGreaterThan(1)
    expect(await heads(plain.page)).toEqual([])
    expect(code(plain)).toEqual([])
    await plain.close()
  })
})

/** Names of the sections of what stands beside numbers. */
async function heads(page: Page): Promise<string[]> {
  const all = await page.locator('.section-name b').allInnerTexts()
  return all.filter((name) => ['Media', 'Histograms', 'Tables', 'Traces'].includes(name))
}

async function opened(hash: string, options: BrowserContextOptions = {}, paths = [folder]): Promise<Opened> {
  const found = await openPage(browser, `${site.url}${hash}`, options)
  await dropPaths(found.page, paths)
  await onPage(found.page, 'compare')
  await ready(found.page)
  return found
}

function line(page: Page, label: string): Locator {
  return page
    .locator('.compare-body .compare-row')
    .filter({ has: page.getByRole('rowheader', { name: label, exact: true }) })
}

async function parts(page: Page, label: string): Promise<string[]> {
  return line(page, label)
    .locator('[role="gridcell"]')
    .evaluateAll((all) =>
      all
        .sort((a, b) => Number(a.getAttribute('aria-colindex')) - Number(b.getAttribute('aria-colindex')))
        .map((cell) => {
          const copy = cell.cloneNode(true) as HTMLElement
          for (const unseen of copy.querySelectorAll('.unseen')) unseen.remove()
          cell.after(copy)
          const text = copy.innerText.replace(/\s+/g, ' ').trim()
          copy.remove()
          return text
        }),
    )
}

const cells = async (page: Page, label: string) => (await parts(page, label)).slice(1)
const middle = async (page: Page, label: string) => (await parts(page, label))[0]

async function search(page: Page, text: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search keys and metrics' }).fill(text)
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true')
}

/** Which of red, green and blue is the strongest in the middle of a canvas; −1 while nothing is drawn. */
function strongestOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((one: HTMLCanvasElement) => {
    if (one.classList.contains('blank')) return -1
    const data = one.getContext('2d')?.getImageData(one.width >> 1, one.height >> 1, 1, 1).data ?? []
    const all = [data[0] ?? 0, data[1] ?? 0, data[2] ?? 0]
    return all.indexOf(Math.max(...all))
  })
}

import { ensure } from './data/ensure.mjs'
import { median, scrolled, visit } from './visit.mjs'

/** Logged tables: read whole in the worker, sorted and filtered there, drawn as far as they are in sight. */
export const TABLES = [
  {
    id: 'tables',
    what: 'table of 1 M rows, 100 steps as one: sort / filter, to pixels',
    target: 1000,
    second: 500,
    big: true,
    async run(bench) {
      const { tab, opened } = await table(bench, 'tables', '#/tables?steps=all', '1000001')
      const { page } = tab
      const sorts = []
      for (const name of ['tokens', 'reward', 'tokens', 'advantage']) {
        const click = () => page.getByRole('button', { name, exact: true }).click()
        sorts.push(await shown(page, click))
      }
      const filters = []
      for (const words of ['tokens ≥ 500', 'tokens ≥ 900']) {
        const value = words.split(' ').at(-1)
        const filter = `[[".tokens","≥",${value}]]`
        const change = () =>
          page.evaluate((text) => {
            location.hash = `#/tables?steps=all&filters=${encodeURIComponent(text)}`
          }, filter)
        filters.push(await shown(page, change))
      }
      const slow = await scrolled(page, '.data-sheet', '.data-line', 96, 200)
      const fast = await scrolled(page, '.data-sheet', '.data-line', 1600, 200)
      await tab.close()
      return {
        ours: median(sorts),
        and: median(filters),
        n: sorts.length,
        note: `open to rows ${opened.toFixed(0)} ms; sorts ${spread(sorts)} ms; 96 px a frame: max ${slow.max.toFixed(0)}, p95 ${slow.p95.toFixed(1)} ms; 1,600 px a frame: max ${fast.max.toFixed(0)}, p95 ${fast.p95.toFixed(1)} ms, ${fast.blank} of ${fast.n} frames with rows still on their way`,
      }
    },
  },
  {
    id: 'table-large',
    what: 'one table of 200 MB: file to its rows',
    target: 10_000,
    big: true,
    async run(bench) {
      const { tab, opened } = await table(bench, 'table200', '#/tables', '700001')
      await tab.close()
      return { ours: opened, n: 1, note: '700,000 rows × 6 columns' }
    },
  },
]

/** The page with a table open, and how long that took from the file on, ms. */
async function table(bench, shape, hash, rows) {
  const tab = await visit(bench.browser, `${bench.app}${hash}`)
  const input = tab.page.locator('input[type=file]').first()
  await input.waitFor({ state: 'attached', timeout: 30_000 })
  await tab.page.waitForTimeout(1000)
  const from = Date.now()
  await input.setInputFiles(ensure(shape))
  await tab.page.waitForFunction(
    (wanted) =>
      document.documentElement.dataset.ready === 'true' &&
      document.querySelector('.data-grid')?.getAttribute('aria-rowcount') === wanted &&
      document.querySelector('.data-line [data-value]') !== null,
    rows,
    { timeout: 240_000, polling: 50 },
  )
  const opened = Date.now() - from
  // bars of the heads
  await tab.page.waitForTimeout(4000)
  return { tab, opened }
}

/** From a change to the frame in which its rows stand, ms. */
async function shown(page, act) {
  const before = await page.evaluate(() => document.querySelector('.data-line')?.textContent)
  const from = Date.now()
  await act()
  await page.waitForFunction(
    (text) =>
      document.documentElement.dataset.ready === 'true' &&
      document.querySelector('.data-line')?.textContent !== text,
    before,
    { timeout: 60_000, polling: 'raf' },
  )
  const took = Date.now() - from
  await page.waitForTimeout(1500)
  return took
}

function spread(all) {
  return `${Math.min(...all)} to ${Math.max(...all)}`
}

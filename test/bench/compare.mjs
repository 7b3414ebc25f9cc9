import { ensure } from './data/ensure.mjs'
import { give, median, visit } from './visit.mjs'

/* Runs side by side: how soon the table stands, and how smoothly it scrolls in both directions. */

export const COMPARE = [
  {
    id: 'compare',
    what: '200 runs × 2,000 config keys side by side, to pixels',
    target: 100,
    async run(bench) {
      const tab = await visit(bench.browser, bench.app)
      await give(tab, ensure('keys2000'))
      const ids = await tab.page.evaluate(async () => {
        const [project] = await window.trackio.projects()
        const runs = await window.trackio.runs(typeof project === 'string' ? project : project.name)
        return runs.map(({ id }) => id)
      })
      // the page's code is here after the first time, as it is for whoever comes from the table of runs
      await show(tab.page, ids.slice(0, 2))
      const times = []
      for (let i = 0; i < 6; i++) {
        await show(tab.page, ids.slice(0, 2))
        times.push(await show(tab.page, ids))
      }
      const { cells, keys, frames } = await tab.page.evaluate(scroll)
      await tab.close()
      const effects = median(times.map(({ whole }) => whole))
      return {
        ours: median(times.map(({ first }) => first)),
        n: times.length,
        note: `${keys}; with effects ${effects.toFixed(0)} ms; ${cells} cells in the page; scrolling both ways: frame p95 ${frames.p95.toFixed(0)}, longest ${frames.max.toFixed(0)} ms`,
      }
    },
  },
]

/** ms from the address to the frame after the lines stand, and to that of the settled page. */
async function show(page, ids) {
  await page.evaluate(() => (location.hash = '#/metrics'))
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true')
  await page.waitForTimeout(300)
  return page.evaluate(
    async ([hash, count]) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
      const painted = async () => {
        await frame()
        await new Promise((resolve) => setTimeout(resolve))
        return performance.now()
      }
      const stands = () =>
        document.querySelector('.crumb')?.textContent.includes(`Compare ${count}`) &&
        document.querySelectorAll('.compare-body .compare-cell').length > 20
      const start = performance.now()
      location.hash = hash
      while (!stands()) await new Promise((resolve) => setTimeout(resolve))
      const first = (await painted()) - start
      while (document.documentElement.dataset.ready !== 'true') await frame()
      return { first, whole: performance.now() - start }
    },
    [`#/compare?runs=${ids.join(',')}`, ids.length],
  )
}

/** Down and to the right, 60 frames each. */
async function scroll() {
  const box = document.querySelector('.compare-sheet')
  const cells = document.querySelectorAll('.compare-body .compare-cell').length
  const keys = document.querySelector('.compare-sort').textContent
  const intervals = []
  let last
  for (let i = 0; i < 120; i++) {
    const now = await new Promise((resolve) => requestAnimationFrame(resolve))
    if (last !== undefined) intervals.push(now - last)
    last = now
    if (i % 2 === 0) box.scrollTop += 120
    else box.scrollLeft += 120
  }
  intervals.sort((a, b) => a - b)
  return {
    cells,
    keys: keys.replace(/(metrics)/, '$1, '),
    frames: { p95: intervals[Math.floor(intervals.length * 0.95)], max: intervals.at(-1) },
  }
}

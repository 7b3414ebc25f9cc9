import { ensure } from './data/ensure.mjs'
import { median, scrolled, visit } from './visit.mjs'

/** Steps far from each other, so that no row of one is there from the one before. */
const STEPS = [4_200_000, 17, 2_500_000, 4_999_999, 1_234_567, 3_141_592, 777_777, 2_718_281]

/** Every row of a run as it was logged: rows are read from the file again as they are looked at. */
export const RAW = [
  {
    id: 'raw',
    what: 'raw rows of a run of 5 M rows: jump to a step, to pixels / longest frame while scrolling',
    target: 30,
    second: 50,
    big: true,
    async run(bench) {
      const tab = await visit(bench.browser, `${bench.app}#/run?at=rows`)
      const input = tab.page.locator('input[type=file]').first()
      await input.waitFor({ state: 'attached', timeout: 30_000 })
      await tab.page.waitForTimeout(1000)
      await input.setInputFiles(ensure('raw'))
      await tab.page.waitForFunction(
        () =>
          document.documentElement.dataset.ready === 'true' &&
          document.querySelector('.raw-grid')?.getAttribute('aria-rowcount') === '5000001',
        undefined,
        { timeout: 240_000, polling: 100 },
      )
      await tab.page.waitForTimeout(2000)
      const jumps = []
      for (const step of STEPS) jumps.push(await jump(tab.page, step))
      const slow = await scrolled(tab.page, '.run-sheet', '.raw-line', 96, 200)
      const fast = await scrolled(tab.page, '.run-sheet', '.raw-line', 1600, 200)
      await tab.close()
      return {
        ours: median(jumps),
        and: Math.max(slow.max, fast.max),
        n: jumps.length,
        note: `jumps ${Math.min(...jumps).toFixed(0)} to ${Math.max(...jumps).toFixed(0)} ms; 96 px a frame: max ${slow.max.toFixed(0)}, p95 ${slow.p95.toFixed(1)} ms; 1,600 px a frame: max ${fast.max.toFixed(0)}, p95 ${fast.p95.toFixed(1)} ms, ${fast.blank} of ${fast.n} frames with rows still on their way`,
      }
    },
  },
]

/** From Enter in the field to the frame in which the row of the step stands with its values, ms. */
function jump(page, step) {
  return page.evaluate(async (step) => {
    const field = document.querySelector('input[aria-label="Jump to step"]')
    field.value = String(step)
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const row = () => document.querySelector(`.raw-line[data-row="${step + 1}"] [data-value]`)
    const from = performance.now()
    field.form.requestSubmit()
    while (!row()) await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    const took = performance.now() - from
    await new Promise((resolve) => setTimeout(resolve, 500))
    return took
  }, step)
}

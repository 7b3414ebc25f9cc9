import { ensure } from './data/ensure.mjs'
import { give, hover, median, visit } from './visit.mjs'

/** The System page over as many samples as the Metrics page has values in its row of 500 MB. */
export const SYSTEM = [
  {
    id: 'system',
    what: 'System: 20.7 M samples of 8 GPUs, 540 MB `.db`: first chart / all visible charts exact',
    target: 1500,
    second: 4000,
    big: true,
    async run(bench) {
      const loads = []
      for (let i = 0; i < 3; i++) {
        const tab = await visit(bench.browser, `${bench.app}#/system`)
        loads.push(await give(tab, ensure('machines')))
        await tab.close()
      }
      return {
        ours: median(loads.map((load) => load.first)),
        and: median(loads.map((load) => load.all)),
        n: loads.length,
        note: `${loads[0].charts} charts on screen`,
      }
    },
  },
  {
    id: 'system-slide',
    what: 'System: the same, smoothing slider, 9 charts × 8 lines × 259,200 samples, to the first chart',
    target: 100,
    big: true,
    async run(bench) {
      const tab = await opened(bench)
      const ticks = []
      for (const value of [20, 0, 13, 7, 17])
        ticks.push(
          await tab.page.evaluate((value) => window.__probe.after(() => window.__probe.slide(value)), value),
        )
      await tab.close()
      return {
        ours: median(ticks.slice(1).map(({ first }) => first)),
        n: ticks.length - 1,
        note: `all ${ticks[0].charts} visible charts ${median(ticks.slice(1).map(({ last }) => last)).toFixed(0)} ms`,
      }
    },
  },
  {
    id: 'system-hover',
    what: 'System: the same, hover: frame interval p95 with a move each 16 ms',
    target: 16.7,
    slack: 1.7,
    big: true,
    async run(bench) {
      const tab = await opened(bench)
      const box = await tab.page.evaluate(() => {
        const { x, y, width, height } = window.__probe
          .onScreen()[0]
          .querySelector('canvas')
          .getBoundingClientRect()
        return { x, y, width, height }
      })
      const mine = await hover(tab, box)
      await tab.close()
      return { ours: mine.p95, n: 90, note: `main thread ${mine.busy.toFixed(1)} ms a move` }
    },
  },
]

async function opened(bench) {
  const tab = await visit(bench.browser, `${bench.app}#/system`)
  await give(tab, ensure('machines'))
  await tab.page.waitForTimeout(500)
  return tab
}

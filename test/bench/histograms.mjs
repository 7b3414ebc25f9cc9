import { ensure } from './data/ensure.mjs'
import { give, hover, median, visit } from './visit.mjs'

/** The Histograms page: every step of every run as strips, 25,000 histograms in one card. */
export const HISTOGRAMS = [
  {
    id: 'histograms',
    what: 'Histograms: strips of 50 runs × 500 steps × 64 bins, 60 MB `.db`: file to all of them drawn',
    target: 2000,
    async run(bench) {
      const loads = []
      for (let i = 0; i < 3; i++) {
        const tab = await visit(bench.browser, `${bench.app}#/histograms?view=heat`)
        loads.push(await give(tab, ensure('histograms')))
        await tab.close()
      }
      return { ours: median(loads.map((load) => load.all)), n: loads.length }
    },
  },
  {
    id: 'histograms-axis',
    what: 'Histograms: the same 50 strips on another axis of values, to pixels',
    target: 100,
    async run(bench) {
      const tab = await opened(bench)
      const times = []
      for (const name of ['Linear', 'Symlog', 'Linear', 'Symlog', 'Linear'])
        times.push(
          await tab.page.evaluate(
            (name) =>
              new Promise((done) => {
                const button = [...document.querySelectorAll('[role=radio]')].find(
                  (one) => one.textContent === name,
                )
                const began = performance.now()
                button.click()
                requestAnimationFrame(() => {
                  const { port1, port2 } = new MessageChannel()
                  port1.onmessage = () => done(performance.now() - began)
                  port2.postMessage(0)
                })
              }),
            name,
          ),
        )
      await tab.close()
      return { ours: median(times.slice(1)), n: times.length - 1 }
    },
  },
  {
    id: 'histograms-hover',
    what: 'Histograms: the same, hover: frame interval p95 with a move each 16 ms',
    target: 16.7,
    slack: 1.7,
    async run(bench) {
      const tab = await opened(bench)
      const box = await tab.page.evaluate(() => {
        const { x, y, width } = document
          .querySelector('.histogram canvas.chart-overlay')
          .getBoundingClientRect()
        return { x, y, width, height: 500 }
      })
      const mine = await hover(tab, box)
      await tab.close()
      return { ours: mine.p95, n: 90, note: `main thread ${mine.busy.toFixed(1)} ms a move` }
    },
  },
]

async function opened(bench) {
  const tab = await visit(bench.browser, `${bench.app}#/histograms?view=heat`)
  await give(tab, ensure('histograms'))
  return tab
}

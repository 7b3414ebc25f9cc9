import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../../build/setup.mjs'
import { median } from './visit.mjs'

const PLACES = 1000
const RUNS = 10

/** The intervals of a chart's groups, without the chart: of the sources here, whichever build is measured. */
export const BOOTSTRAP = [
  {
    id: 'bootstrap',
    what: 'bootstrap intervals of ten runs at 1,000 places, the computation alone',
    target: 200,
    async run(bench) {
      const { outputFiles } = await build({
        entryPoints: [join(root, 'src/compute/aggregate.ts')],
        bundle: true,
        format: 'iife',
        globalName: 'aggregate',
        write: false,
      })
      const page = await bench.browser.newPage()
      await page.goto(bench.base)
      await page.addScriptTag({ content: outputFiles[0].text })
      const times = await page.evaluate(
        ([places, runs]) => {
          const { bandOf } = window.aggregate
          const rows = Array.from({ length: places }, () =>
            Float64Array.from({ length: runs }, Math.random).sort(),
          )
          const times = []
          for (let i = 0; i < 6; i++) {
            const from = performance.now()
            for (const row of rows) bandOf(row, row.length, 'iqm', 'bootstrap')
            times.push(performance.now() - from)
          }
          return times.slice(1)
        },
        [PLACES, RUNS],
      )
      await page.close()
      return { ours: median(times), n: times.length }
    },
  },
]

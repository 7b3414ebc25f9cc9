import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../tools/chromium.mjs'
import { launchLasting, median } from './visit.mjs'

/**
 * What logging costs the page that trains, and how fast rows are stored. In a window that keeps what it
 * stores: private ones write slowly.
 */
export const TRACKING = [
  {
    id: 'log',
    what: '`log()` of three numbers, a call',
    target: 20,
    unit: 'µs',
    run: (bench) =>
      inWindow(bench, async ([page]) => {
        const { log, empty, says } = await page.evaluate(async () => {
          const trackio = await import('/trackio.js')
          await trackio.init({ project: 'bench', name: 'log' })
          const each = async (count, call) => {
            const times = []
            for (let round = 0; round < 5; round++) {
              const start = performance.now()
              for (let i = 0; i < count; i++) call({ loss: i / 3, accuracy: i / 7, rate: 3e-4 })
              times.push(((performance.now() - start) * 1000) / count)
              await trackio.flush()
            }
            return times
          }
          const found = {
            log: await each(20_000, (row) => trackio.log(row)),
            empty: await each(20_000, () => {}),
            says: await each(1000, (row) => console.log(row)),
          }
          await trackio.finish()
          return found
        })
        return {
          ours: median(log),
          n: log.length,
          note: `console.log of the same ${median(says).toFixed(0)} µs, an empty function ${median(empty).toFixed(3)} µs`,
        }
      }),
  },
  {
    id: 'stored',
    what: '1 M rows logged and stored (100,000 a second are 10 s)',
    target: 10_000,
    big: true,
    run: (bench) =>
      inWindow(bench, async ([page]) => {
        const { ms, longest, dropped } = await page.evaluate(async () => {
          const trackio = await import('/trackio.js')
          await trackio.init({ project: 'bench', name: 'stored' })
          const start = performance.now()
          let longest = 0
          for (let i = 0; i < 1e6; ) {
            const turn = performance.now()
            for (let k = 0; k < 2000; k++, i++) trackio.log({ loss: i / 3, accuracy: i / 7, rate: 3e-4 })
            longest = Math.max(longest, performance.now() - turn)
            await new Promise((resolve) => setTimeout(resolve))
          }
          const { dropped } = await trackio.finish()
          return { ms: performance.now() - start, longest, dropped }
        })
        return {
          ours: ms,
          n: 1,
          note: `${Math.round(1e9 / ms).toLocaleString('en')} rows a second, ${dropped} dropped; 2,000 calls took ${longest.toFixed(0)} ms at most`,
        }
      }),
  },
  {
    id: 'ten-million',
    what: '10 M rows of one run logged and stored / a new visit resumes it',
    target: 100_000,
    second: 1000,
    big: true,
    run: (bench) =>
      inWindow(bench, async ([page, other]) => {
        const rows = 1e7
        const stored = await page.evaluate(async (rows) => {
          const trackio = await import('/trackio.js')
          await trackio.init({ project: 'bench', name: 'long' })
          const start = performance.now()
          for (let i = 0; i < rows; ) {
            for (let k = 0; k < 200_000; k++, i++) trackio.log({ loss: i / 3, accuracy: i / 7, rate: 3e-4 })
            await trackio.flush()
          }
          const { dropped } = await trackio.finish()
          return { ms: performance.now() - start, dropped }
        }, rows)
        await page.close()
        const resumed = await other.evaluate(async () => {
          const trackio = await import('/trackio.js')
          const start = performance.now()
          await trackio.init({ project: 'bench', name: 'long', resume: 'must' })
          const ms = performance.now() - start
          trackio.log({ loss: 0 })
          await trackio.finish()
          const [found] = await new trackio.Api().query(
            'bench',
            'SELECT count(*) AS rows, max(step) AS step FROM metrics',
          )
          const { size } = await trackio.exportDatabase('bench')
          return { ms, found, size }
        })
        const { found, size } = resumed
        if (stored.dropped > 0 || Number(found.rows) !== rows + 1 || Number(found.step) !== rows)
          throw new Error(`${JSON.stringify(found)}, ${stored.dropped} dropped`)
        const rate = Math.round((rows * 1000) / stored.ms).toLocaleString('en')
        return {
          ours: stored.ms,
          and: resumed.ms,
          n: 1,
          note: `${rate} rows a second, ${(size / 1e9).toFixed(1)} GB, all there`,
        }
      }),
  },
  {
    id: 'seen',
    what: 'a row logged in one tab is stored and told to another / the owner of the storage closes, and a row of another tab is stored',
    target: 1000,
    second: 1000,
    run: (bench) =>
      inWindow(bench, async ([owner, other]) => {
        const begin = (page) =>
          page.evaluate(async () => {
            window.trackio = await import('/trackio.js')
            await window.trackio.init({ project: 'bench', name: 'seen' })
            window.trackio.log({ ready: 1 })
            await window.trackio.flush()
            window.heard = undefined
            new BroadcastChannel('trackio-lite:rows').onmessage = () => {
              window.heard ??= Date.now()
            }
          })
        await begin(owner)
        await begin(other)
        const times = []
        for (let i = 0; i < 5; i++) {
          await other.evaluate(() => {
            window.heard = undefined
          })
          const logged = await owner.evaluate(() => {
            window.trackio.log({ loss: 1 })
            return Date.now()
          })
          await other.waitForFunction(() => window.heard !== undefined)
          times.push((await other.evaluate(() => window.heard)) - logged)
        }
        await owner.close()
        const taken = await other.evaluate(async () => {
          const start = performance.now()
          window.trackio.log({ loss: 2 })
          await window.trackio.flush()
          return performance.now() - start
        })
        return { ours: median(times), and: taken, n: times.length }
      }),
  },
]

/** Two tabs of a window with a folder of its own. */
async function inWindow(bench, measure) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-tracking-'))
  const context = await launchLasting(findChromium(), folder)
  try {
    const pages = [await context.newPage(), await context.newPage()]
    for (const page of pages) await page.goto(`${bench.app}config.json`) // a page of the site that does nothing itself
    return await measure(pages)
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

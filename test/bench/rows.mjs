import { ARTIFACTS } from './artifacts.mjs'
import { BOOTSTRAP } from './bootstrap.mjs'
import { COMPARE } from './compare.mjs'
import { ensure } from './data/ensure.mjs'
import { FAR } from './far.mjs'
import { FILES } from './files.mjs'
import { HISTOGRAMS } from './histograms.mjs'
import { LINEAGE } from './lineage.mjs'
import { LIVE } from './live.mjs'
import { MEDIA } from './media.mjs'
import { PLOTS } from './plots.mjs'
import { RAW } from './raw.mjs'
import { SYSTEM } from './system.mjs'
import { TABLE_OF_RUNS } from './table-of-runs.mjs'
import { TABLES } from './tables.mjs'
import { TRACES } from './traces.mjs'
import { give, hover, median, memory, visit } from './visit.mjs'

const CARD = { width: 392, height: 242 } // a chart at 1440 × 900, for uPlot to draw as large
const TICKS = [20, 0, 13, 7, 17, 3, 11, 5, 15, 9, 10] // values of the slider, each unlike the one before

/**
 * The moments of the table. `run` gets the bench and returns `ours`, and where there is one `base` (both in
 * ms unless `unit` says otherwise), `n` and a `note`. `second` is a further figure with a target of its own.
 */
export const ROWS = [
  {
    id: 'empty',
    what: 'page usable, warm cache, no data',
    target: 300,
    async run(bench) {
      const times = []
      const { page, close } = await visit(bench.browser, bench.app)
      for (let i = 0; i < 6; i++) {
        await page.waitForFunction(() => window.__probe.usable !== undefined)
        times.push(await page.evaluate(() => window.__probe.usable))
        await page.reload()
      }
      await close()
      return { ours: median(times.slice(1)), n: times.length - 1 }
    },
  },
  {
    id: 'small',
    what: '20 MB `.db`, 100 runs, 500 k values: file to first chart drawn',
    target: 500,
    run: (bench) => opening(bench, 'small', 5),
  },
  {
    id: 'half',
    what: '500 MB `.db`, 21 M values: first chart (preview allowed) / all visible charts exact',
    target: 1500,
    second: 4000,
    big: true,
    run: (bench) => opening(bench, 'half', 3),
  },
  {
    id: 'rows',
    what: '500 MB `.db` of 700 k rows × 8: the same',
    target: 1500,
    second: 4000,
    big: true,
    run: (bench) => opening(bench, 'rows', 3),
  },
  {
    id: 'huge',
    what: '2.1 GB `.db`: first chart (preview allowed) / all visible charts exact',
    target: 2000,
    big: true,
    run: (bench) => opening(bench, 'huge', 2),
  },
  {
    id: 'memory',
    what: '2.1 GB `.db`: memory of the page at rest',
    target: 1500,
    unit: 'MB',
    big: true,
    async run(bench) {
      const tab = await visit(bench.browser, bench.app)
      await give(tab, ensure('huge'), 240_000)
      await rest(tab)
      await tab.page.waitForTimeout(3000)
      const { heap, process } = await memory(tab)
      await tab.close()
      return { ours: (process ?? heap) / 1e6, n: 1, note: `page heap ${(heap / 1e6).toFixed(0)} MB` }
    },
  },
  {
    id: 'slider',
    what: 'smoothing slider, one chart of 200 lines × 5,000 rows, to pixels',
    target: 33,
    async run(bench) {
      const tab = await opened(bench, 'chart200', { all: true })
      const ticks = await slide(tab)
      const { width, height } = await boxOf(tab.page)
      await tab.close()
      // a chart alone is wider than one of many
      const card = { width: Math.round(width), height: Math.round(height) }
      const base = await plots(
        bench,
        (b, card) => b.slide({ lines: 200, rows: 5000, ticks: 10, ...card }),
        card,
      )
      return { ours: median(ticks.map((t) => t.last)), base, n: ticks.length, note: spread(ticks) }
    },
  },
  {
    id: 'toggle',
    what: 'toggle one run of 1,000 (50 shown, as at start), to the first visible chart drawn',
    target: 50,
    run: (bench) => toggling(bench, false),
  },
  {
    id: 'toggle-all',
    what: 'the same with all 1,000 shown',
    target: 50,
    run: (bench) => toggling(bench, true),
  },
  {
    id: 'bands',
    what: 'smoothing slider, 50 groups × 20 runs × 500 rows: mean lines and 95 % t bands, to pixels',
    target: 33,
    run: (bench) => banding(bench, 't95'),
  },
  {
    id: 'bands-bootstrap',
    what: 'the same with bootstrap bands of 2,000 resamples',
    target: 500,
    run: (bench) => banding(bench, 'bootstrap'),
  },
  ...BOOTSTRAP,
  {
    id: 'hover',
    what: 'hover, 12 synced charts × 200 lines: frame interval p95 with a move each 16 ms',
    target: 16.7,
    slack: 1.7, // an interval of one frame is a hit: timers of frames jitter
    async run(bench) {
      const tab = await opened(bench, 'charts12', { all: true, columns: '4' })
      await tab.page.waitForTimeout(500)
      const mine = await hover(tab, await boxOf(tab.page))
      const charts = await tab.page.evaluate(() => window.__probe.onScreen().length)
      await tab.close()
      const plain = await visit(bench.browser, bench.base)
      await plain.page.evaluate(
        (card) => window.baseline.hover({ charts: 12, lines: 200, rows: 500, ...card }),
        CARD,
      )
      const base = await hover(plain, await plain.page.locator('.u-over').nth(4).boundingBox())
      await plain.close()
      return {
        ours: mine.p95,
        base: base.p95,
        n: 90,
        note: `${charts} charts on screen; main thread ${mine.busy.toFixed(1)} ms a move (uPlot ${base.busy.toFixed(1)})`,
      }
    },
  },
  {
    id: 'zoom',
    what: 'zoom to 1 % of a line of 1 M rows, exact',
    target: 100,
    async run(bench) {
      const tab = await opened(bench, 'E', { columns: '1' })
      const times = []
      let seen = ''
      for (let i = 0; i < 5; i++) {
        const box = await boxOf(tab.page)
        const y = box.y + box.height / 2
        const x = box.x + 52 + (box.width - 130) * (0.2 + 0.12 * i)
        await tab.page.mouse.move(x, y)
        await tab.page.mouse.down()
        await tab.page.mouse.move(x + (box.width - 130) / 200, y)
        await tab.page.mouse.move(x + (box.width - 130) / 100, y)
        await tab.page.evaluate(() => {
          const probe = window.__probe
          probe.released = 0
          probe.zoomed = probe.after(async () => {
            for (let ms = 0; !probe.released && ms < 5000; ms++)
              await new Promise((resolve) => setTimeout(resolve, 1))
            return probe.released || undefined
          })
        })
        await tab.page.mouse.up()
        times.push(await tab.page.evaluate(() => window.__probe.zoomed))
        seen = await tab.page.evaluate(() => {
          const [figure] = window.__probe.onScreen()
          return `${figure.dataset.metric}: ${figure.dataset.xmin} to ${figure.dataset.xmax}`
        })
        await tab.page.getByRole('button', { name: 'Reset zoom' }).first().click()
        await tab.page.waitForTimeout(600)
      }
      await tab.close()
      const base = await plots(bench, (b) => b.zoom({ rows: 1_000_000, ticks: 5, width: 1150, height: 360 }))
      return {
        ours: median(times.map((t) => t.last)),
        base,
        n: times.length,
        note: `${spread(times)}; last: ${seen}`,
      }
    },
  },
  {
    id: 'scroll',
    what: 'scroll through 5,000 metrics: longest frame',
    target: 50,
    async run(bench) {
      const tab = await opened(bench, 'metrics5000')
      await tab.page.waitForTimeout(500)
      const slow = await scroll(tab.page, 120, 300)
      await rest(tab)
      const fast = await scroll(tab.page, 2000, 200)
      await rest(tab)
      const drawn = await tab.page.evaluate(
        () => window.__probe.onScreen().filter((f) => f.dataset.state === 'ready').length,
      )
      await tab.close()
      return {
        ours: Math.max(slow.max, fast.max),
        n: slow.n + fast.n,
        note: `120 px a frame: max ${slow.max.toFixed(0)}, p99 ${slow.p99.toFixed(0)} ms; 2,000 px a frame: max ${fast.max.toFixed(0)}, p99 ${fast.p99.toFixed(0)} ms; ${fast.px.toLocaleString('en')} px; ${drawn} charts drawn at the end`,
      }
    },
  },
  {
    id: 'download',
    what: 'download for the first chart, gzipped, SQLite included',
    target: 600,
    unit: 'kB',
    async run(bench) {
      bench.server.forget()
      const tab = await visit(bench.browser, bench.app)
      await give(tab, ensure('small'))
      await tab.close()
      const files = bench.server.gzipped()
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
      const largest = files
        .sort((a, b) => b.bytes - a.bytes)
        .slice(0, 3)
        .map(({ file, bytes }) => `${file.split(/[\\/]/).at(-1)} ${Math.round(bytes / 1000)}`)
      return { ours: total / 1000, n: files.length, note: `files: ${largest.join(', ')} …` }
    },
  },
  ...TABLE_OF_RUNS,
  ...PLOTS,
  ...LINEAGE,
  ...RAW,
  ...SYSTEM,
  ...TABLES,
  ...MEDIA,
  ...HISTOGRAMS,
  ...TRACES,
  ...ARTIFACTS,
  ...FILES,
  ...COMPARE,
  ...FAR,
  ...LIVE,
]

/**
 * The shapes that other dashboards were measured on, with the targets of each: load, smoothing, one run off,
 * hover, heap.
 */
export const PEERS = [
  { shape: 'A', targets: [300, 33, 33, 16.7, 50] },
  { shape: 'B', targets: [700, 100, 50, 16.7, 120] },
  { shape: 'C', targets: [500, 100, 50, 16.7, 80] },
  { shape: 'D', targets: [500, 50, 50, 16.7, 80] },
  { shape: 'E', targets: [500, 100, undefined, 16.7, 60] },
]

export async function peer(bench, shape) {
  const file = ensure(shape)
  const loads = []
  for (let i = 0; i < 2; i++) {
    const tab = await visit(bench.browser, bench.app)
    loads.push(await give(tab, file))
    await tab.close()
  }
  const tab = await visit(bench.browser, bench.app)
  loads.push(await give(tab, file))
  await rest(tab)
  const { heap, process } = await memory(tab)
  const ticks = await slide(tab)
  const run = tab.page.getByRole('checkbox', { name: 'run-000', exact: true }).first()
  const off = []
  for (let i = 0; shape !== 'E' && i < 6; i++) off.push(await click(tab.page, run))
  await tab.page.waitForTimeout(300)
  const moved = await hover(tab, await boxOf(tab.page))
  await tab.close()
  return {
    first: median(loads.map((l) => l.first)),
    exact: median(loads.map((l) => l.all)),
    smoothing: median(ticks.map((t) => t.last)),
    off: off.length ? median(off.map((t) => t.last)) : undefined,
    hover: moved.p95,
    busy: moved.busy,
    heap: heap / 1e6,
    process: process && process / 1e6,
    base: await sql(bench, file),
  }
}

async function opening(bench, shape, n) {
  const file = ensure(shape)
  const base = await sql(bench, file)
  const loads = []
  for (let i = 0; i < n; i++) {
    const tab = await visit(bench.browser, bench.app)
    loads.push(await give(tab, file))
    await tab.close()
  }
  return {
    ours: median(loads.map((l) => l.first)),
    and: median(loads.map((l) => l.all)),
    base,
    n,
    note: `${loads[0].charts} charts on screen`,
  }
}

async function opened(bench, shape, { all = false, columns } = {}) {
  const tab = await visit(bench.browser, bench.app)
  await give(tab, ensure(shape))
  if (all) {
    const box = tab.page.getByRole('checkbox', { name: /^All runs/ })
    if ((await box.getAttribute('aria-checked')) !== 'true') await box.click()
    await rest(tab)
  }
  if (columns) {
    await tab.page
      .getByRole('radiogroup', { name: 'Columns' })
      .getByRole('radio', { name: columns, exact: true })
      .click()
  }
  await rest(tab)
  return tab
}

/** Until nothing moves: the page says that it is settled, and goes on saying so. */
async function rest({ page }) {
  await page.waitForTimeout(200)
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', undefined, {
    timeout: 120_000,
    polling: 50,
  })
  await page.waitForTimeout(300)
}

async function slide({ page }) {
  const ticks = []
  const before = await page.evaluate(() => window.__probe.picture())
  for (const value of TICKS)
    ticks.push(await page.evaluate((value) => window.__probe.after(() => window.__probe.slide(value)), value))
  await page.evaluate(() => window.__probe.after(() => window.__probe.slide(0)))
  if (before === (await page.evaluate(() => window.__probe.picture())))
    throw new Error('the slider changed no pixel')
  return ticks.slice(1) // the first one warms up what the next ones use
}

/** Group lines on one chart, while the runs behind them are smoothed otherwise. */
async function banding(bench, band) {
  const hash = `#/metrics?group=group&draw=groups&band=${band}`
  const tab = await opened({ ...bench, app: bench.app + hash }, 'bands', { all: true })
  const groups = await tab.page.evaluate(() => window.__probe.onScreen()[0].dataset.groups)
  const ticks = await slide(tab)
  await tab.close()
  return {
    ours: median(ticks.map((t) => t.last)),
    n: ticks.length,
    note: `${groups} groups; ${spread(ticks)}`,
  }
}

async function toggling(bench, all) {
  const tab = await opened(bench, 'runs1000', { all })
  const run = tab.page.getByRole('checkbox', { checked: true, name: /s\d\d\d$/ }).first()
  await run.waitFor()
  const name = await run.getAttribute('aria-label')
  const one = name ? tab.page.getByRole('checkbox', { name, exact: true }).first() : run
  const times = []
  for (let i = 0; i < 8; i++) times.push(await click(tab.page, one))
  const series = await tab.page.evaluate(() => window.__probe.onScreen()[0].dataset.series)
  await tab.close()
  const base = await plots(
    bench,
    all
      ? (b, card) => b.toggle({ charts: 1, lines: 1000, rows: 100, ticks: 8, ...card })
      : (b, card) => b.toggle({ charts: 1, lines: 50, rows: 100, ticks: 8, ...card }),
  )
  const whole = median(times.map((t) => t.last))
  return {
    ours: median(times.map((t) => t.first)),
    base,
    n: times.length,
    note: `${series} lines; all ${times[0].charts} visible charts ${whole?.toFixed(0)} ms`,
  }
}

async function click(page, locator) {
  const element = await locator.elementHandle()
  const result = await page.evaluate((element) => window.__probe.after(() => element.click()), element)
  await page.waitForTimeout(50)
  return result
}

function boxOf(page) {
  return page.evaluate(() => {
    const { x, y, width, height } = window.__probe
      .onScreen()[0]
      .querySelector('canvas')
      .getBoundingClientRect()
    return { x, y, width, height }
  })
}

/** Scrolls what scrolls by a step each frame, downwards. */
function scroll(page, step, frames) {
  return page.evaluate(
    async ([step, frames]) => {
      let box = document.querySelector('figure[data-metric]')
      while (box && box.scrollHeight <= box.clientHeight + 10) box = box.parentElement
      box ??= document.scrollingElement
      const from = box.scrollTop
      const deltas = []
      let last = performance.now()
      for (let i = 0; i < frames; i++) {
        await new Promise((resolve) => requestAnimationFrame(resolve))
        const t = performance.now()
        deltas.push(t - last)
        last = t
        box.scrollTop += step
      }
      deltas.shift()
      deltas.sort((a, b) => a - b)
      return {
        max: deltas.at(-1),
        p99: deltas[Math.floor(deltas.length * 0.99)],
        n: deltas.length,
        px: box.scrollTop - from,
      }
    },
    [step, frames],
  )
}

/** ms of SQLite's own reading of the payloads, in the same browser. */
async function sql(bench, file) {
  const { page, close } = await visit(bench.browser, bench.base)
  await page.locator('input').setInputFiles(file)
  await page.evaluate(() => window.baseline.read())
  const times = []
  for (let i = 0; i < 2; i++) times.push((await page.evaluate(() => window.baseline.read())).ms)
  await close()
  return Math.min(...times)
}

/** Median ms of what uPlot does in the baseline page. */
async function plots(bench, what, card = CARD) {
  const { page, close } = await visit(bench.browser, bench.base)
  await page.waitForFunction(() => window.baseline)
  const times = await page.evaluate(`(${what})(window.baseline, ${JSON.stringify(card)})`)
  await close()
  return median(times)
}

function spread(times) {
  const known = times.map((t) => t.last).filter((t) => t !== undefined)
  return known.length
    ? `${Math.min(...known).toFixed(0)} to ${Math.max(...known).toFixed(0)} ms`
    : 'no chart was redrawn'
}

import { ensure } from './data/ensure.mjs'
import { median, quantile, visit } from './visit.mjs'

/** Columns that the link asks for, beside the facts: config keys and statistics of metrics. */
const KEYS = 97
const FACTS = ['state', 'started', 'duration', 'steps']
const NAMES = [
  ...[
    'loss',
    'accuracy',
    'lr',
    'grad_norm',
    'entropy',
    'reward',
    'throughput',
    'kl',
    'value_loss',
    'clip_frac',
  ],
]
const BY = ['last', 'min', 'max', 'mean', 'first']

/** The table of runs, 10,000 × 200, and of a project of 12,000 metrics. */
export const TABLE_OF_RUNS = [
  {
    id: 'runs',
    what: 'runs table, 10,000 runs × 200 columns: sort / a filter keystroke, to pixels',
    target: 50,
    second: 50,
    async run(bench) {
      const tab = await table(bench, 'runs10000', columnsOf(99))
      const sorts = []
      for (const name of ['accuracy, min', 'loss, last', 'lr, max', 'part1.key01', 'State'])
        for (let i = 0; i < 2; i++) sorts.push(await sorted(tab.page, name))
      const keys = []
      for (const text of [
        'train/loss < 1',
        'train/loss < 1.',
        'train/loss < 1.5 and batch',
        's00',
        's000',
        's00',
      ])
        keys.push(await typed(tab.page, text))
      await tab.close()
      return {
        ours: median(sorts),
        and: median(keys),
        n: sorts.length,
        note: `open to values ${tab.opened.toFixed(0)} ms; sorts ${spread(sorts)}, keystrokes ${spread(keys)}`,
      }
    },
  },
  {
    id: 'runs-scroll',
    what: 'the same, scrolled down and across: frame interval p95',
    target: 16.7,
    slack: 1.7,
    async run(bench) {
      const tab = await table(bench, 'runs10000', columnsOf(99))
      const down = await scrolled(tab, 'scrollTop', 140)
      const across = await scrolled(tab, 'scrollLeft', 90)
      await tab.close()
      const base = await plainTable(bench)
      return {
        ours: Math.max(down.p95, across.p95),
        base: Math.max(base.down.p95, base.across.p95),
        n: down.n + across.n,
        note: `140 px a frame down: p95 ${down.p95.toFixed(1)}, max ${down.max.toFixed(0)} ms, ${down.busy.toFixed(1)} ms of work; 90 px across: p95 ${across.p95.toFixed(1)}, max ${across.max.toFixed(0)} ms, ${across.busy.toFixed(1)} ms of work`,
      }
    },
  },
  {
    id: 'runs-wide',
    what: 'runs table of a project of 12,000 metrics: sort / a filter keystroke, to pixels',
    target: 50,
    second: 50,
    async run(bench) {
      const tab = await table(bench, 'metrics12000', '')
      const sorts = []
      for (const name of ['State', 'Steps', 'Duration'])
        for (let i = 0; i < 2; i++) sorts.push(await sorted(tab.page, name))
      const keys = []
      for (const text of ['s0', 's00', 's001', 'loss < 30']) keys.push(await typed(tab.page, text))
      await tab.close()
      return {
        ours: median(sorts),
        and: median(keys),
        n: sorts.length,
        note: `open to values ${tab.opened.toFixed(0)} ms; sorts ${spread(sorts)}, keystrokes ${spread(keys)}`,
      }
    },
  },
]

function columnsOf(metrics) {
  const keys = Array.from({ length: KEYS }, (_, k) => `config:part${k % 5}.key${String(k).padStart(2, '0')}`)
  const statistics = Array.from({ length: metrics }, (_, i) => {
    const name = NAMES[i % 10] + (i < 10 ? '' : `_${Math.floor(i / 10)}`)
    return `${BY[i % BY.length]}:train/${name}`
  })
  const cols = [
    ...FACTS,
    'last:train/loss',
    'min:train/accuracy',
    'max:train/lr',
    ...statistics.slice(3),
    ...keys,
  ]
  return `?cols=${cols.join(',')}`
}

/** The page with the file open, once every column in sight has its values. */
async function table(bench, shape, parameters) {
  const file = ensure(shape)
  const tab = await visit(bench.browser, `${bench.app}#/runs${parameters}`)
  const input = tab.page.locator('input[type=file]').first()
  await input.waitFor({ state: 'attached', timeout: 30_000 })
  await tab.page.waitForTimeout(1000)
  const began = performance.now()
  await input.setInputFiles(file)
  await tab.page.waitForFunction(
    () =>
      document.documentElement.dataset.ready === 'true' &&
      document.querySelector('.runs-line') !== null &&
      document.querySelector('.head-waits') === null,
    undefined,
    { timeout: 240_000, polling: 50 },
  )
  const opened = performance.now() - began
  await tab.page.waitForTimeout(1500)
  return { ...tab, opened }
}

/** From the click on a head to the frame after it, ms. */
function sorted(page, name) {
  return page.evaluate(async (name) => {
    const grid = document.querySelector('.runs-sheet')
    const find = () =>
      [...document.querySelectorAll('.runs-head-cell .head-name')].find(
        (one) => one.querySelector('.clip')?.textContent === name,
      )
    for (let left = 0; !find() && left < grid.scrollWidth; left += 600) {
      grid.scrollLeft = left
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    const head = find()
    if (!head) throw new Error(`no head ${name}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const from = performance.now()
    head.click()
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    const took = performance.now() - from
    await new Promise((resolve) => setTimeout(resolve, 300))
    return took
  }, name)
}

function typed(page, text) {
  return page.evaluate(async (text) => {
    const input = document.querySelector('main input[aria-label="Filter runs"]')
    const from = performance.now()
    input.value = text
    input.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    const took = performance.now() - from
    await new Promise((resolve) => setTimeout(resolve, 500))
    return took
  }, text)
}

/** Moves the table by so much each frame: intervals of the frames, and how long the page's main thread worked in one. */
async function scrolled({ page, cdp }, side, step, frames = 150, selector = '.runs-sheet') {
  const worked = async () =>
    (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value *
    1000
  await page.evaluate((selector) => document.querySelector(selector).scrollTo(0, 0), selector)
  await page.waitForTimeout(500)
  const before = await worked()
  const deltas = await page.evaluate(
    async ([side, step, frames, selector]) => {
      const grid = document.querySelector(selector)
      const deltas = []
      let last = performance.now()
      for (let i = 0; i < frames; i++) {
        await new Promise((resolve) => requestAnimationFrame(resolve))
        const now = performance.now()
        deltas.push(now - last)
        last = now
        grid[side] += step
      }
      return deltas.slice(1)
    },
    [side, step, frames, selector],
  )
  const busy = ((await worked()) - before) / frames
  return { p95: quantile(deltas, 0.95), max: Math.max(...deltas), n: deltas.length, busy }
}

/**
 * What a browser can do here at best: as many cells as the table has in sight and as far as it is scrolled, each a
 * word, laid out once.
 */
async function plainTable(bench) {
  const tab = await visit(bench.browser, bench.base)
  await tab.page.evaluate(() => {
    document.body.replaceChildren()
    document.body.style.margin = '0'
    const sheet = document.createElement('div')
    sheet.id = 'plain'
    sheet.style.cssText = 'height: 640px; width: 1440px; overflow: auto; font: 12.5px sans-serif'
    for (let row = 0; row < 800; row++) {
      const line = document.createElement('div')
      line.style.cssText = 'display: flex; height: 28px; width: 15000px; border-bottom: 1px solid #ddd'
      for (let column = 0; column < 24; column++) {
        const cell = document.createElement('span')
        cell.style.cssText = 'width: 112px; flex: none; padding: 0 8px; text-align: right'
        cell.textContent = (row * 0.37 + column / 7).toFixed(4)
        line.append(cell)
      }
      sheet.append(line)
    }
    document.body.append(sheet)
  })
  await tab.page.waitForTimeout(500)
  const down = await scrolled(tab, 'scrollTop', 140, 150, '#plain')
  const across = await scrolled(tab, 'scrollLeft', 90, 30, '#plain')
  await tab.close()
  return { down, across }
}

function spread(times) {
  return `${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms`
}

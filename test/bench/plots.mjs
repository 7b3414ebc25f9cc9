import { ensure } from './data/ensure.mjs'
import { quantile, visit } from './visit.mjs'

/** 20 axes: config keys of words, of few numbers and of many, and statistics of metrics. */
const AXES = [
  ...[
    'lr',
    'batch_size',
    'part0.key00',
    'part3.key03',
    'part1.key01',
    'part2.key02',
    'part4.key04',
    'part0.key05',
  ].map((key) => `config:${key}`),
  ...['last', 'min', 'max'].map((by) => `${by}:train/loss`),
  ...['accuracy', 'lr', 'grad_norm', 'entropy', 'reward', 'throughput', 'kl', 'value_loss'].map(
    (name) => `last:train/${name}`,
  ),
  'max:train/accuracy',
]
const FRAME = 16.7

/** The runs of a project of 10,000 as lines and as points. */
export const PLOTS = [
  {
    id: 'parallel',
    what: 'parallel coordinates, 10,000 runs × 20 axes: a brush dragged, a move each frame, interval of frames p95',
    target: FRAME,
    slack: 1.7,
    async run(bench) {
      const tab = await plot(bench, `?view=parallel&axes=${AXES.join(',')}`)
      const notes = []
      let worst = 0
      let n = 0
      // axes in sight: of few numbers, of many, of a metric
      for (const id of ['config:batch_size', 'config:part1.key01', 'last:train/loss']) {
        const box = await tab.page.locator(`.parallel-keys[data-axis="${id}"]`).boundingBox()
        if (!box) throw new Error(`no axis ${id}`)
        const x = box.x + box.width / 2
        const { deltas, busy } = await drag(tab, (share) => [
          x,
          box.y + box.height * (0.05 + 0.85 * (0.5 - 0.5 * Math.cos(share * 8.5))),
        ])
        const p95 = quantile(deltas, 0.95)
        worst = Math.max(worst, p95)
        n += deltas.length
        notes.push(
          `${id}: p95 ${p95.toFixed(1)}, max ${Math.max(...deltas).toFixed(0)} ms, ${busy.toFixed(1)} ms of work a move`,
        )
        const held = await tab.page.locator('.selection-bar b').innerText()
        notes.push(held)
        await tab.page.getByRole('button', { name: 'Clear brushes' }).click()
        await tab.page.waitForTimeout(400)
      }
      await tab.close()
      return { ours: worst, n, note: `open to lines ${tab.opened.toFixed(0)} ms; ${notes.join('; ')}` }
    },
  },
  {
    id: 'scatter',
    what: 'scatter, 10,000 runs: hover / lasso, a move each frame, interval of frames p95',
    target: FRAME,
    second: FRAME,
    slack: 1.7,
    async run(bench) {
      const tab = await plot(
        bench,
        '?view=scatter&xcol=last:train/loss&ycol=max:train/accuracy&color=config:lr',
      )
      const box = await tab.page.locator('.scatter-plot').boundingBox()
      const at = (share) => [
        box.x + box.width * (0.5 + 0.35 * Math.cos(share * 6.1)),
        box.y + box.height * (0.5 + 0.35 * Math.sin(share * 6.1)),
      ]
      const hover = await drag(tab, at, { press: false })
      const lasso = await drag(tab, at)
      const selected = await tab.page.locator('.selection-bar b').innerText()
      await tab.close()
      const [a, b] = [quantile(hover.deltas, 0.95), quantile(lasso.deltas, 0.95)]
      return {
        ours: a,
        and: b,
        n: hover.deltas.length,
        note: `open to points ${tab.opened.toFixed(0)} ms; ${hover.busy.toFixed(1)} and ${lasso.busy.toFixed(1)} ms of work a move; lasso max ${Math.max(...lasso.deltas).toFixed(0)} ms; ${selected}`,
      }
    },
  },
]

/** The page with the file open, once the plot and its table stand. */
async function plot(bench, parameters) {
  const file = ensure('runs10000')
  const tab = await visit(bench.browser, `${bench.app}#/runs${parameters}`)
  const input = tab.page.locator('input[type=file]').first()
  await input.waitFor({ state: 'attached', timeout: 30_000 })
  await tab.page.waitForTimeout(1000)
  const began = performance.now()
  await input.setInputFiles(file)
  await tab.page.waitForFunction(
    () =>
      document.documentElement.dataset.ready === 'true' && document.querySelector('.selection-bar') !== null,
    undefined,
    { timeout: 240_000, polling: 50 },
  )
  const opened = performance.now() - began
  await tab.page.waitForTimeout(2500)
  return { ...tab, opened }
}

/** Moves the mouse along a way, a move each 16 ms: intervals of the frames, and the work of the page for a move. */
async function drag({ page, cdp }, at, { press = true, moves = 120 } = {}) {
  const send = (type, share) => {
    const [x, y] = at(share)
    return cdp.send('Input.dispatchMouseEvent', {
      type,
      x,
      y,
      button: press ? 'left' : 'none',
      buttons: press ? 1 : 0,
      clickCount: press ? 1 : 0,
    })
  }
  const work = async () =>
    (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value *
    1000
  await send('mouseMoved', 0)
  await page.waitForTimeout(300)
  if (press) await send('mousePressed', 0)
  // the first move finds out what the other conditions let by
  await send('mouseMoved', 1 / moves)
  await page.waitForTimeout(200)
  await page.evaluate(() => (window.__probe.deltas = []))
  const before = await work()
  const begin = performance.now()
  const sent = []
  for (let i = 2; i <= moves; i++) {
    sent.push(send('mouseMoved', i / moves))
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begin + 16 * i - performance.now())))
  }
  await Promise.all(sent)
  const deltas = await page.evaluate(() => {
    const { deltas } = window.__probe
    window.__probe.deltas = undefined
    return deltas
  })
  const busy = ((await work()) - before) / moves
  if (press) await send('mouseReleased', 1)
  await page.waitForTimeout(500)
  return { deltas, busy }
}

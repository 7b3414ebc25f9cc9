import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const PROBE = fileURLToPath(new URL('page/probe.js', import.meta.url))

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--enable-precise-memory-info',
]

export async function launch(executablePath) {
  return chromium.launch({ executablePath, args: ARGS })
}

/**
 * A window that keeps what it stores in a folder of the disk, as people's do; the contexts of `launch` are
 * like private windows.
 */
export async function launchLasting(executablePath, folder) {
  return chromium.launchPersistentContext(folder, { executablePath, args: ARGS })
}

/**
 * A fresh profile with one page, 1440 × 900, that the probe watches. `opens`: what the address names is given
 * with it, when the page begins to load.
 */
export async function visit(browser, url, { opens = false } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1,
    colorScheme: 'light',
  })
  const page = await context.newPage()
  const errors = []
  page.on('pageerror', (error) => errors.push(String(error.message).slice(0, 200)))
  await page.addInitScript({ path: PROBE })
  if (opens) await page.addInitScript(() => void Object.assign(window.__probe ?? {}, { given: 0.001 }))
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable')
  await page.goto(url, { waitUntil: 'load' })
  return { browser, context, page, cdp, errors, close: () => context.close() }
}

/**
 * Gives the file and waits for the first chart, and for all visible ones drawn from all rows. Times in ms
 * from the giving.
 */
export async function give({ page, errors }, file, limit = 120_000) {
  const input = page.locator('input[type=file]').first()
  await input.waitFor({ state: 'attached', timeout: 30_000 })
  // a person needs longer than this to choose a file; what the page prepares meanwhile is done by then
  await page.waitForTimeout(1000)
  await page.evaluate(() => {
    window.__probe.first = undefined
    window.__probe.all = undefined
    window.__probe.given = 0
  })
  await input.setInputFiles(file)
  return drawn({ page, errors }, limit)
}

/** Waits for the first chart and for all visible ones, of what the page was given. */
export async function drawn({ page, errors }, limit = 120_000) {
  try {
    await page.waitForFunction(() => window.__probe.all !== undefined, undefined, {
      timeout: limit,
      polling: 100,
    })
  } catch {
    const state = await page.evaluate(() => ({
      first: window.__probe.first,
      ready: document.documentElement.dataset.ready,
      figures: window.__probe
        .onScreen()
        .map((f) => `${f.dataset.metric} ${f.dataset.state}`)
        .slice(0, 4),
      alert: document.querySelector('[role=alert]')?.textContent,
    }))
    throw new Error(
      `not all charts drawn after ${limit / 1000} s: ${JSON.stringify(state)} ${errors.join(' | ')}`,
    )
  }
  const { first, all } = await page.evaluate(() => ({ first: window.__probe.first, all: window.__probe.all }))
  return { first: first.at, all: all.at, charts: all.charts }
}

/**
 * After two collections: heap of the page without its workers, and the memory of its process where the system
 * tells (Linux).
 */
export async function memory({ browser, page, cdp }) {
  await cdp.send('HeapProfiler.collectGarbage')
  await page.waitForTimeout(500)
  await cdp.send('HeapProfiler.collectGarbage')
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize)
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  let process = 0
  for (const { type, id } of processInfo) {
    if (type !== 'renderer') continue
    try {
      process = Math.max(
        process,
        1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))[1]),
      )
    } catch {
      // not Linux, or a process that just ended: the figure is left out
    }
  }
  return { heap, process: process || undefined }
}

/**
 * Moves the mouse over a box, a move each 16 ms: 95th percentile of the frame interval, and how long the
 * page's main thread worked for each move.
 */
export async function hover({ page, cdp }, box, moves = 90) {
  const at = (i) => ({
    type: 'mouseMoved',
    x: box.x + box.width * (0.1 + (0.8 * i) / moves),
    y: box.y + box.height * (0.5 + 0.2 * Math.sin(i / 5)),
  })
  const busy = async () =>
    (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value *
    1000
  await cdp.send('Input.dispatchMouseEvent', at(0))
  await page.waitForTimeout(300)
  await page.evaluate(() => (window.__probe.deltas = []))
  const before = await busy()
  const begin = performance.now()
  const sent = []
  for (let i = 1; i <= moves; i++) {
    sent.push(cdp.send('Input.dispatchMouseEvent', at(i)))
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begin + 16 * i - performance.now())))
  }
  await Promise.all(sent)
  const deltas = await page.evaluate(() => {
    const { deltas } = window.__probe
    window.__probe.deltas = undefined
    return deltas
  })
  const after = await busy()
  await cdp.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: 2, y: 2 })
  await page.waitForTimeout(300)
  return { p95: quantile(deltas, 0.95), max: Math.max(...deltas), busy: (after - before) / moves }
}

/**
 * Scrolls rows down by so much each frame: intervals of the frames, and how many showed rows without their values.
 */
export async function scrolled(page, sheet, line, step, frames) {
  const { deltas, blank } = await page.evaluate(
    async ([sheet, line, step, frames]) => {
      const box = document.querySelector(sheet)
      const middle = () => {
        const { left, top, height } = box.getBoundingClientRect()
        return document.elementFromPoint(left + 60, top + height / 2)?.closest(line)
      }
      const deltas = []
      let blank = 0
      let last = performance.now()
      for (let i = 0; i < frames; i++) {
        await new Promise((resolve) => requestAnimationFrame(resolve))
        const now = performance.now()
        deltas.push(now - last)
        last = now
        if (!middle()?.querySelector('[data-value]')) blank++
        box.scrollTop += step
      }
      return { deltas: deltas.slice(1), blank }
    },
    [sheet, line, step, frames],
  )
  return { max: Math.max(...deltas), p95: quantile(deltas, 0.95), n: deltas.length, blank }
}

export function quantile(values, q) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]
}

export function median(values) {
  const known = values.filter((v) => v !== undefined).sort((a, b) => a - b)
  return known.length ? known[known.length >> 1] : undefined
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { builtPage, openPage, ready, useBrowser, useServer } from './harness.ts'
import { figure } from './steps.ts'

/*
 * What a page costs that stays open: commits every 50 ms while it is live on them, and sources that are
 * opened and closed again and again. A usual run is compressed to seconds; TRACKIO_SOAK=1 makes it three
 * minutes of commits and 200 sources.
 */

const LONG = process.env.TRACKIO_SOAK !== undefined
const LIVE_MS = LONG ? 180_000 : 8000
const SOURCES = LONG ? 200 : 40
/**
 * Bytes that the heaps of the page and the engine together may grow by, buffers included: what a leaked
 * source, frame or row object would exceed many times.
 */
const MAY_GROW = 3 << 20

const browser = await useBrowser()
const site = await useServer(builtPage())

interface Tracking {
  init(options: object): Promise<unknown>
  log(row: object): void
  flush(): Promise<void>
  finish(): Promise<{ rows: number; dropped: number; waiting: number }>
}

declare const window: Window & { tracking?: Tracking; rows?: number }

test(`commits every 50 ms for ${LIVE_MS / 1000} s: the page follows to the last one, its heaps and workers are what they were`, {
  timeout: LIVE_MS + 90_000,
}, async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  const writer = await page.context().newPage()
  await writer.goto(`${site.url}config.json`)
  await writer.addScriptTag({
    type: 'module',
    content: "import * as trackio from './trackio.js'\nwindow.tracking = trackio",
  })
  await writer.waitForFunction(() => window.tracking)
  /**
   * Commits for so long; its log is folded then, and the page has seen the last row. The log itself is held
   * by the page: up to 8 MB of it, twice while it is looked at.
   */
  const commit = async (ms: number): Promise<number> => {
    const { rows, finished } = await writer.evaluate(async (ms) => {
      const { tracking } = window
      if (!tracking) throw new Error('no tracking')
      await tracking.init({ project: 'soak', name: 'run', resume: 'allow' })
      const begun = window.rows ?? 0
      let rows = begun
      const flushing: Promise<void>[] = []
      await new Promise<void>((resolve) => {
        const end = performance.now() + ms
        const timer = setInterval(() => {
          tracking.log({ loss: 1 / (rows + 1), n: rows, rate: Math.sin(rows / 20) })
          rows++
          flushing.push(tracking.flush())
          if (performance.now() < end) return
          clearInterval(timer)
          resolve()
        }, 50)
      })
      await Promise.all(flushing)
      window.rows = rows
      return { rows, finished: await tracking.finish() }
    }, ms)
    expect(finished).toMatchObject({ dropped: 0, waiting: 0 })
    if (page.url().includes('tracked=')) {
      await expect
        .poll(() => figure(page, 'n').getAttribute('data-xmax'), { timeout: 10_000 })
        .toBe(String(rows - 1))
      await page.waitForTimeout(2500) // its next look, after two seconds, lets go of what the last one held
    }
    return rows
  }
  await commit(100)
  await page.bringToFront()
  await page.goto(`${site.url}?tracked=&project=soak`)
  await page.reload()
  await ready(page)
  const heaps = await measure(page)
  // the first seconds compile code and fill what is kept
  const first = await commit(LIVE_MS / 4)
  const before = { heap: await heaps.used(), workers: page.workers().length }
  const last = await commit((LIVE_MS * 3) / 4)
  const after = { heap: await heaps.used(), workers: page.workers().length }
  // a machine that is busy commits less often
  expect(last - first).toBeGreaterThan(LIVE_MS / 50 / 8)
  expect(after.workers).toBe(before.workers)
  // a row of three metrics is five doubles; columns grow by doubling
  expect(after.heap - before.heap, `${before.heap} to ${after.heap} bytes`).toBeLessThan(
    MAY_GROW + 80 * (last - first),
  )
  expectClean()
  await close()
})

test(`${SOURCES} sources opened and closed: heaps and workers are what they were`, {
  timeout: SOURCES * 3000 + 60_000,
}, async () => {
  const { page, expectClean, close } = await openPage(browser, site.url)
  const bytes = readFileSync(
    join(import.meta.dirname, '..', 'fixtures', 'wal-0.43.0', 'data', 'walproject.db'),
  )
  await page.evaluate((text) => {
    const content = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
    Object.assign(window, { content })
  }, bytes.toString('base64'))
  await cycle(page, 10)
  const heaps = await measure(page)
  const before = { heap: await heaps.used(), workers: page.workers().length, nodes: await heaps.nodes() }
  await cycle(page, SOURCES)
  // of a busy machine the last source is still being read
  await expect
    .poll(heaps.used, { message: `${before.heap} bytes before`, timeout: 20_000 })
    .toBeLessThan(before.heap + MAY_GROW)
  const after = { workers: page.workers().length, nodes: await heaps.nodes() }
  expect(after.workers).toBe(before.workers)
  expect(after.nodes - before.nodes, 'elements that nothing shows any more').toBeLessThan(300)
  expectClean()
  await close()
})

/** Drops a database, waits until its charts are drawn, and closes it, so many times. */
async function cycle(page: Page, times: number): Promise<void> {
  await page.evaluate(async (times) => {
    const state = document.documentElement.dataset
    const until = async (what: string, is: () => unknown): Promise<void> => {
      for (const end = Date.now() + 10_000; !is(); ) {
        if (Date.now() > end) throw new Error(`waited for ${what}`)
        await new Promise((resolve) => setTimeout(resolve))
      }
    }
    for (let i = 0; i < times; i++) {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([Reflect.get(window, 'content')], `soak-${i}.db`))
      for (const type of ['dragenter', 'dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
      await until(
        'the charts',
        () =>
          state.page === 'metrics' && state.ready === 'true' && document.querySelector('main figure canvas'),
      )
      document.querySelector<HTMLElement>('.source-button')?.click()
      const entry = (): HTMLElement | undefined =>
        [...document.querySelectorAll<HTMLElement>('.menu-item')].find((one) =>
          one.textContent?.startsWith('Close soak-'),
        )
      await until('the menu', entry)
      entry()?.click()
      await until('the first page', () => state.page === 'open')
    }
  }, times)
  await ready(page)
}

interface Heaps {
  /** Bytes used by the page and the engine's worker after garbage is collected, buffers included. */
  used(): Promise<number>
  /** Elements of the page, those that nothing shows included. */
  nodes(): Promise<number>
}

/**
 * Playwright gives no heap of a worker: its messages go over the page's session. The worker that only reads
 * bytes for the engine's is counted, not measured.
 */
async function measure(page: Page): Promise<Heaps> {
  const session: CDPSession = await page.context().newCDPSession(page)
  const workers = new Set<string>()
  const answers = new Map<number, (answer: { usedSize?: number; backingStorageSize?: number }) => void>()
  let asked = 0
  session.on('Target.attachedToTarget', ({ sessionId }) => workers.add(sessionId))
  session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId))
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message)
    answers.get(id)?.(result ?? {})
  })
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  })
  const ask = (
    sessionId: string,
    method: string,
  ): Promise<{ usedSize?: number; backingStorageSize?: number }> =>
    new Promise((resolve, reject) => {
      const id = ++asked
      answers.set(id, resolve)
      session
        .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) })
        .catch(reject)
    })
  const size = ({
    usedSize = 0,
    backingStorageSize = 0,
  }: {
    usedSize?: number
    backingStorageSize?: number
  }): number => usedSize + backingStorageSize
  return {
    async used() {
      for (let i = 0; i < 2; i++) {
        await session.send('HeapProfiler.collectGarbage')
        for (const worker of workers) await ask(worker, 'HeapProfiler.collectGarbage')
      }
      let sum = size(await session.send('Runtime.getHeapUsage'))
      for (const worker of workers) sum += size(await ask(worker, 'Runtime.getHeapUsage'))
      expect(workers.size).toBeGreaterThan(0)
      return sum
    },
    nodes: async () => (await session.send('Memory.getDOMCounters')).nodes,
  }
}

import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { visit } from './visit.mjs'

const DEMO = fileURLToPath(new URL('../../public/gpt2-124m-optimizers.db', import.meta.url))
const GIGABYTE = 1 << 30

/** Files beside a project: hashed in the worker, piece by piece. */
export const FILES = [
  {
    id: 'sha256',
    what: 'sha256 of a file of 1 GB, with progress / cancelled half-way',
    target: 15_000,
    second: 500,
    big: true,
    async run(bench) {
      const folder = mkdtempSync(join(tmpdir(), 'trackio-lite-bench-'))
      const tab = await visit(bench.browser, `${bench.app}#/files?file=large.bin`)
      try {
        const expected = write(folder)
        const { page } = tab
        const data = { items: [], files: [join(folder, 'trackio')], dragOperationsMask: 1 }
        for (const type of ['dragEnter', 'dragOver', 'drop'])
          await tab.cdp.send('Input.dispatchDragEvent', { type, x: 700, y: 400, data })
        const compute = page.getByRole('button', { name: 'compute' })
        await compute.waitFor({ timeout: 60_000 })
        // given up half-way: the page is as before, and the worker answers others at once
        await compute.click()
        await page.waitForFunction(
          () => Number(document.querySelector('.hash-line')?.getAttribute('aria-valuenow')) >= 50,
          undefined,
          { timeout: 60_000, polling: 20 },
        )
        const gaveUp = Date.now()
        await page.getByRole('button', { name: 'Cancel' }).click()
        await compute.waitFor()
        const cancelled = Date.now() - gaveUp
        await page.evaluate(watch)
        const from = Date.now()
        await compute.click()
        await page.waitForSelector('[data-sha256]', { timeout: 120_000 })
        const took = Date.now() - from
        const hex = await page.locator('[data-sha256]').getAttribute('data-sha256')
        if (hex !== expected) throw new Error(`sha256: ${hex} instead of ${expected}`)
        const { steps, longest } = await page.evaluate(() => window.__hash)
        return {
          ours: took,
          and: cancelled,
          n: 1,
          note: `${(GIGABYTE / 1e6 / (took / 1000)).toFixed(0)} MB/s, ${steps} steps of progress; longest main-thread task ${longest.toFixed(0)} ms`,
        }
      } finally {
        await tab.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  },
]

/** Counts what the progress shows, and the longest task of the page meanwhile. */
function watch() {
  const seen = new Set()
  window.__hash = { steps: 0, longest: 0 }
  new MutationObserver(() => {
    const now = document.querySelector('.hash-line')?.getAttribute('aria-valuenow')
    if (now) seen.add(now)
    window.__hash.steps = seen.size
  }).observe(document.body, { subtree: true, attributes: true, childList: true })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      window.__hash.longest = Math.max(window.__hash.longest, duration)
  }).observe({ type: 'longtask' })
}

/** trackio's folder with one large file saved in it; its sha256. */
function write(folder) {
  const files = join(folder, 'trackio', 'media', 'gpt2-124m-optimizers', 'files')
  mkdirSync(files, { recursive: true })
  copyFileSync(DEMO, join(folder, 'trackio', 'gpt2-124m-optimizers.db'))
  const hash = createHash('sha256')
  const out = openSync(join(files, 'large.bin'), 'w')
  const piece = Buffer.alloc(16 << 20)
  for (let at = 0; at < GIGABYTE; at += piece.length) {
    for (let i = 0; i < piece.length; i += 4096) piece.writeUInt32LE((at + i) >>> 0, i)
    writeSync(out, piece)
    hash.update(piece)
  }
  closeSync(out)
  return hash.digest('hex')
}

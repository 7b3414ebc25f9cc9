import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { makeServer } from '../../src/cli/server.mjs'
import { shareFiles } from '../../src/cli/shared-files.mjs'
import { ensure } from './data/ensure.mjs'
import { median, visit } from './visit.mjs'

const WRITER = fileURLToPath(new URL('data/writer.py', import.meta.url))
const TICKS = 16
const LOGGED = ['train/loss', 'train/accuracy', 'train/lr', 'train/grad_norm'] // half of what the charts show

/**
 * A project that is being written to: each second four rows of one run, with four of the eight metrics. The
 * figure is the processor time of the page's workers between two ticks, drawing for the page included.
 */
export const LIVE = [
  {
    id: 'live-folder',
    what: 'live, `npx trackio-lite` on a 500 MB `.db` that grows each second, as trackio writes it (log folded in each time): worker time a tick',
    target: 50,
    big: true,
    run: (bench) => following(bench, { how: 'closing', through: 'server' }),
  },
  {
    id: 'live-log',
    what: 'the same while another process keeps its log open',
    target: 50,
    big: true,
    run: (bench) => following(bench, { how: 'open', through: 'server' }),
  },
  {
    id: 'live-long',
    what: 'the same of one run of 700 k rows, 500 MB, that goes on',
    target: 50,
    big: true,
    run: (bench) => following(bench, { how: 'closing', through: 'server', shape: 'long' }),
  },
  {
    id: 'live-drop',
    what: 'the same, dropped on the page, log folded in each time',
    target: 50,
    big: true,
    run: (bench) => following(bench, { how: 'closing', through: 'drop' }),
  },
  {
    id: 'live-drop-log',
    what: 'the same, dropped on the page with its log',
    target: 50,
    big: true,
    run: (bench) => following(bench, { how: 'open', through: 'drop' }),
  },
  {
    id: 'live-hundred',
    what: 'the same of a dropped folder of 100 databases of 20 MB in all, one of which grows',
    target: 50,
    run: (bench) => following(bench, { how: 'closing', through: 'drop', copies: 100 }),
  },
]

async function following(bench, { how, through, copies, shape = 'rows' }) {
  const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import sqlite3']).status === 0)
  if (!python) throw new Error('no python3 with sqlite3 on this machine, which writes the rows')
  const folder = mkdtempSync(join(tmpdir(), 'trackio-live-'))
  const source = ensure(copies ? 'tiny' : shape)
  for (let i = 0; i < (copies ?? 1); i++)
    copyFileSync(source, join(folder, `project-${String(i).padStart(3, '0')}.db`))
  const writer = startWriter(python, [
    join(folder, 'project-000.db'),
    shape === 'long' ? '-' : 'live run',
    how,
    LOGGED.join(','),
  ])
  const shared = await shareFiles(folder)
  const server = through === 'server' ? makeServer({ page: bench.folder, shared }) : undefined
  let read = 0
  server?.on('request', (_, response) =>
    response.on('close', () => (read += Number(response.getHeader('content-length') ?? 0))),
  )
  if (server) await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  let tab
  try {
    await writer.flush()
    const address = server ? `http://127.0.0.1:${server.address().port}/` : bench.app
    tab = await visit(bench.browser, server ? `${address}?folder=files/` : address, { opens: true })
    if (!server) await dropFolder(tab, folder)
    await tab.page.waitForFunction(() => window.__probe.all !== undefined, undefined, {
      timeout: 240_000,
      polling: 100,
    })
    await tab.page.waitForTimeout(3000)
    const ticks = []
    for (let i = 0; i < TICKS; i++) {
      const before = await moment(tab)
      const written = await writer.flush()
      await tab.page.waitForTimeout(1000)
      const after = await moment(tab)
      ticks.push({ ...difference(after, before), written })
    }
    const { rows, charts } = await tab.page.evaluate(() => ({
      rows: document.querySelector('.status')?.textContent ?? '',
      charts: window.__probe.onScreen().length,
    }))
    await tab.page.waitForTimeout(2500)
    const idle = await moment(tab)
    await tab.page.waitForTimeout(4000)
    const rest = difference(await moment(tab), idle)
    const last = new RegExp(`Step ${(ticks.at(-1).written - 1).toLocaleString('en')}\\b`)
    const seen = await tab.page.evaluate(() => document.querySelector('.status')?.textContent ?? '')
    if (!last.test(seen))
      throw new Error(
        `the last step (${ticks.at(-1).written - 1}) never appeared: ${seen.slice(0, 200)} (before: ${rows.slice(0, 80)})`,
      )
    const of = (pick) => median(ticks.slice(1).map(pick))
    const worst = Math.max(...ticks.slice(1).map(({ worker }) => worker))
    return {
      ours: of(({ worker }) => worker),
      n: ticks.length - 1,
      note: [
        `at most ${worst.toFixed(0)} ms; page ${of(({ page }) => page).toFixed(0)} ms`,
        `${of(({ frames }) => frames)} frames (${(of(({ bytes }) => bytes) / 1000).toFixed(0)} kB) and ${of(({ catalogues }) => catalogues)} catalogues a tick for ${charts} charts, 4 of which change`,
        ...(server ? [`${(of(({ read }) => read) / 1000).toFixed(0)} kB read`] : []),
        `${(rest.worker / 4).toFixed(1)} ms a second when nothing is written, page ${(rest.page / 4).toFixed(0)} ms`,
      ].join('; '),
    }
  } finally {
    await tab?.close()
    writer.end()
    server?.closeAllConnections()
    server?.close()
    rmSync(folder, { recursive: true, force: true })
  }

  async function moment(tab) {
    const { frames, bytes, catalogues } = await tab.page.evaluate(() => window.__probe.answers)
    const { metrics } = await tab.cdp.send('Performance.getMetrics')
    return {
      worker: await workerTime(tab),
      page: metrics.find(({ name }) => name === 'TaskDuration').value * 1000,
      frames,
      bytes,
      catalogues,
      read,
    }
  }
}

function difference(after, before) {
  return Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]))
}

/** The process that logs: `flush` writes four rows and resolves with the step after the last. */
function startWriter(python, args) {
  const child = spawn(python, [WRITER, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async flush() {
      child.stdin.write('\n')
      const { value, done } = await lines.next()
      if (done) throw new Error('the writing process ended')
      return Number(value)
    },
    end: () => child.kill(),
  }
}

/** Drops a folder from disk as a person does, so that the page can follow it. */
async function dropFolder({ page, cdp }, folder) {
  await page.locator('input[type=file]').first().waitFor({ state: 'attached', timeout: 30_000 })
  await page.waitForTimeout(1000)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await cdp.send('Input.dispatchDragEvent', { type, x: 720, y: 450, data })
}

/** ms that the page's workers had the processor so far, by what Linux keeps of each thread. */
async function workerTime({ browser }) {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  let ns = 0
  for (const { id } of processInfo.filter(({ type }) => type === 'renderer')) {
    const tasks = `/proc/${id}/task`
    for (const task of readdirSync(tasks)) {
      try {
        if (readFileSync(`${tasks}/${task}/comm`, 'utf8').startsWith('DedicatedWorker'))
          ns += Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0])
      } catch {
        // a thread that just ended
      }
    }
  }
  if (ns === 0) throw new Error('no time of the worker threads: this row needs Linux (/proc/…/schedstat)')
  return ns / 1e6
}

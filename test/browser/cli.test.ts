import { cpSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { listen, makeServer } from '../../src/cli/server.mjs'
import { shareFiles } from '../../src/cli/shared-files.mjs'
import { serveWith } from '../cli/command.ts'
import { type ExpectedRun, filesOf, readFixture } from '../engine/golden-fixtures.ts'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { f64, type Logger, pythonMissing, startLogger, trackioPython } from '../python/python.ts'
import { builtPage, openPage, ready, useBrowser, useFolder } from './harness.ts'
import { history, onPage, said, shownRuns } from './steps.ts'

/*
 * npx trackio-lite, as people use it: the command in a process of its own, the page it serves in Chromium,
 * trackio logging beside it.
 */

const folder = useFolder()
const browser = await useBrowser()

beforeAll(() => void builtPage()) // the command serves it

describe('the folder of the command', () => {
  test('is open when its page is: every project, run and value', async () => {
    const root = join(folder, 'golden')
    const fixtures = ['wal-0.43.0', 'v0.43.0', 'mutated-0.36.0']
    for (const name of fixtures) await unpack(name, root)
    const served = await serveWith([root])
    const { page, requests, expectClean, close } = await openPage(browser, `${served.url}?folder=files/`)
    await drawn(page)
    for (const fixture of fixtures) {
      for (const { project, runs } of readFixture(fixture).projects) {
        for (const run of runs) await expectRun(page, project, run)
      }
    }
    expect((await said(page)).filter((words) => !/: all rows read$/.test(words))).toEqual([])
    expect(requests.filter((url) => !url.startsWith(served.url) && !/^(blob|data):/.test(url))).toEqual([])
    expectClean()
    await close()
    expect((await served.stop()).stderr).toBe('')
  })

  test('or one file, with the rows that are only in its log', async () => {
    const root = join(folder, 'one')
    await unpack('wal-0.43.0', root)
    cpSync(join(root, 'walproject.db'), join(root, 'other.db'))
    const served = await serveWith([join(root, 'walproject.db')])
    const { page, expectClean, close } = await openPage(browser, `${served.url}?folder=files/`)
    await drawn(page)
    expect((await shownRuns(page)).sort()).toEqual(['checkpointed', 'only in wal'])
    expect(
      await page.evaluate(async () => (await window.trackio?.projects())?.map(({ name }) => name)),
    ).toEqual(['walproject'])
    expectClean()
    await close()
    await served.stop()
  })

  test('that the command no longer serves stays on screen, and the page says how to start it again', async () => {
    const root = join(folder, 'ended')
    await unpack('wal-0.43.0', root)
    const served = await serveWith([root])
    const { page, close } = await openPage(browser, `${served.url}?folder=files/`)
    await drawn(page)
    await served.stop()
    await expect
      .poll(() => page.locator('body').textContent(), { timeout: 10_000 })
      .toContain('the command that serves these files has ended')
    expect((await history(page, 'walproject', 'checkpointed')).loss?.values).toHaveLength(50)
    await close()
  })
})

describe.skipIf(pythonMissing)('while trackio logs', () => {
  beforeAll(async () => void (await trackioPython()), 300_000)

  test('new rows, runs and projects appear within two seconds of being written', {
    timeout: 120_000,
  }, async () => {
    const root = join(folder, 'trackio')
    const logger = await startLogger(root)
    const log = async (step: number): Promise<void> =>
      logger.log({ loss: f64(1 / (step + 3)), 'eval/acc': f64(step / 7) }, step)
    await logger.init({ project: 'live one', name: 'first', config: { lr: 0.1 } })
    await log(0)
    await logger.flush()

    const served = await serveWith([root])
    const { page, expectClean, close } = await openPage(browser, `${served.url}?folder=files/`)
    await drawn(page)
    const waits: number[] = []
    for (let step = 1; step <= 4; step++) {
      await log(step)
      waits.push(await timeTo(logger, () => points(page, 'liveone', 'first'), step + 1))
    }
    await logger.init({ project: 'live one', name: 'second' })
    await log(0)
    waits.push(await timeTo(logger, () => points(page, 'liveone', 'second'), 1))
    await logger.init({ project: 'another', name: 'third' })
    await log(0)
    waits.push(await timeTo(logger, () => points(page, 'another', 'third'), 1))
    await logger.finish()
    await logger.stop()

    // a busy machine may hold one of them up
    expect(waits.sort((a, b) => a - b)[3], `ms: ${waits.map(Math.round)}`).toBeLessThan(2000)
    const values = await history(page, 'liveone', 'first')
    expect(values.loss?.values).toEqual([3, 4, 5, 6, 7].map((n) => 1 / n))
    expect(values['eval/acc']?.steps).toEqual([0, 1, 2, 3, 4])
    await expect
      .poll(() => shownRuns(page), { timeout: 5000 })
      .toEqual(expect.arrayContaining(['first', 'second']))
    expectClean()
    await close()
    expect((await served.stop()).stderr).toBe('')
  })
})

describe('the cost of following', () => {
  test('is nothing while nothing is written, and some pages when rows come, however large the database is', {
    timeout: 60_000,
  }, async () => {
    const root = join(folder, 'large')
    mkdirSync(root)
    const made = await growing(join(root, 'large.db'))
    made.add(30_000)
    const counted = await countingServer(root)
    const { page, expectClean, close } = await openPage(browser, `${counted.url}?folder=files/`)
    await drawn(page)
    await expect.poll(() => points(page, 'large', 'run'), { timeout: 10_000 }).toBe(30_000)
    expect(made.size()).toBeGreaterThan(20e6)
    await counted.quiet()
    expect(counted.take(), 'the file once').toBeLessThan(1.1 * made.size())
    await counted.quiet()
    expect(counted.take(), 'two looks').toBe(0)

    made.add(10)
    await expect.poll(() => points(page, 'large', 'run'), { timeout: 10_000 }).toBe(30_010)
    await counted.quiet()
    const refresh = counted.take()
    expect(refresh, `${refresh} bytes for 10 rows of ${made.size()}`).toBeLessThan(2e6)
    expectClean()
    await close()
    made.close()
    await counted.close()
  })
})

describe.skipIf(pythonMissing)('the cost of following trackio itself', () => {
  test('is some pages too, though it touches its schema with every write', { timeout: 120_000 }, async () => {
    const root = join(folder, 'real')
    const logger = await startLogger(root)
    await logger.init({ project: 'real', name: 'run' })
    const log = (step: number): Promise<void> => logger.log({ loss: f64(step), text: 'x'.repeat(2000) }, step)
    for (let step = 0; step < 3000; step++) await log(step)
    await logger.flush()
    const counted = await countingServer(root)
    const { page, expectClean, close } = await openPage(browser, `${counted.url}?folder=files/`)
    await drawn(page)
    await expect.poll(() => points(page, 'real', 'run'), { timeout: 10_000 }).toBe(3000)
    await counted.quiet()
    expect(counted.take()).toBeGreaterThan(6e6)
    for (let step = 3000; step < 3005; step++) await log(step)
    await logger.flush()
    await expect.poll(() => points(page, 'real', 'run'), { timeout: 10_000 }).toBe(3005)
    await counted.quiet()
    expect(counted.take(), 'bytes for 5 rows').toBeLessThan(2e6)
    expectClean()
    await close()
    await counted.close()
    await logger.finish()
    await logger.stop()
  })
})

/** Waits until the charts of what the page opened by itself are drawn. */
async function drawn(page: Page): Promise<void> {
  await onPage(page, 'metrics')
  await ready(page)
}

async function points(page: Page, project: string, run: string): Promise<number> {
  try {
    return (await history(page, project, run, ['loss'])).loss?.values.length ?? 0
  } catch {
    return 0 // not there yet
  }
}

/** ms from the moment the rows are in the database to that in which the page has so many. */
async function timeTo(logger: Logger, count: () => Promise<number>, wanted: number): Promise<number> {
  await logger.flush()
  const start = performance.now()
  await expect.poll(count, { timeout: 20_000, interval: 50 }).toBe(wanted)
  return performance.now() - start
}

async function expectRun(page: Page, project: string, run: ExpectedRun): Promise<void> {
  const names = Object.keys(run.metrics)
  if (names.length === 0) return
  const got = await history(page, project, run.id ?? run.name, names)
  const wanted = Object.fromEntries(names.map((name) => [name, run.metrics[name]?.values.map(Number)]))
  expect(
    Object.fromEntries(names.map((name) => [name, got[name]?.values])),
    `${project} ${run.name}`,
  ).toEqual(wanted)
}

async function unpack(name: string, root: string): Promise<void> {
  for (const { path, file } of filesOf(name)) {
    const to = join(root, path.replace(/^data\//, ''))
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, new Uint8Array(await file.arrayBuffer()))
  }
}

/** A database on disk that gets more rows; each time it is written whole, and put in its place at once. */
async function growing(path: string): Promise<{ add(rows: number): void; size(): number; close(): void }> {
  const made = await memoryDatabase()
  made.db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL)',
  )
  let rows = 0
  let size = 0
  return {
    add(count) {
      made.db.transaction(() => {
        for (let i = 0; i < count; i++, rows++) {
          const time = new Date(Date.UTC(2026, 0, 1) + rows * 1000).toISOString().replace('Z', '000+00:00')
          const metrics = JSON.stringify({ loss: 1 / (rows + 1), text: 'x'.repeat(600) })
          made.db.exec({
            sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?,?,?,?,?)',
            bind: ['r', time, 'run', rows, metrics],
          })
        }
      })
      const file = made.file()
      size = file.length
      writeFileSync(`${path}.new`, file)
      renameSync(`${path}.new`, path)
    },
    size: () => size,
    close: made.close,
  }
}

interface Counted {
  url: string
  /**
   * Bytes of bodies below files/ since it was last asked, the lists aside: they are as long as the folder has
   * files.
   */
  take(): number
  /** Resolves after two lists in a row that were answered with "not changed". */
  quiet(): Promise<void>
  close(): Promise<void>
}

async function countingServer(root: string): Promise<Counted> {
  const server: Server = makeServer({ page: builtPage(), shared: await shareFiles(root) })
  let bytes = 0
  let same = 0
  const waiting: (() => void)[] = []
  server.prependListener('request', (request, response) => {
    response.on('finish', () => {
      const path = request.url?.split('?')[0] ?? ''
      if (path === '/files/index.json') {
        same = response.statusCode === 304 ? same + 1 : 0
        if (same >= 2) for (const done of waiting.splice(0)) done()
      } else if (path.startsWith('/files/')) bytes += Number(response.getHeader('content-length') ?? 0)
    })
  })
  const port = await listen(server, 0, { next: false })
  return {
    url: `http://127.0.0.1:${port}/`,
    take() {
      const sum = bytes
      bytes = 0
      return sum
    },
    quiet() {
      same = 0
      return new Promise((resolve) => waiting.push(resolve))
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

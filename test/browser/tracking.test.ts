import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { trackingPage } from './build.ts'
import { useFolder, useLasting, useServer } from './harness.ts'
import type { TrackingPage } from './tracking/main.ts'
import { tabOf } from './tracking/tab.ts'

declare const window: TrackingPage & { done?: unknown }

const folder = useFolder()
const site = await useServer(await trackingPage())
const context = await useLasting(join(folder, 'profile'))

const tab = (): Promise<Page> => tabOf(context, site)

test('rows are stored in this browser, and another tab hears of them', async () => {
  const page = await tab()
  const other = await tab()
  const finished = await page.evaluate(async () => {
    const { trackio } = window
    void trackio.init({ project: 'first', name: 'run', config: { lr: 0.1 } })
    for (let i = 0; i < 1000; i++) trackio.log({ loss: 1 / (i + 1) })
    return trackio.finish()
  })
  expect(finished).toEqual({
    project: 'first',
    run: 'run',
    rows: 1000,
    dropped: 0,
    leftOut: 0,
    unstored: 0,
    waiting: 0,
    kept: 'stored',
  })
  expect(await other.evaluate(() => window.heard.at(-1))).toEqual({
    kind: 'rows',
    project: 'first',
    lastId: 1000,
  })
  expect(await other.evaluate(() => window.stored('first.db-wal'))).toEqual({ size: 0 })
  expect(await other.evaluate(async () => (await window.trackio.exportDatabase('first')).size)).toBe(
    (await other.evaluate(() => window.stored('first.db')))?.size,
  )
  await page.close()
  await other.close()
})

test('another tab logs through the owner, and takes over when it closes; nothing acknowledged is lost', async () => {
  const owner = await tab()
  await owner.evaluate(async () => {
    await window.trackio.init({ project: 'shared', name: 'a' })
    window.trackio.log({ x: 1 })
    await window.trackio.flush()
  })
  const follower = await tab()
  const third = await tab()
  for (const page of [follower, third]) {
    await page.evaluate(async () => {
      await window.trackio.init({ project: 'shared' })
      window.trackio.log({ x: 2 })
      await window.trackio.flush()
    })
  }
  const before = Date.now()
  await owner.close()
  const ms = await follower.evaluate(async () => {
    const start = performance.now()
    for (let i = 0; i < 100; i++) window.trackio.log({ x: 3 + i })
    await window.trackio.flush()
    return performance.now() - start
  })
  expect(Date.now() - before).toBeLessThan(4000)
  expect(ms).toBeLessThan(1000)
  expect(await third.evaluate(() => window.heard.at(-1)?.lastId)).toBe(103)
  await follower.close()
  await third.close()
})

test.each(['a window that keeps', 'a private window'])(
  '%s: another tab reads whole states while it is written',
  { timeout: 120_000 },
  async (kind) => {
    const own = kind === 'a private window' ? await context.browser()?.newContext() : undefined
    const [writing, reading] = [await tabOf(own ?? context, site), await tabOf(own ?? context, site)]
    // also when it fails: a tab that went on writing would take the next test with it
    onTestFinished(async () => {
      await writing.close()
      await reading.close()
      await own?.close()
    })
    await writing.evaluate(
      async (rows) => {
        await window.trackio.init({ project: 'live', name: 'run' })
        const feed = (): void => {
          for (let i = 0; i < rows; i++)
            window.trackio.log({ loss: Math.random(), text: 'some words that take room in the row' })
        }
        feed()
        await window.trackio.flush()
        let storing = false
        window.done = setInterval(async () => {
          if (storing) return // rows that a slow machine cannot store would take the time of the looks
          storing = true
          feed()
          await window.trackio.flush()
          storing = false
        }, 20)
        // up to 50,000 rows a second: the log is folded in about every second. A private window writes
        // slowly: Chromium passes each write on to another process.
      },
      own ? 200 : 1000,
    )
    // five seconds of looks, and more where a slow machine has not come far by then
    const looks = await reading.evaluate(
      async (wanted) => {
        const found: { rows: number; again: number; wrong: number; notices: string[] }[] = []
        const begun = performance.now()
        const enough = (): boolean => found.length > wanted.looks && (found.at(-1)?.rows ?? 0) > wanted.rows
        for (let ms = 0; ms < 5000 || (ms < 60_000 && !enough()); ms = performance.now() - begun) {
          const { runs, again, notices } = await window.look('live')
          const steps = runs[0]?.steps ?? []
          found.push({ rows: steps.length, again, wrong: steps.findIndex((step, i) => step !== i), notices })
        }
        return found
      },
      { looks: 10, rows: own ? 1000 : 30_000 },
    )
    expect(looks.filter(({ wrong }) => wrong >= 0)).toEqual([])
    expect(looks.flatMap(({ notices }) => notices)).toEqual([])
    expect(looks.length).toBeGreaterThan(10)
    expect(looks.at(-1)?.rows).toBeGreaterThan(own ? 1000 : 30_000)
    await writing.evaluate(async () => {
      clearInterval(Number(window.done))
      await window.trackio.finish()
    })
  },
)

test('what was tracked, and files, are read in a page with the engine of the dashboard', async () => {
  const page = await tab()
  const read = await page.evaluate(async () => {
    const { trackio } = window
    const api = new trackio.Api()
    const run = await trackio.init({ project: 'api', name: 'first', config: { lr: 0.1 } })
    for (let i = 0; i < 100; i++)
      run.log({
        loss: 1 / (i + 1),
        picture: i === 3 ? trackio.Image(new Uint8Array(4), { width: 1, height: 1 }) : undefined,
      })
    run.alert('hot', { level: 'error' })
    await trackio.flush()
    const [first] = await api.runs('api')
    const history = await first?.history(['loss'])
    run.log({ loss: 0 })
    await trackio.flush()
    const project = await api.project('api')
    await project.refresh()
    const [again] = await project.runs()
    const [row] = await api.query(
      'api',
      "SELECT metrics ->> '$.picture.file_path' AS path FROM metrics WHERE step = 3",
    )
    const picture = await project.media(String(row?.path))
    const file = new File([await trackio.exportDatabase('api')], 'copied.db')
    const [opened] = await api.open(file)
    const words = (cause: Error): string => cause.message
    const found = {
      config: first?.config,
      loss: history?.loss?.values.length,
      kind: history?.loss?.values.constructor.name,
      rows: again?.rows,
      picture: picture?.size,
      alerts: (await api.alerts('api')).map(({ title, level, step }) => ({ title, level, step })),
      names: (await api.projects())
        .map(({ name }) => name)
        .filter((name) => name === 'api' || name === 'copied'),
      copied: (await opened?.runs())?.map(({ name, rows }) => ({ name, rows })),
      metrics: (await opened?.metrics())?.map(({ name, points }) => ({ name, points })),
      unknown: await api.runs('nowhere').catch(words),
      broken: await api.open(new File(['nothing'], 'broken.db')).catch(words),
    }
    await again?.rename('renamed')
    await project.refresh().catch(() => {})
    api.close()
    const { rows } = await trackio.finish()
    return {
      ...found,
      finished: rows,
      names2: (await new trackio.Api().runs('api')).map(({ name, rows }) => ({ name, rows })),
    }
  })
  expect(read).toEqual({
    config: { lr: 0.1 },
    loss: 100,
    kind: 'Float64Array',
    rows: 101,
    picture: expect.any(Number),
    alerts: [{ title: 'hot', level: 'error', step: 99 }],
    names: ['api', 'copied'],
    copied: [{ name: 'first', rows: 101 }],
    metrics: [{ name: 'loss', points: 101 }],
    unknown: "Project 'nowhere' does not exist",
    broken: expect.stringMatching(/not an SQLite database/),
    finished: 102,
    names2: [{ name: 'renamed', rows: 101 }],
  })
  await page.close()
})

import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { filesOf, readFixture } from '../engine/golden-fixtures.ts'
import { builtPage, openPage, useBrowser, useFolder, useServer } from './harness.ts'
import { DEMO_FILE } from './steps.ts'

/*
 * A page of another site that embeds this one, hands it files and asks what it shows: docs/embedding.md.
 */

const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage(), { cors: true })
const other = await useServer(folder)

beforeAll(async () => {
  for (const { path, file } of filesOf('wal-0.43.0'))
    writeFileSync(join(folder, path), new Uint8Array(await file.arrayBuffer()))
  copyFileSync(DEMO_FILE, join(folder, 'demo.db'))
  // a sandboxed page is of no origin, so its host has to allow every origin to load it
  // a name of the web for the host of this machine
})

/** What the page around the frame can do: ask, and remember what it heard. */
const HOST_SCRIPT = `
  const heard = []
  const frame = document.querySelector('iframe')
  const waiting = new Map()
  let asked = 0
  addEventListener('message', ({ data, origin }) => {
    if (data?.protocol !== 'trackio-view') return
    heard.push({ ...data, origin })
    waiting.get(data.id)?.(data)
  })
  globalThis.ask = (question) => new Promise((resolve) => {
    const id = ++asked
    waiting.set(id, resolve)
    frame.contentWindow.postMessage({ protocol: 'trackio-view', id, ...question }, '*')
  })
  globalThis.blobs = (names) => Promise.all(names.map(async (name) => ({ name, blob: await (await fetch(name)).blob() })))
  globalThis.heard = heard
`

interface Host {
  page: Page
  frame: Frame
  ask(question: Record<string, unknown>): Promise<Record<string, unknown>>
  /** Hands over files that lie beside the host's page. */
  give(...names: string[]): Promise<Record<string, unknown>>
  expectClean(...allowed: RegExp[]): void
  close(): Promise<void>
}

async function host(query: string, attributes = '', name = 'localhost'): Promise<Host> {
  writeFileSync(
    join(folder, 'host.html'),
    `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,">
     <iframe title="runs" width="1000" height="700" ${attributes} src="${site.url}?${query.replaceAll('&', '&amp;')}"></iframe>
     <script>${HOST_SCRIPT}</script></html>`,
  )
  const opened = await openPage(browser, `${other.url.replace('127.0.0.1', name)}host.html`)
  const frame = opened.page.frames().find((one) => one.url().startsWith(site.url))
  if (!frame) throw new Error('no frame')
  await opened.page.waitForFunction(() =>
    Reflect.get(globalThis, 'heard').some((one: { type: string }) => one.type === 'ready'),
  )
  return {
    ...opened,
    frame,
    ask: (question) => opened.page.evaluate((sent) => Reflect.get(globalThis, 'ask')(sent), question),
    give: (...names) =>
      opened.page.evaluate(
        async (wanted) =>
          Reflect.get(
            globalThis,
            'ask',
          )({ type: 'open', files: await Reflect.get(globalThis, 'blobs')(wanted) }),
        names,
      ),
  }
}

async function valuesIn(frame: Frame, project: string, run: string, metric: string): Promise<number[]> {
  return frame.evaluate(
    async ([name, id, wanted]) => {
      const series = await window.trackio?.history(name ?? '', id ?? '', { metrics: [wanted ?? ''] })
      return [...(series?.[wanted ?? '']?.values ?? [])]
    },
    [project, run, metric],
  )
}

test('hands over a database and its log as Blobs, and hears what is shown', async () => {
  const { ask, give, frame, expectClean, close } = await host('sidebar=hidden')
  const [expected] = readFixture('wal-0.43.0').projects
  if (!expected) throw new Error('no project')
  const names = filesOf('wal-0.43.0').map(({ path }) => path)
  expect(await give(...names)).toMatchObject({ type: 'opened', version: 1, projects: [expected.project] })
  for (const run of expected.runs) {
    for (const [metric, { values }] of Object.entries(run.metrics)) {
      const got = await valuesIn(frame, expected.project, run.id ?? run.name, metric)
      expect(got.map((value) => (Number.isFinite(value) ? value : String(value)))).toEqual(values)
    }
  }
  const { state } = await ask({ type: 'getState' })
  expect(state).toMatchObject({ page: 'metrics', project: expected.project, smoothing: 10, x_axis: 'step' })
  expect(state).toHaveProperty('runs.length', expected.runs.length)
  expect(await ask({ type: 'setView', view: 'smoothing=0&y=log&cols=nine' })).toMatchObject({
    type: 'view',
    ignored: ['cols'],
  })
  expect((await ask({ type: 'getState' })).state).toMatchObject({ smoothing: 0, log_y: true })
  expect(await ask({ type: 'close' })).toMatchObject({ type: 'closed' })
  await expect.poll(() => frame.evaluate(async () => (await window.trackio?.projects())?.length)).toBe(0)
  expectClean()
  await close()
})

test('the page around the frame stays where it is, whatever the frame has to say', async () => {
  const { page, give, frame, expectClean, close } = await host(
    'sidebar=hidden',
    'style="margin-top:600px;height:420px"',
  )
  expect(await give('host.html')).toMatchObject({ type: 'error' })
  await frame.getByRole('alert').waitFor()
  expect(await page.evaluate(() => scrollY)).toBe(0)
  // inside, the words are in sight
  expect(
    await frame.getByRole('alert').evaluate((alert) => alert.getBoundingClientRect().bottom <= innerHeight),
  ).toBe(true)
  expect(await give(...filesOf('wal-0.43.0').map(({ path }) => path))).toMatchObject({ type: 'opened' })
  expect(await page.evaluate(() => [scrollY, document.activeElement === document.body])).toEqual([0, true])
  expectClean()
  await close()
})

test('what is no database is said to the host, in the page’s own words', async () => {
  const { ask, give, expectClean, close } = await host('sidebar=hidden')
  expect(await give('host.html')).toMatchObject({
    type: 'error',
    error: expect.stringContaining('not an SQLite database'),
  })
  expect(await ask({ type: 'open', files: ['x'] })).toMatchObject({
    error: 'open: file 1 is neither a File, a Blob nor { name, blob }',
  })
  expectClean()
  await close()
})

test('an origin that is not allowed is refused with what to do', async () => {
  const { ask, expectClean, close } = await host('origin=https://blog.example')
  const answer = await ask({ type: 'getState' })
  expect(answer).toMatchObject({
    type: 'error',
    error: expect.stringMatching(/^messages of http:\/\/localhost:\d+ are not accepted/),
  })
  expectClean()
  await close()
})

test('what the person at the screen opened by themselves is not told to the host', async () => {
  const { ask, frame, expectClean, close } = await host('')
  await frame.getByLabel('Choose files').setInputFiles(DEMO_FILE)
  await frame.waitForFunction(
    () =>
      document.documentElement.dataset.page === 'metrics' &&
      document.documentElement.dataset.ready === 'true',
  )
  expect(await ask({ type: 'getState' })).toMatchObject({
    type: 'error',
    error: expect.stringContaining('not told to other pages'),
  })
  expectClean()
  await close()
})

test('a page of the web is told nothing of what lies on this machine, whatever address it gives the frame; a notebook of this machine is', async () => {
  for (const [name, query] of [
    ['blog.example', 'db=gpt2-124m-optimizers.db'],
    ['blog.example', 'db=./gpt2-124m-optimizers.db&origin=*'],
    ['localhost', 'db=./gpt2-124m-optimizers.db'],
  ] as const) {
    const { page, ask, frame, expectClean, close } = await host(query, '', name)
    await frame.waitForFunction(
      () =>
        document.documentElement.dataset.ready === 'true' && document.querySelector('figure[data-metric]'),
    )
    const answer = await ask({ type: 'getState' })
    const heard: { type: string }[] = await page.evaluate(() => Reflect.get(globalThis, 'heard'))
    const events = heard.filter(({ type }) => type === 'event').length
    // the demo is everybody's; the same file by its address is of this machine
    if (name === 'localhost' || query === 'db=gpt2-124m-optimizers.db')
      expect(answer).toMatchObject({ type: 'state' })
    else
      expect([answer, events]).toMatchObject([
        { type: 'error', error: expect.stringContaining('not told to other pages') },
        0,
      ])
    expectClean()
    await close()
  }
})

test('an origin that is none is named, and opens the page to nobody', async () => {
  const { ask, frame, expectClean, close } = await host('origin=blog.example')
  expect(await ask({ type: 'getState' })).toMatchObject({
    type: 'error',
    error: expect.stringContaining('are not accepted'),
  })
  await frame.getByText('"blog.example" in the address is no origin').waitFor()
  expectClean()
  await close()
})

test('in a sandbox without an origin the page reads on its own thread, and says so', async () => {
  const { give, frame, close } = await host('origin=*', 'sandbox="allow-scripts"')
  expect(await frame.evaluate(() => window.origin)).toBe('null')
  expect(await give('demo.db')).toMatchObject({ type: 'opened' })
  const chart = frame.locator('figure[data-metric="train/loss"]').first()
  await chart.scrollIntoViewIfNeeded()
  await expect.poll(() => chart.getAttribute('data-state'), { timeout: 8000 }).toBe('ready')
  await frame.getByText('sandboxed frame').waitFor()
  const runs = await frame.evaluate(async () => (await window.trackio?.runs('demo'))?.length)
  expect(runs).toBe(8)
  await close()
})

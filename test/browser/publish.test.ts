import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PublishOptions } from '../../src/model/publish.ts'
import { type ExpectedRun, filesOf, readFixture } from '../engine/golden-fixtures.ts'
import { type HubDouble, startHub } from '../hub/double.ts'
import { randomBytes } from '../hub/helpers.ts'
import { buildPage } from './build.ts'
import { expectProject } from './expected.ts'
import { builtPage, openPage, ready, serve, useBrowser, useFolder, useServer } from './harness.ts'
import type { PublishPage } from './publish/main.ts'
import type { Order } from './publish/worker.ts'
import { onPage } from './steps.ts'

// Published by a worker of a real browser with the real client, and read by the built page. The rules are
// tested in test/engine/publish.

const TOKEN = 'hf_ann'
const PATHS = ['demoprojectv4ö.db']
const folder = useFolder()
const site = await useServer(join(folder, 'site'))
const app = await useServer(builtPage(), { cors: true })
const browser = await useBrowser()
let hub: HubDouble

beforeAll(async () => {
  await buildPage('publish', join(folder, 'site'))
  for (const { path, file } of filesOf('v0.43.0'))
    await put(`site/data/${path}`, new Uint8Array(await file.arrayBuffer()))
  await put('site/data/big.db', new Uint8Array())
  for (let i = 0; i < 3; i++) await put(`site/data/media/big/run/${i}/x.bin`, randomBytes(i + 1, 5_000_000))
  hub = await startHub()
  hub.setToken('ann', TOKEN)
}, 60_000)

afterAll(async () => {
  await hub?.stop()
})

async function put(path: string, bytes: Uint8Array): Promise<void> {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), bytes)
}

async function publishInPage(options: Partial<PublishOptions>, more: Partial<Order> = {}) {
  const opened = await openPage(browser, site.url)
  const order: Order = {
    paths: PATHS,
    token: TOKEN,
    options: { hub: hub.url, frontend: app.url, spaceId: 'ann/exp', ...options },
    ...more,
  }
  const answer = await opened.page.evaluate(async (what) => {
    const page: PublishPage = Reflect.get(window, 'publisher')
    return page.publish(what)
  }, order)
  return { ...answer, ...opened }
}

/** The values that Python reads of the database, out of the published files, through the built page. */
async function expectShown(address: string, project: string): Promise<void> {
  const { page, expectClean, close } = await openPage(browser, address)
  await onPage(page, 'metrics')
  await ready(page)
  const expected = readFixture('v0.43.0').projects.find((one) => one.project === 'demoprojectv4ö')
  if (!expected) throw new Error('no project')
  // Parquet has a column for each key of any run: null is what "not set" looks like
  const runs = expected.runs.map((run) => ({ ...run, config: withoutNulls(run.config) }))
  await expectProject(page, project, { runs })
  expectClean()
  await close()
}

function withoutNulls(config: ExpectedRun['config']): ExpectedRun['config'] {
  return config && Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null))
}

const connector = (query: string) => `${app.url}?hub=${encodeURIComponent(hub.url)}&${query}`

test('a project is published from a page; every connector shows it, and the Space shows it by itself', {
  timeout: 90_000,
}, async () => {
  const first = await publishInPage({})
  expect(first.outcome).toMatchObject({ done: { space: 'ann/exp', data: { id: 'ann/exp-bucket' } } })
  first.expectClean()
  await first.close()
  await expectShown(connector('space=ann/exp'), 'demoprojectv4ö')
  await expectShown(connector('bucket=ann/exp-bucket'), 'exp-bucket')

  // as the Hub serves it: the Space's own files, its config.json among them
  for (const [path, bytes] of hub.files('space', 'ann/exp')) await put(`space/${path}`, bytes)
  const space = await serve(join(folder, 'space'), { subpath: '/spaces/ann', cors: true })
  await expectShown(`${space.url}?hub=${encodeURIComponent(hub.url)}`, 'demoprojectv4ö')
  // and published onward from there: it is the whole app
  const onward = await publishInPage({ spaceId: 'ann/onward', frontend: space.url })
  expect(onward.outcome).toMatchObject({ done: { space: 'ann/onward' } })
  await onward.close()
  await space.close()
  const page = (id: string) => [...hub.files('space', id).keys()].sort()
  expect(page('ann/onward')).toEqual(page('ann/exp'))

  hub.clear()
  const again = await publishInPage({})
  expect(again.outcome).toMatchObject({ done: { sent: { files: 0, bytes: 0 } } })
  expect(hub.requests.filter(({ method }) => !/GET|HEAD|OPTIONS/.test(method))).toEqual([])
  await again.close()
  expect(hub.leaks()).toEqual([])
})

test('into a dataset', { timeout: 60_000 }, async () => {
  const { outcome, close } = await publishInPage({ spaceId: 'ann/old', datasetId: 'ann/old-data' })
  expect(outcome).toMatchObject({ done: { data: { type: 'dataset', id: 'ann/old-data' } } })
  await close()
  await expectShown(connector('dataset=ann/old-data'), 'old-data')
  await expectShown(connector('space=ann/old'), 'demoprojectv4ö')
})

test('stopped in the middle, and taken up again; how far it is is said on the way', {
  timeout: 60_000,
}, async () => {
  const paths = ['big.db', ...[0, 1, 2].map((i) => `media/big/run/${i}/x.bin`)]
  const stopped = await publishInPage({ spaceId: 'ann/big' }, { paths, stopAt: 11_000_000 })
  expect(stopped.outcome).toMatchObject({ failed: { name: 'AbortError' } })
  const sent = stopped.progress.filter(({ stage }) => stage === 'sending').map(({ bytes }) => bytes)
  // a file of 5 MB is one request: what the browser says of it is passed on
  expect(new Set(sent).size).toBeGreaterThan(6)
  expect(sent.toSorted((a, b) => a - b)).toEqual(sent)
  await stopped.close()
  const done = await publishInPage({ spaceId: 'ann/big' }, { paths })
  expect(done.outcome).toMatchObject({ done: { data: { id: 'ann/big-bucket' } } })
  await done.close()
  expect(
    hub.files('bucket', 'ann/big-bucket').get('media/run/2/x.bin')?.equals(randomBytes(3, 5_000_000)),
  ).toBe(true)
})

test('what the Hub refuses is said with what to do', async () => {
  hub.setToken('ann', 'hf_reads', { scopes: ['read-repos'] })
  const { outcome, close } = await publishInPage({ spaceId: 'ann/more' }, { token: 'hf_reads' })
  expect(outcome).toMatchObject({
    failed: {
      name: 'AccessError',
      subject: 'buckets/ann/more-bucket',
      message: /may not write there \(403\)/,
      action: /write access/,
    },
  })
  await close()
})

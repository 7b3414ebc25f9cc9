import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HubRepo } from '../../src/model/source.ts'
import { type HubDouble, startHub } from '../hub/double.ts'
import { buildPage } from './build.ts'
import { type Opened, openPage, useBrowser, useFolder, useServer } from './harness.ts'
import type { Reader } from './hub-page/reader.worker.ts'

/*
 * What only a browser can show: reading across origins as a page may (preflights, hidden headers, redirects),
 * the synchronous way in a worker, and OPFS. The page is a small one of its own, built from src.
 */

const DATA = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 31 + (i >> 8)) % 256)
const DATASET: HubRepo = { type: 'dataset', id: 'ann/runs' }
const BUCKET: HubRepo = { type: 'bucket', id: 'ann/store' }
const TOKEN = 'hf_annannannann'

const browser = await useBrowser()
const site = await useServer(await buildPage('hub-page', useFolder()))
let hub: HubDouble
let opened: Opened

beforeEach(async () => {
  hub = await startHub()
  opened = await openPage(browser, site.url)
})
afterEach(async () => {
  expect(hub.leaks()).toEqual([])
  await opened.close()
  await hub.stop()
})

declare global {
  interface Window {
    reader: {
      [K in keyof Reader]: (...args: Parameters<Reader[K]>) => Promise<Awaited<ReturnType<Reader[K]>>>
    }
  }
}

async function open(repo: HubRepo, page: Page = opened.page): Promise<void> {
  await page.evaluate(([url, repo]) => window.reader.open(url, repo), [hub.url, repo] as const)
}
const bytes = (path: string, page = opened.page) => page.evaluate((path) => window.reader.bytes(path), path)
const list = (page = opened.page) => page.evaluate(() => window.reader.list())
const load = (offset: number, length: number, page = opened.page) =>
  page.evaluate(([offset, length]) => window.reader.load(offset, length), [offset, length] as const)
const read = (offset: number, length: number, page = opened.page) =>
  page.evaluate(([offset, length]) => window.reader.read(offset, length), [offset, length] as const)
const part = (offset: number, length: number) => [...DATA.slice(offset, offset + length)]
const asked = () => hub.requests.map(({ host, method, status }) => `${host} ${method} ${status}`)

describe('from a page of another origin', () => {
  test('a dataset is read with requests that need no preflight, in both ways', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA, 'runs.json': '[]' } })
    await open(DATASET)
    expect(await list()).toEqual(['metrics.parquet 1000000', 'runs.json 2'])
    expect(await bytes('metrics.parquet')).toBe(1_000_000)
    expect(await read(500_000, 10)).toEqual(part(500_000, 10))
    expect(await load(700_000, 10)).toEqual(part(700_000, 10))
    expect(await read(900_000, 10)).toEqual(part(900_000, 10))
    expect(await opened.page.evaluate(() => window.reader.text('runs.json'))).toBe('[]')
    expect(asked()).toEqual([
      'hub GET 200', // commit
      'hub GET 200', // listing
      'hub GET 302', // where the bytes are, found by the synchronous read …
      'cdn GET 206',
      'cdn GET 206', // … and used by both from then on
      'cdn GET 206',
      'hub GET 307',
      'hub GET 206',
    ])
    opened.expectClean()
  })
  test('a private one is read with a token that the Hub alone sees', async () => {
    hub.repo('dataset', 'ann/runs', { private: true, files: { 'metrics.parquet': DATA } })
    hub.setToken('ann', TOKEN)
    await open(DATASET)
    expect(await list()).toBe('AccessError: private or does not exist (401)')
    await opened.page.evaluate(([origin, token]) => window.reader.setToken(origin, token), [
      hub.url,
      TOKEN,
    ] as const)
    expect(await bytes('metrics.parquet')).toBe(1_000_000)
    hub.clear()
    expect(await read(0, 10)).toEqual(part(0, 10))
    expect(await load(500_000, 10)).toEqual(part(500_000, 10))
    expect(
      hub.requests.map(({ host, method, authorization }) => `${host} ${method} ${authorization}`),
    ).toEqual(['hub OPTIONS none', 'hub GET hub token', 'cdn GET none', 'cdn GET none'])
    expect(opened.requests.join()).not.toContain(TOKEN)
  })
  test('an address that has expired is renewed, in both ways', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA } })
    await open(DATASET)
    await bytes('metrics.parquet')
    await read(0, 10)
    hub.expireLinks()
    expect(await read(300_000, 10)).toEqual(part(300_000, 10))
    hub.expireLinks()
    expect(await load(600_000, 10)).toEqual(part(600_000, 10))
    expect(hub.requests.filter(({ status }) => status === 302).length).toBe(3)
  })
  test('a bucket is read, and said to have changed, in both ways', async () => {
    hub.repo('bucket', 'ann/store', { files: { 'demo.db': DATA } })
    await open(BUCKET)
    await bytes('demo.db')
    expect(await read(300_000, 10)).toEqual(part(300_000, 10))
    expect(await load(600_000, 10)).toEqual(part(600_000, 10))
    await opened.page.evaluate(() => window.reader.forgetCache())
    await open(BUCKET)
    await bytes('demo.db')
    hub.putFiles('bucket', 'ann/store', { 'demo.db': DATA.map((byte) => byte ^ 1) })
    expect(await read(300_000, 10)).toBe('ChangedOnDiskError: changed on its host while it was read')
    expect(await load(300_000, 10)).toBe('ChangedOnDiskError: changed on its host while it was read')
  })
  test('what fails is said in the synchronous way too', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA } })
    await open(DATASET)
    await bytes('metrics.parquet')
    const host = new URL(hub.url).host
    hub.failNext(1, 503)
    expect(await read(0, 10)).toEqual(part(0, 10))
    await bytes('metrics.parquet')
    hub.limitNext(1)
    expect(await read(900_000, 10)).toBe('TrackioError: the Hub answers no more requests for now (429)')
    hub.failNext(100, 0)
    expect(await read(900_000, 10)).toBe(`TrackioError: no answer from ${host}`)
  })
  test('a pause whose length the browser hides is guessed, and ends by itself', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA } })
    await open(DATASET)
    hub.limitNext(1)
    expect(await list()).toEqual(['metrics.parquet 1000000'])
    const host = new URL(hub.url).host
    expect(await opened.page.evaluate(() => window.reader.said())).toEqual(
      [5, 4, 3, 2, 1].map((left) => `${host} asks for a pause: going on in ${left} s`),
    )
  })
})

describe('between visits', () => {
  test('what was read is kept in this browser, opens without the Hub, in both ways, and can be forgotten', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA } })
    await open(DATASET)
    await bytes('metrics.parquet')
    await load(100_000, 200_000)
    await read(700_000, 10)
    const size = await opened.page.evaluate(() => window.reader.cacheSize())
    expect(size).toBeGreaterThan(5 * 65_536)
    expect(size).toBeLessThan(5 * 65_536 + 1000)

    await opened.page.reload()
    hub.clear()
    await open(DATASET)
    expect(await bytes('metrics.parquet')).toBe(1_000_000)
    expect(await read(100_000, 10)).toEqual(part(100_000, 10))
    expect(await load(700_000, 10)).toEqual(part(700_000, 10))
    expect(asked()).toEqual(['hub GET 200'])

    await opened.page.reload()
    hub.failNext(100, 0)
    await open(DATASET)
    expect(await list()).toEqual(['metrics.parquet 1000000'])
    expect((await opened.page.evaluate(() => window.reader.notices()))[0]).toContain('shown as it was on')
    expect(await bytes('metrics.parquet')).toBe(1_000_000)
    expect(await read(250_000, 10)).toEqual(part(250_000, 10))
    expect(await load(250_000, 10)).toEqual(part(250_000, 10))
    expect(await read(900_000, 10)).toContain('no answer from')

    await opened.page.evaluate(() => window.reader.forgetCache())
    expect(await opened.page.evaluate(() => window.reader.cacheSize())).toBe(0)
    // open files go on without what was kept
    expect(await load(250_000, 10)).toContain('no answer from')
    await opened.page.reload()
    await open(DATASET)
    expect(await list()).toContain('no answer from')
  })
  test('two tabs keep the same file, neither minds the other', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA } })
    const second = await opened.page.context().newPage()
    await second.goto(site.url)
    for (const page of [opened.page, second]) {
      await open(DATASET, page)
      await bytes('metrics.parquet', page)
    }
    const offsets = [0, 100_000, 300_000, 500_000]
    const both = [opened.page, second].flatMap((page) =>
      offsets.map(async (offset) => expect(await load(offset, 20, page)).toEqual(part(offset, 20))),
    )
    await Promise.all(both)
    for (const page of [opened.page, second]) {
      await page.evaluate(() => window.reader.cacheSize())
      for (const offset of offsets) {
        expect(await read(offset, 20, page)).toEqual(part(offset, 20))
        expect(await load(offset + 10, 20, page)).toEqual(part(offset + 10, 20))
      }
    }
    opened.expectClean()
  })
  test('nothing is kept where there is no storage, and everything is read all the same', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA } })
    // a page without TLS is no secure context: it has neither OPFS nor hashes
    const plain = await openPage(browser, site.url.replace('127.0.0.1', 'plain.test'))
    expect(await plain.page.evaluate(() => isSecureContext)).toBe(false)
    await open(DATASET, plain.page)
    expect(await bytes('metrics.parquet', plain.page)).toBe(1_000_000)
    expect(await read(500_000, 10, plain.page)).toEqual(part(500_000, 10))
    expect(await load(700_000, 10, plain.page)).toEqual(part(700_000, 10))
    expect(await plain.page.evaluate(() => window.reader.cacheSize())).toBe(0)
    plain.expectClean()
    await plain.close()
  })
})

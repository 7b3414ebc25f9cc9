import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AccessError, ChangedOnDiskError, isAbort, TrackioError } from '../../../src/model/errors.ts'
import type { HubRepo } from '../../../src/model/source.ts'
import { makeTokenTable, type TokenTable } from '../../../src/storage/http/token-table.ts'
import { makeHubCache } from '../../../src/storage/hub/hub-cache.ts'
import { type HubTreeOptions, hubTree } from '../../../src/storage/hub/hub-tree.ts'
import { type HubDouble, startHub } from '../../hub/double.ts'
import { memoryStore } from '../memory-store.ts'

// the synchronous way (XMLHttpRequest in a worker) is tested in test/browser/hub.test.ts

const DATA = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 31 + (i >> 8)) % 256)
const DATASET: HubRepo = { type: 'dataset', id: 'ann/runs' }
const BUCKET: HubRepo = { type: 'bucket', id: 'ann/store' }

let hub: HubDouble
let tokens: TokenTable
let time: number
let pauses: number[]
let said: string[]

beforeEach(async () => {
  hub = await startHub()
  tokens = makeTokenTable()
  time = Date.now()
  pauses = []
  said = []
})
afterEach(async () => {
  expect(hub.leaks()).toEqual([])
  await hub.stop()
})

/** A tree that waits no real time, without a cache unless one is given. */
const tree = (repo: HubRepo, options: HubTreeOptions = {}) =>
  hubTree(repo, {
    hub: hub.url,
    tokenFor: tokens.of,
    cache: undefined,
    onWait: (text) => said.push(text),
    clock: {
      now: () => time,
      async pause(ms, signal) {
        signal?.throwIfAborted()
        pauses.push(ms)
        time += ms
      },
    },
    ...options,
  })
const asked = () =>
  hub.requests.map(({ host, method, path, range }) => `${host} ${method} ${path}${range ? ` ${range}` : ''}`)
const reasonOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('was answered'),
    (reason: unknown) => reason,
  )
const bytesEqual = (actual: Uint8Array, expected: Uint8Array): void =>
  expect([actual.length, Buffer.compare(actual, expected)]).toEqual([expected.length, 0])

describe('a dataset', () => {
  test('is listed at one commit, and again with what is new', async () => {
    const repo = hub.repo('dataset', 'ann/runs', {
      files: { 'metrics.parquet': DATA, 'aux/configs.parquet': 'x', 'runs.json': '[]' },
    })
    const at = tree(DATASET)
    expect(at).toMatchObject({ whole: true, host: new URL(hub.url).host })
    expect(at.revision()).toBeUndefined()
    const list = await at.list()
    expect(list.map(({ path, size }) => [path, size])).toEqual([
      ['aux/configs.parquet', 1],
      ['metrics.parquet', 1_000_000],
      ['runs.json', 2],
    ])
    const first = repo.refs.get('main')?.id
    expect(at.revision()).toBe(first)
    expect(asked()).toEqual([
      `hub GET /api/datasets/ann/runs/revision/HEAD`,
      `hub GET /api/datasets/ann/runs/tree/${first}`,
    ])
    expect(at.received()).toBeGreaterThan(300)
    hub.putFiles('dataset', 'ann/runs', { 'runs.json': '[1]' })
    const again = await at.list()
    expect(at.revision()).not.toBe(first)
    const stamps = (all: typeof list) => Object.fromEntries(all.map(({ path, stamp }) => [path, stamp]))
    expect(again.find(({ path }) => path === 'runs.json')?.size).toBe(3)
    expect(stamps(again)['runs.json']).not.toBe(stamps(list)['runs.json'])
    expect(stamps(again)['metrics.parquet']).toBe(stamps(list)['metrics.parquet'])
  })
  test('is read at that commit, whatever is written meanwhile', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA, 'runs.json': '[]' } })
    const at = tree(DATASET)
    await at.list()
    hub.putFiles('dataset', 'ann/runs', { 'metrics.parquet': DATA.slice(0, 500), 'runs.json': '[1, 2]' })
    const file = await at.bytes('metrics.parquet')
    expect(file.size).toBe(DATA.length)
    bytesEqual(await file.load(900_000, 100), DATA.slice(900_000, 900_100))
    expect(await (await at.blob('runs.json')).text()).toBe('[]')
  })
  test('resolves an address once and then reads from where it led', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA } })
    const at = tree(DATASET)
    const file = await at.bytes('metrics.parquet')
    hub.clear()
    bytesEqual(await file.load(0, 10), DATA.slice(0, 10))
    bytesEqual(await file.load(500_000, 10), DATA.slice(500_000, 500_010))
    bytesEqual(await file.load(DATA.length - 10, 1000), DATA.slice(-10))
    const [resolve, ...rest] = hub.requests
    expect(resolve).toMatchObject({
      host: 'hub',
      path: `/datasets/ann/runs/resolve/${at.revision()}/metrics.parquet`,
      range: 'bytes=0-65535',
    })
    expect(rest.map(({ host, range, bytes }) => [host, range, bytes])).toEqual([
      ['cdn', 'bytes=0-65535', 65_536],
      ['cdn', 'bytes=458752-524287', 65_536],
      ['cdn', 'bytes=983040-999999', 16_960],
    ])
    // what is in the same block costs nothing
    await file.load(100, 60_000)
    expect(hub.requests.length).toBe(4)
  })
  test('resolves an address once for all who wait for it', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA } })
    const file = await tree(DATASET).bytes('metrics.parquet')
    hub.clear()
    await Promise.all([0, 200_000, 400_000, 600_000, 800_000].map((start) => file.load(start, 10)))
    expect(hub.requests.filter(({ host }) => host === 'hub').length).toBe(1)
    expect(hub.requests.filter(({ host }) => host === 'cdn').length).toBe(5)
  })
  test('asks for four things at a time, however much is wanted of however many files', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA, 'b.parquet': DATA.slice(1) } })
    const real = globalThis.fetch
    let running = 0
    let most = 0
    const counted = vi.spyOn(globalThis, 'fetch').mockImplementation(async (...args) => {
      running++
      most = Math.max(most, running)
      const answer = await real(...args)
      const left = new TransformStream<Uint8Array, Uint8Array>({ flush: () => void running-- })
      return Object.defineProperty(new Response(answer.body?.pipeThrough(left), answer), 'url', {
        value: answer.url,
      })
    })
    const files = [await tree(DATASET).bytes('a.parquet'), await tree(DATASET).bytes('b.parquet')]
    await Promise.all(
      files.flatMap((file) => Array.from({ length: 15 }, (_, index) => file.load(index * 65_536, 10))),
    )
    counted.mockRestore()
    expect([running, most]).toEqual([0, 4])
  })
  test('asks once more for an address that has expired, for all who need it', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': DATA } })
    const file = await tree(DATASET).bytes('metrics.parquet')
    await file.load(0, 10)
    hub.expireLinks()
    hub.clear()
    const starts = [200_000, 400_000, 600_000]
    const parts = await Promise.all(starts.map((start) => file.load(start, 10)))
    for (const [index, start] of starts.entries())
      bytesEqual(parts[index] ?? new Uint8Array(0), DATA.slice(start, start + 10))
    expect(hub.requests.filter(({ host }) => host === 'hub').length).toBe(1)
  })
  test('gives small text from the Hub itself', async () => {
    const text = JSON.stringify(Array.from({ length: 500 }, (_, index) => ({ name: `run ${index}` })))
    hub.repo('dataset', 'ann/runs', { files: { 'runs.json': text } })
    const at = tree(DATASET)
    const seen: [number, number][] = []
    expect(await (await at.blob('runs.json', { onProgress: (...all) => seen.push(all) })).text()).toBe(text)
    expect(seen.at(-1)).toEqual([text.length, text.length])
    expect(hub.requests.every(({ host }) => host === 'hub')).toBe(true)
  })
  test('that is written as a commit is read with one question less', async () => {
    const commit = hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': 'old' } }).refs.get('main')?.id
    hub.putFiles('dataset', 'ann/runs', { 'a.parquet': 'newer' })
    const at = tree({ ...DATASET, revision: commit })
    expect((await at.list())[0]).toMatchObject({ size: 3 })
    expect(asked()).toEqual([`hub GET /api/datasets/ann/runs/tree/${commit}`])
  })
  test('may be a branch, and a folder of it', async () => {
    hub.repo('dataset', 'ann/runs', {
      files: { 'a b/x.parquet': 'one', 'a b/aux/y.parquet': 'two', 'z.parquet': 'three' },
    })
    hub.putFiles('dataset', 'ann/runs', { 'a b/x.parquet': 'other' }, { branch: 'refs/pr/1' })
    const at = tree({ ...DATASET, revision: 'main' }, { root: 'a b/' })
    expect((await at.list()).map(({ path }) => path)).toEqual(['aux/y.parquet', 'x.parquet'])
    expect(await (await at.blob('aux/y.parquet')).text()).toBe('two')
    expect(await (await tree({ ...DATASET, revision: 'refs/pr/1' }).blob('a b/x.parquet')).text()).toBe(
      'other',
    )
  })
  test('of ten thousand files is listed page by page', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`media/${String(index).padStart(5, '0')}.txt`, 'x']),
    )
    hub.repo('dataset', 'ann/runs', { files })
    const at = tree(DATASET)
    const seen: number[] = []
    const list = await at.list({ onProgress: (bytes) => seen.push(bytes) })
    expect(list.length).toBe(10_000)
    // the folder is an entry of the listing too
    expect(hub.requests.filter(({ path }) => path.includes('/tree/')).length).toBe(11)
    expect(seen.length).toBe(11)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  })
  test('names odd paths as they are', async () => {
    const path = 'media/run #1/50% ü?/a+b&c.png'
    hub.repo('dataset', 'ann/runs', { files: { [path]: 'picture' } })
    const at = tree(DATASET)
    expect((await at.list())[0]?.path).toBe(path)
    expect(await (await at.blob(path)).text()).toBe('picture')
  })
  test('finds in its listing alone, which is complete', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': 'one' } })
    const at = tree(DATASET)
    await at.list()
    hub.clear()
    expect(await at.find('a.parquet')).toMatchObject({ path: 'a.parquet', size: 3 })
    expect(await at.find('b.parquet')).toBeUndefined()
    expect(hub.requests).toEqual([])
    expect(await reasonOf(at.bytes('b.parquet'))).toMatchObject({
      subject: 'datasets/ann/runs/b.parquet',
      message: expect.stringContaining('no such file'),
    })
  })
  test('has empty files', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'empty.db': new Uint8Array(0) } })
    const file = await tree(DATASET).bytes('empty.db')
    expect(file.size).toBe(0)
    expect((await file.load(0, 100)).length).toBe(0)
  })
  test('that was renamed is found under its new name', async () => {
    hub.repo('dataset', 'ann/old', { files: { 'a.parquet': 'one' } })
    hub.move('dataset', 'ann/old', 'ann/runs')
    expect(await (await tree({ type: 'dataset', id: 'ann/old' }).blob('a.parquet')).text()).toBe('one')
  })
})

describe('a bucket', () => {
  test('is listed as it is now', async () => {
    hub.repo('bucket', 'ann/store', { files: { 'trackio/demo.db': DATA } })
    const at = tree(BUCKET)
    const [before] = await at.list()
    expect(before).toMatchObject({ path: 'trackio/demo.db', size: DATA.length })
    expect(at.revision()).toBeUndefined()
    expect(asked()).toEqual(['hub GET /api/buckets/ann/store/tree'])
    hub.putFiles('bucket', 'ann/store', { 'trackio/demo.db': DATA.slice(1) })
    const [after] = await at.list()
    expect(after?.size).toBe(DATA.length - 1)
    expect(after?.stamp).not.toBe(before?.stamp)
  })
  test('is read with one address, checked once to be what was listed', async () => {
    hub.repo('bucket', 'ann/store', { files: { 'trackio/demo.db': DATA } })
    const at = tree(BUCKET)
    const file = await at.bytes('trackio/demo.db')
    hub.clear()
    bytesEqual(await file.load(0, 10), DATA.slice(0, 10))
    bytesEqual(await file.load(500_000, 10), DATA.slice(500_000, 500_010))
    expect(
      asked().map((line) =>
        line
          .split(' ')
          .slice(0, 3)
          .join(' ')
          .replace(/xet-bridge.*/, '…'),
      ),
    ).toEqual([
      'hub GET /buckets/ann/store/resolve/trackio/demo.db',
      'cdn GET /…',
      'hub POST /api/buckets/ann/store/paths-info',
      'cdn GET /…',
    ])
  })
  test('whose file changed since it was listed says so, also when it is as long as before', async () => {
    hub.repo('bucket', 'ann/store', { files: { 'demo.db': DATA } })
    const at = tree(BUCKET)
    await at.list()
    hub.putFiles('bucket', 'ann/store', { 'demo.db': DATA.map((byte) => byte ^ 1) })
    const reason = await reasonOf((await at.bytes('demo.db')).load(0, 10))
    expect(reason).toBeInstanceOf(ChangedOnDiskError)
    expect(reason).toMatchObject({ subject: 'buckets/ann/store/demo.db' })
    hub.putFiles('bucket', 'ann/store', { 'demo.db': DATA.slice(0, 1000) })
    expect(await reasonOf((await at.bytes('demo.db')).load(0, 10))).toBeInstanceOf(ChangedOnDiskError)
    await at.list()
    bytesEqual(await (await at.bytes('demo.db')).load(0, 2000), DATA.slice(0, 1000))
  })
  test('goes on giving what was opened while its address lasts, and says when it is gone', async () => {
    hub.repo('bucket', 'ann/store', { files: { 'demo.db': DATA } })
    const file = await tree(BUCKET).bytes('demo.db')
    await file.load(0, 10)
    hub.putFiles('bucket', 'ann/store', { 'demo.db': DATA.map((byte) => byte ^ 1) })
    bytesEqual(await file.load(300_000, 10), DATA.slice(300_000, 300_010))
    hub.expireLinks()
    expect(await reasonOf(file.load(600_000, 10))).toBeInstanceOf(ChangedOnDiskError)
  })
  test('finds what came since, which may then be read', async () => {
    hub.repo('bucket', 'ann/store', { files: { 'a.db': 'one' } })
    const at = tree(BUCKET)
    await at.list()
    hub.putFiles('bucket', 'ann/store', { 'a.db-wal': 'log', 'a.db': 'three' })
    expect(await at.find('a.db-wal')).toMatchObject({ path: 'a.db-wal', size: 3 })
    expect(await at.find('a.db')).toMatchObject({ size: 5 })
    expect(await at.find('b.db')).toBeUndefined()
    expect(await (await at.blob('a.db-wal')).text()).toBe('log')
    expect(await (await at.blob('a.db')).text()).toBe('three')
  })
})

describe('who may read', () => {
  beforeEach(() => {
    hub.repo('dataset', 'ann/secret', { private: true, files: { 'a.parquet': DATA } })
    hub.repo('dataset', 'ann/gated', { gated: 'manual', files: { 'a.parquet': DATA, 'b.json': '[]' } })
    hub.setToken('ann', 'hf_annannannann')
    hub.setToken('bob', 'hf_bobbobbobbob')
  })
  const secret: HubRepo = { type: 'dataset', id: 'ann/secret' }

  test('a private repository wants a token, which goes to the Hub alone', async () => {
    const at = tree(secret)
    const reason = await reasonOf(at.list())
    expect(reason).toBeInstanceOf(AccessError)
    expect(reason).toMatchObject({
      subject: 'datasets/ann/secret',
      message: 'private or does not exist (401)',
      action: 'Check the name. If the dataset is private, add a token with read access.',
    })
    tokens.set(hub.url, 'hf_annannannann')
    bytesEqual(await (await at.bytes('a.parquet')).load(500_000, 100), DATA.slice(500_000, 500_100))
    expect(hub.requests.filter((seen) => seen.host === 'hub').at(-1)?.authorization).toBe('hub token')
    expect(
      hub.requests.filter((seen) => seen.host === 'cdn').every((seen) => seen.authorization === 'none'),
    ).toBe(true)
    tokens.set(hub.url, undefined)
    expect(await reasonOf(tree(secret).list())).toBeInstanceOf(AccessError)
  })
  test('a token of somebody else opens nothing, and a wrong one is told apart', async () => {
    tokens.set(hub.url, 'hf_bobbobbobbob')
    expect(await reasonOf(tree(secret).list())).toMatchObject({
      message: 'does not exist, or the token may not see it (404)',
    })
    tokens.set(hub.url, 'hf_nobodys')
    const reason = await reasonOf(tree(secret).list())
    expect(reason).toBeInstanceOf(AccessError)
    expect(reason).toMatchObject({
      message: 'the Hub does not accept the token (401): wrong, expired or taken back',
      action: `Make a new one with read access at ${hub.url}/settings/tokens and add it.`,
    })
    expect(JSON.stringify(reason)).not.toContain('nobodys')
  })
  test('what can be no token is refused without showing it', () => {
    expect(() => tokens.set(hub.url, 'hf_a b')).toThrow('not an access token')
    expect(() => tokens.set(hub.url, 'hf_a\u00e9')).toThrow(/^not an access token: it has spaces/)
  })
  test('a token may have been copied with spaces around it', async () => {
    tokens.set(hub.url, ' hf_annannannann\n')
    expect((await tree(secret).list()).length).toBe(1)
  })
  test('a token for another Hub is not sent', async () => {
    tokens.set('https://huggingface.co', 'hf_annannannann')
    // the same host, encrypted: what is not must not have its token
    tokens.set(hub.url.replace('http:', 'https:'), 'hf_annannannann')
    expect(await reasonOf(tree(secret).list())).toBeInstanceOf(AccessError)
    expect(hub.requests.every(({ authorization }) => authorization === 'none')).toBe(true)
    tokens.set('https://huggingface.co', undefined)
    tokens.set(hub.url.replace('http:', 'https:'), undefined)
  })
  test('behind a gate the names are public, the bytes are not', async () => {
    const at = tree({ type: 'dataset', id: 'ann/gated' })
    expect((await at.list()).length).toBe(2)
    for (const path of ['a.parquet', 'b.json']) {
      const reason = await reasonOf(at.blob(path))
      expect(reason).toBeInstanceOf(AccessError)
      expect(reason).toMatchObject({
        subject: `datasets/ann/gated/${path}`,
        message: 'gated: its owner wants to know who reads it (401)',
        action: `Request access at ${hub.url}/datasets/ann/gated, and add a token with read access.`,
      })
    }
    tokens.set(hub.url, 'hf_bobbobbobbob')
    expect(await reasonOf(at.blob('a.parquet'))).toMatchObject({
      message: 'gated: its owner wants to know who reads it (403)',
      action: `Request access at ${hub.url}/datasets/ann/gated.`,
    })
    tokens.set(hub.url, 'hf_annannannann')
    expect((await at.blob('b.json')).size).toBe(2)
  })
})

describe('what goes wrong', () => {
  test('is a message of its own each', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA } })
    hub.setToken('ann', 'hf_annannannann')
    expect(await reasonOf(tree({ type: 'dataset', id: 'ann/none' }).list())).toMatchObject({
      name: 'AccessError',
      message: 'private or does not exist (401)',
    })
    tokens.set(hub.url, 'hf_annannannann')
    expect(await reasonOf(tree({ type: 'bucket', id: 'ann/none' }).list())).toMatchObject({
      name: 'TrackioError',
      subject: 'buckets/ann/none',
      message: 'does not exist, or the token may not see it (404)',
      action: 'Check the name, and that it is a bucket. If it is private, the token needs read access to it.',
    })
    expect(await reasonOf(tree({ ...DATASET, revision: 'nope' }).list())).toMatchObject({
      subject: 'datasets/ann/runs',
      message: 'no branch, tag or commit nope',
      action: `Choose one at ${hub.url}/datasets/ann/runs.`,
    })
    expect(await reasonOf(tree(DATASET, { root: 'nope/' }).list())).toMatchObject({
      subject: 'datasets/ann/runs/nope/',
      message: 'no such file in the dataset',
    })
    hub.failNext(1, 418)
    expect(await reasonOf(tree(DATASET).list())).toMatchObject({ message: 'the Hub answered 418: Error 418' })
    hub.failNext(1, 403)
    expect(await reasonOf(tree(DATASET).list())).toMatchObject({
      name: 'AccessError',
      message: 'the token may not read it (403): Error 403',
    })
    tokens.set(hub.url, undefined)
    hub.failNext(1, 403)
    expect(await reasonOf(tree(DATASET).list())).toMatchObject({
      message: 'the Hub refuses it (403): Error 403',
    })
  })
  test('once at the server is tried again, twice is said', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA } })
    const at = tree(DATASET)
    hub.failNext(1, 503)
    expect((await at.list()).length).toBe(1)
    const file = await at.bytes('a.parquet')
    hub.failNext(1, 500)
    bytesEqual(await file.load(0, 10), DATA.slice(0, 10))
    expect(pauses).toEqual([500, 500])
    hub.failNext(2, 502)
    const reason = await reasonOf(at.list())
    expect(reason).toBeInstanceOf(TrackioError)
    expect(reason).toMatchObject({
      subject: 'datasets/ann/runs',
      message: 'the Hub failed twice (502)',
      action: 'Try again in a few minutes.',
    })
  })
  test('a broken line is tried again once too', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA } })
    const at = tree(DATASET)
    hub.failNext(1, 0)
    expect((await at.list()).length).toBe(1)
    hub.failNext(2, 0)
    expect(await reasonOf(at.list())).toMatchObject({
      subject: 'datasets/ann/runs',
      message: `no answer from ${new URL(hub.url).host}`,
      action: expect.stringMatching(/^Check the connection\./),
    })
  })
  test('too many requests are waited for as the Hub says, counting down', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA } })
    hub.limitNext(1, { RateLimit: '"api";r=0;t=3' })
    const at = tree(DATASET)
    expect((await at.list()).length).toBe(1)
    const host = new URL(hub.url).host
    expect(said).toEqual([3, 2, 1].map((left) => `${host} asks for a pause: going on in ${left} s`))
    expect(pauses).toEqual([1000, 1000, 1000])
    hub.limitNext(1, { RateLimit: 'none', 'Retry-After': '2' })
    await (await at.bytes('a.parquet')).load(0, 10)
    expect(said.length).toBe(5)
  })
  test('too many requests for longer than five minutes are an error', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA } })
    hub.limitNext(1, { RateLimit: '"api";r=0;t=900' })
    expect(await reasonOf(tree(DATASET).list())).toMatchObject({
      subject: 'datasets/ann/runs',
      message: 'the Hub answers no more requests for now (429)',
      action: 'Try again in 15 minutes. With a token of yours the Hub allows more.',
    })
    expect(pauses).toEqual([])
    hub.limitNext(20, { RateLimit: '"api";r=0;t=100' })
    expect(await reasonOf(tree(DATASET).list())).toMatchObject({
      action: expect.stringContaining('Try again in 2 minutes.'),
    })
    expect(pauses.length).toBe(300)
  })
  test('giving up ends a pause, a listing and a download', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA } })
    const at = tree(DATASET)
    expect(isAbort(await reasonOf(at.list({ signal: AbortSignal.abort() })))).toBe(true)
    expect(hub.requests).toEqual([])
    const during = new AbortController()
    hub.limitNext(1, { RateLimit: '"api";r=0;t=100' })
    expect(
      isAbort(
        await reasonOf(tree(DATASET, { onWait: () => during.abort() }).list({ signal: during.signal })),
      ),
    ).toBe(true)
    time += 200_000
    const later = new AbortController()
    const blob = at.blob('a.parquet', { signal: later.signal, onProgress: () => later.abort() })
    expect(isAbort(await reasonOf(blob))).toBe(true)
    // what an opening that was given up has open is given up with it
    const opening = new AbortController()
    const file = await at.bytes('a.parquet', { signal: opening.signal })
    opening.abort()
    expect(isAbort(await reasonOf(file.load(0, 10)))).toBe(true)
  })
})

describe('between visits', () => {
  test('what was read is not read again, nor is the listing of a commit', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA, 'b.parquet': DATA.slice(9) } })
    const store = memoryStore()
    const cache = makeHubCache(store)
    await (await tree(DATASET, { cache }).bytes('a.parquet')).load(100_000, 200_000)
    await cache.size()
    hub.clear()
    const at = tree(DATASET, { cache: makeHubCache(store) })
    const file = await at.bytes('a.parquet')
    bytesEqual(await file.load(100_000, 200_000), DATA.slice(100_000, 300_000))
    expect(asked()).toEqual(['hub GET /api/datasets/ann/runs/revision/HEAD'])
    bytesEqual(await file.load(300_000, 100_000), DATA.slice(300_000, 400_000))
    expect(hub.requests.slice(1).map(({ host, range }) => [host, range])).toEqual([
      ['hub', 'bytes=327680-458751'],
      ['cdn', 'bytes=327680-458751'],
    ])
  })
  test('a new commit costs what it changed', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA, 'b.parquet': DATA.slice(9) } })
    const cache = makeHubCache(memoryStore())
    const at = tree(DATASET, { cache })
    await at.blob('a.parquet')
    await at.blob('b.parquet')
    await cache.size()
    hub.putFiles('dataset', 'ann/runs', { 'b.parquet': DATA.slice(20) })
    await at.list()
    hub.clear()
    bytesEqual(new Uint8Array(await (await at.blob('a.parquet')).arrayBuffer()), DATA)
    expect(hub.requests).toEqual([])
    bytesEqual(new Uint8Array(await (await at.blob('b.parquet')).arrayBuffer()), DATA.slice(20))
    expect(hub.requests.length).toBe(2)
  })
  test('a dataset that was read opens offline, and says so', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA, 'b.parquet': DATA.slice(9) } })
    const store = memoryStore()
    time = Date.parse('2026-11-01T12:30:00Z')
    const cache = makeHubCache(store, undefined, () => time)
    const before = tree(DATASET, { cache })
    await before.list()
    await (await before.bytes('a.parquet')).load(0, 1000)
    await cache.size()
    const commit = before.revision()

    hub.failNext(1000, 0)
    time += 3_600_000
    const at = tree(DATASET, { cache: makeHubCache(store) })
    expect((await at.list()).map(({ path }) => path)).toEqual(['a.parquet', 'b.parquet'])
    expect(at.revision()).toBe(commit)
    expect(at.notices()).toEqual([
      {
        level: 'warn',
        subject: 'datasets/ann/runs',
        text: `no answer from ${new URL(hub.url).host}: shown as it was on 2026-11-01 12:30 UTC (commit ${commit?.slice(0, 7)}), as far as it was read then`,
        action: 'Read it again once the Hub can be reached.',
      },
    ])
    bytesEqual(await (await at.bytes('a.parquet')).load(0, 1000), DATA.slice(0, 1000))
    expect(await reasonOf((await at.bytes('b.parquet')).load(0, 10))).toMatchObject({
      message: `no answer from ${new URL(hub.url).host}`,
    })
    // what nobody has read is not there
    expect(await reasonOf(tree({ ...DATASET, revision: 'other' }, { cache }).list())).toMatchObject({
      message: expect.stringContaining('no answer'),
    })
  })
  test('back online it is read anew, without the notice', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': DATA } })
    const cache = makeHubCache(memoryStore())
    const at = tree(DATASET, { cache })
    await at.list()
    await cache.size()
    hub.failNext(2, 0)
    await at.list()
    expect(at.notices().length).toBe(1)
    hub.putFiles('dataset', 'ann/runs', { 'c.parquet': 'new' })
    expect((await at.list()).length).toBe(2)
    expect(at.notices()).toEqual([])
  })
  test('a bucket is kept by its content', async () => {
    hub.repo('bucket', 'ann/store', { files: { 'demo.db': DATA } })
    const store = memoryStore()
    const cache = makeHubCache(store)
    await (await tree(BUCKET, { cache }).bytes('demo.db')).load(0, 1000)
    await cache.size()
    hub.clear()
    const at = tree(BUCKET, { cache: makeHubCache(store) })
    bytesEqual(await (await at.bytes('demo.db')).load(0, 1000), DATA.slice(0, 1000))
    expect(asked()).toEqual(['hub GET /api/buckets/ann/store/tree'])
    const other = DATA.map((byte) => byte ^ 1)
    hub.putFiles('bucket', 'ann/store', { 'demo.db': other })
    await at.list()
    bytesEqual(await (await at.bytes('demo.db')).load(0, 1000), other.slice(0, 1000))
    // offline it is as it was last listed
    await cache.size()
    hub.failNext(1000, 0)
    const offline = tree(BUCKET, { cache })
    expect((await offline.list())[0]).toMatchObject({ path: 'demo.db' })
    expect(offline.notices()[0]?.text).toContain('shown as it was on')
  })
  test('nothing of a Space is kept, as its config.json may hold a token', async () => {
    hub.repo('space', 'ann/dash', { files: { 'config.json': '{"hf_token":"hf_leaked"}' }, sdk: 'static' })
    const store = memoryStore()
    const at = tree({ type: 'space', id: 'ann/dash' }, { cache: makeHubCache(store) })
    await at.list()
    expect(await (await at.blob('config.json')).text()).toContain('hf_leaked')
    expect(store.files.size).toBe(0)
  })
})

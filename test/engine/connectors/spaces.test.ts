import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { namedData, spaceAt, spaceData } from '../../../src/engine/connectors/spaces.ts'
import { AccessError, TrackioError } from '../../../src/model/errors.ts'
import { makeTokenTable, type TokenTable } from '../../../src/storage/http/token-table.ts'
import { makeHubCache } from '../../../src/storage/hub/hub-cache.ts'
import { hubTree } from '../../../src/storage/hub/hub-tree.ts'
import { type Files, type HubDouble, type RepoOptions, startHub } from '../../hub/double.ts'
import { memoryStore } from '../../storage/memory-store.ts'

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url))

let hub: HubDouble
let tokens: TokenTable
beforeEach(async () => {
  hub = await startHub()
  tokens = makeTokenTable()
})
afterEach(async () => {
  expect(hub.leaks()).toEqual([])
  await hub.stop()
})

const clock = { now: Date.now, pause: async () => undefined }
const options = () => ({ hub: hub.url, tokenFor: tokens.of, cache: undefined, clock })
const space = (id: string, sdk: string, more: RepoOptions = {}) =>
  hub.repo('space', id, { sdk, tags: ['trackio'], ...more })
const config = (value: unknown): Files => ({ 'config.json': JSON.stringify(value) })
const failure = async (promise: Promise<unknown>): Promise<TrackioError> => {
  const reason: unknown = await promise.then(
    () => expect.fail('was found'),
    (cause: unknown) => cause,
  )
  if (reason instanceof TrackioError) return reason
  throw reason
}

describe('a static Space', () => {
  test('leads to the bucket of its config.json, as trackio 0.43 uploads it', async () => {
    hub.repo('space', 'me/demo')
    hub.addFolder('space', 'me/demo', join(fixtures, 'static-0.43.0/data/space'))
    hub.repo('bucket', 'me/demo-bucket')
    hub.addFolder('bucket', 'me/demo-bucket', join(fixtures, 'static-0.43.0/data/bucket'))
    const found = await spaceData('me/demo', options())
    expect(found).toEqual({
      repo: { type: 'bucket', id: 'me/demo-bucket' },
      project: 'demo project.v4 ö',
      notices: [],
    })
    const tree = hubTree(found.repo, options())
    const names = (await tree.list()).map(({ path }) => path)
    expect(names).toEqual(
      expect.arrayContaining([
        'metrics.parquet',
        'runs.json',
        'aux/configs.parquet',
        'media/files/media-src/notes.txt',
      ]),
    )
    const data = new Uint8Array(await (await tree.blob('metrics.parquet')).arrayBuffer())
    expect(
      Buffer.compare(data, readFileSync(join(fixtures, 'static-0.43.0/data/bucket/metrics.parquet'))),
    ).toBe(0)
  })
  test('leads to the dataset of its config.json, as trackio 0.23 uploaded it', async () => {
    hub.repo('space', 'me/demo')
    hub.addFolder('space', 'me/demo', join(fixtures, 'static-dataset-0.23.0/data/space'))
    hub.repo('dataset', 'me/demo-dataset')
    hub.addFolder('dataset', 'me/demo-dataset', join(fixtures, 'static-dataset-0.23.0/data/dataset'))
    const found = await spaceData('me/demo', options())
    expect(found).toEqual({
      repo: { type: 'dataset', id: 'me/demo-dataset' },
      project: 'sweep 2026.03',
      notices: [],
    })
    expect((await hubTree(found.repo, options()).list()).length).toBeGreaterThan(4)
  })
  test('leads to the bucket where it names both', async () => {
    space('me/demo', 'static', {
      files: config({ mode: 'static', project: 'p', dataset_id: 'me/d', bucket_id: 'me/b' }),
    })
    expect((await spaceData('me/demo', options())).repo).toEqual({ type: 'bucket', id: 'me/b' })
  })
  test('with a token in it says that it leaked, and neither uses, shows nor keeps it', async () => {
    const token = 'hf_leakedleakedleaked'
    hub.setToken('me', token)
    space('me/demo', 'static', {
      files: config({
        mode: 'static',
        project: 'p',
        private: true,
        dataset_id: 'me/secret',
        hf_token: token,
      }),
    })
    hub.repo('dataset', 'me/secret', { private: true, files: { 'metrics.parquet': 'x' } })
    const store = memoryStore()
    const cache = makeHubCache(store)
    const found = await spaceData('me/demo', { ...options(), cache })
    await cache.size()
    expect(found.notices).toEqual([
      {
        level: 'error',
        subject: 'spaces/me/demo/config.json',
        text: expect.stringContaining('holds an access token that everybody can read'),
        action: expect.stringContaining(`revoke that token now at ${hub.url}/settings/tokens`),
      },
    ])
    expect(JSON.stringify(found)).not.toContain('hf_leaked')
    const kept = [...store.files.values()]
      .flatMap((files) => [...files.values()])
      .map((data) => Buffer.from(data).toString())
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.join()).not.toContain('hf_leaked')
    expect(await failure(hubTree(found.repo, options()).list())).toBeInstanceOf(AccessError)
    expect(hub.requests.every(({ authorization }) => authorization === 'none')).toBe(true)
  })
  test.each([
    ['{"mode": "static"', 'no config.json of a dashboard'],
    ['<!doctype html>', 'no config.json of a dashboard'],
    ['{"mode": "live", "bucket_id": "me/b"}', 'no config.json of a dashboard'],
    ['[]', 'no config.json of a dashboard'],
    [
      '{"mode": "static", "bucket_id": "../../x", "dataset_id": 3}',
      'config.json names neither bucket nor dataset',
    ],
  ])('whose config.json is %s says what was tried', async (text, why) => {
    space('me/demo', 'static', { files: { 'config.json': text } })
    const error = await failure(spaceData('me/demo', options()))
    expect(error.subject).toBe('spaces/me/demo')
    expect(error.message).toBe(
      `no data of trackio's found: ${why}; no bucket me/demo-bucket; no dataset me/demo-dataset or me/demo_dataset; no dataset in its README`,
    )
    expect(error.action).toContain('buckets/user/name')
  })
  test('that is a logbook is called one', async () => {
    space('me/book', 'static', {
      tags: ['trackio', 'trackio-logbook', 'open-experiment'],
      files: { 'logbook.json': '{}' },
    })
    expect(await failure(spaceData('me/book', options()))).toMatchObject({
      subject: 'spaces/me/book',
      message: expect.stringContaining('a logbook'),
      action: `Read it at ${hub.url}/spaces/me/book.`,
    })
  })
})

describe('a live Space', () => {
  const readme = (datasets: string) => ({
    'README.md': `---\nsdk: gradio\ntags: [trackio]\ndatasets:\n - ${datasets}\n---\n`,
  })

  test.each(['gradio', 'docker'])('(%s) leads to the bucket mounted at /data', async (sdk) => {
    space('me/live', sdk, {
      volumes: [
        { type: 'bucket', source: 'me/models', mountPath: '/models' },
        { type: 'dataset', source: 'me/x', mountPath: '/data' },
        { type: 'bucket', source: 'me/logs', mountPath: '/data' },
      ],
    })
    hub.repo('bucket', 'me/logs', {
      files: {
        'trackio/liveprojecté.db': gunzipSync(
          readFileSync(join(fixtures, 'bucket-0.43.0/data/trackio/liveprojecté.db.gz')),
        ),
      },
    })
    const found = await spaceData('me/live', options())
    expect(found).toEqual({ repo: { type: 'bucket', id: 'me/logs' }, notices: [] })
    const tree = hubTree(found.repo, options())
    expect(new TextDecoder().decode(await (await tree.bytes('trackio/liveprojecté.db')).load(0, 15))).toBe(
      'SQLite format 3',
    )
  })
  test('leads to another mounted bucket where none is at /data', async () => {
    space('me/live', 'gradio', { volumes: [{ type: 'bucket', source: 'me/logs', mountPath: '/trackio' }] })
    expect((await spaceData('me/live', options())).repo).toEqual({ type: 'bucket', id: 'me/logs' })
  })
  test('without one leads to the bucket named after it, the last of them, and says that this is a guess', async () => {
    space('me/live', 'gradio', { files: readme('me/other') })
    hub.repo('dataset', 'me/other')
    hub.repo('dataset', 'me/live-dataset')
    hub.repo('bucket', 'me/live-bucket')
    const found = await spaceData('me/live', options())
    expect(found.repo).toEqual({ type: 'bucket', id: 'me/live-bucket' })
    expect(found.notices).toEqual([
      {
        level: 'info',
        subject: 'spaces/me/live',
        text: 'its data is taken from buckets/me/live-bucket, which has the name that trackio gives',
      },
    ])
    hub.repo('bucket', 'me/live-bucket-2')
    hub.repo('bucket', 'me/live-bucket-3')
    hub.repo('bucket', 'me/live-bucket-5')
    expect((await spaceData('me/live', options())).repo.id).toBe('me/live-bucket-3')
  })
  test.each(['me/live-dataset', 'me/live_dataset'])('of earlier days leads to its dataset %s', async (id) => {
    space('me/live', 'gradio', { files: readme('me/other') })
    hub.repo('dataset', 'me/other')
    hub.repo('dataset', id)
    expect((await spaceData('me/live', options())).repo).toEqual({ type: 'dataset', id })
  })
  test('leads to the dataset that its README names', async () => {
    space('me/live', 'gradio', { files: readme('me/other') })
    hub.repo('dataset', 'me/other')
    const found = await spaceData('me/live', options())
    expect(found.repo).toEqual({ type: 'dataset', id: 'me/other' })
    expect(found.notices[0]?.text).toBe('its data is taken from datasets/me/other, which its README names')
  })
  test('that leads nowhere lists what was tried', async () => {
    space('me/live', 'gradio', { files: readme('me/gone') })
    const error = await failure(spaceData('me/live', options()))
    expect(error.message).toBe(
      "no data of trackio's found: no bucket mounted; no bucket me/live-bucket; no dataset me/live-dataset or me/live_dataset; no dataset me/gone, which its README names",
    )
  })
  test('with private data leads there once there is a token', async () => {
    space('me/live', 'gradio')
    hub.repo('bucket', 'me/live-bucket', { private: true })
    hub.setToken('me', 'hf_mememememe')
    expect((await failure(spaceData('me/live', options()))).action).toContain('add a token')
    tokens.set(hub.url, 'hf_mememememe')
    expect((await spaceData('me/live', options())).repo).toEqual({ type: 'bucket', id: 'me/live-bucket' })
  })
})

describe('a Space that is not there', () => {
  test('or private, is an error of its own', async () => {
    expect(await failure(spaceData('me/none', options()))).toBeInstanceOf(AccessError)
    hub.setToken('me', 'hf_mememememe')
    tokens.set(hub.url, 'hf_mememememe')
    expect(await failure(spaceData('me/none', options()))).toMatchObject({
      subject: 'spaces/me/none',
      message: expect.stringContaining('does not exist'),
    })
  })
  test('because nothing is there without the Hub, leads where it led last time', async () => {
    space('me/demo', 'static', { files: config({ mode: 'static', project: 'p', bucket_id: 'me/b' }) })
    const cache = makeHubCache(memoryStore())
    await spaceData('me/demo', { ...options(), cache })
    await cache.size()
    hub.failNext(100, 0)
    expect(await spaceData('me/demo', { ...options(), cache })).toEqual({
      repo: { type: 'bucket', id: 'me/b' },
      project: 'p',
      notices: [],
    })
    expect((await failure(spaceData('me/other', { ...options(), cache }))).message).toContain(
      'no answer from',
    )
  })
})

describe('a host of Spaces', () => {
  test('is the Space whose name it is', async () => {
    space('me/demo', 'gradio')
    expect(await spaceAt('me-demo.hf.space', options())).toBe('me/demo')
    expect(await spaceAt('Me-Demo.static.hf.space', options())).toBe('me/demo')
  })
  test('with several dashes is tried at each of them', async () => {
    space('my-lab/loss-curves', 'gradio')
    expect(await spaceAt('my-lab-loss-curves.hf.space', options())).toBe('my-lab/loss-curves')
    space('my/lab-other', 'gradio')
    expect(await spaceAt('my-lab-other.hf.space', options())).toBe('my/lab-other')
  })
  test('whose dashes are underscores, dots or capitals is found among the Spaces of its owner', async () => {
    space('Ann/run_static', 'static')
    space('Ann/v1.2_x', 'static')
    expect(await spaceAt('ann-run-static.static.hf.space', options())).toBe('Ann/run_static')
    expect(await spaceAt('ann-v1-2-x.hf.space', options())).toBe('Ann/v1.2_x')
  })
  test('that is no Space anybody may see is an error that lists what was tried', async () => {
    expect(await failure(spaceAt('a-b-c.hf.space', options()))).toMatchObject({
      subject: 'a-b-c.hf.space',
      message: 'no Space found that runs there: tried a/b-c, a-b/c',
      action: expect.stringContaining('user/name'),
    })
    expect((await failure(spaceAt('x.hf.space', options()))).message).toBe('no Space found that runs there')
  })
})

describe('a name alone', () => {
  test('is a Space first, then a bucket, then a dataset', async () => {
    hub.repo('dataset', 'me/a')
    expect((await namedData('me/a', options())).repo).toEqual({ type: 'dataset', id: 'me/a' })
    hub.repo('bucket', 'me/a')
    expect((await namedData('me/a', options())).repo).toEqual({ type: 'bucket', id: 'me/a' })
    space('me/a', 'static', { files: config({ mode: 'static', project: 'p', bucket_id: 'me/b' }) })
    expect(await namedData('me/a', options())).toEqual({
      repo: { type: 'bucket', id: 'me/b' },
      project: 'p',
      notices: [],
    })
  })
  test('of a Space that leads nowhere may still be a dataset', async () => {
    space('me/a', 'gradio')
    expect((await failure(namedData('me/a', options()))).message).toContain("no data of trackio's found")
    hub.repo('dataset', 'me/a')
    expect((await namedData('me/a', options())).repo).toEqual({ type: 'dataset', id: 'me/a' })
  })
  test('that nobody knows says so', async () => {
    expect(await failure(namedData('me/none', options()))).toMatchObject({
      name: 'AccessError',
      subject: 'me/none',
      message: 'no Space, bucket or dataset of that name, or a private one',
    })
  })
  test('without an answer from the Hub is no question of names', async () => {
    hub.failNext(100, 0)
    expect((await failure(namedData('me/none', options()))).message).toContain('no answer from')
  })
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as trackio from '../../src/entries/trackio.ts'
import { type Frontend, frontendOf, hubOfAnn, TOKEN } from '../engine/publish/setup.ts'
import type { HubDouble } from '../hub/double.ts'
import { importInbox } from '../hub/python.ts'
import { pythonMissing, readFolder } from '../python/python.ts'
import { type Bench, makeBench } from './setup.ts'

/* What is logged in a page goes on to the Hub: to a live Space, or published. */

let hub: HubDouble
let bench: Bench
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trackio-lite-space-'))
  hub = await hubOfAnn()
  hub.repo('bucket', 'ann/live-bucket')
  hub.repo('space', 'ann/live', {
    sdk: 'gradio',
    volumes: [{ type: 'bucket', source: 'ann/live-bucket', mountPath: '/data' }],
  })
  bench = makeBench()
  for (const method of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation(() => {})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await hub.stop()
  rmSync(folder, { recursive: true, force: true })
})

const target = () => ({ project: 'my proj.é', spaceId: 'ann/live', hub: hub.url })

function logSome(): void {
  trackio.log({
    loss: 0.5,
    'eval/acc': Number.NaN,
    n: 1,
    big: 2 ** 60,
    text: 'ö😀',
    nested: { a: [1, { b: Number.POSITIVE_INFINITY }] },
  })
  const picture = new trackio.Image(Uint8Array.of(200, 10, 20, 255, 0, 255, 128, 64), {
    width: 2,
    height: 1,
    caption: 'two pixels',
  })
  trackio.log({ picture, table: new trackio.Table({ columns: ['a', 'pic'], data: [[1, picture], [2]] }) }, 10)
  trackio.log({
    chat: new trackio.Trace([{ role: 'user', content: 'find the needle' }], { metadata: { a: 1 } }),
    loss: 0.25,
  })
  trackio.log({ chats: [new trackio.Trace([]), new trackio.Trace([{ role: 'user', content: [picture] }])] })
  trackio.logSystem({ 'gpu/temp': 61 })
  trackio.alert('too hot', { text: 'at step 11', level: 'error' })
}

/**
 * What the real trackio reads of the project, but for the Space that only this browser's database is meant
 * for.
 */
async function readOf(home: string): Promise<unknown> {
  const all = await readFolder(home)
  return Object.fromEntries(
    Object.entries(all).map(([project, read]) => [project, { ...Object(read), space: null }]),
  )
}

describe.skipIf(pythonMissing)('a live Space', () => {
  test('holds what was logged here, once it took in its inbox', { timeout: 120_000 }, async () => {
    await trackio.login(TOKEN, { hub: hub.url })
    const run = await trackio.init({
      ...target(),
      name: 'run/1',
      group: 'g',
      config: { lr: 1e-4, layers: [1, 2] },
    })
    logSome()
    expect(await trackio.finish()).toMatchObject({
      rows: 6,
      waiting: 0,
      delivery: { state: 'sent', target: 'ann/live', bucket: 'ann/live-bucket', rows: 6 },
    })
    await trackio.init({ ...target(), name: 'run/1', resume: 'must', config: { lr: 2e-4 } })
    trackio.log({ loss: 0.1 })
    await trackio.finish()

    const there = join(folder, 'there', 'trackio')
    // the Space has the bucket mounted: media are where it looks for them
    for (const [path, bytes] of hub.files('bucket', 'ann/live-bucket'))
      if (path.startsWith('trackio/media/')) put(join(folder, 'there', path), bytes)
    await importInbox(hub, TOKEN, there, 'ann/live-bucket')
    expect(
      [...hub.files('bucket', 'ann/live-bucket').keys()].filter((path) => path.includes('inbox')),
    ).toEqual([])
    const here = join(folder, 'here', 'trackio')
    for (const { path, blob } of await trackio.exportFiles('my proj.é'))
      put(join(here, path), new Uint8Array(await blob.arrayBuffer()))
    const [read, own] = [await readOf(there), await readOf(here)]
    expect(read).toEqual(own)
    expect(JSON.stringify(read)).toContain(run.id)
    expect(await bench.query('SELECT count(*) FROM metrics WHERE space_id IS NOT NULL', 'my proj.é')).toEqual(
      [[0]],
    )
    expect(hub.leaks()).toEqual([])
  })
})

test('without a token the rows are kept and it is said; with one they go, those of earlier too', async () => {
  await trackio.init(target())
  logSome()
  expect((await trackio.finish()).delivery).toMatchObject({
    state: 'kept',
    why: /no token was given/,
    action: /Sign in, or add a token/,
  })
  expect(vi.mocked(console.warn).mock.calls.flat().join(' ')).toMatch(
    /kept in this browser: .*no token was given/,
  )
  expect(await bench.query('SELECT count(*) FROM metrics WHERE space_id IS NOT NULL', 'my proj.é')).toEqual([
    [4],
  ])
  await trackio.login(TOKEN, { hub: hub.url })
  await trackio.init({ ...target(), name: 'later' })
  trackio.log({ loss: 1 })
  expect((await trackio.finish()).delivery).toMatchObject({ state: 'sent', rows: 7 })
})

test('files of artifacts and saved files go to where the Space has its own; what it does not list is said', async () => {
  const logArtifact = async () => {
    const model = new trackio.Artifact('model', 'weights')
    model.addFile(new Blob(['abc']), 'w.bin')
    model.addReference('https://example.com/data.bin', { checksum: false })
    await trackio.logArtifact(model)
    await trackio.save(new Blob(['lr: 1']), 'configs/a b.yaml')
  }
  const pending = () =>
    bench.query('SELECT kind, file_path, space_id FROM pending_uploads ORDER BY id', 'my proj.é')
  const blob = `artifacts/myprojé/blobs/sha256/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad`
  await trackio.init(target())
  await logArtifact()
  expect((await trackio.finish()).delivery?.state).toBe('kept')
  // marked as trackio marks them, until they are there
  expect(await pending()).toEqual([
    ['artifact_blob', blob, 'ann/live'],
    ['media', 'media/myprojé/files/configs/a b.yaml', 'ann/live'],
  ])
  expect(vi.mocked(console.warn).mock.calls.flat().join(' ')).toMatch(
    /files of artifacts go to the bucket of ann\/live, but the Space does not list them/,
  )

  await trackio.login(TOKEN, { hub: hub.url })
  await trackio.init(target())
  trackio.log({ loss: 1 })
  const { delivery, unlisted } = await trackio.finish()
  expect(delivery).toEqual({
    ...{ state: 'sent', target: 'ann/live', bucket: 'ann/live-bucket', rows: 1, files: 2 },
  })
  expect(unlisted).toBeUndefined()
  const there = hub.files('bucket', 'ann/live-bucket')
  expect([...there.keys()].filter((path) => !path.includes('/inbox/')).sort()).toEqual([
    `trackio/${blob}`,
    'trackio/media/myprojé/files/configs/a b.yaml',
  ])
  expect(String(there.get(`trackio/${blob}`))).toBe('abc')
  expect(await pending()).toEqual([])

  // the same again: a content is sent once, and the run says what its Space does not list
  await trackio.init(target())
  await logArtifact()
  hub.clear()
  expect(await trackio.finish()).toMatchObject({
    unlisted: ['model:v0'],
    delivery: { state: 'sent', files: 2 },
  })
  expect(await pending()).toEqual([])

  // without a Space nothing waits
  await trackio.init({ project: 'my proj.é' })
  await logArtifact()
  expect(await pending()).toEqual([])
})

test('a new run does not wait for what goes on to the Space', async () => {
  await trackio.login(TOKEN, { hub: hub.url })
  await trackio.init(target())
  trackio.log({ loss: 1 })
  hub.clear()
  await trackio.init(target())
  expect(hub.requests.filter(({ path }) => path.endsWith('/batch'))).toEqual([])
  trackio.log({ loss: 2 })
  expect((await trackio.finish()).delivery).toMatchObject({ state: 'sent', rows: 2 })
})

describe('sync', () => {
  let app: Frontend
  beforeEach(async () => {
    app = await frontendOf()
  })
  afterEach(() => app.close())

  test('publishes what is stored, while a run goes on; media and artifacts too', async () => {
    await trackio.login(TOKEN, { hub: hub.url })
    await trackio.init({ project: 'my proj.é' })
    logSome()
    trackio.log({ id: 7 })
    const model = new trackio.Artifact('model', 'weights')
    model.addFile(new Blob(['abc']), 'w.bin')
    await trackio.logArtifact(model)
    const stages: string[] = []
    const onProgress = ({ stage }: { stage: string }) => void stages.push(stage)
    const options = { spaceId: 'exp', hub: hub.url, dashboard: app.url }
    expect(await trackio.sync({ ...options, onProgress })).toMatchObject({
      space: 'ann/exp',
      data: { type: 'bucket', id: 'ann/exp-bucket' },
    })
    expect(vi.mocked(console.warn).mock.calls.flat().join('\n')).toMatch(/id is left out \(1 value\)/)
    const paths = [...hub.files('bucket', 'ann/exp-bucket').keys()]
    expect(paths).toEqual(
      expect.arrayContaining([
        'metrics.parquet',
        'aux/alerts.parquet',
        'aux/traces.parquet',
        'aux/artifacts.parquet',
        'runs.json',
      ]),
    )
    expect(paths.filter((path) => /^(media|artifacts)\//.test(path)).length).toBe(2)
    expect(JSON.parse(String(hub.files('space', 'ann/exp').get('config.json')))).toMatchObject({
      project: 'myprojé',
      bucket_id: 'ann/exp-bucket',
    })
    // it is told over a port of its own
    await vi.waitFor(() => expect(stages.at(-1)).toBe('done'))
    trackio.log({ loss: 0.125 })
    expect((await trackio.sync({ ...options, space_id: 'exp' } as object)).sent.files).toBe(2)
    await trackio.finish()
  })

  test('says what it needs', async () => {
    await trackio.init({ project: 'p' })
    trackio.log({ loss: 1 })
    await expect(trackio.sync({ project: 'p' })).rejects.toThrow('trackio.sync() needs a Space to publish to')
    const options = { project: 'p', spaceId: 'ann/exp', hub: hub.url, dashboard: app.url }
    await expect(trackio.sync({ ...options, sdk: 'gradio' } as object)).rejects.toThrow(
      "a page publishes static Spaces only, not 'gradio'",
    )
    await expect(trackio.sync(options)).rejects.toMatchObject({
      name: 'AccessError',
      message: /no token was given/,
    })
    await trackio.login(TOKEN, { hub: hub.url })
    await expect(trackio.sync({ ...options, private: true })).rejects.toThrow(
      'private=True is not supported for static Trackio Spaces',
    )
    await expect(trackio.sync({ ...options, project: 'q' })).rejects.toThrow(
      'no such project in this browser',
    )
    await trackio.finish()
  })
})

function put(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}

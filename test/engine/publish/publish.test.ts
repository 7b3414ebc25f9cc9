import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SPACE_CARD } from '../../../build/space-card.ts'
import { serverFiles } from '../../../src/engine/formats/trackio-server/server-files.ts'
import { publish } from '../../../src/engine/publish/publish.ts'
import { ChangedOnDiskError } from '../../../src/model/errors.ts'
import type { PublishOptions, PublishProgress } from '../../../src/model/publish.ts'
import type { Bytes } from '../../../src/storage/bytes.ts'
import type { Tree } from '../../../src/storage/tree.ts'
import type { HubDouble } from '../../hub/double.ts'
import { randomBytes } from '../../hub/helpers.ts'
import { namedFile, readFixture } from '../golden-fixtures.ts'
import { type Frontend, frontendOf, hubOfAnn, sourceFrom, sourceOf, TOKEN, tokens } from './setup.ts'

let hub: HubDouble
let app: Frontend
beforeEach(async () => {
  hub = await hubOfAnn()
  app = await frontendOf()
})
afterEach(async () => {
  await hub.stop()
  await app.close()
})

const SMALL = 'bucket-0.43.0'
/** No test waits. */
const calm = { clock: { now: () => 0, pause: async () => {} }, tokenFor: tokens.of }
const to = (more: Partial<PublishOptions> = {}): PublishOptions => ({
  hub: hub.url,
  frontend: app.url,
  spaceId: 'ann/exp',
  ...more,
})
const publishSmall = async (more?: Partial<PublishOptions>, waiting = {}) =>
  publish(await sourceFrom(SMALL), to(more), { ...calm, ...waiting })
/** Requests that changed something, and those that sent content. */
const changes = () =>
  hub.requests
    .filter(({ method, status }) => !/GET|HEAD|OPTIONS/.test(method) && status < 400)
    .map(({ path }) => path)
const sentTo = (path: string) =>
  hub.requests.filter((seen) => seen.method === 'POST' && seen.path.endsWith(path)).length
const paths = (type: 'bucket' | 'dataset' | 'space', id: string) => [...hub.files(type, id).keys()].sort()
const text = (type: 'bucket' | 'space', id: string, path: string) => String(hub.files(type, id).get(path))
const config = () => JSON.parse(text('space', 'ann/exp', 'config.json'))

const TABLES = [
  'aux/alerts.parquet',
  'aux/artifact_aliases.parquet',
  'aux/artifact_versions.parquet',
  'aux/artifacts.parquet',
  'aux/configs.parquet',
  'aux/run_artifact_links.parquet',
  'aux/system_metrics.parquet',
  'media/delivered/4/d0cb6290-ed42-41e8-8ea2-11773ed25907.png',
  'media/only fragments/3/39f22b6c-b6de-4cf2-87df-a9405f790abc.png',
  'metrics.parquet',
  'runs.json',
  'settings.json',
]
const BLOB = 'artifacts/blobs/sha256/17/17cadbc21b4e83d447555f91d1881549512f21104d2dd7c19081dbc6dc8a3b16'
const PAGE = [
  'README.md',
  'assets/index-abcdefgh.js',
  'assets/sqlite-abcdefgh.wasm',
  'built.json',
  'config.json',
  'favicon.svg',
  'index.html',
]

describe('what is published', () => {
  test('a bucket with trackio’s static layout, and a static Space with this app that shows it', async () => {
    const progress: PublishProgress[] = []
    const done = await publishSmall({}, { onProgress: (one: PublishProgress) => progress.push(one) })
    expect(done).toMatchObject({
      space: 'ann/exp',
      url: `${hub.url}/spaces/ann/exp`,
      data: { type: 'bucket', id: 'ann/exp-bucket' },
      // the card and config.json came with the making of the Space
      sent: { files: TABLES.length + 1 + PAGE.length - 2 },
      removed: 0,
    })
    expect(paths('bucket', 'ann/exp-bucket')).toEqual([BLOB, ...TABLES])
    expect(paths('space', 'ann/exp')).toEqual(['.gitattributes', ...PAGE])
    expect(text('space', 'ann/exp', 'README.md')).toBe(
      '---\nemoji: 🎯\nsdk: static\npinned: false\ntags:\n - trackio\n---\n',
    )
    expect(config()).toEqual({
      mode: 'static',
      project: 'liveprojecté',
      private: false,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      bucket_id: 'ann/exp-bucket',
    })
    const { sdk, tags } = await (await fetch(`${hub.url}/api/spaces/ann/exp`)).json()
    expect([sdk, tags]).toEqual(['static', expect.arrayContaining(['trackio'])])
    expect(hub.leaks()).toEqual([])
    // what waits in the inbox is said, and not published
    expect(done.notices).toMatchObject([
      { level: 'warn', text: expect.stringMatching(/^6 log fragments wait/) },
    ])

    expect([...new Set(progress.map(({ stage }) => stage))]).toEqual([
      'checking',
      'exporting',
      'comparing',
      'sending',
      'page',
      'done',
    ])
    for (const { files, totalFiles, bytes, totalBytes } of progress) {
      expect(files).toBeLessThanOrEqual(totalFiles)
      expect(bytes).toBeLessThanOrEqual(totalBytes)
    }
    const sending = progress.filter(({ stage }) => stage === 'sending')
    expect(sending.at(-1)).toMatchObject({ files: TABLES.length + 1, bytes: sending[0]?.totalBytes })
  })

  test('the card is that of the project, also where the built folder has one of its own', async () => {
    app.write({ 'README.md': SPACE_CARD })
    const done = await publishSmall()
    expect(text('space', 'ann/exp', 'README.md')).not.toContain('Trackio Lite')
    expect(done.sent.files).toBe(TABLES.length + 1 + PAGE.length - 2)
    hub.clear()
    expect(await publishSmall()).toMatchObject({ sent: { files: 0 } })
    expect(app.served.requests.filter(({ path }) => path === '/README.md')).toEqual([])
  })

  test('again: nothing is sent', async () => {
    await publishSmall()
    hub.clear()
    const again = await publishSmall()
    expect(again).toMatchObject({
      sent: { files: 0, bytes: 0 },
      same: TABLES.length + 1 + PAGE.length,
      data: { id: 'ann/exp-bucket' },
    })
    expect(changes()).toEqual([])
    // the page's own files are known by their hashes
    expect(app.served.requests.filter(({ path }) => path !== '/built.json').length).toBe(PAGE.length - 3)
  })

  test('a dataset, which the Space’s card names', async () => {
    const done = await publishSmall({ datasetId: 'exp-data', spaceId: 'exp' })
    expect(done).toMatchObject({ space: 'ann/exp', data: { type: 'dataset', id: 'ann/exp-data' } })
    expect(paths('dataset', 'ann/exp-data')).toEqual(['.gitattributes', BLOB, ...TABLES])
    expect(text('space', 'ann/exp', 'README.md')).toContain('\ndatasets:\n - ann/exp-data\n---\n')
    expect(config()).toMatchObject({ dataset_id: 'ann/exp-data' })
    hub.clear()
    // the dataset that the Space shows is taken again
    expect(await publishSmall()).toMatchObject({
      sent: { files: 0 },
      data: { type: 'dataset', id: 'ann/exp-data' },
    })
    expect(changes()).toEqual([])
  })

  test('a Parquet export as it is, with its media; of a scheduler’s dataset the list of runs is made', async () => {
    await publish(await sourceFrom('static-0.43.0', 'bucket'), to(), calm)
    const there = paths('bucket', 'ann/exp-bucket')
    expect(there).toContain('media/media & traces/1/a86c6bb5-31af-47e7-ae21-1688680d96b0.png')
    expect(there.filter((path) => /^aux\/|json$|^metrics/.test(path))).toEqual([
      'aux/artifact_aliases.parquet',
      'aux/artifact_versions.parquet',
      'aux/artifacts.parquet',
      'aux/configs.parquet',
      'aux/run_artifact_links.parquet',
      'aux/system_metrics.parquet',
      'aux/traces.parquet',
      'metrics.parquet',
      'runs.json',
      'settings.json',
    ])

    await publish(await sourceFrom('parquet-0.43.0', 'demoprojectv4ö'), to({ spaceId: 'ann/two' }), calm)
    const { projects } = readFixture('parquet-0.43.0')
    const logged =
      projects.find(({ project }) => project === 'demoprojectv4ö')?.runs.filter(({ rows }) => rows > 0) ?? []
    expect(JSON.parse(text('bucket', 'ann/two-bucket', 'runs.json'))).toEqual(
      logged.map(({ id, name, created_at, last_step, rows }) => ({
        id,
        name,
        created_at,
        last_step,
        log_count: rows,
      })),
    )
  })

  test('only what changed: a table that is gone is taken away, code of an earlier build too, media stay', async () => {
    await publishSmall()
    hub.putFiles('bucket', 'ann/exp-bucket', {
      'aux/traces.parquet': 'of an earlier export',
      'media/old/1/x.png': 'x',
      'notes.txt': 'mine',
    })
    app.write({ 'index.html': '<title>newer</title>', 'assets/index-zyxwvuts.js': 'new' })
    hub.putFiles('space', 'ann/exp', { 'assets/engine-12345678.js': 'old', 'assets/photo.png': 'mine' })
    hub.clear()
    const done = await publishSmall()
    expect(done).toMatchObject({ sent: { files: 3 }, removed: 2 })
    expect(paths('bucket', 'ann/exp-bucket')).toEqual(
      [BLOB, ...TABLES, 'media/old/1/x.png', 'notes.txt'].sort(),
    )
    expect(paths('space', 'ann/exp')).toEqual(
      ['.gitattributes', ...PAGE, 'assets/index-zyxwvuts.js', 'assets/photo.png'].sort(),
    )
    expect(changes().filter((path) => /batch|commit/.test(path))).toEqual([
      '/api/buckets/ann/exp-bucket/batch',
      '/api/spaces/ann/exp/commit/main',
    ])
  })

  test('the Hub without Xet takes a dataset', async () => {
    const old = await hubOfAnn({ xet: false })
    const where = to({ hub: old.url, datasetId: 'ann/data' })
    await publish(await sourceFrom(SMALL), where, calm)
    expect(await publish(await sourceFrom(SMALL), where, calm)).toMatchObject({ sent: { files: 0 } })
    await old.stop()
  })
})

describe('what breaks off is taken up again', () => {
  test('aborted between two files: the rest is sent, what arrived is not', async () => {
    const abort = new AbortController()
    const source = await sourceOf([
      namedFile('p.db', ''),
      ...Array.from({ length: 130 }, (_, i) => namedFile(`media/p/run/${i}/x.png`, randomBytes(i + 1, 2000))),
    ])
    const stopAfter = ({ stage, files }: PublishProgress): void => {
      if (stage === 'sending' && files > 100) abort.abort()
    }
    await expect(
      publish(source, to(), { ...calm, signal: abort.signal, onProgress: stopAfter }),
    ).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(paths('bucket', 'ann/exp-bucket').length).toBe(100)
    expect(paths('space', 'ann/exp')).toEqual(['.gitattributes', 'README.md', 'config.json'])
    const done = await publish(source, to(), calm)
    // the same bucket, though it is not empty: config.json names it
    expect(done).toMatchObject({ data: { id: 'ann/exp-bucket' }, same: 102 })
    expect(paths('bucket', 'ann/exp-bucket').length).toBe(132)
  })

  test('the Hub fails for a while: tried again, with longer and longer pauses; then it is said what to do', async () => {
    const pauses: number[] = []
    const waiting = { clock: { now: () => 0, pause: async (ms: number) => void pauses.push(ms) } }
    hub.failNext(3, 500, ({ path }) => path.endsWith('/batch'))
    await publishSmall({}, waiting)
    expect(pauses).toEqual([1500, 3000, 6000])
    hub.putFiles('bucket', 'ann/exp-bucket', { 'runs.json': '[]' })
    hub.failNext(4, 500, ({ path }) => path.endsWith('/batch'))
    await expect(publishSmall()).rejects.toMatchObject({
      subject: 'buckets/ann/exp-bucket',
      message: /failed several times \(500\)/,
      action: /Publish again/,
    })
    expect((await publishSmall()).sent.files).toBe(1)
  })

  test('the line breaks while a Space is being made: the empty bucket is taken the next time', async () => {
    hub.failNext(4, 0, ({ path }) => path.endsWith('/repos/create'))
    await expect(publishSmall()).rejects.toMatchObject({ message: expect.stringMatching(/^no answer/) })
    expect(paths('bucket', 'ann/exp-bucket')).toEqual([])
    expect((await publishSmall()).data.id).toBe('ann/exp-bucket')
  })

  test('the database is written to meanwhile: it is copied first, then exported', async () => {
    const source = await sourceFrom(SMALL)
    let opened = 0
    const tree: Tree = {
      ...source.tree,
      async bytes(path, options) {
        const bytes = await source.tree.bytes(path, options)
        if (++opened > 1) return bytes
        let reads = 0
        const load: Bytes['load'] = async (offset, length) => {
          if (++reads > 3) throw new ChangedOnDiskError(path, 'was written to while it was read')
          return bytes.load(offset, length)
        }
        return { ...bytes, load }
      },
    }
    await publish({ ...source, tree }, to(), calm)
    expect([opened, paths('bucket', 'ann/exp-bucket')]).toEqual([2, [BLOB, ...TABLES]])
  })

  test('too many requests: waits as long as the Hub says', async () => {
    const texts: string[] = []
    let now = 0
    const waiting = {
      now: () => now,
      pause: async (ms: number) => {
        now += ms
      },
    }
    hub.limitNext(1, { RateLimit: '"api";r=0;t=40' }, ({ path }) => path.endsWith('/batch'))
    await publishSmall({}, { clock: waiting, onProgress: ({ text }: PublishProgress) => texts.push(text) })
    expect(texts.filter((one) => /asks for a pause/.test(one)).length).toBe(40)
  })
})

describe('what is refused, before anything is written', () => {
  const refused = async (more: Partial<PublishOptions>, wanted: object): Promise<void> => {
    const before = hub.requests.length
    await expect(publishSmall(more)).rejects.toMatchObject(wanted)
    expect(
      hub.requests
        .slice(before)
        .filter(({ method, status }) => method === 'POST' && status < 400 && !/paths-info/.test(method)),
    ).toEqual([])
  }

  test('without a token, with one that is not valid, with one that may not', async () => {
    tokens.set(hub.url, undefined)
    await refused(
      {},
      {
        name: 'AccessError',
        message: /no token was given/,
        origin: hub.url,
        action: /Sign in, or add a token with write access/,
      },
    )
    tokens.set(hub.url, 'hf_unknown')
    await refused({}, { name: 'AccessError', message: /does not accept the token/ })
    hub.setToken('ann', 'hf_reads', { scopes: ['read-repos'] })
    tokens.set(hub.url, 'hf_reads')
    await refused(
      {},
      {
        name: 'AccessError',
        subject: 'buckets/ann/exp-bucket',
        message: /may not write there \(403\): Forbidden/,
        action: /write access to everything of ann/,
      },
    )
    // may write what is there, but make nothing
    hub.setToken('ann', 'hf_writes', { scopes: ['read-repos', 'write-repos'] })
    tokens.set(hub.url, 'hf_writes')
    await refused({}, { name: 'AccessError', message: /a token that may create a bucket/ })
    tokens.set(hub.url, TOKEN)
    await refused(
      { spaceId: 'bob/exp' },
      { name: 'AccessError', message: /don't have the rights/, action: /a name of your own/ },
    )
  })

  test('private, in trackio’s words; two places for the data; names that cannot be', async () => {
    await refused({ private: true }, { message: /^private=True is not supported for static Trackio Spaces/ })
    await refused({ bucketId: 'a/b', datasetId: 'a/b' }, { message: /use one persistence mode/ })
    await refused({ spaceId: 'ann/a b' }, { subject: 'ann/a b', message: /cannot be the name of a Space/ })
  })

  test('a Space of another kind, a logbook, a page that is not trackio’s, another project', async () => {
    hub.repo('space', 'ann/live', {
      sdk: 'gradio',
      files: { 'README.md': '---\nsdk: gradio\ntags: [trackio]\n---\n' },
    })
    await refused(
      { spaceId: 'ann/live' },
      {
        message:
          "Space 'ann/live' is a 'gradio' Space but sdk='static' was requested. The sdk must match the existing Space type.",
      },
    )
    hub.repo('space', 'ann/book', { sdk: 'static', tags: ['trackio', 'trackio-logbook'] })
    await refused({ spaceId: 'ann/book' }, { message: /is a logbook/ })
    hub.repo('space', 'ann/home', {
      sdk: 'static',
      files: { 'README.md': '---\nsdk: static\n---\n', 'index.html': 'my page' },
    })
    await refused({ spaceId: 'ann/home' }, { message: /no tag trackio/ })
    expect(text('space', 'ann/home', 'index.html')).toBe('my page')
    await publishSmall()
    const other = await sourceFrom('v0.43.0', 'demoprojectv4ö')
    await expect(publish(other, to(), calm)).rejects.toMatchObject({
      message: 'shows another project: liveprojecté',
      action: /Or replace/,
    })
    expect(await publish(other, to({ replace: true }), calm)).toMatchObject({
      data: { id: 'ann/exp-bucket' },
    })
    expect(config().project).toBe('demoprojectv4ö')
  })

  test('a bucket that is private, or holds another export; one that is taken gets a number', async () => {
    hub.repo('bucket', 'ann/secret', { private: true })
    await refused({ bucketId: 'secret' }, { subject: 'buckets/ann/secret', message: /is private/ })
    hub.repo('bucket', 'ann/full', { files: { 'runs.json': '[]' } })
    await refused({ bucketId: 'ann/full' }, { message: /holds another export already \(runs\.json\)/ })
    hub.repo('bucket', 'ann/exp-bucket', { files: { 'notes.txt': 'mine' } })
    expect((await publishSmall()).data.id).toBe('ann/exp-bucket-2')
  })

  test('a page that is no built app, or whose host changes it', async () => {
    await refused(
      { frontend: `${app.url}nothing/` },
      { message: /no list of them \(the host answered 404\)/, action: /as it was built/ },
    )
    await refused({ frontend: 'file:///index.html' }, { message: /no list of them/ })
    const other = await frontendOf({ 'index.html': 'a' })
    const { writeFileSync } = await import('node:fs')
    writeFileSync(`${other.folder}/index.html`, '<script>injected</script>a')
    await expect(publishSmall({ frontend: other.url })).rejects.toMatchObject({
      subject: `${other.url}index.html`,
      message: /is not as it was built/,
    })
    await other.close()
  })

  test('what has no files: a live server, fragments alone', async () => {
    const { tree } = await sourceFrom(SMALL)
    const server = { tree, files: serverFiles('p', ''), project: 'p' }
    await expect(publish(server, to(), calm)).rejects.toMatchObject({
      message: /live server/,
      action: /trackio sync/,
    })
    const fragments = await sourceOf([namedFile('trackio/inbox/0123456789abcdef/00000000.jsonl', '{}')])
    await expect(publish(fragments, to(), calm)).rejects.toMatchObject({
      message: /log fragments has no database/,
    })
    expect(sentTo('/create')).toBe(0)
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Delivery, type DeliveryTimes, makeDelivery } from '../../../src/engine/publish/fragments-out.ts'
import { type LocalStore, makeLocalStore } from '../../../src/engine/tracking/local-store.ts'
import type { Batch } from '../../../src/model/tracking.ts'
import { memoryTree } from '../../../src/storage/opfs/write-tree.ts'
import type { HubDouble } from '../../hub/double.ts'
import { openCopy } from '../tracking/copy.ts'
import { hubOfAnn, TOKEN, tokens } from './setup.ts'

const SPACE = 'ann/live'
const RUN = { project: 'my proj', id: 'a'.repeat(32), name: 'run-1' }
const clock = { now: () => 0, pause: async () => {} }
let hub: HubDouble
let store: LocalStore
/** What waits to be called back, and when. */
let timers: { ms: number; work: () => void }[]
let now: number
beforeEach(async () => {
  hub = await hubOfAnn()
  hub.repo('bucket', 'ann/live-bucket')
  hub.repo('space', SPACE, {
    sdk: 'gradio',
    volumes: [{ type: 'bucket', source: 'ann/live-bucket', mountPath: '/data' }],
  })
  store = makeLocalStore(memoryTree())
  timers = []
  now = 1e12
})
afterEach(() => hub.stop())

const times: DeliveryTimes = {
  first: 1000,
  every: 10_000,
  again: 5000,
  longest: 300_000,
  later(ms, work) {
    const timer = { ms, work }
    timers.push(timer)
    return () => void timers.splice(timers.indexOf(timer), 1)
  },
  now: () => now,
}

function delivery(
  to: { bucketId?: string } = {},
  space = SPACE,
  changed: Partial<LocalStore> = {},
): Delivery {
  const changedStore: LocalStore = { ...store, ...changed }
  return makeDelivery(
    space,
    { hub: hub.url, ...to },
    {
      take: (known) => changedStore.pending('my proj', space, known),
      clear: (ids) => changedStore.delivered('my proj', ids),
      media: (path) => changedStore.mediaFile(path),
      file: (path) =>
        path.startsWith('media/')
          ? changedStore.mediaFile(path.slice('media/'.length))
          : changedStore.artifactBlob('my proj', path.slice(-64)),
      alone: (work) => work(),
    },
    { times, clock, tokenFor: tokens.of },
  )
}

function batch(first: number, payloads: string[], more: Partial<Batch> = {}): Batch {
  return {
    run: RUN,
    space: SPACE,
    rows: {
      ids: '0123456789abcdef0123',
      first,
      times: Float64Array.from(payloads, (_, i) => Date.UTC(2026, 7, 21) + first + i),
      steps: Float64Array.from(payloads, (_, i) => first + i),
      payloads: payloads.join('\n'),
    },
    ...more,
  }
}

const paths = () => [...hub.files('bucket', 'ann/live-bucket').keys()].sort()
const inbox = () => paths().filter((path) => path.startsWith('trackio/inbox/'))
const lines = () =>
  inbox().flatMap((path) =>
    String(hub.files('bucket', 'ann/live-bucket').get(path))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  )

async function waiting(): Promise<unknown> {
  const db = await openCopy(await store.exportDatabase('my proj'))
  const counts = ['metrics', 'system_metrics', 'traces'].map(
    (table) => db.rows(`SELECT count(*) FROM ${table} WHERE space_id IS NOT NULL`)[0]?.[0],
  )
  const alerts = db.rows(
    "SELECT count(*) FROM project_metadata WHERE key LIKE 'trackio-lite:alert:%'",
  )[0]?.[0]
  db.close()
  return [...counts, alerts]
}

describe('rows for a live Space', () => {
  test('go to the inbox of its bucket as trackio writes them, media before them, the config with the first', async () => {
    const image = new Blob([new Uint8Array([137, 80, 78, 71])])
    const path = 'myproj/run-1/1/0123.png'
    await store.write(
      batch(
        0,
        [
          '{"loss":1.0,"big":9007199254740993}',
          `{"pic":{"_type":"trackio.image","file_path":"${path}","caption":null}}`,
          '{}',
        ],
        {
          config: '{"lr":1e-4,"_Group":null}',
          files: [{ path, blob: image }],
          traces: [
            {
              row: 2,
              step: 2,
              time: 0,
              key: 'chat',
              index: null,
              messages: '[{"role":"user"}]',
              metadata: '{"a":1}',
              spans: '[]',
              words: '',
            },
            {
              row: 2,
              step: 2,
              time: 0,
              key: 'list',
              index: 0,
              messages: '[]',
              metadata: '{}',
              spans: '[]',
              words: '',
            },
            {
              row: 2,
              step: 2,
              time: 0,
              key: 'list',
              index: 2,
              messages: '[1]',
              metadata: '{}',
              spans: '[]',
              words: '',
            },
          ],
          system: {
            ids: 'f'.repeat(20),
            first: 0,
            times: Float64Array.of(0),
            steps: new Float64Array(),
            payloads: '{"gpu":60}',
          },
          alerts: [{ id: 'e'.repeat(32), time: 0, title: 'hot', text: null, level: 'warn', step: 3 }],
        },
      ),
    )
    expect(await waiting()).toEqual([3, 1, 3, 1])
    expect(await delivery().flush()).toEqual({
      state: 'sent',
      target: SPACE,
      bucket: 'ann/live-bucket',
      rows: 5,
    })
    expect(await waiting()).toEqual([0, 0, 0, 0])
    expect(paths()).toEqual([
      expect.stringMatching(/^trackio\/inbox\/[0-9a-f]{16}\/00000000\.jsonl$/),
      `trackio/media/${path}`,
    ])
    const text = String(hub.files('bucket', 'ann/live-bucket').get(inbox()[0] ?? ''))
    // numbers as they were logged
    expect(text).toContain('"metrics":{"loss":1.0,"big":9007199254740993},"step":0')
    const start = { v: 1, project: 'my proj', run: 'run-1', run_id: RUN.id }
    const trace = (messages: unknown[], metadata = {}) => ({
      _type: 'trackio.trace',
      messages,
      metadata,
      spans: [],
    })
    expect(lines()).toEqual([
      {
        ...start,
        kind: 'metric',
        metrics: { loss: 1, big: 2 ** 53 },
        step: 0,
        timestamp: '2026-08-21T00:00:00+00:00',
        config: { lr: 1e-4, _Group: null },
        log_id: '0123456789abcdef0123000000000000',
      },
      expect.objectContaining({
        kind: 'metric',
        step: 1,
        config: null,
        metrics: { pic: expect.objectContaining({ file_path: path }) },
      }),
      expect.objectContaining({
        kind: 'metric',
        step: 2,
        metrics: { chat: trace([{ role: 'user' }], { a: 1 }), list: [trace([]), null, trace([1])] },
      }),
      {
        ...start,
        kind: 'system_metric',
        metrics: { gpu: 60 },
        timestamp: '1970-01-01T00:00:00+00:00',
        log_id: 'f'.repeat(20) + '0'.repeat(12),
      },
      {
        ...start,
        kind: 'alert',
        title: 'hot',
        text: null,
        level: 'warn',
        step: 3,
        timestamp: '1970-01-01T00:00:00+00:00',
        alert_id: 'e'.repeat(32),
      },
    ])
    expect(hub.leaks()).toEqual([])
  })

  test('in batches: the first soon, later ones every ten seconds; only what is new, the config once', async () => {
    const out = delivery()
    await store.write(batch(0, ['{"a":1}'], { config: '{"lr":1}' }))
    out.soon()
    out.soon()
    expect(timers.map(({ ms }) => ms)).toEqual([1000])
    now += 1000
    timers.shift()?.work()
    await out.flush()
    await store.write(batch(1, ['{"a":2}', '{"a":3}']))
    now += 3000
    out.soon()
    expect(timers.map(({ ms }) => ms)).toEqual([7000])
    timers.shift()?.work()
    await out.flush()
    expect(inbox().map((path) => path.slice(-14))).toEqual(['00000000.jsonl', '00000001.jsonl'])
    expect(lines().map(({ step, config }) => [step, config])).toEqual([
      [0, { lr: 1 }],
      [1, null],
      [2, null],
    ])
    await out.flush()
    expect(inbox().length).toBe(2)
  })

  test('many rows make several fragments', async () => {
    for (let part = 0; part < 3; part++)
      await store.write(
        batch(
          part * 4000,
          Array.from({ length: 4000 }, (_, i) => `{"a":${i}}`),
        ),
      )
    expect(await delivery().flush()).toMatchObject({ state: 'sent', rows: 12_000 })
    expect(inbox().length).toBe(3)
    expect(lines().map(({ step }) => step)).toEqual(Array.from({ length: 12_000 }, (_, i) => i))
  })
})

describe('what cannot be sent', () => {
  test('is kept, and tried again with longer and longer pauses until the Hub takes it', async () => {
    const out = delivery()
    await store.write(batch(0, ['{"a":1}']))
    hub.failNext(12, 500, ({ path }) => path.endsWith('/batch'))
    out.soon()
    const pauses: number[] = []
    for (let failure = 0; failure < 3; failure++) {
      const timer = timers.shift()
      pauses.push(timer?.ms ?? Number.NaN)
      timer?.work()
      // the run that the timer began: nothing new is sent by waiting for it
      await new Promise<void>((resolve) => {
        const look = (): void => (timers.length > 0 ? resolve() : void setImmediate(look))
        look()
      })
      out.soon() // changes nothing while a pause runs
      expect(timers.length).toBe(1)
      expect(await waiting()).toEqual([1, 0, 0, 0])
    }
    expect([...pauses, timers[0]?.ms]).toEqual([1000, 5000, 10_000, 20_000])
    expect(await out.flush()).toMatchObject({ state: 'sent', rows: 1 })
    expect(timers).toEqual([])
    expect(lines().length).toBe(1)
  })

  test('whether it arrived or not is unknown: it comes twice, under another name and with the same ids', async () => {
    await store.write(batch(0, ['{"a":1}']))
    let fails = 1
    const out = delivery({}, SPACE, {
      delivered: async (project, ids) => {
        if (fails-- > 0) throw new Error('the tab that owns the storage was closed')
        await store.delivered(project, ids)
      },
    })
    expect(await out.flush()).toMatchObject({ state: 'kept', why: /owns the storage was closed/ })
    expect(await out.flush()).toMatchObject({ state: 'sent' })
    expect(inbox().length).toBe(2)
    expect(new Set(lines().map(({ log_id }) => log_id)).size).toBe(1)
  })

  test('without a token, or with one that may not, it waits for another', async () => {
    tokens.set(hub.url, undefined)
    const out = delivery()
    await store.write(batch(0, ['{"a":1}']))
    expect(await out.flush()).toMatchObject({
      state: 'kept',
      target: SPACE,
      why: /no token was given/,
      action: /Sign in, or add a token/,
      origin: hub.url,
    })
    hub.setToken('ann', 'hf_reads', { scopes: ['read-repos'] })
    tokens.set(hub.url, 'hf_reads')
    expect(await out.flush()).toMatchObject({
      state: 'kept',
      why: /buckets\/ann\/live-bucket: the token may not write there/,
    })
    out.soon()
    expect(timers).toEqual([])
    tokens.set(hub.url, TOKEN)
    out.wake()
    expect(timers.map(({ ms }) => ms)).toEqual([1000])
    expect(await out.flush()).toMatchObject({ state: 'sent' })
  })

  test('a Space that is not there, is frozen, or has no bucket', async () => {
    const why = async (space: string, to = {}) => delivery(to, space).flush()
    await store.write({ ...batch(0, ['{}']), space: 'ann/none' })
    expect(await why('ann/none')).toMatchObject({
      state: 'kept',
      why: 'spaces/ann/none: there is no such Space',
      action: /trackio\.init/,
    })
    hub.repo('space', 'ann/frozen', { sdk: 'static' })
    expect(await why('ann/frozen')).toMatchObject({
      state: 'kept',
      why: /Cannot log to Hugging Face Space 'ann\/frozen' because it has been frozen/,
    })
    hub.repo('space', 'ann/old', { sdk: 'gradio' })
    expect(await why('ann/old')).toMatchObject({ state: 'kept', why: /has no bucket mounted/ })
    // named by hand, and by a short name
    await store.write({ ...batch(7, ['{}']), space: 'old' })
    expect(await why('old', { bucketId: 'live-bucket' })).toMatchObject({
      state: 'sent',
      bucket: 'ann/live-bucket',
      rows: 1,
    })
  })

  test('rows of other Spaces and of local runs stay as they are', async () => {
    await store.write(batch(0, ['{"a":1}']))
    await store.write({ ...batch(1, ['{"a":2}']), space: 'ann/other' })
    await store.write({
      ...batch(2, ['{"a":3}']),
      space: null,
      alerts: [{ id: 'd'.repeat(32), time: 0, title: 't', text: null, level: 'info', step: 0 }],
    })
    expect(await delivery().flush()).toMatchObject({ rows: 1 })
    expect(await waiting()).toEqual([1, 0, 0, 0])
    expect(lines().map(({ step }) => step)).toEqual([0])
  })
})

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HubDouble, startHub } from '../hub/double.ts'
import { trackingPage } from './build.ts'
import { builtPage, ready, useFolder, useLasting, useServer } from './harness.ts'
import { metrics, onPage } from './steps.ts'
import type { TrackingPage } from './tracking/main.ts'
import { tabOf } from './tracking/tab.ts'

// What a page logs goes on to the Hub from its worker. The rules are tested in test/engine/publish and
// test/client/space.test.ts.

declare const window: TrackingPage

const TOKEN = 'hf_ann'
const folder = useFolder()
const site = await useServer(await trackingPage())
const app = await useServer(builtPage(), { cors: true })
const context = await useLasting(join(folder, 'profile'))
let hub: HubDouble

beforeAll(async () => {
  hub = await startHub()
  hub.setToken('ann', TOKEN)
  hub.repo('bucket', 'ann/live-bucket')
  hub.repo('space', 'ann/live', {
    sdk: 'gradio',
    volumes: [{ type: 'bucket', source: 'ann/live-bucket', mountPath: '/data' }],
  })
}, 60_000)

afterAll(async () => {
  await hub?.stop()
})

const lines = () =>
  [...hub.files('bucket', 'ann/live-bucket')]
    .filter(([path]) => path.startsWith('trackio/inbox/'))
    .flatMap(([, bytes]) => String(bytes).trimEnd().split('\n'))
    .map((line) => JSON.parse(line))

test('rows go to the Space while a run goes on, from a tab that does not own the storage too, with the token of that tab', {
  timeout: 60_000,
}, async () => {
  const owner = await tabOf(context, site)
  await owner.evaluate(async () => {
    await window.trackio.init({ project: 'owner' })
    window.trackio.log({ a: 1 })
    await window.trackio.flush()
  })
  const other = await tabOf(context, site)
  await other.evaluate(
    async ([token, url]) => {
      await window.trackio.login(token ?? '', { hub: url })
      await window.trackio.init({ project: 'live one', spaceId: 'ann/live', hub: url, config: { lr: 1 } })
      for (let i = 0; i < 10; i++) window.trackio.log({ loss: i })
    },
    [TOKEN, hub.url],
  )
  // by itself
  await expect.poll(() => lines().length, { timeout: 15_000 }).toBeGreaterThan(0)
  const finished = await other.evaluate(async () => {
    window.trackio.log({ loss: 10 })
    return window.trackio.finish()
  })
  expect(finished).toMatchObject({
    rows: 11,
    kept: 'stored',
    delivery: { state: 'sent', bucket: 'ann/live-bucket', rows: 11 },
  })
  expect(lines().map(({ project, step, metrics }) => [project, step, metrics.loss])).toEqual(
    Array.from({ length: 11 }, (_, i) => ['live one', i, i]),
  )
  expect(lines()[0].config).toMatchObject({ lr: 1 })
  // the tab that has no token says so, and gets none from the other
  const kept = await owner.evaluate(async (url) => {
    await window.trackio.init({ project: 'owner', spaceId: 'ann/live', hub: url })
    window.trackio.log({ a: 2 })
    return window.trackio.finish()
  }, hub.url)
  expect(kept.delivery).toMatchObject({ state: 'kept', why: /no token was given/ })
  await owner.close()
  await other.close()
  expect(hub.leaks()).toEqual([])
})

test('sync publishes what is stored, and the link shows it to anyone', { timeout: 60_000 }, async () => {
  const page = await tabOf(context, site)
  const published = await page.evaluate(
    async ([token, url, frontend]) => {
      await window.trackio.login(token ?? '', { hub: url })
      await window.trackio.init({ project: 'shared', name: 'run' })
      for (let i = 0; i < 100; i++) window.trackio.log({ loss: 1 / (i + 1), 'eval/acc': i })
      const done = await window.trackio.sync({
        spaceId: 'ann/shared',
        hub: url ?? '',
        dashboard: frontend ?? '',
      })
      await window.trackio.finish()
      return done
    },
    [TOKEN, hub.url, app.url],
  )
  expect(published).toMatchObject({ space: 'ann/shared', url: `${hub.url}/spaces/ann/shared` })
  const viewer = await context.newPage()
  await viewer.goto(`${app.url}?hub=${encodeURIComponent(hub.url)}&space=ann/shared`)
  await onPage(viewer, 'metrics')
  await ready(viewer)
  expect(await metrics(viewer)).toEqual(['loss', 'eval/acc'])
  await viewer.close()
  await page.close()
})

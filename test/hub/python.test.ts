import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { downloadFile, listFiles } from '@huggingface/hub'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pythonMissing, startLogger } from '../python/python.ts'
import { type HubDouble, startHub } from './double.ts'
import { compared } from './helpers.ts'
import { publish } from './python.ts'

/*
 * The Python libraries know nothing of the double, so what they can do with it they can do with the Hub.
 */

describe.skipIf(pythonMissing)('the real trackio, with the real huggingface_hub and hf_xet', () => {
  const TOKEN = 'hf_ann'
  const PROJECT = 'proj é'
  let place: string
  let folder: string
  let hub: HubDouble

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'hub-double-python-'))
    folder = join(place, 'trackio')
    hub = await startHub()
    hub.setToken('ann', TOKEN)
    const logger = await startLogger(folder)
    await logger.init({ project: PROJECT, name: 'run 1', config: { lr: 0.1 } })
    for (let step = 0; step < 50; step++) await logger.log({ loss: 1 / (step + 1) })
    await logger.finish()
    await logger.stop()
  }, 180_000)
  afterAll(async () => {
    await hub?.stop()
    rmSync(place, { recursive: true, force: true })
  })

  test('publishes a project to a bucket with a static Space, and again without sending anything', async () => {
    await publish(hub, TOKEN, folder, { project: PROJECT, space_id: 'ann/exp', sdk: 'static' })
    const bucket = hub.files('bucket', 'ann/exp-bucket')
    expect([...bucket.keys()].sort()).toEqual([
      'aux/configs.parquet',
      'metrics.parquet',
      'runs.json',
      'settings.json',
    ])
    const config = JSON.parse(String(hub.files('space', 'ann/exp').get('config.json')))
    expect(config).toMatchObject({ mode: 'static', project: PROJECT, bucket_id: 'ann/exp-bucket' })
    const space = await (await fetch(`${hub.url}/api/spaces/ann/exp`)).json()
    expect([space.sdk, space.tags.includes('trackio')]).toEqual(['static', true])
    // what Python sent, the client of pages reads: both ways
    for (const xet of [true, false]) {
      const blob = await downloadFile({
        repo: 'buckets/ann/exp-bucket',
        path: 'metrics.parquet',
        hubUrl: hub.url,
        xet,
      })
      expect(compared(await blob?.arrayBuffer(), bucket.get('metrics.parquet') ?? Buffer.alloc(0))).toBe(
        'the same',
      )
    }
    hub.clear()
    await publish(hub, TOKEN, folder, { project: PROJECT, space_id: 'ann/exp', sdk: 'static' })
    expect(hub.requests.filter(({ path }) => path.startsWith('/v1/xorbs/'))).toEqual([])
    expect(hub.leaks()).toEqual([])
  }, 60_000)

  test('publishes a project to a dataset', async () => {
    await publish(hub, TOKEN, folder, {
      project: PROJECT,
      space_id: 'ann/old',
      sdk: 'static',
      dataset_id: 'ann/old-dataset',
    })
    const paths = []
    for await (const { path } of listFiles({
      repo: 'datasets/ann/old-dataset',
      recursive: true,
      hubUrl: hub.url,
    }))
      paths.push(path)
    expect(paths).toEqual(
      expect.arrayContaining(['aux/configs.parquet', 'metrics.parquet', 'runs.json', 'settings.json']),
    )
    expect(JSON.parse(String(hub.files('space', 'ann/old').get('config.json')))).toMatchObject({
      dataset_id: 'ann/old-dataset',
    })
  }, 60_000)
})

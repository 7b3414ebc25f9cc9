import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { publish } from '../../../src/engine/publish/publish.ts'
import type { PublishProgress } from '../../../src/model/publish.ts'
import { setToken } from '../../../src/storage/hub-requests.ts'
import type { HubDouble } from '../../hub/double.ts'
import { type Frontend, frontendOf, hubOfAnn, sourceFrom, TOKEN } from './setup.ts'

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

const common = () => ({ hub: hub.url, frontend: app.url })
const written = () => hub.requests.filter(({ method, status }) => method !== 'GET' && method !== 'HEAD' && status < 400)
const texts = (files: Map<string, Buffer>, ...paths: string[]) => paths.map((path) => String(files.get(path)))

describe('a project is published', () => {
  test('to a bucket and a static Space that shows it', async () => {
    const progress: PublishProgress[] = []
    const source = await sourceFrom('bucket-0.43.0')
    const done = await publish(source, { ...common(), spaceId: 'ann/exp' }, { onProgress: (one) => progress.push(one) })
    expect(done).toMatchObject({ space: 'ann/exp', url: `${hub.url}/spaces/ann/exp`, data: { type: 'bucket', id: 'ann/exp-bucket' }, removed: 0 })
    const bucket = hub.files('bucket', 'ann/exp-bucket')
    console.log([...bucket.keys()], [...hub.files('space', 'ann/exp').keys()], done)
    const space = hub.files('space', 'ann/exp')
    const [card, config] = texts(space, 'README.md', 'config.json')
    expect(card).toBe('---\nemoji: 🎯\nsdk: static\npinned: false\ntags:\n - trackio\n---\n')
    expect(JSON.parse(config ?? '')).toMatchObject({ mode: 'static', project: source.project, private: false, bucket_id: 'ann/exp-bucket' })
    expect(hub.leaks()).toEqual([])
    for (const { files, totalFiles, bytes, totalBytes } of progress) {
      expect(files).toBeLessThanOrEqual(totalFiles)
      expect(bytes).toBeLessThanOrEqual(totalBytes)
    }

    hub.clear()
    const again = await publish(source, { ...common(), spaceId: 'ann/exp' })
    expect(again.sent).toEqual({ files: 0, bytes: 0 })
    expect(written().map(({ method, path }) => `${method} ${path}`)).toEqual([])
  })
})

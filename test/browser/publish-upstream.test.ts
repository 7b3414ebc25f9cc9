import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publish } from '../../src/engine/publish/publish.ts'
import { frontendOf, hubOfAnn, sourceFrom, tokens } from '../engine/publish/setup.ts'
import type { HubDouble } from '../hub/double.ts'
import { pythonMissing, trackioPackage } from '../python/python.ts'
import { openPage, useBrowser, useFolder, useServer } from './harness.ts'

// What is published here, shown by trackio's own static dashboard: it asks huggingface.co, for which the
// double answers.

const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(folder)

describe.skipIf(pythonMissing)('trackio’s own dashboard', () => {
  let hub: HubDouble
  beforeAll(async () => {
    hub = await hubOfAnn()
    const app = await frontendOf()
    await publish(
      await sourceFrom('v0.43.0', 'demoprojectv4ö'),
      {
        hub: hub.url,
        frontend: app.url,
        spaceId: 'ann/exp',
      },
      { tokenFor: tokens.of },
    )
    await app.close()
    cpSync(join(await trackioPackage(), 'frontend', 'dist'), folder, { recursive: true })
    const config = hub.files('space', 'ann/exp').get('config.json')
    if (!config) throw new Error('no config.json')
    writeFileSync(join(folder, 'config.json'), config)
  }, 300_000)
  afterAll(async () => {
    await hub?.stop()
  })

  test('shows the runs and metrics of what was published here', { timeout: 60_000 }, async () => {
    const { page, close } = await openPage(browser, site.url, {
      before: async (page) => {
        await page.route('https://huggingface.co/**', async (route) => {
          const { pathname, search } = new URL(route.request().url())
          const answer = await fetch(hub.url + pathname + search)
          await route.fulfill({
            status: answer.status,
            headers: { 'Access-Control-Allow-Origin': '*' },
            body: Buffer.from(await answer.arrayBuffer()),
          })
        })
      },
    })
    // its groups count the metrics
    for (const words of ['charts (15)', 'train (4)', 'val (2)', 'histograms (2)'])
      await page.getByText(words, { exact: true }).waitFor()
    const text = await page.evaluate(() => document.body.innerText)
    for (const run of [
      'main',
      'lr 1e-3/50% #5 🚀',
      'media & traces',
      'consumer of artifacts',
      'twin',
      'auto cpu',
    ])
      expect(text).toContain(run)
    expect(text).toContain('huggingface.co/buckets/ann/exp-bucket')
    await close()
  })
})

import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publish } from '../../src/engine/publish/publish.ts'
import { richProject } from '../engine/exports/rich-project.ts'
import { frontendOf, hubOfAnn, sourceFrom, sourceOf, tokens } from '../engine/publish/setup.ts'
import type { HubDouble } from '../hub/double.ts'
import { pythonMissing, trackioPackage } from '../python/python.ts'
import { openPage, useBrowser, useFolder, useServer } from './harness.ts'

// What is published here, shown by trackio's own static dashboard: it asks huggingface.co, for which the
// double answers.

const folder = useFolder()
const browser = await useBrowser()
// its files ask for what lies at the root of their host
const sites = {
  exp: await useServer(join(folder, 'exp')),
  rich: await useServer(join(folder, 'rich')),
}

describe.skipIf(pythonMissing)('trackio’s own dashboard', () => {
  let hub: HubDouble
  beforeAll(async () => {
    hub = await hubOfAnn()
    const app = await frontendOf()
    const sources = {
      exp: await sourceFrom('v0.43.0', 'demoprojectv4ö'),
      rich: await sourceOf(await richProject()),
    }
    for (const [name, source] of Object.entries(sources)) {
      const options = { hub: hub.url, frontend: app.url, spaceId: `ann/${name}` }
      await publish(source, options, { tokenFor: tokens.of })
      cpSync(join(await trackioPackage(), 'frontend', 'dist'), join(folder, name), { recursive: true })
      const config = hub.files('space', `ann/${name}`).get('config.json')
      if (!config) throw new Error('no config.json')
      writeFileSync(join(folder, name, 'config.json'), config)
    }
    await app.close()
  }, 300_000)
  afterAll(async () => {
    await hub?.stop()
  })

  test('shows the runs and metrics of what was published here', { timeout: 60_000 }, async () => {
    const { page, close } = await opened('exp')
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

  test('shows traces, media, reports, files and artifacts of it; what it does not know is no trouble', {
    timeout: 60_000,
  }, async () => {
    const { page, close, problems } = await opened('rich')
    await page.getByText('loss', { exact: true }).first().waitFor()
    for (const [tab, words] of [
      ['Traces', '6 traces'],
      ['Media', 'two pixels'],
      ['Reports', 'Report 1'],
      ['Files', 'run 0.yaml'],
      ['Artifacts', 'best'],
    ] as const) {
      await page
        .getByRole('button', { name: tab })
        .or(page.getByRole('link', { name: tab }))
        .first()
        .click()
      await page.getByText(words).first().waitFor()
    }
    expect(problems.filter((problem) => problem.startsWith('uncaught'))).toEqual([])
    await close()
  })

  function opened(name: keyof typeof sites) {
    return openPage(browser, sites[name].url, {
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
  }
})

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HubDouble, startHub } from '../hub/double.ts'
import { exportStatic, f64, pythonMissing, startLogger, trackioPython } from '../python/python.ts'
import { builtPage, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { drawn, history, onPage, same } from './steps.ts'

/*
 * `trackio sync --sdk static --frontend dist`: what trackio itself publishes, with the built page as its
 * frontend.
 */

const folder = useFolder()
const browser = await useBrowser()
const space = await useServer(join(folder, 'out', 'space'))

describe.skipIf(pythonMissing)(
  'a dashboard that trackio published with this page',
  { timeout: 60_000 },
  () => {
    const loss = Array.from({ length: 30 }, (_, step) => 1 / (step + 1))
    let hub: HubDouble

    beforeAll(async () => {
      await trackioPython()
      const home = join(folder, 'trackio')
      const logger = await startLogger(home)
      await logger.init({ project: 'my project', name: 'first', config: { lr: 0.1 } })
      for (const value of loss)
        await logger.log({ 'train/loss': f64(value), gap: f64(value < 0.1 ? Number.NaN : 1) })
      await logger.flush()
      await logger.stop()
      await exportStatic(home, 'my project', join(folder, 'out'), builtPage())
      hub = await startHub()
      hub.repo('bucket', 'me/demo-bucket')
      hub.addFolder('bucket', 'me/demo-bucket', join(folder, 'out', 'bucket'))
    }, 300_000)
    afterAll(async () => {
      await hub?.stop()
    })

    test('opens its project with nothing clicked, and embeds as trackio’s own does', async () => {
      const { page, expectClean, close } = await openPage(
        browser,
        `${space.url}?hub=${encodeURIComponent(hub.url)}&sidebar=hidden&metrics=train/loss`,
      )
      await onPage(page, 'metrics')
      await ready(page)
      await drawn(page, 'train/loss')
      const all = await history(page, 'my project', 'first')
      same(all['train/loss']?.values ?? [], loss, 'loss')
      same(all.gap?.values.slice(-1) ?? [], [Number.NaN], 'a NaN')
      expect(await page.locator('aside').count()).toBe(0)
      expectClean()
      await close()
    })
  },
)

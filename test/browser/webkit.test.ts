import { describe, expect, test } from 'vitest'
import { findWebkit } from '../tools/webkit.mjs'
import { builtPage, serve } from './harness.ts'
import { cases, keepCopy, NOT_KEPT } from './other/cases.ts'
import { drawn, says } from './other/driver.ts'
import { launchWebkit } from './other/webkit.ts'
import { DEMO } from './steps.ts'

const found = findWebkit()
const there = found ?? { driver: '', browser: '', display: '' }

// once more: on a machine that is busy a click of this driver now and then misses what is still moving
describe.skipIf(!found)(
  found ? 'WebKit' : 'WebKit (no WebKitGTK with its driver on this machine)',
  { retry: 1, timeout: 180_000 },
  () => {
    cases(() => launchWebkit(there), { keeps: false })

    test('where the system has no language, and the storage is there but refused, all is drawn and nothing is kept', async () => {
      const site = await serve(builtPage())
      // what Safari has on and WebKitGTK has not; to a session of WebDriver it is refused
      const driver = await launchWebkit(there, {
        language: 'C.UTF-8',
        features: ['FileSystem', 'FileSystemWritableStream', 'StorageAPI'],
      })
      try {
        const tab = await driver.open()
        await tab.goto(`${site.url}?db=${DEMO}.db`)
        await drawn(tab)
        expect(await tab.evaluate(() => typeof navigator.storage, undefined)).toBe('object')
        await keepCopy(tab)
        await says(tab, NOT_KEPT)
        await tab.goto(`${site.url}favicon.svg`)
        expect(await tab.evaluate(() => navigator.language, undefined), 'this test is about that name').toBe(
          'C',
        )
      } finally {
        await driver.close()
        await site.close()
      }
    })
  },
)

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveWith } from '../cli/command.ts'
import { findPython } from '../python/python.ts'
import { type FastWriters, startFastWriters } from '../storage/fast-writers.ts'
import { builtPage, dropPaths, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { history, onPage } from './steps.ts'

/*
 * A folder that four processes write to every 20 ms, dropped on the page and behind the command: it opens, as
 * a state that SQLite could have shown.
 */

const python = findPython()
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())

describe.skipIf(python === undefined)(
  'a folder that is written while it is opened',
  { timeout: 120_000 },
  () => {
    let writers: FastWriters

    beforeAll(async () => {
      writers = await startFastWriters(python ?? '', folder, 20, 4)
    })
    afterAll(() => writers?.stop())

    /**
     * Of each run the rows from the first on, and of each commit all three: the page goes on following, so
     * runs are of different moments.
     */
    async function expectWhole(page: Page, before: number): Promise<void> {
      let commits = 0
      for (let i = 0; i < 4; i++) {
        const { steps, values } = (await history(page, 'fast', `worker-${i}`, ['number'])).number ?? {
          steps: [],
          values: [],
        }
        expect(steps).toEqual(steps.map((_, at) => at))
        expect([values.length % 3, values.findIndex((value, at) => value !== values[at - (at % 3)])]).toEqual(
          [0, -1],
        )
        commits += values.length / 3
      }
      expect(commits).toBeGreaterThanOrEqual(before)
    }

    test('ten times of ten when it is dropped', async () => {
      for (let i = 0; i < 10; i++) {
        const before = await writers.commits()
        const { page, close } = await openPage(browser, site.url)
        await dropPaths(page, [folder])
        await onPage(page, 'metrics')
        await ready(page)
        expect(await page.getByRole('alert').allInnerTexts(), `drop ${i + 1}`).toEqual([])
        await expectWhole(page, before)
        await close()
      }
    })

    test('five times of five behind the command', async () => {
      const command = await serveWith([folder])
      for (let i = 0; i < 5; i++) {
        const before = await writers.commits()
        const { page, close } = await openPage(browser, `${command.url}?folder=files/`)
        await onPage(page, 'metrics')
        await ready(page)
        expect(await page.getByRole('alert').allInnerTexts(), `visit ${i + 1}`).toEqual([])
        await expectWhole(page, before)
        await close()
      }
      await command.stop()
    })
  },
)

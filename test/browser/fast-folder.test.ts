import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveWith } from '../cli/command.ts'
import { findPython } from '../python/python.ts'
import { builtPage, dropPaths, launch, openPage, ready, type Served, serve } from './harness.ts'
import { history, onPage } from './steps.ts'

/*
 * A folder that four processes write to every 20 ms, dropped on the page and behind the command: it opens, as
 * a state that SQLite could have shown.
 */

const python = findPython()
const SCRIPT = join(import.meta.dirname, '..', 'storage', 'write_fast.py')

describe.skipIf(python === undefined)(
  'a folder that is written while it is opened',
  { timeout: 120_000 },
  () => {
    let folder: string
    let writers: ChildProcessWithoutNullStreams[] = []
    let site: Served
    let browser: Browser

    beforeAll(async () => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'trackio-lite-fast-page-')))
      for (let i = 0; i < 4; i++) {
        const writer = spawn(python ?? '', [SCRIPT, join(folder, 'fast.db'), '20', `worker-${i}`])
        writers.push(writer)
        await once(writer.stdout, 'data')
      }
      site = await serve(builtPage())
      browser = await launch()
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await site?.close()
      for (const writer of writers) writer.stdin.end()
      await Promise.all(writers.map((writer) => once(writer, 'close')))
      writers = []
      rmSync(folder, { recursive: true, force: true })
    })

    /** Commits so far, as SQLite says. */
    function commits(): number {
      const ask =
        'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("select count(*) from metrics").fetchone()[0] // 3)'
      return Number(execFileSync(python ?? '', ['-c', ask, join(folder, 'fast.db')], { encoding: 'utf8' }))
    }

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
        const before = commits()
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
        const before = commits()
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

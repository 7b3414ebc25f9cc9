import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openCopy } from '../engine/tracking/copy.ts'
import { makeRandom } from '../random.ts'
import { trackingPage } from './build.ts'
import { useFolder, useLasting, useServer } from './harness.ts'
import type { TrackingPage } from './tracking/main.ts'
import { tabOf } from './tracking/tab.ts'

// Killed while it logs: 200 tabs take three minutes, so a usual run kills 20 (TRACKIO_KILLS=200 kills them
// all). Every single write as the last one is tested in test/engine/writer/crash.test.ts.

declare const window: TrackingPage

const KILLS = Number(process.env.TRACKIO_KILLS ?? 20)

const folder = useFolder()
const site = await useServer(await trackingPage())
const context = await useLasting(join(folder, 'profile'))

test('a tab that is killed while it logs leaves a whole database with every acknowledged row, once', {
  timeout: 60_000 + KILLS * 3000,
}, async () => {
  const random = makeRandom(11)
  let project = ''
  let stored = 0
  let all = 0
  const check = async (page: Page, kill: number): Promise<void> => {
    if (project === '') return
    const found = await rowsOf(page, project)
    expect(found.integrity).toEqual('ok')
    expect(found.rows, `after kill ${kill}`).toBeGreaterThanOrEqual(stored)
    expect(found.different).toBe(found.rows)
    stored = found.rows
  }
  for (let kill = 0; kill < KILLS; kill++) {
    const page = await tabOf(context, site)
    // what a kill left behind is looked at by the tab that comes after it
    await check(page, kill)
    if (kill === 0) await leaveProbe(page)
    // ten kills a project, so that looking costs no longer each time
    if (kill % 10 === 0) {
      project = `killed-${kill}`
      stored = 0
    }
    let acknowledged = 0
    await page.exposeFunction('acknowledged', (count: number) => {
      acknowledged = count
    })
    await page.evaluate(
      async ({ project, kill }) => {
        const { trackio } = window
        const acknowledged: unknown = Reflect.get(window, 'acknowledged')
        await trackio.init({ project, name: `run ${kill}` })
        let logged = 0
        void (async () => {
          for (;;) {
            for (let i = 0; i < 50; i++)
              trackio.log({ loss: Math.random(), n: logged++, text: 'x'.repeat(i * 10) })
            if (logged % 400 === 0) await trackio.finish().then(() => trackio.init({ project }))
            await trackio.flush()
            if (typeof acknowledged === 'function') acknowledged(logged)
          }
        })()
      },
      { project, kill },
    )
    await page.waitForTimeout(5 + random() * 120) // when it is killed is left to chance
    const session = await context.newCDPSession(page)
    const crashed = new Promise((resolve) => page.on('crash', resolve))
    session.send('Page.crash').catch(() => {}) // the page is gone before it can answer
    await crashed
    await page.close()
    stored += acknowledged
    all += acknowledged
  }
  await check(await tabOf(context, site), KILLS)
  expect(all).toBeGreaterThan(KILLS * 50)
  expect(
    await probesIn(context.pages().at(-1)),
    'files of tabs that were killed while they tried the storage',
  ).toEqual([])
})

/** What a tab leaves behind that is killed in the one millisecond in which it tries the storage. */
async function leaveProbe(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('trackio', {
      create: true,
    })
    await folder.getFileHandle('.probe-left', { create: true })
  })
}

async function probesIn(page: Page | undefined): Promise<unknown> {
  return page?.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('trackio')
    const names: string[] = []
    for await (const [name] of folder.entries()) if (name.startsWith('.probe-')) names.push(name)
    return names
  })
}

async function rowsOf(
  page: Page,
  project: string,
): Promise<{ integrity: unknown; rows: number; different: number }> {
  const text = await page.evaluate(async (project) => {
    if (!(await window.trackio.projects()).includes(project)) return ''
    const bytes = new Uint8Array(await (await window.trackio.exportDatabase(project)).arrayBuffer())
    let text = ''
    for (let at = 0; at < bytes.length; at += 32768)
      text += String.fromCharCode(...bytes.subarray(at, at + 32768))
    return btoa(text)
  }, project)
  if (text === '') return { integrity: 'ok', rows: 0, different: 0 }
  const db = await openCopy(Buffer.from(text, 'base64'))
  const one = (sql: string): unknown => db.rows(sql)[0]?.[0]
  const found = {
    integrity: one('PRAGMA integrity_check'),
    rows: Number(one('SELECT count(*) FROM metrics')),
    different: Number(one("SELECT count(DISTINCT run_id || json_extract(metrics, '$.n')) FROM metrics")),
  }
  db.close()
  return found
}

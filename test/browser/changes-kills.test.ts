import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openCopy } from '../engine/tracking/copy.ts'
import { pythonMissing, talk } from '../python/python.ts'
import { makeRandom } from '../random.ts'
import { builtPage, ready, useFolder, useLasting, useServer } from './harness.ts'

// Pages that are killed while they make a change: each is whole or not there, the next page makes it, and trackio
// reads what came of all. TRACKIO_KILLS=100 kills more of them.

interface Tracking {
  init(options: object): Promise<unknown>
  log(row: object): void
  alert(title: string): void
  finish(): Promise<unknown>
  exportDatabase(project: string): Promise<Blob>
}
declare const window: Window & { tracking?: Tracking }

const KILLS = Number(process.env.TRACKIO_KILLS ?? 9)
const RUNS = KILLS + 2
const ROWS = 200

const folder = useFolder()
const site = await useServer(builtPage())
const context = await useLasting(join(folder, 'profile'))

/** A page of the site that shows nothing, and so changes nothing by itself. */
async function plainPage(): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(`${site.url}config.json`)
  await page.addScriptTag({
    type: 'module',
    content: "import * as trackio from './trackio.js'\nwindow.tracking = trackio",
  })
  await page.waitForFunction(() => window.tracking)
  return page
}

async function filled(): Promise<void> {
  const page = await plainPage()
  await page.evaluate(
    async ({ runs, rows }) => {
      for (let run = 0; run < runs; run++) {
        await window.tracking?.init({ project: 'killed', name: `run-${run}`, config: { run } })
        for (let row = 0; row < rows; row++) window.tracking?.log({ loss: run + 1 / (row + 1), row })
        window.tracking?.alert(`of run-${run}`)
        await window.tracking?.finish()
      }
    },
    { runs: RUNS, rows: ROWS },
  )
  await page.goto(`${site.url}?tracked=&project=killed`)
  await page.reload()
  await ready(page)
  await page.getByRole('button', { name: 'Source' }).click()
  await page.getByRole('menuitem', { name: 'Keep a copy in this browser' }).click()
  await page.getByText('kept in this browser').waitFor()
  await page.close()
}

/** A database as its bytes lie there: what was tracked with its log, a copy as it is. */
async function bytesOf(page: Page, place: 'tracked' | 'kept', project: string): Promise<Buffer> {
  const text = await page.evaluate(
    async ({ place, project }) => {
      let blob: Blob | undefined
      if (place === 'tracked') blob = await window.tracking?.exportDatabase(project)
      else {
        const find = async (folder: FileSystemDirectoryHandle): Promise<void> => {
          for await (const [name, handle] of folder.entries())
            if (handle instanceof FileSystemDirectoryHandle) await find(handle)
            else if (handle instanceof FileSystemFileHandle && name === `${project}.db`)
              blob = await handle.getFile()
        }
        const root = await navigator.storage.getDirectory()
        await find(await (await root.getDirectoryHandle('trackio-lite')).getDirectoryHandle('library'))
      }
      const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? [])
      let text = ''
      for (let at = 0; at < bytes.length; at += 32768)
        text += String.fromCharCode(...bytes.subarray(at, at + 32768))
      return btoa(text)
    },
    { place, project },
  )
  return Buffer.from(text, 'base64')
}

/** Runs by name; throws for one of which only a part is there. */
async function runsIn(bytes: Buffer): Promise<Map<string, string>> {
  const db = await openCopy(bytes)
  expect(db.rows('PRAGMA integrity_check')).toEqual([['ok']])
  const found = new Map(
    db.rows('SELECT DISTINCT run_name, run_id FROM metrics').map(([name, id]) => [String(name), String(id)]),
  )
  for (const [name, id] of found) {
    const whole = ['metrics', 'configs', 'alerts'].map((table) =>
      Number(db.rows(`SELECT count(*) FROM ${table} WHERE run_name = ? AND run_id = ?`, [name, id])[0]?.[0]),
    )
    expect([name, ...whole]).toEqual([name, ROWS, 1, 1])
  }
  for (const table of ['configs', 'alerts'])
    expect(db.rows(`SELECT count(*) FROM ${table}`)).toEqual([[found.size]])
  db.close()
  return found
}

async function crash(page: Page): Promise<void> {
  const session = await context.newCDPSession(page)
  const crashed = new Promise((resolve) => page.on('crash', resolve))
  session.send('Page.crash').catch(() => {}) // the page is gone before it can answer
  await crashed
  await page.close()
}

test('a page that is killed while it makes a change leaves the old state or the new one, and the next one makes it', {
  timeout: 120_000 + KILLS * 20_000,
}, async () => {
  const random = makeRandom(14)
  await filled()
  let plain = await plainPage()
  const expected = {
    tracked: await runsIn(await bytesOf(plain, 'tracked', 'killed')),
    kept: await runsIn(await bytesOf(plain, 'kept', 'killed')),
  }
  const moved = new Map<string, string>()
  let before = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const place = kill % 3 === 2 ? 'kept' : 'tracked'
    const now = expected[place]
    const name = `run-${kill}`
    const id = now.get(name) ?? ''
    const kinds = place === 'kept' ? ['delete', 'rename'] : ['move', 'delete', 'rename']
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'delete'
    const change = {
      kind,
      runs: [{ key: id, id, name }],
      ...(kind === 'rename' && { name: `renamed ${name}` }),
      ...(kind === 'move' && { to: 'moved' }),
    }
    const entry = {
      ...{
        id: `change-${kill}`,
        at: Date.now(),
        until: Date.now(),
        page: 'one that is gone',
        state: 'waiting',
      },
      ...{ place: { kind: place, name: 'killed', project: 'killed' }, change },
    }
    const page = await context.newPage()
    await page.goto(`${site.url}config.json`)
    await page.evaluate(
      (entry) => localStorage.setItem(`trackio-lite:change:${entry.id}`, JSON.stringify(entry)),
      entry,
    )
    await page.goto(`${site.url}#/open`, { waitUntil: 'commit' })
    await page.waitForTimeout(random() * 1500) // when it is killed is left to chance
    await crash(page)

    // the storage as the kill left it
    await plain.close()
    plain = await plainPage()
    const left = await runsIn(await bytesOf(plain, place, 'killed'))
    const others = [...now].filter(([other]) => other !== name)
    for (const [other, its] of others) expect(left.get(other), `after kill ${kill}`).toBe(its)
    const isOld = left.get(name) === id
    const isNew = kind === 'rename' ? left.get(`renamed ${name}`) === id : left.size === others.length
    expect([kill, isOld !== isNew]).toEqual([kill, true])
    if (isOld) before++

    const next = await context.newPage()
    await next.goto(`${site.url}#/open`)
    await expect
      .poll(() => stateOf(next, entry.id), { timeout: 30_000, message: `${kind} in what is ${place}` })
      .toBe('made')
    await next.close()
    now.delete(name)
    if (kind === 'rename') now.set(`renamed ${name}`, id)
    if (kind === 'move') moved.set(name, id)
    expect(sorted(await runsIn(await bytesOf(plain, place, 'killed')))).toEqual(sorted(now))
  }
  if (moved.size > 0)
    expect(sorted(await runsIn(await bytesOf(plain, 'tracked', 'moved')))).toEqual(sorted(moved))
  // some were killed early and some late
  expect(before).toBeGreaterThan(0)

  if (pythonMissing) return
  const read = async (
    place: 'tracked' | 'kept',
    projects: string[],
  ): Promise<Record<string, ReadProject>> => {
    const home = join(folder, place, 'trackio')
    mkdirSync(home, { recursive: true })
    for (const project of projects)
      writeFileSync(join(home, `${project}.db`), await bytesOf(plain, place, project))
    const { ask, stop } = await talk('read_runs.py', [], home)
    const answer = (await ask()) as unknown as Record<string, ReadProject>
    await stop()
    return answer
  }
  const tracked = await read('tracked', ['killed', ...(moved.size > 0 ? ['moved'] : [])])
  const kept = await read('kept', ['killed'])
  for (const [project, wanted] of [
    [tracked.killed, expected.tracked],
    ...(moved.size > 0 ? [[tracked.moved, moved] as const] : []),
    [kept.killed, expected.kept],
  ] as const) {
    expect(sorted(new Map(project?.runs.map(({ name, id }) => [name, id])))).toEqual(sorted(wanted))
    for (const run of project?.runs ?? [])
      expect([run.name, run.logs.length, run.alerts.length]).toEqual([run.name, ROWS, 1])
  }
})

interface ReadProject {
  runs: { id: string; name: string; logs: unknown[]; alerts: unknown[] }[]
}

function stateOf(page: Page, id: string): Promise<string> {
  return page.evaluate((id) => {
    const { state, why } = JSON.parse(localStorage.getItem(`trackio-lite:change:${id}`) ?? '{}')
    return why ? `${state}: ${why}` : state
  }, id)
}

function sorted(runs: ReadonlyMap<string, string>): [string, string][] {
  return [...runs].sort(([a], [b]) => (a < b ? -1 : 1))
}

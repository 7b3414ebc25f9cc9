import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type {} from '../../../src/state/host/page-api.ts'
import { readFixture } from '../../engine/golden-fixtures.ts'
import { trackingPage } from '../build.ts'
import { expectProject } from '../expected.ts'
import { builtPage, type Served, serve } from '../harness.ts'
import { DEMO, DEMO_FILE } from '../steps.ts'
import type { TrackingPage } from '../tracking/main.ts'
import { type Chart, charts, type Driver, drawn, ready, says, shownRuns, type Tab, until } from './driver.ts'

declare const window: Window & TrackingPage & { settled?: Chart['state'][]; heard?: unknown }

/** Different logs of different versions: five that are a file, one with rows still in its write-ahead log. */
const FIXTURES = ['v0.2.4', 'v0.14.2', 'v0.43.0', 'wal-0.43.0', 'extra-odd-numbers']

/** What is said where a browser keeps nothing. */
export const NOT_KEPT = 'this browser keeps no files for this page here'

export async function keepCopy(tab: Tab): Promise<void> {
  await tab.click('button', 'Source')
  await tab.click('menuitem', 'Keep a copy in this browser')
}

/**
 * What must hold in every browser, by what people do first: see, open, link, track, keep, embed. `keeps`: the
 * browser as it is driven here lets pages write files of their own.
 */
export function cases(launch: () => Promise<Driver>, { keeps }: { keeps: boolean }): void {
  let folder: string
  let site: Served
  let other: Served
  let driver: Driver
  let tab: Tab

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trackio-lite-other-'))
    site = await serve(builtPage(), { cors: true })
    other = await serve(folder, { cors: true })
    driver = await launch()
  }, 120_000)
  afterAll(async () => {
    await driver?.close()
    await site?.close()
    await other?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    tab = await driver.open()
  })
  afterEach(() => tab.close())

  /** Paths of the files of a fixture, unpacked. */
  function unpacked(name: string): Promise<string[]> {
    return Promise.all(
      readFixture(name).files.map(async ({ path, file }) => {
        const to = join(folder, name, path)
        mkdirSync(dirname(to), { recursive: true })
        writeFileSync(to, new Uint8Array(await file.arrayBuffer()))
        return to
      }),
    )
  }

  async function expectDrawn(where: Tab | Tab['frame'], least: number): Promise<void> {
    const seen = await charts(where)
    expect(seen.length).toBeGreaterThanOrEqual(least)
    // more than the white of an empty canvas
    expect(seen.filter(({ state, colours }) => state !== 'ready' || colours < 10)).toEqual([])
  }

  test('the demo: every chart in the window is drawn, and no control is pushed out of it', async () => {
    await tab.goto(site.url)
    await tab.click('button', /Optimizers on GPT-2/)
    await drawn(tab)
    await expectDrawn(tab, 6)
    expect(await shownRuns(tab)).toHaveLength(8)
    const selects = await tab.evaluate(
      () =>
        [...document.querySelectorAll('.toolbar select')].map((one) => [
          one.ariaLabel,
          one.getBoundingClientRect().width < 90,
        ]),
      undefined,
    )
    expect(selects).toEqual([['X axis', true]]) // as wide as “Step”, not as its longest entry
    expect(
      await tab.evaluate(
        () =>
          [...document.querySelectorAll('.toolbar button')].filter(
            (one) => one.getBoundingClientRect().right > innerWidth,
          ).length,
        undefined,
      ),
    ).toBe(0)
  })

  test('ready is not said before the charts stand', async () => {
    await tab.goto(site.url)
    await tab.evaluate(() => {
      new MutationObserver((_, observer) => {
        const { page, ready } = document.documentElement.dataset
        if (page !== 'metrics' || ready !== 'true') return
        observer.disconnect()
        window.settled = [...document.querySelectorAll<HTMLElement>('main figure')]
          .filter((figure) => figure.getBoundingClientRect().top < innerHeight)
          .map((figure) => figure.dataset.state ?? '')
      }).observe(document.documentElement, { attributes: true })
    }, undefined)
    await tab.setFiles('Choose files', [DEMO_FILE])
    await drawn(tab)
    const states = (await tab.evaluate(() => window.settled, undefined)) ?? []
    expect(new Set(states)).toEqual(new Set(['ready']))
  })

  test.each(FIXTURES)('%s: every value, from files chosen right after the page came', async (name) => {
    const paths = await unpacked(name)
    await tab.goto(site.url)
    await tab.setFiles('Choose files', paths)
    await drawn(tab)
    for (const expected of readFixture(name).projects) await expectProject(tab, expected.project, expected)
  })

  test('?db= of another host is read by ranges, each of them once', async () => {
    const data = await serve(dirname(DEMO_FILE), { cors: true })
    await tab.goto(`${site.url}?db=${data.url}${DEMO}.db`)
    await drawn(tab)
    await expectDrawn(tab, 6)
    const ranges = data.requests.flatMap(({ range }) => range ?? [])
    expect(data.requests.filter(({ status }) => status !== 206)).toEqual([])
    expect(ranges.filter((range, i) => ranges.indexOf(range) !== i)).toEqual([])
    await data.close()
  })

  test('tracking: rows are logged, read back, and kept or said to be in memory alone', async () => {
    const tracking = await serve(await trackingPage())
    await tab.goto(tracking.url)
    await until(tab, () => 'trackio' in window, undefined)
    const { kept, size, ...rows } = await tab.evaluate(async () => {
      const { trackio } = window
      await trackio.init({ project: 'first', name: 'run', config: { lr: 0.1 } })
      for (let i = 0; i < 1000; i++) trackio.log({ loss: 1 / (i + 1) })
      const finished = await trackio.finish()
      return { ...finished, size: (await trackio.exportDatabase('first')).size }
    }, undefined)
    expect(rows).toMatchObject({ project: 'first', run: 'run', rows: 1000, dropped: 0, waiting: 0 })
    expect([kept, size > 50_000]).toEqual([keeps ? 'stored' : 'memory', true])
    await tracking.close()
  })

  test(
    keeps ? 'a copy is kept and opens after a reload' : 'where no copy can be kept, the page says so',
    async () => {
      const [expected] = readFixture('wal-0.43.0').projects
      if (!expected) throw new Error('no project')
      await tab.goto(site.url)
      await tab.setFiles('Choose files', await unpacked('wal-0.43.0'))
      await drawn(tab)
      await keepCopy(tab)
      if (!keeps) return says(tab, NOT_KEPT)
      await says(tab, 'kept in this browser')
      await tab.goto('about:blank')
      await tab.goto(site.url)
      await tab.click('button', new RegExp(`^${expected.project}.*, kept`))
      await drawn(tab)
      await expectProject(tab, expected.project, expected)
    },
  )

  /** A page of another site with the dashboard in a frame, which hands it a file once it listens. */
  function host(name: string, src: string, attributes = ''): string {
    writeFileSync(
      join(folder, name),
      `<!doctype html><html lang="en"><title>Another page</title><link rel="icon" href="data:,"><body style="margin:0">
       <iframe title="runs" width="800" height="480" style="border:0" ${attributes}></iframe>
       <script>
         const frame = document.querySelector('iframe')
         addEventListener('message', async ({ source, data }) => {
           if (source !== frame.contentWindow || data?.protocol !== 'trackio-view') return
           if (data.type === 'opened' || data.type === 'error') window.heard = data
           if (data.type !== 'ready' || !new URLSearchParams(location.search).has('give')) return
           const blob = await (await fetch('${DEMO}.db')).blob()
           source.postMessage({ protocol: 'trackio-view', type: 'open', id: 1, files: [{ name: '${DEMO}.db', blob }] }, '*')
         })
         frame.src = '${src}'
       </script></body></html>`,
    )
    // the name instead of the number makes it another site, not only another origin
    return other.url.replace('127.0.0.1', 'localhost') + name
  }

  test('in a sandboxed frame without an origin the charts are drawn', async () => {
    await tab.goto(
      host(
        'sandbox.html',
        `${site.url}?db=${DEMO}.db&sidebar=hidden&metrics=train/loss`,
        'sandbox="allow-scripts"',
      ),
    )
    await drawn(tab.frame)
    await expectDrawn(tab.frame, 1)
  })

  test.each(['', 'sandbox="allow-scripts"'])(
    'postMessage hands a file to a frame <iframe %s>, whatever headers the host sends',
    async (attributes) => {
      const plain = await serve(builtPage())
      writeFileSync(join(folder, `${DEMO}.db`), await (await fetch(`${site.url}${DEMO}.db`)).bytes())
      await tab.goto(
        `${host('give.html', `${plain.url}?sidebar=hidden&metrics=train/loss&origin=*`, attributes)}?give`,
      )
      await until(tab, () => window.heard !== undefined, undefined)
      expect(await tab.evaluate(() => window.heard, undefined)).toMatchObject({
        type: 'opened',
        projects: [DEMO],
      })
      await expectDrawn(tab.frame, 1)
      await plain.close()
    },
  )

  test('a journey: a run off, a link with a filter, back', async () => {
    await tab.goto(`${site.url}?db=${DEMO}.db`)
    await drawn(tab)
    const before = await tab.evaluate(() => location.href, undefined)
    await tab.click('checkbox', 'muon-lr2e-2-s1')
    await until(tab, (old) => location.href !== old, before)
    await ready(tab)
    expect((await charts(tab)).map(({ series }) => series)).toContain(7)
    const address = await tab.evaluate(() => location.href, undefined)
    await tab.goto('about:blank')
    await tab.goto(address)
    await drawn(tab)
    expect(await shownRuns(tab)).not.toContain('muon-lr2e-2-s1')
    await tab.goto('about:blank')
    await tab.goto(`${site.url}?db=${DEMO}.db&metrics=train/loss,eval/loss&smoothing=0&theme=dark`)
    await drawn(tab)
    await expectDrawn(tab, 2)
    expect((await charts(tab)).map(({ metric }) => metric)).toEqual(['train/loss', 'eval/loss'])
    expect(await tab.evaluate(() => document.documentElement.dataset.theme, undefined)).toBe('dark')
  })
}

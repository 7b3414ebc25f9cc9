import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropPaths,
  follow,
  type Opened,
  openPage,
  ready,
  useBrowser,
  useServer,
} from './harness.ts'
import { charts, DEMO, download, figure, onPage, shownRuns, soon } from './steps.ts'

/*
 * Every choice of the settings is seen to act, here, in other tabs and after a reload; what is kept is told and
 * forgotten; and the page works where a browser keeps nothing.
 */

const DATA = (fixture: string): string => join(import.meta.dirname, '..', 'fixtures', fixture, 'data')
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())

async function open(
  hash = '#/settings',
  options: BrowserContextOptions & { before?: (page: Page) => Promise<void> } = {},
  query = '',
): Promise<Opened> {
  const opened = await openPage(browser, `${site.url}${query}${hash}`, options)
  await ready(opened.page)
  return opened
}

const row = (page: Page, id: string) => page.locator(`#set-row-${id}`)
const choose = (page: Page, group: string, name: string) =>
  page.getByRole('radiogroup', { name: group, exact: true }).getByRole('radio', { name, exact: true }).click()
const pick = (page: Page, label: string, value: string) =>
  page.getByRole('combobox', { name: label, exact: true }).selectOption(value)
const said = (page: Page) => page.locator('.set-said').textContent()

describe('choices', () => {
  test('a theme is there at once, in other tabs, and before the page itself after a reload', async () => {
    const { page, expectClean, close } = await open()
    const other = await page.context().newPage()
    await other.goto(`${site.url}#/settings`)
    await ready(other)
    const theme = (on: Page) => on.evaluate(() => document.documentElement.dataset.theme)
    await choose(page, 'Theme', 'Dark')
    expect(await theme(page)).toBe('dark')
    await soon(() => theme(other)).toBe('dark')
    // nothing of the page but what stands in its head
    const bare = await page.context().newPage()
    await bare.route('**/assets/**', (route) => route.abort())
    await bare.goto(site.url, { waitUntil: 'commit' })
    await soon(() => theme(bare)).toBe('dark')
    await bare.close()
    await page.getByRole('button', { name: 'Reset Theme' }).click()
    expect(await theme(page)).toBe('light')
    await soon(() => theme(other)).toBe('light')
    expectClean(/assets\/.*ERR_FAILED/)
    await close()
  })

  test('charts begin as chosen where a link says nothing; a link of theirs says it to others', async () => {
    const { page, expectClean, close } = await open('#/settings', {}, `?db=${DEMO}.db`)
    await choose(page, 'Y scale to begin with', 'Log')
    await choose(page, 'X axis to begin with', 'Relative time')
    await choose(page, 'Range to begin with', 'Full')
    await choose(page, 'Columns to begin with', '2')
    await pick(page, 'Smoothing to begin with', 'off')
    await pick(page, 'Runs shown at start', '5')
    await page.getByRole('switch', { name: 'Raw line' }).click()
    const check = async (): Promise<void> => {
      await ready(page)
      const seen = Object.values(await charts(page))
      expect(seen.length).toBeGreaterThan(0)
      for (const chart of seen) expect(chart).toMatchObject({ x: 'relative' })
      expect(seen.some(({ yScale }) => yScale === 'log')).toBe(true)
      expect(await shownRuns(page)).toHaveLength(5)
      await page.getByRole('slider', { name: 'Smoothing' }).waitFor()
      expect(await page.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('0')
      const chosen = (name: string) =>
        page.getByRole('radiogroup', { name, exact: true }).locator('[aria-checked=true]').textContent()
      expect([await chosen('Range'), await chosen('Columns'), await chosen('Y scale')]).toEqual([
        'Full',
        '2',
        'Log',
      ])
    }
    await follow(page, '#/metrics')
    await check()
    await page.reload()
    await check()
    // the address is as short as it was
    expect(new URL(page.url()).hash).toBe('#/metrics')
    // a link that says it wins
    await page.goto(`${site.url}?db=${DEMO}.db#/metrics?y=linear&cols=3`)
    await page.reload()
    await ready(page)
    for (const chart of Object.values(await charts(page))) expect(chart).toMatchObject({ yScale: 'linear' })
    await page.goto(`${site.url}?db=${DEMO}.db#/metrics`)
    await page.reload()
    await ready(page)
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text: string) => Reflect.set(window, 'copied', text) },
      })
    })
    await page.getByRole('button', { name: 'Copy link' }).click()
    const link = await page.evaluate(() => String(Reflect.get(window, 'copied')))
    const mine = await charts(page)
    const stranger = await openPage(browser, link)
    await ready(stranger.page)
    expect(await charts(stranger.page)).toEqual(mine)
    await stranger.close()

    await follow(page, '#/settings')
    for (const name of ['Smoothing', 'X axis', 'Y scale', 'Range', 'Columns', 'Runs shown at start', 'Lines'])
      await page.getByRole('button', { name: `Reset ${name}`, exact: true }).click()
    await follow(page, '#/metrics')
    for (const chart of Object.values(await charts(page)))
      expect(chart).toMatchObject({ x: 'step', yScale: 'linear' })
    expect((await shownRuns(page)).length).toBeGreaterThan(5)
    expectClean()
    await close()
  })

  test('numbers are printed as chosen in lists, labels and tooltips; a file holds every digit as before', async () => {
    const { page, expectClean, close } = await open('#/settings', {}, `?db=${DEMO}.db`)
    await pick(page, 'Marks', 'comma')
    await pick(page, 'Digits', 'many')
    await choose(page, 'Large numbers', 'In full')
    await choose(page, 'Sizes', 'KiB, MiB')
    await soon(() => row(page, 'digits').textContent()).toContain('0,0314159')
    await soon(() => row(page, 'notation').textContent()).toContain('431.234')
    await soon(() => row(page, 'sizes').textContent()).toContain('12.400.000 bytes are 11,8 MiB')
    const other = await page.context().newPage()
    other.setDefaultTimeout(12_000)
    await other.goto(`${site.url}?db=${DEMO}.db`)
    await ready(other)
    const values = () => other.locator('aside .run-value').allTextContents()
    const finite = (await values()).filter((value) => value !== 'NaN')
    expect(finite.length).toBeGreaterThan(4)
    for (const value of finite) expect(value).toMatch(/^\d,\d{5}$/)
    expect(await other.locator('footer.status').textContent()).toMatch(/\d\.\d{3} points/)
    const chart = figure(other, 'eval/arc_easy_acc')
    await other.bringToFront()
    await chart.scrollIntoViewIfNeeded()
    await chart.getByRole('application').hover({ position: { x: 150, y: 60 } })
    await soon(() => other.locator('.chart-tip').innerText()).toMatch(/\d,\d{6}/)
    await other.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Runs/ }).click()
    await onPage(other, 'runs')
    await ready(other)
    const cells = () => other.locator('.runs-cell.number').allTextContents()
    await soon(async () => (await cells()).some((text) => /^\d,\d{5}/.test(text))).toBe(true)
    await other.getByRole('button', { name: 'Export the table' }).click()
    const csv = await download(other, () => other.getByRole('menuitem', { name: 'Download as CSV' }).click())
    expect(String(csv.bytes)).toContain(',1 h 31 m,12000,2,1,0.02,0,,adamw,3.2195,')
    // what another tab chooses is printed at once
    await page.bringToFront()
    await page.getByRole('button', { name: 'Reset Marks' }).click()
    await soon(async () => (await cells()).some((text) => /^\d\.\d{5}/.test(text))).toBe(true)
    expectClean()
    await close()
  })

  test('times are printed in the chosen zone on every page, and old ones are spoken of', async () => {
    const berlin = { timezoneId: 'Europe/Berlin' }
    const { page, expectClean, close } = await open('#/settings', berlin)
    await soon(() => row(page, 'zone').textContent()).toMatch(/Europe\/Berlin, \d+ \w{3} \d\d:\d\d now/)
    await soon(() => row(page, 'naive').textContent()).toContain('(Europe/Berlin)')
    await follow(page, '#/open')
    await dropPaths(page, [join(DATA('v0.43.0'), 'demoprojectv4ö.db')])
    await onPage(page, 'metrics')
    await ready(page)
    const times = async (hash: string, selector: string): Promise<string[]> => {
      await follow(page, hash)
      await soon(() => page.locator(selector).count()).toBeGreaterThan(0)
      return page.locator(selector).allTextContents()
    }
    const pages = [
      ['#/alerts', '.alert-row time'],
      ['#/runs', '.runs-cell'],
      ['#/traces', '.trace-line .when'],
    ] as const
    const local: string[][] = []
    for (const [hash, selector] of pages) local.push(await times(hash, selector))
    await follow(page, '#/settings')
    await choose(page, 'Times', 'UTC')
    await soon(() => row(page, 'zone').textContent()).toContain('UTC, ')
    const utc: string[][] = []
    for (const [hash, selector] of pages) utc.push(await times(hash, selector))
    const clocks = (texts: string[]) => texts.flatMap((text) => /\b\d\d:\d\d\b/.exec(text)?.[0] ?? [])
    for (const [i, [hash]] of pages.entries()) {
      const [a, b] = [clocks(local[i] ?? []), clocks(utc[i] ?? [])]
      expect(a.length, hash).toBe(b.length)
      expect(a.length, hash).toBeGreaterThan(0)
      for (const [k, text] of a.entries()) expect(text, hash).not.toBe(b[k])
    }
    expectClean()
    await close()
  })

  test('single keys, alert marks and the limit of thumbnails act, and are kept', async () => {
    const { page, expectClean, close } = await open('#/settings', {}, `?db=${DEMO}.db`)
    await page.getByRole('switch', { name: 'Single-key shortcuts' }).click()
    await page.keyboard.press('?')
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    expect(await page.locator('dialog').count()).toBe(0)
    expect(await page.evaluate(() => document.documentElement.dataset.page)).toBe('settings')
    await pick(page, 'Thumbnails, at most', '192')
    await page.getByRole('switch', { name: 'Alert marks' }).click()
    await page.reload()
    await ready(page)
    const off = (name: string) => page.getByRole('switch', { name }).getAttribute('aria-checked')
    expect([await off('Single-key shortcuts'), await off('Alert marks')]).toEqual(['false', 'false'])
    expect(await page.getByRole('combobox', { name: 'Thumbnails, at most' }).inputValue()).toBe('192')
    await page.getByRole('button', { name: 'Reset Single keys' }).click()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    expectClean()
    await close()
  })

  test('are a file, which another browser takes; what it does not understand is said', async () => {
    const { page, expectClean, close } = await open()
    await choose(page, 'Theme', 'Dark')
    await choose(page, 'Times', 'UTC')
    await choose(page, 'Range to begin with', 'Full')
    const file = await download(page, () => page.getByRole('button', { name: 'Export preferences' }).click())
    expect(file.name).toBe('trackio-lite-preferences.json')
    const raw = JSON.parse(String(file.bytes))
    const fresh = await open()
    const give = (name: string, text: string) =>
      fresh.page
        .getByLabel('Preferences to import')
        .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
    await give('mine.json', JSON.stringify({ ...raw, tomorrow: 1 }))
    await soon(() => said(fresh.page)).toMatch(/taken from mine\.json; not understood: tomorrow$/)
    expect(await fresh.page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    expect(await row(fresh.page, 'range').locator('[aria-checked=true]').textContent()).toBe('Full')
    await give('half.json', '{')
    await fresh.page.getByRole('alert').filter({ hasText: 'half.json' }).waitFor()
    await fresh.page.getByRole('button', { name: 'Reset Preferences' }).click()
    expect(await fresh.page.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
    expectClean()
    fresh.expectClean()
    await fresh.close()
    await close()
  })
})

describe('what is kept here', () => {
  test('is told by project and part with its size, and each is forgotten by itself', async () => {
    const hostile = '<img src=x onerror=window.ran=1>\u202ek'
    const { page, expectClean, close } = await open('#/settings', {
      before: async (page) => {
        await page.addInitScript((name) => {
          if (localStorage.length > 0) return
          const stored = { slots: { [name]: { a: 1 }, other: { a: 1 } }, pins: { other: ['loss'] } }
          localStorage.setItem('trackio-lite', JSON.stringify(stored))
          sessionStorage.setItem('trackio-lite-tokens', JSON.stringify([['https://hub.example', 'hf_x']]))
        }, hostile)
      },
    })
    await tracks(page)
    await follow(page, '#/open')
    await dropPaths(page, [DATA('wal-0.43.0')])
    await onPage(page, 'metrics')
    await ready(page)
    await page.getByRole('button', { name: 'Source' }).click()
    await page.getByRole('menuitem', { name: 'Keep a copy in this browser' }).click()
    await page.getByText('kept in this browser').waitFor()
    await follow(page, '#/settings')
    const table = page.getByRole('table', { name: 'Kept in this browser' })
    await soon(() => table.getByRole('rowheader').allTextContents()).toEqual(['settings-demo', 'walproject'])
    for (const cell of await table.locator('td[data-value]').all())
      expect(Number(await cell.getAttribute('data-value'))).toBeGreaterThan(1000)
    expect(await row(page, 'kept').textContent()).toMatch(
      /^Kept here[\d.]+ [kM]B of .*that the browser allows/,
    )

    // the copy: asked once more, and the focus goes on
    await table.getByRole('button', { name: 'Forget walproject' }).click()
    const dialog = page.getByRole('dialog')
    await soon(() => dialog.textContent()).toContain('What it was copied from stays')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await table.getByRole('rowheader').count()).toBe(2)
    await table.getByRole('button', { name: 'Forget walproject' }).click()
    await dialog.getByRole('button', { name: 'Forget', exact: true }).click()
    await soon(() => table.getByRole('rowheader').allTextContents()).toEqual(['settings-demo'])
    await soon(() => said(page)).toMatch(/^walproject is forgotten, [\d.]+ kB are free again$/)

    // what was logged here says that it is the only one
    await table.getByRole('button', { name: 'Forget settings-demo' }).click()
    await soon(() => dialog.textContent()).toContain('no other copy')
    await dialog.getByRole('button', { name: 'Forget', exact: true }).click()
    await table.waitFor({ state: 'detached' })

    // what was read of the Hub, by place
    await readsOfHub(page)
    await follow(page, '#/metrics')
    await follow(page, '#/settings')
    const hub = page.getByRole('row', { name: /huggingface\.co\/datasets\/me\/x/ })
    await soon(() => hub.locator('td[data-value]').getAttribute('data-value')).toBe('5028')
    await hub.getByRole('button').click()
    await soon(() => dialog.textContent()).toContain('It stays at the Hub')
    await dialog.getByRole('button', { name: 'Forget', exact: true }).click()
    await hub.waitFor({ state: 'detached' })
    await soon(() => said(page)).toContain('huggingface.co/datasets/me/x is forgotten')

    const choices = page.getByRole('table', { name: 'Choices by project' })
    expect(await choices.getByRole('rowheader').allTextContents()).toEqual(
      expect.arrayContaining(['other', 'walproject']),
    )
    await choices.getByRole('button', { name: /^Forget choices for <img/ }).click()
    await soon(() => choices.getByRole('rowheader').count()).toBe(2)
    // what is on screen is not noted again
    await choices.getByRole('button', { name: 'Forget choices for walproject' }).click()
    await soon(() => choices.getByRole('rowheader').allTextContents()).toEqual(['other'])
    const stored = () => page.evaluate(() => localStorage.getItem('trackio-lite') ?? '')
    expect(await stored()).not.toContain('onerror')
    expect(await stored()).toContain('"other"')

    await page.getByRole('button', { name: 'Forget what was opened before' }).click()
    await soon(() => row(page, 'recents').textContent()).toContain('0 names')
    expect(await stored()).toContain('"recents":[]')

    await page.getByRole('button', { name: 'Forget the token for hub.example' }).click()
    await soon(() => row(page, 'tokens').textContent()).toContain('None in this tab')
    expect(await page.evaluate(() => sessionStorage.getItem('trackio-lite-tokens'))).toBe('[]')
    expect(await row(page, 'sent').textContent()).toContain('0 bytes')
    expect(await page.evaluate(() => Reflect.get(window, 'ran'))).toBeUndefined()
    expectClean()
    await close()
  })

  test('is forgotten as a whole after one question, which says what stays', async () => {
    // with something on screen, whose colours are not noted again
    const { page, expectClean, close } = await open('#/settings', {}, `?db=${DEMO}.db`)
    await tracks(page)
    await choose(page, 'Theme', 'Dark')
    await page.reload()
    await ready(page)
    await row(page, 'places').getByRole('rowheader', { name: 'settings-demo' }).waitFor()
    await page.getByRole('button', { name: 'Forget everything here' }).click()
    const dialog = page.getByRole('dialog')
    await soon(() => dialog.textContent()).toContain('Files on disk and remote data stay.')
    await soon(() => dialog.textContent()).toContain('1 project logged here has no other copy')
    await page.keyboard.press('Escape')
    await row(page, 'places').getByRole('rowheader', { name: 'settings-demo' }).waitFor()
    await page.getByRole('button', { name: 'Forget everything here' }).click()
    await dialog.getByRole('button', { name: 'Forget everything', exact: true }).click()
    await soon(() => said(page)).toBe('Everything here is forgotten. Files on disk and remote data stay.')
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
    const left = await page.evaluate(async () => {
      const names: string[] = []
      const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
        const entries: AsyncIterable<[string, FileSystemHandle]> = Reflect.apply(
          Reflect.get(folder, 'entries'),
          folder,
          [],
        )
        for await (const [name, handle] of entries)
          if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${path}${name}/`)
          else names.push(path + name)
      }
      await walk(await navigator.storage.getDirectory(), '')
      return names.filter((name) => name.includes('settings-demo'))
    })
    expect(left).toEqual([])
    expectClean()
    await close()
  })

  test('is nothing where the browser stores nothing: the page says so, and choices last for the visit', async () => {
    const { page, expectClean, close } = await open('#/settings', {
      before: async (page) => {
        await page.addInitScript(() => {
          const refuse = () => {
            throw new DOMException('denied', 'SecurityError')
          }
          for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
            Object.defineProperty(window, name, { get: refuse })
        })
      },
    })
    await page.getByText('choices last for this visit only', { exact: false }).first().waitFor()
    expect(await page.locator('footer.status').textContent()).toContain('Choices last for this visit only')
    await choose(page, 'Theme', 'Dark')
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    await choose(page, 'Times', 'UTC')
    await soon(() => row(page, 'zone').textContent()).toContain('UTC, ')
    await page.getByRole('button', { name: 'Forget everything here' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Forget everything', exact: true }).click()
    await soon(() => said(page)).toContain('Everything here is forgotten')
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
    await page.reload()
    await ready(page)
    expect(await row(page, 'zone').locator('[aria-checked=true]').textContent()).toBe('Local')
    expectClean()
    await close()
  })
})

describe('memory', () => {
  test('is told by project and part; letting go of it lowers it, and charts show the same', async () => {
    const { page, expectClean, close } = await open('#/metrics', {}, `?db=${DEMO}.db`)
    const before = await charts(page)
    await follow(page, '#/settings')
    const total = async () => Number(await page.locator('[data-memory]').getAttribute('data-memory'))
    await soon(total).toBeGreaterThan(100_000)
    const table = page.getByRole('table', { name: 'Memory by project' })
    expect(await table.getByRole('rowheader').allTextContents()).toEqual([DEMO])
    const parts = async () =>
      Promise.all(
        (await table.locator('td[data-value]').all()).map((cell) => cell.getAttribute('data-value')),
      )
    const held = (await parts()).map(Number)
    const all = await total()
    expect(held.reduce((a, b) => a + b)).toBeLessThanOrEqual(all)
    expect(held[1]).toBeGreaterThan(0)
    await table.getByRole('button', { name: `Free ${DEMO}` }).click()
    await soon(async () => Number((await parts())[1])).toBe(0)
    await soon(total).toBe(all - (held[1] ?? 0))
    await soon(() => said(page)).toMatch(/were let go of; nothing shown changes$/)
    await follow(page, '#/metrics')
    expect(await charts(page)).toEqual(before)
    expectClean()
    await close()
  })
})

describe('the page', () => {
  test('finds settings, says where there is none, and a link leads to a section', async () => {
    const { page, expectClean, close } = await open('#/settings?section=memory')
    const top = (id: string) =>
      page.evaluate((id) => {
        const sheet = document.querySelector('.set-sheet')?.getBoundingClientRect().top ?? 0
        return Math.round((document.getElementById(id)?.getBoundingClientRect().top ?? -9999) - sheet)
      }, `set-${id}`)
    expect(Math.abs(await top('memory'))).toBeLessThanOrEqual(1)
    const sections = page.getByRole('navigation', { name: 'Sections' })
    expect(await sections.locator('[aria-current=true]').textContent()).toBe('Memory')
    await sections.getByRole('link', { name: 'Keyboard' }).click()
    await soon(() => page.url()).toContain('section=keyboard')
    await soon(() => top('keyboard')).toBe(0)
    await page.locator('.set-sheet').evaluate((sheet) => sheet.scrollTo(0, 0))
    await soon(() => sections.locator('[aria-current=true]').textContent()).toBe('Look')

    await page.keyboard.press('/')
    await page.keyboard.type('decimal comma')
    await soon(() => page.locator('.set-row:visible').count()).toBe(1)
    expect(await page.locator('.set-row:visible .set-name').textContent()).toBe('Marks')
    expect(await sections.getByRole('link').allTextContents()).toEqual(['Numbers and time'])
    await soon(() => page.url()).toContain('q=decimal')
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('nothing like it')
    await page.getByRole('heading', { name: 'No setting matches' }).waitFor()
    await page.getByRole('button', { name: 'Clear search' }).click()
    await soon(() => page.locator('.set-row:visible').count()).toBeGreaterThan(25)
    expectClean()
    await close()
  })

  test('works by keys alone: arrows choose, and Reset gives the focus back to what it reset', async () => {
    const { page, expectClean, close } = await open()
    await page.getByRole('radio', { name: 'Auto', exact: true }).first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Reset Theme')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Auto')
    expectClean()
    await close()
  })

  test('lists every key, the licences of others, and versions without names', async () => {
    const { page, expectClean, close } = await open('#/settings', {}, `?db=${DEMO}.db`)
    const keys = row(page, 'keys')
    for (const words of ['commands', 'go to Metrics', 'go to Traces', 'copy link'])
      expect(await keys.textContent()).toContain(words)
    const href = await row(page, 'licences').getByRole('link', { name: 'Read' }).getAttribute('href')
    const text = await (await fetch(href ?? '')).text()
    for (const name of ['solid-js', 'uplot', 'hyparquet', '@sqlite.org/sqlite-wasm', 'MIT License'])
      expect(text).toContain(name)
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text: string) => Reflect.set(window, 'copied', text) },
      })
    })
    await page.getByRole('button', { name: 'Copy diagnostics' }).click()
    await soon(() => said(page)).toBe('Diagnostics are copied')
    const copied = await page.evaluate(() => String(Reflect.get(window, 'copied')))
    expect(JSON.parse(copied)).toMatchObject({ project: { runs: 8 }, memory: { sqlite: 0 } })
    expect(copied).not.toContain(DEMO)
    expectClean()
    await close()
  })

  test.each([
    ['on a desk', {}],
    ['at 390 px', PHONE],
  ])('has nothing that axe complains of, %s, and is no wider than the window', async (where, options) => {
    const { page, expectClean, close } = await open('#/settings', options, `?db=${DEMO}.db`)
    await tracks(page)
    await page.reload()
    await ready(page)
    await row(page, 'places').getByRole('rowheader').first().waitFor()
    await choose(page, 'Times', 'UTC')
    await expectAccessible(page, where)
    expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(
      await page.evaluate(() => innerWidth),
    )
    await page.getByRole('button', { name: 'Forget everything here' }).click()
    await page.getByRole('dialog').waitFor()
    await expectAccessible(page, `${where}, the question`, 'dialog[open]')
    expectClean()
    await close()
  })
})

/** The cache of the Hub as it is once a file of a dataset was read: 5,000 bytes and the words for them. */
async function readsOfHub(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const cache = await root.getDirectoryHandle('hub-cache', { create: true })
    const folder = await cache.getDirectoryHandle('a'.repeat(40), { create: true })
    for (const [name, bytes] of [
      ['b.0.5000', new Uint8Array(5000)],
      ['o.0.28', new TextEncoder().encode('huggingface.co/datasets/me/x')],
      [`u.${Date.now()}.0`, new Uint8Array(0)],
    ] as const) {
      const file = await folder.getFileHandle(name, { create: true })
      const to = await file.createWritable()
      await to.write(bytes)
      await to.close()
    }
  })
}

/** A page of this site logs a run, and is gone. */
async function tracks(beside: Page): Promise<void> {
  const page = await beside.context().newPage()
  await page.goto(`${site.url}config.json`)
  await page.addScriptTag({
    type: 'module',
    content: "import * as trackio from './trackio.js'\nwindow.tracking = trackio",
  })
  await page.waitForFunction(() => Reflect.get(window, 'tracking'))
  await page.evaluate(async () => {
    const tracking = Reflect.get(window, 'tracking')
    await tracking.init({ project: 'settings-demo', name: 'first' })
    tracking.log({ loss: 1 })
    await tracking.finish()
  })
  await page.close()
}

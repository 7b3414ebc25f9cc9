import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logRow, makeDatabase, type ServerDouble, startDouble } from '../engine/server-double.ts'
import { type HubDouble, startHub } from '../hub/double.ts'
import { expectAccessible } from './axe.ts'
import { writeFarFile } from './far-file.ts'
import { builtPage, dropPaths, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { DEMO, drawn, dropAndDraw, figure, onPage, run } from './steps.ts'

/*
 * axe finds nothing to complain about, in every state that a person meets: by all its rules in the light
 * theme, by those about colours in the dark one.
 */

const DATA = (fixture: string): string => join(import.meta.dirname, '..', 'fixtures', fixture, 'data')
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const EMBED: BrowserContextOptions = { viewport: { width: 800, height: 480 } }
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())
const far = await useServer(folder, { cors: true })
let hub: HubDouble
let server: ServerDouble

beforeAll(async () => {
  writeFarFile(join(folder, 'far.db'), 120 << 20)
  hub = await startHub()
  hub.repo('dataset', 'me/secret', { private: true })
  server = await startTrackio()
})

afterAll(async () => {
  await hub?.stop()
  await server?.stop()
})

/** A trackio server that serves the page and lets it change runs. */
async function startTrackio(): Promise<ServerDouble> {
  const double = await startDouble()
  const db = await makeDatabase('0.43')
  for (const name of ['first', 'second']) {
    logRow(db, { run: name, id: name, at: '2026-01-01T00:00:00+00:00', step: 0, values: '{"loss": 1}' })
    logRow(db, { run: name, id: name, at: '2026-01-01T00:01:00+00:00', step: 1, values: '{"loss": 0.5}' })
  }
  double.projects.set('live', db)
  const types: Record<string, string> = {
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.html': 'text/html',
    '.svg': 'image/svg+xml',
  }
  double.intercept = (asked) => {
    if (asked === 'get_run_mutation_status')
      return { status: 200, body: '{"data": {"spaces": false, "allowed": true, "auth": "local"}}' }
    const [, path] = /^GET \/(.*)$/.exec(asked) ?? []
    if (path === undefined || path === 'version') return undefined
    const file = path === '' ? 'index.html' : path
    const type = types[extname(file)]
    if (!type) return { status: 404, body: '' }
    return {
      status: 200,
      headers: { 'content-type': type },
      body: readFileSync(join(builtPage(), file), 'utf8'),
    }
  }
  return double
}

describe('the page, in both themes', () => {
  test('the page to open something, with and without a message', async () => {
    const { page, close } = await openPage(browser, site.url)
    await onPage(page, 'open')
    await ready(page)
    await expectAccessible(page, 'open')
    await page.getByRole('textbox', { name: 'Dataset' }).fill(`${site.url}gone.db`)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.getByRole('alert').waitFor()
    await expectAccessible(page, 'open with an error', 'main')
    await close()
  })

  test('the field for a token', async () => {
    const { page, close } = await openPage(
      browser,
      `${site.url}?hub=${encodeURIComponent(hub.url)}&dataset=me/secret`,
    )
    await page.getByRole('textbox', { name: 'Token' }).waitFor()
    await expectAccessible(page, 'token', 'main')
    await close()
  })

  test('what this browser keeps: list, menu and dialogs', async () => {
    const { page, close } = await openPage(browser, site.url)
    await dropAndDraw(page, [DATA('wal-0.43.0')])
    await page.getByRole('button', { name: 'Source', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Keep a copy in this browser' }).click()
    await page.getByText('kept in this browser').waitFor()
    await page.goto(`${site.url}#/open`)
    await page.reload()
    const more = page.getByRole('button', { name: 'More about walproject' })
    await more.waitFor()
    await expectAccessible(page, 'list', 'main')
    await more.click()
    await page.getByRole('menuitem', { name: 'Rename' }).waitFor()
    await expectAccessible(page, 'menu of a copy', ':popover-open')
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('dialog', { name: 'Rename copy' }).waitFor()
    await expectAccessible(page, 'rename a copy', 'dialog[open]')
    await page.keyboard.press('Escape')
    await more.click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('region', { name: 'Changes' }).waitFor()
    await expectAccessible(page, 'a copy that is deleted', '.change-bar')
    await close()
  })

  test('two sources in the menu, one compared with; publishing', async () => {
    const { page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`)
    await ready(page)
    await dropPaths(page, [DATA('wal-0.43.0')])
    await expect.poll(() => page.evaluate(async () => (await window.trackio?.projects())?.length)).toBe(2)
    await page.getByRole('button', { name: 'Source', exact: true }).click()
    await page.getByRole('menuitemcheckbox', { name: DEMO }).click()
    await ready(page)
    await page.getByRole('button', { name: 'Source', exact: true }).click()
    await page.getByRole('menuitemcheckbox', { name: DEMO }).waitFor()
    await expectAccessible(page, 'source menu', ':popover-open')
    await page.getByRole('menuitem', { name: 'Publish to the Hub' }).click()
    await page.getByRole('dialog', { name: 'Publish' }).waitFor()
    await expectAccessible(page, 'publish', 'dialog[open]')
    await close()
  })

  test('colours by a key, charts of several metrics and their dialog, full screen with the whole axis', async () => {
    const { page, close } = await openPage(
      browser,
      `${site.url}?db=${DEMO}.db#/metrics?color_by=config:lr&panels=losses~train/loss~eval/loss`,
    )
    await ready(page)
    await page.getByRole('region', { name: 'Colour by lr' }).waitFor()
    await drawn(page, 'losses')
    await expectAccessible(page, 'colours and a chart of several')
    await page.getByRole('button', { name: /^Value and order/ }).click()
    await page.getByRole('combobox', { name: 'Colour by' }).waitFor()
    await expectAccessible(page, 'value, order and colours', ':popover-open')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'More controls' }).click()
    await page.getByRole('button', { name: 'Chart of several metrics…' }).click()
    await page
      .getByRole('dialog', { name: 'Chart of several metrics' })
      .getByRole('checkbox')
      .first()
      .waitFor()
    await expectAccessible(page, 'picked metrics', 'dialog[open]')
    await page.getByRole('radio', { name: 'By a pattern' }).click()
    await page.getByRole('textbox', { name: 'Regular expression' }).fill('(loss')
    await expectAccessible(page, 'a pattern that is none', 'dialog[open]')
    await page.keyboard.press('Escape')
    await (await drawn(page, 'losses')).getByRole('button', { name: 'Fullscreen' }).click()
    await page.getByRole('slider', { name: 'Part in view', exact: true }).waitFor()
    await expectAccessible(page, 'full screen with the whole axis', 'dialog[open]')
    await close()
  })

  test('a preview that waits to be read', async () => {
    const { page, close } = await openPage(
      browser,
      `${site.url}?db=${encodeURIComponent(`${far.url}far.db`)}`,
    )
    await page.getByRole('button', { name: 'Read all' }).waitFor()
    await ready(page)
    await expectAccessible(page, 'preview')
    await close()
  })

  test('the filter: what it offers, what is wrong with it, nothing that matches; why a run is not renamed', async () => {
    const { page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db`)
    await ready(page)
    await run(page, 'sgd-lr3e-1-s0').hover()
    await page.getByRole('button', { name: 'More about sgd-lr3e-1-s0' }).click()
    await page.getByRole('button', { name: 'Rename run' }).waitFor()
    await expectAccessible(page, 'run of a file', ':popover-open')
    await page.getByRole('button', { name: 'Rename run' }).click()
    await page.getByRole('dialog', { name: 'This source is only read' }).waitFor()
    await expectAccessible(page, 'why it is not renamed', 'dialog[open]')
    await page.keyboard.press('Escape')
    const field = page.getByRole('searchbox', { name: 'Filter runs' })
    await field.focus()
    await page.keyboard.type('zz < 1 and min(')
    await page.getByRole('listbox', { name: 'Completions' }).waitFor()
    await expectAccessible(page, 'completions', 'aside')
    await page.keyboard.press('Escape')
    await expectAccessible(page, 'what is wrong', 'aside')
    await page.getByRole('switch', { name: 'Charts follow filter' }).click()
    await field.fill('nobody')
    await page.getByRole('heading', { name: 'No run matches' }).waitFor()
    await ready(page)
    await expectAccessible(page, 'no run matches')
    await close()
  })

  test('what changes runs of a server: the question, and the time to undo', async () => {
    const { page, close } = await openPage(browser, server.url)
    await onPage(page, 'metrics')
    await ready(page)
    const choose = async (entry: string) => {
      await run(page, 'first').hover()
      await page.getByRole('button', { name: 'More about first', exact: true }).click()
      await page.getByRole('button', { name: entry }).waitFor()
      if (entry.startsWith('Rename')) await expectAccessible(page, 'menu of a run', ':popover-open')
      await page.getByRole('button', { name: entry }).click()
    }
    await choose('Rename on the server')
    await page.getByRole('dialog', { name: 'Rename run' }).waitFor()
    await expectAccessible(page, 'a new name', 'dialog[open]')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('dialog').count()).toBe(0)
    await choose('Delete from the server')
    await page.getByRole('region', { name: 'Changes' }).waitFor()
    await expectAccessible(page, 'what can be undone', '.change-bar')
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await run(page, 'first').waitFor()
    await close()
  })

  describe.sequential('metrics', () => {
    let page: Page
    let close: () => Promise<void>
    beforeAll(async () => {
      ;({ page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db&with=other&smoothing=much`))
      await ready(page)
    })
    afterAll(async () => {
      await close?.()
    })

    test('charts and notices', async () => {
      expect(await page.getByRole('main').getByRole('status').count()).toBeGreaterThan(0)
      await expectAccessible(page, 'charts and notices')
    })

    test('groups, a hidden run and a table', async () => {
      await page.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'optimizer.name' })
      await run(page, 'sgd-lr3e-1-s0').click()
      const chart = await drawn(page, 'eval/loss')
      await chart.getByRole('button', { name: 'Show as table' }).click()
      await chart.locator('td[data-value]').first().waitFor()
      await ready(page)
      await expectAccessible(page, 'a table')
    })

    test('the crosshair and full screen', async () => {
      await figure(page, 'eval/arc_easy_acc').getByRole('application').focus()
      await page.keyboard.press('End')
      await page.locator('.chart-tip').waitFor()
      await expectAccessible(page, 'crosshair', 'main')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'eval/arc_easy_acc' }).waitFor()
      await ready(page)
      await expectAccessible(page, 'full screen', 'dialog[open]')
      await page.keyboard.press('Escape')
      await expect.poll(() => page.locator('dialog').count()).toBe(0)
    })

    test('chart settings, the menu of a chart, the list of keys', async () => {
      await page.getByRole('button', { name: 'Chart settings' }).click()
      await expectAccessible(page, 'chart settings', 'aside')
      await page.getByRole('button', { name: 'Chart settings' }).click()
      await figure(page, 'eval/arc_easy_acc').hover()
      await figure(page, 'eval/arc_easy_acc').getByRole('button', { name: 'More', exact: true }).click()
      await page.getByRole('menu', { name: 'More' }).waitFor()
      await expectAccessible(page, 'menu', ':popover-open')
      await page.keyboard.press('Escape')
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor()
      await expectAccessible(page, 'keys', 'dialog[open]')
      await page.keyboard.press('Escape')
      await expect.poll(() => page.locator('dialog').count()).toBe(0)
    })

    test('settings', async () => {
      await page.getByRole('link', { name: 'Settings' }).click()
      await onPage(page, 'settings')
      await ready(page)
      await expectAccessible(page, 'settings')
    })
  })

  test('the alerts: a list, an opened line, no match, none; on a phone', async () => {
    const file = join(DATA('v0.43.0'), 'demoprojectv4ö.db')
    for (const options of [{}, PHONE]) {
      const { page, close } = await openPage(browser, `${site.url}#/alerts`, options)
      await dropPaths(page, [file])
      await page.getByRole('grid', { name: 'Alerts' }).waitFor()
      await ready(page)
      await expectAccessible(page, 'alerts')
      await page.locator('.alert-row').nth(1).click()
      if (options !== PHONE) await page.keyboard.press(' ')
      await page.getByRole('button', { name: /^Open in Metrics/ }).waitFor()
      await expectAccessible(page, 'an opened alert', 'main')
      await page.getByRole('searchbox', { name: 'Search alerts' }).fill('nobody')
      await page.getByRole('heading', { name: 'No alert matches' }).waitFor()
      await ready(page)
      await expectAccessible(page, 'no alert matches', 'main')
      await close()
    }
    const { page, close } = await openPage(browser, `${site.url}#/alerts`)
    await dropPaths(page, [DATA('parquet-0.43.0')])
    await page.getByText("trackio's static exports hold no alerts").waitFor()
    await ready(page)
    await expectAccessible(page, 'no alerts')
    await close()
  })

  test('on a phone: charts, every sheet, the settings, the page to open something', async () => {
    const { page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db&with=other`, PHONE)
    await ready(page)
    await expectAccessible(page, 'phone')
    for (const name of [/^Runs/, /^Smoothing/, /^Axes/, 'Source and project']) {
      await page.getByRole('button', { name }).click()
      await page.getByRole('dialog').waitFor()
      if (name === 'Source and project') await page.getByRole('button', { name: 'Open another' }).waitFor()
      await expectAccessible(page, `phone, ${name}`, 'dialog[open]')
      await page.keyboard.press('Escape')
      await expect.poll(() => page.locator('dialog').count()).toBe(0)
    }
    for (const name of ['settings', 'open']) {
      await page.evaluate((to) => {
        location.hash = `#/${to}`
      }, name)
      await onPage(page, name)
      await ready(page)
      await expectAccessible(page, `phone, ${name}`)
    }
    await close()
  })

  test.each([
    ['without a sidebar', 'sidebar=hidden&metrics=train/loss,eval_loss'],
    ['without a sidebar, with sections and notices', 'sidebar=hidden&with=other&smoothing=3'],
    ['without the project that it asks for', 'sidebar=hidden&project=other'],
    ['without the metric that it asks for', 'sidebar=hidden&metrics=gone'],
    ['without points in its x range', 'sidebar=hidden&metrics=train/loss,eval/loss&xmin=1010&xmax=1040'],
    ['with a rail', 'sidebar=collapsed&navbar=hidden'],
  ])('in a frame %s', async (_, query) => {
    const { page, close } = await openPage(browser, `${site.url}?db=${DEMO}.db&${query}`, EMBED)
    await ready(page)
    await expectAccessible(page, 'embed')
    await close()
  })

  test.each([
    '?sidebar=hidden&db=gone.db',
    '?sidebar=hidden',
    '?sidebar=hidden#/metrics?file=a.db~5',
    '#/metrics?file=a.db~5',
  ])('where there is nothing to show: %s', async (query) => {
    const { page, close } = await openPage(browser, `${site.url}${query}`, EMBED)
    await ready(page)
    await expectAccessible(page, query)
    await close()
  })

  test('a file without its log, and a copied link of it', async () => {
    const { page, close } = await openPage(browser, site.url, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await dropAndDraw(page, [join(DATA('wal-0.43.0'), 'walproject.db')])
    await page.getByRole('button', { name: 'Source', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Open another' }).waitFor()
    await expectAccessible(page, 'the menu with words about the log')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByRole('dialog', { name: 'Link copied' }).waitFor()
    await expectAccessible(page, 'what a copied link holds')
    await close()
  })
})

import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { filesOf } from '../engine/golden-fixtures.ts'
import { expectAccessible } from './axe.ts'
import { builtPage, dropFiles, openPage, ready, useBrowser, useServer } from './harness.ts'
import { onPage, run } from './steps.ts'

/*
 * Runs and projects renamed, deleted, moved and tagged by the page's own controls, and taken back: of copies and
 * tracked projects of this browser, in two tabs, and in a file on this machine. Servers: server-connector.test.ts.
 */

const browser = await useBrowser()
const site = await useServer(builtPage())

interface Tracking {
  init(options: object): Promise<unknown>
  log(row: object): void
  finish(): Promise<unknown>
}
declare const window: Window & { tracking?: Tracking; given?: FileSystemFileHandle }

const bar = (page: Page) => page.getByRole('region', { name: 'Changes' })
const lines = (page: Page) => page.locator('.change-line')
const undo = (page: Page) => bar(page).getByRole('button', { name: 'Undo', exact: true }).first()

/** Without waiting for the time to be over. */
async function now(page: Page): Promise<void> {
  await bar(page).getByRole('button', { name: 'Now', exact: true }).first().click()
  await expect.poll(() => lines(page).count(), { timeout: 20_000 }).toBe(0)
}

async function names(page: Page): Promise<string[]> {
  const boxes = page.getByRole('group', { name: 'Runs', exact: true }).getByRole('checkbox')
  return boxes.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label') ?? '').sort())
}

async function menu(page: Page, name: string, item: string): Promise<void> {
  await run(page, name).hover()
  await page.getByRole('button', { name: `More about ${name}`, exact: true }).click()
  await page.getByRole('button', { name: item }).click()
}

/** Tracks two runs in each of two projects, and ends. */
async function track(page: Page): Promise<void> {
  await page.goto(`${site.url}config.json`)
  await page.addScriptTag({
    type: 'module',
    content: "import * as trackio from './trackio.js'\nwindow.tracking = trackio",
  })
  await page.waitForFunction(() => window.tracking)
  await page.evaluate(async () => {
    for (const [project, name] of [
      ['demo', 'first'],
      ['demo', '<b>second</b>'],
      ['other', 'third'],
    ]) {
      await window.tracking?.init({ project, name })
      window.tracking?.log({ loss: 1 })
      await window.tracking?.finish()
    }
  })
}

async function openTracked(page: Page, project: string, hash = ''): Promise<void> {
  await page.goto(`${site.url}?tracked=&project=${project}${hash}`)
  await page.reload()
  await ready(page)
}

describe('a source that is only read', () => {
  test('offers a copy, in which runs are deleted, taken back, and gone for good', {
    timeout: 90_000,
  }, async () => {
    const { page, expectClean, close } = await openPage(browser, site.url)
    const [file] = filesOf('v0.36.0')
    await dropFiles(page, [
      { name: 'runs.db', bytes: new Uint8Array((await file?.file.arrayBuffer()) ?? []) },
    ])
    await onPage(page, 'metrics')
    await ready(page)
    const all = await names(page)
    const [first = '', second = ''] = all
    await menu(page, first, 'Delete run')
    const dialog = page.getByRole('dialog', { name: 'This source is only read' })
    await dialog.getByText('Nothing was changed.').waitFor()
    await expectAccessible(page, 'only read', 'dialog[open]')
    await dialog.getByRole('button', { name: 'Keep a copy and open it' }).click()
    await dialog.waitFor({ state: 'detached', timeout: 20_000 })
    await ready(page)
    await expect.poll(() => names(page)).toEqual(all)

    await menu(page, first, 'Delete from this copy')
    await run(page, first).waitFor({ state: 'detached' })
    expect(await lines(page).innerText()).toMatch(/^Deleted .*for good in \d+ s/)
    await expectAccessible(page, 'what can be undone', '.change-bar')
    await undo(page).click()
    await run(page, first).waitFor()
    expect(await names(page)).toEqual(all)

    await menu(page, first, 'Rename in this copy')
    await page.getByLabel('New name').fill('x & "y"')
    await page.getByRole('dialog').getByRole('button', { name: 'Rename', exact: true }).click()
    await run(page, 'x & "y"').waitFor()
    await menu(page, second, 'Delete from this copy')
    await expect.poll(() => lines(page).count()).toBe(2)
    // the last one first
    await page.keyboard.press('Control+z')
    await run(page, second).waitFor()
    await now(page)
    await ready(page)
    const renamed = [...all.filter((name) => name !== first), 'x & "y"'].sort()
    expect(await names(page)).toEqual(renamed)
    await page.reload()
    await onPage(page, 'open')
    await page.locator('.open-list.kept button.entry').first().click()
    await onPage(page, 'metrics')
    await ready(page)
    expect(await names(page)).toEqual(renamed)
    expectClean()
    await close()
  })
})

describe('what this browser tracked', () => {
  test('changes in all tabs at once, is undone in any, and moves with what it is', {
    timeout: 120_000,
  }, async () => {
    const { page, expectClean, close } = await openPage(browser, site.url)
    await track(page)
    await openTracked(page, 'demo')
    const other = await page.context().newPage()
    await openTracked(other, 'demo')
    await expect.poll(() => names(other)).toEqual(['<b>second</b>', 'first'])

    await page.bringToFront()
    await menu(page, '<b>second</b>', 'Delete from this browser')
    await run(other, '<b>second</b>').waitFor({ state: 'detached' })
    await other.bringToFront()
    await undo(other).click()
    await run(page, '<b>second</b>').waitFor()

    // several at once, by keys, from the table
    await page.bringToFront()
    await page.evaluate(() => {
      location.hash = '#/runs'
    })
    await onPage(page, 'runs')
    await ready(page)
    await page.getByRole('gridcell', { name: 'first' }).first().focus()
    await page.keyboard.press('Control+a')
    await page.getByRole('group', { name: 'Runs selected' }).waitFor()
    await page.keyboard.press('Delete')
    await expect.poll(() => lines(page).innerText()).toContain('Deleted 2 runs')
    await expect.poll(() => names(other)).toEqual([])
    await page.keyboard.press('Control+z')
    await expect.poll(() => names(other)).toEqual(['<b>second</b>', 'first'])

    // tags, and back
    await page.getByRole('button', { name: 'Change the runs' }).click()
    await page.getByRole('menuitem', { name: 'Tag' }).click()
    await expectAccessible(page, 'tags', 'dialog[open]')
    await page.getByLabel('Tags to add').fill('paper, rerun')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(() => lines(page).innerText()).toContain('Tagged 2 runs paper, rerun')
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect.poll(() => lines(page).count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('charts')

    await page.getByRole('button', { name: 'Change the runs' }).click()
    await page.getByRole('menuitem', { name: 'Move to another project' }).click()
    await page.getByRole('radio', { name: 'other' }).waitFor()
    await expectAccessible(page, 'moving', 'dialog[open]')
    await page.getByRole('radio', { name: 'other' }).check()
    await page.getByRole('button', { name: 'Move', exact: true }).click()
    await expect.poll(() => lines(page).innerText()).toContain('Moved 2 runs to other')
    await now(page)
    await openTracked(other, 'other')
    await expect.poll(() => names(other)).toEqual(['<b>second</b>', 'first', 'third'])
    expect(await other.evaluate(() => document.querySelectorAll('.run-name b').length)).toBe(0)
    expectClean()
    await close()
  })

  test('killed while a change waits, is changed by the next page; the list says what became of all', {
    timeout: 120_000,
  }, async () => {
    const { page, close } = await openPage(browser, site.url)
    await track(page)
    await openTracked(page, 'demo')
    await menu(page, 'first', 'Delete from this browser')
    await run(page, 'first').waitFor({ state: 'detached' })
    const next = await page.context().newPage()
    const session = await page.context().newCDPSession(page)
    const crashed = new Promise((resolve) => page.on('crash', resolve))
    session.send('Page.crash').catch(() => {}) // it is gone before it can answer
    await crashed
    await page.close()
    await openTracked(next, 'demo')
    await expect.poll(() => names(next)).toEqual(['<b>second</b>'])
    // its time may be over by then
    await next
      .getByRole('button', { name: 'Now', exact: true })
      .click({ timeout: 2000 })
      .catch(() => {})
    await expect.poll(() => lines(next).count(), { timeout: 20_000 }).toBe(0)
    await next.reload()
    await ready(next)
    expect(await names(next)).toEqual(['<b>second</b>'])
    await next.keyboard.press('Control+k')
    await next.keyboard.type('recent changes')
    await next.keyboard.press('Enter')
    const list = next.getByRole('dialog', { name: 'Recent changes' })
    await list.getByText('Deleted first').waitFor()
    expect(await list.locator('li small').first().innerText()).toContain('made')
    await expectAccessible(next, 'recent changes', 'dialog[open]')
    await close()
  })
})

describe('a file on this machine', () => {
  /** A file of this browser's own storage stands for one of the disk: its handle is a real one. */
  async function given(page: Page, bytes: Uint8Array): Promise<void> {
    await page.addInitScript(() => {
      Object.assign(window, {
        showOpenFilePicker: async () => {
          const root = await navigator.storage.getDirectory()
          return [await root.getFileHandle('runs.db')]
        },
      })
    })
    await page.reload()
    await ready(page)
    await page.evaluate(async (text) => {
      const root = await navigator.storage.getDirectory()
      const handle = await root.getFileHandle('runs.db', { create: true })
      const writable = await handle.createWritable()
      await writable.write(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)))
      await writable.close()
    }, Buffer.from(bytes).toString('base64'))
  }

  async function bytesNow(page: Page): Promise<Buffer> {
    const text = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const bytes = new Uint8Array(
        await (await (await root.getFileHandle('runs.db')).getFile()).arrayBuffer(),
      )
      let text = ''
      for (let at = 0; at < bytes.length; at += 32768)
        text += String.fromCharCode(...bytes.subarray(at, at + 32768))
      return btoa(text)
    })
    return Buffer.from(text, 'base64')
  }

  test('is written once its person says so; a copy is offered first, and one that changed is left alone', {
    timeout: 120_000,
  }, async () => {
    const [file] = filesOf('v0.36.0')
    const bytes = new Uint8Array((await file?.file.arrayBuffer()) ?? [])
    const { page, expectClean, close } = await openPage(browser, site.url)
    await given(page, bytes)
    await page.getByRole('button', { name: 'a file', exact: true }).click()
    await onPage(page, 'metrics')
    await ready(page)
    const all = await names(page)
    const [first = '', second = ''] = all
    await menu(page, first, 'Delete from the file')
    const dialog = page.getByRole('dialog', { name: 'Write to this file?' })
    await dialog.getByText('runs.db').first().waitFor()
    await expectAccessible(page, 'writing to a file', 'dialog[open]')
    const [copy] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save a copy first' }).click(),
    ])
    expect(copy.suggestedFilename()).toMatch(/^runs before .*\.db$/)
    await dialog.getByRole('button', { name: 'Write to it' }).click()
    await run(page, first).waitFor({ state: 'detached' })
    expect(Buffer.compare(await bytesNow(page), Buffer.from(bytes))).toBe(0)
    await undo(page).click()
    await run(page, first).waitFor()
    await menu(page, first, 'Delete from the file')
    await run(page, first).waitFor({ state: 'detached' })
    await now(page)
    await ready(page)
    expect(await names(page)).toEqual(all.filter((name) => name !== first))
    const changed = await bytesNow(page)
    expect(Buffer.compare(changed, Buffer.from(bytes))).not.toBe(0)

    // somebody writes to it while the change waits
    await menu(page, second, 'Delete from the file')
    await run(page, second).waitFor({ state: 'detached' })
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const handle = await root.getFileHandle('runs.db')
      const writable = await handle.createWritable({ keepExistingData: true })
      await writable.write({ type: 'write', position: 24, data: Uint8Array.of(9) })
      await writable.close()
    })
    await bar(page).getByRole('button', { name: 'Now', exact: true }).click()
    await lines(page).getByText('it was written to meanwhile').waitFor({ timeout: 20_000 })
    await run(page, second).waitFor()
    await expectAccessible(page, 'a change that failed', '.change-bar')
    expectClean()
    await close()
  })
})

test('the bar fits a phone, and a project that is deleted comes back by undo', {
  timeout: 60_000,
}, async () => {
  const { page, expectClean, close } = await openPage(browser, site.url, {
    viewport: { width: 390, height: 844 },
  })
  await track(page)
  await page.goto(`${site.url}#/open`)
  await onPage(page, 'open')
  const item = (name: string) => page.locator('.open-list.kept li', { hasText: name })
  await item('demo').waitFor()
  await page.getByRole('button', { name: 'More about demo', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await item('demo').waitFor({ state: 'detached' })
  expect(await item('other').count()).toBe(1)
  const box = await bar(page).boundingBox()
  expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 999) <= 390).toBe(true)
  await expectAccessible(page, 'on a phone', '.change-bar')
  await undo(page).click()
  await item('demo').waitFor()
  expectClean()
  await close()
})

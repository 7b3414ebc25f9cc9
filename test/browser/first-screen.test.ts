import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { builtPage, dropFiles, type Opened, openPage, ready, useBrowser, useServer } from './harness.ts'
import { figure, metrics, onPage } from './steps.ts'

/*
 * The first screen of a project as TRL's trainers log it: what stands first, what a person puts first, and
 * what the project holds beside numbers.
 */

const browser = await useBrowser()
const site = await useServer(builtPage())
let bytes: Uint8Array

beforeAll(async () => {
  bytes = await trlDatabase()
}, 60_000)

describe('order at first sight', () => {
  test('results stand first, counters and timings last, and a long section of timings is folded until a person unfolds it', async () => {
    const { page, expectClean, close } = await opened()
    expect(await metrics(page)).toEqual([
      ...[
        'train/loss',
        'train/mean_token_accuracy',
        'train/reward',
        'train/grad_norm',
        'train/learning_rate',
      ],
      ...['train/epoch', 'train/num_tokens', 'train/step_time'],
      ...['eval/loss', 'eval/runtime', 'eval/samples_per_second', 'test/accuracy', 'arena/win_rate'],
    ])
    const profiling = page.getByRole('button', { name: 'profiling 24' })
    expect(await profiling.getAttribute('aria-expanded')).toBe('false')
    await profiling.click()
    expect(await profiling.getAttribute('aria-expanded')).toBe('true')
    await again(page)
    expect(await profiling.getAttribute('aria-expanded')).toBe('true')
    await profiling.click()
    await again(page)
    expect(await profiling.getAttribute('aria-expanded')).toBe('false')
    expectClean()
    await close()
  })

  test('small sections share a row, each below its own head; a folded head stays where it is', async () => {
    const { page, close } = await opened()
    await figure(page, 'test/accuracy').scrollIntoViewIfNeeded()
    const place = async (name: string) => {
      const box = await page.getByRole('region', { name, exact: true }).boundingBox()
      return box && { top: box.y, left: box.x, right: box.x + box.width }
    }
    const [test, arena] = [await place('test'), await place('arena')]
    expect(test?.top).toBe(arena?.top)
    expect(test?.right).toBe(arena?.left)
    expect(arena?.right).toBe(1440)
    await page.getByRole('button', { name: 'test 1' }).click()
    expect(await page.getByRole('button', { name: 'test 1' }).getAttribute('aria-expanded')).toBe('false')
    expect([await place('test'), await place('arena')]).toEqual([test, arena])
    await close()
  })
})

describe('pins', () => {
  test('one click pins; a reload keeps it, the link carries it, another click takes it back', async () => {
    const { page, expectClean, close } = await opened()
    const pin = figure(page, 'eval/loss').getByRole('button', { name: 'Pin', exact: true })
    expect(await pin.getAttribute('aria-pressed')).toBe('false')
    await pin.click()
    expect((await metrics(page))[0]).toBe('eval/loss')
    expect(await pin.getAttribute('aria-pressed')).toBe('true')
    expect(await page.getByRole('button', { name: 'Pinned 1' }).getAttribute('aria-expanded')).toBe('true')
    // it stands nowhere else, and says its full name
    expect((await metrics(page)).filter((name) => name === 'eval/loss')).toHaveLength(1)
    expect(await figure(page, 'eval/loss').locator('figcaption b').textContent()).toBe('eval/loss')
    await expect.poll(() => page.url()).toContain('pin=eval/loss')
    const link = page.url()

    await again(page)
    expect((await metrics(page))[0]).toBe('eval/loss')
    // kept by the browser, without the link
    await page.goto('about:blank')
    await page.goto(site.url)
    await drop(page)
    expect((await metrics(page))[0]).toBe('eval/loss')
    await expect.poll(() => page.url()).toContain('pin=eval/loss')
    await figure(page, 'eval/loss').getByRole('button', { name: 'Pin', exact: true }).click()
    expect((await metrics(page))[0]).toBe('train/loss')
    await expect.poll(() => page.url()).not.toContain('pin=')
    await again(page)
    expect((await metrics(page))[0]).toBe('train/loss')
    expectClean()
    await close()

    const other = await opened(link)
    expect((await metrics(other.page))[0]).toBe('eval/loss')
    await other.close()
  })

  test('the key p pins the chart that has the keys, and the focus goes with it; undo takes it back', async () => {
    const { page, close } = await opened()
    await figure(page, 'train/learning_rate').scrollIntoViewIfNeeded()
    await figure(page, 'train/learning_rate').locator('[tabindex="0"]').focus()
    await page.keyboard.press('p')
    await expect.poll(() => focusedMetric(page)).toBe('train/learning_rate')
    expect((await metrics(page))[0]).toBe('train/learning_rate')
    await page.keyboard.press('Control+z')
    await expect.poll(async () => (await metrics(page))[0]).toBe('train/loss')
    await close()
  })
})

describe('an order by hand', () => {
  test('Alt and the arrows move charts and sections; it is kept, and taken back by one entry', async () => {
    const { page, expectClean, close } = await opened()
    await figure(page, 'train/reward').locator('[tabindex="0"]').focus()
    await page.keyboard.press('Alt+ArrowLeft')
    await expect
      .poll(async () => (await metrics(page)).slice(0, 3))
      .toEqual(['train/loss', 'train/reward', 'train/mean_token_accuracy'])
    expect(await focusedMetric(page)).toBe('train/reward')
    expect(await page.getByRole('status').filter({ hasText: 'train/reward: 2 of 8' }).count()).toBe(1)
    // by a whole row of three
    await page.keyboard.press('Alt+ArrowDown')
    await expect.poll(async () => (await metrics(page))[4]).toBe('train/reward')

    const head = page.getByRole('button', { name: 'eval 3' })
    await head.focus()
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(async () => (await metrics(page))[0]).toBe('eval/loss')
    expect(await head.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(await head.getAttribute('aria-expanded')).toBe('true')
    await expect
      .poll(() => new URLSearchParams(page.url().split('?')[1]).get('order')?.split(','))
      .toContain('eval/')
    const moved = await metrics(page)
    await again(page)
    expect(await metrics(page)).toEqual(moved)

    await page.getByRole('button', { name: 'More controls' }).click()
    await page.getByRole('button', { name: 'Default order' }).click()
    expect((await metrics(page)).slice(0, 3)).toEqual([
      'train/loss',
      'train/mean_token_accuracy',
      'train/reward',
    ])
    expect(
      await page
        .getByRole('button', { name: 'More controls' })
        .evaluate((button) => button === document.activeElement),
    ).toBe(true)
    await expect.poll(() => page.url()).not.toContain('order=')
    await page.getByRole('button', { name: 'More controls' }).click()
    expect(await page.getByRole('button', { name: 'Default order' }).count()).toBe(0)
    expectClean()
    await close()
  })

  test('a chart goes where its caption is dragged, a section where its head is; Esc gives it up', async () => {
    const { page, close } = await opened()
    const caption = figure(page, 'train/reward').locator('figcaption b')
    const drag = async (to: string, release: boolean) => {
      const [from, at] = [await caption.boundingBox(), await figure(page, to).boundingBox()]
      if (!from || !at) throw new Error('not on screen')
      await page.mouse.move(from.x + 10, from.y + 8)
      await page.mouse.down()
      await page.mouse.move(from.x - 60, from.y + 30, { steps: 4 })
      await page.mouse.move(at.x + 20, at.y + 60, { steps: 4 })
      expect(await page.locator('.drop-mark').count()).toBe(1)
      expect(await page.locator('.chart-reading').count()).toBe(0) // no crosshair on the way
      if (!release) await page.keyboard.press('Escape')
      await page.mouse.up()
    }
    await drag('train/loss', false)
    expect((await metrics(page))[0]).toBe('train/loss')
    await drag('train/loss', true)
    expect((await metrics(page)).slice(0, 3)).toEqual([
      'train/reward',
      'train/loss',
      'train/mean_token_accuracy',
    ])
    expect(await page.locator('.drop-mark, .moving').count()).toBe(0)

    await figure(page, 'arena/win_rate').scrollIntoViewIfNeeded()
    const [arena, test] = [
      await page.getByRole('button', { name: 'arena 1' }).boundingBox(),
      await page.getByRole('button', { name: 'test 1' }).boundingBox(),
    ]
    if (!arena || !test) throw new Error('not on screen')
    await page.mouse.move(arena.x + 40, arena.y + 10)
    await page.mouse.down()
    await page.mouse.move(test.x + 40, test.y + 12, { steps: 6 })
    await page.mouse.up()
    // numbers of traces stand below all metrics
    const logged = (await metrics(page)).filter((name) => !name.startsWith('traces/'))
    expect(logged.slice(-2)).toEqual(['arena/win_rate', 'test/accuracy'])
    // the sections before them are where they were
    expect((await metrics(page)).slice(0, 1)).toEqual(['train/reward'])
    // the press that dragged it has folded nothing
    expect(await page.getByRole('button', { name: 'arena 1' }).getAttribute('aria-expanded')).toBe('true')
    await close()
  })
})

describe('what the project holds beside numbers', () => {
  const SENTENCE = '1 text key: in the raw rows of a run'
  test('is said in the status bar, with counts', async () => {
    const { page, close } = await opened()
    await expect
      .poll(() => page.getByRole('contentinfo', { name: 'Status' }).textContent())
      .toContain(SENTENCE)
    await close()
  })
  test('on the phone, in the drawer of the source', async () => {
    const { page, close } = await opened(site.url, { width: 390, height: 844 })
    await page.getByRole('button', { name: 'Source and project' }).click()
    await expect.poll(() => page.getByRole('dialog').getByText(SENTENCE).count()).toBe(1)
    await close()
  })
})

async function opened(url = site.url, viewport = { width: 1440, height: 900 }): Promise<Opened> {
  const session = await openPage(browser, url, { viewport })
  await drop(session.page)
  return session
}

async function drop(page: Page): Promise<void> {
  await dropFiles(page, [{ name: 'grpo.db', bytes }])
  await onPage(page, 'metrics')
  await ready(page)
}

/** A file that was dropped is gone with the page: it is dropped again. */
async function again(page: Page): Promise<void> {
  await page.reload()
  await drop(page)
}

function focusedMetric(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.closest<HTMLElement>('figure')?.dataset.metric)
}

async function trlDatabase(): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE alerts (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, title TEXT NOT NULL);
    CREATE TABLE traces (id TEXT PRIMARY KEY, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, messages TEXT NOT NULL);
    CREATE TABLE system_metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, metrics TEXT NOT NULL);`)
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
  for (const run of ['a', 'b']) {
    for (let step = 0; step < 60; step++) {
      const x = step / 60
      const row: Record<string, unknown> = {
        'train/epoch': x,
        'train/grad_norm': 1 + Math.sin(step),
        'train/learning_rate': 1e-5 * (1 - x),
        'train/loss': Math.exp(-x),
        'train/mean_token_accuracy': x / 2,
        'train/num_tokens': step * 4096,
        'train/reward': x,
        'train/step_time': 1 + Math.cos(step),
      }
      for (let part = 0; part < 24; part++) row[`profiling/Time taken: Trainer.part_${part}`] = part + x
      if (step % 10 === 9)
        Object.assign(row, {
          'eval/loss': 1 - x,
          'eval/runtime': 10,
          'eval/samples_per_second': 3,
          'test/accuracy': x,
          'arena/win_rate': x,
        })
      if (run === 'a' && step === 30)
        Object.assign(row, { samples: { _type: 'trackio.table', _value: [{ answer: 42 }] }, note: 'kept' })
      db.exec({
        sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
        bind: [run, at(step), `grpo-${run}`, step, JSON.stringify(row)],
      })
    }
  }
  db.exec(`WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 240)
    INSERT INTO traces SELECT 't' || n, 'a', '2026-01-01T00:00:00Z', 'grpo-a', n, printf('%.*c', 2000, 'x') FROM i;
    INSERT INTO alerts (run_id, timestamp, run_name, title) SELECT 'a', '2026-01-01T00:00:00Z', 'grpo-a', 'loss jumped' FROM traces LIMIT 3;`)
  const bytes = file()
  close()
  return bytes
}

test('while nothing is opened, charts are drawn where nobody sees them, and leave nothing behind', async () => {
  const { page, expectClean, close } = await openPage(browser, site.url, {
    before: async (page) => {
      await page.addInitScript(() => {
        const drawn = new Set<object>()
        Object.assign(window, { drawn })
        const { clearRect } = CanvasRenderingContext2D.prototype
        CanvasRenderingContext2D.prototype.clearRect = function (...box) {
          drawn.add(this.canvas)
          clearRect.apply(this, box)
        }
      })
    },
  })
  const drawn = () => page.evaluate(() => [...(Reflect.get(window, 'drawn') as Set<Element>)])
  await onPage(page, 'open')
  await expect.poll(async () => (await drawn()).length).toBeGreaterThanOrEqual(4)
  expect(await page.locator('canvas, figure').count()).toBe(0)
  expect(await page.evaluate(() => document.documentElement.dataset.ready)).toBe('true')
  await dropFiles(page, [{ name: 'trl.db', bytes }])
  await onPage(page, 'metrics')
  await ready(page)
  expectClean()
  await close()
})

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type {} from '../../src/state/host/page-api.ts'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropPaths,
  type Opened,
  openPage,
  ready,
  serve,
  useBrowser,
  useFolder,
  usePage,
  useServer,
} from './harness.ts'
import { png, wav } from './media-bytes.ts'
import { soon } from './steps.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const MEDIA = /^trackio\.(image|video|audio|html|object3d|markdown)$/
const browser = await useBrowser()
const site = await useServer(builtPage())
const folder = useFolder()
const made = usePage(open)

describe('what Python finds in an export stands on the page, with its files', () => {
  test.each(['parquet-0.43.0', 'static-0.43.0', 'bucket-0.43.0'])('%s', async (name) => {
    const { runs } = JSON.parse(readFileSync(join(FIXTURES, name, 'expected.json'), 'utf8'))
    const kinds = new Map<string, number>()
    for (const { other } of runs)
      for (const one of Object.values<{ kinds: Record<string, number> }>(other ?? {}))
        for (const [kind, n] of Object.entries(one.kinds))
          if (MEDIA.test(kind)) kinds.set(kind, (kinds.get(kind) ?? 0) + n)
    const opened = await openPage(browser, site.url)
    await dropPaths(opened.page, [join(FIXTURES, name, 'data')])
    const { page } = opened
    await page.getByRole('link', { name: /^Media/ }).click()
    await ready(page)
    const total = [...kinds.values()].reduce((sum, n) => sum + n, 0)
    await soon(() => page.getByRole('link', { name: /^Media/ }).innerText()).toContain(String(total))
    const images = kinds.get('trackio.image') ?? 0
    await soon(() => page.locator('.status-bar, footer').first().innerText()).toContain(
      images === 1 ? '1 image' : `${images} images`,
    )
    // each picture that is logged has its file, and is drawn
    const pictures = page.locator('.media-cell[data-step] canvas:not(.blank)')
    await soon(() => pictures.count()).toBeGreaterThanOrEqual(Math.min(images, 2))
    expect(await page.getByText('missing file').count()).toBe(0)
    // code gets the same, with the bytes of each file
    const listed = await page.evaluate(async () => {
      const [project] = (await window.trackio?.projects()) ?? []
      const id = project?.id ?? ''
      const all = (await window.trackio?.media(id, { sizes: true })) ?? []
      const [first] = all.filter(({ path }) => path !== null)
      const blob = await window.trackio?.media(id, first?.path ?? '')
      const own = await window.trackio?.media(id, { kind: 'trackio.image' })
      return { all, same: blob?.size === first?.size, own: own?.length }
    })
    const counted = new Map<string, number>()
    for (const { kind } of listed.all) counted.set(kind, (counted.get(kind) ?? 0) + 1)
    expect(counted).toEqual(kinds)
    expect(listed.own).toBe(images)
    expect(listed.same).toBe(true)
    for (const { kind, path, text, size, step } of listed.all) {
      expect(step).not.toBeNull()
      if (kind === 'trackio.markdown') expect(text).not.toBeNull()
      else expect([typeof path, (size ?? 0) > 0]).toEqual(['string', true])
    }
    await opened.close()
  })
})

describe('pictures of two runs', () => {
  beforeAll(async () => {
    await writeProject()
  })

  test('the step that is shown is printed where it is not the one asked for', async () => {
    const { page, expectClean, close } = await made('#/media?q=picture&cols=caption&step=20')
    // the second run logged at 10 and 30
    await page.getByRole('button', { name: 'image, one, step 20, a' }).waitFor()
    await page.getByRole('button', { name: 'image, two, step 10, asked 20, a' }).waitFor()
    await page.getByRole('combobox', { name: 'Otherwise' }).selectOption('nothing')
    await soon(() => page.getByRole('button', { name: /two.*not logged|two a: / }).count()).toBeGreaterThan(0)
    expect(await page.getByRole('button', { name: 'image, two, step 10, asked 20, a' }).count()).toBe(0)
    await page.keyboard.press('.')
    await soon(() => page.url()).toContain('step=30')
    await page.getByRole('button', { name: 'image, two, step 30, a' }).waitFor()
    expectClean()
    await close()
  })

  test('files that are missing or broken say which', async () => {
    const { page, close } = await made('#/media?q=odd')
    await soon(() => page.locator('.media-cell', { hasText: 'missing file' }).first().innerText()).toContain(
      'gone.png',
    )
    await soon(() => page.locator('.media-cell', { hasText: 'broken file' }).first().innerText()).toContain(
      'broken.png',
    )
    await close()
  })

  test('a file that could not be read says why, is neither missing nor broken, and is asked for again', async () => {
    let refuses = true
    const host = await serve(folder, {
      cors: true,
      intercept: (path) => (refuses && /p\.png|s\.wav/.test(path) ? { status: 403 } : undefined),
    })
    const where = `${site.url}?db=${encodeURIComponent(`${host.url}pictures.db`)}`
    const { page, close } = await openPage(browser, `${where}#/media?q=picture`)
    const cards = page.locator('.media-cell[data-step]', { hasText: 'could not be read' })
    await soon(() => cards.count()).toBe(5)
    await page.getByText(/5 files could not be read: .*the host answered 403/).waitFor()
    await expectAccessible(page, 'files that could not be read')
    expect(await page.getByText('missing file').count()).toBe(0)
    expect(await page.getByText('broken file').count()).toBe(0)
    await cards.first().getByRole('button').first().click()
    const pane = page.locator('.pane')
    await pane.getByText(/p\.png: .*the host answered 403/).waitFor()
    refuses = false
    await pane.getByRole('button', { name: 'Try again' }).click()
    await soon(() => pane.locator('canvas').count()).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    await soon(() => page.locator('.media-cell canvas:not(.blank)').count()).toBe(5)
    expect(await page.getByText('could not be read').count()).toBe(0)

    refuses = true
    const open = encodeURIComponent(JSON.stringify([['one-id', 'sound', 10]]))
    await page.evaluate((hash) => {
      location.hash = hash
    }, `#/media?open=${open}`)
    await pane.getByText(/s\.wav: .*the host answered 403/).waitFor()
    refuses = false
    // as the browser tells it of a network that is there again
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.locator('.sound-peaks canvas').waitFor()
    // what is not there, and what is no picture, are told as before
    await page.evaluate(() => {
      location.hash = '#/media?q=odd'
    })
    await page.locator('.media-cell', { hasText: 'missing file' }).first().waitFor()
    await page.locator('.media-cell', { hasText: 'broken file' }).first().waitFor()
    await close()
    await host.close()
  })

  test('the difference of two pictures is that of their pixels', async () => {
    const open = [
      ['one-id', 'picture', 10],
      ['one-id', 'picture', 30],
    ]
    const hash = `#/media?mode=difference&open=${encodeURIComponent(JSON.stringify(open))}`
    const { page, expectClean, close } = await made(hash)
    const numbers = page.getByRole('complementary', { name: 'Numbers' })
    await soon(() => numbers.innerText()).toContain('mean error')
    const [a, b] = [pixels(10), pixels(30)]
    const errors = a.map((value, i) => Math.abs(value - (b[i] as number)))
    const mean = errors.reduce((sum, e) => sum + e, 0) / errors.length
    const square = errors.reduce((sum, e) => sum + e * e, 0) / errors.length
    const told = (await numbers.innerText()).replaceAll('\n', ' ')
    expect(Number(/mean error\s+([\d.]+)/.exec(told)?.[1])).toBeCloseTo(mean, 1)
    expect(Number(/root mean square\s+([\d.]+)/.exec(told)?.[1])).toBeCloseTo(Math.sqrt(square), 1)
    expect(Number(/PSNR\s+([\d.]+)/.exec(told)?.[1])).toBeCloseTo(10 * Math.log10(255 ** 2 / square), 1)
    expect(Number(/largest\s+(\d+)/.exec(told)?.[1])).toBe(Math.max(...errors))
    // a link is the same view again
    await page.reload()
    await dropPaths(page, [folder])
    await soon(() => numbers.innerText()).toContain('mean error')
    expectClean()
    await close()
  })

  test('the peaks of a sound are drawn once it is opened', async () => {
    const { page, expectClean, close } = await made('#/media?q=sound')
    await page.locator('.card-open').first().click()
    await page.locator('.sound-peaks canvas').waitFor()
    await soon(() =>
      page.locator('.sound-peaks canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { width, height } = canvas
        const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data
        return data?.some((value) => value > 0) ?? false
      }),
    ).toBe(true)
    await page.getByText('1 channel').waitFor()
    expectClean()
    await close()
  })

  test('nothing of a logged page, drawing or text runs, and nothing is fetched for it', async () => {
    const { page, requests, close } = await open('#/media?q=hostile')
    for (const key of ['hostile/page', 'hostile/svg', 'hostile/text']) {
      const open = [['one-id', key, 10]]
      await page.evaluate((text) => {
        location.hash = `#/media?open=${encodeURIComponent(text)}`
      }, JSON.stringify(open))
      await page.locator('.pane').waitFor()
      await ready(page)
      if (key === 'hostile/page') {
        await page.getByText('Refused: HTML asks for scripts').waitFor()
        await page.frameLocator('.pane iframe').getByText('a logged page').waitFor()
        expect(await page.locator('.pane iframe').getAttribute('sandbox')).toBe('')
      }
    }
    expect(await page.evaluate(() => 'ran' in window)).toBe(false)
    expect(requests.filter((url) => /evil/.test(url))).toEqual([])
    // one that is allowed runs, and still reaches nothing of the page
    await page.evaluate(
      (text) => {
        location.hash = `#/media?open=${encodeURIComponent(text)}`
      },
      JSON.stringify([['one-id', 'hostile/page', 10]]),
    )
    await page.getByRole('button', { name: 'Allow for this item' }).click()
    await page.frameLocator('.pane iframe').getByText('it ran').waitFor()
    expect(await page.locator('.pane iframe').getAttribute('sandbox')).toBe('allow-scripts')
    expect(await page.evaluate(() => 'ran' in window)).toBe(false)
    await close()
  })

  test.each([{}, PHONE])('has nothing that axe complains about, in any view: %o', async (options) => {
    const { page, close } = await made('#/media', options)
    await soon(() => page.locator('.media-cell[data-step] canvas:not(.blank)').count()).toBeGreaterThan(0)
    await expectAccessible(page, 'the grid')
    const open = [
      ['one-id', 'picture', 10],
      ['one-id', 'picture', 30],
    ]
    for (const mode of ['', '&mode=difference']) {
      await page.evaluate(
        (hash) => {
          location.hash = hash
        },
        `#/media?open=${encodeURIComponent(JSON.stringify(open))}${mode}`,
      )
      await page.locator('.pane').first().waitFor()
      await ready(page)
      await expectAccessible(page, `panes ${mode}`)
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await close()
  })
})

async function open(hash: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const opened = await openPage(browser, `${site.url}${hash}`, options)
  await dropPaths(opened.page, [folder])
  await soon(() => opened.page.locator('.media-cell, .pane').count()).toBeGreaterThan(0)
  await ready(opened.page)
  return opened
}

/** Values of an 8 × 8 picture, three channels a pixel. */
function pixels(step: number): number[] {
  return Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * 37 + step * 11 + (i % 5) * step) % 256)
}

const HOSTILE = `<h1>a logged page</h1><p id="p"></p>
  <img src="https://evil.example/a.png" onerror="top.ran = 1"><iframe src="https://evil.example/"></iframe>
  <script>try { top.ran = 1 } catch {} ; document.getElementById('p').textContent = 'it ran'</script>`
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" onload="top.ran = 1">
  <script>top.ran = 1</script><image href="https://evil.example/b.png"/><rect width="20" height="20" fill="red"/></svg>`
const TEXT = `# text <script>top.ran = 1</script> <img src=x onerror="top.ran = 1">
  ![a](https://evil.example/c.png) [b](javascript:top.ran=1)`

/** A database with its media beside it, as trackio lays them. */
async function writeProject(): Promise<void> {
  const { db, file, close } = await memoryDatabase()
  db.exec(
    `CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
      run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT)`,
  )
  const put = (path: string, bytes: string | Uint8Array): string => {
    const at = join(folder, 'media', path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, bytes)
    return path
  }
  const value = (kind: string, file_path: string, caption: string | null = null) => ({
    ...{ _type: `trackio.${kind}`, file_path, caption },
  })
  const rows: [run: string, step: number][] = [
    ['one', 10],
    ['one', 20],
    ['one', 30],
    ['two', 10],
    ['two', 30],
  ]
  for (const [i, [run, step]] of rows.entries()) {
    const at = (name: string): string => `pictures/${run}/${step}/${name}`
    const row: Record<string, unknown> = {
      loss: 1 / step,
      picture: value('image', put(at('p.png'), png(pixels(step), 8, 8)), 'a'),
    }
    if (run === 'one' && step === 10) {
      row.sound = value(
        'audio',
        put(
          at('s.wav'),
          wav((i) => 20_000 * Math.sin(i / 5)),
        ),
        'tone',
      )
      row['odd/gone'] = value('image', at('gone.png'))
      row['odd/broken'] = value('image', put(at('broken.png'), png(pixels(step), 8, 8).subarray(0, 50)))
      row['hostile/page'] = value('html', put(at('h.html'), HOSTILE))
      row['hostile/svg'] = value('image', put(at('h.svg'), SVG))
      row['hostile/text'] = { _type: 'trackio.markdown', _value: TEXT }
    }
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
      bind: [`${run}-id`, `2026-01-01T00:00:0${i}+00:00`, run, step, JSON.stringify(row)],
    })
  }
  writeFileSync(join(folder, 'pictures.db'), file())
  close()
}

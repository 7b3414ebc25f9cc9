import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { exportHtml } from '../../src/engine/exports/html.ts'
import { type ExpectedProject, readFixture } from '../engine/golden-fixtures.ts'
import { sourceFrom } from '../engine/publish/setup.ts'
import { expectProject } from './expected.ts'
import { builtPage, openPage, ready, useBrowser, useFolder, useServer } from './harness.ts'
import { charts, onPage } from './steps.ts'

// A page that was downloaded, opened from disk as with a double click.

const folder = useFolder()
const site = await useServer(builtPage())
const browser = await useBrowser()

async function saved(name: string, blob: Blob): Promise<string> {
  const path = join(folder, name)
  writeFileSync(path, new Uint8Array(await blob.arrayBuffer()))
  return pathToFileURL(path).href
}

async function openSaved(url: string, before?: (page: Page) => Promise<void>) {
  const opened = await openPage(browser, url, { ...(before && { before }) })
  await onPage(opened.page, 'metrics')
  await ready(opened.page)
  return opened
}

test('opens from disk with every chart drawn and every value, and asks nobody for anything', async () => {
  const source = await sourceFrom('v0.43.0', 'demoprojectv4ö')
  const progress: number[] = []
  const html = await exportHtml(source, {
    frontend: site.url,
    onProgress: (_, bytes, total) => progress.push(bytes / total),
  })
  expect(progress.at(-1)).toBe(1)
  const url = await saved('a page é.html', html)
  const { page, requests, expectClean, close } = await openSaved(url)
  const drawn = Object.values(await charts(page))
  expect(drawn.length).toBeGreaterThan(2)
  expect(drawn.filter(({ state }) => state !== 'ready')).toEqual([])
  // more than the white of an empty canvas
  expect(await page.locator('main figure canvas').first().evaluate(colours)).toBeGreaterThan(10)
  await expectProject(page, 'demoprojectv4ö', expected('v0.43.0', 'demoprojectv4ö'))
  await page.getByRole('main').first().hover()
  expect(requests.filter((one) => !/^(data|blob):/.test(one))).toEqual([url])
  expect(await page.locator('script[type="application/x-trackio"]').count()).toBe(0)
  expectClean()
  await close()
})

test('a Parquet export, rows that are still in a write-ahead log, log fragments', async () => {
  const parquet = await saved(
    'parquet.html',
    await exportHtml(await sourceFrom('static-0.43.0', 'bucket'), { frontend: site.url }),
  )
  const first = await openSaved(parquet)
  await expectProject(first.page, 'bucket', expected('static-0.43.0'))
  first.expectClean()
  await first.close()
  const wal = await saved(
    'wal.html',
    await exportHtml(await sourceFrom('wal-0.43.0', 'walproject'), { frontend: site.url }),
  )
  const second = await openSaved(wal)
  await expectProject(second.page, 'walproject', expected('wal-0.43.0', 'walproject'))
  await second.close()
  const live = await saved(
    'live.html',
    await exportHtml(await sourceFrom('bucket-0.43.0'), { frontend: site.url, companions: true }),
  )
  const third = await openSaved(live)
  await expectProject(third.page, 'liveprojecté', expected('bucket-0.43.0', 'liveprojecté'))
  const size = await third.page.evaluate(
    async () =>
      (
        await window.trackio?.media(
          'liveprojecté',
          'liveprojecté/delivered/4/d0cb6290-ed42-41e8-8ea2-11773ed25907.png',
        )
      )?.size,
  )
  expect(size).toBeGreaterThan(50)
  await third.close()
})

test('where a browser starts no worker from a file, the engine runs on the page’s thread', async () => {
  const url = await saved(
    'slow.html',
    await exportHtml(await sourceFrom('v0.43.0', 'demoprojectv4ö'), { frontend: site.url }),
  )
  const ways = {
    refused: () => {
      const construct = (): never => {
        throw new DOMException('not here', 'SecurityError')
      }
      Reflect.set(window, 'Worker', new Proxy(window.Worker, { construct }))
    },
    'an event later': () => {
      const code = new Blob(['throw new Error("not here")'])
      Reflect.set(
        window,
        'Worker',
        new Proxy(window.Worker, { construct: (Real) => new Real(URL.createObjectURL(code)) }),
      )
    },
  }
  for (const way of Object.values(ways)) {
    const { page, close } = await openSaved(url, async (page) => {
      await page.addInitScript(way)
    })
    await page.getByText(/page’s own thread/).waitFor()
    await expectProject(page, 'demoprojectv4ö', expected('v0.43.0', 'demoprojectv4ö'))
    await close()
  }
})

test('what a project is called does not break the page, and nothing in the data is run', async () => {
  const { tree, files: projectFiles } = await sourceFrom('v0.43.0', 'demoprojectv4ö')
  const project = '</script><script>document.title="run"</script>&"'
  const html = await exportHtml({ tree, files: projectFiles, project }, { frontend: site.url })
  const { page, expectClean, close } = await openSaved(await saved('odd.html', html))
  expect(await page.title()).toMatch(/Trackio Lite/)
  expectClean()
  await close()
})

test('without the page of one file there is an error that says what to do', async () => {
  const source = await sourceFrom('v0.43.0', 'demoprojectv4ö')
  await expect(exportHtml(source, { frontend: `${site.url}nowhere/` })).rejects.toMatchObject({
    subject: `${site.url}nowhere/single.html`,
    message: 'the page of one file cannot be had here: the host answered 404',
    action: /a page that a web server serves/,
  })
  await expect(exportHtml(source, { frontend: 'file:///a/b.html' })).rejects.toMatchObject({
    message: /this page is no built one/,
  })
})

function expected(folder: string, project?: string): ExpectedProject {
  const found = readFixture(folder).projects.find((one) => project === undefined || one.project === project)
  if (!found) throw new Error(`${folder}: no ${project}`)
  return found
}

/** Different pixels of a canvas. */
function colours(canvas: Element): number {
  if (!(canvas instanceof HTMLCanvasElement)) return 0
  const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
  return new Set(new Uint32Array(new Uint8Array(data).buffer)).size
}

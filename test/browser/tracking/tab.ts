import type { BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'
import type { Served } from '../harness.ts'

/** Builds the page that the tests of tracking load; gives its folder. */
export async function buildTracking(folder: string): Promise<string> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: folder, target: 'es2023', minify: false, modulePreload: false },
  })
  return folder
}

/** A tab with the tracking API as `window.trackio`. */
export async function tabOf(context: BrowserContext, site: Served): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(12_000)
  await page.goto(site.url)
  await page.waitForFunction(() => 'trackio' in window)
  return page
}

import type { BrowserContext, Page } from 'playwright-core'
import type { Served } from '../harness.ts'

/** A tab with the tracking API as `window.trackio`. */
export async function tabOf(context: BrowserContext, site: Served): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(12_000)
  await page.goto(site.url)
  await page.waitForFunction(() => 'trackio' in window)
  return page
}

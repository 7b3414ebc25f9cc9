import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Rules of axe that a theme can break; whatever else it finds it finds in the other theme too. */
const COLOURS = ['color-contrast', 'link-in-text-block']

/**
 * Expects that axe finds nothing in the page, which is opened in the light theme: by all of its rules there, by
 * those about colours in the dark one. `part` is a selector of what is new since the last check, `where` names
 * the state in what is said of a failure.
 */
export async function expectAccessible(page: Page, where: string, part?: string): Promise<void> {
  await settled(page)
  expect(await faults(page, part), where).toEqual([])
  await themed(page, 'dark')
  expect(await faults(page, part, COLOURS), `${where}, dark`).toEqual([])
  await themed(page, 'light')
}

/** What axe says of a part of the page, by all of its rules or by those of these names. */
async function faults(page: Page, part = 'html', rules?: string[]): Promise<string[]> {
  // half a megabyte of script, which a page that was looked at before has already
  const there = page.frames().length === 1 && (await page.evaluate(() => 'axe' in window))
  // legacy: without a second page for the results, which only frames of other origins need
  const axe = new AxeBuilder({ page, ...(there && { axeSource: ';' }) })
    .options({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) })
    .setLegacyMode()
  const { violations } = await axe.include(part).analyze()
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ html, failureSummary }) => `${id}: ${help}\n${html.slice(0, 300)}\n${failureSummary}`),
  )
}

/** As the system's setting changes while the page is open, which follows it. */
async function themed(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme)
  await settled(page)
}

/** Ends what fades or moves in, so that colours are what they come to; what moves for ever is left alone. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) {
      for (const animation of document.getAnimations()) {
        if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish()
      }
      // what has just come may begin to move in the next frame
      await new Promise(requestAnimationFrame)
    }
  })
}

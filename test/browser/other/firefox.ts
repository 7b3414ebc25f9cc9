import { type Browser, firefox, type Page } from 'playwright-core'
import type { Driver, Runs, Tab } from './driver.ts'

/**
 * Firefox as people have it, by WebDriver BiDi. The Firefox that Playwright brings itself is a changed one,
 * and is driven in another way.
 */
export async function launchFirefox(executablePath: string): Promise<Driver> {
  const browser = await firefox.launch({ channel: 'moz-firefox', executablePath })
  passOver(browser, 'emulation.setMediaFeaturesOverride')
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'UTC',
  })
  return {
    version: browser.version(),
    async open() {
      const page = await context.newPage()
      page.setDefaultTimeout(12_000)
      return tabOf(page)
    },
    close: () => browser.close(),
  }
}

function tabOf(page: Page): Tab {
  return {
    evaluate: (work, arg) => run(page, work, arg),
    async goto(url) {
      await page.goto(url)
    },
    frame: {
      evaluate(work, arg) {
        const frame = page.frames()[1]
        if (!frame) throw new Error('the page has no frame')
        return run(frame, work, arg)
      },
    },
    setFiles: (label, paths) => page.getByLabel(label, { exact: true }).setInputFiles(paths),
    click: (role, name) => page.getByRole(role, { name, exact: typeof name === 'string' }).click(),
    close: () => page.close(),
  }
}

function run<R, A>(where: Pick<Page, 'evaluate'>, work: (arg: A) => R | Promise<R>, arg: A): Promise<R> {
  // playwright's own types know handles too, which are not used here
  return where.evaluate(work as (arg: unknown) => R | Promise<R>, arg)
}

/**
 * Playwright 1.65 asks every new context for it, and a Firefox that does not know it yet (153) then gives no
 * context. It only sets dark or light.
 */
function passOver(browser: Browser, command: string): void {
  const connection: unknown = Reflect.get(browser, '_connection')
  const toImpl: unknown = connection && Reflect.get(connection, 'toImpl')
  const session: unknown = typeof toImpl === 'function' ? toImpl(browser)?._browserSession : undefined
  if (
    typeof session !== 'object' ||
    session === null ||
    !('send' in session) ||
    typeof session.send !== 'function'
  )
    throw new Error('playwright-core: its session of Firefox is kept elsewhere in this version')
  const send: Runs['evaluate'] = session.send.bind(session)
  session.send = (method: never, ...rest: [never]) =>
    method === command ? Promise.resolve({}) : send(method, ...rest)
}
